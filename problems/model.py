"""The public half of a problem: all that a contestant may see.

The secret half (tests, answers, checker) is in `secret.py`, which code that chooses and
prompts cannot import (held by import-linter).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Model(BaseModel):
    """Strict and immutable: what a reader accepts loosely is exact from here on."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Kind(StrEnum):
    """How a program meets the judge."""

    BATCH = "batch"
    """Reads stdin, writes stdout."""
    INTERACTIVE = "interactive"
    """Talks to an interactor over stdin and stdout."""
    FUNCTION = "function"
    """IOI style: functions compiled together with a grader."""
    OUTPUT_ONLY = "output-only"
    """The submission is the output itself."""
    MULTIPASS = "multi-pass"
    """Run several times, each pass reading what the last one's validator wrote."""


VALUE_MODES = ("value", "value-or-first")
"""Modes in which outputs are values and not text: case and tolerances do not apply."""


class Equality(_Model):
    """When two outputs are equal, as far as the problem declares it.

    ================  =============================================================================
    mode              two outputs are equal if
    ================  =============================================================================
    `exact`           their bytes are
    `whole-text`      their bytes are, but for what is blank at the end and the kind of line end
                      (QDUOJ)
    `lines`           their lines are, without trailing blanks and trailing empty lines
    `whole-lines`     their lines are; only what is blank after the last line and the kind of line
                      end do not count (testlib's `fcmp`)
    `token-lines`     their lines hold the same tokens; trailing blank lines do not count
                      (CMS's white diff)
    `filled-lines`    the same, and no blank line counts (DMOJ's `standard`; also used for testlib's
                      `lcmp`, which itself counts blank lines before others)
    `number-lines`    each line is the same but for outer blanks, or the same sequence of numbers
                      (LiveCodeBench)
    `tokens`          they hold the same tokens; all layout is ignored
    `value`           they are equal Python values, as JSON (see `problems/python_values.py`)
    `value-or-first`  the same, or the output is the first element of the answer (APPS, TACO)
    ================  =============================================================================

    Floats are compared with the tolerances where both tokens are numbers and a tolerance is set;
    integers of any size are always compared exactly unless a tolerance is set. Tokens that are not
    `ordered` may come in any order.
    """

    mode: Literal[
        "exact",
        "whole-text",
        "lines",
        "whole-lines",
        "token-lines",
        "filled-lines",
        "number-lines",
        "tokens",
        "value",
        "value-or-first",
    ] = "tokens"
    case_sensitive: bool = True
    ordered: bool = True
    abs_tol: float | None = Field(default=None, ge=0)
    rel_tol: float | None = Field(default=None, ge=0)

    @property
    def is_equivalence(self) -> bool:
        """Whether equality is transitive, so that outputs can be grouped by a canonical form."""
        return (self.abs_tol is None and self.rel_tol is None) or self.mode in VALUE_MODES


class ProblemLimits(_Model):
    """What a submission may use.

    `time_assumed` marks a time limit that no package stated and no reference solution gave.
    """

    time_s: float = Field(default=2.0, gt=0)
    time_assumed: bool = False
    memory_mb: int = Field(default=1024, gt=0)
    output_mb: int = Field(default=8, gt=0)


class Sample(_Model):
    """An example of the statement; `output` is None where only an input is shown."""

    input: str
    output: str | None = None
    note: str = ""


class Constraint(_Model):
    """A bound that could be read from the text: `low <= name <= high`, ends optional."""

    name: str
    low: int | float | None = None
    high: int | float | None = None

    def __str__(self) -> str:
        low = "" if self.low is None else f"{self.low} <= "
        high = "" if self.high is None else f" <= {self.high}"
        return f"{low}{self.name}{high}"


class Subtask(_Model):
    """A subtask as the statement shows it: points, and what is promised about its inputs."""

    subtask_id: str
    points: float = Field(ge=0)
    text: str = ""
    depends: tuple[str, ...] = ()
    constraints: tuple[Constraint, ...] = ()


class GraderFile(_Model):
    """A file that is compiled together with a submission (stub, header, library)."""

    language: str
    """A language family of the sandbox's table: `cpp`, `c`, `python`."""
    name: str
    content: str


class FileNames(_Model):
    """Files that programs read and write; empty names mean stdin and stdout."""

    input: str = ""
    output: str = ""


STDIO = FileNames()
"""No files."""


class Picture(_Model):
    """A picture of a statement.

    Attributes:
        name: Its file's name.
        kind: Its media type, such as `image/png`.
        data: Its bytes in base64.
    """

    name: str
    kind: str
    data: str


class PublicProblem(_Model):
    """What a contestant sees.

    Attributes:
        problem_id: Short name, `[A-Za-z0-9._-]+`, unique in its archive.
        titles: Language code to title.
        statements: Language code to statement, Markdown or plain text.
        grader_files: Shown to contestants and compiled with a submission (function problems).
        equality: Declared equality of outputs.
        special_checker: True if right answers may differ beyond `equality`.
        full_score: Points for everything, or None for pass/fail problems and where checkers give
            points without any bound.
        files: Where programs read and write, beside stdin and stdout.
        pictures: Of the statement in the preferred language, as far as models can be shown them.
    """

    problem_id: str = Field(pattern=r"^[A-Za-z0-9._-]+$")
    titles: dict[str, str] = Field(default_factory=dict)
    statements: dict[str, str]
    kind: Kind = Kind.BATCH
    limits: ProblemLimits = ProblemLimits()
    samples: tuple[Sample, ...] = ()
    subtasks: tuple[Subtask, ...] = ()
    grader_files: tuple[GraderFile, ...] = ()
    equality: Equality = Equality()
    special_checker: bool = False
    full_score: float | None = None
    files: FileNames = STDIO
    missing_images: tuple[str, ...] = ()
    # Not among what is compared and kept of a problem: the statement names them.
    pictures: tuple[Picture, ...] = Field(default=(), exclude=True)
    difficulty: str | None = None
    tags: tuple[str, ...] = ()
    license: str | None = None
    source: str | None = None
    # Like the pictures: whose a problem is does not change what a run on it found.
    authors: tuple[str, ...] = Field(default=(), exclude=True)
    rights_owner: str | None = Field(default=None, exclude=True)

    def statement(self, preferred: str = "en") -> str:
        """Return the statement in the preferred language, else in the first there is."""
        return self.statements.get(preferred) or next(iter(self.statements.values()))

    @property
    def title(self) -> str:
        """The English title, else any title, else the id."""
        return self.titles.get("en") or next(iter(self.titles.values()), self.problem_id)
