"""Writes the many forms of signs, numbers and spaces in formulas in one."""

from __future__ import annotations

import re

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_PLAIN = (
    (r"\\(?:left|right|displaystyle|,|;|!|:|quad|qquad|big|Big)(?![a-z])|\{,\}", ""),
    (r"[~\u00a0\u2009\u202f]|\\ ", " "),
    (r"\\(?:text|mathrm|mathit|texttt|operatorname|mathbf|mathtt|textit)\s*\{([^{}]*)\}", r"\1"),
    (r"\\(?:leqslant|leqq|leq|le|lte)(?![a-z])|<=|&le;|≦|⩽|≤", "≤"),
    (r"\\(?:geqslant|geqq|geq|ge|gte)(?![a-z])|>=|&ge;|≧|⩾|≥", "≥"),
    (r"\\lt(?![a-z])|&lt;|＜", "<"),
    (r"\\gt(?![a-z])|&gt;|＞", ">"),
    (r"\\(?:neq|ne)(?![a-z])|!=|≠", "≠"),
    (r"\\in(?![a-z])|∈", "∈"),
    (r"\\(?:cdots|ldots|dots|dotsc)(?![a-z])|…|\.{2,3}", "..."),
    (r"\\(?:cdot|times|ast)(?![a-z])|[×·∗]", "*"),
    (r"\\(?:lvert|rvert|vert|mid)(?![a-z])|\\\|", "|"),
    (r"\\[dt]?frac\{([^{}]+)\}\{([^{}]+)\}", r"((\1)/(\2))"),
    (r"\\(?:lfloor|rfloor|lceil|rceil)(?![a-z])", ""),
    (r"\\[{}]", ""),
    (r"[−–]", "-"),
    ("，", ","), ("；", ";"), ("（", "("), ("）", ")"), ("：", ":"), ("。", ". "),
    (r"\*\*(?=\s*\d)", "^"),
    (r"(?<=\d)[,'](?=\d{3}(?!\d))", ""),
    (r"(?<=\d) (?=\d{3}(?!\d))", ""),
)  # fmt: skip


def normal(text: str) -> str:
    """Write the many forms of signs, numbers and spaces of formulas in one; keep the dollars."""
    text = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda found: "^" + found[0].translate(_SUPERSCRIPTS), text)
    for pattern, new in _PLAIN:
        text = re.sub(pattern, new, text)
    text = re.sub(r"([_^])\{\s*([^{}]*?)\s*\}", _script, text)
    return re.sub(r"\$\s*([≤≥<>≠=])\s*\$", r"\1", text)


def _script(match: re.Match[str]) -> str:
    inner = match[2].replace(" ", "")
    return match[1] + (inner if re.fullmatch(r"\w+", inner) else f"{{{inner}}}")
