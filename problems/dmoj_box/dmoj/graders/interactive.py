"""Graders that talk to the submission."""

from __future__ import annotations

import math
from typing import Any, BinaryIO

from ..result import CheckerResult
from ..utils.unicode import utf8bytes
from .standard import StandardGrader

EOF = b""
_DIGITS_LIMIT = 10_000
_SHOWN = 5


class WrongAnswer(BaseException):
    """The submission said something wrong; the text is the feedback."""


class Interactor:
    """Reads what the submission prints, and writes what it reads."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source = source
        self._sink = sink
        self._rest: bytes | None = None

    def read(self) -> bytes:
        """Return all that the submission prints until it ends."""
        return self._some(self._source.read())

    def readln(self, strip_newline: bool = True) -> bytes:
        """Return the next line, without blanks at its end."""
        line = self._some(self._source.readline())
        return line.rstrip() if strip_newline else line

    def readtoken(self, delim: bytes | None = None) -> bytes:
        """Return the next token of the line; the next line is read where it has no more."""
        if not self._rest:
            self._rest = self.readln()
        token, *rest = self._rest.split(delim, 1) or [b""]
        self._rest = rest[0] if rest else None
        return token

    def readint(
        self, lo: float = -math.inf, hi: float = math.inf, delim: bytes | None = None
    ) -> int:
        """Return the next token as a whole number between `lo` and `hi`."""
        token = self._number_token(delim)
        try:
            value = int(token)
        except ValueError:
            raise WrongAnswer(f'expected int, got "{_short(token)}"') from None
        if not lo <= value <= hi:
            raise WrongAnswer(f"expected int in range [{lo:.0f}, {hi:.0f}], got {value}")
        return value

    def readfloat(
        self, lo: float = -math.inf, hi: float = math.inf, delim: bytes | None = None
    ) -> float:
        """Return the next token as a number between `lo` and `hi`."""
        token = self._number_token(delim)
        try:
            value = float(token)
        except ValueError:
            raise WrongAnswer(f'expected float, got "{_short(token)}"') from None
        if not lo <= value <= hi:
            raise WrongAnswer(f"expected float in range [{lo:.2f} {hi:.2f}], got {value:.2f}")
        return value

    def write(self, value: Any) -> None:
        """Send a value as text."""
        self._sink.write(utf8bytes(value if isinstance(value, bytes) else str(value)) or b"")
        self._sink.flush()

    def writeln(self, value: Any) -> None:
        """Send a value as a line."""
        self.write(f"{value}\n")

    def close(self) -> None:
        """Say that nothing more will come."""
        self._sink.close()

    def _number_token(self, delim: bytes | None) -> bytes:
        token = self.readtoken(delim)
        if len(token) > _DIGITS_LIMIT:
            raise WrongAnswer("the number is too long")
        return token

    def _some(self, text: bytes) -> bytes:
        if text == EOF:
            raise OSError("the submission has ended")
        return text


class InteractiveGrader(StandardGrader):
    """A package derives from it and says in `interact` how to talk."""

    def interact(self, case: Any, interactor: Interactor) -> bool | CheckerResult:
        """Talk to the submission and say whether it did right."""
        raise NotImplementedError


def _short(token: bytes) -> str:
    text = token.decode(errors="replace")
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
