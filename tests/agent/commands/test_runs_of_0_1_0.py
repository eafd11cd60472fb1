"""Runs that medalist 0.1.0 recorded are still read, told, replayed, exported and resumed."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.agent.journal import Journal
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.problems.formats import find_bundled

RUNS = Path(__file__).parents[2] / "data/runs-0.1.0.tar.xz"


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    with tarfile.open(RUNS) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path


@pytest.mark.parametrize(
    ("run", "told"),
    [
        ("solve", {"problems": 1, "solved": 1, "requests": 15, "tokens": 7907, "cost_usd": None}),
        ("batch", {"problems": 2, "solved": 2, "requests": 18, "tokens": 8166, "failed": 0}),
        ("stopped", {"problems": 1, "solved": 0, "requests": 9, "answers": 7}),
    ],
)
def test_status_tells_what_it_told(runs: Path, run: str, told: dict[str, object]) -> None:
    done = medalist("status", run, "--json", cwd=runs)
    assert done.returncode == 0, done.stderr
    assert told.items() <= json.loads(done.stdout).items()


@pytest.mark.parametrize(
    ("run", "submissions", "differing"),
    [
        ("solve", 2, ["meetings"]),
        ("batch", 3, ["warmer"]),
        ("contest/participants/one", 4, ["warmer"]),
    ],
)
def test_choices_of_an_older_belief_are_named(
    runs: Path, run: str, submissions: int, differing: list[str]
) -> None:
    done = medalist("replay", run, "--check", "--json", cwd=runs)
    assert done.returncode == 1, done.stderr
    result = json.loads(done.stdout)
    assert (result["submissions"], result["differing"]) == (submissions, differing)


def test_policies_are_replayed(runs: Path) -> None:
    done = medalist("replay", "batch", "--resamples", "2", "--json", cwd=runs)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["everything"] == 1.0


def test_clusters_are_explained(runs: Path) -> None:
    done = medalist("explain", "solve", cwd=runs)
    assert done.returncode == 0, done.stderr
    for program in ("d5e88cbd79b4", "26b01357c49f", "93760734244b", "18be7711e06f"):
        assert program in done.stdout


@pytest.mark.parametrize("run", ["solve", "batch"])
def test_a_report_is_written(runs: Path, run: str) -> None:
    done = medalist("report", run, "--out", "page.html", cwd=runs)
    assert done.returncode == 0, done.stderr
    assert "AC" in (runs / "page.html").read_text(encoding="utf-8")


def test_a_pool_and_tables_are_exported(runs: Path) -> None:
    for run, form in (("batch", "pool"), ("batch", "jsonl"), ("solve", "evidence")):
        done = medalist("export", run, f"to-{form}", "--as", form, cwd=runs)
        assert done.returncode == 0, done.stderr
    rows = {
        path.stem: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for path in (runs / "to-jsonl").glob("*.jsonl")
    }
    counts = {name: len(table) for name, table in rows.items()}
    assert counts.items() >= {"candidates": 18, "submissions": 3, "calls": 18}.items()
    assert sum(row["verdict"] == "AC" for row in rows["submissions"]) == 2


def test_standings_of_a_contest_are_shown(runs: Path) -> None:
    done = medalist("contest", "standings", "contest", "--json", cwd=runs)
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)["rows"]
    assert (row["id"], row["total"]) == ("one", 200.0)


def _answers() -> list[str]:
    """The answers that the runs were made with, by the seed of the question."""
    fence = {".py": "python", ".cpp": "cpp"}
    files = sorted((find_bundled("warmer") / "submissions").glob("*/*"))
    blocks = [
        f"I think so.\n```{fence[path.suffix]}\n{path.read_text()}```"
        for path in files
        if path.suffix in fence
    ]
    return [*blocks, "```cpp\nint main() { return }\n```", "I would rather talk about the weather."]


@pytest.mark.local
def test_a_run_that_was_stopped_goes_on(runs: Path) -> None:
    """Nothing that was answered is asked again, and the run ends."""
    with Journal.open(runs / "stopped", readonly=True) as journal:
        answered = {event.key for event in journal.raw_events("call.done")}
    answers = _answers()
    command = (
        *("solve", "warmer", "--model", "writer", "-n", "12", "--submissions", "3"),
        *("--search", "once", "--out", "stopped", "--json"),
    )

    def reply(seen: SeenRequest) -> Reply:
        return Reply(answers[seen.body["seed"] % len(answers)])

    with ScriptedEndpoint(reply) as endpoint:
        done = medalist(*command, cwd=runs, OPENAI_BASE_URL=endpoint.base_url)
        assert len(endpoint.log) == 12 - len(answered)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["verdict"], result["candidates"], result["programs"]) == ("AC", 12, 8)
