"""The event feed: every object of the API as it appears and changes, one JSON object a line.

The collections of the other endpoints are what the feed has said so far, so that both always
agree. A notification's token is its place in the feed, from 1; as the feed is a function of the
journal's events, tokens stay good over restarts of the server.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from medalist.agent.contest.events import (
    ContestEvent,
    ContestOpened,
    ParticipantJoined,
    ProblemAdded,
    SubmissionMade,
)
from medalist.agent.web.ccs import objects
from medalist.agent.web.ccs.objects import Object
from medalist.agent.web.state import Change, PublicState

COLLECTIONS = (
    "judgement-types",
    "languages",
    "problems",
    "groups",
    "organizations",
    "teams",
    "submissions",
    "judgements",
    "awards",
)
"""The endpoints that are lists, in the order in which they refer to one another."""


@dataclass(eq=False)
class Feed:
    """The feed so far (`lines[i]` has token `i + 1`), and what it amounts to.

    `with_source` says of a submission whether its source goes with it.
    """

    state: PublicState
    with_source: Callable[[SubmissionMade], bool] = lambda _: False
    lines: list[bytes] = field(default_factory=list)
    collections: dict[str, dict[str, Object]] = field(
        default_factory=lambda: {name: {} for name in COLLECTIONS}
    )
    contest: Object = field(default_factory=dict)
    current: Object = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ordinals = count(1)

    def add(self, change: Change) -> None:
        """Tell of a change of the public standings; `state` is as it is right after it."""
        opened = self.state.contest
        if change.phase is not None:
            if change.phase == "final":
                for award in objects.awards(self.state):
                    self._put("awards", award)
                self._set_state()
            self._set_state(last=change.phase == "final")
        elif change.type == "submission":
            made = change.made[0].event
            self._put("languages", objects.language(made.language))
            known = objects.submission(made, opened, with_source=self.with_source(made))
            self._put("submissions", known)
        elif change.type in ("judgement", "reveal"):
            cell = self.state.rows[change.p].cells[change.q]
            for made_one in change.made:
                for judged in (made_one.verdict, made_one.final):
                    if judged is not None:
                        known = objects.judgement(made_one.event, judged, cell, opened)
                        if known["id"] not in self.collections["judgements"]:
                            self._put("judgements", known)

    def configure(self, event: ContestEvent) -> None:
        """Emit what is known before the start: contest, problems, participants."""
        match event:
            case ContestOpened():
                self.contest = objects.contest(event)
                self._notify("contest", None, self.contest)
                for judgement_type in objects.judgement_types(event):
                    self._put("judgement-types", judgement_type)
            case ProblemAdded():
                ordinal = next(self._ordinals)
                self._put("problems", objects.problem(event.problem, ordinal, self.state.contest))
            case ParticipantJoined():
                participant = event.participant
                self._put("groups", objects.group(participant.kind))
                organization = objects.organization(participant)
                if organization is not None:
                    self._put("organizations", organization)
                self._put("teams", objects.team(participant))
            case _:
                pass

    def _set_state(self, *, last: bool = False) -> None:
        self.current = objects.contest_state(self.state, last=last)
        self._notify("state", None, self.current)

    def _put(self, collection: str, made: Object) -> None:
        known = self.collections[collection]
        if known.get(made["id"]) != made:
            known[made["id"]] = made
            self._notify(collection, made["id"], made)

    def _notify(self, kind: str, object_id: str | None, data: Object) -> None:
        token = str(len(self.lines) + 1)
        line = {"type": kind, "id": object_id, "data": data, "token": token}
        self.lines.append(json.dumps(line, separators=(",", ":")).encode() + b"\n")
