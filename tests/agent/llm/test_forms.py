"""Answers that are held to a form."""

from __future__ import annotations

import json
from typing import Any

import pytest

from medalist.agent.llm.contract import Completion, Message, Request
from medalist.agent.llm.forms import unwrapped
from medalist.agent.llm.open import open_model
from medalist.agent.llm.resources import ModelResources
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.llm.settings import EndpointSettings, ModelSettings


def asked(endpoint: ScriptedEndpoint, **profile: Any) -> Completion:
    one = EndpointSettings(model="scripted", base_url=endpoint.base_url, profile=profile)
    settings = ModelSettings(endpoints=(one,), first_wait_s=0.01)
    request = Request(
        "duel", (Message("user", "A or B?"),), max_tokens=4, choices=("A", "B"), prefill="It is "
    )
    model = open_model(None, ModelResources(), settings=settings)
    try:
        (answer,) = model.complete([request])
    finally:
        model.close()
    return answer


def in_form(seen: SeenRequest) -> Reply:
    form = seen.body.get("response_format") or seen.body.get("text", {}).get("format")
    return Reply('{"answer": "B"}' if form else "Well, it depends")


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_a_server_that_keeps_forms_gives_a_letter(api: str) -> None:
    with ScriptedEndpoint(in_form) as endpoint:
        answer = asked(endpoint, api=api, structured=True, prefill=True)
        told = json.dumps(endpoint.log[0].body)
    assert answer.text == "B"
    assert '"enum": ["A", "B"]' in told
    assert "It is" not in told
    assert endpoint.log[0].max_tokens is not None
    assert endpoint.log[0].max_tokens > 4


def test_no_form_is_asked_of_a_server_that_is_not_known_to_keep_it() -> None:
    with ScriptedEndpoint(in_form) as endpoint:
        answer = asked(endpoint)
    assert answer.text.startswith("Well")
    assert "response_format" not in endpoint.log[0].body


def test_a_server_that_refuses_the_form_is_asked_without() -> None:
    def refusing(seen: SeenRequest) -> Reply:
        if "response_format" in seen.body:
            return Reply("'response_format' of type json_schema is not supported", status=400)
        return Reply("A")

    with ScriptedEndpoint(refusing) as endpoint:
        assert asked(endpoint, structured=True).text == "A"


@pytest.mark.parametrize(
    ("text", "said"),
    [('{"answer":"A"}', "A"), ('"B"', "B"), ("A", "A"), ('{"answer":"C"}', '{"answer":"C"}'),
     ('{"answer":["A"]}', '{"answer":["A"]}'), ("[" * 100_000, "[" * 100_000), ("", "")],
)  # fmt: skip
def test_what_has_another_form_stays_as_it_is(text: str, said: str) -> None:
    assert unwrapped(text, ("A", "B")) == said
