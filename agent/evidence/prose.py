"""Bounds, alphabets and words that a statement gives in prose, not in formulas.

Texts are in the normal form of `problems.formulas`, in English or Chinese.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from fractions import Fraction

from medalist.problems.formulas import Expr, expression

_NUMBER = (
    r"\$?(-?\s?(?:\d[\d.]*(?:\s*[*^]\s*\{?\d+\}?)*(?:e\d+)?(?:\s*[-+]\s*1\b)?"
    r"|(?:a|one|two|five|ten) (?:million|billion|hundred|thousand)"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)\b"
    r"|[A-Za-z](?:_\w+)?(?:\s*[-+]\s*1)?(?![A-Za-z])))\$?"
)
_TWO = rf"{_NUMBER}\s*(?:\(inclusive\)\s*)?(?:and|to|through|,|-|~|和|到|至|与)\s*{_NUMBER}"
_BETWEEN = re.compile(
    rf"(?:between|(?<![a-z])from|in the (?:range|interval)(?: from| of)?|range|介于|在|从|within)"
    rf"\s*\$?[\[(]?\s*{_TWO}"
    rf"|(?<![\w$]){_TWO}"
    r"(?=\s*(?:characters|letters|digits|symbols|words|lowercase|uppercase|个字符|之间))",
    re.I,
)
_AT_MOST = re.compile(
    r"(?:at most|no more than|not more than|"
    r"(?:does|do|will|should|must)? ?(?:not|never) exceed(?:ing)?|"
    r"not (?:be )?(?:greater|larger|bigger|longer) than|"
    r"no (?:greater|larger|longer) than|up to|a maximum of|"
    r"less than or equal to|maximum(?: length)? (?:is|of)|不超过|不大于|至多|最多|不多于)"
    rf"\s*(?:of )?{_NUMBER}",
    re.I,
)
_BELOW = re.compile(
    rf"(?<!not )(?:less|smaller|fewer|lower) than\s+(?!or equal){_NUMBER}|(?<!不)小于\s*{_NUMBER}"
    rf"|\bbelow\s+{_NUMBER}",
    re.I,
)
_AT_LEAST = re.compile(
    r"(?:at least|no less than|not less than|no fewer than|not (?:be )?(?:less|smaller) than|"
    r"greater than or equal to|a minimum of|至少|不少于|不小于|最少)"
    rf"\s*(?:of )?{_NUMBER}",
    re.I,
)
_ABOVE = re.compile(
    rf"(?<!not )(?:greater|larger|more|bigger) than\s+(?!or equal){_NUMBER}"
    rf"|(?<!不)大于\s*{_NUMBER}",
    re.I,
)
_POSITIVE = re.compile(r"\bpositive\b|正整数", re.I)
_NATURAL = re.compile(r"\bnon-?\s?negative\b|\bnatural numbers?\b|非负|自然数", re.I)
_UNIT_AFTER = re.compile(
    r"\W*(?:\w+\W+){0,2}?(?:characters?|letters?|digits?|symbols?|chars|long|in length"
    r"|个?(?:字符|字母|数字))",
    re.I,
)
_UNIT_BEFORE = re.compile(
    r"(?:length|number of (?:characters|letters|digits)|long|长度|字符数)[^.。]{0,45}$", re.I
)
_THINGS = re.compile(
    r"\W*(?:test ?cases|lines|data ?sets|queries|branches|times|moves|seconds|steps"
    r"|points|dollars)\b",
    re.I,
)
_THINGS_BEFORE = re.compile(r"(?:test ?cases|lines|data ?sets)\s*\([^)]*$", re.I)
_ABSOLUTE = re.compile(r"absolute value|by absolute|绝对值", re.I)
_WORDS = {"one": 1, "a": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
          "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "twenty": 20, "hundred": 100,
          "thousand": 1000, "million": 10**6, "billion": 10**9}  # fmt: skip
_LETTER = r"[`'\"]?\b([a-zA-Z0-9])\b[`'\"]?"
_LETTER_RANGE = re.compile(rf"{_LETTER}\s*(?:-|–|to|through|\.\.\.|到|至)\s*{_LETTER}")


@dataclass(frozen=True)
class ProseBound:
    """A bound in prose: its ends (numbers or names), and whether it is on a length.

    `things` says that it is of something else, as of seconds, and `sign_only` that it is a word
    such as `positive`, which precedes its value.
    """

    low: Expr | None
    high: Expr | None
    length: bool
    place: int
    things: bool = False
    sign_only: bool = False


def bounds(text: str) -> list[ProseBound]:
    """Return the bounds that a normal text gives in words, in order."""
    stated: list[ProseBound] = []
    taken: list[tuple[int, int]] = []

    def add(match: re.Match[str], low: str | None, high: str | None, strict: int = 0) -> None:
        if any(start < match.end() and match.start() < end for start, end in taken):
            return
        ends = [None if item is None else _value(item) for item in (low, high)]
        if all(end is None for end in ends):
            return
        taken.append(match.span())
        first, second = (
            _shifted(end, step) for end, step in zip(ends, (strict, -strict), strict=True)
        )
        after, before = text[match.end() :], text[: match.start()]
        if first is None and second is not None and _ABSOLUTE.search(before[-40:] + after[:25]):
            first = Expr("-", (Expr("number"), second))
        length = bool(_UNIT_AFTER.match(after[:40]) or _UNIT_BEFORE.search(before[-60:]))
        things = bool(_THINGS.match(after[:30]) or _THINGS_BEFORE.search(before[-45:]))
        stated.append(ProseBound(first, second, length, match.start(), things))

    for match in _BETWEEN.finditer(text):
        ends = [group for group in match.groups() if group]
        add(match, ends[0], ends[1])
    for pattern, strict in ((_AT_MOST, 0), (_BELOW, 1)):
        for match in pattern.finditer(text):
            add(match, None, next(group for group in match.groups() if group), strict)
    for pattern, strict in ((_AT_LEAST, 0), (_ABOVE, 1)):
        for match in pattern.finditer(text):
            add(match, next(group for group in match.groups() if group), None, strict)
    for pattern, low in ((_NATURAL, "0"), (_POSITIVE, "1")):
        for match in pattern.finditer(text):
            stated += [
                ProseBound(_value(low), None, length=False, place=match.start(), sign_only=True)
            ]
    return sorted(stated, key=lambda one: one.place)


def _shifted(end: Expr | None, step: int) -> Expr | None:
    if end is None or not step:
        return end
    return Expr("+", (end, Expr("number", value=step)))


def _value(text: str) -> Expr | None:
    words = text.replace("$", "").strip().lower().split()
    if words and all(word in _WORDS for word in words):
        value = 1
        for word in words:
            value *= _WORDS[word]
        return Expr("number", value=value)
    if text.strip() in ("a", "I"):
        return None
    read = expression(text.replace("- ", "-"))
    if read is not None and not read.names():
        value_ = read.evaluate({})
        return None if isinstance(value_, Fraction) else read
    return read


def quoted(text: str) -> list[str]:
    """Return what a text puts in quotes or code, without spaces in it."""
    words = re.findall(r"`\"?([^`\s]{1,40}?)\"?`", text)
    words += re.findall(r"[\"“'‘]([^\"“”'‘’`\s]{1,40})[\"”'’]", text)
    return list(dict.fromkeys(word.strip("'\"") or word for word in words))


def alphabets(text: str) -> list[str]:
    """Return the sets of letters that a text names: quoted ones first, then by their kinds."""
    letters: list[str] = []
    single = "".join(dict.fromkeys(item for item in quoted(text) if len(item) == 1))
    ranges = ""
    for first, last in _LETTER_RANGE.findall(text):
        alike = [kind for kind in (str.isdigit, str.islower, str.isupper) if kind(first)]
        if first < last and alike and alike[0](last):
            ranges += "".join(map(chr, range(ord(first), ord(last) + 1)))
    if ranges:
        letters.append("".join(sorted({*ranges, *single})))
        letters.append("".join(sorted({*ranges})))
    if len(single) > 1:
        letters.append(single)
    kinds = ""
    if re.search(r"lower-?\s?case|small (?:\w+ )?letters?|小写", text, re.I):
        kinds += string.ascii_lowercase
    if re.search(r"upper-?\s?case|capital|大写", text, re.I):
        kinds += string.ascii_uppercase
    if not kinds and re.search(
        r"(?:english|latin|alphabetic) (?:letters|characters)|英文字母", text, re.I
    ):
        kinds += string.ascii_letters
    if re.search(r"\bbinary\b|zeros? and ones?|0s? and 1s?|二进制|01\s?串", text, re.I):
        letters.append("01")
    digits = re.search(r"\bdigits?\b|alphanumeric|数字", text, re.I) is not None
    if kinds:
        letters.append(kinds)
        if digits:
            letters.append(kinds + string.digits)
        letters.append("".join(sorted({*kinds, *single})))
    elif digits:
        letters.append(string.digits)
    return [letter for letter in dict.fromkeys(letters) if letter]
