"""What `--dry-run` says of models that think is kept, whether their names say so or not."""

from __future__ import annotations

import random

import pytest

from medalist.agent.llm import Request, estimate, open_model
from medalist.agent.llm.contract import Message
from medalist.agent.llm.open import terms
from medalist.agent.llm.resources import ModelResources
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.llm.settings import EndpointSettings, ModelSettings


@pytest.mark.parametrize("seed", range(20))
def test_a_thinking_run_stays_in_the_range_said_before(seed: int) -> None:
    draw = random.Random(seed)
    name = draw.choice(["qwen3-32b", "deepseek-r1", "gpt-5.4", "mystery-7b"])
    longest = draw.choice([500, 6000, 30_000])

    def thinks(seen: SeenRequest) -> Reply:
        thought = random.Random(f"{seed}/{seen.index}").randint(1, longest)
        return Reply(
            "```python\nprint(1)\n```" * 9, reasoning="Hm. " * 50, reasoning_tokens=thought
        )

    texts = [f"Problem {n}. " * draw.randint(1, 300) for n in range(6)]
    requests = [Request(text, (Message("user", text),)) for text in texts]
    with ScriptedEndpoint(thinks, name) as endpoint:
        own = EndpointSettings(model=name, base_url=endpoint.base_url, price=(1.0, 10.0))
        settings = ModelSettings(endpoints=(own,), first_wait_s=0.01)
        (term,) = terms(name, settings=settings)
        before = estimate(requests, term.price, limit=term.limit)
        model = open_model(name, ModelResources(), settings=settings)
        try:
            assert len(list(model.complete(requests))) == 6
            spent = model.spent
        finally:
            model.close()
    assert before.usd is not None
    assert spent.usd is not None
    assert before.tokens[0] <= spent.tokens <= before.tokens[1]
    assert before.usd[0] <= spent.usd <= before.usd[1]
