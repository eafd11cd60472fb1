"""Validators are asked about an input once, however many stages ask for their vote."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

import pytest

from medalist.agent.evidence.input_vote import InputVote, ValidatorMemory, VoteTerms
from medalist.problems.model import PublicProblem, Sample
from medalist.sandbox.box import Box, CompileResult, Executable, Run, Source
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.outcome import Outcome
from medalist.sandbox.pool import Pool

pytestmark = pytest.mark.local

PUBLIC = PublicProblem(
    problem_id="p",
    statements={"en": "Print twice $n$.\n\n## Input\n\nOne integer $n$ ($1 \\le n \\le 9$)."},
    samples=(Sample(input="3\n", output="6"),),
)
GOOD = "n = int(input())\nassert 1 <= n <= 9\n"
STRICT = "n = int(input())\nassert 1 <= n <= 5\n"
REJECTS_ALL = "raise SystemExit(1)\n"
INPUTS = [b"1\n", b"7\n", b"12\n"]


@dataclass
class Counted:
    """Boxes of a pool that count what each program is run on."""

    pool: Pool
    runs: list[tuple[str, bytes]] = field(default_factory=list)

    @contextmanager
    def box(self) -> Iterator[Box]:
        with self.pool.box() as box:
            yield cast("Box", _CountedBox(box, self.runs))


@dataclass
class _CountedBox:
    box: Box
    runs: list[tuple[str, bytes]]

    def compile(self, source: Source) -> CompileResult:
        return self.box.compile(source)

    def run_many(
        self,
        executable: Executable,
        runs: Iterable[Run],
        limits: RunLimits,
        *,
        stop_on_failure: bool = False,
    ) -> Generator[Outcome, None, None]:
        given = list(runs)
        outcomes = self.box.run_many(executable, given, limits, stop_on_failure=stop_on_failure)
        for run, outcome in zip(given, outcomes, strict=False):
            self.runs.append((executable.digest, run.stdin))
            yield outcome


def vote(boxes: Counted, sources: list[str], memory: ValidatorMemory) -> InputVote:
    return InputVote(PUBLIC, sources, boxes, VoteTerms(memory=memory))


def test_no_validator_reads_an_input_twice_and_the_vote_is_that_of_asking_anew(pool: Pool) -> None:
    boxes, memory = Counted(pool), ValidatorMemory()
    sources = [GOOD, STRICT, GOOD, REJECTS_ALL]
    first = vote(boxes, sources, memory).trust(INPUTS[:2])
    asked_first = len(boxes.runs)
    later = vote(boxes, sources, memory)
    # Some that are known, one that is new, in another order.
    again = later.trust([INPUTS[2], INPUTS[0], INPUTS[1]])
    asked = [run for run in boxes.runs if run[1] in INPUTS]
    assert len(boxes.runs) - asked_first == 2, "the new one, by both that have a vote"
    assert len(asked) == len(set(asked)) == 6
    assert len(boxes.runs) == len(set(boxes.runs)), "the trial is not repeated either"
    assert later.voting == 3
    fresh = vote(Counted(pool), sources, ValidatorMemory())
    assert fresh.trust([INPUTS[2], INPUTS[0], INPUTS[1]]) == again
    assert first[0] == again[1]
    assert first[1] == again[2]
    assert 0 not in again


def test_a_validator_that_rejects_a_sample_is_asked_nothing_more(pool: Pool) -> None:
    boxes, memory = Counted(pool), ValidatorMemory()
    rejecting = vote(boxes, [REJECTS_ALL], memory)
    without = vote(boxes, [], memory)
    for content in INPUTS:
        assert rejecting.trust([content]) == without.trust([content])
    assert len(boxes.runs) == 1
    assert rejecting.voting == 0
