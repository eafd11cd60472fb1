"""Reads the subtask table of a statement: points, text, and bounds on variables.

Works on Markdown tables (into which LaTeX and HTML tables are converted), on lists such as
`Subtask 1 (20 points): N <= 100`, and on their Chinese forms.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from medalist.problems.model import Constraint, Subtask

_GROUP_HEAD = re.compile(r"group|subtask|gruppe?|grupp|subtarea|子任务|编号|测试点|#|no\.?", re.I)
_POINTS_HEAD = re.compile(r"points?|score|poäng|point|value|puntos|分值|分数|得分|分", re.I)
_TEXT_HEAD = re.compile(
    r"constraint|limit|restriction|begränsning|gräns|description|comment|约束|限制|数据范围|性质|说明",
    re.I,
)
_LISTED = re.compile(
    r"^\s*(?:[-*]\s*)?(?:\*\*|#+\s*)?(?:subtask|group|子任务|测试点)\s*#?\s*(\d+)\**\s*"
    r"[(（:\[]?\s*(?:(?:worth\s*)?(\d+(?:\.\d+)?)\s*(?:points?|pts|分|%))?\s*[)）\]]?\**\s*[:：.–-]?\s*(.*)$",
    re.I,
)
_LESS = r"(?:\\leq?(?:slant)?|\\lt|<=|≤|≦|⩽|<)"
_MORE = r"(?:\\geq?(?:slant)?|\\gt|>=|≥|≧|⩾|>)"
_STRICT = {"<", ">", "\\lt", "\\gt"}
_RELATION = re.compile(rf"({_LESS}|{_MORE})")
_NAME = re.compile(r"[A-Za-z](?:_\{?\w+(?:,\s*\w+)?\}?)?|\|[A-Za-z](?:_\{?\w+\}?)?\||[A-Za-z]{2,8}")
_MATH = re.compile(r"\$++([^$]++)\$")


@dataclass(frozen=True)
class ConstraintRow:
    """A row of the table. `points` is None where the table has none."""

    name: str
    points: float | None
    text: str


def find_rows(text: str) -> list[ConstraintRow]:
    """Return the subtasks that a statement describes, in order."""
    return _from_table(text) or _from_list(text)


def describe_subtasks(subtasks: Sequence[Subtask], text: str) -> tuple[Subtask, ...]:
    """Add texts and bounds of a statement to the subtasks of a package.

    They are matched in order, and only where their number is the same: a wrong bound is worse
    than none.
    """
    rows = find_rows(text)
    if len(rows) != len(subtasks):
        return tuple(subtasks)
    return tuple(
        subtask.model_copy(update={"text": row.text, "constraints": find_constraints(row.text)})
        for subtask, row in zip(subtasks, rows, strict=True)
    )


def subtasks_of(text: str) -> tuple[Subtask, ...]:
    """Return the subtasks of a statement alone, if all of them state their points."""
    rows = find_rows(text)
    if len(rows) < 2 or any(row.points is None for row in rows):
        return ()
    names = [row.name for row in rows]
    if len(set(names)) < len(names):
        names = [str(number) for number in range(1, len(rows) + 1)]
    return tuple(
        Subtask(
            subtask_id=name,
            points=row.points or 0.0,
            text=row.text,
            constraints=find_constraints(row.text),
        )
        for name, row in zip(names, rows, strict=True)
    )


def find_constraints(text: str) -> tuple[Constraint, ...]:
    """Return the bounds that a text states: `1 <= n <= 10^5`, `N \\leq 100`, `n = m = 1`."""
    by_name: dict[str, Constraint] = {}
    pieces = [match[1] for match in _MATH.finditer(text)] or [text]
    for piece in pieces:
        piece = re.sub(r"\\[,;:! ]|\{,\}", "", piece)
        for clause in _clauses(piece):
            for constraint in _clause(clause):
                old = by_name.get(constraint.name)
                if old:
                    low = constraint.low if constraint.low is not None else old.low
                    high = constraint.high if constraint.high is not None else old.high
                    constraint = Constraint(name=constraint.name, low=low, high=high)
                by_name[constraint.name] = constraint
    return tuple(by_name.values())


def number(text: str) -> int | float | None:
    """Read a number as statements write it: `10^5`, `2\\cdot 10^{5}`, `5\\,000`, `2^{18}-1`."""
    text = re.sub(r"\\[,;:! ]|\{,\}|(?<=\d)[ ,_'](?=\d{3})|\\left|\\right|~", "", text)
    text = re.sub(r"\\cdot|\\times|×|·", "*", text).replace("{", "").replace("}", "")
    text = re.sub(r"\s+|\$", "", text)
    match = re.fullmatch(
        r"(-?)(?:(\d+(?:\.\d+)?)\*)?(\d+(?:\.\d+)?)(?:\^(-?\d+))?([+-]\d+)?(=.*)?",
        text,
    )
    if not match:
        return None
    exponent = int(match[4]) if match[4] else 1
    base = float(match[3]) if "." in match[3] else int(match[3])
    if abs(exponent) > 400:
        return None
    value: int | float = base**exponent
    if match[2]:
        value *= float(match[2]) if "." in match[2] else int(match[2])
    value += int(match[5] or 0)
    value = -value if match[1] else value
    return int(value) if value == int(value) and abs(value) < 1e300 else value


def _clauses(text: str) -> list[str]:
    """Split at commas and the like, but keep `n, m <= 5` and `1 <= n, m <= 5` whole."""
    clauses: list[str] = []
    for part in re.split(r"\\text\{[^}]*\}|[;；，]|\band\b", text):
        pending = ""
        for piece in part.split(","):
            whole = f"{pending},{piece}" if pending else piece
            terms = [term.strip(" $.") for term in _RELATION.split(whole)]
            opened = len(terms) == 3 and number(terms[0]) is not None and number(terms[2]) is None
            pending = whole if opened or not re.search(rf"{_RELATION.pattern}|=", whole) else ""
            clauses += [] if pending else [whole]
        clauses += [pending] if pending else []
    return clauses


def _clause(clause: str) -> list[Constraint]:
    """Read one chain of relations."""
    parts = _RELATION.split(clause)
    if len(parts) == 1:
        return _equalities(clause)
    terms = [term.strip(" $.()[]:") for term in parts[::2]]
    strict = [op in _STRICT for op in parts[1::2]]
    more = [bool(re.fullmatch(_MORE, op)) for op in parts[1::2]]
    if any(more) and not all(more):
        return []
    if any(more):
        terms, strict = terms[::-1], strict[::-1]
    values = [number(_edge(term, first=index == 0)) for index, term in enumerate(terms)]
    constraints = []
    for index, term in enumerate(terms):
        if values[index] is not None:
            continue
        low = high = None
        for left in range(index - 1, -1, -1):
            if values[left] is not None:
                low = _shift(values[left], 1 if any(strict[left:index]) else 0)
                break
        for right in range(index + 1, len(terms)):
            if values[right] is not None:
                high = _shift(values[right], -1 if any(strict[index:right]) else 0)
                break
        if low is None and high is None:
            continue
        names = [name.strip(" $") for name in term.split(",")]
        if all(_NAME.fullmatch(name) for name in names):
            constraints += [Constraint(name=_plain(name), low=low, high=high) for name in names]
    return constraints


def _edge(term: str, *, first: bool) -> str:
    """Cut words before the first number, or after the last one."""
    words = term.split()
    if not words:
        return ""
    return words[-1] if first and number(term) is None else term


def _shift(value: int | float | None, step: int) -> int | float | None:
    """Turn a strict bound into an inclusive one, which only integers allow."""
    return value + step if isinstance(value, int) else value


def _equalities(clause: str) -> list[Constraint]:
    """Read `n = m = 1`."""
    parts = [part.strip(" $.()") for part in clause.split("=")]
    value = number(parts[-1]) if len(parts) > 1 else None
    if value is None or not all(_NAME.fullmatch(name) for name in parts[:-1]):
        return []
    return [Constraint(name=_plain(name), low=value, high=value) for name in parts[:-1]]


def _plain(name: str) -> str:
    return re.sub(r"[{}\s]", "", name)


def _from_table(text: str) -> list[ConstraintRow]:
    best: list[ConstraintRow] = []
    for table in _tables(text):
        head, body = table[0], table[1:]
        group = _column(head, _GROUP_HEAD)
        points = _column(head, _POINTS_HEAD)
        content = _column(head, _TEXT_HEAD)
        if points is None or (group is None and content is None):
            continue
        if content is None:
            rest = [k for k in range(len(head)) if k not in (group, points)]
            content = rest[0] if len(rest) == 1 else None
        rows: list[ConstraintRow] = []
        for cells in body:
            if len(cells) <= max(points, group or 0):
                continue
            value = number(cells[points].rstrip("%分 "))
            if value is None:
                continue
            shown = [cells[content]] if content is not None and content < len(cells) else []
            if content is None:
                # A column for each variable: its head is the name, its cell the bound.
                pairs = [(h, c) for k, (h, c) in enumerate(zip(head, cells, strict=False))
                         if k not in (group, points) and c]  # fmt: skip
                shown = [f"{h} {c}" if re.search(_LESS, c) else f"{h}: {c}" for h, c in pairs]
            name = cells[group].strip("$* ") if group is not None else str(len(rows) + 1)
            rows.append(
                ConstraintRow(name or str(len(rows) + 1), float(value), "; ".join(shown).strip())
            )
        best = rows if len(rows) > len(best) else best
    return best


def _column(head: list[str], pattern: re.Pattern[str]) -> int | None:
    return next((k for k, cell in enumerate(head) if pattern.search(cell.strip("$* "))), None)


def _tables(text: str) -> list[list[list[str]]]:
    tables: list[list[list[str]]] = []
    current: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.lstrip().startswith("|"):
            cells = [c.strip() for c in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
            if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
                current.append(cells)
        elif current:
            tables += [current] if len(current) > 1 else []
            current = []
    return tables


def _from_list(text: str) -> list[ConstraintRow]:
    rows = []
    for line in text.splitlines():
        match = _LISTED.match(line)
        if match:
            points = float(match[2]) if match[2] else None
            rows.append(ConstraintRow(match[1], points, match[3].strip()))
    return rows
