"""Checkers run in a real box, good and bad ones: none can lose more than its own word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from medalist.agent.evidence.checker_runs import (
    MANY,
    OutputCase,
    Saying,
    ask_checker,
    checker_program,
)
from medalist.agent.evidence.checker_sayings import CHECKED, CheckerSayings
from medalist.agent.evidence.helper_runs import compiled
from medalist.agent.journal import Journal
from medalist.errors import EngineError
from medalist.sandbox.pool import Pool, open_pool

CASES = [
    OutputCase(b"3\n", b"1 2 3\n"),
    OutputCase(b"3\n", b"what"),
    OutputCase(b"2\n", b"1 2\n", b"2 1\n"),
]
HEAD = "def check(input_text, output_text, reference_text):\n    "
GOOD = HEAD + "return len(output_text.split()) == int(input_text), None"


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    try:
        with open_pool("local", cores=[0]) as opened:
            yield opened
    except EngineError as error:
        pytest.skip(str(error))


def said(
    pool: Pool, source: str, cases: list[OutputCase] | None = None, cpu_s: float = 20.0
) -> list[str]:
    built = compiled(pool, checker_program(source))
    assert built is not None
    result, spent = ask_checker(pool, built, CASES if cases is None else cases, cpu_s)
    assert spent >= 0
    return result


@pytest.mark.local
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (GOOD, "+-+"),
        (GOOD.replace(", None", ""), "+-+"),
        (GOOD.replace("return ", "return [").replace("None", "None]"), "+-+"),
        (f"print('hello')\n{HEAD}print(1, flush=True); return True, None", "+++"),
        (HEAD + "return [int(one) for one in output_text.split()] != [], None", "+-+"),
        (HEAD + "return (reference_text is None) or reference_text == '2 1\\n', None", "+++"),
        (HEAD + "return undefined", "???"),
        ("this is no Python", "???"),
        ("x = 1", "???"),
        ("import sys; sys.exit(0)", "???"),
        (HEAD + "import os; os._exit(0)", "???"),
        (HEAD + "import sys; sys.exit(3)", "???"),
        (HEAD + "while True: pass", "???"),
        (HEAD + "return True if 'w' not in output_text else check(1, output_text, 2)", "+?+"),
        (HEAD + "return True, 10 ** 100000", "???"),
        (HEAD + "return True, float('nan')", "???"),
        (HEAD + "return True, 'two'", "-" * 3),
        (HEAD + "return input()", "???"),
        ("def check(*_):\n    return True, None\nif __name__ == '__main__':\n    1 / 0", "+++"),
    ],
)  # fmt: skip
def test_what_a_checker_says_is_read_and_its_failures_are_no_word(
    source: str, expected: str, pool: Pool
) -> None:
    texts = said(pool, source)
    signs = {True: "+", False: "-", None: "?"}
    assert "".join(signs[Saying.read(text).valid] for text in texts) == expected


@pytest.mark.local
def test_values_are_exact(pool: Pool) -> None:
    source = "from fractions import Fraction\n" + HEAD + "return True, eval(output_text)"
    outputs = [b"-10**40", b"0.1", b"Fraction(1, 3)", b"True", b"None", b"1e-7", b"10**300 / 3"]
    actual = said(pool, source, [OutputCase(b"", output) for output in outputs])
    values = [Saying.read(text).value for text in actual]
    assert values[0] == -(10**40)
    assert [None if value is None else float(value) for value in values[1:]] == [
        0.1, 1 / 3, 1.0, None, 1e-7, 10**300 / 3
    ]  # fmt: skip
    assert Saying.read("+1/0").valid is None
    assert Saying.read("+1e999").valid is None
    assert Saying.read("").valid is None


@pytest.mark.local
def test_one_that_fails_now_and_then_is_asked_on_and_one_that_hangs_is_given_up(pool: Pool) -> None:
    many = [OutputCase(str(number).encode(), b"") for number in range(2 * MANY)]
    dies_once = HEAD + "import os\n    return (os._exit(1) if input_text == '3' else True), None"
    assert said(pool, dies_once, many) == ["+"] * 3 + ["?"] + ["+"] * (2 * MANY - 4)
    hangs = HEAD + "\n    while int(input_text) > 4: pass\n    return True, None"
    assert said(pool, hangs, many) == ["+"] * 5 + ["?"] * (2 * MANY - 5)


@pytest.mark.local
def test_what_was_said_is_kept_and_nobody_is_asked_twice(pool: Pool, tmp_path: Path) -> None:
    sources = {"good": GOOD, "bad": "x = 1"}
    with Journal.open(tmp_path) as journal:
        first = CheckerSayings("p", sources, pool, journal, 20.0)
        actual = first.ask(["good", "bad"], CASES)
        assert [item.valid for item in actual["good"]] == [True, False, True]
        assert [item.valid for item in actual["bad"]] == [None] * 3
        # The output is the same, what is known beside it is not.
        more = [*CASES, CASES[0]._replace(reference=b"3")]
        assert len(first.ask(["good"], more)["good"]) == 4
        events = [len(event.value.cases) for event in journal.events(CHECKED)]
        assert events == [3, 3, 1]
        # No pool at all: whatever is asked now was asked before.
        again = CheckerSayings("p", sources, None, journal, 20.0)  # type: ignore[arg-type]
        assert again.ask(["good", "bad"], CASES) == actual
