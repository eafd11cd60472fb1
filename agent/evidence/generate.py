"""Inputs made from a problem's grammar: small, random, extreme, and as large as allowed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from medalist.agent.evidence.columns import columns
from medalist.agent.evidence.draw import Drawer
from medalist.agent.evidence.figure_rules import Graph
from medalist.agent.evidence.figures import Profile, Stuck
from medalist.agent.evidence.grammar import Grammar
from medalist.agent.evidence.input_rules import Compare, Distinct, Rule
from medalist.agent.evidence.relations import Relation, plain
from medalist.agent.evidence.shape import Loop, render
from medalist.agent.evidence.sizes import LONGEST, MEDIUM, sizes_of
from medalist.problems.formulas import Comparison, Expr
from medalist.problems.model import Constraint

_PROFILES: tuple[Profile, ...] = (
    "tiny", "small", "medium", "random", "medium", "extreme", "medium",
)  # fmt: skip
_STYLES = (7, 9, 6, 1, 2, 8, 0, 9, 3, 4, 5)  # of words, in turn: see `figures.word`
_TRIES = 30
_LEAST = 200  # tokens of an input at the bounds that is worth another try
_UPWARDS = 0.5  # share of inputs that may go beyond the samples where a bound was guessed
_BYTES = 2_000_000  # a longer input is left out


def drawn_inputs(
    grammar: Grammar,
    count: int,
    seed: int,
    *,
    constraints: Iterable[Constraint] = (),
    relations: Iterable[Relation] = (),
) -> dict[bytes, tuple[str, ...]]:
    """Return up to `count` distinct inputs with the names that go beyond the samples in each.

    They are tiny, small, random within the bounds (but short), extreme (values at their bounds,
    all equal, sorted, descending), and medium: long enough for what short lists never show, with
    numbers of all magnitudes. `constraints` and `relations` narrow them further, as a subtask's do.
    """
    maker = _Maker(grammar, seed, tuple(constraints), tuple(relations))
    made: dict[bytes, tuple[str, ...]] = {}
    for attempt in range(count * 5):
        if len(made) == count:
            break
        drawn = maker.make(_PROFILES[attempt % len(_PROFILES)])
        if drawn is not None:
            made[drawn[0]] = drawn[1]
    return made


def drawn_largest(
    grammar: Grammar,
    count: int,
    seed: int,
    *,
    constraints: Iterable[Constraint] = (),
    relations: Iterable[Relation] = (),
) -> dict[bytes, tuple[str, ...]]:
    """Return inputs whose counts are at their bounds, and most single values, too, and names that
    go beyond the samples.

    They tell slow programs from fast ones.
    """
    maker = _Maker(grammar, seed, tuple(constraints), tuple(relations))
    made = [maker.make("full") for _ in range(count)]
    return dict(drawn for drawn in made if drawn is not None)


@dataclass
class _Maker:
    grammar: Grammar
    seed: int
    constraints: tuple[Constraint, ...]
    relations: tuple[Relation, ...]

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.turn = -1
        self.own = (*self.grammar.rules, *map(_rule, self.relations))
        self.rules = (*self.own, *_implied(self.grammar))
        self.limits = {}
        for constraint in self.constraints:
            name = plain(constraint.name)
            kind = self.grammar.kinds.get(name)
            if kind is not None:
                low = kind.low if constraint.low is None else max(kind.low, int(constraint.low))
                high = (
                    kind.high if constraint.high is None else min(kind.high, int(constraint.high))
                )
                self.limits[name] = low, high

    def make(self, profile: Profile) -> tuple[bytes, tuple[str, ...]] | None:
        """Make an input, and say what in it goes beyond the samples; None if none was found that
        keeps all rules."""
        self.turn += 1
        grammar = self.grammar
        room = {"full": LONGEST, "medium": MEDIUM}.get(profile, 400)
        for attempt in range(_TRIES):
            # What is large costs time: after a failure the next try is half as long.
            short = room >> attempt if profile == "full" else room
            if short < _LEAST:
                break
            sizes = sizes_of(grammar.shape, grammar.kinds, self.rules, short)
            upwards = self.rng.random() < _UPWARDS and attempt < _TRIES // 2
            style = _STYLES[self.turn % len(_STYLES)]
            drawer = Drawer(
                grammar, self.rng, profile, self.rules, self.limits, upwards, sizes, style
            )
            try:
                record = drawer.draw()
            except Stuck:
                continue
            content = render(grammar.shape, record).encode()
            by_name = columns(grammar.shape, record)
            kept = len(content) <= _BYTES and grammar.keeps(by_name)
            if kept and all(rule.keeps(by_name) for rule in self.own):
                return content, grammar.beyond(by_name)
        return None


def _rule(one: Relation) -> Rule:
    left: Expr = Expr("name", name=one.left)
    if one.times != 1:
        left = Expr("*", (Expr("number", value=one.times), left))
    return Compare(Comparison(left, "<" if one.strict else "≤", Expr("name", name=one.right)))


def _implied(grammar: Grammar) -> Iterator[Rule]:
    """What follows for the numbers of points and edges: enough to connect, not too many."""
    for rule in grammar.rules:
        if not isinstance(rule, Graph):
            continue
        edges = _edges_of(grammar, rule)
        if edges is None:
            continue
        points = Expr("name", name=rule.points)
        if rule.what == "connected":
            less = Expr("-", (points, Expr("number", value=1)))
            yield Compare(Comparison(edges, "≥", less))
        for other in grammar.rules:
            if isinstance(other, Distinct) and {*other.names} == {*rule.ends}:
                pairs = Expr("*", (points, Expr("-", (points, Expr("number", value=1)))))
                half = Expr("/", (pairs, Expr("number", value=2)))
                yield Compare(Comparison(edges, "≤", half if other.unordered else pairs))


def _edges_of(grammar: Grammar, rule: Graph) -> Expr | None:
    for node in grammar.shape:
        if isinstance(node, Loop) and len(node.count.names) == 1 and not node.count.add:
            inside = {name for name in grammar.kinds if name in rule.ends}
            if inside and any(rule.ends[0] == getattr(i, "name", "") for i in node.body[0].items):  # type: ignore[union-attr]
                return Expr("name", name=node.count.names[0])
    return None
