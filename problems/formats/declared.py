"""When outputs are equal, as a statement says it: tolerance, letters' case, order, any answer.

Only sentences about what is printed count: "edges are given in any order" says nothing of the
output, and "in any case" is also an idiom.
"""

from __future__ import annotations

import re

from medalist.problems.model import Equality

# A tolerance as statements write it, after `_plain_powers`; never 10^9.
_VALUE = r"(?:10\s*\^?\s*\{?\s*-\s*(\d+)|1(?:\.0*)?e-(\d+)|(0\.0*1)\b)"
_ERROR = r"error|precision|tolerance|误差|誤差|精度|오차|погрешност\w*|отклон\w*"
_KIND = r"absolute|relative|绝对|绝對|絕對|絶対|相对|相對|相対|절대|상대|абсолютн\w*|относительн\w*"
_TOLERANCES = (
    re.compile(rf"(?:(?:{_KIND})[^.。\n]{{0,60}}?)?(?:{_ERROR})[^.。\n]{{0,80}}?{_VALUE}", re.I),
    re.compile(rf"{_VALUE}\}}?\$?\s*[^.。\n]{{0,16}}?(?:{_ERROR})", re.I),
    re.compile(rf"\bdiffers?\b[^.\n]{{0,40}}?\b(?:less|more|most)\b[^.\n]{{0,12}}?{_VALUE}", re.I),
    re.compile(
        rf"\bwithin\s+(?:an?\s+)?\$?{_VALUE}\}}?\$?[^.\n]{{0,40}}?(?:answer|correct|jury|judge|solution)",
        re.I,
    ),
    re.compile(rf"max\s*[({{\\left]{{1,7}}\s*1\s*,[^.\n]{{0,40}}?{_VALUE}", re.I),
)
_POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")
_CASE_WORDS = re.compile(
    r"(?:letters?|characters?|words?|strings?|answers?|verdicts?|\b(?:yes|no)\b\W{0,6})"
    r"[^.\n]{0,40}\bin\s+any\s+(?:letter\s+)?case\b"
    r"|\bin\s+any\s+(?:letter\s+)?case\s*\((?:upper|lower|for\s+example|e\.g)"
    r"|\bany\s+(?:letter\s+)?case\s+(?:is|will\s+be)\s+(?:accepted|allowed|fine)"
    r"|(?:upper|lower)(?:\s*-?\s*case)?\s+(?:or|and)\s+(?:upper|lower)\s*-?\s*case[^.\n]{0,40}"
    r"(?:accepted|does\s+not\s+matter|doesn['’]t\s+matter)"
    r"|(?:letter\s+)?case\s+(?:of\s+(?:the\s+)?(?:letters|output|answer)\s+)?"
    r"(?:does\s+not|doesn['’]t|will\s+not)\s+matter"
    r"|(?:output|answer|checker|judge|grader|jury|verdict|comparison)[^.\n]{0,40}"
    r"\b(?:is|are|be)\s+(?:not\s+case[\s-]*sensitive|case[\s-]*insensitive)"
    r"|(?:checker|judge|grader|jury)[^.\n]{0,20}\bignores?[^.\n]{0,12}\bcase\b"
    r"|(?:print|output|write|display)[^.\n]{0,60}\(?case[\s-]*insensitive"
    r"|(?:输出|答案|字母|评测|回答)[^。\n]{0,20}(?:不区分大小写|大小写不敏感|大小写均可|大小写不限"
    r"|任意大小写|大小写任意|不分大小写)|(?:不区分|忽略)(?:输出|答案)[^。\n]{0,6}大小写"
    r"|大小写(?:均可|任意|不限)|以任(?:意|何)大小写"
    r"|в\s+любом\s+регистре|регистр\w*\s+(?:букв\s+)?(?:не\s+важен|не\s+имеет\s+значения|любой)",
    re.I,
)
_GIVEN = re.compile(
    r"\b(?:input|given|contains?|consists?|strings?\s+s)\b|输入|给出|给定|входн", re.I
)
_PRINTED = re.compile(
    r"\b(?:print|output|display|write|answer|checker|judge|grader|jury|accept(?:ed)?|case)\w*\b"
    r"|输出|答案|回答|评测|вывод|выве|ответ",
    re.I,
)
_ANY_ANSWER = re.compile(
    r"(?:multiple|several|more than one|many)[^.\n]{0,60}(?:answer|solution|output)s?[^.\n]{0,60}"
    r"(?:any|either)|(?:print|output|return|report)\s+any\b"
    r"|any\s+(?:of them|valid|correct|possible\s+(?:answer|solution|output))\b"
    r"|任意(?:一个|一种|一组)|任何一个|любо(?:й|е|м)\s+из\s+них",
    re.I,
)
_ANY_ORDER = re.compile(
    r"(?:print|output|return|report|list|display|write|answer|them|solution)\w*\b[^.;\n]{0,60}"
    r"\bin\s+(?:any|arbitrary)\s+order|\bany\s+order\s+(?:is|will\s+be)\s+(?:accepted|allowed|fine)"
    r"|(?:the\s+)?order\s+of\s+(?:the\s+)?(?:output|answer|printed)[^.\n]{0,40}"
    r"(?:does\s+not|doesn['’]t)\s+matter"
    r"|(?:输出|返回|答案)[^。\n]{0,20}(?:任意顺序|顺序任意|顺序不限|不计顺序|任意次序)"
    r"|(?:任意顺序|任意次序)[^。\n]{0,6}(?:输出|返回)"
    r"|(?:выв|ответ)\w*[^.\n]{0,60}в\s+(?:любом|произвольном)\s+порядке",
    re.I,
)

# The order in which something is done or given, not that of the output.
_OTHER_ORDER = re.compile(
    r"\b(?:visit|perform|process|travers|appl|rearrang|shuffl|execut|eat|kill|choos|cost|time|minim"
    r"|maxim|number\s+of|are\s+given|is\s+given)\w*",
    re.I,
)
_FROM_INPUT = re.compile(r"\binput\b|给出|给定|входн", re.I)


def find_equality(text: str) -> Equality:
    """Return the tolerance that a statement names and whether letters' case counts."""
    case_sensitive = not _ignores_case(text)
    plain = _plain_powers(text)
    match = next((match for form in _TOLERANCES if (match := form.search(plain))), None)
    if not match:
        return Equality(case_sensitive=case_sensitive)
    tolerance = float(match[3]) if match[3] else 10.0 ** -min(int(match[1] or match[2]), 30)
    words = match[0].lower()
    absolute = bool(re.search("absolute|绝对|绝對|絕對|絶対|절대|абсолютн", words))
    relative = bool(re.search("relative|相对|相對|相対|상대|относительн", words))
    return Equality(
        case_sensitive=case_sensitive,
        abs_tol=tolerance if absolute or not relative else None,
        rel_tol=tolerance if relative or not absolute else None,
    )


def _plain_powers(text: str) -> str:
    """Write `10⁻⁶` and `10**-6` as `10^-6`."""
    return re.sub(r"\*\*(?=\s*\{?-)", "^", text.translate(_POWERS))


def says_any_answer(text: str) -> bool:
    """Whether a statement says that several outputs are right: any answer, or any order."""
    return bool(_ANY_ANSWER.search(text) or _any_order(text))


def _ignores_case(text: str) -> bool:
    return any(_about_output(_sentence(text, match)) for match in _CASE_WORDS.finditer(text))


def _any_order(text: str) -> bool:
    return any(
        not _OTHER_ORDER.search(match[0]) and not _FROM_INPUT.search(_sentence(text, match))
        for match in _ANY_ORDER.finditer(text)
    )


def _about_output(sentence: str) -> bool:
    """Whether a sentence speaks of what is printed, and not only of what is given."""
    return bool(_PRINTED.search(sentence)) and not (
        _GIVEN.search(sentence) and not re.search(r"print|output|输出|вывод|выве", sentence, re.I)
    )


def _sentence(text: str, match: re.Match[str]) -> str:
    """Return the text around a match, from the end of a sentence to the next."""
    start = max(text.rfind(mark, 0, match.start()) for mark in (".", "。", "!", "?", "\n"))
    end = min(
        (at for mark in (".", "。", "!", "?", "\n") if (at := text.find(mark, match.end())) >= 0),
        default=len(text),
    )
    return text[start + 1 : end]
