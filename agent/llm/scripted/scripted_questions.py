"""Recognising what a prompt asks the scripted model for."""

from __future__ import annotations

import re
from typing import Literal

from medalist.agent.llm.scripted.scripted_replies import SeenRequest

Question = Literal[
    "solution",
    "brute",
    "repair",
    "plan",
    "critic",
    "review",
    "verify",
    "weigh",
    "duel",
    "generator",
    "validator",
    "tests",
    "checker",
    "pair",
]

_QUESTIONS: tuple[tuple[Question, str], ...] = (
    ("pair", r"on which the two programs print different outputs"),
    ("generator", r"Write a Python 3 program that (makes one random input|reads an integer seed)"),
    (
        "validator",
        r"Write a Python 3 program that (checks an input|reads an input of this problem and)",
    ),
    ("tests", r"Write \d+ (small )?test cases for this problem"),
    ("checker", r"check\(input_text, output_text, reference_text\)"),
    ("duel", r"Answer with one letter"),
    ("verify", r"Answer with one word: Yes or No"),
    ("weigh", r"first steps of somebody's thinking|last step of this thinking"),
    ("review", r"a number from 0 \(certainly wrong\) to 100 \(certainly right\)"),
    ("critic", r"a number from 0 \((it cannot work|wrong)\) to 100"),
    ("repair", r"complete corrected [^\n]* program|Continue [^\n]*program"),
    ("plan", r"Give the plan of a solution"),
    ("brute", r"the most obvious correct solution|in the simplest way that is surely correct"),
    ("solution", r"complete [^\n]*program"),
)  # fmt: skip
"""What a question says, in the order in which they are tried."""


def prompt_of(seen: SeenRequest) -> str:
    """Return the text of a request, all messages in a row."""
    messages = seen.body.get("messages") or seen.body.get("input") or ""
    if isinstance(messages, str):
        return messages
    return "\n".join(str(message.get("content", "")) for message in messages)


def question_of(text: str) -> Question | None:
    """Recognise what a prompt asks for, by what it says after the problem."""
    asked = text.rpartition("</problem>")[2]
    return next((kind for kind, words in _QUESTIONS if re.search(words, asked)), None)


def quoted_programs(text: str) -> list[str]:
    """Return what stands between the marks of quotations (see `agent.quote`), in order."""
    asked = text.rpartition("</problem>")[2]
    quotes = re.findall(
        r"\[program[^\n]*quoted up to (\w+)\]\n(.*?)\n\[\1: end of", asked, re.DOTALL
    )
    return [source for _, source in quotes]
