"""The Batch API, against a scripted endpoint: submitted, fetched, resumed, paid once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from medalist.agent.journal import Journal
from medalist.agent.llm import Budget, Completion, Model, Request, open_model
from medalist.agent.llm.resources import ModelResources
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.llm.scripted.scripted_batches import ScriptedBatches
from medalist.agent.llm.settings import EndpointSettings, ModelSettings
from medalist.errors import BadInput, BudgetExhausted, ModelFailure

PRICES = "[scripted]\nprompt = 100.0\ncompletion = 1000.0\n"
Open = Callable[..., Model]


@pytest.fixture
def open_batch(tmp_path: Path) -> Iterator[Open]:
    """Open a model with a known price that asks a scripted endpoint in batches."""
    config = tmp_path / "config" / "medalist"
    config.mkdir(parents=True)
    (config / "prices.toml").write_text(PRICES)
    models: list[Model] = []

    def make(
        endpoint: ScriptedEndpoint,
        journal: Journal | None,
        budget: Budget | None = None,
        first_wait_s: float = 0.4,
    ) -> Model:
        own = EndpointSettings(model="scripted", base_url=endpoint.base_url)
        model = open_model(
            "scripted",
            ModelResources(journal=journal, budget=budget or Budget()),
            batch_api=True,
            settings=ModelSettings(endpoints=(own,), first_wait_s=first_wait_s),
        )
        models.append(model)
        return model

    yield make
    for model in models:
        model.close()


def number(seen: SeenRequest) -> str:
    """The question's text."""
    return str(seen.body["messages"][0]["content"])


def echo(seen: SeenRequest) -> Reply:
    return Reply(f"answer to {number(seen)}")


def questions(ask: Callable[..., Request], count: int) -> list[Request]:
    return [ask(f"r{n}", f"question {n}") for n in range(count)]


def texts(completions: Iterator[Completion]) -> dict[str, str]:
    return {completion.request_id: completion.text for completion in completions}


def test_all_answers_come_at_half_the_price(
    open_batch: Open, ask: Callable[..., Request], tmp_path: Path
) -> None:
    with ScriptedEndpoint(echo) as endpoint, Journal.open(tmp_path / "run") as journal:
        model = open_batch(endpoint, journal)
        answers = texts(model.complete(questions(ask, 30)))
        assert answers == {f"r{n}": f"answer to question {n}" for n in range(30)}
        work = [(seen.prompt_tokens, seen.completion_tokens) for seen in endpoint.log]
        full = sum(prompt * 1e-4 + completion * 1e-3 for prompt, completion in work)
        assert model.spent.usd == pytest.approx(full / 2)
        batches = list(endpoint.batches.batches.values())
        assert [batch["completion_window"] for batch in batches] == ["24h"]
        assert {seen.path for seen in endpoint.log} == {"/v1/chat/completions"}


@pytest.mark.parametrize("moment", ["running", "created unheard"])
def test_a_restart_fetches_what_was_asked_and_pays_once(
    open_batch: Open, ask: Callable[..., Request], tmp_path: Path, moment: str
) -> None:
    """The first session is stopped while its batch runs, or never hears that it was made."""
    slow = ScriptedBatches(looks=10**9)
    requests = questions(ask, 12)
    with ScriptedEndpoint(echo, batches=slow) as endpoint:
        with Journal.open(tmp_path / "run") as journal:
            if moment == "created unheard":
                slow.drop_created = 1
            first = open_batch(endpoint, journal, Budget(seconds=2.5))
            with pytest.raises(BudgetExhausted):
                list(first.complete(requests))
            first.close()
            assert len(list(journal.raw_events("batch.planned"))) == 1
            assert not list(journal.raw_events("call.done"))
        slow.looks = 0
        with Journal.open(tmp_path / "run") as journal:
            second = open_batch(endpoint, journal)
            assert second.spent.usd == 0.0
            assert len(texts(second.complete(requests))) == 12
            paid = second.spent
        assert len(slow.batches) == 1
        assert len(endpoint.log) == 12
        work = sum(seen.prompt_tokens + seen.completion_tokens for seen in endpoint.log)
        assert paid.tokens == work
        with Journal.open(tmp_path / "run") as journal:
            third = open_batch(endpoint, journal)
            assert len(texts(third.complete(requests))) == 12
            assert third.spent.tokens == work
        assert len(endpoint.log) == 12


def test_a_batch_that_was_planned_and_never_made_is_made_anew(
    open_batch: Open, ask: Callable[..., Request], tmp_path: Path
) -> None:
    requests = questions(ask, 3)
    with ScriptedEndpoint(echo) as endpoint:
        with Journal.open(tmp_path / "run") as journal:
            where = f"{endpoint.base_url}/ scripted"
            ids = [request.request_id for request in requests]
            journal.append_raw("batch.planned", "tag", {"endpoint": where, "requests": [*ids]})
        with Journal.open(tmp_path / "run") as journal:
            model = open_batch(endpoint, journal)
            assert len(texts(model.complete(requests))) == 3
        assert len(endpoint.batches.batches) == 1


def test_what_a_day_was_too_short_for_is_asked_again(
    open_batch: Open, ask: Callable[..., Request], tmp_path: Path
) -> None:
    batches = ScriptedBatches(answers=5)
    with (
        ScriptedEndpoint(echo, batches=batches) as endpoint,
        Journal.open(tmp_path / "run") as journal,
    ):
        model = open_batch(endpoint, journal)
        assert len(texts(model.complete(questions(ask, 12)))) == 12
        assert [batch["status"] for batch in batches.batches.values()] == [
            "expired",
            "expired",
            "completed",
        ]
        assert len(endpoint.log) == 12


def test_one_bad_request_spoils_no_other(
    open_batch: Open, ask: Callable[..., Request], tmp_path: Path
) -> None:
    def script(seen: SeenRequest) -> Reply:
        return Reply("no", status=400) if number(seen) == "question 4" else echo(seen)

    with ScriptedEndpoint(script) as endpoint, Journal.open(tmp_path / "run") as journal:
        model = open_batch(endpoint, journal)
        assert texts(model.complete(questions(ask, 8))).keys() == {
            f"r{n}" for n in range(8) if n != 4
        }


def test_a_refused_batch_says_why(open_batch: Open, ask: Callable[..., Request]) -> None:
    batches = ScriptedBatches(refusal="the file has no line for this model")
    with ScriptedEndpoint(echo, batches=batches) as endpoint:
        model = open_batch(endpoint, None)
        with pytest.raises(ModelFailure, match="no line for this model"):
            list(model.complete(questions(ask, 2)))
        assert not endpoint.log


def test_a_cap_holds_for_a_batch_at_its_price(
    open_batch: Open, ask: Callable[..., Request], tmp_path: Path
) -> None:
    with ScriptedEndpoint(echo) as endpoint, Journal.open(tmp_path / "run") as journal:
        # Many small batches, one after the other: each is waited for.
        model = open_batch(endpoint, journal, Budget(usd=0.2), first_wait_s=0.02)
        with pytest.raises(BudgetExhausted, match="dollars"):
            list(model.complete(questions(ask, 100)))
        work = [(seen.prompt_tokens, seen.completion_tokens) for seen in endpoint.log]
        paid = sum(prompt * 0.5e-4 + completion * 0.5e-3 for prompt, completion in work)
        assert 0 < paid <= 0.2
        assert model.spent.usd == pytest.approx(paid)


def test_only_endpoints_have_a_batch_api() -> None:
    for spec in ("embedded", "recorded:nowhere"):
        with pytest.raises(BadInput, match="Batch API"):
            open_model(spec, ModelResources(journal=None), batch_api=True)
