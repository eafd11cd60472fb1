"""When outputs are equal, as a statement says it: tolerance, letters' case, order, any answer.

Only sentences about what is printed count: "edges are given in any order" says nothing of the
output, and "in any case" is also an idiom.
"""

from __future__ import annotations

import re

from medalist.problems.formats.letter_case import letter_case, sentence_of
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
# So many decimals of an answer, which say how it is written and not how it is compared.
_COUNT = r"(?:\d{1,2}|one|two|three|four|five|six|nine|ten)"
_DECIMALS = re.compile(
    rf"{_COUNT}\s+(?:decimal\s+(?:places?|digits?|points?)|decimals\b|(?:digits?|places?|numbers?)"
    r"\s+(?:after|behind|to\s+the\s+right\s+of)\s+the\s+(?:decimal\s+)?(?:point|dot|comma|separator))"
    r"|%\.\d+l?f"
    r"|(?:保留|精确到|精確到|输出|輸出)[^。\n]{0,12}?[\d一二两兩三四五六]\s*位小[数數]"
    r"|小[数數][点點][后後]\s*第?\s*[\d一二两兩三四五六]\s*位|(?:保留|精确|精確)到\s*0\.0*1"
    r"|小数第\s*\d+\s*位|小数点以下\s*\d+\s*桁|소수점?\s*(?:아래|이하)?\s*(?:\d+|첫|둘|셋|넷)째?\s*자리"
    r"|(?:\d{1,2}|одн\w+|двумя|тремя|четырьмя|пятью|шестью|два|три|четыре|пять|шесть)(?:-?\w{1,2})?"
    r"\s+(?:десятичн\w+\s+)?знак\w*\s+после"
    r"|(?<!\d)\d+\s+(?:decimales|d[ée]cimales|casas\s+decimais|nachkommastellen|miejsc\w*\s+po\s+przecinku)",
    re.I,
)
_ANSWERED = re.compile(
    r"\b(?:print|output|display|write|round|answer|result|exactly|accura)\w*\b|%\.\d"
    r"|保留|精确|精確|四舍五入|输出|輸出|答案|結果|结果|出力|四捨五入|출력|반올림|вывод|выве|ответ|округл"
    r"|imprim|salida|redonde|affich|arrond|ausgeb|gerundet|wypisz",
    re.I,
)
_GIVEN = re.compile(r"\binput\b|given|输入|輸入|入力|입력|给出|给定|входн|entrada", re.I)
_PRINTED = re.compile(r"\b(?:print|output|display|write)|输出|輸出|出力|출력|выв", re.I)
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


def declared_equality(text: str) -> tuple[Equality, tuple[str, ...]]:
    """Return when outputs are equal as a statement says it, and what is uncertain about it."""
    free, doubts = letter_case(text)
    plain = _plain_powers(text)
    match = next((match for form in _TOLERANCES if (match := form.search(plain))), None)
    if not match:
        return Equality(case_sensitive=not free), (*doubts, *_of_decimals(text))
    tolerance = float(match[3]) if match[3] else 10.0 ** -min(int(match[1] or match[2]), 30)
    words = match[0].lower()
    absolute = bool(re.search("absolute|绝对|绝對|絕對|絶対|절대|абсолютн", words))
    relative = bool(re.search("relative|相对|相對|相対|상대|относительн", words))
    equality = Equality(
        case_sensitive=not free,
        abs_tol=tolerance if absolute or not relative else None,
        rel_tol=tolerance if relative or not absolute else None,
    )
    return equality, doubts


def _of_decimals(text: str) -> tuple[str, ...]:
    """Warn that a number of decimals is not a tolerance.

    Some judges compare such answers digit by digit and some by a tolerance that nothing states;
    exactly is the one of the two by which no wrong answer is accepted.
    """
    for match in _DECIMALS.finditer(text):
        sentence = sentence_of(text, match)
        given = _GIVEN.search(sentence) and not _PRINTED.search(sentence)
        if _ANSWERED.search(sentence) and not given:
            line = text.count("\n", 0, match.start()) + 1
            asked = " ".join(match[0].split())
            return (f"line {line}: `{asked}` names no tolerance: numbers are compared exactly",)
    return ()


def _plain_powers(text: str) -> str:
    """Write `10⁻⁶` and `10**-6` as `10^-6`."""
    return re.sub(r"\*\*(?=\s*\{?-)", "^", text.translate(_POWERS))


def says_any_answer(text: str) -> bool:
    """Whether a statement says that several outputs are right: any answer, or any order."""
    return bool(_ANY_ANSWER.search(text) or _any_order(text))


def _any_order(text: str) -> bool:
    return any(
        not _OTHER_ORDER.search(match[0]) and not _FROM_INPUT.search(sentence_of(text, match))
        for match in _ANY_ORDER.finditer(text)
    )
