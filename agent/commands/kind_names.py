"""The names of the kinds of contests as the choices of an option."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from medalist.agent.contest.kinds import KINDS

if TYPE_CHECKING:
    KindName = str
else:  # Typer reads the choices of an option off its type; they are those of the table.
    KindName = Literal[tuple(KINDS)]
