"""Bytes to text, and names to problem ids."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from medalist.errors import BadInput
from medalist.problems.formats.encodings import legacy_encoding

_BINARY = frozenset(range(32)) - {9, 10, 12, 13, 27}


def decode(content: bytes, file: str) -> str:
    """Decode a text as people write them: UTF-8 (with or without BOM), UTF-16 with BOM, GBK, or
    what older files in Big5, Shift-JIS, EUC, Windows-1251, KOI8-R and Windows-1252 are.

    Line ends become `\\n`.

    Raises:
        BadInput: A binary file, or no encoding fits.
    """
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encodings = ["utf-16"]
    elif _looks_binary(content):
        raise BadInput("a binary file, not a text", file=file)
    else:
        encodings = ["utf-8-sig", ""]
    for encoding in encodings:
        try:
            text = content.decode(encoding or legacy_encoding(content))
        except UnicodeDecodeError:
            continue
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise BadInput("neither UTF-8 nor GBK: save the file as UTF-8", file=file)


def _looks_binary(content: bytes) -> bool:
    return any(byte in _BINARY for byte in content[:65536])


def problem_id(name: str) -> str:
    """Make a problem id of a file's or folder's name.

    What an id cannot hold becomes `-`; a name without any usable letter gets a short hash, so
    that two such names stay apart.
    """
    cleaned = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")
    if re.search(r"[A-Za-z0-9]", cleaned):
        return cleaned
    return f"problem-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"


def language_of_text(text: str) -> str:
    """Return `ko`, `ja`, `zh` or `ru` where letters of these are frequent, else `en`.

    Japanese has Chinese characters as well, but never without kana.
    """
    letters = len(re.findall(r"\w", text))
    kana = len(re.findall(r"[\u3040-\u30ff]", text))
    chinese = len(re.findall(r"[\u3400-\u9fff]", text))
    if len(re.findall(r"[\uac00-\ud7a3]", text)) * 10 > letters:
        return "ko"
    if (kana + chinese) * 10 > letters:
        return "ja" if kana * 5 > chinese else "zh"
    return "ru" if len(re.findall(r"[\u0400-\u04ff]", text)) * 10 > letters else "en"


def stem(path: Path | str) -> str:
    """Return a file's name without its extensions for archives and statements."""
    name = Path(path).name
    for ending in (".tar.gz", ".tar.xz", ".tar.bz2", ".tgz", ".txz", ".tar", ".zip", ".kpp"):
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return Path(name).stem
