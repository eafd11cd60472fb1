"""Thinking that is in the answer itself, told from the answer.

Models mark their thoughts with tags of their makers' (`<think>`, `[THINK]`, `<seed:think>`,
`◁think▷`, `<|begin_of_thought|>`, ...) or put them into a channel (the Harmony format of gpt-oss),
and servers often leave them where they are. A thought that was never closed ends with the answer:
nothing after its tag is an answer. All of it is one pass over the text.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_TAG = re.compile(
    r"(?P<fence>^[ \t>]*(?:```|~~~))"
    r"|(?P<left><\|?|<｜|◁|&lt;)(?P<slash>/?)[ ]?(?P<name>(?:begin_of_|end_of_|start_|end_)?"
    r"(?:[a-z]{1,12}[:_-])?(?:think(?:ing)?|thoughts?|reasoning(?:_content)?|analysis|reflection"
    r"|scratchpad|monologue)(?:_never_used_[0-9a-f]{8,40})?(?:_start|_end)?)"
    r"(?:[ ]\w{1,20}=\"[^\"\n<>]{0,40}\")?[ ]?/?(?P<right>\|?>|｜>|▷|&gt;)"
    r"|\[(?P<slash2>/?)(?P<name2>think(?:ing)?|thought|reasoning)\]"
    r"|<(?P<unused>unused9[45])>"
    r"|<(?P<gemma>\|channel>[ ]?thought\b|channel\|>)"  # Gemma 4
    r"|<\|inner_(?P<inner>prefix|suffix)\|>",  # Apertus
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED = re.compile(r"[`'\"“‘(]\Z")
_MENTION_AFTER = re.compile(
    r"`(?!``)|['\"”’)*.,;!?]|\s*(?:(?:and|or|/)\s*\S{0,2}[<\[◁]|(?:tags?|tokens?|blocks?|sections?|elements?|"
    r"markers?|mode|标签|标记)\b)",
    re.IGNORECASE,
)
_SENTENCE_ENDS = (".", "!", "?", ":", "。", "！", "？")
_CHANNEL = re.compile(
    r"(?:<\|start\|>\s*\w*\s*)?<\|channel\|>\s*(?P<name>\w+)[^<]{0,200}(?:<\|constrain\|>[^<]{0,80})?"
    r"<\|message\|>"
)
_CHANNEL_END = re.compile(r"<\|(?:end|return|call|start)\|>")
_BARE_CHANNEL = re.compile(r"\s*analysis(?=[A-Z][a-z' ])")
_BARE_FINAL = "assistantfinal"
_SPOKEN = re.compile(r"\s*Here(?: is|'s) my thought process:")
_SPOKEN_END = re.compile(r"Here(?: is|'s) my response:")
"""How Granite 3 begins and ends its thoughts, in words."""
_FAREWELL = 1000  # characters that may follow an answer behind a late tag


class AnswerParts(NamedTuple):
    """An answer without its thoughts, and these; `open` says that the last one has no end."""

    text: str
    thought: str
    open: bool = False


def split(text: str, *, cut: bool = False) -> AnswerParts:
    """Split an answer into thinking and reply.

    A tag that is only mentioned (in quotation marks, in the middle of a sentence) is not one.

    Args:
        text: The answer as it came.
        cut: Whether it ended at its token limit.
    """
    if "<|channel|>" in text:
        return _channels(text)
    bare = _BARE_CHANNEL.match(text)
    if bare is not None:
        thought, mark, final = text[bare.end() :].partition(_BARE_FINAL)
        return AnswerParts(final, thought, not mark)
    spoken = _SPOKEN.match(text)
    if spoken is not None:
        thought, *final_parts = _SPOKEN_END.split(text[spoken.end() :], maxsplit=1)
        return AnswerParts("".join(final_parts), thought, not final_parts)
    return _tags(text, cut=cut)


def _channels(text: str) -> AnswerParts:
    """Read the Harmony format: only the channel `final` is said to the user."""
    said: list[str] = []
    thought: list[str] = []
    marks = list(_CHANNEL.finditer(text))
    if not marks:
        return AnswerParts(text, "")
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    before = _CHANNEL_END.split(text[: marks[0].start()])[0]
    if before.strip():
        thought.append(before)
    for mark, end in zip(marks, ends, strict=True):
        content = _CHANNEL_END.split(text[mark.end() : end], maxsplit=1)[0]
        (said if mark["name"].lower() == "final" else thought).append(content)
    return AnswerParts("".join(said), "\n".join(thought), not said)


def _tags(text: str, *, cut: bool) -> AnswerParts:
    said: list[str] = []
    thought: list[str] = []
    inside: str | None = None
    in_fence = False
    place, last = 0, len(text.rstrip())
    ends: dict[str, int] = {}
    for match in _TAG.finditer(text):
        if match["fence"]:
            in_fence = in_fence != (inside is None)
            continue
        name, closing = _kind(match)
        if inside is not None:
            if closing and name == inside:
                thought.append(text[place : match.start()])
                inside, place = None, match.end()
        elif _is_mention(text, match, closing=closing):
            continue
        elif closing:
            segment = text[place : match.start()]
            if match.end() >= last or _is_late(segment, text, match.end()):
                said.append(segment)
            else:
                # The tag that opens it is in the prompt, or inside of another thought.
                thought += [*said, segment]
                said = []
            in_fence, place = False, match.end()
        elif not in_fence and (
            cut or _begins(text, match.start()) or _last_end(text, name, ends) > match.end()
        ):
            said.append(text[place : match.start()])
            inside, place = name, match.end()
    (said if inside is None else thought).append(text[place:])
    return AnswerParts("".join(said), "\n".join(thought), inside is not None)


def _kind(match: re.Match[str]) -> tuple[str, bool]:
    """Return which kind of thought a tag begins or ends, and whether it ends it."""
    if match["unused"]:
        return "unused", match["unused"].endswith("5")
    if match["gemma"]:
        return "channel", match["gemma"].startswith("channel")
    if match["inner"]:
        return "inner", match["inner"].lower() == "suffix"
    name = (match["name"] or match["name2"]).lower()
    closing = bool(match["slash"] or match["slash2"]) or name.startswith("end_")
    closing = closing or name.endswith("_end")
    for prefix in ("begin_of_", "end_of_", "start_", "end_"):
        name = name.removeprefix(prefix)
    return name.removesuffix("_start").removesuffix("_end"), closing


def _is_mention(text: str, match: re.Match[str], *, closing: bool) -> bool:
    before = text[max(0, match.start() - 3) : match.start()]
    if not before.endswith("```") and _QUOTED.search(before):
        return True
    if closing:  # it may follow the last word of a thought, and any word may follow it
        return False
    return before[-1:].isalnum() or bool(_MENTION_AFTER.match(text, match.end(), match.end() + 20))


def _begins(text: str, place: int) -> bool:
    """Whether a tag is at the beginning of a line or a sentence."""
    near = text[max(0, place - 200) : place]
    line = near.rpartition("\n")[2].strip()
    return not line or line.endswith(_SENTENCE_ENDS)


def _last_end(text: str, name: str, known: dict[str, int]) -> int:
    """Return where the last tag begins that ends such a thought, -1 if none does."""
    if name not in known:
        known[name] = max(text.lower().rfind(f"{mark}{name}") for mark in ("/", "end_", "end_of_"))
    return known[name]


def _is_late(segment: str, text: str, end: int) -> bool:
    """Whether a closing tag comes behind the answer instead of before it."""
    if len(text) - end > _FAREWELL or not segment.rstrip().endswith("```"):
        return False
    return "```" not in text[end:]
