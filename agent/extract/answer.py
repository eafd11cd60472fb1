"""The program in an answer, or the reason why there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from medalist.agent.extract import detect
from medalist.agent.extract.blocks import CodeBlock, blocks, clean
from medalist.agent.extract.join import Part, assemble
from medalist.agent.extract.unfenced import cut_out
from medalist.agent.extract.wrap import (
    defines_something,
    fit_to_grader,
    instead_of_demonstration,
    wrap,
)
from medalist.agent.languages import WRITTEN, is_taken, labelled, written
from medalist.agent.llm.thoughts import split
from medalist.agent.types import Candidate
from medalist.problems.model import Kind, PublicProblem

WORDS_ONLY = frozenset({"outline", "critic", "review"})
"""Prompts that ask for a plan or for criticism, not for a program."""


class Extracted(StrEnum):
    """What an answer turned out to hold."""

    PROGRAM = "program"
    FUNCTION = "function"
    """Functions only where a whole program was asked for, and no way known to call them."""
    TRUNCATED = "truncated"
    REFUSED = "refused"
    LANGUAGE = "language"
    """A program, but in a language that is not judged here."""
    NOTHING = "nothing"


@dataclass(frozen=True)
class Extraction:
    """The program of an answer, or why there is none.

    Attributes:
        source: The program (`\\n` line ends, one at the end), or None.
        language: Its family, which need not be the one asked for.
        reason: One line for people: which block was taken and why, or what is wrong.
        found: The same for programs. `PROGRAM` and `FUNCTION` have a source, the others none.
    """

    source: str | None
    language: str | None
    reason: str
    found: Extracted = Extracted.PROGRAM


@dataclass(frozen=True)
class _Piece:
    """A block whose language is known."""

    block: CodeBlock
    language: str
    code: str
    whole: bool
    number: int


_REFUSAL = re.compile(
    r"\b(?:I(?:'|’)m sorry|I am sorry|I cannot|I can(?:'|’)t|I(?:'|’)m unable|I won(?:'|’)t)\b"
    r"|抱歉|无法(?:帮助|提供)",
    re.IGNORECASE,
)
_DRAFT = re.compile(
    r"\b(?:brute.?force|na[iï]ve|slow(?:er)?|generator|generate tests?|test(?:er| script)|"
    r"incorrect|wrong|buggy|pseudo.?code|compile|example usage|first attempt|draft)\b"
    r"|暴力|对拍|错误",
    re.IGNORECASE,
)
_FINAL = re.compile(
    r"\b(?:final|corrected|complete|full|fixed|optimi[sz]ed|improved)\b|最终|完整", re.IGNORECASE
)
_NOT_CODE = {
    "text", "plaintext", "txt", "output", "input", "console", "markdown", "md", "diff", "mermaid",
}  # fmt: skip


def extract(
    text: str,
    *,
    language: str | None,
    public: PublicProblem | None = None,
    finish: str = "stop",
) -> Extraction:
    """Find the program in an answer.

    Several blocks: whole programs that read input and call nothing undefined come first, of these
    those in the language asked for, then functions (for a function problem, functions first);
    among equals the last one, unless the words before it call it a draft, a brute force or a test.
    A main program that reads nothing, where there is input, gives way to one that does.

    Args:
        text: The completion, with its prefill; hostile text.
        language: The language family asked for; None for any.
        public: The problem, whose kind says whether a main program is wanted at all.
        finish: How the completion ended; `length` means that it was cut.
    """
    if finish in ("content_filter", "refusal"):
        return Extraction(None, None, f"the model refused ({finish})", Extracted.REFUSED)
    body = clean(text, cut=finish == "length")
    if not body.strip():
        return _without_program(text, finish)
    parts = blocks(body)
    pieces = list(_pieces(parts, language))
    # What looks like code outside of fences counts only where no fence holds any.
    pieces = [piece for piece in pieces if piece.block.fenced] or pieces
    if not pieces:
        return _nothing(body, parts, finish, language)
    wants_main = public is None or public.kind is not Kind.FUNCTION
    chosen, reason = _choose(pieces, language, wants_main=wants_main)
    last_of_all = not chosen.block.closed
    broken = detect.breaks_off(chosen.language, chosen.code)
    if last_of_all and finish == "length" and not _certainly_whole(chosen, broken):
        return Extraction(
            None,
            chosen.language,
            f"cut at the token limit: {broken or 'no end in sight'}",
            Extracted.TRUNCATED,
        )
    if last_of_all and broken is not None:
        return Extraction(None, chosen.language, f"breaks off: {broken}", Extracted.TRUNCATED)
    if language is not None and chosen.language != language:
        reason += f"; {chosen.language} where {language} was asked for"
    source = chosen.code.rstrip() + "\n"
    if not wants_main and public is not None:
        source = fit_to_grader(chosen.language, source, public)
        if not defines_something(chosen.language, source):
            return Extraction(None, None, "no function, where one was asked for", Extracted.NOTHING)
    elif not chosen.whole:
        wrapped = wrap(chosen.language, source, public) if public is not None else None
        if wrapped is None:
            reason += "; functions only"
            return Extraction(source, chosen.language, reason, Extracted.FUNCTION)
        source = wrapped[0]
        reason += f"; functions only, the main program {wrapped[1]}"
    elif public is not None and any(sample.input.strip() for sample in public.samples):
        told = instead_of_demonstration(chosen.language, source, public)
        if told is not None:
            source = told[0]
            reason += f"; its main program reads nothing, another {told[1]}"
    return Extraction(source, chosen.language, reason)


def of_candidate(candidate: Candidate, public: PublicProblem) -> Extraction:
    """Return the program of a candidate: its own source if it has one, else its answer's."""
    if candidate.prompt_id in WORDS_ONLY:
        return Extraction(None, None, "words, as asked for", Extracted.NOTHING)
    if candidate.cut_while_thinking and (candidate.reasoning or candidate.finish == "length"):
        return Extraction(None, None, "cut while thinking", Extracted.TRUNCATED)
    if candidate.source is None:
        return extract(
            candidate.text, language=candidate.language, public=public, finish=candidate.finish
        )
    if not candidate.source.strip():
        return Extraction(None, None, "the source is empty", Extracted.NOTHING)
    language = candidate.language or detect.language_of(candidate.source)
    if not is_taken(language, candidate.language):
        return Extraction(None, None, "its language is not told", Extracted.LANGUAGE)
    return Extraction(candidate.source, language, "given as a program")


def _without_program(text: str, finish: str) -> Extraction:
    if finish == "length" and text.strip():
        return Extraction(None, None, "cut while thinking, at the token limit", Extracted.TRUNCATED)
    if split(text).thought.strip():
        return Extraction(None, None, "cut while thinking", Extracted.TRUNCATED)
    return Extraction(None, None, "the answer is empty", Extracted.NOTHING)


def _nothing(body: str, parts: list[CodeBlock], finish: str, language: str | None) -> Extraction:
    for part in parts:
        other = detect.language_of(part.code)
        foreign = other not in (None, "bash") and not is_taken(other, language)
        if part.fenced and foreign:
            return Extraction(None, None, f"a program in {other}", Extracted.LANGUAGE)
    if finish == "length":
        return Extraction(None, None, "cut at the token limit before any code", Extracted.TRUNCATED)
    if _REFUSAL.search(body[:400]):
        return Extraction(None, None, "the model refused in words", Extracted.REFUSED)
    return Extraction(None, None, "prose without a program", Extracted.NOTHING)


def _pieces(parts: list[CodeBlock], language: str | None) -> Iterator[_Piece]:
    for number, part in enumerate(parts, 1):
        block = part if part.fenced else cut_out(part, language)
        if block is None or not block.code.strip():
            continue
        named = labelled(block.info)
        seen = detect.language_of(block.code, language)
        if block.info in _NOT_CODE and not (seen in WRITTEN and written(seen).is_whole(block.code)):
            continue
        # What the text itself shows decides; the fence's word counts where it shows nothing.
        kind = seen if seen is not None else named
        if kind is None and block.fenced and not block.info and _parses(language, block.code):
            kind = language
        if kind is None or not is_taken(kind, language):
            continue
        code = _repaired(kind, block.code)
        if not block.closed and block.fenced and _errors(kind, code):
            cut = cut_out(replace(block, code=code), kind)  # prose behind a fence without an end
            if cut is not None and detect.breaks_off(kind, cut.code) is None:
                block, code = replace(block, closed=cut.closed), cut.code
        yield _Piece(block, kind, code, written(kind).is_whole(code), number)


def _parses(language: str | None, code: str) -> bool:
    """Whether a text without any telling sign is still code: it parses and is not mere data."""
    return language is not None and "(" in code and _errors(language, code) == 0


def _choose(pieces: list[_Piece], language: str | None, *, wants_main: bool) -> tuple[_Piece, str]:
    if wants_main and not any(piece.whole for piece in pieces):
        joined = _join(pieces, language)
        if joined is not None:
            return joined, f"{len(pieces)} blocks joined, none was a program alone"

    def rank(piece: _Piece) -> tuple[bool | int, ...]:
        words = piece.block.before
        draft = bool(_DRAFT.search(words)) and not _FINAL.search(words)
        return (
            piece.whole is wants_main,
            # What shows how to use or test the program reads nothing, or needs the program.
            not wants_main or detect.reads_input(piece.language, piece.code),
            not wants_main or not written(piece.language).calls_unknown(piece.code),
            language is None or piece.language == language,
            not draft,
            detect.breaks_off(piece.language, piece.code) is None,
            piece.number,
        )

    best = max(pieces, key=rank)
    if len(pieces) == 1:
        return best, "the only block" if best.block.fenced else "unfenced code"
    others = [
        Part(piece.code, piece.block.before)
        for piece in pieces
        if piece is not best and piece.language == best.language and not piece.whole
    ]
    code, used = assemble(best.language, Part(best.code, best.block.before), others)
    if used:
        return replace(best, code=code), f"{used + 1} blocks put together"
    why = "the last" if best is pieces[-1] else "the best"
    return best, f"{why} of {len(pieces)} blocks (number {best.number})"


def _join(pieces: list[_Piece], language: str | None) -> _Piece | None:
    """Put together a program that was given in parts, if the parts make one."""
    kind = language or pieces[0].language
    parts = [piece for piece in pieces if piece.language == kind]
    if len(parts) < 2:
        return None
    code = "\n\n".join(piece.code for piece in parts)
    if not written(kind).is_whole(code) or detect.breaks_off(kind, code) is not None:
        return None
    return replace(parts[-1], code=code, whole=True)


def _certainly_whole(piece: _Piece, broken: str | None) -> bool:
    """Whether a text that was cut holds a whole program nevertheless."""
    return piece.whole and broken is None and written(piece.language).ends(piece.code)


_SIGNS = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "−": "-", "–": "-", "；": ";", "，": ","}
    | {"（": "(", "）": ")", "：": ":"}
)
_ESCAPES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&nbsp;": " ", "&amp;": "&"}


def _unescaped(code: str) -> str:
    """Undo the escapes of HTML that end in a semicolon; `int &note` is not one."""
    return re.sub("|".join(_ESCAPES), lambda match: _ESCAPES[match[0]], code)


def _repaired(language: str, code: str) -> str:
    """Undo what a page or a keyboard did to code (escapes, quotes), if it then parses better."""
    for repaired in (_unescaped(code), code.translate(_SIGNS)):
        if repaired != code and _errors(language, repaired) < _errors(language, code):
            code = repaired
    return code


def _errors(language: str, code: str) -> int:
    return written(language).error_bytes(code)
