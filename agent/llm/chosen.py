"""What is chosen for a model, and why, in one line."""

from __future__ import annotations

from typing import Any

from medalist.agent.llm.api_requests import sampling
from medalist.agent.llm.profiles import Profile, ProfileRow, own_rows_for, row_for
from medalist.agent.llm.room import Room
from medalist.agent.llm.settings import EndpointSettings

_THINKS = {True: "thinks first", False: "answers at once", None: "its first answer shows whether"}
_NAMES = {"temperature": "temperature", "top_p": "top-p", "top_k": "top-k", "min_p": "min-p"}


def chosen_line(
    settings: EndpointSettings, profile: Profile, room: Room, where: str, *, asked: bool
) -> str:
    """Say how a model is asked: its limit, its context, how answers are drawn, and on whose word.

    Args:
        settings: As the user set them.
        profile: What the model takes, as far as is known.
        room: Its limits, likewise.
        where: The endpoint's address.
        asked: Whether the endpoint was asked for its models.
    """
    parts = [
        _thinking(settings, room),
        f"at most {_limit(room)} tokens an answer" + (" (as set)" if settings.max_tokens else ""),
        _context(settings, room, asked=asked),
        _drawn(settings, profile),
    ]
    if profile.reasoning_effort is not None:
        parts.append(f"reasoning effort {profile.reasoning_effort}")
    if settings.extra_body:
        parts.append(f"in each request: {', '.join(settings.extra_body)}")
    return f"{settings.model} at {where}: {'; '.join(parts)} ({_on_whose_word(settings.model)})"


def _on_whose_word(model: str) -> str:
    """Name the rows that a model's profile was put together from, the one on top first."""
    own = [_own(row) for row in reversed(own_rows_for(model))]
    row = row_for(model)
    if row is not None:
        unread = "" if row.read else ", not read there"
        shipped = f"profile {row.match[0]}, {row.as_of}: {row.source}{unread}"
        return f"{'; '.join(own)}; the rest: {shipped}" if own else shipped
    return "; ".join(own) or "no profile matches this name"


def _own(row: ProfileRow) -> str:
    said = row.source or f"{row.match[0]} in your profiles.toml"
    return said if row.as_of is None else f"{said} on {row.as_of}"


def _thinking(settings: EndpointSettings, room: Room) -> str:
    said = _THINKS[room.thinks]
    if room.thinks is None:
        return f"{said} it thinks first"
    return said + (" (as set)" if "thinking" in settings.profile else "")


def _limit(room: Room) -> int:
    usual = room.usual if room.most is None else min(room.usual, room.most)
    return usual if room.context is None else min(usual, room.context)


def _context(settings: EndpointSettings, room: Room, *, asked: bool) -> str:
    if room.context is None:
        return "in a context that the endpoint does not tell" if asked else "context not known yet"
    told = "as set" if settings.context else "as the endpoint says"
    return f"in a context of {room.context} ({told})"


def _drawn(settings: EndpointSettings, profile: Profile) -> str:
    values: dict[str, Any] = sampling(profile, None, None)
    said = [
        f"{_NAMES[name]} {value:g}" + (" (as set)" if getattr(settings, name) is not None else "")
        for name, value in values.items()
    ]
    return ", ".join(said) if said else "drawn as the endpoint does"
