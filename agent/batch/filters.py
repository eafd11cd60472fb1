"""`--filter`: a small language over the fields of a problem, parsed and walked, never evaluated.

    kind == "batch" and subtasks > 0
    "graphs" in tags or id in ("climb", "maze")
    time_limit <= 2 and not interactive and "en" in languages

Comparisons (also chained), `in`, `not in`, `and`, `or`, `not`, parentheses, strings, numbers,
tuples and the names of `FIELDS`; nothing else. A field that is not known of a problem (`None`)
fulfils no comparison but `!=` and `not in`; nor does a difficulty in words one with a number.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from medalist.errors import BadInput
from medalist.problems.model import Kind, PublicProblem

_OPTION = "--filter"
_LONGEST = 2000  # characters

FIELDS: dict[str, Callable[[PublicProblem], Any]] = {
    "id": lambda public: public.problem_id,
    "title": lambda public: public.title,
    "kind": lambda public: public.kind.value,
    "interactive": lambda public: public.kind is Kind.INTERACTIVE,
    "tags": lambda public: public.tags,
    "difficulty": lambda public: _number(public.difficulty),
    "subtasks": lambda public: len(public.subtasks),
    "points": lambda public: public.full_score,
    "samples": lambda public: len(public.samples),
    "time_limit": lambda public: public.limits.time_s,
    "memory_limit": lambda public: public.limits.memory_mb,
    "languages": lambda public: tuple(public.statements),
    "source": lambda public: public.source,
    "license": lambda public: public.license,
    "special_checker": lambda public: public.special_checker,
}
"""Name to value; units are seconds and MiB, `languages` are those of the statement."""

_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda value, found: value in found,
    ast.NotIn: lambda value, found: value not in found,
}


class Filter:
    """A parsed expression.

    Raises:
        BadInput: It cannot be parsed, or holds something else than the module says.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            if len(text) > _LONGEST:
                raise ValueError(f"longer than {_LONGEST} characters")
            self._tree = ast.parse(text.strip(), mode="eval").body
            _check(self._tree)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            why = error.msg if isinstance(error, SyntaxError) else str(error)
            raise BadInput(f"{text[:80]!a}: {why}", field=_OPTION) from None

    def __call__(self, public: PublicProblem) -> bool:
        """Whether a problem fulfils it; `BadInput` where values cannot be compared."""
        values = {name: read(public) for name, read in FIELDS.items()}
        try:
            return bool(_value(self._tree, values))
        except TypeError as error:
            raise BadInput(f"{public.problem_id}: {error}", field=_OPTION) from None


def _check(node: ast.expr) -> None:
    match node:
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts):
            pass
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            parts = [operand]
        case ast.Compare(left=left, ops=ops, comparators=rest):
            parts = [left, *rest]
            if any(type(op) not in _COMPARISONS for op in ops):
                raise ValueError("`is` is not supported; write ==")
        case ast.Constant(value=str() | int() | float() | None):
            return
        case ast.Name(id=name):
            if name not in FIELDS:
                raise ValueError(f"no field {name!r}; known fields: {', '.join(FIELDS)}")
            return
        case _:
            raise ValueError(f"{ast.unparse(node)[:40]!r} is not understood")
    for part in parts:
        _check(part)


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(_value(part, values) for part in parts)
        case ast.BoolOp(values=parts):
            return any(_value(part, values) for part in parts)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _value(operand, values)
        case ast.UnaryOp(operand=operand):
            return -_value(operand, values)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return tuple(_value(part, values) for part in parts)
        case ast.Compare(left=left, ops=ops, comparators=rest):
            operands = [_value(part, values) for part in (left, *rest)]
            return all(map(_compare, ops, operands, operands[1:]))
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return values[name]
    raise AssertionError(node)


def _compare(op: ast.cmpop, first: Any, second: Any) -> bool:
    if isinstance(op, ast.In | ast.NotIn) and (first is None or second is None):
        return isinstance(op, ast.NotIn)
    if isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE):
        kinds = {type(item) for item in (first, second)}
        if type(None) in kinds or (str in kinds and kinds & {int, float}):
            return False
    return _COMPARISONS[type(op)](first, second)


def _number(text: str | None) -> float | str | None:
    """Return a difficulty as a number where it is one."""
    try:
        return None if text is None else float(text)
    except ValueError:
        return text
