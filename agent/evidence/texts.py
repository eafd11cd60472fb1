"""Words and grids drawn as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medalist.agent.evidence.figures import Stuck
from medalist.agent.evidence.input_rules import InputFrame, LetterCount, Rectangle

if TYPE_CHECKING:
    from medalist.agent.evidence.draw import Drawer, Known


def words(drawer: Drawer, name: str, times: int, known: Known) -> list[str]:
    """Draw words that keep what rules say of them together."""
    about = [rule for rule in drawer.rules if getattr(rule, "name", None) == name]
    fixed: int | None = None
    if any(isinstance(rule, Rectangle) for rule in about):
        fixed = drawer.length(name, known, times)
    once = {rule.letter for rule in about if isinstance(rule, LetterCount)}
    letters = "".join(letter for letter in drawer.kind(name).letters if letter not in once)
    candidates = []
    for _ in range(times):
        length = drawer.length(name, known, times) if fixed is None else fixed
        candidates.append(drawer.word(name, known, length, letters))
    for rule in about:
        if isinstance(rule, InputFrame):
            candidates = _framed(candidates, rule.letter)
    counts = [rule for rule in about if isinstance(rule, LetterCount)]
    return _counted(drawer, candidates, counts, drawer.kind(name).letters) if counts else candidates


def _counted(drawer: Drawer, words: list[str], rules: list[LetterCount], letters: str) -> list[str]:
    """Put letters in as often as they must be there, and nowhere else."""
    special = {rule.letter for rule in rules}
    others = [letter for letter in letters if letter not in special]
    if not others:
        raise Stuck
    grid = [
        [drawer.rng.choice(others) if letter in special else letter for letter in word]
        for word in words
    ]
    framed = [rule for rule in drawer.rules if isinstance(rule, InputFrame)]
    cells = [
        (row, column)
        for row, line in enumerate(grid)
        for column in range(len(line))
        if not framed or (0 < row < len(grid) - 1 and 0 < column < len(line) - 1)
    ]
    wanted = [rule.letter for rule in rules for _ in range(rule.times)]
    if len(cells) < len(wanted):
        raise Stuck
    for (row, column), letter in zip(drawer.rng.sample(cells, len(wanted)), wanted, strict=True):
        grid[row][column] = letter
    return ["".join(line) for line in grid]


def _framed(words: list[str], letter: str) -> list[str]:
    inner = [letter + word[1:-1] + letter * (len(word) > 1) for word in words]
    inner[0] = letter * len(words[0])
    inner[-1] = letter * len(words[-1])
    return inner
