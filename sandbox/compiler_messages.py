"""Makes a compiler's complaint short and readable.

What a compiler prints is hostile text: a program chooses most of it.
"""

from __future__ import annotations

import re

MAX_LINES = 24
MAX_CHARS = 2000
MAX_LINE_CHARS = 200

_NOISE = re.compile(
    r"^(In file included from|\s+from )"
    r"|^compilation terminated"
    r"|: (note|warning): "
    r"|: In (function|member function|constructor|instantiation|lambda)"
    r"|: At global scope:|: At top level:"
    r"|^(collect2|cc1plus|cc1): (error|all warnings)"
)
_PATHS = re.compile(r"(?<![\w.])(?:\./|/[\w.+@-]+(?:/[\w.+@-]+)*/)(?=[\w.+@-])")
_OBJECT = re.compile(r"\bcc\w{6}\.o:\(?[^)\n]*\)?: ")
# Terminals obey these; no compiler needs them to say what is wrong.
_CONTROL = re.compile(r"[^\t\n -~\xa0-\U0010ffff]|[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def tidy(raw: bytes) -> str:
    """Return the first errors of a compiler's output, without paths and control characters.

    At most `MAX_LINES` lines and about `MAX_CHARS` characters; a note says what was left out.
    """
    text = _CONTROL.sub("", raw.decode("utf-8", "replace"))
    lines = []
    skipping = False
    for line in text.splitlines():
        # The quoted source lines that follow a note or a warning go with it.
        quoted = line.startswith("  ") or re.match(r"\s*\d* \|", line) is not None
        skipping = (skipping and quoted) or _NOISE.search(line) is not None
        if not skipping and line.strip():
            lines.append(_PATHS.sub("", _OBJECT.sub("", line))[:MAX_LINE_CHARS])
    cut = len(lines) > MAX_LINES
    message = "\n".join(lines[:MAX_LINES])
    if len(message) > MAX_CHARS:
        message, cut = message[:MAX_CHARS], True
    return f"{message}\n(cut here)" if cut else message
