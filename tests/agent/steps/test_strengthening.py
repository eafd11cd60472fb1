"""Evidence is measured by mutants of the leading program, and more is made where it is weak."""

from __future__ import annotations

from pathlib import Path

import pytest

from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.policy import View
from medalist.agent.choose.recorded_choice import choices
from medalist.agent.commands.explain import explain
from medalist.agent.evidence.inputs import InputSuite, contents
from medalist.agent.journal import Journal
from medalist.agent.propose.candidate_file import PoolModel
from medalist.agent.solve import ProblemRun, RunProgress, RunSettings, Tools, explore
from medalist.agent.steps.observing import _APART
from medalist.agent.types import Candidate
from medalist.problems.model import Equality, PublicProblem, Sample
from medalist.sandbox.pool import Pool

PUBLIC = PublicProblem(
    problem_id="twice",
    statements={"en": "Print twice n.\n\n## Input\n\nOne integer $n$ ($1 \\le n \\le 1000$).\n"},
    samples=(Sample(input="1\n", output="2\n"), Sample(input="4\n", output="8\n")),
)
BRANCHES = "\n".join(f"if n > {bound}:\n    m = n + n" for bound in range(5, 50, 5))
LONG = "# " + 500 * "-" + "\n"  # the shortest of those that behave alike is the one to mutate
ROUNDS = [
    {int(content) for content in contents(InputSuite(PUBLIC, seed).made(3))} for seed in (0, _APART)
]
LATER = sorted(ROUNDS[1] - ROUNDS[0] - {1, 4, 1000})  # numbers that only the second round has
SOURCES = (
    f"n = int(input())\nm = n + n\n{BRANCHES}\nprint(m)\n",
    f"{LONG}n = int(input())\nprint(n + n)\n",
    f"{LONG}n = int(input())\nprint(0 if n in {LATER} else n + n)\n",
    "n = int(input())\nprint(n)\n",
)
WEAK = RunSettings(len(SOURCES), evidence=3, mutants=8)


class Killed(Exception):
    """The run ends here."""


def look(
    run: Path,
    pool: Pool,
    settings: RunSettings = WEAK,
    *,
    count: int = len(SOURCES),
    kill: int = 0,
    public: PublicProblem = PUBLIC,
) -> View:
    """Look at the first programs; end the run at the N-th thing that happens, if any."""
    happened = 0

    def watch(stage: str, progress: RunProgress) -> None:
        nonlocal happened
        happened += 1
        if happened == kill:
            raise Killed

    given = tuple(
        Candidate(f"c/{number}", f"```python\n{source}```", language="python")
        for number, source in enumerate(SOURCES[:count])
    )
    with Journal.open(run) as journal:
        tools = Tools(PoolModel(""), pool, journal, ExpectedGain(), given=given)
        return explore(ProblemRun.of(public, tools, settings, watch)).view


def events(run: Path) -> int:
    with Journal.open(run, readonly=True) as journal:
        return sum(
            event.kind in ("suite", "outcomes", "strength", "view")
            for event in journal.raw_events()
        )


@pytest.fixture(scope="module")
def run(pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, View]:
    folder = tmp_path_factory.mktemp("undisturbed")
    return folder, look(folder, pool)


def test_weak_evidence_gets_more_inputs_and_parts_what_seemed_alike(
    run: tuple[Path, View], pool: Pool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trusting = look(tmp_path, pool, RunSettings(len(SOURCES), evidence=3))
    assert trusting.mutants is None
    assert trusting.inputs == 5
    folder, view = run
    assert view.inputs > trusting.inputs
    assert len(view.clusters) > len(trusting.clusters)
    with Journal.open(folder, readonly=True) as journal:
        rates = [
            (event.body["mutants"], len(event.body["survivors"]))  # type: ignore[arg-type]
            for event in journal.raw_events("strength")
        ]
        (choice,) = choices(journal)
    assert rates[0][1] > rates[-1][1] >= 0, "fewer mutants survive more inputs"
    assert {total for total, _ in rates} == {8}
    assert view.mutants == (8 - rates[-1][1], 8)
    assert choice.view == view
    explain(folder)
    assert "mutants of the leader; beliefs times" in capsys.readouterr().out


def test_the_same_run_again_measures_and_runs_nothing(run: tuple[Path, View], pool: Pool) -> None:
    folder, view = run
    before = events(folder)
    assert look(folder, pool) == view
    assert events(folder) == before


@pytest.mark.parametrize("kill", [7, 12])
def test_stopped_anywhere_it_ends_alike(
    kill: int, run: tuple[Path, View], pool: Pool, tmp_path: Path
) -> None:
    with pytest.raises(Killed):
        look(tmp_path, pool, kill=kill)
    again = look(tmp_path, pool)
    assert keys(again) == keys(run[1])
    assert again.mutants == run[1].mutants


def test_a_mutant_within_the_tolerance_is_not_killed(pool: Pool, tmp_path: Path) -> None:
    lenient = PUBLIC.model_copy(update={"equality": Equality(abs_tol=1e7)})
    view = look(tmp_path, pool, count=2, public=lenient)
    assert view.mutants is not None
    killed, total = view.mutants
    assert total > 0
    # Those that print nothing or crash are killed all the same.
    strict = look(tmp_path / "strict", pool, count=2)
    assert strict.mutants is not None
    assert killed < strict.mutants[0]


def keys(view: View) -> dict[str, tuple[str | None, ...]]:
    return {name: row.keys for name, row in view.behaviours.items()}


def test_a_first_look_comes_out_again_after_a_later_one_made_more_inputs(
    pool: Pool, tmp_path: Path
) -> None:
    first = look(tmp_path, pool, count=1)
    assert first.mutants is None, "a program that behaves like no other is left alone"
    later = look(tmp_path, pool)
    assert later.inputs > first.inputs
    assert look(tmp_path, pool, count=1) == first
    assert look(tmp_path, pool) == later
