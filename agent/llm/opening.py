"""The first answers of a run go ahead of the others: they show whether the rest is worth asking.

Where a model's name does not say whether it thinks, one request goes alone, and the limit of the
others follows from its answer. Where answers end while the model still thinks, at most
`FIRST_ANSWERS` of them are paid for before the run stops and says what to change.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from medalist.agent.llm.contract import Completion
from medalist.errors import BudgetExhausted

FIRST_ANSWERS = 4
"""So many answers that are all cut while thinking end a run."""


PATIENCE_S = 60.0
"""So many seconds the others wait for a first answer: one that is slow must not hold all up."""


class Opening:
    """Counts the first answers of a run. Used from one event loop.

    Args:
        patience_s: How long the others wait for an answer.
    """

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self.limit = 0
        self._patience_s = patience_s
        self._cut: set[str] = set()
        self._free = False
        self._in_flight = 0
        self._changed = asyncio.Event()

    @property
    def hopeless(self) -> bool:
        """Whether all of the first answers were cut while thinking."""
        return not self._free and len(self._cut) >= FIRST_ANSWERS

    async def enter(self, cautious: Callable[[], bool]) -> None:
        """Wait until one more request may go, which `leave` ends.

        Args:
            cautious: Whether the first answers are worth waiting for, as things stand.

        Raises:
            BudgetExhausted: The first answers were all cut.
        """
        while not self._free and cautious():
            if self.hopeless:
                raise BudgetExhausted(self.message())
            # One shows what limit the others need; if it was cut, a few more show whether all are.
            allowed = FIRST_ANSWERS - len(self._cut) if self._cut else 1
            if self._in_flight < allowed:
                break
            try:
                await asyncio.wait_for(self._changed.wait(), self._patience_s)
            except TimeoutError:
                break
        if self.hopeless:
            raise BudgetExhausted(self.message())
        self._in_flight += 1

    def leave(self, completion: Completion | None, limit: int = 0) -> None:
        """Note how a request ended; None is a failure, after which nobody waits any more."""
        self._in_flight -= 1
        if completion is None:
            self._free = True
        else:
            self.note(completion, limit)
        self._changed.set()
        self._changed = asyncio.Event()

    def note(self, completion: Completion, limit: int = 0) -> None:
        """Count an answer, of this session or an earlier one."""
        if completion.finish in ("refusal", "content_filter"):
            return
        if completion.cut_while_thinking:
            self._cut.add(completion.request_id)
            self.limit = limit or completion.usage.completion_tokens or self.limit
        else:
            self._free = True

    def message(self) -> str:
        """Say why nothing more is asked, and what to change."""
        within = f" after {self.limit} tokens" if self.limit else ""
        return (
            f"the first {len(self._cut)} answers were all cut while thinking{within}: no more "
            f"requests are sent (give them more room with --max-tokens, or let the model think "
            f"less)"
        )
