"""The verdicts of a submission."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """A judge's answer. JE says that the judge failed, and is never a word on the program."""

    AC = "AC"
    PAC = "PAC"
    """Partial: some points, not all."""
    WA = "WA"
    PE = "PE"
    """Presentation error, only where a checker says so."""
    TLE = "TLE"
    ILE = "ILE"
    """Idleness limit: stopped by wall time while using no CPU."""
    MLE = "MLE"
    OLE = "OLE"
    RTE = "RTE"
    CE = "CE"
    JE = "JE"
