"""What each value of an input may be, from the statement's words and the samples."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from medalist.agent.evidence.input_rules import Compare, Rule
from medalist.agent.evidence.kinds import ValueKind, pattern, tagged
from medalist.agent.evidence.prose import alphabets, quoted
from medalist.agent.evidence.shape import INTEGER
from medalist.agent.evidence.value_bounds import Ends, ValueBounds, fill, narrow
from medalist.problems.formulas import comparisons

_DECIMAL = re.compile(r"-?\d+\.\d+")
_ONE_LETTER = re.compile(
    r"\b(?:an?|one|single)\s+(?:[\w-]+\s+){0,2}(?:letter|character|symbol)\b|一个[^,。]{0,4}(?:字母|字符)",
    re.I,
)


class Values(ValueBounds):
    """Reads kinds."""

    def kinds(self) -> dict[str, ValueKind]:
        """Return what each name may be."""
        self._formulas()
        self._prose()
        self._symbolic()
        return {name: self._kind(name) for name in self.names}

    def settled(
        self, kinds: Mapping[str, ValueKind], rules: Sequence[Rule]
    ) -> dict[str, ValueKind]:
        """Return the kinds with the ends that rules give: an index is at most the number of
        points, a row of a grid as long as the grid is wide."""
        settled_kinds = dict(kinds)
        for rule in rules:
            if not isinstance(rule, Compare) or rule.offset is not None:
                continue
            for item in (rule.comparison, rule.comparison.turned()):
                name, other = item.left.name, item.right.name
                mine, others = settled_kinds.get(name), settled_kinds.get(other)
                if mine is None or others is None or not mine.guessed:
                    continue
                size = item.left.op == "size" and mine.what == "word"
                if item.right.op != "name" or (item.left.op != "name" and not size):
                    continue
                ends = (self.lengths if size else self.ends)[name]
                if item.sign in "≤=" and (size or ends.high is None) and others.numeric:
                    high = max(others.high, mine.seen_high)
                    low = max(mine.low, others.low) if item.sign == "=" else mine.low
                    open_end = others.guessed or (ends.low is None and mine.seen_low < low)
                    settled_kinds[name] = replace(mine, low=low, high=high, guessed=open_end)
        return settled_kinds

    def _kind(self, name: str) -> ValueKind:
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
            return ValueKind("choice", choices=choices)
        regular = pattern(tokens)
        if regular is not None:
            return regular
        parts = tagged(tokens)
        if parts is not None:
            self._borrowed(name, text)
            whole = self._integer(name, parts[1])
            return replace(whole, what="tagged", choices=parts[0])
        return self._word(name, tokens, text)

    def _borrowed(self, name: str, text: str) -> None:
        """Take the bounds of a name that is not a slot: that of the number in the token."""
        for where in (text, self.about.input):
            bounds: dict[str, Ends] = {}
            for comparison in comparisons(where):
                for side in (comparison, comparison.turned()):
                    value = side.right.evaluate({})
                    other = side.left.name
                    if side.left.op != "name" or value is None or other in self.names:
                        continue
                    if self._possible(name, side.sign, value, length=False):
                        narrow(bounds.setdefault(other, Ends()), side.sign, value)
            whole = [ends for ends in bounds.values() if None not in (ends.low, ends.high)]
            if len(whole) == 1:
                fill(self.ends[name], whole[0])
                return

    def _integer(self, name: str, seen: Sequence[int]) -> ValueKind:
        ends = self.ends[name]
        least, most = min(seen, default=1), max(seen, default=1)
        low, high = ends.low, ends.high
        # That there is at least one of something is not a guess.
        guessed = high is None or (low is None and (name not in self.counters or least < 1))
        if high is None or high < most:
            high, guessed = _upwards(most), True
        if low is None or low > least:
            guessed = guessed or low is not None
            low = min(least, 1) if least >= 0 else -_upwards(-least)
        return ValueKind(
            "integer", low, max(low, high), guessed=guessed, seen_low=least, seen_high=most
        )

    def _decimal(self, name: str, tokens: Sequence[str]) -> ValueKind:
        values = [float(token) for token in tokens]
        ends, digits = self.ends[name], max(len(token.partition(".")[2]) for token in tokens)
        low = ends.low if ends.low is not None else min(0, int(min(values)) - (min(values) < 0))
        high = ends.high if ends.high is not None else _upwards(int(max(values)) + 1)
        return ValueKind("decimal", low, high, digits=digits, guessed=None in (ends.low, ends.high),
                    seen_low=int(min(values)) - 1, seen_high=int(max(values)) + 1)  # fmt: skip

    def _choices(self, tokens: Sequence[str], text: str) -> tuple[str, ...]:
        used = {*tokens}
        named = [item for item in quoted(text) if len(item) > 1 or len(max(used, key=len)) == 1]
        if used <= {*named} and max(map(len, named)) > 1:
            return tuple(named)
        few = len(used) <= 4 and len(tokens) >= 2 * len(used) + 2
        if few and min(map(len, used)) > 1 and not any(map(INTEGER.fullmatch, used)):
            return tuple(sorted(used))
        return ()

    def _word(self, name: str, tokens: Sequence[str], text: str) -> ValueKind:
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
        examples = tuple(dict.fromkeys(tokens))[:20]
        return ValueKind("word", low, high, letters, guessed=guessed, examples=examples,
                    seen_low=min(sizes), seen_high=max(sizes))  # fmt: skip

    def _letters(self, name: str, used: str, text: str) -> str:
        ends = self.ends[name]
        if used.isdigit() and ends.low is not None and ends.high is not None and ends.high <= 9:
            return "".join(map(str, range(max(0, ends.low), ends.high + 1)))
        for where in (text, self.about.input):
            for alphabet in alphabets(where):
                if {*used} <= {*alphabet}:
                    return alphabet
        partly = [
            alphabet for alphabet in alphabets(text) if {*used} & {*alphabet} and len(alphabet) > 2
        ]
        return "".join(sorted({*used, *(partly[0] if partly else "")}))


def _upwards(most: int) -> int:
    """A power of ten well above the samples' greatest."""
    return int(10 ** (len(str(abs(most))) + 1)) if most else 10
