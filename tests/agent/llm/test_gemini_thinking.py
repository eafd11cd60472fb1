"""How much Gemini is told to think in a batch: levels from Gemini 3 on, tokens before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from medalist.agent.llm import Budget, Request, open_model
from medalist.agent.llm.resources import ModelResources
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint
from medalist.agent.llm.settings import EndpointSettings, ModelSettings


@pytest.mark.parametrize(
    ("model", "effort", "told"),
    [
        ("gemini-3-pro", "low", {"includeThoughts": True, "thinkingLevel": "low"}),
        ("gemini-3-pro", "max", {"includeThoughts": True}),
        ("gemini-2.5-pro", "low", {"includeThoughts": True, "thinkingBudget": 1024}),
        ("google/gemini-2.5-flash", "high", {"includeThoughts": True, "thinkingBudget": 24_576}),
        ("gemini-2.5-flash", "max", {"includeThoughts": True, "thinkingBudget": -1}),
    ],
)
def test_a_batch_says_how_much_to_think_as_the_model_takes_it(
    ask: Callable[..., Request], model: str, effort: str, told: dict[str, Any]
) -> None:
    with ScriptedEndpoint([Reply("answer", reasoning="Hm.", reasoning_tokens=3)]) as endpoint:
        url = f"{endpoint.base_url.removesuffix('/v1')}/v1beta/openai"
        own = EndpointSettings.model_validate({"model": model, "base_url": url, "api_key": "k"})
        settings = ModelSettings.model_validate(
            {"endpoints": [own], "first_wait_s": 0.1, "reasoning_effort": effort}
        )
        opened = open_model(
            model, ModelResources(budget=Budget()), batch_api=True, settings=settings
        )
        list(opened.complete([ask("r0", "question")]))
        opened.close()
        (batch,) = endpoint.maker_batches.batches.values()
    rows = batch["batch"]["input_config"]["requests"]["requests"]
    assert rows[0]["request"]["generationConfig"]["thinkingConfig"] == told
