"""The kinds of contests, one file a kind, and the table of all of them.

Nothing else knows a kind by its name: what one shows, costs, counts and ranks by is said by its
class (see `base.ContestKind`), and what it is called by its line here.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, SerializeAsAny

from medalist.agent.contest.kinds.atcoder import AtCoder
from medalist.agent.contest.kinds.base import ContestKind
from medalist.agent.contest.kinds.codeforces import Codeforces
from medalist.agent.contest.kinds.icpc import Icpc
from medalist.agent.contest.kinds.ioi import Ioi

__all__ = [
    "KINDS",
    "AtCoder",
    "Codeforces",
    "ContestKind",
    "Icpc",
    "Ioi",
    "Rules",
    "read_rules",
]

KINDS: dict[str, type[ContestKind]] = {
    "ioi": Ioi,
    "icpc": Icpc,
    "codeforces": Codeforces,
    "atcoder": AtCoder,
}


def read_rules(value: object) -> ContestKind:
    """Read the rules of a contest: a kind's name, or a mapping with `kind` and parameters.

    Raises:
        ValueError: The kind is not known, or a parameter is wrong (pydantic's ValidationError).
    """
    if isinstance(value, ContestKind):
        return value
    parameters = value if isinstance(value, dict) else {"kind": value}
    name = parameters.get("kind")
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise ValueError(f"{name!r} is not a kind of contest; choose from {', '.join(KINDS)}")
    return kind.model_validate(parameters)


Rules: TypeAlias = Annotated[SerializeAsAny[ContestKind], BeforeValidator(read_rules)]
"""The rules of a contest as a field of a pydantic model."""
