"""What helpers of the scripted model can do wrong, and what they then write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, get_args

from medalist.agent.llm.scripted.scripted_questions import Question

Fault = Literal[
    "generators print garbage",
    "generators never end",
    "generators repeat themselves",
    "validators accept all",
    "validators reject all",
    "tests with wrong outputs",
    "generators for pairs print garbage",
    "the judge says A",
    "checkers accept all",
    "checkers reject all",
    "checkers crash",
    "checkers never end",
    "checkers have a fault",
]

FAULTS: tuple[Fault, ...] = get_args(Fault)

_CHECKER = "def check(input_text, output_text, reference_text):\n    "

BAD_HELPERS: Mapping[Fault, tuple[Question, str]] = {
    "generators print garbage": (
        "generator",
        "import random\nrandom.seed(input())\nprint(random.random(), 'x', random.random())",
    ),
    "generators for pairs print garbage": (
        "pair",
        "import random\nrandom.seed(input())\nprint(-random.random(), 'y')",
    ),
    "generators never end": ("generator", "while True:\n    pass"),
    "generators repeat themselves": ("generator", "while True:\n    print(1)"),
    "validators accept all": ("validator", "import sys\nsys.stdin.read()"),
    "validators reject all": ("validator", "raise SystemExit(1)"),
    "checkers accept all": ("checker", f"{_CHECKER}return True, None"),
    "checkers reject all": ("checker", f"{_CHECKER}return False, None"),
    "checkers crash": ("checker", f"{_CHECKER}return input_text.undefined"),
    "checkers never end": ("checker", f"{_CHECKER}while True:\n        pass"),
}


def with_wrong_outputs(text: str) -> str:
    """Change every output: the last digit, or else the last word."""

    def wrong(match: re.Match[str]) -> str:
        output = match[2]
        changed = re.sub(
            r"\d(?=\D*\Z)", lambda digit: str((int(digit[0]) + 1) % 10), output, count=1
        )
        return match[1] + (changed if changed != output else f"{output}x") + match[3]

    return re.sub(r"(Output:\n```\n)(.*?)(\n```)", wrong, text, flags=re.DOTALL)
