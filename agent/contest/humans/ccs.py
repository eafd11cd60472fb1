"""Standings of the ICPC's Contest API: an event feed, or the scoreboard's JSON.

- An event feed is NDJSON, in the shape of 2020-03 (`op`) or of 2022-07 and later (`data` null
  removes): https://ccs-specs.icpc.io. It has every submission with its time.
- A scoreboard is the answer of `/contests/<id>/scoreboard`; beside it, if they are there,
  `teams.json` and `problems.json` give names. It only counts.

Teams that are hidden, or in hidden groups only, are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from medalist.agent.contest.events import ContestEvent, Judged, SubmissionMade
from medalist.agent.contest.humans.standings_table import (
    HumanCell,
    HumanRow,
    HumanTable,
    human,
)
from medalist.agent.contest.scoreboard import ContestProblem, Participant
from medalist.errors import BadInput
from medalist.problems.verdict import Verdict

_RELATIVE = re.compile(r"(-)?(\d+):(\d{2}):(\d{2}(?:\.\d+)?)")
_SHORT = {"RE": "RTE", "TL": "TLE", "ML": "MLE", "OL": "OLE"}
_REJECTED = frozenset(str(verdict) for verdict in Verdict) - {"AC", "PAC", "CE", "JE"}
_Objects = dict[str, dict[str, dict[str, Any]]]


def relative(text: str) -> float:
    """Read a relative time, `[-]H:MM:SS[.mmm]`, as seconds.

    Raises:
        ValueError: It is not one.
    """
    match = _RELATIVE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a relative time")
    value = int(match[2]) * 3600 + int(match[3]) * 60 + float(match[4])
    return -value if match[1] else value


def read_feed(path: Path, text: str) -> HumanTable:
    """Read an event feed.

    Raises:
        BadInput: A line is not an event, or what is needed is missing.
    """
    objects = _objects(path, text)
    contest = next(iter(objects.get("contests", {}).values()), None)
    if contest is None or not objects.get("problems"):
        raise BadInput("holds no contest, or no problems", file=path)
    try:
        duration_s = relative(contest["duration"])
        freeze = contest.get("scoreboard_freeze_duration")
        problems = _problems(list(objects["problems"].values()))
        rows = _teams(path, objects)
        return HumanTable(
            source=path.name,
            problems=problems,
            rows=rows,
            events=_events(objects, {row.participant.participant_id for row in rows}, duration_s),
            duration_s=duration_s,
            freeze_s=None if freeze is None else duration_s - relative(freeze),
            name=str(contest.get("formal_name") or contest.get("name") or ""),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"does not follow the Contest API: {error!r}", file=path) from error


def read_scoreboard(path: Path, value: Mapping[str, Any]) -> HumanTable:
    """Read a scoreboard.

    Raises:
        BadInput: It is not one.
    """
    names = {str(row["id"]): row for row in _beside(path, "teams.json")}
    about = _beside(path, "problems.json")
    try:
        rows = [_board_row(path, row, names, about) for row in value["rows"]]
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"does not follow the Contest API: {error!r}", file=path) from error
    labels = list(dict.fromkeys(label for row in rows for label in row.cells))
    problems = (
        _problems(about)
        if about
        else tuple(ContestProblem(problem_id=label, label=label) for label in labels)
    )
    return HumanTable(path.name, problems, tuple(rows))


def _objects(path: Path, text: str) -> _Objects:
    """Return the newest state of every object by type and id."""
    objects: _Objects = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            event = json.loads(line)
            kind, data = event["type"], event["data"]
            # Singular from 2022-07 on, where there is only one.
            kind = "contests" if kind == "contest" else kind
            for item in data if isinstance(data, list) else [data]:
                known = objects.setdefault(kind, {})
                name = str(event.get("id") if item is None else item.get("id", ""))
                if item is None or event.get("op") == "delete":
                    known.pop(name, None)
                else:
                    known[name] = item
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadInput("not an event", file=path, field=f"line {number}") from error
    return objects


def _problems(problems: list[dict[str, Any]]) -> tuple[ContestProblem, ...]:
    ordered = sorted(problems, key=lambda one: one.get("ordinal", 0))
    return tuple(
        ContestProblem(
            problem_id=str(row["id"]),
            label=str(row["label"]),
            title=str(row.get("name", "")),
            color=row.get("rgb"),
        )
        for row in ordered
    )


def _teams(path: Path, objects: _Objects) -> tuple[HumanRow, ...]:
    hidden = {name for name, one in objects.get("groups", {}).items() if one.get("hidden")}
    rows = []
    for name, one in objects.get("teams", {}).items():
        groups = {str(group) for group in one.get("group_ids") or ()}
        if one.get("hidden") or (groups and groups <= hidden):
            continue
        school = objects.get("organizations", {}).get(str(one.get("organization_id")), {})
        rows.append(
            HumanRow(
                human(
                    Participant(
                        participant_id=f"team-{name}",
                        name=str(one.get("display_name") or one.get("name") or name),
                        organization=school.get("formal_name") or school.get("name"),
                        country=school.get("country"),
                    ),
                    path.name,
                )
            )
        )
    return tuple(rows)


def _events(objects: _Objects, teams: set[str], duration_s: float) -> tuple[ContestEvent, ...]:
    events: list[ContestEvent] = []
    taken: set[str] = set()
    for name, one in objects.get("submissions", {}).items():
        at_s = relative(one["contest_time"])
        if f"team-{one['team_id']}" in teams and 0 <= at_s < duration_s:
            taken.add(name)
            events.append(
                SubmissionMade(
                    at_s=at_s,
                    submission_id=f"c{name}",
                    participant_id=f"team-{one['team_id']}",
                    problem_id=str(one["problem_id"]),
                    language=one.get("language_id"),
                )
            )
    kinds = objects.get("judgement-types", {})
    for object_ in objects.get("judgements", {}).values():
        kind = object_.get("judgement_type_id")
        if (
            kind is None
            or str(object_["submission_id"]) not in taken
            or object_.get("valid") is False
        ):
            continue
        events.append(
            Judged(
                at_s=max(0.0, relative(object_["end_contest_time"])),
                submission_id=f"c{object_['submission_id']}",
                verdict=_verdict(kind, kinds.get(kind, {})),
                score=object_.get("score"),
            )
        )
    return tuple(sorted(events, key=lambda event: event.at_s))


def _verdict(kind: str, about: Mapping[str, Any]) -> str:
    if about.get("solved"):
        return "AC"
    if about.get("penalty") is False:
        return "CE" if kind == "CE" else "JE"
    short = _SHORT.get(kind, kind)
    return short if short in _REJECTED else "WA"


def _board_row(
    path: Path,
    row: Mapping[str, Any],
    names: Mapping[str, dict[str, Any]],
    about: list[dict[str, Any]],
) -> HumanRow:
    labels = {str(row["id"]): str(row["label"]) for row in about}
    cells = {}
    for record in row["problems"]:
        label = record.get("label") or labels.get(
            str(record.get("problem_id")), str(record["problem_id"])
        )
        time = record.get("time")
        time_s = relative(time) if isinstance(time, str) else None if time is None else time * 60
        solved = bool(record.get("solved"))
        rejected = int(record["num_judged"]) - solved
        cells[label] = HumanCell(rejected, time_s, solved, record.get("score"))
    team = str(row["team_id"])
    known = names.get(team, {})
    score = row.get("score", {})
    return HumanRow(
        human(
            Participant(
                participant_id=f"team-{team}",
                name=str(known.get("display_name") or known.get("name") or f"team {team}"),
                place=row.get("rank"),
            ),
            path.name,
        ),
        cells,
        total=score.get("score", score.get("num_solved")),
    )


def _beside(path: Path, name: str) -> list[dict[str, Any]]:
    file = path.with_name(name)
    if not file.is_file():
        return []
    try:
        value = json.loads(file.read_bytes())
    except ValueError as error:
        raise BadInput("not JSON", file=file) from error
    if not isinstance(value, list):
        raise BadInput("not a list", file=file)
    return value
