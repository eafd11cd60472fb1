"""What earlier checks of a package found, kept under a digest of all that decides it."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from medalist import __version__
from medalist.problems.helper import Helper
from medalist.problems.model import ProblemLimits
from medalist.problems.secret import LabelledSubmission, Problem, SecretProblem
from medalist.sandbox.image_inputs import inputs_digest
from medalist.sandbox.languages import LANGUAGES

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CheckRow:
    """A labelled submission and what came of it; the reason is empty where they agree."""

    problem: str
    submission: str
    expected: str
    verdict: str
    agrees: bool
    reason: str


def package_digest(problem: Problem, secret: SecretProblem, limits: ProblemLimits) -> str:
    """Hash what verdicts depend on; test data by name and size, since reading all takes long."""
    digest = hashlib.sha256(f"{__version__} {inputs_digest()} {limits!r}".encode())
    for row in LANGUAGES.values():  # how programs are compiled and started, scripts and all
        digest.update(repr((row.name, row.compile, row.run)).encode())
    digest.update(problem.public.model_dump_json().encode())
    digest.update(
        repr(
            [
                (t.test_id, t.input.size, t.answer and t.answer.size, t.case, sorted(t.files))
                for t in secret.all_tests()
            ]
        ).encode()
    )
    own = dict.fromkeys(_program(test.checker) for test in secret.all_tests())
    for helper in (secret.checker, secret.interactor, secret.grader):
        digest.update(_program(helper).encode())
    digest.update(
        repr((*own, sorted(secret.before_submission.items()), secret.unbuffered)).encode()
    )
    for family, files in sorted(secret.grader_files.items()):
        digest.update(repr((family, sorted(files.items()))).encode())
    return digest.hexdigest()


def _program(helper: Helper | None) -> str:
    """Return what a package's program does and how it is called, as text to hash."""
    if helper is None:
        return ""
    return repr([(item.name, getattr(helper, item.name)) for item in fields(helper)])


def submission_digest(package: str, submission: LabelledSubmission) -> str:
    """Return what a submission is kept under."""
    told = (
        submission.language,
        submission.main,
        sorted(submission.files.items()),
        sorted(submission.permitted or ()),
        submission.score,
        sorted((group, sorted(verdicts)) for group, verdicts in submission.groups.items()),
        [
            (e.tests, sorted(e.permitted or ()), sorted(e.required or ()), e.score, e.message)
            for e in submission.expectations
        ],
    )
    return hashlib.sha256(f"{package}{submission.name}{told!r}".encode()).hexdigest()


def recall(path: Path) -> tuple[CheckRow, float] | None:
    """Return what is kept of a submission, and its slowest run; None for nothing usable."""
    try:
        kept = json.loads(path.read_bytes())
        return CheckRow(**kept["row"]), float(kept["cpu_s"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(path: Path, row: CheckRow, cpu_s: float) -> None:
    """Keep what was found of a submission, if that is possible."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"row": asdict(row), "cpu_s": cpu_s}))
    except OSError as error:
        log.warning("the result of a check cannot be kept in %s: %s", path.parent, error)
