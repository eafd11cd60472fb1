"""What `medalist replay` tells of the rounds with feedback of a run, policy by policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from medalist.agent.choose.policy import Policy
from medalist.agent.journal import Journal
from medalist.agent.run.round_replay import RoundsPlayed, play_rounds


def rounds_result(path: Path, chosen: Sequence[Policy]) -> dict[str, Any]:
    """Return what policies make of the rounds with feedback of a run, if it has any."""
    summary: dict[str, Any] = {}
    with Journal.open(path, readonly=True) as journal:
        for play in chosen:
            played = list(play_rounds(journal, play))
            if played:
                summary[play.name] = {
                    "problems": len(played),
                    "rounds": sum(each.rounds for each in played),
                    "told": sum(each.told for each in played),
                    "gain": sum(each.held for each in played) / len(played),
                    "gain_of_run": sum(each.run_held for each in played) / len(played),
                    "unknown": sum(each.unknown for each in played),
                    "by_round": _by_round(played),
                }
    return summary


def _by_round(played: Sequence[RoundsPlayed]) -> list[dict[str, Any]]:
    """Sum up each round over the problems that had it, knowing what the run knew before it."""
    numbers = sorted({row.number for each in played for row in each.by_round})
    rows = []
    for number in numbers:
        some = [row for each in played for row in each.by_round if row.number == number]
        rows.append(
            {
                "round": number,
                "problems": len(some),
                "submissions": sum(len(item.submissions) for item in some),
                "unknown": sum(item.unknown for item in some),
                "gain": sum(item.held for item in some) / len(some),
                "gain_of_run": sum(item.run_held for item in some) / len(some),
            }
        )
    return rows


def round_lines(rounds: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is shown of the result, line by line."""
    for name, told in rounds.items():
        unknown = told["unknown"]
        yield (
            f"rounds: {name} is known up to {told['told']} of {told['rounds']} and gains "
            f"{told['gain']:.3f} by then (the run {told['gain_of_run']:.3f})"
            + (f"; {unknown} programs were never judged and count as rejected" if unknown else "")
        )
        for row in told["by_round"]:
            least = "at least " if row["unknown"] else ""
            yield (
                f"  round {row['round']} by itself: {row['submissions']} submissions, of "
                f"{row['unknown']} the verdict is not known; {least}{row['gain']:.3f} held after "
                f"it (the run {row['gain_of_run']:.3f})"
            )
