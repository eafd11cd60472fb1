"""What each value of an input may be, from the statement's words and the samples."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from medalist.agent.evidence.kinds import Kind, tagged
from medalist.agent.evidence.naming import Named
from medalist.agent.evidence.prose import Bound, alphabets, bounds, quoted
from medalist.agent.evidence.rules import Compare, Rule
from medalist.agent.evidence.sections import Said, names_in
from medalist.agent.evidence.shape import INTEGER, Column, counters
from medalist.problems.formulas import Comparison, Expr, comparisons

_DECIMAL = re.compile(r"-?\d+\.\d+")
_EVERY = re.compile(r"\b(?:all|every|each|any|only)\b|所有|均|都|每个", re.I)
_IF = re.compile(
    r"\b(?:if|when|whenever|unless|where)\s+(?=\$)(?:\$[^$]*\$(?:\s*(?:and|or)\s*)?)+", re.I
)
_PART = re.compile(r"\d+\s*\\?%|\bpoints\b|分的|test group|subtask|子任务", re.I)
_ONE_LETTER = re.compile(
    r"\b(?:an?|one|single)\s+(?:[\w-]+\s+){0,2}(?:letter|character|symbol)\b|一个[^,。]{0,4}(?:字母|字符)",
    re.I,
)
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
class Values:
    """Reads kinds; `relations` are the comparisons that speak of more than one value."""

    about: Said
    named: Named
    samples: Sequence[Mapping[str, Column]]
    relations: list[Comparison] = field(default_factory=list)
    neighbours: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = list(dict.fromkeys(name for one in self.samples for name in one))
        self.tokens = {
            name: [token for one in self.samples for token in one[name].tokens]
            for name in self.names
        }
        self.counters = counters(self.named.shape)
        self.ends: dict[str, Ends] = {name: Ends() for name in self.names}
        self.lengths: dict[str, Ends] = {name: Ends() for name in self.names}
        self.words = {name for name in self.names if self._is_word(name)}

    def kinds(self) -> dict[str, Kind]:
        """Return what each name may be."""
        self._formulas()
        self._prose()
        self._symbolic()
        return {name: self._kind(name) for name in self.names}

    def settled(self, kinds: Mapping[str, Kind], rules: Sequence[Rule]) -> dict[str, Kind]:
        """Return the kinds with the ends that rules give: an index is at most the number of
        points, a row of a grid as long as the grid is wide."""
        found = dict(kinds)
        for rule in rules:
            if not isinstance(rule, Compare) or rule.offset is not None:
                continue
            for one in (rule.comparison, rule.comparison.turned()):
                name, other = one.left.name, one.right.name
                mine, others = found.get(name), found.get(other)
                if mine is None or others is None or not mine.guessed:
                    continue
                size = one.left.op == "size" and mine.what == "word"
                if one.right.op != "name" or (one.left.op != "name" and not size):
                    continue
                ends = (self.lengths if size else self.ends)[name]
                if one.sign in "≤=" and (size or ends.high is None) and others.numeric:
                    high = max(others.high, mine.seen_high)
                    low = max(mine.low, others.low) if one.sign == "=" else mine.low
                    open_end = others.guessed or (ends.low is None and mine.seen_low < low)
                    found[name] = replace(mine, low=low, high=high, guessed=open_end)
        return found

    def _is_word(self, name: str) -> bool:
        tokens = self.tokens[name]
        if not tokens or name in self.counters:
            return False
        if not all(map(INTEGER.fullmatch, tokens)):
            return True
        segment = self.named.where.get(name)
        text = segment.text if segment else ""
        long = any(one.length for one in bounds(text))
        return long and _TEXTUAL.search(text) is not None and all(t[0] != "-" for t in tokens)

    # What formulas say.

    def _formulas(self) -> None:
        for text in (self.about.input, self.about.limits, self.about.rest):
            found: dict[str, Ends] = {name: Ends() for name in self.names}
            sized: dict[str, Ends] = {name: Ends() for name in self.names}
            for sentence in re.split(r"(?<=[.。!?])\s+|\n", _IF.sub(" ", text)):
                widest = _PART.search(sentence) is not None
                for one in comparisons(sentence):
                    self._next(one)
                    self._formula(self.plain(one), found, sized, widest=widest)
            for name in self.names:
                _fill(self.ends[name], found[name])
                _fill(self.lengths[name], sized[name])

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
        self, one: Comparison, found: dict[str, Ends], sized: dict[str, Ends], *, widest: bool
    ) -> None:
        for side in (one, one.turned()):
            left, right = side.left, side.right
            value = right.evaluate({})
            if value is None or right.names() or side.sign in "≠=":
                continue
            if left.op == "max" and len(left.names()) == 1 and side.sign in "≤<":
                (name,) = left.names()
                _narrow(found[name], side.sign, value, widest=widest)
                _narrow(found[name], "≥" if side.sign == "≤" else ">", -value, widest=widest)
                return
            if left.op not in ("name", "size") or left.name not in self.names:
                continue
            into = (sized if left.op == "size" else found)[left.name]
            _narrow(into, side.sign, value, widest=widest)
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
        for one in bounds(text):
            before = _COUNTING.sub(" ", _dollared(text[start : one.place]))
            after = _FOLLOWING.match(text[one.place :]) if one.sign_only else None
            near = [
                name
                for name in names_in(after[0] if after else before, self.about.canon)
                if name in mine
            ]
            start = one.place
            if one.things:
                continue
            words = [name for name in mine if name in self.words]
            kind = words if one.length else [name for name in mine if name not in self.words]
            if not one.length:
                kind += [name for name in words if self._tagged(name)]
            known = sized if one.length else taken
            chosen = [name for name in near if name in kind and self._lacks(one, known[name])]
            if not chosen and strangers:
                free = [name for name in kind if one.length or name not in self.counters]
                chosen = free or (kind if len(kind) == 1 else [])
            for name in chosen:
                self._give(name, one, known[name])

    def _lacks(self, one: Bound, old: tuple[int | None, int | None]) -> bool:
        """Whether a bound tells of a value what is not known of it."""
        return (one.low is not None and old[0] is None) or (one.high is not None and old[1] is None)

    def _give(self, name: str, one: Bound, old: tuple[int | None, int | None]) -> None:
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
                _narrow(into, sign, value)

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
        return all(one >= value if sign in "≥>" else one <= value for one in numbers)

    # What follows from other values.

    def _symbolic(self) -> None:
        for _ in range(3):
            highs = {name: ends.high for name, ends in self.ends.items()}
            for one in self.relations:
                for side in (one, one.turned()):
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
                            _narrow(into, "≤" if side.sign == "=" else side.sign, value)
                    if side.sign in "≥>" and into.low is None:
                        lows = {n: e.low for n, e in self.ends.items() if e.low is not None}
                        value = right.evaluate(lows)
                        if value is not None:
                            _narrow(into, side.sign, value)

    # The kinds.

    def _tagged(self, name: str) -> bool:
        return tagged(self.tokens[name]) is not None

    def _kind(self, name: str) -> Kind:
        tokens = self.tokens[name]
        if name not in self.words:
            return self._integer(name, [int(token) for token in tokens])
        segment = self.named.where.get(name)
        text = segment.text if segment else self.about.input
        if all(_DECIMAL.fullmatch(token) or INTEGER.fullmatch(token) for token in tokens) and any(
            map(_DECIMAL.fullmatch, tokens)
        ):
            return self._decimal(name, tokens)
        choices = self._choices(tokens, text)
        if choices:
            return Kind("choice", choices=choices)
        parts = tagged(tokens)
        if parts is not None:
            self._borrowed(name, text)
            whole = self._integer(name, parts[1])
            return replace(whole, what="tagged", choices=parts[0])
        return self._word(name, tokens, text)

    def _borrowed(self, name: str, text: str) -> None:
        """Take the bounds of a name that is no slot: that of the number in the token."""
        for where in (text, self.about.input):
            found: dict[str, Ends] = {}
            for one in comparisons(where):
                for side in (one, one.turned()):
                    value = side.right.evaluate({})
                    other = side.left.name
                    if side.left.op != "name" or value is None or other in self.names:
                        continue
                    if self._possible(name, side.sign, value, length=False):
                        _narrow(found.setdefault(other, Ends()), side.sign, value)
            whole = [ends for ends in found.values() if None not in (ends.low, ends.high)]
            if len(whole) == 1:
                _fill(self.ends[name], whole[0])
                return

    def _integer(self, name: str, seen: Sequence[int]) -> Kind:
        ends = self.ends[name]
        least, most = min(seen, default=1), max(seen, default=1)
        low, high = ends.low, ends.high
        guessed = low is None or high is None
        if high is None or high < most:
            high, guessed = _upwards(most), True
        if low is None or low > least:
            low = min(least, 1) if least >= 0 else -_upwards(-least)
            guessed = True
        return Kind("integer", low, max(low, high), guessed=guessed, seen_low=least, seen_high=most)

    def _decimal(self, name: str, tokens: Sequence[str]) -> Kind:
        values = [float(token) for token in tokens]
        ends, digits = self.ends[name], max(len(token.partition(".")[2]) for token in tokens)
        low = ends.low if ends.low is not None else min(0, int(min(values)) - (min(values) < 0))
        high = ends.high if ends.high is not None else _upwards(int(max(values)) + 1)
        return Kind("decimal", low, high, digits=digits, guessed=None in (ends.low, ends.high),
                    seen_low=int(min(values)) - 1, seen_high=int(max(values)) + 1)  # fmt: skip

    def _choices(self, tokens: Sequence[str], text: str) -> tuple[str, ...]:
        used = {*tokens}
        named = [one for one in quoted(text) if len(one) > 1 or len(max(used, key=len)) == 1]
        if used <= {*named} and max(map(len, named)) > 1:
            return tuple(named)
        few = len(used) <= 4 and len(tokens) >= 2 * len(used) + 2
        if few and min(map(len, used)) > 1 and not any(map(INTEGER.fullmatch, used)):
            return tuple(sorted(used))
        return ()

    def _word(self, name: str, tokens: Sequence[str], text: str) -> Kind:
        ends = self.lengths[name]
        sizes = [len(token) for token in tokens]
        low, high = ends.low, ends.high
        guessed = high is None or high < max(sizes)
        if high is None or high < max(sizes):
            high = max(10, 4 * max(sizes))
        if low is None or low > min(sizes):
            low = 1
        if max(sizes) == 1 and _ONE_LETTER.search(text):
            low, high, guessed = 1, 1, False
        letters = self._letters(name, "".join(tokens), text)
        return Kind("word", low, high, letters, guessed=guessed,
                    seen_low=min(sizes), seen_high=max(sizes))  # fmt: skip

    def _letters(self, name: str, used: str, text: str) -> str:
        ends = self.ends[name]
        if used.isdigit() and ends.low is not None and ends.high is not None and ends.high <= 9:
            return "".join(map(str, range(max(0, ends.low), ends.high + 1)))
        for where in (text, self.about.input):
            for alphabet in alphabets(where):
                if {*used} <= {*alphabet}:
                    return alphabet
        partly = [one for one in alphabets(text) if {*used} & {*one} and len(one) > 2]
        return "".join(sorted({*used, *(partly[0] if partly else "")}))


def _dollared(text: str) -> str:
    """Close a formula that was cut."""
    return f"{text}$" if text.count("$") % 2 else text


def _narrow(ends: Ends, sign: str, value: int | Fraction, *, widest: bool = False) -> None:
    """Take a bound where there is none yet, or where the widest counts and this one is wider."""
    if sign in "≤<":
        high = -(-value // 1) - 1 if sign == "<" else value // 1
        if ends.high is None or (widest and high > ends.high):
            ends.high = int(high)
    elif sign in "≥>":
        low = value // 1 + 1 if sign == ">" else -(-value // 1)
        if ends.low is None or (widest and low < ends.low):
            ends.low = int(low)


def _fill(ends: Ends, more: Ends) -> None:
    ends.low = more.low if ends.low is None else ends.low
    ends.high = more.high if ends.high is None else ends.high


def _upwards(most: int) -> int:
    """A power of ten well above the samples' greatest."""
    return int(10 ** (len(str(abs(most))) + 1)) if most else 10
