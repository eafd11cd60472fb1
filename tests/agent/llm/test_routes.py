"""Several endpoints together, quotas that outlive a process, breakers, and what models take."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from medalist.agent.llm.attempt import AttemptAnswer, AttemptFailed
from medalist.agent.llm.calls import JournalledModel
from medalist.agent.llm.contract import Budget, Completion, Message, Request
from medalist.agent.llm.endpoint import Endpoint
from medalist.agent.llm.prices import FREE, Price
from medalist.agent.llm.quota import Quota
from medalist.agent.llm.resources import ModelResources
from medalist.agent.llm.route import FAILURES_TO_TRIP, Route, RouteUse, doubled
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.llm.settings import EndpointLimits, EndpointSettings
from medalist.agent.types import Usage
from medalist.errors import BudgetExhausted, ModelFailure

Make = Callable[..., JournalledModel]
Ask = Callable[..., Request]


def route(
    endpoint: ScriptedEndpoint, *, weight: float = 1.0, price: Price = FREE, rest_s: float = 0.01
) -> Route:
    settings = EndpointSettings(model=endpoint.model, base_url=endpoint.base_url, concurrency=6)
    return Route(Endpoint(settings), price=price, use=RouteUse(weight=weight, rest_s=rest_s))


def test_requests_are_shared_by_weight(ask: Ask) -> None:
    slow = [Reply("x", delay_s=0.05)]
    with ScriptedEndpoint(slow, "a") as a, ScriptedEndpoint(slow, "b") as b:
        model = JournalledModel([route(a), route(b, weight=2.0)], ModelResources())
        assert model.name == "a+b"
        # Six at a time: any one of the two could take them all.
        waves = [[ask(f"{wave} {n}") for n in range(6)] for wave in range(10)]
        answers = [answer for wave in waves for answer in model.complete(wave)]
        model.close()
    assert len(answers) == 60
    assert {answer.model for answer in answers} == {"a", "b"}
    assert 1.4 <= len(b.log) / len(a.log) <= 2.6


@pytest.mark.parametrize("reply", [Reply(status=401), Reply(status=503), Reply(fault="html")])
def test_one_endpoint_stands_in_for_another(ask: Ask, reply: Reply) -> None:
    with ScriptedEndpoint([reply], "broken") as broken, ScriptedEndpoint(model="well") as well:
        # So long a rest that it is never tried again, however slow the machine.
        routes = [route(broken, rest_s=600.0), route(well)]
        model = JournalledModel(routes)
        answers = list(model.complete(ask(f"{n}") for n in range(40)))
        model.close()
    assert len(answers) == len(well.log) == 40
    assert len(broken.log) <= 12


def test_breaker_ends_what_never_works(make_model: Make, ask: Ask) -> None:
    with ScriptedEndpoint([Reply("sorry", status=500)]) as endpoint:
        model = make_model(endpoint, concurrency=4)
        with pytest.raises(ModelFailure, match="500: sorry"):
            list(model.complete(ask(f"{n}") for n in range(1000)))
    assert len(endpoint.log) <= 16


def test_breaker_recovers_when_the_endpoint_does(make_model: Make, ask: Ask) -> None:
    def script(seen: SeenRequest) -> Reply:
        return Reply(status=500) if seen.index < 8 else Reply("fine")

    with ScriptedEndpoint(script) as endpoint:
        model = make_model(endpoint, concurrency=8)
        answers = list(model.complete(ask(f"{n}") for n in range(20)))
    assert len(answers) == 20
    assert len(endpoint.log) == 28


def test_after_its_rest_a_tripped_route_takes_one_request_alone(ask: Ask) -> None:
    tripped = Route(Endpoint(EndpointSettings(model="m")), price=FREE, use=RouteUse(rest_s=4.0))
    for number in range(FAILURES_TO_TRIP):
        assert tripped.ready_at() <= 2.4
        tripped.failed(AttemptFailed("500: sorry"), started=1.0, now=2.0 + number / 10)
    assert tripped.ready_at() == pytest.approx(6.4)
    # What was on its way when the breaker tripped says nothing new.
    tripped.failed(AttemptFailed("500: sorry"), started=1.5, now=3.0)
    assert tripped.ready_at() == pytest.approx(6.4)
    tripped.in_flight = 1
    assert tripped.ready_at() == math.inf
    request = ask("trial")
    claim = tripped.claim(request)
    answer = AttemptAnswer("fine", "", "stop", Usage(completion_tokens=1), "m")
    tripped.succeeded(request, answer, claim, claim)
    assert tripped.ready_at() <= 6.4


def test_an_ignored_token_limit_is_paid_once_and_reported(make_model: Make, ask: Ask) -> None:
    reply = Reply("x" * 4000, ignores_limit=True)
    with ScriptedEndpoint([reply]) as endpoint:
        model = make_model(endpoint, concurrency=1, budget=Budget(usd=10.0))
        answers: list[Completion] = []
        with pytest.raises(ModelFailure) as caught:
            answers.extend(model.complete(ask(f"{n}", max_tokens=100) for n in range(10)))
        (seen,) = endpoint.log
        paid = seen.prompt_tokens * 1e-4 + 1.0
        assert model.spent.usd == pytest.approx(paid)
    words = "ignored its token limit: 1000 tokens where 100 were allowed, 0.89 dollars more"
    assert words in str(caught.value)


def test_an_endless_stream_is_cut(make_model: Make, ask: Ask) -> None:
    reply = Reply("x" * 16 * 500, ignores_limit=True)
    with ScriptedEndpoint([reply]) as endpoint:
        model = make_model(endpoint, profile={"stream": True})
        with pytest.raises(ModelFailure, match=r"went on beyond 50 tokens .*ignores its token lim"):
            list(model.complete([ask("a")]))
    assert len(endpoint.log) == 1


@pytest.mark.parametrize("api", ["chat", "responses"])
@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("reply", "finish", "text"),
    [
        (Reply("print(1)\n" * 5, reasoning="easy", reasoning_tokens=3), "stop", "print(1)\n" * 5),
        (Reply("abcd" * 100), "length", "abcd" * 50),
        (Reply(refusal="I will not."), "refusal", "I will not."),
    ],
)
def test_both_apis_plain_and_streamed(
    make_model: Make, ask: Ask, api: str, stream: bool, reply: Reply, finish: str, text: str
) -> None:
    with ScriptedEndpoint([reply]) as endpoint:
        model = make_model(endpoint, profile={"api": api, "stream": stream})
        (completion,) = model.complete([ask("a")])
    (seen,) = endpoint.log
    assert (completion.finish, completion.text) == (finish, text)
    assert completion.reasoning == reply.reasoning
    assert completion.usage == Usage(
        seen.prompt_tokens, None, seen.completion_tokens, reply.reasoning_tokens
    )
    assert bool(seen.body.get("stream")) == stream
    assert seen.path == ("/v1/chat/completions" if api == "chat" else "/v1/responses")


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_a_cut_stream_is_asked_for_again(make_model: Make, ask: Ask, api: str) -> None:
    script = [Reply("x" * 100, fault="cut"), Reply("x" * 100, fault="truncated_json"), Reply("y")]
    with ScriptedEndpoint(script) as endpoint:
        model = make_model(endpoint, profile={"stream": True, "api": api})
        (completion,) = model.complete([ask("a")])
        assert completion.text == "y"
        # The two that were cut did work and may be billed.
        assert model.spent.usd is not None
        assert model.spent.usd > sum(seen.completion_tokens for seen in endpoint.log) * 1e-3


def test_reasoning_models_take_less_and_their_hidden_tokens_are_priced(
    make_model: Make, ask: Ask
) -> None:
    reply = Reply("print(1)", reasoning_tokens=5000)
    with ScriptedEndpoint([reply], "o1-mini") as endpoint:
        model = make_model(endpoint, model="o1-mini", profile={"reasoning_effort": "low"})
        messages = (Message("system", "Be brief."), Message("user", "Add."))
        request = Request("a", messages, 100, seed=1, stop=("END",), think_apart=True)
        (completion,) = model.complete([request])
    assert endpoint.log[0].body == {
        "model": "o1-mini",
        "messages": [{"role": "user", "content": "Be brief.\n\nAdd."}],
        "max_completion_tokens": 32_868,
        "reasoning_effort": "low",
    }
    assert completion.usage.reasoning_tokens == 5000
    assert completion.cost_usd is not None
    assert completion.cost_usd > 5.0


def test_requests_a_minute(tmp_path: Path) -> None:
    quota = Quota("a", EndpointLimits(requests_per_minute=2), tmp_path)
    assert quota.take(10)[0] is not None
    assert quota.take(10)[0] is not None
    ticket, wait = quota.take(10)
    assert ticket is None
    assert 55 < wait <= 60
    other = Quota("b", EndpointLimits(requests_per_minute=2), tmp_path)
    assert other.take(10)[0] is not None
    quota.close()
    other.close()


def test_tokens_a_day_count_what_was_really_used(tmp_path: Path) -> None:
    quota = Quota("a", EndpointLimits(tokens_per_day=1000), tmp_path)
    first, _ = quota.take(900)
    assert first is not None
    assert quota.take(200)[0] is None
    quota.settle(first, 100)
    second, _ = quota.take(900)
    assert second is not None
    assert quota.take(1)[0] is None
    quota.settle(second, 900, sent=False)
    assert quota.take(900)[0] is not None
    assert quota.take(1001)[1] > 0, "more than the quota never fits"
    quota.close()


def test_a_weekly_quota_outlives_the_process(ask: Ask, tmp_path: Path) -> None:
    answers: list[Completion] = []
    with ScriptedEndpoint() as endpoint:
        for session in range(2):
            quota = Quota("account", EndpointLimits(requests_per_week=5), tmp_path)
            chosen = route(endpoint)
            chosen.quota = quota
            model = JournalledModel([chosen])
            requests = [ask(f"{session} {n}") for n in range(20)]
            with pytest.raises(BudgetExhausted, match="because of its quotas"):
                answers.extend(model.complete(requests))
            model.close()
    assert len(answers) == len(endpoint.log) == 5


def test_requests_wait_for_room_in_the_minute(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("medalist.agent.llm.quota._WINDOWS_S", {"minute": 0.3})
    with ScriptedEndpoint() as endpoint:
        chosen = route(endpoint)
        chosen.quota = Quota("account", EndpointLimits(requests_per_minute=3), tmp_path)
        model = JournalledModel([chosen])
        started = time.monotonic()
        assert len(list(model.complete(ask(f"{n}") for n in range(7)))) == 7
        assert time.monotonic() - started >= 0.6
        model.close()


def test_rests_grow_for_as_many_tries_as_an_outage_lasts() -> None:
    assert [doubled(times) for times in (0, 1, 10)] == [1.0, 2.0, 1024.0]
    assert doubled(5000) == doubled(60)
