"""What is known in public of one attempt: whether there is a program, and how it did on samples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from medalist.agent.extract.answer import Extraction
from medalist.agent.types import Candidate

FailureKind = Literal[
    "none", "truncated", "syntax", "compile", "wrong", "crash", "time", "memory", "output", "oracle"
]

_UNSEEN = 4
"""So many different programs that pass the samples settle a problem whose evidence says nothing."""


@dataclass(frozen=True)
class Failure:
    """One public failure, as far as it can be shown for the repair.

    Attributes:
        kind: `none` is an answer without a program, `wrong` a wrong output on a sample,
            `oracle` a disagreement with a brute force on a small input of our own making.
        given: The input.
        wanted: The right output, or what the brute force printed.
        got: What the program printed.
        message: The compiler's, interpreter's or sanitizer's words: hostile text.
    """

    kind: FailureKind
    given: str = ""
    wanted: str | None = None
    got: str = ""
    message: str = ""


@dataclass(frozen=True)
class Trial:
    """How an attempt did.

    Attributes:
        passed: For each sample that was run whether it is passed; None where that is not known
            (a special checker may accept what differs from the sample).
        failure: The first failure, None if there is none.
        program_id: The program, None if there is none.
        behaviour: Stands for what it prints on small inputs of our own making, if it passes the
            samples; None where that is not known or says nothing (a special checker).
        slow: It passes the samples, but takes too long on a large input of our own making.
    """

    passed: tuple[bool | None, ...] = ()
    failure: Failure | None = None
    program_id: str | None = None
    behaviour: str | None = None
    slow: bool = False

    @property
    def reward(self) -> float:
        """From 0 (no program) over 0.1 (compiles) to 1 (passes all samples)."""
        if self.failure is None:
            return 1.0
        if self.failure.kind in ("none", "truncated", "syntax", "compile"):
            return 0.0
        points = sum(0.5 if item is None else float(item) for item in self.passed)
        return 0.1 + 0.8 * points / max(1, len(self.passed))

    @property
    def passes_all(self) -> bool:
        """Whether there were samples and all are passed for certain."""
        return self.failure is None and bool(self.passed) and all(self.passed)

    def keeps(self, earlier: Trial) -> bool:
        """Whether everything that an earlier trial passed is passed here as well."""
        if not earlier.passed:
            return True
        if not self.passed:
            return not any(earlier.passed)
        pairs = zip(earlier.passed, self.passed, strict=True)
        return not any(before is True and now is False for before, now in pairs)


@dataclass(frozen=True)
class Attempt:
    """A candidate with its program and its trial."""

    candidate: Candidate
    extraction: Extraction
    trial: Trial = field(default_factory=Trial)

    @property
    def attempt_id(self) -> str:
        """The candidate's id."""
        return self.candidate.candidate_id


def is_settled(attempts: Sequence[Attempt]) -> bool:
    """Whether a problem is easy: several programs pass the samples, and evidence agrees with them.

    Where behaviours are known it takes two different programs that behave alike and are not slow,
    and more than half of the answers that pass are like them. Where they are not, samples say
    little: it takes `_UNSEEN` different programs, or most answers must pass, and have been asked
    for in different ways. Equal programs are one voice, and so are revisions of one answer. Answers
    that were asked for one subtask have no voice. Without samples nothing is ever settled.
    """
    passing = [
        attempt
        for attempt in attempts
        if attempt.trial.passes_all and attempt.candidate.subtask is None
    ]
    alike: dict[str | None, list[Attempt]] = defaultdict(list)
    for program in passing:
        if not program.trial.slow:
            alike[program.trial.behaviour].append(program)
    if not alike:
        return False
    most, like = max(alike.items(), key=lambda item: len(item[1]))
    roots = {attempt.attempt_id.partition(">")[0] for attempt in like}
    programs = min(len(roots), len({attempt.trial.program_id for attempt in like}))
    if 2 * len(like) <= len(passing):
        return False
    if most is not None:
        return programs >= 2
    ways = {(attempt.candidate.prompt_id, attempt.candidate.language) for attempt in like}
    return programs >= _UNSEEN or (len(ways) >= 2 and 2 * len(like) > len(attempts))
