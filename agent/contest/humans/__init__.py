"""Standings of contests that people took part in, one file a format."""

from medalist.agent.contest.humans.read import FORMATS, read_humans
from medalist.agent.contest.humans.standings_table import (
    HumanCell,
    HumanRow,
    Humans,
    HumanTable,
    admit,
)

__all__ = ["FORMATS", "HumanCell", "HumanRow", "HumanTable", "Humans", "admit", "read_humans"]
