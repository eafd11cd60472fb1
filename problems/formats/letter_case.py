"""Whether a statement says that the case of letters in the output does not matter.

Only sentences about what is printed count: words of the input, or words that the task compares,
may be "in any case" too, and "in any case" is also an idiom.
"""

from __future__ import annotations

import re
from itertools import islice

from medalist.problems.formats.statement_words import heading

_EN_EITHER = (
    r"\b(?:upper|lower|either|any|mixed)(?:\s*-?\s*case)?(?:\s*(?:,|/|or|and)\s*(?:upper|lower|mixed)"
    r"(?:\s*-?\s*case)?)+"
)
_CASE_WORDS = re.compile(
    r"(?:letters?|characters?|words?|strings?|answers?|verdicts?|output|\b(?:yes|no)\b\W{0,6})"
    r"[^.\n]{0,40}\bin\s+(?:any|either)\s+(?:letter\s+)?case\b"
    r"|\bin\s+any\s+(?:letter\s+)?case\s*\((?:upper|lower|for\s+example|e\.g)"
    r"|\b(?:any|either)\s+(?:letter\s+)?case\s+(?:is|will\s+be)\s+(?:accepted|allowed|fine|ok)"
    rf"|{_EN_EITHER}[^.\n]{{0,40}}(?:accepted|allowed|fine|(?:does\s+not|doesn['’]t)\s+matter)"
    rf"|\b(?:may|can|could|might)\b[^.\n]{{0,40}}\b{_EN_EITHER}"
    r"|\b(?:may|can|could|might)\s+use\s+(?:either|any)\s+case\b"
    r"|\bupper(?:\s*-?\s*case)?\s+and\s+lower\s*-?\s*case[^.\n]{0,40}"
    r"(?:the\s+same|equal|not\s+distinguished|equivalent|interchangeabl)"
    r"|(?:letter\s+)?\b(?:case|capitali[sz]ation)\s+(?:of\s+(?:the\s+|your\s+)?(?:letters|output|answer)\s+)?"
    r"(?:does\s+not|doesn['’]t|will\s+not|is\s+not)\s+(?:matter|important|significant)"
    r"|(?:output|answer|checker|judge|grader|jury|verdict|comparison)[^.\n]{0,40}"
    r"\b(?:is|are|be)\s+(?:not\s+case[\s-]*sensitive|case[\s-]*insensitive)"
    r"|(?:checker|judge|grader|jury)[^.\n]{0,20}\bignores?[^.\n]{0,12}\bcase\b"
    r"|\b(?:letter\s+|of\s+letters\s+)?case\s+(?:is|will\s+be)\s+ignored"
    # The strings "yEs", "yes" and "YES" will be recognized as a positive answer.
    r"|[\"'`“‘*]+(\w{1,20})[\"'`”’*]+(?:[\s,;、]|and\b|or\b)*[\"'`“‘*]+\1[\"'`”’*]+[^.\n]{0,80}"
    r"\b(?:recogni[sz]ed|accepted|considered\s+correct)"
    r"|\bcase[\s-]*insensitive\b|\bnot\s+case[\s-]*sensitive"
    r"|(?:不|無需|无需|不需|不必)(?:区分|區分|分)(?:输出|答案|字母)?的?大小[写寫]|忽略[^。\n]{0,8}大小[写寫]"
    r"|大小[写寫](?:不敏感|均可|皆可|都可以?|任意|不限|不作区分|无关|無關|没有关系)|任意大小[写寫]|以任(?:意|何)大小[写寫]"
    r"|(?:可以?|能)[^。\n]{0,12}大[写寫][^。\n]{0,4}(?:或|和|与|與|、)小[写寫]|大[写寫](?:或|和|与|與|、)小[写寫][^。\n]{0,6}[均皆都]"
    r"|大文字(?:と|・|、|か|や)?小文字[^。\n]{0,12}(?:区別しません|区別しない|区別されません|区別されない|問わない|問いません|どちらでも)"
    r"|대소문자[를는은]?\s*(?:구[분별]하지\s*않|상관\s*없|무관|가리지\s*않)"
    r"|в\s+любом\s+регистре|регистр\w*[^.\n]{0,30}?\s(?:не\s+важен|не\s+имеет\s+значения"
    r"|любой|не\s+учитывается|может\s+быть\s+любым)|без\s+учёта\s+регистра|без\s+учета\s+регистра"
    r"|may[uú]sculas\s+(?:o|y|e|u|ou)\s+min[uú]sculas|majuscules?\s+(?:ou|et)\s+(?:en\s+)?minuscules?"
    r"|gro(?:ß|ss)-?\s*(?:und|oder)\s*kleinschreibung[^.\n]{0,40}(?:egal|keine\s+rolle|nicht)",
    re.I,
)
_OUTPUT = re.compile(
    r"\b(?:print|output|display|write|answer|verdict|checker|judge|grader|jury|accept(?:ed)?)\w*\b"
    r"|[\"'`“‘*]+(?:yes|no)[\"'`”’*]+|\bYES\b|\bNO\b|输出|輸出|答案|回答|评测|評測|出力|출력|답"
    r"|вывод|выве|ответ|salida|imprim|respuesta|resposta|sa[ií]da|sortie|affich|r[ée]ponse|ausgabe|ausgeb|ausgegeben",
    re.I,
)
_PRINTED = re.compile(
    r"\b(?:print|output|display|write)\w*\b|输出|輸出|出力|출력|вывод|выве|salida|imprim|sa[ií]da|affich"
    r"|ausgeb|ausgegeben",
    re.I,
)
_OTHER = re.compile(
    r"\b(?:input|given|contains?|consists?|strings?\s+s|compar\w*|match\w*|search\w*|names?|dictionar\w*"
    r"|palindromes?|anagrams?|lexicographic\w*|commands?)\b"
    r"|输入|輸入|给出|給出|给定|給定|匹配|比较|比較|查找|比对|检索|命令|入力|与えられ|입력|주어|входн|дан[ао]?\b|сравн|entrada|entr[ée]e|eingabe",
    re.I,
)
_ALGORITHM = re.compile(
    r"\b(?:sort|compar|match|alphabetical|lexicograph|distinct|unique|depend|whichever|convert|chang)\w*"
    r"|排序|匹配|比较|比較|字典序|统计|查找|不同的|辞書順|ソート|사전순|정렬|сортир|сравн|лексикограф",
    re.I,
)
_OF_OUTPUT = re.compile(
    r"output|print|输出|輸出|出力|출력|вывод|выход|результат|salida|sa[ií]da|sortie|ausgabe|wyj",
    re.I,
)
_OF_INPUT = re.compile(
    r"input|输入|輸入|入力|입력|ввод|вход|исходн|entrada|entr[ée]e|eingabe|wej", re.I
)
_MOST = 50
_ENDS = (".", "。", "!", "?", ";", "；", "！", "？", "\n")


def letter_case(text: str) -> tuple[bool, tuple[str, ...]]:
    """Return whether letters' case in the output is free, and what is uncertain about it."""
    doubts = []
    for match in islice(_CASE_WORDS.finditer(text), _MOST):
        sentence = sentence_of(text, match)
        other, section = bool(_OTHER.search(sentence)), _section(text, match.start())
        if _ALGORITHM.search(sentence):
            other = True
        elif _PRINTED.search(sentence) and not (other and section == "input"):
            return True, ()
        if not other and (_OUTPUT.search(sentence) or section == "output"):
            return True, ()
        if not other and section != "input":
            line = text.count("\n", 0, match.start()) + 1
            doubts.append(f"line {line}: whose letters' case is free is not clear: case counts")
    return False, tuple(doubts[:1])


def sentence_of(text: str, match: re.Match[str]) -> str:
    """Return the text around a match, from the end of a sentence to the next."""
    start = max(text.rfind(mark, 0, match.start()) for mark in _ENDS)
    end = min(
        (at for mark in _ENDS if (at := text.find(mark, match.end())) >= 0), default=len(text)
    )
    return text[start + 1 : end]


def _section(text: str, place: int) -> str:
    """Return whether a place is under a heading of the `input` or `output`, or neither."""
    for line in reversed(text[:place].splitlines()[:-1] if text[:place] else []):
        head = heading(line)
        if head is None:
            continue
        if head.kind in ("input", "output", "section") and not head.sure:
            if _OF_OUTPUT.search(line):
                return "output"
            return "input" if _OF_INPUT.search(line) else ""
        return ""
    return ""
