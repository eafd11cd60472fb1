"""What the journal holds of batches at an endpoint (see `batches`)."""

from __future__ import annotations

from dataclasses import dataclass

from medalist.agent.journal import EventKind


@dataclass(frozen=True)
class PlannedRecord:
    """A batch that is about to be made.

    Attributes:
        endpoint: Its address and the model.
        requests: The requests in it.
    """

    endpoint: str
    requests: tuple[str, ...]


@dataclass(frozen=True)
class SubmittedRecord:
    """A batch that was made.

    Attributes:
        batch: Its id at the endpoint.
    """

    batch: str


@dataclass(frozen=True)
class LostRecord:
    """Requests that their batch does not answer.

    Attributes:
        requests: The requests.
    """

    requests: tuple[str, ...]


_KEY = "<random tag, which the batch carries as metadata>"

PLANNED = EventKind("batch.planned", PlannedRecord, key=_KEY, doc="A batch is about to be made.")
SUBMITTED = EventKind("batch.submitted", SubmittedRecord, key=_KEY, doc="A batch was made.")
LOST = EventKind("batch.lost", LostRecord, key="(empty)", doc="A batch left requests unanswered.")
