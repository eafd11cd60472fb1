"""Our own submissions to real problems, each with the verdict in its name."""

from dataclasses import replace
from pathlib import Path

import pytest

from medalist.errors import BadInput
from medalist.problems.check import compare_label
from medalist.problems.formats import bundled_archive, load
from medalist.problems.judging import judge
from medalist.problems.judging.results import GroupResult, Judgement, TestResult
from medalist.problems.labelled import with_submissions
from medalist.problems.model import ProblemLimits
from medalist.problems.secret import LabelledSubmission
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Source
from medalist.sandbox.pool import Pool

FOLDER = Path(__file__).resolve().parents[2] / "data" / "submissions"
PROBLEMS = sorted(path.name for path in FOLDER.iterdir())
LIMITS = ProblemLimits(time_s=1.0, memory_mb=256)


def test_there_are_enough() -> None:
    names = [path.name for path in FOLDER.glob("*/*")]
    assert len(PROBLEMS) >= 12
    labels = {"ac", "pac", "wa", "rte", "tle", "mle", "ole", "ile", "ce"}
    assert labels <= {name.split("_")[0] for name in names}


@pytest.mark.parametrize("problem_id", PROBLEMS)
def test_verdicts_are_those_of_the_labels(problem_id: str, archives: Path, pool: Pool) -> None:
    (folder,) = archives.glob(f"*/{problem_id}")
    problem = with_submissions(load(folder), FOLDER)
    assert problem.secret is not None
    assert problem.secret.submissions
    for submission in problem.secret.submissions:
        assert submission.language is not None
        source = Source(submission.language, submission.files, submission.main)
        judgement = judge(problem, source, pool, limits=LIMITS)
        assert compare_label(problem_id, submission, judgement).reason == ""


@pytest.mark.parametrize(
    ("solved", "agrees"), [("secret/none", True), ("sample", False), (None, False)]
)
def test_a_group_worth_nothing_makes_a_partial_label_true(solved: str | None, agrees: bool) -> None:
    groups = ("sample", "secret/none", "secret/all")
    verdicts = {name: Verdict.AC if name == solved else Verdict.WA for name in groups}
    judgement = Judgement(
        Verdict.WA,
        0.0,
        tests=tuple(TestResult(f"{name}/1", verdict) for name, verdict in verdicts.items()),
        # A group that is always accepted, whatever happens in it.
        groups=(
            *(GroupResult(name, verdict, 0.0, 0.0) for name, verdict in verdicts.items()),
            GroupResult("secret/more", Verdict.AC, 0.0, 0.0),
        ),
    )
    partial = LabelledSubmission("a.py", "python3", {}, "a.py", permitted=frozenset({Verdict.PAC}))
    assert compare_label("p", partial, judgement).agrees == agrees
    wrong = replace(partial, permitted=frozenset({Verdict.WA}))
    assert compare_label("p", wrong, judgement).agrees


def test_labels_are_read_from_names(tmp_path: Path) -> None:
    problem = load(bundled_archive() / "warmer")
    assert problem.secret is not None
    assert with_submissions(problem, tmp_path) == problem
    folder = tmp_path / "warmer"
    folder.mkdir()
    (folder / "tle_loop.py").write_text("while True: pass\n")
    (folder / "pac_40_half.cpp").write_text("int main() {}\n")
    (folder / "wa_main.hs").write_text("main = return ()\n")
    secret = with_submissions(problem, tmp_path).secret
    assert secret is not None
    partial, slow, haskell = secret.submissions[len(problem.secret.submissions) :]
    assert (partial.permitted, partial.score) == (frozenset({Verdict.PAC}), (40.0, 40.0))
    assert (slow.permitted, slow.language) == (frozenset({Verdict.TLE}), "python3")
    assert haskell.language is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [("right.py", "begins with no label"), ("je_x.py", "no label"), ("pac_x.py", "says no points")],
)
def test_a_name_without_a_label(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "warmer").mkdir()
    (tmp_path / "warmer" / name).write_text("")
    with pytest.raises(BadInput, match=f"{name}: .*{reason}"):
        with_submissions(load(bundled_archive() / "warmer"), tmp_path)
