"""Follows the journal of a contest and tells those who wait when there is more to see.

There is no queue a viewer: the log is one list that only grows, and each viewer holds a place in
it. A slow one stays behind and costs nothing; one that comes back continues from its last place.
"""

from __future__ import annotations

import asyncio
import math
import secrets
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from medalist.agent.contest.events import (
    ContestEvent,
    ContestOpened,
    ParticipantJoined,
    ProblemAdded,
    read_events,
)
from medalist.agent.journal import Journal
from medalist.agent.web.views import AudienceView
from medalist.errors import BadInput

POLL_S = 0.1
"""How often the journal is looked at: the mean delay of an event is half of it."""

BURST = 200
"""Events that are taken in at a time, before viewers get their turn."""


class Hub:
    """The contest of a run as its viewers see it.

    Args:
        run: The run directory.
        replay: Virtual seconds a second in which a recorded contest is shown again; None shows
            the journal as it grows.
        hold_freeze: Keep what the freeze hid from the public after the end too; the presenter's
            view (`full`) has it.

    Raises:
        BadInput: There is no contest in that directory.
        JournalFailure: The journal cannot be read.
    """

    def __init__(
        self, run: Path, *, replay: float | None = None, hold_freeze: bool = False
    ) -> None:
        self.run = run
        self._journal = Journal.open(run, readonly=True)
        self._replay = replay
        self._salt = f"-{secrets.token_hex(4)}" if replay else ""
        self._started = time.monotonic()
        self._last = 0
        self._last_event_at = time.time()
        self._waiting: deque[ContestEvent] = deque()
        self._grown = asyncio.Event()
        self.newest_message: tuple[int, int, bytes] = (-1, -1, b"")
        self.closed = False
        self.failure: Exception | None = None
        self.on_failure: Callable[[], None] = lambda: None
        self.public = AudienceView(hold_freeze=hold_freeze)
        self.full = AudienceView(hold_freeze=False) if hold_freeze else self.public
        try:
            self._read()
            while self._show():
                pass
            if self.public.state.opened is None:
                raise BadInput("holds no contest", file=run, hint="see `medalist contest run`")
        except BaseException:
            self._journal.close()
            raise

    @property
    def tag(self) -> str:
        """Names the log: the same over restarts, but for a replay, which starts again."""
        return self.public.log.tag + self._salt

    @property
    def over(self) -> bool:
        """Whether nothing will happen any more."""
        return "final" in self.full.state.phases

    def clock(self) -> tuple[float, float]:
        """Return the virtual time now, and how many virtual seconds pass in a second."""
        state = self.public.state
        speed = self._replay or state.contest.speed or 0.0
        if self.over or not speed:
            return state.at_s, 0.0
        if self._replay:
            return (time.monotonic() - self._started) * speed, speed
        return state.at_s + max(0.0, time.time() - self._last_event_at) * speed, speed

    async def follow(self) -> None:
        """Follow the journal until cancelled; `failure` keeps what ended that before."""
        self._started = time.monotonic()
        try:
            while True:
                await asyncio.sleep(POLL_S)
                if not self._replay or not self._waiting:
                    await asyncio.to_thread(self._read)
                while self._show():
                    self._wake()
                    await asyncio.sleep(0)
        except Exception as error:
            # Whatever it was: a board that stands still must not look alive.
            self.failure = error
            self.on_failure()
        finally:
            self._journal.close()

    def close(self) -> None:
        """End every stream, so that the server can stop; they continue with the next one."""
        self.closed = True
        self._wake()

    async def wait(self, timeout_s: float) -> None:
        """Wait until there is more to see, at most so long."""
        try:
            await asyncio.wait_for(self._grown.wait(), timeout_s)
        except TimeoutError:
            return

    def _wake(self) -> None:
        self._grown.set()
        self._grown = asyncio.Event()

    def _read(self) -> None:
        """Read on; runs beside the event loop, which meanwhile leaves `_waiting` alone."""
        before = self._last
        for number, event in read_events(self._journal, self._last):
            self._last = number
            self._waiting.append(event)
        newest = self._journal.last_raw() if self._last > before else None
        if newest is not None:
            self._last_event_at = newest.at

    def _show(self) -> bool:
        """Run some of the due events; return whether there were any."""
        now = (time.monotonic() - self._started) * self._replay if self._replay else math.inf
        shown = False
        for _ in range(BURST):
            if not self._waiting or not self._due(self._waiting[0], now):
                break
            event = self._waiting.popleft()
            self.public.add(event)
            if self.full is not self.public:
                self.full.add(event)
            shown = True
        return shown

    @staticmethod
    def _due(event: ContestEvent, now: float) -> bool:
        setting_up = isinstance(event, ContestOpened | ProblemAdded | ParticipantJoined)
        return setting_up or event.at_s <= now
