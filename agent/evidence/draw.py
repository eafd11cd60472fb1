"""One input drawn from a grammar: values in order, each within what those before it leave."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from medalist.agent.evidence.figures import (
    Profile,
    Stuck,
    WordStyle,
    changed,
    magnitude,
    one_number,
    word,
)
from medalist.agent.evidence.grammar import Grammar
from medalist.agent.evidence.input_rules import Compare, PowerOfTwo, Rule, Total
from medalist.agent.evidence.kinds import ValueKind
from medalist.agent.evidence.lists import Lists
from medalist.agent.evidence.ranges import keys_of, narrowed
from medalist.agent.evidence.shape import Choice, Count, InputLine, Loop, Many, Node, Record, Slot
from medalist.agent.evidence.sizes import LONGEST, Sizes

Known = dict[str, int]
_RELATED = 0.35  # of words, this share is a changed copy of a word before it
_WORD = {"tiny": 3, "small": 6, "random": 12, "medium": 60, "extreme": 400, "full": 100_000}


@dataclass
class Drawer:
    """Draws one input.

    Attributes:
        grammar: What is drawn.
        rng: Where chance comes from.
        profile: How large, and where in their ranges values are.
        rules: The grammar's rules, and those of a subtask.
        limits: Ranges that a subtask narrows.
        style: What words are like, 0 to 9; see `figures.word`.
        upwards: Whether values may go beyond the samples where a bound was guessed.
        sizes: How many tokens each counter stands for.
    """

    grammar: Grammar
    rng: random.Random
    profile: Profile
    rules: Sequence[Rule]
    limits: Mapping[str, tuple[int, int]]
    upwards: bool
    sizes: Sizes
    style: int = 9
    words: list[str] = field(default_factory=list)
    weights: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.room = self.sizes.room
        self.spent = 0
        self.ends = {name: self.range(name) for name in self.grammar.kinds}
        for name, kind in self.grammar.kinds.items():
            if kind.what == "word":
                self.ends[f"|{name}|"] = self.ends[name]
        self.about: dict[str, list[Compare]] = {}
        for rule in self.rules:
            if isinstance(rule, Compare):
                for key in keys_of(rule.comparison):
                    self.about.setdefault(key, []).append(rule)
        self.powers = {rule.name for rule in self.rules if isinstance(rule, PowerOfTwo)}
        self.totals = {rule.name: rule for rule in self.rules if isinstance(rule, Total)}
        self.lists = Lists(self)

    def draw(self) -> Record:
        """Return a record.

        Raises:
            Stuck: What was drawn first leaves nothing for what follows.
        """
        return self._nodes(self.grammar.shape, {})

    def kind(self, name: str) -> ValueKind:
        """What a name may be."""
        return self.grammar.kinds[name]

    def range(self, name: str) -> tuple[int, int]:
        """The range of a name, of a word's length; not beyond the samples unless `upwards`."""
        kind = self.kind(name)
        low, high = kind.low, kind.high
        if kind.guessed and not self.upwards:
            low = max(low, kind.seen_low) if low < 0 else low
            high = min(high, max(kind.seen_high, low))
        first, last = self.limits.get(name, (low, high))
        return max(low, first), min(high, last)

    def left(self, key: str, known: Known, low: int, high: int) -> tuple[int, int, set[int]]:
        """What the rules leave of a range."""
        told = [rule.comparison for rule in self.about.get(key, ())]
        return narrowed(key, (low, high), told, known, self.ends) if told else (low, high, set())

    def _nodes(self, nodes: Sequence[Node], known: Known) -> Record:
        return [self._node(node, known) for node in nodes]

    def _node(self, node: Node, known: Known) -> Any:
        if isinstance(node, InputLine):
            return self._line(node, known)
        if isinstance(node, Choice):
            key = self.rng.choice(node.lines)[0]
            line = node.line(key)
            assert line is not None
            drawn = self._line(line, known)
            return [key, *drawn[1:]]
        return self._loop(node, known)

    def _loop(self, node: Loop, known: Known) -> list[Record]:
        times = self._times(node.count, known)
        self._spend(times)
        plain = node.body[0] if len(node.body) == 1 else None
        if isinstance(plain, InputLine) and all(isinstance(item, Slot) for item in plain.items):
            slots = [item.name for item in plain.items if isinstance(item, Slot)]
            rows = self.lists.block(slots, times, known)
            return [[row] for row in rows]
        room, self.room = self.room, max(1, self.room // max(1, times))
        drawn = []
        for number in range(times):
            inner = {**known, "i": number + 1}
            self._shared(times, inner)
            drawn.append(self._nodes(node.body, inner))
        self.room = room
        return drawn

    def _spend(self, times: int) -> None:
        """Give up what would grow far beyond the room that there is."""
        self.spent += times
        if self.spent > 4 * max(self.sizes.room, LONGEST // 10):
            raise Stuck

    def _shared(self, times: int, known: Known) -> None:
        """Of a sum over all lists each gets its part."""
        for name, total in self.totals.items():
            if total.over_all and isinstance(total.value, int):
                low, high = self.ends[name]
                part = max(low, total.value // max(1, times))
                key = f"|{name}|" if self.kind(name).what == "word" else name
                known[f"most {key}"] = min(high, part)

    def _times(self, count: Count, known: Known) -> int:
        if count.end:
            return self.rng.randint(1, 3 if self.profile == "tiny" else 8)
        times = count.value(known)
        if times is None:
            raise Stuck
        return times

    def _line(self, line: InputLine, known: Known) -> list[Any]:
        items: list[Any] = []
        for item in line.items:
            if isinstance(item, Many):
                times = self._times(item.count, known)
                self._spend(times)
                items.append([row[0] for row in self.lists.block([item.slot.name], times, known)])
            else:
                items.append(self.token(item.name, known))
        return items

    def token(self, name: str, known: Known) -> str:
        """Draw one value and remember it."""
        kind = self.kind(name)
        if kind.what == "word":
            drawn = self.word(name, known)
            known[f"|{name}|"] = len(drawn)
            self.words.append(drawn)
            return drawn
        if kind.what == "choice":
            return self.rng.choice(kind.choices)
        if kind.what in ("decimal", "pattern"):
            return self.decimal(kind) if kind.what == "decimal" else self.pattern(kind)
        if kind.what == "tagged":
            return self.rng.choice(kind.choices) + str(self.number(name, known))
        value = self.number(name, known)
        known[name] = value
        return str(value)

    def decimal(self, kind: ValueKind) -> str:
        """Draw a decimal with as many digits behind the point as the samples have."""
        scale = 10**kind.digits
        drawn = one_number(self.rng, kind.low * scale, kind.high * scale, self.profile)
        sign, whole = "-" if drawn < 0 else "", abs(drawn)
        return f"{sign}{whole // scale}.{whole % scale:0{kind.digits}}"

    def pattern(self, kind: ValueKind) -> str:
        """Draw numbers with signs between them."""
        drawn = kind.choices[0]
        for (low, high, width), sign in zip(kind.fields, kind.choices[1:], strict=True):
            drawn += f"{one_number(self.rng, low, high, self.profile):0{width}}{sign}"
        return drawn

    def number(self, name: str, known: Known) -> int:
        """Draw one integer."""
        low, high = self.ends[name]
        low, high, without = self.left(name, known, low, high)
        high = min(high, known.get(f"most {name}", high))
        if name in self.powers:
            return self._power(name, low, high)
        for _ in range(8):
            if name in self.sizes.sizes:
                value = self._size(name, low, high)
            else:
                value = one_number(self.rng, low, high, self.profile)
            if value not in without:
                return value
            if high - low < 8:
                left = [number for number in range(low, high + 1) if number not in without]
                if left:
                    return self.rng.choice(left)
        raise Stuck

    def _size(self, name: str, low: int, high: int) -> int:
        """Draw how many there are of something."""
        if low > high:
            raise Stuck
        least, most = self.sizes.capped(name, low, high, self.room)
        if self.profile == "full":
            return most
        if self.profile == "medium":
            return magnitude(self.rng, max(least, min(most, 16)), most)
        first = max(least, 1) if self.rng.random() < 0.9 else least
        short = {"tiny": 3, "small": 6}.get(self.profile, 12)
        return self.rng.randint(
            min(first, most), max(min(first, most), min(most, max(first, short)))
        )

    def _power(self, name: str, low: int, high: int) -> int:
        if name in self.sizes.sizes:
            low, high = self.sizes.capped(name, low, high, self.room)
            high = min(
                high, {"tiny": 4, "small": 8, "random": 16, "extreme": 16}.get(self.profile, high)
            )
        powers = [1 << k for k in range(64) if low <= 1 << k <= high]
        if not powers:
            raise Stuck
        return powers[-1] if self.profile == "full" else self.rng.choice(powers)

    def length(self, name: str, known: Known, times: int = 1) -> int:
        """Draw the length of a word."""
        low, high = self.ends[name]
        key = f"|{name}|"
        low, high, _ = self.left(key, known, low, high)
        high = min(high, known.get(f"most {key}", high))
        if low > high:
            raise Stuck
        most = max(low, min(high, _WORD[self.profile], max(1, 2 * self.room // max(1, times))))
        if self.profile == "full" or (self.profile == "extreme" and self.rng.random() < 0.5):
            return most
        return self.rng.randint(low, most)

    def word(
        self, name: str, known: Known, length: int | None = None, letters: str | None = None
    ) -> str:
        """Draw a word, now and then like one before it, a short one like one of a sample."""
        kind, rng = self.kind(name), self.rng
        if length is None:
            length = self.length(name, known)
            others = self.words or (kind.examples if self.profile in ("tiny", "small") else ())
            if others and rng.random() < _RELATED:
                low, high = self.ends[name]
                low, high, _ = self.left(f"|{name}|", known, low, high)
                old = "".join(item for item in rng.choice(others) if item in kind.letters)
                if low <= high and old and len(old) <= 2 * high:
                    return changed(rng, old, kind.letters, low, high)
        letters = letters or kind.letters
        if letters not in self.weights:
            self.weights[letters] = [rng.choice((0, 1, 1, 4, 16)) for _ in letters]
        style = WordStyle(self.style, kind.examples, self.weights[letters])
        return word(rng, letters, length, style)
