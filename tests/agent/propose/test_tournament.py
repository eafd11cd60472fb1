from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from medalist.agent.choose.policy import View
from medalist.agent.choose.rivals import contestants
from medalist.agent.journal import Journal
from medalist.agent.llm.calls import JournalledModel
from medalist.agent.llm.contract import Budget
from medalist.agent.llm.endpoint import Endpoint
from medalist.agent.llm.prices import Price
from medalist.agent.llm.resources import ModelResources
from medalist.agent.llm.route import Route
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.llm.settings import EndpointSettings
from medalist.agent.propose.tournament import (
    Disagreement,
    Pairing,
    consistent,
    contestants_of,
    pair_values,
    play_tournament,
    rounds,
    swiss_round,
    verdict,
)
from medalist.agent.types import Behaviour, Duel, Program
from medalist.problems.model import PublicProblem

FREE = Price(prompt=0.0, completion=0.0, cached=0.0)
PUBLIC = PublicProblem(problem_id="sums", statements={"en": "Add two numbers."})
PROGRAMS = [Program(f"p{n}", "python", f"print({n})  # choose me", (f"c{n}",)) for n in range(4)]


@pytest.mark.parametrize("count", [0, 1, 2, 5, 6])
def test_everybody_meets_everybody_once_and_rounds_are_fair(count: int) -> None:
    played: Counter[int] = Counter()
    pairs = []
    for each in rounds(count):
        pairs += each
        played.update(seat for pair in each for seat in pair)
        # In an odd field one sits out each round.
        assert max(played.values()) - min(played[seat] for seat in range(count)) <= 1
    assert len({frozenset(pair) for pair in pairs}) == len(pairs) == count * (count - 1) // 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A", "A"),
        (" b.", "B"),
        ("The correct program is B", "B"),
        ("**A**", "A"),
        ("program B", "B"),
        ("", None),
        ("Both", None),
        ("Neither A nor B", None),
        ("C", None),
    ],
)
def test_a_verdict_is_one_letter_or_nothing(text: str, expected: str | None) -> None:
    assert verdict(text) == expected


def test_only_what_was_said_in_both_orders_counts() -> None:
    agreed = [Duel("a", "b", "a"), Duel("b", "a", "a")]
    biased = [Duel("a", "c", "a"), Duel("c", "a", "c")]
    unread = [Duel("b", "c", None), Duel("c", "b", None)]
    alone = [Duel("a", "d", "a")]
    assert consistent([*biased, *agreed, *unread, *alone]) == agreed


def test_clusters_that_give_output_send_one_program_each() -> None:
    rows = {"p0": ("=1",), "p1": ("=1",), "p2": ("!time",), "p3": ("=2",)}
    view = View(
        tuple(PROGRAMS),
        {name: Behaviour.of(name, keys) for name, keys in rows.items()},
        sample_share={"p0": 0.0, "p1": 1.0},
    )
    assert [contestant.program_id for contestant in contestants(view)] == ["p1", "p3"]
    assert len(contestants(view, most=1)) == 1


@pytest.fixture
def asked() -> Iterator[Callable[..., tuple[list[Duel], list[str]]]]:
    """Play with a judge that answers by a rule, and return duels and prompts."""
    open_ones: list[JournalledModel | ScriptedEndpoint] = []

    def play(
        rule: Callable[[str], str | float], journal: Journal | None = None, **more: object
    ) -> tuple[list[Duel], list[str]]:
        budget, programs = more.pop("budget", Budget()), more.pop("programs", PROGRAMS)

        def reply(seen: SeenRequest) -> Reply:
            said = rule(str(seen.body["messages"]))
            if not isinstance(said, str):  # how likely A is
                return Reply("A" if said >= 0.5 else "B", odds={"A": said, "B": 1 - said})
            return Reply(said)

        endpoint = ScriptedEndpoint(reply).start()
        settings = EndpointSettings(model="scripted", base_url=endpoint.base_url)
        resources = ModelResources(journal, budget)  # type: ignore[arg-type]
        model = JournalledModel([Route(Endpoint(settings), price=FREE)], resources)
        open_ones.extend([model, endpoint])
        duels, _ = play_tournament(PUBLIC, programs, model, Pairing(**more))  # type: ignore[arg-type]
        return duels, [str(request.body["messages"]) for request in endpoint.log]

    yield play
    for open_one in open_ones:
        open_one.close()


def test_a_judge_that_knows_wins_through_and_a_biased_one_says_nothing(
    asked: Callable[..., tuple[list[Duel], list[str]]],
) -> None:
    duels, prompts = asked(
        lambda text: "A" if text.find("print(2)") < text.find("print(") + 1 else "B"
    )
    assert len(duels) == len(prompts) == 12
    assert not any("choose me" in prompt for prompt in prompts)
    assert {duel.winner for duel in consistent(duels) if "p2" in (duel.first, duel.second)} == {
        "p2"
    }
    first_always, _ = asked(lambda text: "A")
    assert len(first_always) == 12
    assert consistent(first_always) == []
    unreadable, _ = asked(lambda text: "Hard to say.")
    assert {duel.winner for duel in unreadable} == {None}


def test_where_there_are_log_probabilities_their_expected_value_counts(
    asked: Callable[..., tuple[list[Duel], list[str]]],
) -> None:
    # Whoever stands first is taken to be right, but less so against program 2.
    def leaning(text: str) -> float:
        first, last = text.find("print(2)"), text.rfind("print(")
        return 0.6 if first == last else 0.9

    duels, _ = asked(leaning)
    assert all(duel.chance is not None for duel in duels)
    assert consistent(duels) == [], "by the letters alone nobody is better"
    values = pair_values(duels)
    assert values["p0", "p2"] == pytest.approx(0.35)
    assert values["p2", "p3"] == pytest.approx(0.65)
    assert values["p0", "p1"] == pytest.approx(0.5), "what the order says cancels out"
    by_letters, _ = asked(lambda text: "A")
    assert [duel.chance for duel in by_letters] == pytest.approx([1.0] * 12)
    assert set(pair_values(by_letters).values()) == {0.5}


def test_pairs_without_an_answer_in_each_order_have_no_value() -> None:
    unread = [Duel("a", "b", "a"), Duel("b", "a", None)]
    alone = [Duel("a", "c", "a", 0.9)]
    mixed = [Duel("b", "c", "b", 0.8), Duel("c", "b", "b")]
    assert pair_values([*unread, *alone, *mixed]) == {("b", "c"): pytest.approx(0.9)}


@pytest.mark.parametrize("count", [2, 3, 8, 13])
def test_swiss_rounds_let_the_best_meet_and_nobody_twice(count: int) -> None:
    scores, met = [0.0] * count, set[tuple[int, int]]()
    while pairs := swiss_round(scores, met):
        assert not met & set(pairs)
        assert len({seat for pair in pairs for seat in pair}) == 2 * len(pairs)
        met |= set(pairs)
        for _, worse in pairs:  # the later one is always better
            scores[worse] += 1
    assert len(met) == count * (count - 1) // 2, "in the end everybody met everybody"
    assert max(range(count), key=scores.__getitem__) == count - 1


def test_few_pairs_are_enough_to_find_the_best_of_many(
    asked: Callable[..., tuple[list[Duel], list[str]]],
) -> None:
    assert contestants_of(1) == contestants_of(28) - 4 == 8
    many = contestants_of(120)
    assert 30 <= many <= 40
    programs = [Program(f"q{n}", "python", f"print({n})", (f"c{n}",)) for n in range(many)]

    def higher(text: str) -> str:
        first, second = re.findall(r"print\((\d+)\)", text)
        return "A" if int(first) > int(second) else "B"

    duels, prompts = asked(higher, programs=programs, pairs=120)
    assert len(duels) == len(prompts) <= 240
    wins = Counter(duel.winner for duel in duels)
    assert wins.most_common(1)[0][0] == f"q{many - 1}"


def test_pairs_are_bounded_and_differences_turn_with_the_order(
    asked: Callable[..., tuple[list[Duel], list[str]]],
) -> None:
    shown = {("p0", "p1"): Disagreement("17", "zero", "three")}
    duels, prompts = asked(lambda text: "A", pairs=1, differences=shown)
    assert [(duel.first, duel.second) for duel in duels] == [("p0", "p1"), ("p1", "p0")]
    assert [prompt.find("zero") < prompt.find("three") for prompt in prompts].count(True) == 1
    assert all("17" in prompt for prompt in prompts)


def test_what_was_answered_is_not_asked_again_and_a_budget_ends_it(
    asked: Callable[..., tuple[list[Duel], list[str]]], tmp_path: Path
) -> None:
    with Journal.open(tmp_path) as journal:
        first, _ = asked(lambda text: "A", journal, budget=Budget(requests=4))
        assert len(first) == 4
        everything, prompts = asked(lambda text: "B", journal)
        assert len(everything) == 12
        assert len(prompts) == 8
        assert sum(duel.winner == duel.first for duel in everything) == 4
