"""Held-out problems in training data: by id, and by runs of words of their statements.

A row is refused when its problem has the id of a held-out one, or when its text holds at least a
share of a held-out statement's runs of 13 words (the length is that of Brown et al., 2020); a
statement shorter than that counts as one run. Letters of either case are equal, and what is
neither letter nor digit does not count.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from medalist.problems.model import PublicProblem

WORDS = 13
"""Words of a run."""
SHARE = 0.1
"""The share of a statement's runs that is refused where nothing else is said."""

_WORD = re.compile(r"\w+")


class HeldOutArchives:
    """Problems that no training data may hold."""

    def __init__(self, problems: Mapping[str, PublicProblem], share: float = SHARE) -> None:
        """Take held-out problems by id, and the share of a statement's runs that is refused."""
        self._share = share
        self._ids = {_last(name) for name in problems}
        self._of: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        self._runs: Counter[str] = Counter()
        for name, public in problems.items():
            runs = {run for text in public.statements.values() for run in _runs(text)}
            # Of a statement in several languages one is enough.
            least = min((len(set(_runs(text))) for text in public.statements.values()), default=0)
            self._runs[name] = least
            for run in runs:
                self._of[run].add(name)
        self._lengths = {len(run) for run in self._of}

    def reason(self, problem_id: str, texts: Iterable[str]) -> str | None:
        """Return why a row cannot be used; None if it can."""
        if _last(problem_id) in self._ids:
            return "held out, by id"
        if not self._of:
            return None
        shared: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        for text in texts:
            words = [word.lower() for word in _WORD.findall(text)]
            for long in self._lengths:
                for at in range(len(words) - long + 1):
                    run = tuple(words[at : at + long])
                    for name in self._of.get(run, ()):
                        shared[name].add(run)
        for name, runs in shared.items():
            if len(runs) >= self._share * self._runs[name]:
                return "held out, by its statement"
        return None


def _last(problem_id: str) -> str:
    """The id without the archive before it."""
    return problem_id.rsplit("/", 1)[-1].lower()


def _runs(text: str) -> list[tuple[str, ...]]:
    words = [word.lower() for word in _WORD.findall(text)]
    if not words:
        return []
    long = min(WORDS, len(words))
    return [tuple(words[at : at + long]) for at in range(len(words) - long + 1)]
