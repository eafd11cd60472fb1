"""Graphs to draw at random, with points 1 to `points`."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from medalist.agent.evidence.figures import Stuck

Edge = tuple[int, int]


@dataclass(frozen=True)
class Allowed:
    """Which edges a graph may have.

    Attributes:
        loops: Whether an edge may lead to where it comes from.
        single: Whether no edge may be repeated, and whether its direction makes another of it.
    """

    loops: bool
    single: Literal["", "ordered", "unordered"]


def graph(
    rng: random.Random,
    what: Literal["tree", "connected", "reach"],
    points: int,
    count: int,
    allowed: Allowed,
) -> list[Edge]:
    """Draw `count` edges of a graph.

    Args:
        rng: What to draw by.
        what: A tree, all points connected, or the last point reached from the first along directed
            edges.
        points: How many points.
        count: How many edges.
        allowed: Which edges it may have.

    Raises:
        Stuck: There is none, or none was met with.
    """
    drawn = path(rng, points, count) if what == "reach" else tree(rng, points)
    if what == "tree" and len(drawn) != count:
        raise Stuck
    return edges(rng, points, count, drawn, allowed)


def tree(rng: random.Random, points: int) -> list[Edge]:
    """Draw the edges of a tree: a path, a star, a bush, a long one with twigs, or any."""
    style = rng.randrange(5)
    drawn = []
    for point in range(1, points):
        match style:
            case 0:
                parent = point - 1
            case 1:
                parent = 0
            case 2:
                parent = (point - 1) // 2
            case 3:
                parent = rng.randint(max(0, point - 3), point - 1)
            case _:
                parent = rng.randrange(point)
        drawn.append((parent, point))
    names = list(range(1, 1 + points))
    if rng.random() < 0.7:
        rng.shuffle(names)
    turned = [
        (names[a], names[b]) if rng.random() < 0.5 else (names[b], names[a]) for a, b in drawn
    ]
    if rng.random() < 0.7:
        rng.shuffle(turned)
    return turned


def path(rng: random.Random, points: int, most: int) -> list[Edge]:
    """Draw directed edges that lead from the first point to the last, at most `most`."""
    between = list(range(2, points))
    rng.shuffle(between)
    way = between[: rng.randint(0, max(0, min(len(between), most - 1)))] if points > 1 else []
    stops = [1, *way, points] if points > 1 else [1]
    return [(a, b) for a, b in zip(stops, stops[1:], strict=False)]  # noqa: RUF007


def edges(
    rng: random.Random,
    points: int,
    count: int,
    first: Sequence[Edge],
    allowed: Allowed,
) -> list[Edge]:
    """Draw edges besides those that are there."""
    drawn = list(first)
    if len(drawn) > count or (points < 2 and not allowed.loops and count > len(drawn)):
        raise Stuck
    seen = {_key(edge, allowed) for edge in drawn}
    near = rng.random() < 0.4
    for _ in range(20 * count + 50):
        if len(drawn) == count:
            break
        a = rng.randrange(points)
        far = 1 + points // 10
        b = (a + rng.randint(-far, far)) % points if near else rng.randrange(points)
        edge = a + 1, b + 1
        if (a == b and not allowed.loops) or (allowed.single and _key(edge, allowed) in seen):
            continue
        seen.add(_key(edge, allowed))
        drawn.append(edge)
    if len(drawn) < count:
        raise Stuck
    if len(first) < len(drawn):
        rng.shuffle(drawn)
    return drawn


def _key(edge: Edge, allowed: Allowed) -> Edge:
    return (min(edge), max(edge)) if allowed.single == "unordered" else edge
