"""Which of the possible shapes a statement means, and what it calls the values.

The rows of a shape (its lines in order) are laid beside what the statement says of each line, by
dynamic programming; the shape that agrees best wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from medalist.agent.evidence.columns import columns
from medalist.agent.evidence.sections import Said
from medalist.agent.evidence.segment import Segment
from medalist.agent.evidence.shape import (
    INTEGER,
    Choice,
    Count,
    InputLine,
    Loop,
    Many,
    Node,
    Shape,
    names,
    read,
    renamed,
)


@dataclass(frozen=True)
class NamedRow:
    """One line of a shape: its slots' names, what it is repeated by, and what its list counts."""

    slots: tuple[str, ...]
    times: Count | None
    many: Count | None
    choice: bool = False
    depth: int = 0
    words: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Named:
    """A shape with the statement's names, and which segment speaks of each name's line."""

    shape: Shape
    score: float
    where: dict[str, Segment] = field(default_factory=dict)


@dataclass(frozen=True)
class _Path:
    score: float
    names: tuple[tuple[str, str], ...] = ()
    chosen: tuple[int, ...] = ()


def named(shapes: Sequence[Shape], about: Said, samples: Sequence[str]) -> Named | None:
    """Return the shape that fits the text best, with its names.

    Args:
        shapes: Shapes that all samples have.
        about: What the statement says.
        samples: The samples: names of numbers are not given to words beside them.
    """
    every = [_named(shape, about, samples) for shape in shapes]
    return max(every, key=lambda one: one.score, default=None)


def _named(shape: Shape, about: Said, samples: Sequence[str]) -> Named:
    words, mixed = _words(shape, samples)
    rows = [replace(row, words=words & {*row.slots}) for row in _rows(shape, None, 0)]
    path = _aligned(rows, about.segments)
    new = dict(path.names)
    if not about.segments or len(new) < len(names(shape)) / 2:
        new = _in_order(shape, about) or new
    where: dict[str, Segment] = {}
    whole = _with_followers(about.segments, {*path.chosen})
    for row, place in zip(rows, path.chosen, strict=True):
        if place >= 0:
            where |= {new.get(slot, slot): whole[place] for slot in row.slots}
    score = path.score - _price(shape, about) - 3.0 * mixed
    return Named(renamed(shape, new), score, where)


def _with_followers(segments: Sequence[Segment], chosen: set[int]) -> list[Segment]:
    """Add to each segment the text of those behind it that speak of no line of their own."""
    extended: list[Segment] = list(segments)
    last = None
    for place, one in enumerate(segments):
        if place in chosen:
            last = place
        elif last is not None:
            extended[last] = replace(extended[last], text=f"{extended[last].text} {one.text}")
    return extended


def _words(shape: Shape, samples: Sequence[str]) -> tuple[frozenset[str], int]:
    """The slots that never hold integers, and how many hold integers and words."""
    numbers: dict[str, int] = {}
    others: dict[str, int] = {}
    for text in samples:
        record = read(shape, text)
        for name, column in columns(shape, record).items() if record is not None else ():
            whole = sum(INTEGER.fullmatch(token) is not None for token in column.tokens)
            numbers[name] = numbers.get(name, 0) + whole
            others[name] = others.get(name, 0) + len(column.tokens) - whole
    words = frozenset(name for name in others if others[name] and not numbers[name])
    return words, sum(1 for name in others if others[name] and numbers[name])


def _in_order(shape: Shape, about: Said) -> dict[str, str]:
    """Where lines are not told of one by one: names in order, if there are as many."""
    mentioned = list(dict.fromkeys(name for segment in about.segments for name in segment.names))
    slots = names(shape)
    return dict(zip(slots, mentioned, strict=True)) if len(mentioned) == len(slots) else {}


def _rows(shape: Sequence[Node], times: Count | None, depth: int) -> list[NamedRow]:
    rows: list[NamedRow] = []
    for node in shape:
        if isinstance(node, Loop):
            rows += _rows(node.body, node.count, depth + 1)
        elif isinstance(node, Choice):
            slots = tuple(name for name in names((node,)))
            rows.append(NamedRow(slots, times, None, choice=True, depth=depth))
        else:
            rows.append(_row(node, times, depth))
    return rows


def _row(line: InputLine, times: Count | None, depth: int) -> NamedRow:
    slots = tuple(i.slot.name if isinstance(i, Many) else i.name for i in line.items)
    many = next((item.count for item in line.items if isinstance(item, Many)), None)
    return NamedRow(slots, times, many, depth=depth)


def _aligned(rows: Sequence[NamedRow], segments: Sequence[Segment]) -> _Path:
    """The best way to give rows segments, in order; several rows may share one."""
    best: dict[int, _Path] = {-1: _Path(0.0)}
    for number, row in enumerate(rows):
        following: dict[int, _Path] = {}
        for last, path in best.items():
            for place in range(max(last, 0), len(segments)):
                again = place == last
                score, given = _match(row, number, segments[place], dict(path.names), again)
                _keep(following, place, path, (score, given, place))
            _keep(following, last, path, (-1.5, (), -1))
        best = following
    return max(best.values(), key=lambda path: path.score)


def _keep(
    following: dict[int, _Path],
    last: int,
    path: _Path,
    step: tuple[float, tuple[tuple[str, str], ...], int],
) -> None:
    """Keep a path and the next step of it (score, names given, segment chosen) if it is best."""
    score, given, chosen = step
    total = path.score + score
    if last not in following or total > following[last].score:
        following[last] = _Path(total, (*path.names, *given), (*path.chosen, chosen))


def _match(
    row: NamedRow, number: int, segment: Segment, known: dict[str, str], again: bool
) -> tuple[float, tuple[tuple[str, str], ...]]:
    """How well a segment speaks of a row, and the names that it gives."""
    taken = {*known.values()}
    fresh = [name for name in segment.names if name not in taken]
    counts = _real(row.times, known) | _real(row.many, known)
    if not again:
        fresh = [name for name in fresh if name not in counts]
    slots = row.slots
    if len(fresh) == len(slots) - len(row.words) < len(slots):
        slots = tuple(slot for slot in slots if slot not in row.words)
    given = () if row.choice else tuple(zip(slots, fresh, strict=False))
    score = 2.0 * len(given) / max(1, len(row.slots))
    score -= 0.5 * min(3, max(0, len(fresh) - len(row.slots)))
    score += 2.0 if len(fresh) == len(row.slots) else 0.0
    score -= 1.5 if again else 0.0
    score += _loop_score(row, segment, known) + _list_score(row, segment, known)
    if segment.fields is not None and row.many is None:
        score += 1.0 if segment.fields == len(row.slots) else -1.0
    if segment.ordinal is not None and not row.depth:
        score += 1.0 if segment.ordinal == number else -2.0
    return score, given


def _real(count: Count | None, known: dict[str, str]) -> frozenset[str]:
    return frozenset(known.get(name, name) for name in count.names) if count else frozenset()


def _loop_score(row: NamedRow, segment: Segment, known: dict[str, str]) -> float:
    if segment.times is None:
        return -1.0 if row.times is not None else 0.5
    if row.times is None:
        return -3.0 if segment.times else -0.5
    if not segment.times:
        return 1.0
    return 4.0 if segment.times == _real(row.times, known) else -3.0


def _list_score(row: NamedRow, segment: Segment, known: dict[str, str]) -> float:
    if row.many is None:
        letters = any(item & set(known.values()) for item in segment.many)
        return -1.0 if letters and len(row.slots) > 1 else 0.0
    if _real(row.many, known) in segment.many:
        return 3.0
    return -0.5 if "..." in segment.text or not segment.many else -2.0


def _price(shape: Sequence[Node], about: Said) -> float:
    """What a shape costs by being complicated, or by what the text does not bear out."""
    price = 0.0
    for node in shape:
        price += 0.5
        if isinstance(node, Loop):
            price += _price(node.body, about) * 0.5
            price += _count_price(node.count, about)
            if node.count.end:
                price += -6.0 if about.to_end else 1.0
        elif isinstance(node, Choice):
            price += 0.3 * len(node.lines)
        else:
            for item in node.items:
                if isinstance(item, Many):
                    price += _count_price(item.count, about) - 0.5
    return price


def _count_price(count: Count, about: Said) -> float:
    price = 3.0 if count.end else 0.0
    if len(count.names) > 1:
        price += 1.5
    if count.add:
        said = any(
            f"{name}{count.add:+}" in about.input.replace(" ", "") for name in ("n", "N", "m", "M")
        )
        price += 0.5 if said else 2.5
    return price
