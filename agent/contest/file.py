"""The contest file: problems, rules, participants, and recorded people.

YAML, no unknown keys; paths are relative to the file, or ids of bundled problems::

    name: A small round
    rules: icpc                     # or a mapping: {kind: codeforces, educational: true}
    duration: 5:00:00               # H:MM:SS, or a number of seconds
    freeze: 1:00:00                 # before the end
    judges: 2                       # submissions judged at a time
    problems:
      - warmer
      - {path: ../packages/fence, label: B, points: 500, pretests: 5}
    participants:
      - {id: small, model: embedded, candidates: 16, policy: medalist}
    humans:
      - standings.json

`docs/contests.md` says what each key means.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Self, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from medalist.agent.contest.kinds import Rules
from medalist.agent.contest.scoreboard import Medals
from medalist.agent.run import words
from medalist.agent.run.options import RunOptions
from medalist.errors import BadInput
from medalist.problems.formats.fields import parse_yaml

_UNITS = {"": 1, "s": 1, "m": 60, "min": 60, "h": 3600}
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2}(?:\.\d+)?)")
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|min|h)?")


def seconds(value: object) -> float:
    """Read a length of time: a number of seconds, `H:MM:SS[.mmm]`, `M:SS`, `90 min`, `5 h`.

    Raises:
        ValueError: It is not one.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    text = str(value).strip()
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, rest = clock.groups()
        return int(hours or 0) * 3600 + int(minutes) * 60 + float(rest)
    if amount := _AMOUNT.fullmatch(text):
        return float(amount[1]) * _UNITS[amount[2] or ""]
    raise ValueError(f"{text!r} is not a duration; write H:MM:SS")


def _entry(value: object) -> object:
    """Read a problem: its path alone will do."""
    return {"path": value} if isinstance(value, str) else value


Seconds: TypeAlias = Annotated[float, BeforeValidator(seconds)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ProblemEntry(_Part):
    """A problem of the contest.

    Attributes:
        path: A package, or a bundled problem's id; None for a problem that only is in the
            standings of people: nobody can play it here.
        label: `A`, `B`, ... by default.
        title: For a problem without a path.
        points: The kind of contest has defaults (`ContestKind.default_points`).
        pretests: Codeforces: that many first tests are the pretests; all by default.
        color: For the scoreboard: a name or `#rrggbb`.
    """

    path: str | None = Field(default=None, min_length=1)
    label: str | None = Field(default=None, pattern=r"^[A-Za-z0-9._-]{1,16}$")
    title: str = ""
    points: float | None = Field(default=None, gt=0)
    pretests: int | None = Field(default=None, ge=1)
    color: str | None = None


class ParticipantEntry(RunOptions):
    """A medalist participant: all options of a run (see `RunOptions`), and these.

    Attributes:
        id: Short name, unique; also names its folder in the run.
        name: As shown.
        candidates: Answers a problem; more, up to `most`, where the policy expects that they pay.
            16, unless there is an `effort` to say.
        width: Answers asked for at a time; between rounds it decides where to continue. Likewise 4.
        search: How the answers of a problem build on each other. Likewise `once`: they do not.
        policy: A policy's name, or a Python file.
        submissions: Maximum submissions per problem, if fewer than the rules allow.
        seed: Instead of the contest's.
        parallel: How many requests the endpoint serves at a time, for the virtual clock.
        mcp: An external agent plays over the Model Context Protocol, in real time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    name: str | None = None
    organization: str | None = None
    policy: str | None = "medalist"
    submissions: int | None = Field(default=None, ge=1)
    parallel: int = Field(default=1, ge=1)
    mcp: bool = False

    @model_validator(mode="before")
    @classmethod
    def _languages(cls, value: object) -> object:
        """Understand `languages`, as `lang` was called here."""
        if isinstance(value, dict) and "languages" in value and "lang" not in value:
            return {("lang" if key == "languages" else key): each for key, each in value.items()}
        return value

    def filled(self) -> ParticipantEntry:
        """Return the entry with what is usual in contests, where no effort is named."""
        if self.effort is not None:
            return self
        usual = {"candidates": 16, "width": 4, "search": "once"}
        return self.model_copy(
            update={name: value for name, value in usual.items() if getattr(self, name) is None}
        )

    @model_validator(mode="after")
    def _has_no_model(self) -> Self:
        if self.mcp and self.model is not None:
            raise ValueError("a participant with mcp brings its own model")
        return self

    @field_validator("privileged_equality")
    @classmethod
    def _no_privilege(cls, value: bool) -> bool:
        if value:
            raise ValueError("a contestant does not have the package's checker")
        return value

    @field_validator("tool_submissions")
    @classmethod
    def _on_the_clock(cls, value: int | None) -> int | None:
        if value:
            raise ValueError("a participant submits on the contest's clock, not with a tool")
        return value

    @field_validator("prompts", "lang", "search", "price")
    @classmethod
    def _known(cls, value: str | None, info: ValidationInfo) -> str | None:
        readers: dict[str | None, Callable[[str | None], object]] = {
            "prompts": words.prompts,
            "lang": words.languages,
            "price": words.price,
            "search": lambda search: words.searching(search, None),
        }
        try:
            readers[info.field_name](value)
        except BadInput as error:
            raise ValueError(str(error).removeprefix(f"{error.field}: ")) from None
        return value


class ContestFile(_Part):
    """A contest as its file says; see the module."""

    name: str = Field(min_length=1)
    id: str = Field(default="contest", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    rules: Rules
    duration: Seconds = Field(gt=0)
    freeze: Seconds | None = Field(default=None, ge=0)
    start: str = "2000-01-01T00:00:00+00:00"
    seed: int = 0
    judges: int = Field(default=1, ge=1)
    problems: tuple[Annotated[ProblemEntry, BeforeValidator(_entry)], ...] = Field(min_length=1)
    participants: tuple[ParticipantEntry, ...] = ()
    humans: tuple[str, ...] = ()
    medals: Medals | None = None

    @field_validator("participants")
    @classmethod
    def _distinct(cls, entries: tuple[ParticipantEntry, ...]) -> tuple[ParticipantEntry, ...]:
        names = [entry.id for entry in entries]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"duplicate id {twice!r}")
        return entries


def read_contest_file(path: Path) -> ContestFile:
    """Read a contest file.

    Raises:
        BadInput: It cannot be read, or a field is wrong: names file, field and fault.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", file=path) from error
    value = parse_yaml(content, str(path))
    if not isinstance(value, dict):
        raise BadInput("not a mapping", file=path, hint="see docs/contests.md")
    return checked(value, path)


def checked(value: dict[str, Any], path: Path) -> ContestFile:
    """Check the fields of a contest file; faults name `path`."""
    try:
        contest_file = ContestFile.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(
            first["msg"].removeprefix("Value error, "), file=path, field=where
        ) from error
    if contest_file.freeze is not None and contest_file.freeze > contest_file.duration:
        raise BadInput("longer than the contest", file=path, field="freeze")
    return contest_file
