"""Limits that a statement names in a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from medalist.problems.formats.limit_words import (
    MEMORY,
    OF_MEMORY,
    OF_TIME,
    TIME,
    TIME_UNITS,
    mebibytes,
    seconds,
    value_of,
)

_OF_THIS = r"limits?\s+(?:for|of|on|in)\s+(?:this|the)\s+(?:problem|task)\s*"
_OF_THE_PROBLEM = re.compile(
    rf"time\s+{_OF_THIS}(?:is|are|:|=|was\s+set\s+to)?\s*{TIME.pattern}"
    rf"|memory\s+{_OF_THIS}(?:is|are|:|=)?\s*{MEMORY.pattern}"
    r"|(?:本题|本題|この問題)(?:的|の)?(?:时间限制|時間限制|実行時間制限|[时時]限|時間制限)\s*(?:为|為|是|は|:)?\s*"
    rf"{value_of(TIME_UNITS, 'z')}",
    re.I,
)
"""A sentence about the problem itself."""
_MENTION = re.compile(
    rf"(?:{OF_TIME}|[限線]时|\blimited\s+to)\D{{0,24}}?{TIME.pattern}"
    rf"|(?:{OF_MEMORY})\D{{0,24}}?{MEMORY.pattern}"
    rf"|{value_of(TIME_UNITS, 'r')}\s+(?:cpu\s+)?time[\s-]*limit",
    re.I,
)
"""A limit somewhere in a sentence; only with `_OF_THE_TESTS` in it it is one of the problem."""
_OF_THE_TESTS = re.compile(
    r"\b(?:each|every|per|all|any)\s+(?:of\s+the\s+)?(?:single\s+)?(?:test[\s-]*(?:case|file|input|point)s?"
    r"|tests?|input(?:\s+file)?s?|data\s*sets?|run\s+of\s+(?:your|the)\s+program)"
    r"(?=\s*(?:$|[,.;:()|]|(?:has|have|is|are|will|must|should|with|and|in\s+this)\b))"
    r"|\b(?:your|the|all)\s+(?:program|solution|submission|code)s?\b(?!\s+(?:of|that))|\bprograms\s+(?:are|have)\b"
    r"|(?:每个?|每組?|每一个|所有|全部|各个?)(?:测试点|測試點|测试数据|测试用例|测试|测资|測資|数据点|数据)|本[题題]"
    r"|各テスト|全テスト|각\s*테스트|테스트\s*케이스마다|모든\s*테스트"
    r"|(?:кажд\w+|всех|один|одном)\s+тест\w*|кожн\w+\s+тест\w*"
    r"|\bcada\s+(?:caso|prueba|test)|\bchaque\s+(?:test|cas|jeu)|\bjede[rnms]?\s+test|\bkażd\w+\s+test",
    re.I,
)
"""The words that say that a sentence is about the judging and not the story."""
_END = re.compile(r"[.!?](?=\s)|[。！？]")
_LONGEST_S = 300.0


@dataclass
class Found:
    """A limit: `kind`, its value in seconds or MiB (None: a label without one), and its place."""

    kind: str
    value: float | None
    line: int
    weak: bool = False
    doubt: str = ""


def mentioned(line: str, number: int) -> list[Found]:
    """Return limits named in a sentence; those of the problem itself count as stated.

    Args:
        line: A line of the statement.
        number: Its number, from 1.
    """
    mentions = []
    for match in _MENTION.finditer(line):
        kind, unit = ("memory", "MiB") if match["mn"] else ("time", "s")
        value = mebibytes(match) if match["mn"] else seconds(match, "t" if match["tn"] else "r")
        ours = _OF_THE_TESTS.search(_sentence(line, match))
        if ours and (kind == "memory" or value <= _LONGEST_S):
            doubt = f"{kind} limit: line {number}: {value:g} {unit} is taken from a sentence"
            mentions.append(Found(kind, value, number, doubt=doubt))
        else:
            mentions.append(Found(kind, value, number, weak=True))
    for match in _OF_THE_PROBLEM.finditer(line):
        if match["mn"]:
            mentions.append(Found("memory", mebibytes(match), number))
        else:
            mentions.append(Found("time", seconds(match, "t" if match["tn"] else "z"), number))
    return mentions


def _sentence(line: str, match: re.Match[str]) -> str:
    start = max((end.end() for end in _END.finditer(line, 0, match.start())), default=0)
    end = _END.search(line, match.end())
    return line[start : end.end() if end else len(line)]
