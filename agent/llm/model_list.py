"""An endpoint's list of models, which may say how long a model's context is."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import httpx2
import openai

from medalist.agent.llm.attempt import AttemptFailed
from medalist.agent.llm.failures import REQUEST_ERRORS, Failures
from medalist.agent.llm.patience import Patience, patiently
from medalist.agent.llm.room import Room
from medalist.agent.llm.settings import EndpointSettings
from medalist.agent.llm.streaming import parsed

TIMEOUT_S = 5.0


class ModelList:
    """Asks for the list and tells the room what it says of one model."""

    def __init__(
        self,
        settings: EndpointSettings,
        client: openai.AsyncOpenAI,
        room: Room,
        failures: Failures,
        patience: Patience,
    ) -> None:
        """`patience` is how long a server is waited for that is loading its model."""
        self._settings, self._client, self._room = settings, client, room
        self._failures, self._patience = failures, patience

    async def learn(self) -> None:
        """Ask, unless the user said how long the context is; never fails."""
        if self._settings.context is None:
            # What is wrong with the endpoint the first question says.
            with contextlib.suppress(AttemptFailed):
                await patiently(self._once, self._patience)

    async def _once(self) -> None:
        options: Any = {"timeout": TIMEOUT_S}
        try:
            async with asyncio.timeout(TIMEOUT_S):
                raw = await self._client.get("/models", cast_to=httpx2.Response, options=options)
            listed = parsed(raw.text)
        except REQUEST_ERRORS as error:
            raise self._failures.of(error, TIMEOUT_S) from error
        except ValueError as error:
            raise AttemptFailed("the list of models is invalid JSON") from error
        self._room.learn_list(listed, self._settings.model)
