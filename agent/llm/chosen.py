"""What is chosen for a model, and why, in one line."""

from __future__ import annotations

from typing import Any

from medalist.agent.llm.api_payloads import sampling
from medalist.agent.llm.profiles import Profile, row_for
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
    row = row_for(settings.model)
    known = "nothing is known of this name"
    if row is not None:
        known = f"profile {row.match[0]}, {row.as_of}: {row.source}"
    return f"{settings.model} at {where}: {'; '.join(parts)} ({known})"


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
