"""The bounds that the text of a statement states, outside its samples."""

from __future__ import annotations

import re
import unicodedata

from medalist.problems.constraints import find_constraints
from medalist.problems.model import Constraint

_FENCE = re.compile(r"^\s{0,3}(?:`{3,}|~{3,})")
_LESS = r"(?:\\leq?(?:slant)?(?![A-Za-z])|\\lt(?![A-Za-z])|<=|≤|≦|⩽|<)"
_MORE = r"(?:\\geq?(?:slant)?(?![A-Za-z])|\\gt(?![A-Za-z])|>=|≥|≧|⩾|>)"
_INTEGER = r"-?\d{1,3}(?:(?:\\,|\{,\}|[ ,_'])\d{3})+(?!\d)|-?\d+"
_TIMES = r"(?:\s*(?:\\cdot|\\times|×|·|\*)\s*\d+)?"
_NUMBER = rf"(?:{_INTEGER}){_TIMES}(?:\s*(?:\^|\*\*)\s*\{{?\d+\}}?)?(?:\s*[-+]\s*\d+)?"
_NAME = r"\|?[A-Za-z](?:_\{?\w+(?:,\s*\w+)?\}?|[A-Za-z]{0,7}(?:_\{?\w+\}?)?)\|?"
_TERM = rf"(?:{_NUMBER}|{_NAME}(?:\s*,\s*{_NAME}){{0,6}})"
_THOUSANDS = r"(?<=\d)(?:\\,|\{,\}|[ ,_'])(?=\d{3}(?!\d))"
_CHAIN = re.compile(rf"(?<![\w.])({_TERM}(?:\s*(?:{_LESS}|{_MORE})\s*{_TERM})+)(?!\w|\.[A-Za-z])")


def stated_bounds(text: str) -> tuple[Constraint, ...]:
    """Return the bounds of a statement: `1 <= n <= 10^5`, in formulas or not, first come first.

    Where a name is bounded twice, as in subtasks, the first bound counts. Blocks of code are left
    out, which is where samples stand.
    """
    bounds: dict[str, Constraint] = {}
    inside = False
    for line in text.splitlines():
        if _FENCE.match(line):
            inside = not inside
        if inside or line.startswith(("    ", "\t")) or len(line) > 4000:
            continue
        for constraint in _of_line(line):
            old = bounds.setdefault(constraint.name, constraint)
            if old is not constraint and (old.low is None or old.high is None):
                low = old.low if old.low is not None else constraint.low
                high = old.high if old.high is not None else constraint.high
                bounds[constraint.name] = Constraint(name=old.name, low=low, high=high)
    return tuple(bounds.values())


def _of_line(line: str) -> list[Constraint]:
    line = unicodedata.normalize("NFKC", line).replace("**", "^").replace("`", " ")
    line = re.sub(r"</?[A-Za-z][^<>]{0,200}>|\$+", " ", line)
    line = re.sub(r"\\[,;:! ]", " ", line)
    chains = [re.sub(_THOUSANDS, "", match[1]) for match in _CHAIN.finditer(line)]
    return [constraint for chain in chains for constraint in find_constraints(chain)]
