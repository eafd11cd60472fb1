"""What the journal holds of calls of tools."""

from __future__ import annotations

from dataclasses import dataclass

from medalist.agent.journal import EventKind


@dataclass(frozen=True)
class ToolCallRecord:
    """A call of a tool that was carried out.

    Attributes:
        tool: Its name, as the model wrote it.
        arguments: The digest of what it was given, JSON text as the model wrote it.
        result: The digest of the result that the model was told.
        seconds: Seconds of running and compiling.
        language: Of the program, where it passed all samples.
        source: The digest of that program; null where none did.
    """

    tool: str
    arguments: str
    result: str
    seconds: float = 0.0
    language: str | None = None
    source: str | None = None


TOOL_CALLED = EventKind(
    "tool.called",
    ToolCallRecord,
    key="<request>/<number>",
    doc="A call in the answer to that request was carried out.",
)
