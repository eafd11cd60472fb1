"""Inputs by generators that the model wrote, kept by the vote of validators that it wrote.

One bad generator or validator must not sink a run: a generator that fails gives nothing, one that
never ends is given up, validators vote with the weight that they earn (see `ballot`), and what is
kept is trusted no further than the vote says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from medalist.agent.evidence.ballot import ACCEPTING
from medalist.agent.evidence.helper_runs import compiled, generated_by_each, verdicts
from medalist.agent.evidence.input_vote import InputVote, VoteTerms, cpu_share
from medalist.agent.evidence.matrix import Boxes
from medalist.agent.evidence.origin import EvidenceInput, Origin
from medalist.agent.propose.helper_programs import HelperProgram
from medalist.problems.model import PublicProblem

SEEDS = 16
"""Inputs that each generator makes."""

MOST = 256
"""Inputs that are kept of the whole problem, and of each subtask, at most; small ones first."""

_CPU_S = 40.0  # seconds that all generators may take together
_LEAST_CPU_S = 4.0  # that each may take in any case
_LARGE = 16 << 10  # bytes; every program is run on every input, so few are large
_MOST_LARGE = 4  # of each generator


@dataclass(frozen=True)
class WrittenInputs:
    """What generators and validators brought.

    Attributes:
        inputs: What was kept, the whole problem's before each subtask's, small ones first.
        generating: How many generators made any input.
        made: How many distinct inputs they made.
        voting: How many validators have a vote.
    """

    inputs: tuple[EvidenceInput, ...] = ()
    generating: int = 0
    made: int = 0
    voting: int = 0


def written_inputs(
    public: PublicProblem,
    programs: Sequence[HelperProgram],
    pool: Boxes,
    terms: VoteTerms | None = None,
) -> WrittenInputs:
    """Run generators and validators, and return the inputs that are kept.

    Args:
        public: The problem.
        programs: Generators and validators.
        pool: Where they run.
        terms: How the vote on inputs is held.

    Raises:
        SandboxFailure: A box failed several times in a row.
    """
    terms = VoteTerms() if terms is None else terms
    with ThreadPoolExecutor(terms.workers, thread_name_prefix="helpers") as threads:
        asked = [program for program in programs if program.kind == "generator"]
        built = zip(asked, threads.map(lambda one: compiled(pool, one.source), asked), strict=True)
        generators = [(program, one.subtask) for one, program in built if program is not None]
        share = cpu_share(_CPU_S, _LEAST_CPU_S, len(generators))
        made = generated_by_each(
            threads, pool, [program for program, _ in generators], SEEDS, share
        )
    first_asked_for: dict[bytes, str | None] = {}
    for (_, subtask), contents in zip(generators, made, strict=True):
        for content in not_too_large(contents):
            first_asked_for.setdefault(content, subtask)
    for sample in public.samples:
        first_asked_for.pop(sample.input.encode().rstrip() + b"\n", None)
    contents = sorted(first_asked_for, key=lambda content: (len(content), content))
    sources = [program.source for program in programs if program.kind == "validator"]
    vote = InputVote(public, sources, pool, terms)
    kept = vote.trust(contents)
    groups: dict[str | None, list[EvidenceInput]] = {None: []}
    made_for = {index: first_asked_for[contents[index]] for index in kept}
    refuted = _refuted(programs, pool, {contents[index]: made_for[index] for index in kept})
    for index, trust in kept.items():
        subtask = None if contents[index] in refuted else made_for[index]
        group = groups.setdefault(subtask, [])
        if len(group) < MOST:
            group.append(EvidenceInput(contents[index], Origin("written", trust), subtask))
    return WrittenInputs(
        tuple(written_input for group in groups.values() for written_input in group),
        generating=sum(map(bool, made)),
        made=len(contents),
        voting=vote.voting,
    )


def _refuted(
    programs: Sequence[HelperProgram], pool: Boxes, made_for: Mapping[bytes, str | None]
) -> set[bytes]:
    """Return the inputs of which validators of their subtask say that they break its promises.

    A validator that rejects all inputs that were made for its subtask has no vote, nor has one that
    does not end. Where fewer than three quarters of the others accept an input, it is refuted: it
    is an input of the whole problem then.
    """
    refuted: set[bytes] = set()
    for subtask in sorted({item for item in made_for.values() if item is not None}):
        mine = [content for content, name in made_for.items() if name == subtask]
        sources = [
            program.source
            for program in programs
            if program.kind == "subtask validator" and program.subtask == subtask
        ]
        built = [one for source in sources if (one := compiled(pool, source)) is not None]
        share = cpu_share(_CPU_S, _LEAST_CPU_S, len(built))
        rows = [verdicts(pool, item, 0, mine, share) for item in built]
        voting = [row for row in rows if any(row)]
        for place, content in enumerate(mine):
            said = [row[place] for row in voting if row[place] is not None]
            if sum(map(bool, said)) < ACCEPTING * len(said):
                refuted.add(content)
    return refuted


def not_too_large(contents: Sequence[bytes]) -> list[bytes]:
    """Leave out all but a few large inputs of a generator."""
    large = [content for content in contents if len(content) > _LARGE][_MOST_LARGE:]
    return [content for content in contents if content not in large]
