"""Which legacy encoding a text that is not UTF-8 has, told from its bytes.

Any of them decodes in GB18030 as well, to nonsense; so each is asked for what its language has
and nonsense has not: kana, Hangul, common characters, runs of letters.
"""

from __future__ import annotations

import re

_LOOKED_AT = 1 << 16


def legacy_encoding(content: bytes) -> str:
    """Return the likely encoding of a text that is not UTF-8; GB18030 if no other is likelier."""
    piece = content[:_LOOKED_AT]
    high = re.findall(rb"[\x80-\xff]+", piece)
    signs = sum(map(len, high))
    letters = len(re.findall(rb"[\xc0-\xff]", piece))
    if letters >= 0.97 * signs and signs < 1.5 * len(high):
        return "cp1252"
    # Fewer may be Chinese by chance, whose bytes are mostly as high.
    if letters >= 0.97 * signs and signs >= 40:
        small = len(re.findall(rb"[\xe0-\xff]", piece))
        return "cp1251" if 2 * small > letters else "koi8-r"
    for encoding in ("cp932", "euc_jp"):
        if _share(piece, encoding, r"[\u3041-\u3096]") >= 0.2:
            return encoding
    if _share(piece, "euc_kr", r"[\uac00-\ud7a3]") >= 0.8:
        return "euc_kr"
    if _is_big5(piece):
        return "big5"
    return "gb18030"


def _decoded(piece: bytes, encoding: str) -> str | None:
    """Decode a piece that may be cut within a character; None if the encoding does not fit."""
    for cut in range(4):
        try:
            return piece[: len(piece) - cut].decode(encoding)
        except UnicodeDecodeError as error:
            if error.start < len(piece) - 4:
                return None
    return None


def _share(piece: bytes, encoding: str, wanted: str) -> float:
    """Return which part of the foreign letters of a text are those of a language."""
    text = _decoded(piece, encoding)
    foreign = len(re.findall(r"[^\x00-\x7f\W]", text)) if text else 0
    return len(re.findall(wanted, text)) / foreign if text and foreign > 3 else 0.0


def _is_big5(piece: bytes) -> bool:
    """Big5 has second bytes below 0x80, GB2312 has none; its common characters come first."""
    text = _decoded(piece, "big5")
    pairs = [c.encode("big5", "replace") for c in re.findall(r"[\u4e00-\u9fff]", text or "")]
    if len(pairs) < 4:
        return False
    low = len([pair for pair in pairs if pair[-1] < 0x80])
    common = len([pair for pair in pairs if 0xA4 <= pair[0] <= 0xC6])
    return low >= 0.15 * len(pairs) and common >= 0.8 * len(pairs)
