"""Inputs by generators that the model wrote, kept by the vote of validators that it wrote.

One bad generator or validator must not sink a run: a generator that fails gives nothing, one that
never ends is given up, validators vote with the weight that they earn (see `ballot`), and what is
kept is trusted no further than the vote says.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from medalist.agent.evidence.ballot import Voter, elected, grammar_voter, weight_of
from medalist.agent.evidence.broken_inputs import broken_inputs
from medalist.agent.evidence.grammar import read_grammar
from medalist.agent.evidence.helper_runs import compiled, generated, verdicts
from medalist.agent.evidence.matrix import Boxes
from medalist.agent.evidence.origin import EvidenceInput, Origin
from medalist.agent.propose.helper_programs import HelperProgram
from medalist.problems.model import PublicProblem
from medalist.sandbox.box import Executable

SEEDS = 16
"""Inputs that each generator makes."""

MOST = 256
"""Inputs that are kept of the whole problem, and of each subtask, at most; small ones first."""

_BROKEN = 14  # broken samples on which validators are tried
_CPU_S = 40.0  # seconds that all generators, and all validators, may take together
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
    *,
    workers: int = 1,
    seed: int = 0,
) -> WrittenInputs:
    """Run generators and validators, and return the inputs that are kept.

    Args:
        public: The problem.
        programs: Generators and validators.
        pool: Where they run.
        workers: How many boxes to use at once.
        seed: Of the broken samples on which validators are tried.

    Raises:
        SandboxFailure: A box broke several times in a row.
    """
    with ThreadPoolExecutor(workers, thread_name_prefix="helpers") as threads:
        built = list(threads.map(lambda one: compiled(pool, one.source), programs))
        generators = _of_kind("generator", programs, built)
        validators = [one for one, _ in _of_kind("validator", programs, built)]
        share = _share(len(generators))
        made = list(threads.map(lambda one: generated(pool, one[0], SEEDS, share), generators))
        first_asked_for: dict[bytes, str | None] = {}
        for (_, subtask), contents in zip(generators, made, strict=True):
            for content in _not_too_large(contents):
                first_asked_for.setdefault(content, subtask)
        for one in public.samples:
            first_asked_for.pop(one.input.encode().rstrip() + b"\n", None)
        contents = sorted(first_asked_for, key=lambda content: (len(content), content))
        voters = [grammar_voter(read_grammar(public), contents)]
        samples = [one.input.encode() for one in public.samples]
        broken = broken_inputs(public, _BROKEN, seed)
        trial = [*samples, *broken]
        share = _share(len(validators))
        for said in threads.map(
            lambda one: verdicts(pool, one, len(samples), [*trial, *contents], share), validators
        ):
            weight = weight_of(said[: len(samples)], said[len(samples) : len(trial)])
            voters.append(Voter(weight, said[len(trial) :]))
    kept = elected(voters, len(contents))
    groups: dict[str | None, list[EvidenceInput]] = {None: []}
    for index, trust in kept.items():
        subtask = first_asked_for[contents[index]]
        group = groups.setdefault(subtask, [])
        if len(group) < MOST:
            group.append(EvidenceInput(contents[index], Origin("written", trust), subtask))
    return WrittenInputs(
        tuple(one for group in groups.values() for one in group),
        generating=sum(map(bool, made)),
        made=len(contents),
        voting=sum(one.weight > 0 for one in voters[1:]),
    )


def _of_kind(
    kind: str, programs: Sequence[HelperProgram], built: Sequence[Executable | None]
) -> list[tuple[Executable, str | None]]:
    return [
        (executable, one.subtask)
        for one, executable in zip(programs, built, strict=True)
        if one.kind == kind and executable is not None
    ]


def _share(count: int) -> float:
    """Seconds that each of `count` programs may take."""
    return max(_LEAST_CPU_S, _CPU_S / max(1, count))


def _not_too_large(contents: Sequence[bytes]) -> list[bytes]:
    """Leave out all but a few large inputs of a generator."""
    large = [content for content in contents if len(content) > _LARGE][_MOST_LARGE:]
    return [content for content in contents if content not in large]
