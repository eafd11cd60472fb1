"""What is said beforehand holds what is paid afterwards."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

from medalist.agent.llm.calls import Calls
from medalist.agent.llm.estimate import estimate
from medalist.agent.llm.prices import Price
from medalist.agent.llm.scripted import Reply, ScriptedEndpoint, Seen
from medalist.agent.llm.types import Request

PRICE = Price(prompt=100.0, completion=1000.0, cached=100.0)


def test_ten_runs_of_recorded_answers(
    make_model: Callable[..., Calls], ask: Callable[..., Request], shared: Path
) -> None:
    lines = (shared / "pools" / "qwen15b-archives.jsonl").read_text().splitlines()
    answers = [json.loads(line) for line in lines]
    for seed in range(10):
        drawn = random.Random(seed).sample(answers, k=8)

        def script(seen: Seen, drawn: list[dict[str, object]] = drawn) -> Reply:
            row = drawn[seen.index]
            usage = row["usage"]
            assert isinstance(usage, dict)
            return Reply(str(row["completion"]), completion_tokens=usage["completion_tokens"])

        requests = [ask(f"{n}", "Solve this. " * 100, max_tokens=600) for n in range(8)]
        before = estimate(requests, "scripted", PRICE)
        assert before.usd is not None
        with ScriptedEndpoint(script) as endpoint:
            model = make_model(endpoint, concurrency=1)
            assert len(list(model.complete(requests))) == before.calls == 8
            spent = model.spent
        assert spent.usd is not None
        assert before.usd[0] <= spent.usd <= before.usd[1]
        assert before.tokens[0] <= spent.tokens <= before.tokens[1]


def test_hidden_reasoning_is_counted_in(ask: Callable[..., Request]) -> None:
    (plain, reasoning) = (
        estimate([ask("a", max_tokens=100)], model) for model in ("some-model", "o1-mini")
    )
    assert reasoning.tokens[1] - plain.tokens[1] == 24_000
    assert str(plain).endswith("price unknown")
