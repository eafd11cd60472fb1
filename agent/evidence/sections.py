"""What a statement says of its input: the text about it, cut into what is said of each line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from medalist.agent.evidence.layout_blocks import names_shown, shown, without_blocks
from medalist.agent.evidence.segment import Segment
from medalist.problems.formula_text import normal
from medalist.problems.formulas import comparisons, expression
from medalist.problems.model import PublicProblem

_HEADING = re.compile(
    r"^(?:#+\s*|\*\*)?\s*(?:\d+\.\s*)?([A-Za-zÀ-ÿ\u4e00-\u9fff][^\n#*$]{0,40}?)\s*:?\**\s*$", re.M
)
_MARKED = re.compile(r"^(?:#+\s*|\*\*|【)\s*([^\n]{1,50}?)\s*[:：】]?(?:\*\*)?\s*$", re.M)
_INPUT = re.compile(
    r"^(?:standard |the )?(?:input\w*|indata|entrada|eingabe|entrée)\b"
    r"|^输入|输入格式|^入力|^입력|^вход",
    re.I,
)
_LIMITS = re.compile(
    r"^(?:constraints?|limits?|restrictions|bounds|data range|notes? on constraints)\b"
    r"|implementation|grader|约束|数据范围|数据规模|限制|提示|说明",
    re.I,
)
_ASIDE = re.compile(
    r"output|utdata|sample|example|explanation|scoring|subtask|poäng|note|hint|输出|样例|评分|子任务",
    re.I,
)
_STARTER = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|next|following|last|final|remaining|subsequent)\b"
    r"[^.,;:(]{0,40}?\b(?:lines?|rows?|numbers?|integers?)\b"
    r"|\$?[A-Za-z0-9_+*-]+\$?\s+(?:(?:more|further|additional|other)\s+)?(?:lines|rows)\b"
    r"|\b(?:one|a single|single|a|each|every|another|that|in a|only) line\b"
    r"|\bthen\b|\bfollow(?:ed by|ing are|s)?\b"
    r"|\beach (?:test ?case|data ?set|query|case|block|\w+ description)"
    r"|\b(?:a|an) \w+ description starts"
    r"|第\S{1,3}行|接下来|随后|然后|每(?:一)?行|下一行|最后一行|一行|之后",
    re.I,
)  # fmt: skip
_RAW = re.compile(r"(?<![A-Za-z\\_])([A-Za-z]+(?:_(?:\{[^}]*\}|[A-Za-z0-9]+))?)(?![A-Za-z_])")
_LISTED = re.compile(r"([A-Za-z]+)_(\w+)\s*,?\s*(?:[A-Za-z]+_\w+\s*,?\s*)*\.\.\.")
_GLUED = re.compile(r"(?<![A-Za-z_])([A-Za-z]+)_(?:1|\{1\})\s*(?:[A-Za-z]+_\w+\s*)*\.\.\.")
_MATH = re.compile(r"\$+([^$]+)\$+")
_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth"]
_CHINESE = "一二三四五六七八九"
_MANY = re.compile(
    r"(\$[^$]{1,30}\$|\b[B-HJ-Zb-z]\b(?:\s*[-+]\s*\d)?)\s*(?:\(\$[^$]*\$\)\s*)?"
    r"(?:[\w-]+\s+){0,2}?(?:integers?|numbers?|values?|words?|strings?|elements?|heights?|digits?|tones?|days?"
    r"|characters?)\b"
    r"|(\$[^$]{1,30}\$|\b[A-Za-z]\b)\s*个[^,。]{0,8}?(?:数|字符|单词)",
    re.I,
)  # fmt: skip
_TIMES = re.compile(
    r"(\$[^$]{1,30}\$|\b[B-HJ-Zb-z]\b(?:\s*[-+]\s*\w)?)\s*"
    r"(?:(?:(?!over|all|of)\w+\s+){0,2}?"
    r"(?:lines|rows|revenues|test ?cases|descriptions|queries|cases|data ?sets"
    r"|operations|trees)\b"
    r"|行|组)",
    re.I,
)  # fmt: skip
_EACH = re.compile(
    r"\beach (?:line|of the lines|test ?case|data ?set|query|case)\b|每行|每组|对于每", re.I
)
_WORDS = {"one": 1, "a": 1, "an": 1, "single": 1, "two": 2, "pair": 2, "three": 3, "four": 4,
          "five": 5, "six": 6}  # fmt: skip
_FIELDS = re.compile(
    r"\b(one|an?|single|two|pair|three|four|five|six)\s+(?:[\w-]+\s+){0,3}?"
    r"(?:integers?|numbers?|words?|strings?|values?|tones|characters?)\b",
    re.I,
)
_END = re.compile(
    r"end[- ]of[- ](?:file|input|the file|the input)|\bEOF\b|multiple test ?cases|several test"
    r"|多组(?:测试|数据)|文件结束|直到",
    re.I,
)
_INDEX = frozenset("ijkt")


@dataclass
class Said:
    """All that a statement says of its input.

    Attributes:
        input: The section about the input, in normal form.
        limits: Sections about limits.
        rest: What else is said, but for outputs, samples and subtasks.
        segments: The input section in pieces.
        canon: Writes a name without its index.
        to_end: Whether it speaks of an input that continues to its end.
    """

    input: str
    limits: str
    rest: str
    segments: list[Segment]
    canon: Callable[[str], str]
    to_end: bool

    @property
    def all(self) -> str:
        """The whole of it, most telling first."""
        return f"{self.input}\n{self.limits}\n{self.rest}"


def said(public: PublicProblem) -> Said:
    """Read the statement."""
    parts = _sections(public.statement())
    inside = "\n".join(body for title, body in parts if _INPUT.search(title))
    limits = "\n".join(
        body for title, body in parts if _LIMITS.search(title) and not _INPUT.search(title)
    )
    rest = "\n".join(
        body
        for title, body in parts
        if not (_INPUT.search(title) or _LIMITS.search(title) or _ASIDE.search(title))
    )
    raw = inside
    inside, limits, rest = (_tidy(without_blocks(text)) for text in (inside, limits, rest))
    about = inside or f"{limits}\n{rest}"
    canon = canonical_names(f"{about}\n{limits}\n{rest}\n{names_shown(raw)}")
    math = _MATH.search(f"{about}{limits}{rest}") is not None
    return Said(
        inside or about,
        limits,
        rest,
        shown(raw, canon) or segments(about, canon, math=math),
        canon,
        _END.search(about) is not None,
    )


def _tidy(text: str) -> str:
    without_tables = "\n".join(line for line in text.splitlines() if not line.startswith("|"))
    unwrapped = re.sub(r"(?<=\S)[ \t]*\n[ \t]*(?=[^\s*•-])", " ", without_tables)
    return normal(unwrapped)


def _sections(text: str) -> list[tuple[str, str]]:
    """Split at headings; what precedes the first has the title `""`."""
    marked = [(match.start(), match.end(), match[1]) for match in _MARKED.finditer(text)]
    for match in _HEADING.finditer(text):
        title = match[1].strip()
        if (_INPUT.search(title) or _LIMITS.search(title) or _ASIDE.match(title)) and (
            len(title.split()) <= 3
        ):
            marked.append((match.start(), match.end(), title))
    marked.sort()
    parts, title, place = [], "", 0
    for start, end, name in marked:
        if start < place:
            continue
        parts.append((title, text[place:start]))
        title, place = name, end
    parts.append((title, text[place:]))
    return parts


def canonical_names(text: str) -> Callable[[str], str]:
    """Return what writes a name without its index: `a_i` and `a_1, ..., a_n` are `a`.

    In `r_1` and `r_2`, of which there is no list, the number belongs to the name; and so does a
    word or a letter that is neither index nor itself a name, as in `d_s`.
    """
    inside = " ; ".join(_MATH.findall(text)) or text
    raw = [match[1].replace("{", "").replace("}", "") for match in _RAW.finditer(inside)]
    bare = {name for name in raw if "_" not in name}
    bases: dict[str, set[str]] = {}
    for name in raw:
        base, _, index = name.partition("_")
        if index:
            bases.setdefault(base, set()).add(index)
    listed = {match[1] for pattern in (_LISTED, _GLUED) for match in pattern.finditer(inside)}

    def canon(name: str) -> str:
        base, _, index = name.replace("{", "").replace("}", "").replace(" ", "").partition("_")
        if not index:
            return base
        if base in listed or (index[0] in _INDEX and (len(index) == 1 or not index.isalpha())):
            return base
        indexed = any(item in _INDEX or item in bare for item in bases.get(base, ()))
        if index.isdigit() or index in bare:
            return base if indexed or (index in bare and index not in _INDEX) else f"{base}_{index}"
        return base if indexed and len(index) == 1 else f"{base}_{index}"

    return canon


def segments(text: str, canon: Callable[[str], str], *, math: bool = True) -> list[Segment]:
    """Cut a normal text into what it says of each line; with `math`, names are in formulas only."""
    flat = text.replace("...", "…")
    sentences = re.split(r"(?<=[.!?;])\s+|\n\s*\n|\n\s*(?=[-*•]\s)|(?<=。)", flat)
    pieces: list[str] = []
    for sentence in sentences:
        whole = " ".join(sentence.split())
        starts = [match.start() for match in _STARTER.finditer(whole)]
        if not whole:
            continue
        if not starts and pieces:
            pieces[-1] += f" {whole}"
            continue
        cuts = [0]
        for start in starts[1:]:
            before = whole[cuts[-1] : start].rstrip()
            near = re.search(r"(?:[,;:]|\band|,\s*the|\bthe|and the)\s*$", before)
            inside = before.count("$") % 2 or before.count("(") > before.count(")")
            if near and not inside and len(before) > 15 and _MATH.search(before):
                cuts.append(start)
        pieces += [whole[a:b] for a, b in zip(cuts, [*cuts[1:], len(whole)], strict=True)]
    described = [_segment(piece.replace("…", "..."), canon) for piece in pieces]
    for row in described:
        if math and not _MATH.search(row.text):
            row.names, row.many = [], []
            row.times = frozenset() if row.times == frozenset() else None
    return described


def _segment(text: str, canon: Callable[[str], str]) -> Segment:
    segment = Segment(text, names_in(text, canon))
    times = _TIMES.search(text)
    if times:
        segment.times = _names_of(times[1], canon)
    elif _EACH.search(text):
        segment.times = frozenset()
    for match in _MANY.finditer(text):
        names = _names_of(match[1] or match[2], canon)
        if names:
            segment.many.append(names)
    fields = _FIELDS.search(text)
    if fields:
        segment.fields = _WORDS[fields[1].lower()]
    start = text[:60].lower()
    for number, word in enumerate(_ORDINALS):
        if re.search(rf"\b{word}\b[^.]*\bline\b", start):
            segment.ordinal = number
    chinese = re.search(r"第\s*([一二三四五六七八九\d])\s*行", text[:20])
    if chinese:
        digit = chinese[1]
        segment.ordinal = int(digit) - 1 if digit.isdigit() else _CHINESE.index(digit)
    return segment


def _names_of(text: str, canon: Callable[[str], str]) -> frozenset[str]:
    read = expression(text.replace("$", ""))
    if read is None:
        return frozenset()
    return frozenset(map(canon, read.names()))


def names_in(text: str, canon: Callable[[str], str]) -> list[str]:
    """Return the names that a text's formulas mention, in order, without indices."""
    if _MATH.search(text):
        # `the $i$-th` and `the $i$th` are indices; `for each $i$` mostly.
        text = re.sub(r"\$[A-Za-z]\$\s*-?\s*'?(?:th|st|nd|rd)\b|第\s*\$[A-Za-z]\$", "", text)
        text = re.sub(r"(?:for (?:all|each|every)|where)\s+\$?[^$]*≤\s*[ijk]\s*≤[^$]*\$", "$", text)
        inside = " ; ".join(_MATH.findall(text))
        raw = [match[1] for match in _RAW.finditer(inside)]
    else:
        raw = re.findall(r"`([A-Za-z](?:_\w+)?)`", text)
        for comparison in comparisons(text):
            raw += sorted(comparison.names())
        single = (
            r"(?<![\w'`])([B-HJ-Zb-z](?:_\w+)?|A(?=\s+(?:and|lines|,|\())|[a-zA-Z]_\w+)(?![\w'`])"
        )
        raw = re.findall(single, text) or raw
    names = dict.fromkeys(canon(name) for name in raw)
    words = {"max", "min", "log", "mod", "gcd", "sum"}
    indices = {name for name in names if name in _INDEX and _only_index(name, text)}
    return [name for name in names if name not in words and name not in indices]


def _only_index(name: str, text: str) -> bool:
    """Whether a letter is an index below others and is not itself said to be a value."""
    return re.search(rf"_\{{?{name}\b", text) is not None
