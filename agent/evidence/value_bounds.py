"""The bounds of each value of an input, from the statement's formulas and prose."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from medalist.agent.evidence.columns import InputColumn
from medalist.agent.evidence.kinds import tagged
from medalist.agent.evidence.naming import Named
from medalist.agent.evidence.prose import ProseBound, bounds
from medalist.agent.evidence.sections import Said, names_in
from medalist.agent.evidence.shape import INTEGER, counters
from medalist.problems.formulas import Comparison, Expr, comparisons

_EVERY = re.compile(r"\b(?:all|every|each|any|only)\b|所有|均|都|每个", re.I)
_IF = re.compile(
    r"\b(?:if|when|whenever|unless|where)\s+(?=\$)(?:\$[^$]*\$(?:\s*(?:and|or)\s*)?)+", re.I
)
_PART = re.compile(r"\d+\s*\\?%|\bpoints\b|分的|test group|subtask|子任务", re.I)
_COUNTING = re.compile(
    r"\$[^$]{1,20}\$\s+(?:[\w-]+\s+){0,2}?(?:integers|numbers|values|lines|words|strings|elements)\b",
    re.I,
)
_FOLLOWING = re.compile(
    r"[^$.,;]{0,30}?\$[^$]*\$(?:\s*(?:,|and|和|、)\s*\$[^$]*\$)*|[^.,;]{0,25}?\b[a-zA-Z]\b", re.I
)
_TEXTUAL = re.compile(r"\bdigits?\b|\bstring\b|binary|字符串|\bcharacters?\b", re.I)


@dataclass
class Ends:
    """The ends that were read for a value; None where nothing was."""

    low: int | None = None
    high: int | None = None


@dataclass
class ValueBounds:
    """Reads bounds; `relations` are the comparisons that speak of more than one value."""

    about: Said
    named: Named
    samples: Sequence[Mapping[str, InputColumn]]
    relations: list[Comparison] = field(default_factory=list)
    neighbours: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = list(dict.fromkeys(name for sample in self.samples for name in sample))
        self.tokens = {
            name: [token for sample in self.samples for token in sample[name].tokens]
            for name in self.names
        }
        self.counters = counters(self.named.shape)
        self.ends: dict[str, Ends] = {name: Ends() for name in self.names}
        self.lengths: dict[str, Ends] = {name: Ends() for name in self.names}
        self.words = {name for name in self.names if self._is_word(name)}

    def _is_word(self, name: str) -> bool:
        tokens = self.tokens[name]
        if not tokens or name in self.counters:
            return False
        if not all(map(INTEGER.fullmatch, tokens)):
            return True
        segment = self.named.where.get(name)
        text = segment.text if segment else ""
        long = any(bound.length for bound in bounds(text))
        return long and _TEXTUAL.search(text) is not None and all(t[0] != "-" for t in tokens)

    # What formulas say.

    def _formulas(self) -> None:
        for text in (self.about.input, self.about.limits, self.about.rest):
            by_name: dict[str, Ends] = {name: Ends() for name in self.names}
            sized: dict[str, Ends] = {name: Ends() for name in self.names}
            for sentence in re.split(r"(?<=[.。!?])\s+|\n", _IF.sub(" ", text)):
                widest = _PART.search(sentence) is not None
                for comparison in comparisons(sentence):
                    self._next(comparison)
                    self._formula(self.plain(comparison), by_name, sized, widest=widest)
            for name in self.names:
                fill(self.ends[name], by_name[name])
                fill(self.lengths[name], sized[name])

    def _next(self, one: Comparison) -> None:
        """Note `a_i < a_{i+1}`."""
        if one.left.op != "name" or one.right.op != "name":
            return
        left, right = (
            side.name.replace("{", "").replace("}", "") for side in (one.left, one.right)
        )
        name, index = left.partition("_")[::2]
        following = right in (f"{name}_{index}+1", f"{name}_2")
        if name in self.names and following and index in ("i", "j", "k", "1"):
            self.neighbours.append((name, one.sign))

    def plain(self, one: Comparison) -> Comparison:
        """Write the names of a comparison as the shape has them; `nm` may be a product."""
        return Comparison(self._plain(one.left), one.sign, self._plain(one.right))

    def _plain(self, one: Expr) -> Expr:
        if not one.name:
            return replace(one, args=tuple(map(self._plain, one.args)))
        name = self.about.canon(one.name)
        letters = list(name)
        if name not in self.names and len(letters) == 2 and all(x in self.names for x in letters):
            return Expr("*", (Expr("name", name=letters[0]), Expr("name", name=letters[1])))
        if one.op == "size" and name in self.names and name not in self.words:
            number = Expr("name", name=name)
            return Expr("max", (number, Expr("-", (Expr("number"), number))))
        return replace(one, name=name)

    def _formula(
        self, one: Comparison, by_name: dict[str, Ends], sized: dict[str, Ends], *, widest: bool
    ) -> None:
        for side in (one, one.turned()):
            left, right = side.left, side.right
            value = right.evaluate({})
            if value is None or right.names() or side.sign in "≠=":
                continue
            if left.op == "max" and len(left.names()) == 1 and side.sign in "≤<":
                (name,) = left.names()
                narrow(by_name[name], side.sign, value, widest=widest)
                narrow(by_name[name], "≥" if side.sign == "≤" else ">", -value, widest=widest)
                return
            if left.op not in ("name", "size") or left.name not in self.names:
                continue
            into = (sized if left.op == "size" else by_name)[left.name]
            narrow(into, side.sign, value, widest=widest)
            return
        if len(one.names() & {*self.names}) and (one.left.names() or one.right.names()):
            self.relations.append(one)

    # What prose says.

    def _prose(self) -> None:
        rows: dict[int, list[str]] = {}
        for name, segment in self.named.where.items():
            if name in self.ends:
                rows.setdefault(id(segment), []).append(name)
        texts = {id(segment): segment.text for segment in self.named.where.values()}
        for key, mine in rows.items():
            self._told(texts[key], mine, strangers=True)
        for text in (self.about.input, self.about.limits, self.about.rest):
            for sentence in re.split(r"(?<=[.。!?;])\s+|\n", text):
                every = _EVERY.search(sentence) is not None
                self._told(sentence, self.names, strangers=every)

    def _told(self, text: str, mine: Sequence[str], *, strangers: bool) -> None:
        """Give values the bounds of a text; of unnamed ones only if `strangers` may be meant."""
        taken = {name: (self.ends[name].low, self.ends[name].high) for name in mine}
        sized = {name: (self.lengths[name].low, self.lengths[name].high) for name in mine}
        start = 0
        for bound in bounds(text):
            before = _COUNTING.sub(" ", _dollared(text[start : bound.place]))
            after = _FOLLOWING.match(text[bound.place :]) if bound.sign_only else None
            near = [
                name
                for name in names_in(after[0] if after else before, self.about.canon)
                if name in mine
            ]
            start = bound.place
            if bound.things:
                continue
            words = [name for name in mine if name in self.words]
            kind = words if bound.length else [name for name in mine if name not in self.words]
            if not bound.length:
                kind += [name for name in words if self._tagged(name)]
            known = sized if bound.length else taken
            chosen = [name for name in near if name in kind and self._lacks(bound, known[name])]
            if not chosen and strangers:
                free = [name for name in kind if bound.length or name not in self.counters]
                chosen = free or (kind if len(kind) == 1 else [])
            for name in chosen:
                self._give(name, bound, known[name])

    def _lacks(self, one: ProseBound, old: tuple[int | None, int | None]) -> bool:
        """Whether a bound tells of a value what is not known of it."""
        return (one.low is not None and old[0] is None) or (one.high is not None and old[1] is None)

    def _give(self, name: str, one: ProseBound, old: tuple[int | None, int | None]) -> None:
        into = (self.lengths if one.length else self.ends)[name]
        for end, sign, known in ((one.low, "≥", old[0]), (one.high, "≤", old[1])):
            if end is None or known is not None:
                continue
            others = end.names()
            if others:
                plain = self._plain(end)
                op = "size" if one.length else "name"
                if plain.names() <= {*self.names} and name not in plain.names():
                    self.relations.append(Comparison(Expr(op, name=name), sign, plain))
                continue
            value = end.evaluate({})
            if value is not None and self._possible(name, sign, value, length=one.length):
                narrow(into, sign, value)

    def _possible(self, name: str, sign: str, value: int | Fraction, *, length: bool) -> bool:
        """Whether the samples keep a bound: prose is easily given to the wrong value."""
        tokens = self.tokens[name]
        if length:
            numbers = [len(token) for token in tokens]
        elif name in self.words:
            parts = tagged(tokens)
            numbers = parts[1] if parts else []
        else:
            numbers = [int(token) for token in tokens if INTEGER.fullmatch(token)]
        return all(number >= value if sign in "≥>" else number <= value for number in numbers)

    # What follows from other values.

    def _symbolic(self) -> None:
        for _ in range(3):
            highs = {name: ends.high for name, ends in self.ends.items()}
            for relation in self.relations:
                for side in (relation, relation.turned()):
                    left, right = side.left, side.right
                    if left.op not in ("name", "size") or left.name not in self.names:
                        continue
                    into = (self.lengths if left.op == "size" else self.ends)[left.name]
                    if side.sign in "≤<=" and into.high is None:
                        known = {name: high for name, high in highs.items() if high is not None}
                        for name, ends in self.lengths.items():
                            if ends.high is not None:
                                known[f"|{name}|"] = ends.high
                        value = right.evaluate(known)
                        if value is not None:
                            narrow(into, "≤" if side.sign == "=" else side.sign, value)
                    if side.sign in "≥>" and into.low is None:
                        lows = {n: e.low for n, e in self.ends.items() if e.low is not None}
                        value = right.evaluate(lows)
                        if value is not None:
                            narrow(into, side.sign, value)

    def _tagged(self, name: str) -> bool:
        return tagged(self.tokens[name]) is not None


def _dollared(text: str) -> str:
    """Close a formula that was cut."""
    return f"{text}$" if text.count("$") % 2 else text


def narrow(ends: Ends, sign: str, value: int | Fraction, *, widest: bool = False) -> None:
    """Take a bound where there is none yet, or where the widest counts and this one is wider."""
    if sign in "≤<":
        high = -(-value // 1) - 1 if sign == "<" else value // 1
        if ends.high is None or (widest and high > ends.high):
            ends.high = int(high)
    elif sign in "≥>":
        low = value // 1 + 1 if sign == ">" else -(-value // 1)
        if ends.low is None or (widest and low < ends.low):
            ends.low = int(low)


def fill(ends: Ends, more: Ends) -> None:
    """Take the ends that are missing from others."""
    ends.low = more.low if ends.low is None else ends.low
    ends.high = more.high if ends.high is None else ends.high
