"""What is laid into the box in which a package's Python code for DMOJ's judge runs.

The folder `dmoj` is a small package of our own with the names that such code imports: it is not
DMOJ's judge, and has only what a checker (`check(process_output, judge_output, **kwargs)`) or an
interactive grader (`InteractiveGrader.interact`) needs.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

CHECKER = "checker_of_package.py"
"""Under this name the package's own file is beside `MAIN`."""

MAIN = "main.py"
RUN_ON_ERROR = "run_on_error"
"""Among the flags of a checker: it is also asked about programs that crash."""

CASE = "case.json"
SUBMISSION = "submission.txt"
VERDICT = "verdict.json"

_ROOT = Path(__file__).parent
_MAINS = {"checker": b"from dmoj.boxed import check\n\ncheck()\n",
          "interactor": b"from dmoj.boxed import interact\n\ninteract()\n"}  # fmt: skip


def box_files(role: str, own: bytes) -> dict[str, bytes]:
    """Return the files of a checker or interactor in Python: ours, and the package's own."""
    return {**_ours(), MAIN: _MAINS[role], CHECKER: own}


@cache
def _ours() -> dict[str, bytes]:
    from medalist.problems.dmoj_box import dmoj
    from medalist.problems.dmoj_box.dmoj import (
        boxed,
        checkers,
        compare,
        error,
        graders,
        result,
        utils,
    )
    from medalist.problems.dmoj_box.dmoj.graders import interactive, standard
    from medalist.problems.dmoj_box.dmoj.utils import unicode

    modules = (dmoj, boxed, checkers, compare, error, graders, result, interactive, standard)
    paths = [Path(module.__file__ or "") for module in (*modules, utils, unicode)]
    return {path.relative_to(_ROOT).as_posix(): path.read_bytes() for path in paths}
