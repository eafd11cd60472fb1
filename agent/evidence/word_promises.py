"""What holds of words and grids: their sizes, letters that are there once, a frame."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from medalist.agent.evidence import phrases
from medalist.agent.evidence.input_rules import Compare, InputFrame, LetterCount, Rectangle, Rule
from medalist.agent.evidence.prose import quoted
from medalist.agent.evidence.sections import names_in
from medalist.agent.evidence.seen import SampleValues
from medalist.problems.formulas import Comparison, Expr

_NAMES = {".": "period|dot|full stop", "-": "hyphen|dash", ",": "comma", "@": "at sign"}


class WordPromises(SampleValues):
    """Finds rules about words."""

    def words(self, name: str) -> Iterator[Rule]:
        """Yield what may hold of the words of a name."""
        groups = self.column(name)
        block = any(index for sample in self.samples for index in sample[name].index)
        sizes = {len(token) for group in groups for token in group}
        size = Expr("size", name=name)
        for other in self.names:
            if self.kinds[other].numeric:
                equal = Compare(Comparison(size, "=", Expr("name", name=other)))
                segment = self.values.named.where.get(name)
                told = segment is not None and any(other in item for item in segment.many)
                if told or len(sizes) > 1 or (len(self.samples) > 1 and min(sizes) > 1):
                    yield equal
        if block and sum(map(len, groups)) > 2 and max(sizes) > 1:
            yield Rectangle(name)
        yield from self._letters(name, groups, block=block)

    def _letters(
        self, name: str, groups: Sequence[Sequence[str]], *, block: bool
    ) -> Iterator[Rule]:
        text = self.about.input
        for sentence in re.split(r"(?<=[.!?;。])\s+|\n\s*\n", text):
            match = phrases.ONE.search(sentence)
            if match is None:
                continue
            times = {"two": 2, "three": 3}.get((match[1] or "").lower(), 1)
            mine = names_in(sentence, self.about.canon)
            if mine and name not in mine and any(other in self.names for other in mine):
                continue
            letters = [text for text in quoted(sentence[match.start() :]) if len(text) == 1]
            letters += [
                mark
                for mark, words in _NAMES.items()
                if re.search(rf"\b(?:{words})\b", sentence[match.start() :], re.I)
            ]
            for letter in letters:
                yield LetterCount(name, letter, times)
        if not block:
            return
        whole = ["".join(group) for group in groups]
        if not all(len(group) > 1 and len({*map(len, group)}) == 1 for group in groups):
            return
        if len(whole) > 1 and min(map(len, whole)) > 4:
            for letter in self.kinds[name].letters:
                yield LetterCount(name, letter)
        edges = {
            letter
            for group in groups
            for letter in group[0] + group[-1] + "".join(row[:1] + row[-1:] for row in group)
        }
        if len(edges) == 1 and len({*"".join(whole)}) > 1:
            around = sum(2 * (len(group) + len(group[0])) for group in groups)
            if phrases.BORDER.search(self.about.all) or (around >= 30 and len(groups) > 1):
                yield InputFrame(name, edges.pop())
