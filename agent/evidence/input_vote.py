"""Which inputs are kept: those that validators, and the statement's grammar, accept together."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from medalist.agent.evidence.ballot import Voter, elected, grammar_voter, weight_of
from medalist.agent.evidence.broken_inputs import broken_inputs
from medalist.agent.evidence.grammar import read_grammar
from medalist.agent.evidence.helper_runs import compiled, verdicts
from medalist.agent.evidence.matrix import Boxes
from medalist.problems.model import PublicProblem
from medalist.sandbox.box import Executable

_BROKEN = 14  # broken samples on which validators are tried
_CPU_S = 40.0  # seconds that all validators may take together
_LEAST_CPU_S = 4.0  # that each may take in any case


class InputVote:
    """Validators that a model wrote, each with the weight that it earns (see `ballot`).

    Args:
        public: The problem.
        validators: Their sources.
        pool: Where they run.
        workers: How many boxes to use at once.
        seed: Of the broken samples on which they are tried.

    Attributes:
        voting: How many validators had a vote when inputs were last looked at.
    """

    def __init__(
        self,
        public: PublicProblem,
        validators: Sequence[str],
        pool: Boxes,
        *,
        workers: int = 1,
        seed: int = 0,
    ) -> None:
        self._public = public
        self._sources = list(validators)
        self._pool = pool
        self._workers = workers
        self._seed = seed
        self.voting = 0

    def trust(self, contents: Sequence[bytes]) -> dict[int, float]:
        """Return the places of the inputs that are kept, each with the trust in it (0 to 1).

        Raises:
            SandboxFailure: A box failed several times in a row.
        """
        samples = [sample.input.encode() for sample in self._public.samples]
        trial = [*samples, *broken_inputs(self._public, _BROKEN, self._seed)]
        voters = [grammar_voter(read_grammar(self._public), contents)]
        self.voting = 0
        with ThreadPoolExecutor(self._workers, thread_name_prefix="validators") as threads:
            built = threads.map(lambda source: compiled(self._pool, source), self._sources)
            validators = [item for item in built if item is not None]
            share = cpu_share(_CPU_S, _LEAST_CPU_S, len(validators))

            def ask(validator: Executable) -> list[bool | None]:
                inputs = [*trial, *contents]
                return verdicts(self._pool, validator, len(samples), inputs, share)

            for said in threads.map(ask, validators):
                weight = weight_of(said[: len(samples)], said[len(samples) : len(trial)])
                voters.append(Voter(weight, said[len(trial) :]))
                self.voting += weight > 0
        return elected(voters, len(contents))


def cpu_share(together: float, least: float, count: int) -> float:
    """Return the seconds that each of `count` programs may take."""
    return max(least, together / max(1, count))
