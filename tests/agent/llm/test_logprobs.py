"""Log-probabilities: asked for, read in every form, kept, and refused."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from medalist.agent.journal import Journal
from medalist.agent.llm.contract import Completion, Message, Request
from medalist.agent.llm.logprobs import chances, read_logprobs
from medalist.agent.llm.open import open_model
from medalist.agent.llm.resources import ModelResources
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.llm.settings import EndpointSettings, ModelSettings

ODDS = {"A": 0.7, "B": 0.2, " B": 0.05, "The": 0.05}


def asked(
    endpoint: ScriptedEndpoint,
    journal: Journal | None = None,
    most: int = 5,
    **profile: Any,
) -> Completion:
    one = EndpointSettings(model="scripted", base_url=endpoint.base_url, profile=profile)
    settings = ModelSettings(endpoints=(one,), first_wait_s=0.01)
    request = Request("duel", (Message("user", "A or B?"),), max_tokens=4, logprobs=most)
    model = open_model(None, ModelResources(journal), settings=settings)
    try:
        (answer,) = model.complete([request])
    finally:
        model.close()
    return answer


@pytest.mark.parametrize("profile", [{}, {"stream": True}, {"api": "responses"}])
def test_both_apis_give_log_probabilities(profile: Mapping[str, Any]) -> None:
    with ScriptedEndpoint([Reply("A", odds=ODDS)]) as endpoint:
        answer = asked(endpoint, **profile)
    assert chances(answer, "AB") == pytest.approx({"A": 0.7 / 0.95, "B": 0.25 / 0.95})


def test_they_are_journalled_and_read_again(tmp_path: Path) -> None:
    with ScriptedEndpoint([Reply("A", odds=ODDS)]) as endpoint:
        with Journal.open(tmp_path) as journal:
            first = asked(endpoint, journal)
        with Journal.open(tmp_path) as journal:
            again = asked(endpoint, journal)
    assert len(endpoint.log) == 1
    assert again.logprobs == first.logprobs is not None


def test_an_endpoint_that_refuses_them_is_asked_without() -> None:
    def refusing(seen: SeenRequest) -> Reply:
        if "logprobs" in seen.body:
            return Reply("This model does not support logprobs.", status=400)
        return Reply("B")

    with ScriptedEndpoint(refusing) as endpoint:
        answer = asked(endpoint)
    assert (answer.text, answer.logprobs, len(endpoint.log)) == ("B", None, 2)


def test_an_endpoint_that_names_fewer_is_asked_for_fewer() -> None:
    def refusing(seen: SeenRequest) -> Reply:
        if seen.body.get("top_logprobs", 0) > 8:
            return Reply("`top_logprobs` must be less than or equal to 8", status=422)
        return Reply("A", odds=ODDS)

    with ScriptedEndpoint(refusing) as endpoint:
        answer = asked(endpoint, most=20)
    assert [seen.body["top_logprobs"] for seen in endpoint.log] == [20, 8]
    assert answer.logprobs is not None


def test_columns_of_older_servers_are_read() -> None:
    columns = {
        "tokens": [" A", "."],
        "token_logprobs": [-0.5, None],
        "top_logprobs": [{" A": -0.5, " B": -1.0}],
        "text_offset": [0, 2],
    }
    read = read_logprobs(columns)
    assert read is not None
    assert [(item.token, item.likeliest) for item in read] == [(" A", ((" A", -0.5), (" B", -1.0)))]


@pytest.mark.parametrize(
    "given",
    [None, 7, "x", [], {}, {"content": None}, {"tokens": ["A"]}, [{"token": "A", "logprob": "-1"}],
     [{"token": None, "logprob": -1}], {"tokens": 3, "token_logprobs": []}, [[]]],
)  # fmt: skip
def test_what_is_no_log_probability_is_none(given: object) -> None:
    assert read_logprobs(given) is None


def completion(text: str, tokens: list[tuple[str, dict[str, float]]]) -> Completion:
    rows = [
        {
            "token": token,
            "logprob": math.log(odds.get(token, 0.5)),
            "top_logprobs": [{"token": one, "logprob": math.log(p)} for one, p in odds.items()],
        }
        for token, odds in tokens
    ]
    made: Any = {"request_id": "q", "reasoning": "", "finish": "stop", "usage": None, "model": "m"}
    return Completion(
        text=text,
        latency_s=0,
        cost_usd=0,
        logprobs=read_logprobs(json.loads(json.dumps(rows))),
        **made,
    )


def test_a_letter_in_the_thoughts_is_not_the_answer() -> None:
    thought = [("B", {"B": 0.9, "A": 0.1}), (" it", {}), ("</think>", {}), ("\n", {})]
    answer = [("**", {}), ("A", {"A": 0.6, "B": 0.4}), ("**", {}), ("<|im_end|>", {})]
    assert chances(completion("**A**", thought + answer), "AB") == pytest.approx(
        {"A": 0.6, "B": 0.4}
    )


def test_a_letter_after_the_answer_is_not_it() -> None:
    answer = [("B", {"B": 0.8, "A": 0.2}), (".", {}), (" A", {" A": 0.9}), (" loop", {})]
    assert chances(completion("B. A loop", answer), "AB") == pytest.approx({"A": 0.2, "B": 0.8})


def test_an_answer_without_such_a_token_says_nothing() -> None:
    assert chances(completion("neither", [("neither", {"neither": 1.0})]), "AB") is None
    assert chances(completion("", []), "AB") is None
