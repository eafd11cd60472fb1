"""Whole contests: played, stopped, replayed; with real answers, programs, sandbox and judge."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from medalist.agent.commands.main import app
from medalist.agent.contest.events import (
    ContestEvent,
    Judged,
    SubmissionMade,
    Worked,
    canonical,
    contest_of,
    read_events,
)
from medalist.agent.contest.file import ContestFile, checked
from medalist.agent.contest.run import Options, run_contest
from medalist.agent.contest.setup import ContestSetup, set_stage
from medalist.agent.contest.standings import standings
from medalist.agent.journal import Journal
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.problems.formats import find_bundled, load
from medalist.sandbox.pool import Pool, open_pool

PROBLEMS = ("warmer", "brackets", "climb")
TITLES = {load(find_bundled(name)).public.title: name for name in PROBLEMS}


def _answers(name: str) -> list[str]:
    """What a model may say to a problem: its package's own right and wrong C++ programs."""
    sources = sorted((find_bundled(name) / "submissions").glob("*/*.cpp"))
    blocks = [f"```cpp\n{path.read_text()}```" for path in sources]
    return [*blocks, "```cpp\nint main() { return 0; }\n```", "No idea."]


ANSWERS = {name: _answers(name) for name in PROBLEMS}


def _script(seen: SeenRequest) -> Reply:
    text = " ".join(message["content"] for message in seen.body["messages"])
    known = ANSWERS[next(name for title, name in TITLES.items() if title in text)]
    return Reply(known[seen.body["seed"] % len(known)])


def contest_file(**changes: object) -> ContestFile:
    # Without evidence inputs and in C++ only, a round takes far less than a second of CPU: what
    # is charged in whole seconds is the same on every machine.
    entry = {"candidates": 4, "width": 2, "languages": ["cpp"], "evidence": 0}
    entry |= {"tests": 0, "pair_generators": 0}  # see test_pipeline.py
    value = {
        "name": "Test",
        "rules": "icpc",
        "duration": 3600,
        "freeze": 600,
        "problems": list(PROBLEMS),
        "participants": [{"id": "a", **entry}, {"id": "b", "policy": "random", "seed": 5, **entry}],
    }
    return checked({**value, **changes}, Path("test.yaml"))


def stage_of(**changes: object) -> ContestSetup:
    return set_stage(contest_file(**changes), Path())


def events_of(run: Path) -> list[ContestEvent]:
    with Journal.open(run, readonly=True) as journal:
        return [event for _, event in read_events(journal)]


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    from medalist.errors import EngineError

    try:
        with open_pool("local") as opened:
            yield opened
    except EngineError as error:
        pytest.skip(f"no local sandbox: {error}")


@pytest.fixture(scope="module")
def played(pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("contest") / "run"
    with pytest.MonkeyPatch.context() as patch, ScriptedEndpoint(_script) as endpoint:
        patch.setenv("OPENAI_BASE_URL", endpoint.base_url)
        patch.setenv("MEDALIST_FIRST_WAIT_S", "0.01")
        run_contest(stage_of(), run, pool, Options())
    return run


@pytest.mark.local
def test_a_contest_ends_with_standings(played: Path) -> None:
    events = events_of(played)
    contest = contest_of(events)
    assert [event.type for event in events[:7]] == [
        "contest",
        *["problem"] * 3,
        *["participant"] * 2,
        "work",
    ]
    assert [event.type for event in events[-3:]] == ["end", "unfreeze", "finalized"]
    assert [event.at_s for event in events] == sorted(event.at_s for event in events)
    table = standings(contest, events)
    assert table.rows[0].total >= 1
    made = {event.submission_id for event in events if isinstance(event, SubmissionMade)}
    assert made == {event.submission_id for event in events if isinstance(event, Judged)}


@pytest.mark.local
def test_the_same_answers_and_facts_give_the_same_contest(
    played: Path, pool: Pool, tmp_path: Path
) -> None:
    run_contest(stage_of(), tmp_path / "again", pool, Options(replay=played))
    assert canonical(events_of(tmp_path / "again")) == canonical(events_of(played))


@pytest.mark.local
def test_the_same_answers_judged_anew_give_the_same_contest(
    played: Path, pool: Pool, tmp_path: Path
) -> None:
    entries = [
        {**entry.model_dump(mode="json"), "model": f"recorded:{played / 'participants' / entry.id}"}
        for entry in contest_file().participants
    ]
    run_contest(stage_of(participants=entries), tmp_path / "anew", pool, Options())
    anew, first = events_of(tmp_path / "anew"), events_of(played)
    assert canonical(_without_participants(anew)) == canonical(_without_participants(first))


@pytest.mark.local
def test_stopped_anywhere_it_goes_on_as_if_it_had_not(
    played: Path, pool: Pool, tmp_path: Path
) -> None:
    class Stopped(Exception):
        pass

    whole = events_of(played)
    for last in (3, len(whole) // 2, len(whole) - 2):
        run = tmp_path / f"stopped{last}"
        left = last

        def stop(_: ContestEvent) -> None:
            nonlocal left
            left -= 1
            if not left:
                raise Stopped

        with pytest.raises(Stopped):
            run_contest(stage_of(), run, pool, Options(replay=played), watch=stop)
        assert len(events_of(run)) == last
        run_contest(stage_of(), run, pool, Options(replay=played))
        assert canonical(events_of(run)) == canonical(whole)


@pytest.mark.local
def test_five_virtual_hours_replay_at_once(played: Path, pool: Pool, tmp_path: Path) -> None:
    """A model that takes 20 minutes for an answer fills five hours; the clock does not wait."""
    slow = tmp_path / "slow"
    run_contest(stage_of(), slow, pool, Options(replay=played))
    for folder in (slow / "participants").iterdir():
        with Journal.open(folder) as journal:
            for event in list(journal.raw_events("call.done")):
                journal.append_raw("call.done", event.key, {**event.body, "latency_s": 1200.0})
    stage = stage_of(duration=5 * 3600)
    run_contest(stage, tmp_path / "long", pool, Options(replay=slow))
    rounds = [event for event in events_of(tmp_path / "long") if isinstance(event, Worked)]
    assert all(event.at_s - event.from_s >= 2400 for event in rounds)
    assert max(event.at_s for event in rounds) > 4 * 3600
    last = events_of(tmp_path / "long")[-1]
    assert last.at_s >= 5 * 3600
    # What would have come after the end did not come: two answers take 40 minutes.
    assert len([event for event in rounds if event.participant_id == "a"]) <= 7


@pytest.mark.local
def test_real_time_changes_nothing_but_the_waiting(
    played: Path, pool: Pool, tmp_path: Path
) -> None:
    run_contest(stage_of(), tmp_path / "paced", pool, Options(replay=played, speed=7200))
    events = events_of(tmp_path / "paced")
    assert contest_of(events).opened.speed == 7200
    assert canonical(events) == canonical(events_of(played))


@pytest.mark.local
def test_another_contest_in_the_same_directory_is_refused(
    played: Path, pool: Pool, tmp_path: Path
) -> None:
    from medalist.errors import BadInput

    run = tmp_path / "run"
    run_contest(stage_of(), run, pool, Options(replay=played))
    with pytest.raises(BadInput, match="differs"):
        run_contest(stage_of(duration=7200), run, pool, Options(replay=played))


@pytest.mark.local
def test_ioi_points_and_the_gap_between_submissions(
    played: Path, pool: Pool, tmp_path: Path
) -> None:
    run_contest(stage_of(rules="ioi", freeze=None), tmp_path / "ioi", pool, Options(replay=played))
    events = events_of(tmp_path / "ioi")
    table = standings(contest_of(events), events)
    assert max(row.total for row in table.rows) > 0
    times: dict[tuple[str, str], list[float]] = {}
    for event in events:
        if isinstance(event, SubmissionMade):
            times.setdefault((event.participant_id, event.problem_id), []).append(event.at_s)
    for row in times.values():
        assert all(after - before >= 60 for before, after in pairwise(row))


@pytest.mark.local
def test_pretests_decide_until_the_system_tests(played: Path, pool: Pool, tmp_path: Path) -> None:
    problems = [{"path": name, "pretests": 1} for name in PROBLEMS]
    changes = {"rules": "codeforces", "problems": problems, "freeze": None}
    run_contest(
        stage_of(**changes), tmp_path / "cf", pool, Options(replay=_only_calls(played, tmp_path))
    )
    events = events_of(tmp_path / "cf")
    finals = [event for event in events if isinstance(event, Judged) and event.phase == "final"]
    passed = [
        event
        for event in events
        if isinstance(event, Judged) and event.phase == "contest" and event.verdict == "AC"
    ]
    assert len(finals) == len(passed) > 0
    assert all(event.at_s >= 3600 for event in finals)


@pytest.mark.local
def test_people_take_part(played: Path, pool: Pool, tmp_path: Path) -> None:
    sheet = tmp_path / "people.csv"
    sheet.write_text("name,rating,A,B,C,D\nBest,2400,1/1,1/2,1/3,1/4\nLast,1200,,,,3/--\n")
    file = contest_file(problems=[*PROBLEMS, {"label": "D"}], humans=["people.csv"])
    stage = set_stage(file, tmp_path)
    run_contest(stage, tmp_path / "run", pool, Options(replay=played))
    events = events_of(tmp_path / "run")
    table = standings(contest_of(events), events)
    assert table.row("Best").rank == 1
    assert table.row("Best").total == 4
    assert table.row("Last").rank == len(table.rows)


@pytest.mark.local
def test_the_command(played: Path, tmp_path: Path) -> None:
    path = tmp_path / "round.yaml"
    value = contest_file().model_dump(mode="json", exclude={"rules": {"kind"}})
    path.write_text(json.dumps({**value, "rules": "ioi"}))  # JSON is YAML
    arguments = ["contest", "run", path, "--out", tmp_path / "run", "--replay", played]
    options = ["--relaxed", "10000", "--box", "local", "--json"]
    done = CliRunner().invoke(app, [str(argument) for argument in (*arguments, *options)])
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout.splitlines()[-1])["rows"]
    assert {row["id"] for row in rows} == {"a", "b"}
    rules = contest_of(events_of(tmp_path / "run")).rules
    assert (rules.kind, rules.submissions) == ("ioi", 10000)


def _without_participants(events: list[ContestEvent]) -> list[ContestEvent]:
    return [event for event in events if event.type != "participant"]


def _only_calls(played: Path, tmp_path: Path) -> Path:
    """The same answers without what the judges of another kind of contest said."""
    copy = tmp_path / "calls"
    shutil.copytree(played / "participants", copy / "participants")
    with Journal.open(copy):
        pass
    return copy
