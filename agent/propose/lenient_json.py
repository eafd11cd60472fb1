"""JSON as weak models write it: read where it can mean one thing only.

Beside JSON this takes single, triple and back quotes, line breaks inside of texts, names without
quotes, commas too many, Python's `True` and `None`, comments, texts joined by `+`, escapes that
JSON does not know, and objects that end with the text. What may mean two things (quotes inside of a
text without a backslash, a text that was cut) is an error: a program must not change on its way.
"""

from __future__ import annotations

import json
import re
from typing import TypeAlias

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"

_DEPTH = 32
_GAP = re.compile(r"(?:\s|//[^\n]*|#[^\n]*|/\*.*?\*/)*", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_CONSTANTS: dict[str, Value] = {
    "true": True, "false": False, "null": None, "none": None, "True": True, "False": False,
    "None": None, "undefined": None,
}  # fmt: skip
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\n": ""}
_STRICT = json.JSONDecoder(strict=False)


class NotJson(ValueError):
    """It cannot be parsed; the message tells the author what is wrong."""


def value_at(text: str, place: int = 0) -> tuple[Value, int]:
    """Return the value that begins at a place of a text, and where it ends.

    Raises:
        NotJson: There is none that can mean one thing only.
    """
    reader = LooseReader(text, place)
    reader.skip()
    try:
        value, end = _STRICT.raw_decode(text, reader.place)
    except (ValueError, RecursionError):
        return reader.value(), reader.place
    return value, end


class LooseReader:
    """Reads values from a place of a text on."""

    def __init__(self, text: str, place: int = 0) -> None:
        self.text = text
        self.place = place
        self._depth = 0

    def skip(self) -> None:
        """Continue to what is not a blank and no comment."""
        gap = _GAP.match(self.text, self.place)
        self.place = gap.end() if gap is not None else self.place

    def takes(self, mark: str) -> bool:
        """Continue behind a mark, if it stands here."""
        self.skip()
        if not self.text.startswith(mark, self.place):
            return False
        self.place += len(mark)
        return True

    def word(self) -> str | None:
        """Read a name."""
        self.skip()
        match = _WORD.match(self.text, self.place)
        if match is None:
            return None
        self.place = match.end()
        return match[0]

    @property
    def at_end(self) -> bool:
        """Whether nothing follows."""
        self.skip()
        return self.place >= len(self.text)

    def value(self) -> Value:
        """Read a value.

        Raises:
            NotJson: There is none.
        """
        self.skip()
        self._depth += 1
        if self._depth > _DEPTH:
            raise NotJson("nested too deeply")
        try:
            if self.takes("{"):
                return self._object()
            if self.takes("["):
                return self._list()
            if self._quote() is not None:
                return self._texts()
            return self._plain()
        finally:
            self._depth -= 1

    def _object(self) -> dict[str, Value]:
        fields: dict[str, Value] = {}
        while not self.at_end and not self.takes("}"):
            name = self._text() if self._quote() is not None else self.word()
            if name is None:
                raise self._error("expected a name in quotes")
            if not self.takes(":"):
                raise self._error(f"expected a colon behind {name[:40]!r}")
            fields[name] = self.value()
            self._separated("}", name)
        return fields

    def _list(self) -> list[Value]:
        values: list[Value] = []
        while not self.at_end and not self.takes("]"):
            values.append(self.value())
            self._separated("]", f"value {len(values)}")
        return values

    def _separated(self, end: str, name: str) -> None:
        if not self.takes(",") and not self.at_end and self.text[self.place] != end:
            raise self._error(
                f"expected a comma behind {name[:40]!r}; quotes inside of a text need a backslash"
            )

    def _quote(self) -> str | None:
        self.skip()
        start = self.place + (self.text[self.place : self.place + 1] in ("r", "R"))
        for mark in ('"""', "'''", '"', "'", "`"):
            if self.text.startswith(mark, start):
                return mark
        return None

    def _texts(self) -> str:
        text = self._text()
        while self.takes("+"):
            if self._quote() is None:
                raise self._error("expected a text behind +")
            text += self._text()
        return text

    def _text(self) -> str:
        mark = self._quote()
        assert mark is not None
        raw = self.text[self.place] in "rR"
        self.place += len(mark) + raw
        pieces: list[str] = []
        while True:
            if self.place >= len(self.text):
                raise NotJson("a text has no end")
            if self.text.startswith(mark, self.place):
                self.place += len(mark)
                return _paired("".join(pieces))
            letter = self.text[self.place]
            self.place += 1
            pieces.append(self._escaped(raw=raw) if letter == "\\" else letter)

    def _escaped(self, *, raw: bool) -> str:
        letter = self.text[self.place : self.place + 1]
        self.place += 1
        if raw:
            return "\\" + letter
        if letter == "u" and re.fullmatch("[0-9a-fA-F]{4}", self._next(4)):
            self.place += 4
            return chr(int(self.text[self.place - 4 : self.place], 16))
        if letter in "\\\"'`/":
            return letter
        # Python's own `\d` stays what it is.
        return _ESCAPES.get(letter, "\\" + letter)

    def _next(self, count: int) -> str:
        return self.text[self.place : self.place + count]

    def _plain(self) -> Value:
        number = _NUMBER.match(self.text, self.place)
        if number is not None and len(number[0]) < 400:
            self.place = number.end()
            whole = re.fullmatch(r"[-+]?\d+", number[0])
            return int(number[0]) if whole else float(number[0])
        before = self.place
        word = self.word()
        if word is None or word not in _CONSTANTS:
            self.place = before
            raise self._error("expected a value")
        return _CONSTANTS[word]

    def _error(self, message: str) -> NotJson:
        return NotJson(f"{message} (character {self.place + 1})")


def _paired(text: str) -> str:
    """Put halves of surrogate pairs together, as JSON means them."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
