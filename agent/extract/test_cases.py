"""The test cases in an answer: inputs with the outputs that a model predicts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from medalist.agent.llm.thoughts import split

MOST = 32
"""Test cases that are taken of one answer at most."""

_LONGEST = 4096  # characters of an input or output: nobody works out more by hand

_FENCE = re.compile(r"\s*(`{3,}|~{3,})\s*(\w*)")
_LABEL = re.compile(
    r"[\s#*_>\-]*(?:\d+[.)]\s*)?"
    r"(?:(?:the|test|sample|example|expected|correct|standard|case)\s+|(?:test|case)\s*\d+\s*[:,-]?\s*)*"
    r"(?P<what>input|output|stdin|stdout|answer)s?"
    r"(?:\s+(?:data|case|file))?\s*#?\d*\s*(?P<colon>[*_]*\s*[:：]\s*[*_]*)?(?P<rest>.*)",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"[\s#*_>\-]*(?:test|case|example|sample|explanation|reason|note)\b.{0,40}", re.IGNORECASE
)
_TAGGED = re.compile(
    r"<(?:test_?)?input>(.*?)</(?:test_?)?input>\s*"
    r"<((?:expected_?)?output|answer)>(.*?)</\2>",
    re.IGNORECASE | re.DOTALL,
)
_INPUT_NAMES = ("input", "in", "stdin")
_OUTPUT_NAMES = ("output", "expected_output", "expected", "answer", "out", "stdout")


class PredictedCase(NamedTuple):
    """A test case as a model wrote it.

    Attributes:
        input: The input, `\\n` at its end.
        output: The output that is predicted, likewise.
    """

    input: str
    output: str


def read_test_cases(answer: str) -> list[PredictedCase]:
    """Return the test cases of an answer, in their order, equal ones once.

    Read are fenced or plain blocks under the labels `Input` and `Output` in any usual dress, pairs
    of tags, and JSON lists of objects. What is not a whole pair is left out, and so is what is
    longer than anybody predicts by hand.
    """
    text = split(answer).text
    raw_cases = [*_from_json(text)] or [*_from_tags(text)] or [*_from_labels(text)]
    cases = (PredictedCase(_tidy(given), _tidy(expected)) for given, expected in raw_cases)
    return [
        case
        for case in dict.fromkeys(cases)
        if case.input.strip()
        and case.output.strip()
        and max(len(case.input), len(case.output)) <= _LONGEST
    ][:MOST]


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    return "\n".join(lines).strip("\n") + "\n"


def _from_json(text: str) -> Iterator[tuple[str, str]]:
    for start in (match.start() for match in re.finditer(r"\[\s*\{", text)):
        try:
            rows, _ = json.JSONDecoder().raw_decode(text, start)
        except ValueError:
            continue
        for row in rows:
            given, expected = (_named(row, names) for names in (_INPUT_NAMES, _OUTPUT_NAMES))
            if given is not None and expected is not None:
                yield given, expected
        return


def _named(row: Any, names: tuple[str, ...]) -> str | None:
    if not isinstance(row, dict):
        return None
    plain = {str(name).lower(): value for name, value in row.items()}
    value = next((plain[name] for name in names if name in plain), None)
    if isinstance(value, list) and all(isinstance(line, str | int | float) for line in value):
        return "\n".join(map(str, value))
    return str(value) if isinstance(value, str | int | float) else None


def _from_tags(text: str) -> Iterator[tuple[str, str]]:
    for given, _, expected in _TAGGED.findall(text):
        yield given, expected


def _from_labels(text: str) -> Iterator[tuple[str, str]]:
    given: str | None = None
    for what, content in _labelled(text):
        if what == "input":
            given = content
        elif given is not None:
            yield given, content
            given = None


def _labelled(text: str) -> Iterator[tuple[str, str]]:
    """Yield what stands under each label, fenced or not, with `input` or `output`."""
    what: str | None = None
    plain: list[str] = []
    lines = iter(text.splitlines())
    for line in lines:
        fence = _FENCE.match(line)
        if fence is not None:
            content = _fenced(lines, fence[1])
            named = _what(fence[2])
            if content is None:
                return
            if (named or what) is not None and not any(part.strip() for part in plain):
                yield named or what or "", content
            elif what is not None:
                yield what, "\n".join(plain)
            what, plain = None, []
            continue
        label = _label(line)
        ends = label is not None or (what is not None and any(plain) and _is_end(line))
        if what is not None and ends and any(part.strip() for part in plain):
            yield what, "\n".join(plain)
        if ends:
            what, plain = (None, []) if label is None else (label[0], [label[1]])
        elif what is not None:
            plain.append(line)
    if what is not None and any(part.strip() for part in plain):
        yield what, "\n".join(plain)


def _fenced(lines: Iterator[str], fence: str) -> str | None:
    """Return the lines up to the end of a fenced block, taking them; None if it has no end."""
    content: list[str] = []
    for line in lines:
        closing = line.strip()
        if closing.startswith(fence) and not closing.strip(fence[0]):
            return "\n".join(content)
        content.append(line)
    return None


def _what(word: str) -> str | None:
    known = {"input": "input", "stdin": "input"}
    known |= dict.fromkeys(("output", "stdout", "answer"), "output")
    return known.get(word.lower().rstrip("s"))


def _label(line: str) -> tuple[str, str] | None:
    """Return what a line announces and what follows the label, if it is a label."""
    match = _LABEL.fullmatch(line)
    if match is None:
        return None
    rest = match["rest"].strip()
    if rest.strip("*_`: ") and not match["colon"]:
        return None  # a sentence that begins with the word
    what = _what(match["what"])
    return None if what is None else (what, rest.strip("`*").strip())


def _is_end(line: str) -> bool:
    return not line.strip() or _HEADING.fullmatch(line) is not None
