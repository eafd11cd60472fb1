"""Search strategies: what to ask next, given how everything so far did.

A strategy works in rounds. It sees all attempts of the finished rounds and names what to ask in
the next one, so the same attempts lead to the same asks and a replay is exact. It never learns
more than trials: public samples and evidence of our own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from medalist.agent.extract.answer import Extracted, Extraction
from medalist.agent.extract.extractor import Extractor
from medalist.agent.llm.contract import Model
from medalist.agent.propose.bandit import Record, allocate
from medalist.agent.propose.public_result import Attempt, Failure, FailureKind, Trial, is_settled
from medalist.agent.propose.repair import ask_to_repair
from medalist.agent.propose.sample import REFUSED, Arm, Ask, Sampler
from medalist.agent.propose.tree_search import SearchTree
from medalist.agent.types import Candidate
from medalist.errors import BudgetExhausted

Try = Callable[[Sequence[tuple[Candidate, Extraction]]], Sequence[Trial]]
"""Runs the programs of a round on the samples, and returns their trials in order."""


class Strategy(Protocol):
    """Decides what to ask, round by round."""

    def next(self, attempts: Sequence[Attempt]) -> list[Ask]:
        """Name what to ask now; nothing ends the search.

        Args:
            attempts: All attempts so far, in the order in which they were asked for.
        """
        ...


Again = Callable[[Sequence[Attempt]], list[Attempt]]
"""Looks again at all attempts, in order, with what has been learnt since they were tried."""


def search(
    strategy: Strategy, sampler: Sampler, model: Model, attempt: Try, again: Again = list
) -> Iterator[Attempt]:
    """Run a strategy and yield its attempts, round by round, in the order of asking.

    Raises:
        ModelFailure: The endpoint cannot be used.
        BudgetExhausted: A cap was reached; the answers that came were yielded before.
    """
    extract = Extractor(sampler.public)
    done: list[Attempt] = []
    while asks := strategy.next(done):
        requests = [sampler.request(ask) for ask in asks]
        came: list[Candidate] = []
        ended: BudgetExhausted | None = None
        try:
            came.extend(sampler.sample(model, requests))  # keeps what came before an error
        except BudgetExhausted as error:
            ended = error
        came.sort(key=sampler.place)
        fresh = attempts_of([(answer, extract(answer)) for answer in came], attempt)
        done = again([*done, *fresh])
        yield from done[-len(fresh) :] if fresh else ()
        if ended is not None:
            raise ended


def attempts_of(answers: Sequence[tuple[Candidate, Extraction]], attempt: Try) -> list[Attempt]:
    """Try what holds a program; the rest failed already."""
    trials = iter(attempt([pair for pair in answers if pair[1].source is not None]))
    return [
        Attempt(candidate, extraction, _failed(extraction) or next(trials))
        for candidate, extraction in answers
    ]


def _failed(extraction: Extraction) -> Trial | None:
    if extraction.source is not None:
        return None
    kind: FailureKind = "truncated" if extraction.found is Extracted.TRUNCATED else "none"
    return Trial(failure=Failure(kind, message=extraction.reason))


def records(attempts: Sequence[Attempt]) -> dict[Arm, Record]:
    """Sum up what each way to ask has brought, for the bandit; revisions do not count."""
    by_arm: dict[Arm, Record] = {}
    for attempt in attempts:
        candidate = attempt.candidate
        if candidate.parent is None and candidate.language is not None:
            arm = Arm(candidate.prompt_id, candidate.language)
            tokens = candidate.usage.completion_tokens or 0
            by_arm[arm] = by_arm.get(arm, Record()).plus(attempt.trial.reward, tokens)
    return by_arm


FEEDBACK = "feedback"

SEARCHES = ("once", "rounds", "mixed", "chains", "tree", FEEDBACK)
"""Names of the ways to search; `once` asks for everything in one round, `feedback` in rounds whose
programs are submitted before the next one is asked (see `steps.feedback_rounds`)."""

USUAL_SEARCH = "mixed"
"""What is done where nobody says: see "Searches on recorded answers" in `docs/proposing.md`."""


def strategy(name: str, ways: Sequence[Arm], count: int, *, width: int, seed: int) -> Strategy:
    """Make a strategy by its name.

    Args:
        name: One of `SEARCHES` but `once` and `feedback`, which need no strategy.
        ways: Ways to ask; a tree takes their languages only.
        count: Answers in all.
        width: Answers a round.
        seed: Seed of the run.
    """
    if name == "mixed":
        return Mixed(ways, count, width=width, seed=seed)
    if name == "chains":
        return Chains(ways, count, chains=width, seed=seed)
    if name == "tree":
        return SearchTree(list(dict.fromkeys(way.language for way in ways)), count, width=width)
    assert name == "rounds"
    return BestOfN(ways, count, width=width, seed=seed)


class BestOfN:
    """Independent samples, in rounds; the bandit spreads them over the ways to ask."""

    def __init__(
        self, ways: Sequence[Arm], count: int, *, width: int = 16, seed: int = 0, early: bool = True
    ) -> None:
        """Set how many samples in all and how many a round.

        Args:
            ways: Ways to ask.
            count: Samples in all.
            width: Samples a round; within a round nothing is learnt.
            seed: Seed of the bandit.
            early: End as soon as the problem is settled (see `is_settled`).
        """
        self._ways, self._count, self._width = list(ways), count, width
        self._seed, self._early = seed, early

    def next(self, attempts: Sequence[Attempt]) -> list[Ask]:
        """Fill up the next round."""
        left = self._count - len(attempts)
        if left <= 0 or (self._early and is_settled(attempts)):
            return []
        picks = allocate(self._ways, records(attempts), min(self._width, left), seed=self._seed)
        return [Ask(arm) for arm in picks]


class Mixed:
    """Rounds of independent samples; as long as none passes, half of the answers revise them.

    So an easy problem ends early, on independent answers alone, and of a hard one what is nearly
    right is repaired without taking more than half of the answers from new ideas.
    """

    def __init__(
        self, ways: Sequence[Arm], count: int, *, width: int = 8, seed: int = 0, early: bool = True
    ) -> None:
        """Set how many answers in all and how many a round; see `BestOfN`."""
        self._ways, self._count, self._width = list(ways), count, width
        self._seed, self._early = seed, early

    def next(self, attempts: Sequence[Attempt]) -> list[Ask]:
        """Revise what failed least, and fill the round up with new samples."""
        left = min(self._width, self._count - len(attempts))
        if left <= 0 or (self._early and is_settled(attempts)):
            return []
        asks: list[Ask] = []
        if not any(attempt.trial.passes_all for attempt in attempts):
            best = sorted(heads(attempts, patience=1), key=lambda one: -one.trial.reward)
            asks = [ask for head in best if (ask := ask_to_repair(head)) is not None][: left // 2]
        picks = allocate(self._ways, records(attempts), left - len(asks), seed=self._seed)
        return [*asks, *(Ask(arm) for arm in picks)]


class Chains:
    """Chains of revisions: each begins with a sample, and is repaired until it passes.

    A revision that breaks what passed is dropped: the chain continues from the one before.
    """

    def __init__(
        self, ways: Sequence[Arm], count: int, *, chains: int = 4, seed: int = 0, early: bool = True
    ) -> None:
        """Set the number of answers in all, and of chains that run side by side."""
        self._ways, self._count, self._chains = list(ways), count, chains
        self._seed, self._early = seed, early

    def next(self, attempts: Sequence[Attempt]) -> list[Ask]:
        """Revise the head of each open chain, and begin a new one for each that has ended."""
        left = self._count - len(attempts)
        if left <= 0 or (self._early and is_settled(attempts)):
            return []
        asks = [ask for head in heads(attempts) if (ask := ask_to_repair(head)) is not None]
        asks = asks[-self._chains :]
        fresh = max(0, min(left, self._chains) - len(asks))
        picks = allocate(self._ways, records(attempts), fresh, seed=self._seed)
        return [*asks, *(Ask(arm) for arm in picks)][:left]


def heads(attempts: Sequence[Attempt], patience: int = 3) -> list[Attempt]:
    """Return the attempt that each chain continues from.

    A chain ends when it passes, when it cannot be repaired, or after `patience` revisions of one
    attempt that were all worse.
    """
    head: dict[str, Attempt] = {}
    fruitless: dict[str, int] = {}
    root_of: dict[str, str] = {}
    for attempt in attempts:
        parent = attempt.candidate.parent
        root = root_of.get(parent, attempt.attempt_id) if parent else attempt.attempt_id
        root_of[attempt.attempt_id] = root
        if root not in head or is_progress(head[root], attempt):
            head[root] = attempt
            fruitless[root] = 0
        else:
            fruitless[root] += 1
    return [
        one
        for root, one in head.items()
        if fruitless[root] < patience
        and one.trial.failure is not None
        and one.candidate.finish not in REFUSED
    ]


def is_progress(before: Attempt, after: Attempt) -> bool:
    """Whether a revision takes its predecessor's place: it breaks nothing that passed.

    Another failure with the same samples passed counts as progress only if the program changed.
    """
    if not after.trial.keeps(before.trial) or after.trial.reward < before.trial.reward:
        return False
    return after.trial.program_id != before.trial.program_id


def lineage(attempts: Mapping[str, Attempt], attempt_id: str) -> list[str]:
    """Return the ids from the first ancestor to this attempt."""
    line = [attempt_id]
    while (parent := attempts[line[0]].candidate.parent) is not None:
        line.insert(0, parent)
    return line
