"""The words of the house that nobody searches for stay out of source, tests and docs."""

from __future__ import annotations

import pytest

from tests.house.house_words import every_use, uses


def test_no_house_word_is_in_source_tests_or_docs() -> None:
    assert every_use() == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("for " + "one in rows:\n    print(one)\n", "for one in"),
        ("names = [one for " + "one in rows]\n", "for one in"),
        ("found = read()\n", "found ="),
        ("# these are told " + "apart by their keys\n", "told"),
        ('raise ValueError(f"{text!r} is ' + 'no number")\n', "is no n"),
    ],
)
def test_a_house_word_is_reported_with_its_line(text: str, word: str) -> None:
    (line,) = uses("a.py", text)
    assert line.startswith("a.py:1: ")
    assert word in line


def test_plain_words_are_not_reported() -> None:
    assert [*uses("a.py", "for row in rows:\n    match = row.find(1)  # one found\n")] == []
