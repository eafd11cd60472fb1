"""Inputs by generators that were written for two programs: kept where the two really differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from medalist.agent.evidence.behaviour_table import BehaviourTable, OutcomeCell
from medalist.agent.evidence.distinguishing import (
    differ,
    is_timeout,
    runner,
    smallest,
    telling_like,
)
from medalist.agent.evidence.helper_runs import compiled, generated_by_each
from medalist.agent.evidence.input_vote import InputVote, cpu_share
from medalist.agent.evidence.inputs import InputSuite
from medalist.agent.evidence.matrix import Boxes, FillOptions, fill, run_limits
from medalist.agent.evidence.written import SEEDS, not_too_large
from medalist.agent.propose.pair_generators import PairGenerator
from medalist.sandbox.box import Executable
from medalist.sandbox.pool import Pool

Pair = tuple[str, str]
"""The ids of two programs."""

KEPT = 3
"""Inputs that are kept of a pair, the smallest; of these the first is shrunk."""

_CPU_S = 20.0  # seconds that all generators may take together
_LEAST_CPU_S = 4.0  # that each may take in any case


@dataclass(frozen=True)
class PairInput:
    """An input on which two programs differ, how far it is trusted, and whether it was shrunk."""

    content: bytes
    trust: float
    pair: Pair
    shrunk: bool = False


@dataclass(frozen=True)
class PairInputs:
    """What the generators brought.

    Attributes:
        inputs: What is kept, in the order of the pairs, small ones first.
        generating: How many generators made any input.
        made: How many distinct inputs they made.
        valid: How many of these are accepted by validators and grammar.
        separated: How many pairs differ on any of them.
    """

    inputs: tuple[PairInput, ...] = ()
    generating: int = 0
    made: int = 0
    valid: int = 0
    separated: int = 0


def pair_inputs(
    inputs: InputSuite,
    generators: Sequence[PairGenerator],
    programs: Mapping[str, Executable],
    vote: InputVote,
    pool: Pool,
) -> PairInputs:
    """Run generators, and both programs of each on what is valid; keep inputs that separate them.

    Args:
        inputs: Those of the problem, for its grammar and limits.
        generators: One or several for each pair.
        programs: Program id to what to run; all that the generators name are there.
        vote: Says which inputs are valid.
        pool: Where all of it runs.

    Raises:
        SandboxFailure: A box failed several times in a row.
    """
    with ThreadPoolExecutor(pool.size, thread_name_prefix="pairs") as threads:
        built = list(threads.map(lambda one: compiled(pool, one.source), generators))
        share = cpu_share(_CPU_S, _LEAST_CPU_S, len(generators))
        running = [program for program in built if program is not None]
        made = iter(generated_by_each(threads, pool, running, SEEDS, share))
    by_pair: dict[Pair, dict[bytes, None]] = {}
    generating = 0
    for generator, program in zip(generators, built, strict=True):
        ours = [] if program is None else next(made)
        generating += bool(ours)
        pair = generator.first, generator.second
        by_pair.setdefault(pair, {}).update(dict.fromkeys(not_too_large(ours)))
    contents = list(dict.fromkeys(content for some in by_pair.values() for content in some))
    trust = {contents[place]: one for place, one in vote.trust(contents).items()}
    look = _Look(inputs, programs, vote, pool, pool.size)
    kept: list[PairInput] = []
    separated = 0
    for pair, some in by_pair.items():
        valid = sorted((item for item in some if item in trust), key=lambda one: (len(one), one))
        separating = look.separating(pair, valid, trust)
        separated += bool(separating)
        kept += separating
    return PairInputs(tuple(kept), generating, len(contents), len(trust), separated)


class _Look:
    """Runs two programs on inputs, and shrinks what separates them."""

    def __init__(
        self,
        inputs: InputSuite,
        programs: Mapping[str, Executable],
        vote: InputVote,
        pool: Boxes,
        workers: int,
    ) -> None:
        self._inputs = inputs
        self._programs = programs
        self._vote = vote
        self._pool = pool
        self._workers = workers
        # A program is in several pairs, and pairs may have the same inputs.
        self._tables: dict[tuple[bytes, ...], BehaviourTable] = {}

    def separating(
        self, pair: Pair, valid: Sequence[bytes], trust: Mapping[bytes, float]
    ) -> list[PairInput]:
        """Return the smallest inputs on which a pair differs, time-outs left out."""
        differing = self._differing(pair, valid)[:KEPT]
        inputs = [PairInput(content, trust[content], pair) for content, _ in differing]
        shrunk = self._shrunk(pair, *differing[0]) if differing else None
        return inputs if shrunk is None else [shrunk, *inputs[1:]]

    def _differing(
        self, pair: Pair, valid: Sequence[bytes]
    ) -> list[tuple[bytes, Sequence[OutcomeCell]]]:
        public = self._inputs.public
        table = self._tables.setdefault(tuple(valid), BehaviourTable("pair", public.equality))
        table.add_inputs(valid)
        how = FillOptions(run_limits(public), files=public.files, workers=self._workers)
        for _ in fill(table, [(name, self._programs[name]) for name in pair], self._pool, how):
            pass
        columns = zip(*(_cells(table, name) for name in pair), strict=True)
        return [
            (content, (first, second))
            for content, (first, second) in zip(valid, columns, strict=True)
            if differ(first, second, public.equality)
            and not is_timeout(first.key)
            and not is_timeout(second.key)
        ]

    def _shrunk(self, pair: Pair, content: bytes, cells: Sequence[OutcomeCell]) -> PairInput | None:
        """Shrink an input; None if nothing smaller is valid."""
        programs = [self._programs[name] for name in pair]
        telling = telling_like([cell.key for cell in cells], self._inputs.public.equality)
        outcomes = runner(self._inputs.public, programs, self._pool)
        shrunk = smallest(self._inputs, content, outcomes, telling)
        if shrunk is None or shrunk[0] == content:
            return None
        trust = self._vote.trust([shrunk[0]]).get(0)
        return None if trust is None else PairInput(shrunk[0], trust, pair, shrunk=True)


def _cells(table: BehaviourTable, name: str) -> list[OutcomeCell]:
    row = table.behaviour(name)
    return [
        OutcomeCell(key, None if key is None else table.output(key), time)
        for key, time in zip(row.keys, row.cpu_s, strict=True)
    ]
