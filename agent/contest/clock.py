"""Virtual time: tasks that wait for each other, and how long they take."""

from __future__ import annotations

import heapq
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable


def whole_ms(when_s: float) -> float:
    """Return a virtual time as the agenda gives it: 61.151 + 60 is 121.151 and not a hair more."""
    return round(when_s, 3)


def clock_text(at_s: float) -> str:
    """Write virtual seconds as H:MM:SS."""
    minutes, seconds = divmod(int(at_s), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


class Agenda:
    """What is to happen, in the order of virtual time; at equal times, as it was put down."""

    def __init__(self, pace: Pace | None = None) -> None:
        self._pace = pace
        self._heap: list[tuple[float, int, Callable[[float], None]]] = []
        self._number = 0
        self._now_s = 0.0
        self._calls: deque[Callable[[float], None]] = deque()

    @property
    def now_s(self) -> float:
        """The virtual time that it is."""
        return self._now_s if self._pace is None else max(self._now_s, self._pace.now_s)

    def at(self, when_s: float, action: Callable[[float], None]) -> None:
        """Put an action down; it is given its time (in whole milliseconds)."""
        heapq.heappush(self._heap, (whole_ms(when_s), self._number, action))
        self._number += 1

    def call(self, action: Callable[[float], None]) -> None:
        """Let an action happen now. Any thread may call this, while time is real."""
        assert self._pace is not None
        self._calls.append(action)
        self._pace.ring()

    def run(self) -> None:
        """Let everything happen, what is put down meanwhile included.

        Raises:
            Stopped: The pace was stopped.
        """
        while self._heap:
            while self._calls:
                self.at(self.now_s, self._calls.popleft())
            if self._pace is not None and not self._pace.wait(self._heap[0][0]):
                continue
            self._now_s, _, action = heapq.heappop(self._heap)
            action(self._now_s)


class Stopped(Exception):
    """Time has stopped permanently: there are no tasks left."""


class Pace:
    """Real time: keeps virtual time from running ahead of a clock on the wall.

    Args:
        speed: Virtual seconds a second.
        reached_s: The virtual time that is now: where an earlier session came.
    """

    def __init__(self, speed: float, reached_s: float = 0.0) -> None:
        self._speed = speed
        self._reached_s = reached_s
        self._start: float | None = None
        self._bell = threading.Event()
        self._stopped = False

    @property
    def now_s(self) -> float:
        """The virtual time on the wall."""
        if self._start is None:
            return self._reached_s
        return (time.monotonic() - self._start) * self._speed

    def begin(self) -> None:
        """Start time, if it has not started yet."""
        if self._start is None:
            self._start = time.monotonic() - self._reached_s / self._speed
            self.ring()

    def wait(self, when_s: float) -> bool:
        """Sleep until a virtual time has come; False if the bell rang before.

        Raises:
            Stopped: See `stop`.
        """
        while True:
            if self._stopped:
                raise Stopped
            left_s = (when_s - self.now_s) / self._speed
            if left_s <= 0:
                return True
            if self._bell.wait(None if self._start is None else left_s):
                self._bell.clear()
                return False

    def ring(self) -> None:
        """Wake who waits."""
        self._bell.set()

    def stop(self) -> None:
        """Stop time permanently."""
        self._stopped = True
        self.ring()


class JudgeQueue:
    """Judges that take submissions one after another, first come, first served."""

    def __init__(self, judges: int) -> None:
        self._free_at = [0.0] * judges

    def done_at(self, when_s: float, busy_s: float) -> float:
        """Submit; return the time of the verdict.

        Submissions must be handed in in the order of time.
        """
        start = max(when_s, heapq.heappop(self._free_at))
        heapq.heappush(self._free_at, start + busy_s)
        return start + busy_s

    @property
    def idle_at(self) -> float:
        """When the last verdict is there, if nothing more is handed in."""
        return max(self._free_at)


def charged_s(cpu_ms: float, runs: int) -> int:
    """Return what runs cost: every second that they begin, and nothing if there were none.

    Whole seconds, so that the noise of a measurement does not change a contest.
    """
    return int(cpu_ms // 1000) + 1 if runs else 0


def time_of_answers(latencies: Iterable[float], parallel: int) -> float:
    """Return the duration of requests sent in order with a limit on those in flight."""
    free_at = [0.0] * parallel
    for latency in latencies:
        heapq.heapreplace(free_at, free_at[0] + latency)
    return max(free_at)
