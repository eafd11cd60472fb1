"""Which inputs are kept: those that validators, and the statement's grammar, accept together."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property

from medalist.agent.evidence.ballot import Voter, elected, grammar_voter, weight_of
from medalist.agent.evidence.broken_inputs import broken_inputs
from medalist.agent.evidence.grammar import Grammar, read_grammar
from medalist.agent.evidence.helper_runs import compiled, verdicts
from medalist.agent.evidence.matrix import Boxes
from medalist.problems.model import PublicProblem
from medalist.sandbox.box import Executable

_BROKEN = 14  # broken samples on which validators are tried
_CPU_S = 40.0  # seconds that all validators may take together
_LEAST_CPU_S = 4.0  # that each may take in any case
_ENDLESS = 2  # inputs of the trial without a word before a validator is asked nothing more


@dataclass
class ValidatorSaid:
    """What a validator has said: of samples and broken samples, and of each input."""

    trial: list[bool | None] = field(default_factory=list)
    of: dict[bytes, bool] = field(default_factory=dict)


ValidatorMemory = dict[str, ValidatorSaid]
"""What validators of one problem have said, by the digest of what they compile to."""


@dataclass(frozen=True)
class VoteTerms:
    """How a vote is held.

    Attributes:
        workers: How many boxes to use at once.
        seed: Of the broken samples on which validators are tried.
        memory: What they said before, which is not asked again.
    """

    workers: int = 1
    seed: int = 0
    memory: ValidatorMemory = field(default_factory=dict)


class InputVote:
    """Validators that a model wrote, each with the weight that it earns (see `ballot`).

    Args:
        public: The problem.
        validators: Their sources.
        pool: Where they run.
        terms: How it is held.

    Attributes:
        voting: How many validators had a vote when inputs were last looked at.
    """

    def __init__(
        self,
        public: PublicProblem,
        validators: Sequence[str],
        pool: Boxes,
        terms: VoteTerms | None = None,
    ) -> None:
        self._public = public
        self._sources = list(validators)
        self._pool = pool
        self._terms = VoteTerms() if terms is None else terms
        self._memory = self._terms.memory
        self.voting = 0

    def trust(self, contents: Sequence[bytes]) -> dict[int, float]:
        """Return the places of the inputs that are kept, each with the trust in it (0 to 1).

        Raises:
            SandboxFailure: A box failed several times in a row.
        """
        samples = len(self._public.samples)
        voters = [grammar_voter(self._grammar, contents)]
        self.voting = 0
        with ThreadPoolExecutor(self._terms.workers, thread_name_prefix="validators") as threads:
            built = threads.map(lambda source: compiled(self._pool, source), self._sources)
            validators = [item for item in built if item is not None]
            share = cpu_share(_CPU_S, _LEAST_CPU_S, len(validators))
            # Two validators of one text say the same, each with a vote of its own.
            distinct = {validator.digest: validator for validator in validators}
            asking = [
                threads.submit(self._ask, validator, contents, share)
                for validator in distinct.values()
            ]
            for asked in asking:
                asked.result()
        for validator in validators:
            said = self._memory[validator.digest]
            weight = weight_of(said.trial[:samples], said.trial[samples:])
            voters.append(Voter(weight, [said.of.get(content) for content in contents]))
            self.voting += weight > 0
        return elected(voters, len(contents))

    @cached_property
    def _grammar(self) -> Grammar | None:
        return read_grammar(self._public)

    @cached_property
    def _trial(self) -> list[bytes]:
        samples = [sample.input.encode() for sample in self._public.samples]
        return [*samples, *broken_inputs(self._public, _BROKEN, self._terms.seed)]

    def _ask(self, validator: Executable, contents: Sequence[bytes], cpu_s: float) -> None:
        """Ask a validator about the inputs of which it has said nothing yet."""
        said = self._memory.setdefault(validator.digest, ValidatorSaid())
        samples = len(self._public.samples)
        fresh = [content for content in dict.fromkeys(contents) if content not in said.of]
        if not said.trial:
            answers = verdicts(self._pool, validator, samples, [*self._trial, *fresh], cpu_s)
            said.trial = answers[: len(self._trial)]
            answers = answers[len(self._trial) :]
        elif all(said.trial[:samples]) and said.trial.count(None) < _ENDLESS:
            answers = verdicts(self._pool, validator, 0, fresh, cpu_s)
        else:
            return
        said.of |= {
            content: answer
            for content, answer in zip(fresh, answers, strict=True)
            if answer is not None
        }


def cpu_share(together: float, least: float, count: int) -> float:
    """Return the seconds that each of `count` programs may take."""
    return max(least, together / max(1, count))
