"""The log that the page reads: every change of the public standings as one line of JSON.

An entry has `t` (virtual seconds), `type` (see `state.Change`) and, by type,

- `p`, `q`: places of the participant and the problem in the contest's lists;
- `id`, `language`, `reason`: of a submission;
- `judged`: id, verdict and score of the submissions whose verdict became known;
- `cell`: the new state of that cell (`state`, `tries`, `pending`, `score`, `time`, `first`);
- `totals`, `key`: the row's totals, and what it is ranked by (the smaller the better);
- `phase`, with the `medals` of the last one;
- `from`, `answers`, `programs`, `passing`, `clusters` of work; `points` of a bonus.

The entries are a function of the journal's events, so an entry has the same place in the log
after a restart of the server, and a viewer continues from the last place that it has seen.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from medalist.agent.contest.events import Bonus, Worked, canonical
from medalist.agent.contest.kinds import Rules
from medalist.agent.contest.scoreboard import BoardCell, BoardRow, Participant
from medalist.agent.contest.standings import row_of
from medalist.agent.web.medals import medals
from medalist.agent.web.state import Change, PublicState, SubmissionState


@dataclass(eq=False)
class BoardLog:
    """The log of one view of a contest: the public one, or that of the resolver's presenter.

    `entries[i]` is JSON, `times[i]` its virtual time; both only grow.
    """

    state: PublicState
    entries: list[bytes] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def add(self, change: Change) -> None:
        """Append a change; `state` is as it is right after it."""
        entry = json.dumps(_entry(self.state, change), separators=(",", ":"))
        self.entries.append(entry.encode())
        self.times.append(change.at_s)

    @property
    def tag(self) -> str:
        """Names this log: places in it mean nothing in another one."""
        text = canonical([self.state.contest]) + str(self.state.hold_freeze).encode()
        return hashlib.sha256(text).hexdigest()[:12]

    def contest(self) -> dict[str, Any]:
        """Return what the page has to know beside the entries."""
        opened = self.state.contest
        rules = opened.rules
        return {
            "name": opened.name,
            "kind": rules.kind,
            "duration": opened.duration_s,
            "freeze": opened.freeze_s,
            "scored": rules.is_scored,
            "times": rules.times,
            "totals": [{"name": column.name, "as": column.shown_as} for column in rules.columns],
            "start": _standing(rules, row_of(rules, "", [], 0.0)),
            "problems": [
                {
                    "id": problem.problem_id,
                    "label": problem.label,
                    "name": problem.title or problem.problem_id,
                    "points": problem.points,
                }
                for problem in self.state.problems
            ],
            "participants": [
                {
                    "id": participant.participant_id,
                    "name": participant.name,
                    "kind": participant.kind,
                    "about": _about(participant),
                }
                for participant in self.state.participants
            ],
        }


def _standing(rules: Rules, row: BoardRow) -> dict[str, Any]:
    totals = [row.total, row.penalty]
    return {"totals": totals[: len(rules.columns)], "key": rules.order(row)}


def _about(participant: Participant) -> list[tuple[str, str]]:
    known = [
        ("Kind", participant.kind),
        ("Model", participant.model),
        ("Settings" if participant.kind == "medalist" else "From", participant.settings),
        ("Organization", participant.organization),
        ("Country", participant.country),
        ("Rating", None if participant.rating is None else f"{participant.rating:g}"),
    ]
    return [(name, value) for name, value in known if value]


def _cell(cell: BoardCell) -> dict[str, Any]:
    if cell.solved:
        state = "solved"
    elif cell.pending:
        state = "pending"
    else:
        state = "partial" if cell.points else "tried"
    return {
        "state": state,
        "tries": cell.tries,
        "rejected": cell.rejected,
        "pending": cell.pending,
        "score": cell.points,
        "time": cell.time_s,
        "first": cell.first,
    }


def _judged(made: SubmissionState) -> dict[str, Any]:
    shown = made.shown
    return {
        "id": made.event.submission_id,
        "verdict": None if shown is None else shown.verdict,
        "score": None if shown is None else shown.score,
    }


def _entry(state: PublicState, change: Change) -> dict[str, Any]:
    entry: dict[str, Any] = {"t": change.at_s, "type": change.type}
    if change.phase is not None:
        entry["phase"] = change.phase
        return entry | ({"medals": medals(state)} if change.phase == "final" else {})
    entry["p"] = change.p
    if isinstance(change.event, Bonus):
        entry |= {"points": change.event.points, "reason": change.event.reason}
    elif isinstance(change.event, Worked):
        work = change.event
        return {
            **entry,
            "q": change.q,
            "from": work.from_s,
            "answers": work.answers,
            "programs": work.programs,
            "passing": work.passing,
            "clusters": work.clusters,
        }
    elif change.type != "settled":
        row = state.rows[change.p]
        entry |= {"q": change.q, "cell": _cell(row.cells[change.q])}
        if change.type == "submission":
            made = change.made[0].event
            entry |= {
                "id": made.submission_id,
                "language": made.language or "",
                "reason": made.reason,
            }
            return entry
        entry["judged"] = [_judged(made) for made in change.made]
    if change.type != "settled":
        entry |= _standing(state.contest.rules, state.rows[change.p])
    return entry
