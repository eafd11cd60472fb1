"""Batch APIs of several makers, as one: make a batch, find it again, ask how it is, read it."""

from __future__ import annotations

import re

from medalist.agent.llm.batch_contract import BatchApi
from medalist.agent.llm.endpoint import Endpoint
from medalist.agent.llm.maker_batches import AnthropicBatches, GeminiBatches
from medalist.agent.llm.openai_batches import OpenAIBatches


def batch_api(endpoint: Endpoint) -> BatchApi:
    """Return the Batch API of an endpoint, by the API that it is asked by and its address."""
    if endpoint.profile.api == "messages":
        return AnthropicBatches(endpoint)
    if re.search(r"/v1(?:alpha|beta)\w*/openai/?$", endpoint.where):
        return GeminiBatches(endpoint)
    return OpenAIBatches(endpoint)
