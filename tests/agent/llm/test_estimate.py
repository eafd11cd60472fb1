"""What is said beforehand holds what is paid afterwards."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from medalist.agent.llm import Request, estimate
from medalist.agent.llm.calls import JournalledModel
from medalist.agent.llm.prices import FREE, Price
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.propose import Sampler, arms, evenly
from medalist.agent.propose.public_result import Failure, Trial
from medalist.agent.propose.sample import SampleSettings
from medalist.agent.propose.search import SEARCHES, search, strategy
from medalist.agent.steps.planned_requests import foresee
from medalist.agent.steps.run_settings import RunSettings
from medalist.problems.formats import find_bundled, load

PRICE = Price(prompt=100.0, completion=1000.0, cached=100.0)
RECORDED = Path(__file__).parents[3] / "benchmarks" / "data" / "bundled-completions.jsonl"


def recorded() -> dict[str, list[dict[str, Any]]]:
    """Recorded answers of the embedded model with what they really took, by problem."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in RECORDED.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["language"] == "python":
            rows[row["problem"]].append(row)
    return rows


@pytest.mark.parametrize("problem_id", sorted(recorded())[:10])
def test_the_cost_of_a_recorded_run_lies_in_the_range_said_before(
    make_model: Callable[..., JournalledModel], problem_id: str
) -> None:
    """Ten runs; prompts are the product's, prompt and answer tokens are the model's own."""
    rows = recorded()[problem_id]
    public = load(find_bundled(problem_id)).public

    def script(seen: SeenRequest) -> Reply:
        usage = rows[seen.index]["usage"]
        return Reply(
            rows[seen.index]["completion"],
            prompt_tokens=usage["prompt_tokens"],
            completion_tokens=usage["completion_tokens"],
        )

    ways = arms(("direct",), ("python",))
    settings = RunSettings(len(rows), ("python",), ("direct",), max_tokens=700)
    requests, surely = foresee(public, settings, "small")
    before = estimate(requests, PRICE, surely=surely)
    assert before.usd is not None
    with ScriptedEndpoint(script) as endpoint:
        model = make_model(endpoint, concurrency=1)
        sampler = Sampler(public, ways, SampleSettings(form="small", max_tokens=700))
        asked = sampler.requests(evenly(ways, len(rows)))
        assert asked == requests
        assert len(list(sampler.sample(model, asked))) == before.calls[0] == before.calls[1]
        spent = model.spent
    assert spent.usd is not None
    assert before.usd[0] <= spent.usd <= before.usd[1]
    assert before.tokens[0] <= spent.tokens <= before.tokens[1]


def _worst(round_: Any) -> Iterator[Trial]:
    """Every program fails with the longest failure that can be shown."""
    for _, extraction in round_:
        failure = Failure("wrong", "1" * 9999, "2" * 9999, "3" * 9999, "m" * 9999)
        yield Trial((False,), failure, extraction.source)


@pytest.mark.parametrize("name", [name for name in SEARCHES if name not in ("once", "feedback")])
def test_a_search_stays_in_its_range_whatever_the_answers_are(
    make_model: Callable[..., JournalledModel], name: str
) -> None:
    public = load(find_bundled("warmer")).public
    ways = arms(("direct", "reason"), ("cpp", "python"))

    def script(seen: SeenRequest) -> Reply:
        program = f"print({seen.index})\n" * 200
        return Reply(f"60\n```python\n{program}```", completion_tokens=seen.max_tokens)

    settings = RunSettings(24, search=name, width=6, max_tokens=1000)
    requests, surely = foresee(public, settings)
    before = estimate(requests, PRICE, surely=surely)
    with ScriptedEndpoint(script) as endpoint:
        model = make_model(endpoint)
        plan = strategy(name, ways, 24, width=6, seed=0)
        attempts = list(
            search(
                plan,
                Sampler(public, ways, SampleSettings(max_tokens=1000)),
                model,
                lambda r: [*_worst(r)],
            )
        )
        spent = model.spent
    assert before.usd is not None
    assert spent.usd is not None
    assert before.calls == (6, 24)
    assert len(attempts) == 24
    assert before.usd[0] <= spent.usd <= before.usd[1]


def test_hidden_reasoning_is_counted_in(ask: Callable[..., Request]) -> None:
    requests = [ask("a", max_tokens=100)]
    plain, reasoning = (
        estimate(requests, None, limit=lambda _, size=size: size)  # type: ignore[misc]
        for size in (100, 24_100)
    )
    assert reasoning.tokens[1] - plain.tokens[1] == 24_000
    assert str(plain).endswith("price unknown")
    assert str(estimate(requests, FREE)).startswith("1 calls, ")
