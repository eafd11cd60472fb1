"""Our own submissions to real problems, each with the verdict in its name.

`tests/data/submissions/<problem>/<verdict>_<name>.<ext>`, or `pac_<points>_<name>.<ext>`.
"""

from pathlib import Path

import pytest

from medalist.problems.formats import load
from medalist.problems.judging import judge
from medalist.problems.model import Limits
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Source
from medalist.sandbox.languages import language_of
from medalist.sandbox.pool import Pool

FOLDER = Path(__file__).resolve().parents[2] / "data" / "submissions"
PROBLEMS = sorted(path.name for path in FOLDER.iterdir())
LIMITS = Limits(time_s=1.0, memory_mb=256)


def test_there_are_enough() -> None:
    names = [path.name for path in FOLDER.glob("*/*")]
    assert len(PROBLEMS) >= 12
    labels = {"ac", "pac", "wa", "rte", "tle", "mle", "ole", "ile", "ce"}
    assert labels <= {name.split("_")[0] for name in names}


@pytest.mark.parametrize("problem_id", PROBLEMS)
def test_verdicts_are_those_of_the_labels(problem_id: str, archives: Path, pool: Pool) -> None:
    (folder,) = archives.glob(f"*/{problem_id}")
    problem = load(folder)
    for path in sorted((FOLDER / problem_id).iterdir()):
        label, *rest = path.stem.split("_")
        language = language_of(path.name, path.read_text())
        assert language is not None
        source = Source.single(language, path.read_bytes(), path.name)
        judgement = judge(problem, source, pool, limits=LIMITS)
        assert (path.name, judgement.verdict) == (path.name, Verdict(label.upper()))
        if label == "pac":
            assert (path.name, judgement.score) == (path.name, float(rest[0]))
