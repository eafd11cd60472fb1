"""The program of an answer, found once a process: each round of a run looks at all of them."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict

from medalist.agent.extract.answer import Extraction, of_candidate
from medalist.agent.types import Candidate
from medalist.problems.model import PublicProblem

_MOST = 10_000
"""Extractions that are kept; a program takes a few kilobytes."""

_known: OrderedDict[bytes, Extraction] = OrderedDict()
_lock = threading.Lock()


class Extractor:
    """Takes programs out of answers to one problem; equal answers to equal problems only once."""

    def __init__(self, public: PublicProblem) -> None:
        """Take the problem."""
        self._public = public
        self._digest = _digest(public.model_dump_json())

    def __call__(self, candidate: Candidate) -> Extraction:
        """Return what `of_candidate` does. Thread-safe."""
        content = (
            candidate.prompt_id, candidate.language, candidate.finish, bool(candidate.reasoning),
            candidate.text, candidate.source,
        )  # fmt: skip
        key = _digest(f"{self._digest!r} {content!r}")
        with _lock:
            extraction = _known.get(key)
            if extraction is not None:
                _known.move_to_end(key)
                return extraction
        extraction = of_candidate(candidate, self._public)
        with _lock:
            _known[key] = extraction
            if len(_known) > _MOST:
                _known.popitem(last=False)
        return extraction


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
