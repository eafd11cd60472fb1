"""The verdicts of a submission, and which wins where several are true.

*Of one run* the first of JE > CE > MLE > TLE > ILE > OLE > RTE > checker wins: a program killed
for memory also dies by a signal, and one that floods its output often runs out of time as well
(the sandbox's `Status` has the same order). In an interactive run a wrong answer that the
interactor gave *before* the program ended wins over what the program did afterwards.

*Of a group of tests* the first error in judging order wins where the group says `first_error`;
`worst_error` takes the first of `SEVERITY`, the order of Kattis's default grader.
"""

from __future__ import annotations

from collections.abc import Iterable
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

    @property
    def accepted(self) -> bool:
        """Whether it earns anything: accepted, wholly or in part."""
        return self in (Verdict.AC, Verdict.PAC)


SEVERITY = (
    Verdict.JE,
    Verdict.CE,
    Verdict.RTE,
    Verdict.MLE,
    Verdict.TLE,
    Verdict.ILE,
    Verdict.OLE,
    Verdict.WA,
    Verdict.PE,
    Verdict.PAC,
    Verdict.AC,
)
"""Worst first."""


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst verdict, AC if there is none."""
    return min(verdicts, key=SEVERITY.index, default=Verdict.AC)
