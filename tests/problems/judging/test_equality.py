import pytest
from hypothesis import given
from hypothesis import strategies as st

from medalist.problems.equality import canonical, equal, first_difference
from medalist.problems.model import Equality

TOKENS = Equality()
EXACT = Equality(mode="exact")
LINES = Equality(mode="lines")
FLOATS = Equality(abs_tol=1e-6, rel_tol=1e-6)

BIG = 10**40
MODES = [
    "exact", "lines", "whole-lines", "token-lines", "filled-lines", "number-lines", "tokens",
    "value",
]  # fmt: skip


@pytest.mark.parametrize(
    ("equality", "expected", "actual", "same"),
    [
        (TOKENS, b"1 2\n3\n", b"1\n2 3", True),
        (TOKENS, b"1 2", b"1 2 3", False),
        (TOKENS, b"1", b"1.0", False),
        (TOKENS, b"Yes", b"YES", False),
        (TOKENS, b"", b"\n \r\n", True),
        (TOKENS, b"", b"0", False),
        (Equality(case_sensitive=False), b"Yes", b"yES", True),
        (EXACT, b"a\n", b"a", False),
        (EXACT, b"a\n", b"a\n", True),
        (LINES, b"a b\nc\n", b"a b  \r\nc\n\n\n", True),
        (LINES, b"a b\nc\n", b"a  b\nc\n", False),
        (LINES, b"a\nb\n", b"a b\n", False),
        (LINES, b"\na\n", b"a\n", False),
        (FLOATS, b"0.3333333333", b"0.333333", True),
        (FLOATS, b"0.33333", b"0.33", False),
        (FLOATS, b"1e6", b"1000000.5", True),
        (FLOATS, b"-0", b"0.0000001", True),
        (FLOATS, b"abc 1", b"abc 1.0", True),
        (FLOATS, b"abc 1", b"abd 1.0", False),
        (FLOATS, b"nan", b"1", False),
        (FLOATS, b"1", b"nan", False),
        (FLOATS, b"1", b"0x1", False),
        (FLOATS, b"1", b"1_0", False),
        (FLOATS, b"1", b"\xd9\xa1", False),
        (FLOATS, b"1", b"1e999999999", False),
        (FLOATS, b"1e400", b"1e400", True),
        (Equality(mode="lines", abs_tol=0.1), b"x 1.00\ny\n", b"x 1.05 \ny", True),
        (Equality(mode="lines", abs_tol=0.1), b"x 1.00\ny\n", b"x\n1.05 y", False),
        (Equality(mode="whole-lines"), b"a  b\nc\n", b"a  b\r\nc\n \n\n", True),
        (Equality(mode="whole-lines"), b"a\nc\n", b"a \nc\n", False),
        (Equality(mode="token-lines"), b"a b\nc", b" a  b\nc\t\n\n", True),
        (Equality(mode="token-lines"), b"a b\nc", b"a b\n\nc", False),
        (Equality(mode="token-lines"), b"a b\nc", b"a\nb c", False),
        (Equality(mode="token-lines", abs_tol=0.1), b"1 2\n3", b"1.05 2\n3", True),
        (Equality(mode="token-lines", abs_tol=0.1), b"1 2\n3", b"1.05\n2 3", False),
        (Equality(mode="filled-lines"), b"a b\nc", b"\na b\n\nc", True),
        (Equality(mode="filled-lines"), b"a b\nc", b"a\nb c", False),
        (Equality(mode="number-lines"), b"4.0 -0\nx", b" 4 0.0 \nx\n", True),
        (Equality(mode="number-lines"), b"1" * 50, b"1" * 49 + b"2", False),
        (Equality(mode="number-lines"), b"4.0 x", b"4 x", False),
        (Equality(mode="number-lines", abs_tol=0.1), b"4.0 x\n1", b"4.0 x\n1.05", True),
        (Equality(mode="number-lines", abs_tol=0.1), b"4.0 x\n1", b"4.01 x\n1", False),
        (Equality(ordered=False), b"3 1 2", b"1\n2 3", True),
        (Equality(ordered=False), b"1 1 2", b"1 2 2", False),
        (Equality(mode="value"), b'{"a": [1, "x"]}', b'{"a":[1.0,"x"]}', True),
        (Equality(mode="value"), b"[1]", b"1", False),
        (Equality(mode="value"), b"[[1]]", b'[{"__tuple__": [1]}]', False),
        (Equality(mode="value"), b"[" * 99999, b"[" * 99998, False),
        (Equality(mode="value-or-first"), b"[1]", b"1", True),
        (Equality(mode="value-or-first"), b"1", b"[1]", False),
        (Equality(mode="value-or-first"), b"[[[1, 2]]]", b'[{"__tuple__": [1, 2]}]', True),
        (Equality(mode="exact", abs_tol=0.1), b"1.00 2\n", b"1.05  2\n", False),
    ],
)
def test_declared_equality(equality: Equality, expected: bytes, actual: bytes, same: bool) -> None:
    assert equal(expected, actual, equality) is same


def test_integers_are_exact_at_any_size() -> None:
    half = Equality(abs_tol=0.5)
    assert not equal(b"9007199254740993", b"9007199254740992", half)
    assert not equal(str(BIG).encode(), str(BIG + 1).encode(), half)
    assert equal(str(BIG).encode(), str(BIG + 1).encode(), Equality(abs_tol=1.0))
    assert not equal(b"1" * 6000, b"1" * 5999 + b"2", half)


def test_a_tolerance_is_the_decimal_that_was_written() -> None:
    tenth = Equality(abs_tol=0.1)
    assert equal(b"0.3", b"0.2", tenth)
    assert not equal(b"0.3", b"0.1999999999999999999999", tenth)
    # Relative to the judge's answer: not symmetric.
    relative = Equality(rel_tol=0.1)
    assert equal(b"100", b"90", relative)
    assert not equal(b"90", b"100", relative)


@given(st.integers(), st.integers())
def test_whole_tolerance_on_integers_is_integer_arithmetic(a: int, b: int) -> None:
    assert equal(str(a).encode(), str(b).encode(), Equality(abs_tol=3.0)) is (abs(a - b) <= 3)


@given(st.binary(), st.binary(), st.sampled_from(MODES), st.booleans())
def test_canonical_form_decides_equality(a: bytes, b: bytes, mode: str, case: bool) -> None:
    equality = Equality.model_validate({"mode": mode, "case_sensitive": case})
    assert equal(a, b, equality) is (canonical(a, equality) == canonical(b, equality))


@given(st.lists(st.sampled_from([b"1", b"2", b" ", b"\n"])).map(b"".join), st.binary())
def test_a_difference_is_shown_exactly_where_tokens_differ(expected: bytes, actual: bytes) -> None:
    shown = first_difference(expected, actual, TOKENS)
    assert (shown is None) is equal(expected, actual, TOKENS)


def test_the_first_difference_names_its_place() -> None:
    shown = first_difference(b"3\n1 2 3\n", b"3\n1 2 4\n", TOKENS)
    assert shown is not None
    assert (shown.line, shown.token, shown.expected, shown.actual, shown.before) == (
        2,
        4,
        "3",
        "4",
        "1 2",
    )
    shown = first_difference(b"1 2\n", b"1 2 3", TOKENS)
    assert shown is not None
    assert (shown.line, shown.expected, shown.actual, shown.before) == (1, None, "3", "1 2")
    shown = first_difference(b"a" * 500, b"", TOKENS)
    assert shown is not None
    assert shown.expected is not None
    assert len(shown.expected) < 100
    assert shown.actual is None
