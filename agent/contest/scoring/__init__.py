"""How each kind of contest turns submissions into a scoreboard, one file a kind."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from medalist.agent.contest.scoring.atcoder import AtCoder
from medalist.agent.contest.scoring.base import Scoring
from medalist.agent.contest.scoring.codeforces import Codeforces
from medalist.agent.contest.scoring.icpc import Icpc
from medalist.agent.contest.scoring.ioi import Ioi

__all__ = ["KINDS", "AtCoder", "Codeforces", "Icpc", "Ioi", "Rules", "Scoring"]

Rules: TypeAlias = Annotated[Ioi | Icpc | Codeforces | AtCoder, Field(discriminator="kind")]
"""The scoring rules of a contest, told apart by their `kind`."""

KINDS: dict[str, type[Ioi] | type[Icpc] | type[Codeforces] | type[AtCoder]] = {
    "ioi": Ioi,
    "icpc": Icpc,
    "codeforces": Codeforces,
    "atcoder": AtCoder,
}
