"""Budget, journal, resuming and replaying: what a run keeps and what it may spend."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from medalist.agent.journal import Journal
from medalist.agent.llm import calls, open_model
from medalist.agent.llm.api_answers import read_chats
from medalist.agent.llm.calls import JournalledModel
from medalist.agent.llm.contract import Budget, Completion, Request
from medalist.agent.llm.gate import charge, claim_for
from medalist.agent.llm.resources import ModelResources
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.errors import BadInput, BudgetExhausted, ModelFailure

Make = Callable[..., JournalledModel]
Ask = Callable[..., Request]


def numbered(seen: SeenRequest) -> Reply:
    """Answer with the request's number, so that answers differ."""
    return Reply(f"answer {seen.index}")


def test_what_was_answered_is_never_asked_again(make_model: Make, ask: Ask, tmp_path: Path) -> None:
    requests = [ask(f"{n}", f"question {n}") for n in range(5)]
    with ScriptedEndpoint(numbered) as endpoint:
        with Journal.open(tmp_path / "run") as journal:
            model = make_model(endpoint, journal=journal)
            first = {c.request_id: c for c in model.complete(requests[:3])}
            spent = model.spent
            model.close()
        with Journal.open(tmp_path / "run") as journal:
            model = make_model(endpoint, journal=journal)
            assert model.spent == spent
            again = {c.request_id: c for c in model.complete(requests)}
            model.close()
    assert {name: again[name] for name in first} == first
    assert len(again) == len(endpoint.log) == 5


def test_a_call_in_flight_at_a_kill_is_charged_once(
    make_model: Make, ask: Ask, tmp_path: Path
) -> None:
    request = ask("a", max_tokens=100)
    with ScriptedEndpoint([Reply("x")]) as endpoint:
        with Journal.open(tmp_path / "run") as journal:
            # As a killed process leaves it: the intent is there, and nothing after it.
            model = make_model(endpoint, journal=journal)
            list(model.complete([request]))
            model.close()
            (intent,) = journal.raw_events("call.intent")
            journal.append_raw("call.intent", "b", intent.body)
            before = model.spent
        maximum = intent.body["usd"]
        assert isinstance(maximum, float)
        for _ in range(2):
            with Journal.open(tmp_path / "run") as journal:
                model = make_model(endpoint, journal=journal)
                assert before.usd is not None
                assert model.spent.usd == pytest.approx(before.usd + maximum)
                assert model.spent.requests == 2
                assert [event.key for event in journal.raw_events("call.unknown")] == ["b"]
                model.close()


def test_an_interrupt_right_after_an_answer_leaves_nothing_waiting(
    make_model: Make, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(queue.SimpleQueue[object]):
        """Takes the first answer out, as `get` does, and loses it to Ctrl-C."""

        lost = False

        def get(self, block: bool = True, timeout: float | None = None) -> object:
            item = super().get(timeout=120)
            if self.lost:
                return item
            self.lost = True
            raise KeyboardInterrupt

    def script(seen: SeenRequest) -> Reply:
        return Reply("fast") if seen.index == 0 else Reply("slow", delay_s=30)

    with ScriptedEndpoint(script) as endpoint:
        model = make_model(endpoint)
        monkeypatch.setattr(calls, "queue", SimpleNamespace(SimpleQueue=Interrupted))
        with pytest.raises(KeyboardInterrupt):
            list(model.complete([ask("a"), ask("b")]))
        model.close()


def test_stopping_early_charges_what_was_in_flight(
    make_model: Make, ask: Ask, tmp_path: Path
) -> None:
    def script(seen: SeenRequest) -> Reply:
        # The last, so that all are on their way when it is answered.
        return Reply("fast") if seen.index == 2 else Reply("slow", delay_s=300)

    with ScriptedEndpoint(script) as endpoint, Journal.open(tmp_path / "run") as journal:
        model = make_model(endpoint, journal=journal, concurrency=3)
        answers = model.complete(ask(f"{n}") for n in range(3))
        assert next(answers).text == "fast"
        model.close()
        assert model.spent.in_flight == 0
        assert len(list(journal.raw_events("call.intent"))) == 3
        assert len(list(journal.raw_events("call.unknown"))) == 2


@pytest.mark.parametrize("concurrency", [1, 8])
def test_never_more_money_than_the_cap(make_model: Make, ask: Ask, concurrency: int) -> None:
    with ScriptedEndpoint([Reply("x" * 400, delay_s=0.01)]) as endpoint:
        model = make_model(endpoint, budget=Budget(usd=1.0), concurrency=concurrency)
        answers: list[Completion] = []

        def ask_on() -> None:
            for completion in model.complete(ask(f"{n}") for n in range(1000)):
                answers.append(completion)
                assert model.spent.usd is not None
                assert model.spent.usd + model.spent.in_flight_usd <= 1.0

        with pytest.raises(BudgetExhausted, match=r"the cap of 1\.00 dollars is reached"):
            ask_on()
        assert model.spent.usd == pytest.approx(sum(a.cost_usd or 0 for a in answers))
    work = sum(seen.prompt_tokens * 1e-4 + seen.completion_tokens * 1e-3 for seen in endpoint.log)
    assert 0.8 < work <= 1.0
    assert len(answers) == len(endpoint.log)


def test_the_cap_counts_earlier_sessions(make_model: Make, ask: Ask, tmp_path: Path) -> None:
    budget = Budget(requests=5)
    with ScriptedEndpoint([Reply("x")]) as endpoint:
        for first, wanted in ((0, 3), (3, 2)):
            with Journal.open(tmp_path / "run") as journal:
                model = make_model(endpoint, journal=journal, budget=budget)
                requests = [ask(f"{n}") for n in range(first, first + wanted)]
                assert len(list(model.complete(requests))) == wanted
                model.close()
        with Journal.open(tmp_path / "run") as journal:
            model = make_model(endpoint, journal=journal, budget=budget)
            with pytest.raises(BudgetExhausted, match="5 requests"):
                list(model.complete([ask("one more")]))
            assert [c.request_id for c in model.complete([ask("0")])] == ["0"]
            model.close()
    assert len(endpoint.log) == 5


def test_cap_on_tokens(make_model: Make, ask: Ask) -> None:
    with ScriptedEndpoint([Reply("x" * 400)]) as endpoint:
        model = make_model(endpoint, budget=Budget(tokens=2000))
        with pytest.raises(BudgetExhausted, match="2000 tokens"):
            list(model.complete(ask(f"{n}") for n in range(1000)))
    assert sum(seen.prompt_tokens + seen.completion_tokens for seen in endpoint.log) <= 2000


def test_cap_on_time_gives_up_what_is_too_slow(make_model: Make, ask: Ask, tmp_path: Path) -> None:
    def script(seen: SeenRequest) -> Reply:
        return Reply("fast") if seen.index == 0 else Reply("slow", delay_s=300)

    with ScriptedEndpoint(script) as endpoint, Journal.open(tmp_path / "run") as journal:
        model = make_model(endpoint, journal=journal, budget=Budget(seconds=2.5), concurrency=4)
        answers: list[str] = []
        with pytest.raises(BudgetExhausted, match=r"2\.5 s is over"):
            answers.extend(c.text for c in model.complete(ask(f"{n}") for n in range(4)))
        model.close()
        assert len(list(journal.raw_events("call.unknown"))) == 3


def test_waiting_as_the_endpoint_asks_may_be_too_long(make_model: Make, ask: Ask) -> None:
    with ScriptedEndpoint([Reply(status=429, retry_after_s=60)]) as endpoint:
        model = make_model(endpoint, budget=Budget(seconds=5))
        with pytest.raises(BudgetExhausted, match="cannot be asked for another 60 s"):
            list(model.complete([ask("a")]))


def test_callers_share_what_may_be_in_flight(make_model: Make, ask: Ask) -> None:
    with ScriptedEndpoint([Reply("x", delay_s=0.2)]) as endpoint:
        model = make_model(endpoint, concurrency=3)
        # Two callers at once share the cap.
        callers = [
            threading.Thread(
                target=lambda c=c: list(model.complete(ask(f"{c} {n}") for n in range(10)))
            )
            for c in range(2)
        ]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
    assert len(endpoint.log) == 20
    assert endpoint.most_in_flight == 3


def test_a_cap_in_dollars_needs_a_price(make_model: Make) -> None:
    with pytest.raises(
        BadInput, match=r"none is known for 'scripted' \(give it with --price IN,OUT"
    ):
        make_model("http://127.0.0.1:9/v1", price=None, budget=Budget(usd=1))


def test_a_recorded_run_replays_exactly(make_model: Make, ask: Ask, tmp_path: Path) -> None:
    # Two equal questions with different ids have different answers.
    requests = [ask("a"), ask("b"), ask("c", "other"), ask("d", "other", seed=4)]
    with ScriptedEndpoint(numbered) as endpoint, Journal.open(tmp_path / "run") as journal:
        model = make_model(endpoint, journal=journal)
        recorded = {c.request_id: c for c in model.complete(requests)}
        model.close()
    with Journal.open(tmp_path / "replay") as journal:
        replay = open_model(f"recorded:{tmp_path / 'run'}", ModelResources(journal))
        assert {c.request_id: c for c in replay.complete(reversed(requests))} == recorded
        replay.close()
    replay = open_model(f"recorded:{tmp_path / 'replay'}")
    renamed = [ask(f"other {r.request_id}", r.messages[0].content, seed=r.seed) for r in requests]
    texts = {c.text for c in replay.complete(renamed)}
    assert texts == {c.text for c in recorded.values()}
    with pytest.raises(ModelFailure, match=r"holds no \(further\) answer to request e"):
        list(replay.complete([ask("e", "never asked")]))
    replay.close()


def test_a_recording_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nowhere"):
        open_model(f"recorded:{tmp_path / 'nowhere'}")


@pytest.mark.parametrize(
    "usage",
    [
        '{"prompt_tokens": 50, "completion_tokens": 10, "total_tokens": 960}',
        '{"prompt_tokens": 50, "completion_tokens": 0}',
        '{"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}',
        '{"prompt_tokens": 1e99, "completion_tokens": "10"}',
        "null",
    ],
)
def test_a_cap_in_tokens_holds_whatever_usage_says(usage: str, ask: Ask) -> None:
    body = {"choices": [{"message": {"content": "x"}, "finish_reason": "stop"}]}
    (answer,) = read_chats({**body, "usage": json.loads(usage)}, 1, 100)
    assert answer is not None
    request = ask("a", max_tokens=910)
    counted = charge(answer, None, claim_for(request, None, 910)).tokens
    assert counted >= 910, "each answer took 910 tokens"
