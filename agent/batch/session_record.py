"""What a session of a batch did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from medalist.agent.journal import EventKind
from medalist.agent.steps.stage_account import StageAccount


@dataclass(frozen=True, kw_only=True)
class SessionRecord:
    """What a session of a batch did; `summary.json` holds that of the last one.

    Attributes:
        problems: How many problems the batch has.
        processed: How many of them are processed, in earlier sessions too.
        solved: How many of these are solved.
        failed: Problems that failed in this session.
        unfinished: Problems that a cap left unprocessed.
        budget_ended: That cap, in words.
        requests: Requests of the run so far.
        tokens: Tokens of the run so far.
        cost_usd: Dollars of the run so far; null where a price is not known.
        stages: What each stage that asks a model has used so far, of all problems; empty in early
            journals.
        seconds: How long the session took.
    """

    problems: int = 0
    processed: int = 0
    solved: int = 0
    failed: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()
    budget_ended: str | None = None
    requests: int = 0
    tokens: int = 0
    cost_usd: float | None = None
    stages: Mapping[str, StageAccount] = field(default_factory=dict)
    seconds: float = 0.0


SESSION = EventKind(
    "session", SessionRecord, key="always `batch`", doc="A session of a batch ended."
)
