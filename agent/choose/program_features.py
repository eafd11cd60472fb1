"""What a verifier looks at: what a program did, how it is written, how it was answered.

Most figures are of one problem's programs among each other, so that they mean the same for every
problem.
"""

from __future__ import annotations

import math
import statistics
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from medalist.agent.choose import features
from medalist.agent.choose.policy import View
from medalist.agent.languages import written
from medalist.agent.languages.trees import walk

BUCKETS = 128
"""Into so many numbers the counts of a source's tokens are hashed (Weinberger et al., 2009)."""

_NODES = (
    "for", "while", "if", "call", "binary", "subscript", "function", "return", "assign", "number",
    "integer", "string", "list", "lambda", "comparison", "break", "declaration",
)  # fmt: skip
_BEHAVIOUR = (
    "votes",  # log of its votes
    "cluster_share",  # its cluster's share of the votes
    "to_largest",  # log of its cluster's votes over those of the largest one
    "samples",  # share of samples passed
    "timeouts",  # share of runs that ran out of time
    "crashes",  # share of runs that failed otherwise
    "slowness",  # its slowest run, as a share of the time limit, at most 2
    "variety",  # different outputs a run
    "clusters",  # log of how many clusters there are
    "opinion",  # log odds that a reviewer gives it
    "likeness",  # see `View.likeness`
)
_SOURCE = ("readable", "length", "to_median_length", "python", "depth", *(f"n_{n}" for n in _NODES))
_ANSWER = ("answered", "thinking", "to_mean_thinking", "tokens", "to_mean_tokens", "logprob")
NAMES = (*(f"cluster_{name}" for name in features.NAMES), *_BEHAVIOUR, *_SOURCE, *_ANSWER)
"""The figures of a program, in order; hashed tokens come apart (`hashed_tokens`)."""

Row = tuple[float, ...]


def program_rows(view: View) -> dict[str, Row]:
    """Return the figures (in the order of `NAMES`) of each program that was run."""
    clusters = features.groups(view)
    behaviour = _behaviour(view, clusters)
    known = {program.program_id: program for program in view.programs}
    lengths = {name: math.log(1 + len(known[name].source)) for name in behaviour}
    middle = statistics.median(lengths.values()) if lengths else 0.0
    answers = _answers(view, list(behaviour))
    rows = {}
    for name, figures in behaviour.items():
        program = known[name]
        nodes = _nodes(program.language, program.source)
        source = (
            float(any(nodes)),
            lengths[name],
            lengths[name] - middle,
            float(program.language == "python"),
            *nodes,
        )
        rows[name] = (*figures, *source, *answers[name])
    return rows


def _behaviour(view: View, clusters: Sequence[features.ClusterGroup]) -> dict[str, Row]:
    described = features.describe(view, clusters)
    total = sum(group.votes for group in clusters) or 1
    largest = max((group.votes for group in clusters), default=1) or 1
    rows = {}
    for group, row in zip(clusters, described, strict=True):
        ran = [key for key in group.keys if key is not None]
        runs = len(ran) or 1
        late = sum(key.failure == "time" for key in ran)
        failed = sum(not key.is_output for key in ran) - late
        outputs = len({key for key in ran if key.is_output})
        for name in group.programs:
            rows[name] = (
                *row,
                math.log(1 + view.votes[name]),
                group.votes / total,
                math.log(max(group.votes, 0.1) / largest),
                view.sample_share.get(name, 1.0),
                late / runs,
                failed / runs,
                min(2.0, view.slowness(name) or 0.0),
                outputs / runs,
                math.log(len(clusters)),
                _log_odds(view.opinions.get(name)),
                1.0 if view.likeness is None else view.likeness.get(name, 1.0),
            )
    return rows


def _answers(view: View, names: Sequence[str]) -> dict[str, Row]:
    """Return how long the answers of programs were, and how likely their model found them."""
    known = {name: view.answers[name] for name in names if name in view.answers}
    thinking = {name: math.log(1 + one.thinking) for name, one in known.items()}
    tokens = {name: math.log(1 + one.tokens) for name, one in known.items()}
    mean_thinking = statistics.fmean(thinking.values()) if known else 0.0
    mean_tokens = statistics.fmean(tokens.values()) if known else 0.0
    return {
        name: (
            1.0,
            thinking[name],
            thinking[name] - mean_thinking,
            tokens[name],
            tokens[name] - mean_tokens,
            known[name].logprob,
        )
        if name in known
        else (0.0,) * len(_ANSWER)
        for name in names
    }


@lru_cache(maxsize=1 << 14)
def _nodes(language: str, source: str) -> Row:
    """Return the depth of a syntax tree and, as logarithms, how often kinds of nodes are in it.

    All 0 where there is no grammar, and for a text that only stands for a source.
    """
    tree = None if _stands_for_another(source) else written(language).parse(source)
    if tree is None:
        return (0.0,) * (1 + len(_NODES))
    kinds = Counter(node.type for node in walk(tree.root_node) if node.is_named)
    counts = [sum(count for kind, count in kinds.items() if word in kind) for word in _NODES]
    depth = max((len(line) - len(line.lstrip()) for line in source.splitlines()), default=0)
    return (math.log(1 + depth), *(math.log(1 + count) for count in counts))


@lru_cache(maxsize=1 << 14)
def hashed_tokens(language: str, source: str) -> Mapping[int, float]:
    """Return the numbers of the buckets into which a source's tokens fall, each with its weight.

    Weights are logarithms of counts, scaled to the length 1.
    """
    tokens = None if _stands_for_another(source) else written(language).tokens(source)
    counts = Counter(zlib.crc32(token.encode(errors="replace")) % BUCKETS for token in tokens or ())
    weights = {bucket: math.log(1 + count) for bucket, count in sorted(counts.items())}
    length = math.sqrt(math.fsum(weight**2 for weight in weights.values())) or 1.0
    return {bucket: weight / length for bucket, weight in weights.items()}


def _stands_for_another(source: str) -> bool:
    """Whether a text is one character over and over: what pools have in place of a source."""
    return len(set(source)) <= 1


def _log_odds(chance: float | None) -> float:
    if chance is None:
        return 0.0
    bounded = min(max(chance, 0.01), 0.99)
    return math.log(bounded / (1 - bounded))
