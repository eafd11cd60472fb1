"""The parts of an answer that may be code, in order, as the model wrote them."""

from __future__ import annotations

import html
import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from medalist.agent.extract import detect, elements
from medalist.agent.languages import WRITTEN, labelled, written
from medalist.agent.llm.thoughts import split
from medalist.sandbox.languages import default_row

_END_OF_TURN = re.compile(
    r"<\|(?:im_end|im_start|endoftext|eot_id|end_of_text|end|fim_[a-z]+|file_sep|repo_name)\|>"
    r"|</s>(?=[ \t]*(?:\n|\Z))|<｜end▁of▁sentence｜>|<end_of_turn>"
)
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad"))
_SPACES = {ord(c): " " for c in "\u00a0\u2002\u2003\u2009\u202f\u3000"}
_FENCE = re.compile(
    r"(?P<indent>[ \t>]*(?:(?:[-*]|\d+[.)])[ \t]+)?)(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)$"
)
_LATE_FENCE = re.compile(r"(?<=\S)[ \t]*(?:`{3,}|~{3,})[ \t]*$")
_HTML_CODE = re.compile(
    r"<(?:pre|code)\b(?P<attributes>[^>]*)>\s*(?:<code\b(?P<inner>[^>]*)>)?"
    r"(?P<code>[\s\S]*?)(?:</code>|</pre>|\Z)",
    re.IGNORECASE,
)
_GLUED_FENCE = re.compile(
    r"(?P<indent>[^`\n]{0,2000}[^`\s])[ \t]*(?P<fence>`{3,}|~{3,})(?P<info>[A-Za-z][\w+#]*)[ \t]*$"
)
_DEEPEST = 3  # objects in objects that are looked into
_CALL_TAG = re.compile(r"</?(?:tool_call|function_call|tool_use)>")
_LINE_NUMBER = re.compile(r"^[ \t]*(\d+)(?:[ \t]*(?:[|:]|\t)|[.)](?=[ ]))[ ]?")


@cache
def _label_line(tags: tuple[str, ...], endings: tuple[str, ...]) -> re.Pattern[str]:
    """A line above code that names its language or its file."""
    words, files = _any_of(tags), _any_of(endings)
    label = rf"(?://|#)?\s*(?:(?:{words})(?:\d\d)?|[\w-]+\.(?:{files}))\s*:?"
    return re.compile(label, re.IGNORECASE)


@cache
def _tag(tags: tuple[str, ...]) -> re.Pattern[str]:
    """A tag around an answer or a program."""
    words, shouted = _any_of(tags), _any_of(tuple(tag.upper() for tag in tags))
    usual = "answer|final_answer|solution|program|source_code"
    return re.compile(
        rf"(?:^[ \t]*<|<(?P<slash>/))(?P<name>(?i:{usual}|{words}))>"
        rf"|(?:^[ \t]*\[|\[(?P<slash2>/))(?P<name2>{shouted}|CODE|ANSWER|SOLUTION|PROGRAM)\]",
        re.MULTILINE,
    )


def _any_of(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _tags() -> tuple[str, ...]:
    return tuple(tag for row in WRITTEN.values() for tag in row.tags)


def _endings() -> tuple[str, ...]:
    rows = (default_row(name) for name in WRITTEN)
    return tuple(ending.removeprefix(".") for row in rows for ending in row.extensions)


@dataclass(frozen=True)
class CodeBlock:
    """A stretch of an answer that may be code.

    Attributes:
        code: The text, without fence, quotation marks and common indentation.
        info: What the fence said, in lower case (`cpp`, `python`, `output`, empty, ...).
        before: The prose right before it, at most a few lines.
        closed: Whether its end was marked; the last block of an answer often is not,
            because the closing fence was the stop string or the answer was cut.
        fenced: Whether it was marked as code at all.
    """

    code: str
    info: str = ""
    before: str = ""
    closed: bool = True
    fenced: bool = True


def clean(text: str, *, cut: bool = False) -> str:
    """Drop what is not part of an answer: thoughts, end marks, invisible signs, odd line ends.

    `cut` says that it ended at its token limit.
    """
    text = text.encode("utf-8", "replace").decode()  # half a surrogate pair is not text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    text = text.translate(_INVISIBLE).translate(_SPACES)
    text = split(text, cut=cut).text
    end = _END_OF_TURN.search(text)
    while end is not None and not text[: end.start()].strip():
        text = text[end.end() :]
        end = _END_OF_TURN.search(text)
    if end is not None:
        text = text[: end.start()]
    return text


def blocks(text: str) -> list[CodeBlock]:
    """Find all marked blocks of a cleaned answer; without any, the whole text is one block."""
    text = _tagged(text)
    pieces = [inner for block in _fenced(text) for inner in _opened(block)]
    if not any(block.fenced for block in pieces):
        pieces = list(_html(text)) or list(_json(text)) or list(_called(text)) or pieces
    return pieces


def _opened(block: CodeBlock) -> list[CodeBlock]:
    """A block of Markdown is opened again: the code is in its own fences."""
    if block.info in ("markdown", "md") and re.search(r"^[ \t]*(?:`{3,}|~{3,})", block.code, re.M):
        return list(_fenced(block.code))
    if block.info in ("json", "") and block.code.lstrip().startswith("{"):
        return list(_json(block.code)) or [block]
    return [block]


def _tagged(text: str) -> str:
    """Write fences for the tags that some models put around their answer or program."""
    if "<![CDATA[" in text:
        text = text.replace("<![CDATA[", "\n").replace("]]>", "\n")
    if "```" not in text and "~~~" not in text:
        text = elements.fenced(text)
    fences = "```" in text or "~~~" in text

    def fence(match: re.Match[str]) -> str:
        if fences:
            return "\n"
        if match["slash"] or match["slash2"]:
            return "\n```\n"
        name = (match["name"] or match["name2"]).lower()
        return f"\n```{name if labelled(name) else ''}\n"

    return _tag(_tags()).sub(fence, text)


def _fenced(text: str) -> Iterator[CodeBlock]:
    """Split at Markdown fences, in their own line or glued to the code."""
    prose: list[str] = []
    code: list[str] | None = None
    fence = indent = info = ""
    for line in text.split("\n"):
        match = _FENCE.match(line)
        if code is None:
            if match is None and (match := _glued(line)) is not None:
                prose.append(match["indent"])
            if match is None:
                prose.append(line)
                continue
            fence, indent, info = match["fence"], match["indent"], match["info"].strip()
            if _is_closing_of_prefill(prose, info):
                yield CodeBlock("\n".join(prose), closed=True, fenced=True)
                prose = []
                continue
            info, first = _info(info)
            code = [first] if first else []
            if first and _LATE_FENCE.search(first):
                yield _block([_LATE_FENCE.sub("", first)], indent, info, prose, closed=True)
                code, prose = None, []
        elif match is not None and match["fence"][: len(fence)] == fence:
            yield _block(code, indent, info, prose, closed=True)
            after = match["info"].strip()
            # ```` ```cpp ```` where a close is expected: the model forgot the close and opens
            # again.
            code, prose = ([] if _info(after)[0] and after.isalnum() else None), []
            info = _info(after)[0]
        elif _LATE_FENCE.search(line) and line.count("`") + line.count("~") >= len(fence):
            code.append(_LATE_FENCE.sub("", line))
            yield _block(code, indent, info, prose, closed=True)
            code, prose = None, []
        else:
            code.append(line)
    if code is not None:
        yield _block(code, indent, info, prose, closed=False)
    elif any(line.strip() for line in prose):
        yield CodeBlock("\n".join(prose), closed=False, fenced=False)


def _glued(line: str) -> re.Match[str] | None:
    """Return the fence that opens behind prose in its line, if it names a language."""
    match = _GLUED_FENCE.match(line)
    return match if match and labelled(match["info"].lower()) else None


def _is_closing_of_prefill(prose: list[str], info: str) -> bool:
    """Whether a first bare fence closes a block that was opened in the prompt."""
    if info:
        return False
    code = "\n".join(prose)
    language = detect.language_of(code)
    if language not in WRITTEN:
        return False
    begins = any(re.match(row.begins, code, re.MULTILINE) for row in WRITTEN.values())
    return begins or written(language).error_bytes(code) == 0


def _info(info: str) -> tuple[str, str]:
    """Split what stands after the fence into the language's name and code glued to it."""
    match = re.match(r"\{?\.?([A-Za-z][A-Za-z0-9+#_.-]*|)(?:[:,=]\S*)?\}?(?:[ \t]+|$)(.*)$", info)
    if match is None:
        return "", info
    name, rest = match[1].lower(), match[2]
    # Attributes (`title="a.cpp"`) are not code.
    return name, rest if re.search(r"[#;(]", rest) else ""


def _block(code: list[str], indent: str, info: str, prose: list[str], *, closed: bool) -> CodeBlock:
    if ">" in indent:
        code = [re.sub(r"^[ \t]*>[ \t]?", "", line) for line in code]
    text = "\n".join(code)
    if all(line[:1] in ("", " ", "\t") for line in code):
        text = textwrap.dedent(text)  # which also empties lines of blanks: only if it must
    first, _, rest = text.lstrip("\n").partition("\n")
    if _label_line(_tags(), _endings()).fullmatch(first.strip()) and rest.strip():
        text = rest  # a language's or a file's name, where the code begins
    if _is_numbered([line for line in text.split("\n") if line.strip()]):
        text = "\n".join(_LINE_NUMBER.sub("", line) for line in text.split("\n"))
    before = " ".join(line.strip() for line in prose if line.strip())[-300:]
    return CodeBlock(text.strip("\n"), info.lower(), before, closed)


def _is_numbered(lines: list[str]) -> bool:
    """Whether all lines begin with their numbers; of two lines these follow each other."""
    numbers = [match[1] for line in lines if (match := _LINE_NUMBER.match(line)) is not None]
    if len(numbers) < max(2, len(lines)):
        return False
    return len(lines) > 2 or numbers[1] == str(int(numbers[0][:9]) + 1)


def _html(text: str) -> Iterator[CodeBlock]:
    for match in _HTML_CODE.finditer(text):
        label = re.search(r"(?:language|lang)-([\w+#]+)", f"{match['attributes']} {match['inner']}")
        code = html.unescape(match["code"]).strip("\n")
        if "\n" in code:
            yield CodeBlock(code, label[1].lower() if label else "", text[: match.start()][-300:])


def _json(text: str, depth: int = 0) -> Iterator[CodeBlock]:
    """Answers in a JSON object: each string of several lines may be the code."""
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):  # nested too deeply, or a number of thousands of digits
        return
    if not isinstance(answer, dict) or depth > _DEEPEST:
        return
    for key, value in answer.items():
        if key in ("arguments", "parameters", "input") and isinstance(value, dict):
            yield from _json(json.dumps(value), depth + 1)  # as a call has it
        elif key == "arguments" and isinstance(value, str) and value.lstrip().startswith("{"):
            yield from _json(value, depth + 1)
        elif isinstance(value, str) and "\n" in value:
            yield CodeBlock(value.replace("\r\n", "\n").strip("\n"), before=str(key))


def _called(text: str) -> Iterator[CodeBlock]:
    """Programs in calls of functions that nobody offered, as some models write them into text."""
    for part in _CALL_TAG.split(text)[1:]:
        if part.lstrip().startswith("{"):
            yield from _json(part.strip())
