"""When two programs are one: the same tokens, and nothing looser."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from medalist.agent.extract.answer import Extraction
from medalist.agent.languages import written
from medalist.agent.types import Candidate, Program


def program_id(language: str, source: str) -> str:
    """Hash what decides a program's behaviour; equal programs have equal ids in every run.

    Comments and layout do not count, except where they can matter; names always count.

    Args:
        language: Language family.
        source: The program's text.

    Returns:
        16 hexadecimal digits.
    """
    tokens = written(language).tokens(source)
    # The separator cannot occur in a token: sources that hold it are compared as text.
    content = "text\0" + source if tokens is None else "tokens\0" + "\0".join(tokens)
    return hashlib.sha256(f"{language}\0{content}".encode(errors="surrogatepass")).hexdigest()[:16]


def merge(candidates: Iterable[tuple[Candidate, Extraction]]) -> list[Program]:
    """Collect candidates whose programs are equal; each is a vote for its program.

    Candidates without a program are left out. Order is that of first appearance.
    """
    programs: dict[str, Program] = {}
    for candidate, extraction in candidates:
        if extraction.source is None or extraction.language is None:
            continue
        key = program_id(extraction.language, extraction.source)
        known = programs.get(key)
        source = extraction.source if known is None else known.source
        votes = () if known is None else known.candidates
        programs[key] = Program(key, extraction.language, source, (*votes, candidate.candidate_id))
    return list(programs.values())
