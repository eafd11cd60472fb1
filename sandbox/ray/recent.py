"""What was used last, bounded in bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Recent(Generic[_T]):
    """A mapping that forgets what was used longest ago. Thread-safe.

    One value that alone is over the bound is kept until the next one comes.
    """

    def __init__(self, bound_bytes: int) -> None:
        self._bound = bound_bytes
        self._bytes = 0
        self._kept: OrderedDict[str, tuple[_T, int]] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, key: str) -> _T | None:
        """Return a value and count that as a use; None if it is not kept."""
        with self._guard:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, key: str, value: _T, size: int) -> None:
        """Keep a value of `size` bytes."""
        with self._guard:
            if key in self._kept:
                self._bytes -= self._kept.pop(key)[1]
            while self._kept and self._bytes + size > self._bound:
                self._bytes -= self._kept.popitem(last=False)[1][1]
            self._kept[key] = (value, size)
            self._bytes += size
