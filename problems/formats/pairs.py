"""Pairs of test files by their names: `1.in` and `1.out`, `a-02.in` and `a-02.ans`, ...

The rules are Hydro's (`packages/common/subtask.ts`), which cover what most judges take.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_INPUTS = re.compile(
    r"(?P<stem>.*?)\.(?:in|IN|inp|INP)(?P<number>\d*)(?P<txt>(?:\.txt|\.TXT)?)"
    r"|(?P<input>(?:.*[^A-Za-z])?(?:input|INPUT|in)(?:[^A-Za-z].*)?)\.(?:txt|TXT)"
)
_BATCH = re.compile(r"(?:.*?[^\d])??(?P<batch>\d+)[-_](?P<case>\d+[a-z]?)")
_SAMPLE = re.compile(r"(?:^|[^a-z])(?:samples?|examples?|样例)(?:[^a-z]|$)", re.I)


@dataclass(frozen=True)
class FilePair:
    """A test's input and answer file; `batch` is the number of its subtask, if its name has one."""

    input: str
    answer: str
    batch: int | None
    sample: bool


def find_pairs(names: Iterable[str]) -> tuple[list[FilePair], list[str]]:
    """Find the tests among file names (relative paths) of one folder.

    Returns:
        The pairs in the order of the numbers in their names, and inputs without an answer.
    """
    known = set(names)
    pairs, lonely = [], []
    for name in sorted(known, key=natural):
        folder, _, base = name.rpartition("/")
        match = _INPUTS.fullmatch(base)
        if not match:
            continue
        answers = [f"{prefix}{other}" for prefix in _folders(folder) for other in _answers(match)]
        answer = next((other for other in answers if other in known and other != name), None)
        if answer is None:
            lonely.append(name)
            continue
        batch = _BATCH.fullmatch(match["stem"] or "")
        pairs.append(
            FilePair(
                name, answer, int(batch["batch"]) if batch else None, bool(_SAMPLE.search(name))
            )
        )
    return pairs, lonely


def natural(name: str) -> list[tuple[int, int, str]]:
    """Return a key that sorts `2.in` before `10.in`."""
    return [
        (0, int(part), "") if part.isdigit() else (1, 0, part)
        for part in re.findall(r"[0-9]+|[^0-9]+", name)
    ]


def _folders(folder: str) -> Iterator[str]:
    """Yield the folders in which an answer may lie: the same, or `output/` beside `input/`."""
    yield f"{folder}/" if folder else ""
    for one, other in (("input", "output"), ("in", "out"), ("inputs", "outputs")):
        parent, _, last = folder.rpartition("/")
        if last == one:
            yield f"{parent}/{other}/" if parent else f"{other}/"


def _answers(match: re.Match[str]) -> Iterator[str]:
    stem = match["stem"]
    if stem is None:
        name, ending = match[0].rsplit(".", 1)
        for one, other in (("input", "output"), ("INPUT", "OUTPUT"), ("in", "out")):
            if one in name:
                # The last one: `input/input1.txt` has the name `input1`.
                yield f"{other.join(name.rsplit(one, 1))}.{ending}"
        return
    for text in (stem, stem.replace("input", "output")):
        for ending in ("out", "ans", "a", "OUT", "ANS", "ou", "diff"):
            yield f"{text}.{ending}{match['number']}{match['txt']}"
            yield f"{text}.{ending}{match['number']}"
