"""How statements write limits: labels, numbers and units, in the languages of the judges."""

from __future__ import annotations

import re

from medalist.problems.formats.statement_words import vocabulary

Units = tuple[tuple[float, str], ...]
TIME_UNITS: Units = (
    (1e-3, vocabulary(r"""
        ms msecs? milli-?sec(?:ond)?s? 毫秒 ミリ秒 밀리초 мс миллисекунд\w* milisegundos?
        millisecondes?""")),
    (60.0, vocabulary(r"min(?:ute)?s? 分钟 分鐘 минут\w*")),
    (1.0, vocabulary(r"""
        s secs?(?:\(s\))? seconds?(?:\(s\))? 秒钟? 秒鐘 초 сек с секунд\w* sekund\w* segundos?
        secondes? secondi giây saniye detik másodperc""")),
)  # fmt: skip
"""To seconds."""
MEMORY_UNITS: Units = (
    (1 / 1024, vocabulary(r"k kb kib kbytes? kilobytes? kibibytes? кб килобайт\w* 千字节")),
    (1.0, vocabulary(r"""
        m mb mib mbytes? megabytes? mebibytes? мб мегабайт\w* мебибайт\w* 兆字?节?
        메가바이트 mo""")),
    (1024.0, vocabulary(r"g gb gib gbytes? gigabytes? gibibytes? гб гигабайт\w* go")),
    (1 / (1 << 20), vocabulary(r"b bytes? 字节 байт\w*")),
)  # fmt: skip
"""To MiB."""
_NUMBERS = {
    "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "eight": 8.0,
    "ten": 10.0, "half a": 0.5, "одна": 1.0, "две": 2.0, "три": 3.0, "一": 1.0, "两": 2.0,
    "二": 2.0, "三": 3.0, "五": 5.0, "十": 10.0,
}  # fmt: skip
_NUMBER = rf"(?:\d+(?:[.,]\d+)?|(?:{'|'.join(_NUMBERS)})(?![A-Za-zа-яё]))"


def value_of(units: Units, name: str) -> str:
    """Return the pattern of a value; its groups are `<name>n`, `o` (the other) and `u` (unit)."""
    unit = "|".join(words for _, words in units)
    other = rf"(?:\s*/\s*(?P<{name}o>\d+(?:[.,]\d+)?))?"
    return rf"(?P<{name}n>{_NUMBER}){other}\s*-?(?P<{name}u>{unit})(?![A-Za-zА-Яа-яё])\.?"


_TIME, _MEMORY = value_of(TIME_UNITS, "t"), value_of(MEMORY_UNITS, "m")
TIME, MEMORY = re.compile(_TIME, re.I), re.compile(_MEMORY, re.I)
OF_TIME = vocabulary(r"""
    (?:(?:max(?:imum)?|cpu|real|execution|run(?:ning)?|wall)[\s-]*)*(?:time|runtime)[\s-]*limits?
    cpu[\s-]*limit time[\s-]*limit tl
    (?:总|单点|單點|每题|程序|运行|執行|执行|運行|最大)*时间(?:限制|上限|约束)
    (?:單點|程式|運行|執行|最大|実行)*時間(?:限制|上限|制限) (?:运行|單點|单点)?[时時]限
    最大运行时间 制限時間
    (?:실행\s*)?시간\s*제한 제한\s*시간
    ограничени[ея]_(?:по\s+)?времени(?:_выполнения|_работы_программы)? лимит_(?:по\s+)?времени
    предел_времени
    максимальное_время_(?:работы|выполнения)(?:_программы)?(?:_на\s+одном\s+тесте)?
    обмеження_(?:по\s+)?часу ліміт_часу zeitlimit limit_czasu
    l[ií]mite?_d[ei]_(?:tiempo|temps|tempo) tidsgräns giới_hạn_thời_gian zaman_(?:limiti|sınırı)
    batas_waktu časový_limit vremensko_ograničenje időlimit""")
OF_MEMORY = vocabulary(r"""
    (?:max(?:imum)?\s+)?(?:memory|ram)[\s-]*limits?(?:ation)? ml
    (?:总|最大|运行|程序)*(?:内存|空间|存储)(?:限制|上限|约束) (?:記憶體|空間|内存)(?:限制|上限)
    最大运行内存
    メモリ(?:量)?制限 메모리\s*제한 제한\s*메모리
    ограничени[ея]_(?:по\s+)?памяти лимит_(?:использования\s+|по\s+)?памяти
    обмеження_(?:по\s+)?пам.яті ліміт_(?:використання\s+)?пам.яті
    максимальный_объ[её]м_(?:используемой\s+)?памяти speicherlimit limit_pamięci
    l[ií]mite?_d[ei]_(?:memoria|mémoire|memória) minnesgräns giới_hạn_bộ_nhớ
    bellek_(?:limiti|sınırı) batas_memori memorijsko_ograničenje memórialimit""")
_OF_BOTH = (
    r"(?:时空|時空|时间[/、和与]?(?:空间|内存)|time\s*(?:and|[/&])\s*memory)"
    r"\s*(?:限制|limits?)|limits"
)
# Words that may as well begin a line of the story.
_WEAK_TIME, _WEAK_MEMORY = (
    vocabulary("time 时间 時間 시간 время"),
    vocabulary("memory 内存 空间 空間 記憶體 메모리 メモリ память"),
)
LABEL = re.compile(
    rf"(?P<both>{_OF_BOTH})|(?P<time>{OF_TIME})|(?P<memory>{OF_MEMORY})"
    rf"|(?P<wtime>{_WEAK_TIME})|(?P<wmemory>{_WEAK_MEMORY})",
    re.I,
)
_NAMESOF_TIME = "|".join(words for _, words in TIME_UNITS)
_NAMESOF_MEMORY = "|".join(words for _, words in MEMORY_UNITS)
UNIT_OF_LABEL = re.compile(
    rf"\s*[(,]\s*(?:[A-Za-z]+,\s*)?(?:(?P<time>{_NAMESOF_TIME})|(?P<memory>{_NAMESOF_MEMORY}))"
    r"(?:\s*\)|(?=\s*:))",
    re.I,
)
"""`Time limit (ms): 1000`, `Ограничение по времени, сек: 1`."""
LEAD = re.compile(
    r"^[\s>*#|•·\-【\[(「\d.]*(?:note\s*:|注意\s*:|on\s+)?\s*(?:本题|本題|每个测试点的?|每個測資的?|"
    r"每组数据的?|各测试点|(?:the|each|every)\s+)*\s*",
    re.I,
)
_PER_TEST = (
    r"per\s+test(?:\s*case)?|for\s+each\s+(?:test|input)(?:\s*(?:case|file))?|"
    r"\(?(?:per|each)\s+(?:test|case)\)?"
)
BEFORE_VALUE = re.compile(
    r"(?:\s|[:=|*]|-+(?!\d)|[–—]+|\]|】|は|为|為|是|is\b|at\s+most|не\s+более|максимум|约|約|"
    rf"{_PER_TEST}|每个?测试点|每个?测试用例|每組?測資|на\s+(?:один\s+|1\s+)?тест|1\s*ケース|各テスト|"
    r"(?:C/C\+\+|C\+\+|GCC|C)(?=\s*[\d:])|\((?:C/C\+\+|C\+\+|java/others?)\))*",
    re.I,
)
SHORT_TEXT = re.compile(r"\s*:[^.。!?]{0,40}?(?=\d)")
SEPARATOR = re.compile(r"[\s|,;/.。()\[\]【】•·&]*")
AFTER_VALUE = re.compile(
    rf"\s*(?:\([^()]{{0,60}}\)|{_PER_TEST}|each|以内|이내|"
    r"[/,;]?\s*(?:其他语言|其它语言|其他|others?|java|python3?|c\+\+|[A-Za-z+]{1,8}의\s*경우)\s*[:=]?\s*"
    rf"(?:{_NUMBER}\s*\w{{1,12}})|[,(]?\s*(?:twice|double|\d+x|\d+\s+times)\s+the\s+default\)?)",
    re.I,
)
MORE = re.compile(
    rf"[^:.。!?]{{1,40}}:|(?:[^.。!?\d]{{0,24}}(?:{value_of(TIME_UNITS, 'a')}|"
    rf"{value_of(MEMORY_UNITS, 'b')})[^.。!?\d]{{0,8}}){{1,4}}$",
    re.I,
)
"""What may follow limits in their line: another pair, or values for other languages."""
ALONE = re.compile(
    rf"^[\s*|]*{_TIME}\s*[/|,·;\s]\s*{_MEMORY}(?:\s*[/|,·;]\s*\d+\s*\w+)?[\s*|]*$", re.I
)
"""A line of values only, as in `1 second / 32 MB / 30 points`."""
NOISE = re.compile(
    r"\\(?:texttt|text|mathrm|textbf|rm|mathtt)\s*\{([^{}]*)\}|\\[,;:! ]|[$`~]|<[^<>]{1,40}>"
)


def seconds(match: re.Match[str], name: str = "t") -> float:
    """Return a value in seconds; of `2000/1000 MS (Java/Others)` the second is ours."""
    return _scaled(match, name, TIME_UNITS)


def mebibytes(match: re.Match[str]) -> float:
    """Return a value in MiB."""
    return _scaled(match, "m", MEMORY_UNITS)


def scale(unit: str, units: Units) -> float:
    """Return what a unit is worth."""
    return next((factor for factor, words in units if re.fullmatch(words, unit, re.I)), 1.0)


def _scaled(match: re.Match[str], name: str, units: Units) -> float:
    text = (match[f"{name}o"] or match[f"{name}n"]).lower().replace(",", ".")
    number = _NUMBERS[text] if text in _NUMBERS else float(text)
    return round(number * scale(match[f"{name}u"], units), 6)
