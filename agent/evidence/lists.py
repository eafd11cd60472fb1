"""Lists and blocks drawn as a whole: columns of values that rules tie together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Literal

from medalist.agent.evidence import figures
from medalist.agent.evidence.figure_rules import Graph, Polygon
from medalist.agent.evidence.figures import Stuck
from medalist.agent.evidence.graphs import Allowed, graph
from medalist.agent.evidence.input_rules import Compare, Distinct, Neighbours, Permutation, Total
from medalist.agent.evidence.ranges import keys_of
from medalist.agent.evidence.texts import words

if TYPE_CHECKING:
    from medalist.agent.evidence.draw import Drawer, Known

_NEAR = {"small": 0.2, "medium": 0.6, "random": 0.4, "extreme": 0.2, "full": 0.3}
"""Share of inputs in which what is in a row is close together."""


class Lists:
    """Draws blocks for a `Drawer`."""

    def __init__(self, drawer: Drawer) -> None:
        self.drawer = drawer
        self.rng = drawer.rng
        self.tops: dict[int, int] = {}

    def block(self, names: Sequence[str], times: int, known: Known) -> list[tuple[str, ...]]:
        """Return `times` rows of these names.

        Raises:
            Stuck: There are fewer.
        """
        if not times:
            return []
        self.tops = {}
        columns: dict[str, list[str]] = {}
        self._pairs(names, times, known, columns)
        for name in names:
            if name not in columns:
                columns[name] = self._column(name, times, known, columns)
        if self.rng.random() < _NEAR.get(self.drawer.profile, 0.0):
            self._draw_near(names, columns, known)
        rows = list(zip(*(columns[name] for name in names), strict=True))
        rows = self._different(names, rows, known)
        return self._sorted(names, rows)

    # Whole figures.

    def _pairs(
        self, names: Sequence[str], times: int, known: Known, columns: dict[str, list[str]]
    ) -> None:
        """Edges and corners, which are drawn two columns at once."""
        for rule in self.drawer.rules:
            if isinstance(rule, Polygon) and {*rule.names} <= {*names}:
                x, y = (self._wide(name, times) for name in rule.names)
                corners = figures.polygon(self.rng, times, x, y)
                for place, name in enumerate(rule.names):
                    columns[name] = [str(corner[place]) for corner in corners]
                return
            if isinstance(rule, Graph) and {*rule.ends} <= {*names} and rule.points in known:
                self._graph(rule, times, known, columns)
                return

    def _wide(self, name: str, times: int) -> tuple[int, int]:
        low, high = self.drawer.ends[name]
        if self.drawer.profile in ("tiny", "small", "medium"):
            return figures.near_zero(low, high, 10 * times)
        return low, high

    def _graph(self, rule: Graph, times: int, known: Known, columns: dict[str, list[str]]) -> None:
        allowed = Allowed(loops=not self._differ(rule.ends), single=self._single(rule.ends))
        drawn = graph(self.rng, rule.what, known[rule.points], times, allowed)
        if self._rising(rule.ends):
            drawn = [(min(edge), max(edge)) for edge in drawn]
        for place, name in enumerate(rule.ends):
            columns[name] = [str(edge[place]) for edge in drawn]

    def _compared(self, names: tuple[str, str], signs: str) -> bool:
        return any(
            isinstance(rule, Compare)
            and rule.comparison.sign in signs
            and (rule.comparison.left.name, rule.comparison.right.name) == names
            for rule in self.drawer.rules
        )

    def _differ(self, ends: tuple[str, str]) -> bool:
        return self._compared(ends, "≠<") or self._compared((ends[1], ends[0]), "≠<")

    def _rising(self, ends: tuple[str, str]) -> bool:
        return self._compared(ends, "<≤")

    def _single(self, ends: tuple[str, str]) -> Literal["", "ordered", "unordered"]:
        for rule in self.drawer.rules:
            if isinstance(rule, Distinct) and {*rule.names} == {*ends}:
                return "unordered" if rule.unordered or self._rising(ends) else "ordered"
        return ""

    # One column.

    def _column(
        self,
        name: str,
        times: int,
        known: Known,
        columns: dict[str, list[str]],
    ) -> list[str]:
        drawer, kind = self.drawer, self.drawer.kind(name)
        if kind.what == "word":
            return words(drawer, name, times, known)
        if kind.what == "choice":
            return self.rng.choices(kind.choices, k=times)
        if kind.what == "decimal":
            return [drawer.decimal(kind) for _ in range(times)]
        if kind.what == "pattern":
            return [drawer.pattern(kind) for _ in range(times)]
        tied = self._tied(name, columns)
        if tied:
            return self._row_by_row(name, times, known, columns)
        low, high = drawer.ends[name]
        low, high, without = drawer.left(name, known, low, high)
        drawn = self._numbers(name, low, high, times, without)
        if kind.what == "tagged":
            return [self.rng.choice(kind.choices) + str(value) for value in drawn]
        return [str(value) for value in drawn]

    def _tied(self, name: str, columns: dict[str, list[str]]) -> bool:
        """Whether a value's range depends on its row."""
        for rule in self.drawer.about.get(name, ()):
            others = keys_of(rule.comparison) - {name}
            if rule.offset is not None or others & {*columns}:
                return True
        return False

    def _row_by_row(
        self, name: str, times: int, known: Known, columns: dict[str, list[str]]
    ) -> list[str]:
        drawer = self.drawer
        offsets = [rule.offset for rule in drawer.about[name] if rule.offset is not None]
        # Words beside it are looked up by their lengths.
        numeric = [other for other in columns if drawer.kind(other).numeric]
        words = [other for other in columns if drawer.kind(other).what == "word"]
        low, high = drawer.ends[name]
        if drawer.profile == "medium":
            high = max(low, min(high, self._top(low, high)))
        rows = []
        for row in range(times):
            here = dict(known)
            for other in numeric:
                here[other] = int(columns[other][row])
            for other in words:
                here[f"|{other}|"] = len(columns[other][row])
            if offsets:
                here |= dict.fromkeys("ijk", row + offsets[0])
            first, last, without = drawer.left(name, here, low, high)
            if first > last:
                first, last, without = drawer.left(name, here, *drawer.ends[name])
            rows.append(str(self._apart(first, last, without)))
        return rows

    def _apart(self, low: int, high: int, without: set[int]) -> int:
        profile = self.drawer.profile
        for _ in range(6):
            value = figures.one_number(
                self.rng, low, high, "random" if profile == "medium" else profile
            )
            if value not in without:
                return value
        left = [number for number in range(low, min(high, low + 8) + 1) if number not in without]
        if not left:
            raise Stuck
        return self.rng.choice(left)

    def _top(self, low: int, high: int) -> int:
        """The scale of a column: what stands side by side under about the same bound has one."""
        bound = high.bit_length()
        if bound not in self.tops:
            # Now and then all is equal or nearly so; mostly there is room for many values.
            least = low if self.rng.random() < 0.3 else min(high, low + 50)
            self.tops[bound] = figures.magnitude(self.rng, least, high)
        return self.tops[bound]

    def _numbers(self, name: str, low: int, high: int, times: int, without: set[int]) -> list[int]:
        drawer = self.drawer
        for rule in drawer.rules:
            match rule:
                case Permutation(other, start) if other == name:
                    return figures.permutation(self.rng, start, times)
                case Distinct((other,), _) | Neighbours(other, "<" | ">") if other == name:
                    return figures.distinct(self.rng, low, high, times, drawer.profile)
                case Total(other, sign, int(value), over) if other == name:
                    if sign == "=":
                        return figures.with_sum(self.rng, low, high, times, value)
                    if not over:
                        high = max(low, min(high, value // times))
        top = self._top(low, high) if drawer.profile == "medium" and low <= high else None
        drawn = figures.numbers(self.rng, (low, high), times, drawer.profile, top)
        if without:
            drawn = [
                self._apart(low, high, without) if value in without else value for value in drawn
            ]
        if any(
            isinstance(r, Neighbours) and r.name == name and r.sign == "≠" for r in drawer.rules
        ):
            for before, place in pairwise(range(times)):
                if drawn[place] == drawn[before]:
                    drawn[place] = self._apart(low, high, {drawn[before], *without})
        return drawn

    def _draw_near(self, names: Sequence[str], columns: dict[str, list[str]], known: Known) -> None:
        """Draw each row's numbers under about the same bound close together.

        So intervals are short and edges make long paths, which numbers drawn apart hardly do.
        """
        drawer = self.drawer
        free = [name for name in names if drawer.kind(name).numeric and self._free(name)]
        for before, name in pairwise(free):
            low, high, _ = drawer.left(name, known, *drawer.ends[name])
            same = drawer.ends[before][1].bit_length() == drawer.ends[name][1].bit_length()
            if not same or low > high:
                continue
            around = [int(token) for token in columns[before]]
            wide = self.rng.choice((1, 3, 9)) * (max(around) - min(around))
            far = max(1, wide // len(around))
            rising = self._rising((before, name))
            for row, one in enumerate(around):
                step = self.rng.randint(1, far) * (1 if rising else self.rng.choice((-1, 1)))
                here = {**known, before: one}
                least, most, without = drawer.left(name, here, low, high)
                value = max(least, min(most, one + step))
                if least <= most and value not in without:
                    columns[name][row] = str(value)

    def _free(self, name: str) -> bool:
        """Whether a column may be redrawn: nothing ties it as a whole."""
        return not any(
            (isinstance(rule, Total | Permutation | Neighbours) and rule.name == name)
            or (isinstance(rule, Graph) and name in rule.ends)
            or (isinstance(rule, Polygon | Distinct) and name in rule.names)
            or (
                isinstance(rule, Compare)
                and rule.offset is not None
                and name in rule.comparison.names()
            )
            for rule in self.drawer.rules
        )

    # Rows as a whole.

    def _different(
        self, names: Sequence[str], rows: list[tuple[str, ...]], known: Known
    ) -> list[tuple[str, ...]]:
        """Draw repeated rows again."""
        for rule in self.drawer.rules:
            if not isinstance(rule, Distinct) or not {*rule.names} <= {*names}:
                continue
            places = [names.index(name) for name in rule.names]
            seen: set[tuple[str, ...]] = set()
            tries = 4 * len(rows) + 40
            kept: list[tuple[str, ...]] = []
            waiting = list(reversed(rows))
            while waiting and tries:
                row = waiting.pop()
                mark = tuple(row[place] for place in places)
                mark = tuple(sorted(mark)) if rule.unordered else mark
                if mark in seen:
                    tries -= 1
                    waiting.append(self._again(names, known))
                    continue
                seen.add(mark)
                kept.append(row)
            if waiting:
                raise Stuck
            rows = kept
        return rows

    def _again(self, names: Sequence[str], known: Known) -> tuple[str, ...]:
        columns: dict[str, list[str]] = {}
        self.drawer.style = self.rng.choice((1, 6, 7))
        for name in names:
            columns[name] = self._column(name, 1, known, columns)
        return tuple(columns[name][0] for name in names)

    def _sorted(self, names: Sequence[str], rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        for rule in self.drawer.rules:
            if isinstance(rule, Neighbours) and rule.name in names and rule.sign != "≠":
                place = names.index(rule.name)
                numeric = self.drawer.kind(rule.name).numeric
                key = partial(_by_number, place) if numeric else itemgetter(place)
                rows.sort(key=key, reverse=rule.sign in "≥>")
        return rows


def _by_number(place: int, row: tuple[str, ...]) -> int:
    return int(row[place])
