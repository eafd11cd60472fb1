"""Kinds of events: each is declared once, beside the type of what it holds.

::

    SUBMISSION = EventKind("submission", SubmissionRecord, key="<problem>/<number>", doc="...")

    journal.append(SUBMISSION, key, record)
    journal.get(SUBMISSION, key)  # a SubmissionRecord, or None

The type is a dataclass or a pydantic model (its fields are those of the JSON object in the
journal), or a mapping. Fields that a later version wrote are ignored; those that an earlier one
lacked have defaults. `docs/journal.md` is made from these declarations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeAlias, TypeVar

from medalist.agent.journal.records import Event
from medalist.errors import JournalFailure

if TYPE_CHECKING:
    from pydantic import JsonValue, TypeAdapter

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

KINDS: dict[tuple[str, str | None], EventKind[Any]] = {}
"""The kinds that were declared so far, by name and the only key they have, if they have one."""


PlainCodec: TypeAlias = tuple[Callable[[Mapping[str, Any]], T], Callable[[T], dict[str, Any]]]


class Entry(NamedTuple, Generic[T_co]):
    """An event of a declared kind: its number in the journal, Unix time, key, and what it holds."""

    seq: int
    at: float
    key: str
    value: T_co


@dataclass(eq=False)
class EventKind(Generic[T]):
    """A kind of events.

    Attributes:
        name: As it is in journals.
        model: The type of what an event holds.
        key: What its key is, in words.
        doc: What has happened, in a sentence.
        only: The one key that such events have; other keys may mean another type.
        plain: Reads and writes bodies where checking each would cost too much: a function that
            makes a value of a body, and one that makes a body of a value.
    """

    name: str
    model: type[T]
    _: KW_ONLY
    key: str
    doc: str
    only: str | None = None
    plain: PlainCodec[T] | None = None

    def __post_init__(self) -> None:
        """Enter it into the table."""
        assert (self.name, self.only) not in KINDS, f"{self.name} is declared twice"
        KINDS[self.name, self.only] = self

    @cached_property
    def _adapter(self) -> TypeAdapter[T]:
        # Made when it is first needed: a start should not wait for thirty of them.
        from pydantic import TypeAdapter

        return TypeAdapter(self.model)

    @cached_property
    def _extra(self) -> Literal["ignore"] | None:
        """What becomes of unknown fields: they are ignored, but where a type itself keeps them."""
        config: Mapping[str, Any] = getattr(self.model, "model_config", {})
        return None if config.get("extra") == "allow" else "ignore"

    def body(self, value: T) -> dict[str, JsonValue]:
        """Return a value as the JSON object that a journal holds."""
        if self.plain is not None:
            return self.plain[1](value)
        return self._adapter.dump_python(value, mode="json")  # type: ignore[no-any-return]

    def entry(self, event: Event) -> Entry[T]:
        """Return an event of this kind with its body as a value.

        Raises:
            JournalFailure: The body is not what this kind holds.
        """
        return Entry(event.seq, event.at, event.key, self._value(event))

    def _value(self, event: Event) -> T:
        try:
            if self.plain is not None:
                return self.plain[0](event.body)
            return self._adapter.validate_python(event.body, extra=self._extra)
        except (KeyError, TypeError, ValueError) as error:
            raise JournalFailure(
                f"event {event.seq} of the journal is not a valid {self.name} event "
                f"({event.key!r}): {_why(error)}"
            ) from error

    def __repr__(self) -> str:
        return f"EventKind({self.name!r})"


def _why(error: Exception) -> str:
    from pydantic import ValidationError

    if not isinstance(error, ValidationError):
        return f"{type(error).__name__}: {error}"
    first = error.errors(include_url=False)[0]
    field = ".".join(map(str, first["loc"]))
    return f"{field}: {first['msg']}" if field else first["msg"]
