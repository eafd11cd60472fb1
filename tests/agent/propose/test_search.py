"""Strategies against a scripted world: an answer's text says how many samples it passes."""

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import pytest

from medalist.agent.llm.contract import Completion, ModelTraits, Request, Spent
from medalist.agent.propose import Arm, Extraction, Sampler, arms, program_id
from medalist.agent.propose.bandit import Record, allocate
from medalist.agent.propose.public_result import Attempt, Failure, Trial, is_settled
from medalist.agent.propose.review import opinion
from medalist.agent.propose.search import (
    BestOfN,
    Chains,
    Strategy,
    heads,
    lineage,
    records,
    search,
)
from medalist.agent.propose.tree_search import SearchTree
from medalist.agent.types import Candidate, Usage
from medalist.errors import BudgetExhausted
from medalist.problems.model import PublicProblem, Sample

PUBLIC = PublicProblem(
    problem_id="p",
    statements={"en": "Print it."},
    samples=tuple(Sample(input=f"{n}\n", output=f"{n}\n") for n in range(4)),
)
WAYS = arms(["direct", "reason", "plan"], ["cpp", "python"])


class Scripted:
    """Answers with a Python program whose comment-free text holds the samples it passes."""

    name = "scripted"
    spent = Spent()
    traits = ModelTraits()

    def __init__(self, good: str = "", *, cap: int = 10**6, seed: int = 0) -> None:
        self.good, self.cap, self.seed = good, cap, seed
        self.asked: list[Request] = []

    def complete(self, requests: Iterable[Request]) -> Iterator[Completion]:
        for request in requests:
            if len(self.asked) == self.cap:
                raise BudgetExhausted("the cap was reached")
            self.asked.append(request)
            yield Completion(
                request.request_id, self.text(request), "", "stop",
                Usage(completion_tokens=100), self.name, 0.0, 0.0,
            )  # fmt: skip

    def text(self, request: Request) -> str:
        rng = random.Random(f"{self.seed}/{request.request_id}")
        if "outline/" in request.request_id.rsplit(">", 1)[-1]:
            return "1. Read.\n2. Print."
        if ">critic" in request.request_id:
            return f"It may work.\n{rng.randrange(101)}"
        passed = [rng.random() < 0.4 for _ in range(4)]
        if self.good and self.good in request.request_id:
            passed = [True] * 4
        before = re.search(r"passes = \[(.*)\]", request.messages[-1].content)
        if before:
            passed = [a or "True" in b for a, b in zip(passed, before[1].split(","), strict=True)]
        return f"```python\npasses = {passed}\nprint(passes, {rng.randrange(10**6)})\n```"

    def close(self) -> None:
        pass


def attempt(answers: Sequence[tuple[Candidate, Extraction]]) -> list[Trial]:
    trials = []
    for _, extraction in answers:
        assert extraction.source is not None
        passed = tuple("True" in x for x in extraction.source.split("]")[0].split(","))
        failure = None if all(passed) else Failure("wrong", given="1", wanted="1", got="2")
        trials.append(Trial(passed, failure, program_id("python", extraction.source)))
    return trials


def run(strategy: Strategy, model: Scripted) -> list[Attempt]:
    return list(search(strategy, Sampler(PUBLIC, WAYS), model, attempt))


STRATEGIES: dict[str, Callable[[bool], Strategy]] = {
    "parallel": lambda early: BestOfN(WAYS, 24, width=8, early=early),
    "chains": lambda early: Chains(WAYS, 24, chains=4, early=early),
    "tree": lambda early: SearchTree(["cpp", "python"], 24, width=4, early=early),
}


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_strategy_asks_as_often_as_it_may_and_never_twice_the_same(name: str) -> None:
    model = Scripted()
    report = run(STRATEGIES[name](False), model)
    ids = [request.request_id for request in model.asked]
    assert len(ids) == len(set(ids)) == len(report) == 24


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_replay_asks_the_same(name: str) -> None:
    first, second = Scripted(), Scripted()
    assert run(STRATEGIES[name](True), first) == run(STRATEGIES[name](True), second)
    assert first.asked == second.asked


@pytest.mark.parametrize("name", STRATEGIES)
def test_what_came_before_the_budget_ended_is_yielded(name: str) -> None:
    attempts = search(STRATEGIES[name](False), Sampler(PUBLIC, WAYS), Scripted(cap=10), attempt)
    result: list[Attempt] = []
    with pytest.raises(BudgetExhausted):
        result.extend(attempts)
    assert len(result) == 10


@pytest.mark.parametrize("name", STRATEGIES)
def test_an_easy_problem_ends_early(name: str) -> None:
    class Easy(Scripted):
        def text(self, request: Request) -> str:
            self.good = "/"
            return super().text(request)

    model = Easy()
    report = run(STRATEGIES[name](True), model)
    assert is_settled(report)
    assert len(model.asked) < 24


def answer(
    name: str, way: str = "direct", behaviour: str | None = None, *, slow: bool = False
) -> Attempt:
    return Attempt(
        Candidate(name, "", prompt_id=way, language="cpp"),
        Extraction("x", "cpp", ""),
        Trial((True,), None, name, behaviour, slow),
    )


def test_where_behaviours_are_not_known_one_way_of_asking_takes_four_programs() -> None:
    same = [answer(name) for name in "abb"]
    assert not is_settled(same)
    assert is_settled([*same, answer("a", "reason")]), "asked for in different ways"
    assert not is_settled([*same, answer("c")])
    assert is_settled([*same, answer("c"), answer("d")])


def test_two_programs_that_behave_alike_settle_it_and_one_does_not() -> None:
    one = [answer("a", behaviour="same"), answer("a", behaviour="same")]
    assert not is_settled(one), "an equal program is no new voice"
    assert is_settled([*one, answer("b", behaviour="same")])


def test_who_passes_the_samples_and_behaves_otherwise_speaks_against_it() -> None:
    alike = [answer("a", behaviour="same"), answer("b", behaviour="same")]
    others = [answer(name, behaviour=name) for name in "cd"]
    assert not is_settled([*alike, *others])


def test_slow_programs_settle_nothing() -> None:
    slow = [answer(name, behaviour="same", slow=True) for name in "abc"]
    assert not is_settled(slow)
    fast = [answer(name, behaviour="same") for name in "defg"]
    assert is_settled([*slow, *fast])


def test_without_samples_nothing_is_settled() -> None:
    listed = [
        Attempt(Candidate(way, "", prompt_id=way, language="cpp"), Extraction("x", "cpp", ""))
        for way in ("a", "b")
    ]
    assert not is_settled(listed)


def test_chains_fix_what_failed_and_keep_what_passed() -> None:
    report = run(Chains(WAYS, 40, chains=2, early=False), Scripted())
    revised = [item for item in report if item.candidate.parent]
    assert revised
    known = {item.attempt_id: item for item in report}
    for item in revised:
        line = lineage(known, item.attempt_id)
        assert len(line) > 1
        assert known[line[0]].candidate.parent is None
        # The script keeps what it is shown, so every revision passes at least as much.
        parent = known[item.candidate.parent or ""]
        assert item.trial.keeps(parent.trial)


def test_a_revision_that_breaks_what_passed_is_dropped() -> None:
    def made(name: str, passed: tuple[bool, ...], parent: str | None = None) -> Attempt:
        candidate = Candidate(name, "", parent=parent, language="cpp")
        return Attempt(
            candidate,
            Extraction("x", "cpp", ""),
            Trial(passed, Failure("wrong"), f"program {name}"),
        )

    first = made("a", (True, False, False))
    broken = made("b", (False, True, True), "a")
    better = made("c", (True, True, False), "a")
    assert heads([first, broken]) == [first]
    assert heads([first, broken, better]) == [better]
    worse = [made(f"w{n}", (False,) * 3, "a") for n in range(3)]
    assert heads([first, *worse]) == []


def test_the_bandit_prefers_what_passes_at_equal_tokens() -> None:
    good, bad, dear = WAYS[:3]
    known = {
        good: Record(20.0, 40, 4000),
        bad: Record(2.0, 40, 4000),
        dear: Record(20.0, 40, 40_000),
    }
    picks = allocate([good, bad, dear], known, 200, seed=1)
    assert picks == allocate([good, bad, dear], known, 200, seed=1)
    assert picks.count(good) > 150
    unsure = {way: Record(1.0, 2, 200) for way in known}
    assert len({tuple(allocate(list(known), unsure, 50, seed=seed)) for seed in range(5)}) == 5


def test_the_bandit_tries_every_way_first() -> None:
    assert allocate(WAYS, {}, 4, seed=0) == WAYS[:4]
    tried = {way: Record(1.0, 1, 10) for way in WAYS[:5]}
    assert allocate(WAYS, tried, 3, seed=0)[0] == WAYS[5]


def test_the_bandit_finds_the_good_way_in_a_run() -> None:
    report = run(BestOfN(WAYS, 200, width=10, early=False), Scripted(good="p/reason/cpp"))
    known = records(report)
    assert known[Arm("reason", "cpp")].trials > 60
    assert sum(record.trials for record in known.values()) == 200


def test_the_tree_follows_plans_that_its_critic_likes() -> None:
    class Critic(Scripted):
        def text(self, request: Request) -> str:
            if ">critic" in request.request_id:
                return "95" if "outline/cpp/0" in request.request_id else "5"
            return super().text(request)

    report = run(SearchTree(["cpp"], 40, width=4, early=False), Critic())
    carried = [item.candidate.parent for item in report if item.candidate.prompt_id == "carry"]
    assert carried.count("p/outline/cpp/0") > len(carried) / 3
    kinds = {item.candidate.prompt_id for item in report}
    assert kinds >= {"outline", "critic", "carry", "repair"}


@pytest.mark.parametrize(("count", "width"), [(1, 1), (4, 4), (6, 3), (8, 8), (24, 4), (64, 64)])
def test_a_tree_spends_at_least_half_of_its_answers_on_programs(count: int, width: int) -> None:
    report = run(SearchTree(["python"], count, width=width, early=False), Scripted())
    kinds = [item.candidate.prompt_id for item in report]
    assert len(kinds) == count
    assert sum(kind in ("outline", "critic") for kind in kinds) <= count / 2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Fine.\n90", 0.9),
        ("Score: 35/100", 0.35),
        ("70%", 0.7),
        ("I do not know.", 0.5),
        ("", 0.5),
        ("999", 0.95),
        ("0", 0.05),
        ("Step 1 is wrong.\nRating: 20", 0.2),
        ("It works.\n\n\\[\n\\boxed{85}\n\\]\n", 0.85),
        ("**60**\n\nI hope this helps.", 0.6),
        ("Chance in percent that it is correct: 75", 0.75),
        # Answers of a small model to programs that it found right.
        ("Yes, this Python 3 program is correct. It passes all samples.", 0.5),
        ("The final answer is:\n\n\\[\n\\boxed{1}\n\\]\n", 0.5),
        ("1", 0.5),
        ("- The only record day is -5.\n- The output should be 1.\n\n### Check\n\ndef", 0.5),
    ],
)
def test_an_opinion_is_read_off_the_last_lines(text: str, value: float) -> None:
    assert opinion(text) == pytest.approx(value)
