"""The objects of the Contest API 2023-06, each made from what the public may know.

Times in the API are absolute (the contest's start plus virtual seconds) or relative
(`h:mm:ss.uuu`), always with milliseconds. Ids have at most 36 characters of `[A-Za-z0-9_.-]`: what
is no such id gets one made from its hash.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from medalist import __version__
from medalist.agent.contest.events import ContestOpened, Judged, SubmissionMade
from medalist.agent.contest.scoreboard import BoardCell, ContestProblem, Participant
from medalist.agent.web.medals import medals
from medalist.agent.web.state import PublicState, ranks
from medalist.errors import JournalFailure
from medalist.sandbox.languages import FAMILIES, default_row

Object: TypeAlias = dict[str, Any]

VERSION = "2023-06"
ARCHIVE = "files.zip"
"""The file name of a submission's sources."""

_ID = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,34}[A-Za-z0-9_-])?")
_RGB = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
_COUNTRY = re.compile(r"[A-Z]{3}")

JUDGEMENT_TYPES = {
    "AC": "Accepted",
    "WA": "Wrong Answer",
    "PE": "Presentation Error",
    "TLE": "Time Limit Exceeded",
    "ILE": "Idleness Limit Exceeded",
    "MLE": "Memory Limit Exceeded",
    "OLE": "Output Limit Exceeded",
    "RTE": "Run-Time Error",
    "CE": "Compile Error",
    "JE": "Judging Error",
    "RE": "Rejected",
}
"""The verdicts of medalist that the specification knows, and RE for those of other judges."""


def identifier(text: str) -> str:
    """Return a valid id: the text itself where it is one."""
    if _ID.fullmatch(text):
        return text
    return "x-" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def reltime(seconds: float) -> str:
    """Return a RELTIME.

    >>> reltime(3723.5)
    '1:02:03.500'
    """
    millis = round(seconds * 1000)
    hours, millis = divmod(millis, 3_600_000)
    minutes, millis = divmod(millis, 60_000)
    return f"{hours}:{minutes:02d}:{millis // 1000:02d}.{millis % 1000:03d}"


def abstime(opened: ContestOpened, seconds: float) -> str:
    """Return the TIME of a virtual second.

    Raises:
        JournalFailure: The contest's start is not a date.
    """
    try:
        start = datetime.fromisoformat(opened.start)
    except ValueError:
        raise JournalFailure(f"the contest's start is no date: {opened.start!r}") from None
    if start.tzinfo is None:
        start = start.replace(tzinfo=UTC)
    # Rounded as `reltime` rounds, so that both name the same moment.
    moment = start + timedelta(milliseconds=round(seconds * 1000))
    return moment.isoformat(timespec="milliseconds")


def api_information() -> Object:
    """What is served, and by which program."""
    return {
        "version": VERSION,
        "version_url": f"https://ccs-specs.icpc.io/{VERSION}/contest_api",
        "provider": {"name": "medalist", "version": __version__},
    }


def contest(opened: ContestOpened) -> Object:
    """The contest."""
    made: Object = {
        "id": identifier(opened.contest_id),
        "name": opened.name,
        "formal_name": opened.name,
        "start_time": abstime(opened, 0),
        "countdown_pause_time": None,
        "duration": reltime(opened.duration_s),
        "scoreboard_type": "score" if opened.rules.is_scored else "pass-fail",
    }
    if opened.freeze_s is not None:
        hidden = max(0.0, opened.duration_s - opened.freeze_s)
        made["scoreboard_freeze_duration"] = reltime(hidden)
    if not opened.rules.is_scored:
        made["penalty_time"] = round(getattr(opened.rules, "penalty_min", 0))
    return made


def judgement_types(opened: ContestOpened) -> list[Object]:
    """Every verdict that may come."""
    free = ("AC", *getattr(opened.rules, "free", ()))
    made = []
    for verdict, name in JUDGEMENT_TYPES.items():
        one: Object = {"id": verdict, "name": name, "solved": verdict == "AC"}
        if not opened.rules.is_scored:
            one["penalty"] = verdict not in free
        made.append(one)
    return made


def language(name: str | None) -> Object:
    """A language: one of medalist's, or as a standings file names it."""
    family = FAMILIES.get(name or "")
    endings = default_row(family.name).extensions if family else ()
    return {
        "id": family.code if family else identifier(name or "unknown"),
        "name": family.title if family else name or "unknown",
        "entry_point_required": False,
        "extensions": [ending.removeprefix(".") for ending in endings],
    }


def problem(one: ContestProblem, ordinal: int, opened: ContestOpened) -> Object:
    """A problem. How many tests it has is the judge's secret: 0."""
    made: Object = {
        "id": identifier(one.problem_id),
        "label": one.label,
        "name": one.title or one.problem_id,
        "ordinal": ordinal,
        "test_data_count": 0,
    }
    if one.color is not None:
        made["rgb" if _RGB.fullmatch(one.color) else "color"] = one.color
    if opened.rules.is_scored:
        made["max_score"] = one.points
    return made


def group(kind: str) -> Object:
    """Participants of one kind: `medalist` or `human`."""
    return {"id": kind, "name": kind, "type": "contestant"}


def organization(participant: Participant) -> Object | None:
    """Where a participant comes from, if that is known."""
    if participant.organization is None:
        return None
    made: Object = {
        "id": identifier(participant.organization),
        "name": participant.organization,
        "formal_name": participant.organization,
    }
    if participant.country is not None and _COUNTRY.fullmatch(participant.country):
        made["country"] = participant.country
    return made


def team(participant: Participant) -> Object:
    """A participant."""
    team_id = identifier(participant.participant_id)
    made: Object = {
        "id": team_id,
        "label": team_id,
        "name": participant.name,
        "group_ids": [participant.kind],
    }
    if participant.organization is not None:
        made["organization_id"] = identifier(participant.organization)
    return made


def submission(made: SubmissionMade, opened: ContestOpened, *, with_source: bool) -> Object:
    """A submission. Sources are in the contest package only, never in the public API."""
    submission_id = identifier(made.submission_id)
    href = f"contests/{identifier(opened.contest_id)}/submissions/{submission_id}/files"
    archive = {"href": href, "filename": ARCHIVE, "mime": "application/zip"}
    return {
        "id": submission_id,
        "language_id": language(made.language)["id"],
        "problem_id": identifier(made.problem_id),
        "team_id": identifier(made.participant_id),
        "time": abstime(opened, made.at_s),
        "contest_time": reltime(made.at_s),
        "entry_point": None,
        "files": [archive] if with_source else [],
    }


def judgement(
    made: SubmissionMade, judged: Judged, cell: BoardCell, opened: ContestOpened
) -> Object:
    """A verdict; one of the system tests comes as another, later judgement."""
    scored = opened.rules.is_scored
    submission_id = identifier(made.submission_id)
    final = judged.phase == "final"
    known: Object = {
        "id": identifier(f"{made.submission_id}-final") if final else submission_id,
        "submission_id": submission_id,
        "judgement_type_id": _judgement_type(judged.verdict, scored),
        "start_time": abstime(opened, made.at_s),
        "start_contest_time": reltime(made.at_s),
        "end_time": abstime(opened, judged.at_s),
        "end_contest_time": reltime(judged.at_s),
    }
    if scored:
        gained = cell.points if judged.verdict == "AC" else 0.0
        known["score"] = max(0.0, gained if judged.score is None else judged.score)
    return known


def _judgement_type(verdict: str, scored: bool) -> str:
    if verdict == "PAC":
        # The specification has no word for it: in scoring contests AC comes with a score.
        return "AC" if scored else "WA"
    return verdict if verdict in JUDGEMENT_TYPES else "RE"


def contest_state(state: PublicState, *, last: bool = False) -> Object:
    """When the contest entered each of its phases; `last` closes the feed."""
    opened = state.contest

    def when(phase: Any) -> str | None:
        at_s = state.phases.get(phase)
        return None if at_s is None else abstime(opened, at_s)

    made: Object = {"started": when("running")}
    if opened.freeze_s is not None:
        made["frozen"] = when("frozen")
    made["ended"] = when("ended")
    if opened.freeze_s is not None:
        made["thawed"] = when("open") if made["frozen"] else None
    made["finalized"] = when("final")
    made["end_of_updates"] = when("final") if last else None
    return made


def awards(state: PublicState) -> list[Object]:
    """Who won, who got a medal, and who solved each problem first."""
    ranked = zip(ranks(state.keys), state.rows, state.participants, strict=True)
    winners = [
        identifier(one.participant_id) for rank, row, one in ranked if rank == 1 and row.total > 0
    ]
    made = [{"id": "winner", "citation": "Contest winner", "team_ids": winners}]
    for kind, places in medals(state).items():
        if places:
            teams = [identifier(state.participants[p].participant_id) for p in places]
            citation = f"{kind.capitalize()} medal winner"
            made.append({"id": f"{kind}-medal", "citation": citation, "team_ids": teams})
    for q, one in enumerate(state.problems):
        first = [
            identifier(participant.participant_id)
            for row, participant in zip(state.rows, state.participants, strict=True)
            if row.cells[q].first
        ]
        if first:
            award_id = identifier(f"first-to-solve-{identifier(one.problem_id)}")
            citation = f"First to solve problem {one.label}"
            made.append({"id": award_id, "citation": citation, "team_ids": first})
    return made
