"""The thinking of an answer, split into steps.

Steps are paragraphs; thinking of one paragraph is split into lines, of one line into sentences.
What stands in a code fence stays in one step.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from medalist.agent.llm.thoughts import split

_PARAGRAPH = re.compile(r"\n[ \t]*\n+")
_LINE = re.compile(r"\n+")
_SENTENCE = re.compile(r"(?<=[.!?])[ \t]+(?=[A-Z])|(?<=[。！？])")
_FENCE = re.compile(r"^[ \t]*(?:```|~~~).*$", re.MULTILINE)


@dataclass(frozen=True)
class Thinking:
    """What a model thought before it wrote its program.

    Attributes:
        text: The thinking, hostile text.
        begins_answer: Whether the answer begins with it, so that a model which continues an answer
            can be given a part of it.
    """

    text: str
    begins_answer: bool


def thinking_of(text: str, reasoning: str, source: str) -> Thinking:
    """Return an answer's thinking: what came apart from it, else what stands before its program.

    Args:
        text: The answer.
        reasoning: What came apart from it.
        source: The program that was found in it.
    """
    if reasoning.strip():
        return Thinking(reasoning, begins_answer=False)
    parts = split(text)
    if parts.thought.strip():
        return Thinking(parts.thought, begins_answer=False)
    return Thinking(text[: _program_at(text, source)], begins_answer=True)


def split_steps(thinking: str, most: int) -> list[str]:
    """Split thinking into steps; together they are the thinking again.

    Args:
        thinking: The text.
        most: Neighbours are joined until there are so many at most, the shortest first.
    """
    steps: list[str] = []
    for boundary in (_PARAGRAPH, _LINE, _SENTENCE):
        steps = _cut(thinking, boundary)
        if len(steps) > 1:
            break
    while len(steps) > max(1, most):
        lengths = [len(one) + len(two) for one, two in itertools.pairwise(steps)]
        at = lengths.index(min(lengths))
        steps[at : at + 2] = [steps[at] + steps[at + 1]]
    return steps


def _cut(text: str, boundary: re.Pattern[str]) -> list[str]:
    fences = [match.start() for match in _FENCE.finditer(text)]
    steps: list[str] = []
    start = 0
    for match in boundary.finditer(text):
        is_fenced = sum(fence < match.end() for fence in fences) % 2 == 1
        if not is_fenced and text[start : match.start()].strip():
            steps.append(text[start : match.end()])
            start = match.end()
    if text[start:].strip():
        steps.append(text[start:])
    elif steps:
        steps[-1] += text[start:]
    return steps


def _program_at(text: str, source: str) -> int:
    """Return where the code block with a program begins; where the first does if none has it."""
    fences = [match.start() for match in _FENCE.finditer(text)]
    code = source.strip()
    place = text.rfind(code) if code else -1
    if place < 0 and code:
        place = text.rfind(code.splitlines()[0])
    before = [fence for fence in fences if fence <= place]
    if place >= 0:
        return before[-1] if before else place
    return fences[0] if fences else 0
