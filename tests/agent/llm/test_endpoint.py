"""What an endpoint may answer, and what is made of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest

from medalist.agent.llm.calls import JournalledModel
from medalist.agent.llm.contract import Request
from medalist.agent.llm.failures import retry_after
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.types import Usage
from medalist.errors import ModelFailure

Make = Callable[..., JournalledModel]
Ask = Callable[..., Request]


def test_answer_with_everything(make_model: Make, ask: Ask) -> None:
    reply = Reply("print(1)", reasoning="easy", reasoning_tokens=7)
    with ScriptedEndpoint([reply]) as endpoint:
        model = make_model(endpoint, api_key="sk-secret")
        request = ask("a", "Print one.", seed=3, stop=("END",), temperature=0.5, top_p=None)
        (completion,) = model.complete([request])
    assert completion.text == "print(1)"
    assert completion.reasoning == "easy"
    assert completion.finish == "stop"
    assert completion.model == "scripted"
    (seen,) = endpoint.log
    assert completion.usage == Usage(seen.prompt_tokens, None, 9, 7)
    assert completion.cost_usd == pytest.approx(seen.prompt_tokens * 1e-4 + 9e-3)
    assert seen.headers["authorization"] == "Bearer sk-secret"
    assert seen.body == {
        "model": "scripted",
        "messages": [{"role": "user", "content": "Print one."}],
        "max_tokens": 50,
        "seed": 3,
        "stop": ["END"],
        "temperature": 0.5,
        "top_p": 0.95,
    }


def test_missing_usage_counts_at_its_maximum(make_model: Make, ask: Ask) -> None:
    with ScriptedEndpoint([Reply("x", usage=False)]) as endpoint:
        model = make_model(endpoint)
        (completion,) = model.complete([ask("a", max_tokens=100)])
        assert completion.usage == Usage()
        assert completion.cost_usd is not None
        assert completion.cost_usd >= 100e-3
        assert model.spent.tokens >= 100


def test_unknown_price_is_said(make_model: Make, ask: Ask) -> None:
    with ScriptedEndpoint([Reply("x")]) as endpoint:
        model = make_model(endpoint, price=None)
        (completion,) = model.complete([ask("a")])
        assert completion.cost_usd is None
        assert model.spent.usd is None
        assert model.spent.tokens > 0


@pytest.mark.parametrize(
    ("reply", "finish", "text"),
    [
        (Reply(refusal="I cannot help with that."), "refusal", "I cannot help with that."),
        (Reply("", finish="content_filter"), "content_filter", ""),
        (Reply("abcdefgh" * 50), "length", "abcdefgh" * 25),
        (Reply("", reasoning="hm", reasoning_tokens=50, finish="length"), "length", ""),
    ],
)
def test_paid_outcomes(make_model: Make, ask: Ask, reply: Reply, finish: str, text: str) -> None:
    with ScriptedEndpoint([reply]) as endpoint:
        (completion,) = make_model(endpoint).complete([ask("a")])
    assert (completion.finish, completion.text) == (finish, text)
    assert completion.cost_usd is not None
    assert completion.cost_usd > 0
    assert len(endpoint.log) == 1


@pytest.mark.parametrize("repeated", [False, True])
def test_prefill_is_continued(make_model: Make, ask: Ask, repeated: bool) -> None:
    prefill = "```python\n"
    with ScriptedEndpoint([Reply(prefill * repeated + "print(1)")]) as endpoint:
        model = make_model(endpoint, profile={"prefill": True})
        (completion,) = model.complete([ask("a", prefill=prefill)])
    assert completion.text == "```python\nprint(1)"
    assert endpoint.log[0].body["messages"][-1] == {"role": "assistant", "content": prefill}


def test_prefill_is_dropped_where_it_is_not_continued(make_model: Make, ask: Ask) -> None:
    with ScriptedEndpoint([Reply("print(1)")]) as endpoint:
        (completion,) = make_model(endpoint).complete([ask("a", prefill="```python\n")])
    assert completion.text == "print(1)"
    assert len(endpoint.log[0].body["messages"]) == 1


@pytest.mark.parametrize(
    ("reply", "words", "sent"),
    [
        (Reply("no such key", status=401), "401: no such key (the key is wrong", 1),
        (Reply("not yours", status=403), "403: not yours (the key may not", 1),
        (Reply("what?", status=404), "404: what? (has the endpoint a model 'scripted'", 1),
        (Reply("bad field", status=400), "400: bad field", 1),
        (Reply(fault="html"), "a web page instead of JSON (is the base URL right?", 1),
        (Reply("broken", status=500), "500: broken", 5),
        (Reply("slow down", status=429), "429: slow down", 12),
        (Reply(fault="truncated_json"), "invalid JSON", 3),
        (Reply(" "), "empty content", 3),
        (Reply(fault="cut"), "closed the connection", 3),
        (Reply(fault="long_length"), "closed the connection", 3),
        (Reply(fault="disconnect"), "closed the connection", 3),
        (Reply(fault="short_length"), "invalid JSON", 3),
        (Reply(delay_s=60.0), "in time (1 s): its work may be billed", 1),
    ],
)
def test_failures_are_one_clear_line(
    make_model: Make, ask: Ask, reply: Reply, words: str, sent: int
) -> None:
    with ScriptedEndpoint([reply]) as endpoint:
        patience = 1.0 if reply.delay_s else 120.0
        model = make_model(endpoint, timeout_s=patience, api_key="sk-secret")
        with pytest.raises(ModelFailure) as caught:
            list(model.complete([ask("a")]))
    message = str(caught.value)
    assert words in message
    assert endpoint.base_url in message
    assert "\n" not in message
    assert "sk-secret" not in message
    assert len(endpoint.log) == sent


def test_nobody_listens(make_model: Make, ask: Ask) -> None:
    with pytest.raises(ModelFailure, match=r"cannot be reached.*is the server running"):
        list(make_model("http://127.0.0.1:9/v1").complete([ask("a")]))


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=429, retry_after_s=0.1),
        Reply(status=503),
        Reply(fault="truncated_json"),
        Reply(fault="cut"),
        Reply(""),
    ],
)
def test_passing_trouble_is_overcome(make_model: Make, ask: Ask, reply: Reply) -> None:
    with ScriptedEndpoint([reply, reply, Reply("fine")]) as endpoint:
        (completion,) = make_model(endpoint).complete([ask("a")])
    assert completion.text == "fine"
    assert len(endpoint.log) == 3


def test_everybody_obeys_retry_after(make_model: Make, ask: Ask) -> None:
    def script(seen: SeenRequest) -> Reply:
        return Reply(status=429, retry_after_s=0.5) if seen.index == 0 else Reply("fine")

    with ScriptedEndpoint(script) as endpoint:
        model = make_model(endpoint, concurrency=1)
        assert len(list(model.complete(ask(f"{n}") for n in range(3)))) == 3
    first, second = endpoint.log[0], endpoint.log[1]
    # Not from its end: the client may have read the answer before the server notes that.
    assert second.started - first.started >= 0.5


def test_one_hopeless_request_is_left_out(
    make_model: Make, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    def script(seen: SeenRequest) -> Reply:
        hopeless = "3" in seen.body["messages"][0]["content"]
        return Reply("too long", status=400) if hopeless else Reply("fine")

    with ScriptedEndpoint(script) as endpoint, caplog.at_level(logging.WARNING):
        model = make_model(endpoint)
        answered = {c.request_id for c in model.complete(ask(f"{n}", f"{n}") for n in range(6))}
    assert answered == {"0", "1", "2", "4", "5"}
    assert "too long" in caplog.text


def test_a_wrong_key_stops_everything_at_once(make_model: Make, ask: Ask) -> None:
    with ScriptedEndpoint([Reply("no", status=401)]) as endpoint:
        model = make_model(endpoint, concurrency=2)
        with pytest.raises(ModelFailure, match="401"):
            list(model.complete(ask(f"{n}") for n in range(100)))
    assert len(endpoint.log) <= 2


def test_requests_are_drawn_lazily_and_answered_concurrently(make_model: Make, ask: Ask) -> None:
    drawn = 0

    def requests() -> Any:
        nonlocal drawn
        for number in range(10_000):
            drawn += 1
            yield ask(f"{number}")

    with ScriptedEndpoint([Reply("x", delay_s=0.5)]) as endpoint:
        model = make_model(endpoint, concurrency=8)
        answers = model.complete(requests())
        assert [next(answers).text for _ in range(3)] == ["x"] * 3
        model.close()
    assert drawn <= 8 + 3
    assert endpoint.most_in_flight == 8


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("2", 2.0), ("0.5", 0.5), ("-3", 0.0), ("soon", None), ("nan", None)],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}) == seconds


def test_retry_after_as_a_date_that_has_passed() -> None:
    assert retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0.0
