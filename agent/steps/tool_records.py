"""What the journal holds of tools: their calls, and that an endpoint takes no functions."""

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
        failed: Whether a program failed a sample.
    """

    tool: str
    arguments: str
    result: str
    seconds: float = 0.0
    language: str | None = None
    source: str | None = None
    failed: bool = False


TOOL_CALLED = EventKind(
    "tool.called",
    ToolCallRecord,
    key="<request>/<number>",
    doc="A call in the answer to that request was carried out; `samples` in place of the number: "
    "its program was run on the samples unasked.",
)


@dataclass(frozen=True)
class ToolsRefusedRecord:
    """Why calls of tools are text although functions were wanted.

    Attributes:
        message: What the endpoint said.
    """

    message: str


TOOLS_REFUSED = EventKind(
    "tools.refused",
    ToolsRefusedRecord,
    key="<model>",
    doc="The model takes no functions: from here on its calls of tools are text.",
)
