"""Near-copies: programs that are variants of one another are one idea, however many they are.

Two programs are near-copies if the sets of their runs of three tokens overlap by 0.8 or more
(resemblance of shingles: Broder, "On the resemblance and containment of documents", 1997).
Agreement is evidence as far as those who agree came to it apart; revisions, mutants and the same
answer given again did not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

NEAR = 0.8
# A program is compared with so many families of its cluster; who is like none of them is its own.
MOST_COMPARED = 64
_TOKEN = re.compile(r"\w+|[^\w\s]")


def families(sources: Sequence[str]) -> list[int]:
    """Return for each source the place of the first one that it is a near-copy of, often itself.

    A source without tokens (pools need not have any) is nobody's copy. Time grows linearly with
    the number of sources.
    """
    if len(sources) == 1:
        return [0]
    firsts: list[tuple[int, frozenset[int]]] = []
    found = []
    for place, source in enumerate(sources):
        own = _shingles(source)
        near = (first for first, shingles in firsts if _resemble(own, shingles))
        family = next(near, place) if own else place
        if family == place and own and len(firsts) < MOST_COMPARED:
            firsts.append((place, own))
        found.append(family)
    return found


# A run asks about the same programs again whenever some are added.
@lru_cache(maxsize=2048)
def _shingles(source: str) -> frozenset[int]:
    tokens = [crc32(token.encode("utf-8", "surrogatepass")) for token in _TOKEN.findall(source)]
    pairs = list(pairwise(tokens))
    # Sources of one or two tokens are known by these.
    return frozenset(hash(run) for run in pairwise(pairs)) or frozenset(tokens)


def _resemble(first: frozenset[int], second: frozenset[int]) -> bool:
    if min(len(first), len(second)) < NEAR * max(len(first), len(second)):
        return False
    both = len(first & second)
    return both >= NEAR * (len(first) + len(second) - both)
