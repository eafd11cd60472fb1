"""How many tokens a model may write: what suits it, within what its server has room for.

A model that thinks before it answers needs an order of magnitude more than one that does not.
Whether it thinks is known from its name (`profiles.py`) or from its first answers; how long its
context is, from the server's list of models or from its refusal of a longer request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from medalist.agent.llm.attempt import AttemptAnswer
from medalist.agent.llm.contract import Request
from medalist.agent.llm.profiles import Profile

PLAIN_TOKENS = 4096
"""The limit of an answer that is written at once."""

LEAST_TOKENS = 256
"""No request has a lower limit than this for want of context: its prompt was overestimated, or
the server says that it is too long."""

_BYTES_A_TOKEN = 2.0  # of a prompt, at worst (see `estimate.py`); the first answers say better
_TEMPLATE_TOKENS = 64
_MARGIN = 1.1  # of the tokens of other prompts over those that were counted

# The names are those of vLLM and SGLang; LM Studio and Mistral; llama.cpp; OpenRouter and
# Together; Groq. The first two of llama.cpp are in `meta`. A loaded model may have less room
# than it was trained for.
_CONTEXT = (
    "max_model_len",
    "loaded_context_length",
    "max_context_length",
    "n_ctx",
    "n_ctx_train",
    "context_length",
    "context_window",
)
_OUTPUT = ("max_completion_tokens", "max_output_tokens")


class Room:
    """What is known of a model's limits; it grows while the model answers."""

    def __init__(
        self, profile: Profile, *, max_tokens: int | None = None, context: int | None = None
    ) -> None:
        """Begin with what the profile says and the user set.

        Args:
            profile: The model's.
            max_tokens: The limit that the user wants where a request leaves it open.
            context: Maximum tokens of prompt and answer together.
        """
        self.context = context
        self.most: int | None = None
        self.thinks = profile.thinking
        self._thinking_tokens = profile.thinking_tokens
        self._extra = profile.reasoning_allowance
        self._wanted = max_tokens
        self._tokens_a_byte = 1 / _BYTES_A_TOKEN
        self._counted = False

    @property
    def usual(self) -> int:
        """The limit where a request leaves it open, if the context is long enough."""
        suits = self._thinking_tokens if self.thinks else PLAIN_TOKENS
        return self._extra + (self._wanted or suits)

    def undecided(self, request: Request) -> bool:
        """Whether the first answer may show that this request needs a higher limit."""
        if self.thinks is not None:
            return False
        return request.think_apart or (request.max_tokens is None and self._wanted is None)

    def cautious(self, request: Request) -> bool:
        """Whether its first answers may show that the requests have too little room."""
        if self.thinks is False:
            return False
        return self.undecided(request) or self.limit(request) < self._thinking_tokens

    def limit(self, request: Request) -> int:
        """Return the most tokens that an answer may have, thinking included."""
        if request.max_tokens is None:
            limit = self.usual
        else:
            limit = request.max_tokens + self._extra
            if request.think_apart and self.thinks:
                limit += self._thinking_tokens
        limit = min(limit, self.most or limit, self._extra + (request.at_most or limit))
        if self.context is not None:
            limit = min(limit, max(LEAST_TOKENS, self.context - self.prompt_tokens(request)))
        return limit

    def highest(self, request: Request) -> int:
        """Return the limit of a request if the model turns out to think, should that be open."""
        known, self.thinks = self.thinks, self.thinks is not False
        try:
            return self.limit(request)
        finally:
            self.thinks = known

    def resolved(self, request: Request) -> Request:
        """Return the request with the limit that it has now, whatever is learnt later."""
        limit = self.limit(request) - self._extra
        return replace(request, max_tokens=limit, think_apart=False)

    def prompt_tokens(self, request: Request) -> int:
        """Return how many tokens a prompt has at most, as far as can be told."""
        return _TEMPLATE_TOKENS + round(_size(request) * self._tokens_a_byte)

    def learn_list(self, listed: object, name: str) -> None:
        """Take over what a server's list of models says of the one of this name."""
        data = listed.get("data") if isinstance(listed, Mapping) else None
        cards = (
            [entry for entry in data if isinstance(entry, Mapping)]
            if isinstance(data, list)
            else []
        )
        mine = [card for card in cards if card.get("id") == name]
        for card in mine or (cards if len(cards) == 1 else []):
            self.learn_card(card)

    def learn_card(self, card: Mapping[str, Any]) -> None:
        """Take over what an entry of such a list says."""
        places = [card, card.get("meta"), card.get("top_provider"), card.get("limits")]
        parts = [part for part in places if isinstance(part, Mapping)]
        contexts = [n for part in parts for name in _CONTEXT if (n := _count(part.get(name)))]
        if contexts and self.context is None:
            self.context = min(contexts)
        outputs = [n for part in parts for name in _OUTPUT if (n := _count(part.get(name)))]
        if outputs:
            self.most = min(outputs)

    def learn_answer(self, request: Request, answer: AttemptAnswer) -> None:
        """Take over what an answer shows: whether the model thinks, how dense prompts are."""
        usage = answer.usage
        if answer.reasoning or usage.reasoning_tokens or _nothing_but_thought(answer):
            self.thinks = True
        elif self.thinks is None and answer.text.strip():
            self.thinks = False
        if usage.prompt_tokens:
            self.learn_prompt(request, usage.prompt_tokens)

    def learn_prompt(self, request: Request, tokens: int) -> None:
        """Take over how many tokens the server counts in a prompt."""
        size = _size(request)
        if size:
            seen = _MARGIN * tokens / size
            # A template of fixed length counts for more in a short prompt: never less than seen.
            self._tokens_a_byte = max(seen, self._tokens_a_byte) if self._counted else seen
            self._counted = True


def _nothing_but_thought(answer: AttemptAnswer) -> bool:
    return not answer.text.strip() and answer.finish == "length"


def _size(request: Request) -> int:
    return request.prompt_bytes


def _count(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        value = int(value)
    known = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return value if known else None  # type: ignore[return-value]
