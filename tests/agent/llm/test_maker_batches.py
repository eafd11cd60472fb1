"""The Batch APIs of Anthropic and Gemini: submitted, fetched, resumed, paid once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path

import pytest

from medalist.agent.journal import Journal
from medalist.agent.llm import Budget, Completion, Model, Request, open_model
from medalist.agent.llm.resources import ModelResources
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.llm.scripted.scripted_maker_batches import ScriptedMakerBatches
from medalist.agent.llm.settings import EndpointSettings, ModelSettings
from medalist.errors import ModelFailure

MAKERS = {"anthropic": "claude-opus-4-6", "gemini": "gemini-3-pro"}
Open = Callable[..., Model]

PRICES = """
["claude-opus-4-6"]
prompt = 100.0
completion = 1000.0
["gemini-3-pro"]
prompt = 100.0
completion = 1000.0
"""


@pytest.fixture(params=MAKERS)
def maker(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def open_batch(tmp_path: Path, maker: str) -> Iterator[Open]:
    config = tmp_path / "config" / "medalist"
    config.mkdir(parents=True, exist_ok=True)
    (config / "prices.toml").write_text(PRICES)
    models: list[Model] = []

    def make(endpoint: ScriptedEndpoint, journal: Journal | None) -> Model:
        url = endpoint.base_url
        if maker == "gemini":
            url = f"{url.removesuffix('/v1')}/v1beta/openai"
        own = EndpointSettings.model_validate(
            {"model": MAKERS[maker], "base_url": url, "api_key": "k"}
            | ({"api": "messages"} if maker == "anthropic" else {})
        )
        model = open_model(
            MAKERS[maker],
            ModelResources(journal=journal, budget=Budget()),
            batch_api=True,
            settings=ModelSettings(endpoints=(own,), first_wait_s=0.2),
        )
        models.append(model)
        return model

    yield make
    for model in models:
        model.close()


def echo(seen: SeenRequest) -> Reply:
    return Reply(f"answer to {asked(seen)}", reasoning="Hm.", reasoning_tokens=3)


def asked(seen: SeenRequest) -> str:
    content = seen.body["messages"][0]["content"]
    return str(content if isinstance(content, str) else content[0]["text"])


def questions(ask: Callable[..., Request], count: int) -> list[Request]:
    return [ask(f"r{n}", f"question {n}") for n in range(count)]


def texts(came: list[Completion]) -> dict[str, str]:
    return {request.request_id: request.text for request in came}


RIGHT = {f"r{n}": f"answer to question {n}" for n in range(4)}


def test_answers_come_at_half_price_with_thoughts_apart(
    open_batch: Open, ask: Callable[..., Request]
) -> None:
    with ScriptedEndpoint(echo) as endpoint:
        model = open_batch(endpoint, None)
        came = list(model.complete(questions(ask, 4)))
        made = len(endpoint.maker_batches.batches)
        truth = sum(50 * seen.prompt_tokens + 500 * seen.completion_tokens for seen in endpoint.log)
    assert texts(came) == RIGHT
    assert {answer.reasoning for answer in came} == {"Hm."}
    assert (made, len(endpoint.log)) == (1, 4)
    assert model.spent.usd == pytest.approx(truth / 1e6)


def test_a_later_session_fetches_what_an_earlier_one_asked_for(
    open_batch: Open, ask: Callable[..., Request], tmp_path: Path
) -> None:
    batches = ScriptedMakerBatches(looks=1000)
    with ScriptedEndpoint(echo, maker_batches=batches) as endpoint:
        with Journal.open(tmp_path / "run") as journal:
            model = open_batch(endpoint, journal)
            source = model.complete(questions(ask, 4))

            def wait() -> None:
                with suppress(ModelFailure, CancelledError):
                    next(source, None)

            thread = threading.Thread(target=wait, daemon=True)
            thread.start()
            while not batches.batches:
                time.sleep(0.05)
            time.sleep(0.5)
            model.close()
            thread.join()
        batches.looks = 1
        with Journal.open(tmp_path / "run") as journal:
            came = list(open_batch(endpoint, journal).complete(questions(ask, 4)))
    assert texts(came) == RIGHT
    assert (len(batches.batches), len(endpoint.log)) == (1, 4)


def test_a_batch_whose_name_never_came_is_found_and_not_paid_twice(
    open_batch: Open, ask: Callable[..., Request]
) -> None:
    batches = ScriptedMakerBatches(looks=3, drop_created=1)
    with ScriptedEndpoint(echo, maker_batches=batches) as endpoint:
        came = list(open_batch(endpoint, None).complete(questions(ask, 4)))
    assert texts(came) == RIGHT
    assert (len(batches.batches), len(endpoint.log)) == (1, 4)


def test_what_ran_out_of_its_day_is_asked_again(
    open_batch: Open, ask: Callable[..., Request]
) -> None:
    batches = ScriptedMakerBatches(answers=3)
    with ScriptedEndpoint(echo, maker_batches=batches) as endpoint:
        came = list(open_batch(endpoint, None).complete(questions(ask, 4)))
    assert texts(came) == RIGHT
    assert len(batches.batches) == 2


def test_a_request_that_is_refused_is_said(open_batch: Open, ask: Callable[..., Request]) -> None:
    with ScriptedEndpoint([Reply("too long", status=400)]) as endpoint:
        model = open_batch(endpoint, None)
        with pytest.raises(ModelFailure, match="too long"):
            list(model.complete(questions(ask, 1)))
