"""What `model check` finds out about an endpoint: the lines of its table, and a profile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from medalist.agent.llm.attempt import AttemptAnswer, AttemptFailed
from medalist.agent.llm.profiles import Profile
from medalist.agent.llm.refusals import STATUSES

_NOT_THERE = STATUSES | {404, 405, 501}
"""With these a server says that it has no such thing; other failures say nothing of it."""


@dataclass(frozen=True)
class EndpointFinding:
    """A row of the table: the feature, whether it is supported (None: not seen), and details."""

    about: str
    good: bool | None
    detail: str


@dataclass
class EndpointFindings:
    """What came out: the table, what of the profile was seen, and the tokens used."""

    rows: list[EndpointFinding] = field(default_factory=list)
    seen: dict[str, Any] = field(default_factory=dict)
    profile: Profile = field(default_factory=Profile)
    tokens: int = 0

    def add(self, about: str, good: bool | None, detail: str, **seen: Any) -> None:
        """Add a line, and the fields of the profile that follow from it."""
        self.rows.append(EndpointFinding(about, good, detail))
        self.seen |= seen

    def add_failure(self, about: str, error: AttemptFailed, **without: Any) -> None:
        """Add a line for a question that failed: only a refusal says that it is not there."""
        if error.status in _NOT_THERE or error.refusal is not None:
            self.add(about, False, f"refused: {error.message}", **without)
        else:
            self.add(about, None, f"not seen: {error.message}")

    def count(self, answer: AttemptAnswer) -> None:
        """Count the tokens that an answer took."""
        usage = answer.usage
        self.tokens += (usage.prompt_tokens or 0) + (usage.completion_tokens or 0)
