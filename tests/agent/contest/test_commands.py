"""The `contest` commands as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from medalist.agent.choose.policy import View
from medalist.agent.choose.recorded_pool import Recorded, write_pool
from medalist.agent.commands.main import app
from medalist.agent.contest.events import (
    ContestEvent,
    EventLog,
    Finalized,
    ParticipantJoined,
    ProblemAdded,
)
from medalist.agent.contest.kinds import Codeforces
from medalist.agent.contest.scoreboard import Participant
from medalist.agent.journal import Journal
from medalist.agent.types import Behaviour, Feedback, Program
from medalist.errors import MedalistError
from medalist.problems.verdict import Verdict
from tests.agent.contest.board import play

DATA = Path(__file__).parent / "data"


def medalist(*args: str | Path) -> tuple[int, str, str]:
    """Run a command in this process (its own process takes seconds): code, stdout, error."""
    done = CliRunner().invoke(app, [str(arg) for arg in args])
    if isinstance(done.exception, MedalistError):
        return done.exception.exit_code, done.stdout, str(done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, ""


def _pool(path: Path) -> Path:
    """Two problems of ten programs: one is right in the first, none in the second."""
    rows = []
    for problem, right in (("easy", {"p3"}), ("hard", set[str]())):
        names = [f"p{number}" for number in range(10)]
        view = View(
            programs=tuple(Program(name, "cpp", f"// {name}", (f"c{name}",)) for name in names),
            behaviours={name: Behaviour.of(name, (f"={name}",), (0.0,)) for name in names},
        )
        truth = {name: Feedback(Verdict.AC if name in right else Verdict.WA) for name in names}
        rows.append(Recorded(problem, view, truth))
    write_pool(path, rows)
    return path


def test_sweep_gives_points_and_says_what_is_not_ours(tmp_path: Path) -> None:
    pool = _pool(tmp_path / "pool.jsonl")
    picture = tmp_path / "sweep.svg"
    code, out, error = medalist(
        *("contest", "sweep", pool, "--submissions", "1,5,all", "--policy", "random"),
        *("--resamples", "40", "--picture", picture, "--json"),
    )
    assert code == 0, error
    result = json.loads(out)
    points = {budget: cell["points"] for budget, cell in result["policies"]["random"].items()}
    assert points["all"] == 100.0
    # One right program of ten: 10 of 100 points with one submission drawn at random, 50 with five.
    assert points["1"] == pytest.approx(10, abs=15)
    assert points["5"] == pytest.approx(50, abs=25)
    assert result["published"]["o1-ioi"] == {"50": 213.0, "10000": 362.14}
    assert result["published"]["o1-ioi, 50 at random"] == {"50": 156.0}
    assert "another model" in result["published"]["note"]
    assert "other model, other problems" in picture.read_text()


def test_sweep_of_nothing_is_refused(tmp_path: Path) -> None:
    code, _, error = medalist("contest", "sweep", tmp_path / "none.jsonl")
    assert code == 2
    assert "none.jsonl" in error


def test_check_compares_ranks(tmp_path: Path) -> None:
    code, out, error = medalist("contest", "check", DATA / "nerc-2022.csv", "--json")
    assert code == 0, error
    assert json.loads(out)["same"] == 281
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("rank,name,A\n2,x,1/5\n1,y,1/9\n")
    code, out, error = medalist("contest", "check", wrong, "--set", "penalty_min=10")
    assert code == 1
    assert "0 of 2" in out
    code, out, error = medalist("contest", "check", wrong, "--set", "penalty_min=many")
    assert code == 2


def _recorded_round(run: Path, our_story: str) -> None:
    """A round with three people of known ratings and one of ours, as a run directory."""
    stories = {"p1": "A 10 AC, B 20 AC", "p2": "A 30 AC", "p3": "A 50 AC", "us": our_story}
    ratings = {"p1": 2000.0, "p2": 1600.0, "p3": 1200.0}
    contest, events = play(Codeforces(), {"A": 500, "B": 1000}, stories)
    people = [
        Participant(
            participant_id=name,
            name=name,
            kind="human" if name in ratings else "medalist",
            rating=ratings.get(name),
        )
        for name in stories
    ]
    told: list[ContestEvent] = [
        contest.opened,
        *(ProblemAdded(problem=problem) for problem in contest.problems),
        *(ParticipantJoined(participant=person) for person in people),
        *events,
        Finalized(at_s=18000),
    ]
    with Journal.open(run) as journal:
        log = EventLog(journal)
        for event in told:
            log.append(event)


def test_rate_and_standings(tmp_path: Path) -> None:
    _recorded_round(tmp_path / "one", "A 40 AC")
    _recorded_round(tmp_path / "two", "A 5 AC")
    code, out, error = medalist("contest", "rate", tmp_path / "one", tmp_path / "two", "--json")
    assert code == 0, error
    row = json.loads(out)["ratings"][0]
    # Third of four, then second of four: symmetric about 1600.
    assert row["id"] == "us"
    assert row["by_contest"][0] + row["by_contest"][1] == pytest.approx(2 * 1600, abs=2)
    assert row["rating"] == pytest.approx(1600, abs=1)
    assert row["lo"] < 1600 < row["hi"]

    code, out, error = medalist("contest", "standings", tmp_path / "one", "--json")
    placing = json.loads(out)["placings"][0]
    assert (placing["place"], placing["people"]) == (3, 3)
    code, out, error = medalist("contest", "standings", tmp_path / "one", "--at", "0:35:00")
    assert "us: place 3 among 3 people" in out
    code, out, error = medalist("contest", "standings", tmp_path / "one", "--at", "soon")
    assert code == 2


@pytest.mark.parametrize("command", ["run", "standings", "rate"])
def test_a_missing_file_is_one_line(command: str, tmp_path: Path) -> None:
    code, _, error = medalist("contest", command, tmp_path / "missing")
    assert code == 2
    assert len(error.splitlines()) == 1
