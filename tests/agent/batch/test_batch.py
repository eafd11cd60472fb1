"""`medalist batch`, `status` and `merge` as a user meets them."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest

from medalist.agent.choose.recorded_choice import choices
from medalist.agent.commands.batch_config import read
from medalist.agent.journal import Journal
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.errors import BadInput
from tests.agent.batch import canon, packages
from tests.agent.batch.conftest import COUNT, arguments
from tests.agent.command import medalist, start

pytestmark = pytest.mark.local

Undisturbed = tuple[Path, subprocess.CompletedProcess[str]]


def few(archive: Path, folder: Path, count: int) -> Path:
    """Copy some packages into their own folder."""
    for package in sorted(archive.iterdir())[:count]:
        shutil.copytree(package, folder / package.name)
    return folder


def test_every_problem_is_printed_once_and_nothing_else(
    undisturbed: Undisturbed, archive: Path
) -> None:
    run, done = undisturbed
    rows = canon.rows(done.stdout)
    assert sorted(rows) == sorted(path.name for path in archive.iterdir())
    assert len(done.stdout.splitlines()) == COUNT
    solved = sum(row["solved"] for row in rows.values())
    assert 6 < solved < COUNT
    assert f"{solved} of {COUNT} problems solved" in done.stderr.splitlines()[-1]
    assert str(run) in done.stderr.splitlines()[-1]
    for row in rows.values():
        assert Path(row["source"]).read_text().count("main") == 1


def test_the_budget_is_not_exceeded_and_unevenly_spent(undisturbed: Undisturbed) -> None:
    asked = [row["candidates"] for row in canon.rows(undisturbed[1].stdout).values()]
    assert sum(asked) <= 4 * COUNT
    assert min(asked) < 4 < max(asked)


def test_the_run_can_be_replayed_and_explained(undisturbed: Undisturbed, tmp_path: Path) -> None:
    run, done = undisturbed
    rows = canon.rows(done.stdout)
    with Journal.open(run, readonly=True) as journal:
        by_name = {choice.problem_id: choice for choice in choices(journal)}
    assert set(by_name) == set(rows)
    for name, choice in by_name.items():
        assert len(choice.history) == rows[name]["submissions"]
        assert any(feedback.solved for _, feedback in choice.history) == rows[name]["solved"]
    again = medalist("replay", run, "--check", "--json", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["differing"] == []


def test_a_finished_batch_is_told_again_without_a_model(
    undisturbed: Undisturbed, archive: Path, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    run, done = undisturbed
    before, asked = canon.results(run), len(endpoint.log)
    again = medalist(*arguments(archive, run), cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
    assert again.returncode == 0, again.stderr
    assert canon.rows(again.stdout) == canon.rows(done.stdout)
    assert len(endpoint.log) == asked
    assert canon.results(run) == before


def test_status_of_a_run_from_outside(undisturbed: Undisturbed, tmp_path: Path) -> None:
    run, done = undisturbed
    seen = medalist("status", run, "--json", cwd=tmp_path)
    result = json.loads(seen.stdout)
    rows = canon.rows(done.stdout)
    assert (result["problems"], result["done"], result["failed"]) == (COUNT, COUNT, 0)
    assert result["solved"] == sum(row["solved"] for row in rows.values())
    assert result["answers"] == sum(row["candidates"] for row in rows.values())
    assert f"{COUNT} of {COUNT} done" in medalist("status", run, cwd=tmp_path).stdout
    nowhere = medalist("status", tmp_path, cwd=tmp_path)
    assert nowhere.returncode == 2
    assert "not a run directory" in nowhere.stderr


def test_shards_join_to_what_one_run_would_have_been(
    archive: Path, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    folder = few(archive, tmp_path / "few", 5)
    equal = ("--schedule", "equal")
    for name, more in (("1", ["--shard", "1/2"]), ("2", ["--shard", "2/2"]), ("whole", [])):
        done = medalist(
            *arguments(folder, tmp_path / name, *equal, *more),
            cwd=tmp_path,
            OPENAI_BASE_URL=endpoint.base_url,
        )
        assert done.returncode == 0, done.stderr
    runs = [tmp_path / "2", tmp_path / "1"]
    assert medalist("merge", tmp_path / "joined", *runs, cwd=tmp_path).returncode == 0
    assert canon.results(tmp_path / "joined") == canon.results(tmp_path / "whole")
    times = {
        name: sorted(event.at for event in _events(tmp_path / name, "call.done"))
        for name in ("1", "2", "joined")
    }
    assert times["joined"] == sorted(times["1"] + times["2"])

    alone = medalist("merge", tmp_path / "part", tmp_path / "1", cwd=tmp_path)
    assert alone.returncode == 1
    assert "missing: 2/2" in alone.stderr
    for runs, message in (
        ([tmp_path / "1", tmp_path / "1"], "is shard 1/2, as is"),
        ([tmp_path / "whole"], "is a whole batch"),
        ([tmp_path / "few"], "not a run directory"),
    ):
        refused = medalist("merge", tmp_path / "never", *runs, cwd=tmp_path)
        assert refused.returncode == 2
        assert message in refused.stderr
    assert not (tmp_path / "never").exists()
    exists = medalist("merge", tmp_path / "joined", tmp_path / "1", cwd=tmp_path)
    assert exists.returncode == 2


def _events(run: Path, kind: str) -> list[canon.Event]:
    with Journal.open(run, readonly=True) as journal:
        return list(journal.raw_events(kind))


def test_a_broken_problem_is_reported_and_resumed(
    archive: Path, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    folder = few(archive, tmp_path / "few", 3)
    settings = folder / "largest-05" / "problem.yaml"
    kept = settings.read_text()
    settings.write_text("name: [unclosed\n")
    run = tmp_path / "run"
    done = medalist(*arguments(folder, run), cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
    assert done.returncode == 1
    assert sorted(canon.rows(done.stdout)) == ["largest-01", "largest-09"]
    assert "largest-05: BadInput: " in done.stderr
    assert "1 broke" in done.stderr.splitlines()[-1]
    status = json.loads(medalist("status", run, "--json", cwd=tmp_path).stdout)
    assert (status["done"], status["failed"]) == (2, 1)
    at_once = arguments(folder, tmp_path / "other", "--fail-on-error", "--jobs", "1")
    assert medalist(*at_once, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url).returncode == 2

    settings.write_text(kept)
    resumed = medalist(*arguments(folder, run), cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
    assert resumed.returncode == 0, resumed.stderr
    assert len(canon.rows(resumed.stdout)) == 3


def test_what_is_doubtful_in_a_statement_is_said_once_a_problem(
    endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    (tmp_path / "all/half").mkdir(parents=True)
    text = "# The sum of 7\n\nPrint the sum of $n$ integers with 2 decimal places.\n"
    for name, content in {"problem.md": text, "1.in": "1 3\n", "1.out": "3.00\n"}.items():
        (tmp_path / "all/half" / name).write_text(content)
    done = medalist(
        *arguments(tmp_path / "all", tmp_path / "run"),
        cwd=tmp_path,
        OPENAI_BASE_URL=endpoint.base_url,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("half: doubt: ") == 1
    (result,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert any("`2 decimal places` names no tolerance" in doubt for doubt in result["doubts"])
    assert all(doubt in done.stderr for doubt in result["doubts"])


def test_a_budget_that_ends_leaves_the_rest_for_later(
    archive: Path, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    folder = few(archive, tmp_path / "few", 4)
    run = tmp_path / "run"
    equal = ("--schedule", "equal", "--jobs", "1")
    poor = arguments(folder, run, *equal, "--max-run-tokens", "4500")
    done = medalist(*poor, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
    assert done.returncode == 4, done.stderr
    assert len(canon.rows(done.stdout)) < 4
    assert "not processed, the cap of 4500 tokens is reached" in done.stderr.splitlines()[-1]
    rich = medalist(
        *arguments(folder, run, *equal), cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url
    )
    assert rich.returncode == 0, rich.stderr
    assert {row["candidates"] for row in canon.rows(rich.stdout).values()} == {4}
    assert canon.asked_again(run) == []


def test_a_slow_problem_does_not_hold_up_the_others(archive: Path, tmp_path: Path) -> None:
    folder = few(archive, tmp_path / "few", 4)
    run = tmp_path / "run"

    def script(seen: SeenRequest) -> Reply:
        slow = "The largest of 5" in json.dumps(seen.body["messages"])
        return replace(packages.reply(seen), delay_s=600.0 if slow else 0.0)

    # A model that is known not to think: otherwise all wait a minute for the first answer.
    known, equal = "llama-3-instruct", ("--schedule", "equal", "--max-tokens", "4096")
    with ScriptedEndpoint(script, known) as server:
        process = start(
            *arguments(folder, run, *equal), cwd=tmp_path, OPENAI_BASE_URL=server.base_url
        )
        deadline = time.monotonic() + 300
        while canon.count(run, "solution") < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=300)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert "same command resumes" in err
    assert sorted(canon.rows(out)) == ["largest-01", "largest-09", "largest-13"]
    with ScriptedEndpoint(packages.reply, known) as server:
        done = medalist(
            *arguments(folder, run, *equal), cwd=tmp_path, OPENAI_BASE_URL=server.base_url
        )
    assert done.returncode == 0, done.stderr
    assert canon.asked_again(run) == []


def test_a_dead_endpoint_ends_the_batch_with_one_line(archive: Path, tmp_path: Path) -> None:
    with ScriptedEndpoint([Reply(status=401)]) as server:
        done = medalist(
            *arguments(archive, tmp_path / "run"), cwd=tmp_path, OPENAI_BASE_URL=server.base_url
        )
    assert done.returncode == 3
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert 1 <= canon.count(tmp_path / "run", "failure") <= 3


def test_other_settings_in_the_same_run_are_refused(
    undisturbed: Undisturbed, archive: Path, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    run, _ = undisturbed
    for more, field in (
        (["--seed", "7"], "seed"),
        (["--limit", "3"], "limit"),
        (["--schedule", "equal"], "schedule"),
    ):
        done = medalist(
            *arguments(archive, run, *more), cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url
        )
        assert done.returncode == 2
        assert f"a different {field}" in done.stderr
        assert "--out" in done.stderr


def test_log_lines_are_json(archive: Path, endpoint: ScriptedEndpoint, tmp_path: Path) -> None:
    folder = few(archive, tmp_path / "few", 2)
    config = tmp_path / "batch.toml"
    config.write_text('display = "log"\nfilter = "id == \'largest-01\'"\n')
    done = medalist(
        "batch", folder, "-n", "2", "--lang", "cpp", "--config", config, "-c", "submissions=0",
        cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    *lines, last = done.stderr.splitlines()
    events = [json.loads(line) for line in lines]
    assert [event["problem"] for event in events if event["event"] == "done"] == ["largest-01"]
    assert {"note", "stage", "done"} <= {event["event"] for event in events}
    assert "0 of 1 problems solved" in last


@pytest.mark.parametrize(
    ("name", "content", "pairs", "given", "message"),
    [
        ("c.yaml", "jobz: 3\n", [], {}, "c.yaml: jobz: unknown key (there are archives, filter,"),
        ("c.toml", "jobs = 0\n", [], {}, "c.toml: jobs: "),
        ("c.yaml", "- jobs\n", [], {}, "c.yaml: is not a mapping of keys"),
        ("c.yaml", "jobs: [\n", [], {}, "c.yaml: cannot be read"),
        ("c.toml", "jobs\n", [], {}, "c.toml: cannot be read"),
        (None, "", ["candidates"], {}, "-c: 'candidates' is not key=value"),
        (None, "", ["candidates=many"], {}, "-c: candidates: "),
        (None, "", ["schedule=fair"], {}, "-c: schedule: "),
        (None, "", [], {"max_usd": -1.0}, "--max-usd: "),
    ],
)
def test_bad_configuration_names_its_place(
    name: str | None,
    content: str,
    pairs: list[str],
    given: dict[str, object],
    message: str,
    tmp_path: Path,
) -> None:
    file = None
    if name is not None:
        file = tmp_path / name
        file.write_text(content)
    with pytest.raises(BadInput) as refused:
        read(file, pairs, given)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_command_line_wins_over_pairs_and_those_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_text("candidates: 5\njobs: 6\nlang: [python, cpp]\nseed: 1\n")
    config = read(file, ["jobs=7", "seed=2", "max_usd=1.5"], {"seed": 3, "limit": None})
    assert (config.candidates, config.jobs, config.seed) == (5, 7, 3)
    assert (config.lang, config.max_usd, config.limit) == ("python,cpp", 1.5, None)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--shard", "3/2"], "--shard: '3/2' is not of the form i/n"),
        (["--filter", "nonsense("], "--filter"),
        (["--filter", "id == 'nothing'"], "no problem is left"),
        (["--search", "luck"], "--search"),
        (["/nowhere"], "no such path"),
    ],
)
def test_bad_options_are_one_clear_line(archive: Path, more: list[str], message: str,
                                        tmp_path: Path) -> None:  # fmt: skip
    done = medalist("batch", archive, *more, cwd=tmp_path, OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
