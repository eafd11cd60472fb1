"""How models differ in what they accept and in what suits them: found by name in a data file.

The file is `profiles.toml` beside this module; a user's own, of the same form, is laid on top, and
on top of that what the config file says of an endpoint.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from medalist.errors import BadInput

FILE = "profiles.toml"
USUAL_TEMPERATURE, USUAL_TOP_P = 0.8, 0.95
"""How answers are drawn where neither the user nor a model's makers say how."""

Temperature = Annotated[float, Field(ge=0, le=5)]
Share = Annotated[float, Field(gt=0, le=1)]


Api = Literal["chat", "responses", "messages"]
"""Chat completions, OpenAI's responses API, Anthropic's Messages API."""


class SamplingAdvice(BaseModel):
    """How a model's makers advise to draw its answers; None where they say nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    temperature: Temperature | None = None
    top_p: Share | None = None
    top_k: Annotated[int, Field(ge=0)] | None = None
    min_p: Annotated[float, Field(ge=0, le=1)] | None = None

    def __str__(self) -> str:
        """Say it for people."""
        given = self.model_dump(exclude_none=True)
        return ", ".join(f"{name.replace('_', '-')} {value:g}" for name, value in given.items())


class Profile(BaseModel):
    """What a model takes. In the config file: `[endpoints.profile]` below an endpoint."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    api: Api = "chat"
    system: bool = True
    """Takes system messages; otherwise they are put before the first user message."""
    sampling: bool = True
    """Takes temperature and top_p."""
    temperature: bool = True
    """Takes a temperature; `top_p`, `top_k` and `min_p` likewise."""
    top_p: bool = True
    top_k: bool = True
    min_p: bool = True
    seed: bool = True
    stop: bool = True
    logprobs: bool = True
    """Takes a wish for log-probabilities; whether it fulfils it, its answers show."""
    sees: bool = False
    """Is shown the pictures of statements."""
    structured: bool = False
    """Holds an answer to a JSON schema (`response_format`), so that a letter is a letter."""
    n: Annotated[int, Field(ge=1, le=128)] = 1
    """Most answers that are asked for in one request (chat completions)."""
    most_logprobs: Annotated[int, Field(ge=0)] = 20
    """Most of the likeliest tokens at a place that it names."""
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    """What the token limit is called (chat completions)."""
    reasoning_effort: str | None = None
    reasoning_allowance: Annotated[int, Field(ge=0)] = 0
    """Tokens for (hidden) reasoning on top of those that a request grants its answer."""
    thinking: bool | None = None
    """Thinks before it answers, if not told otherwise; None where its first answers show it."""
    messages_thinking: Literal["no", "adaptive", "budget"] = "no"
    """How the Messages API is told to let it think: as it likes, within so many tokens, or not."""
    thinking_tokens: Annotated[int, Field(gt=0)] = 32_768
    """The limit of an answer that is thought about first."""
    advice: SamplingAdvice = SamplingAdvice()
    prefill: bool = False
    """Continues an answer that is begun in a last assistant message."""
    stream: bool = False
    """Ask for the answer piece by piece: long answers survive proxies that dislike silence."""
    tools: bool | None = None
    """Calls functions in the API's own way (`tools`); None where that is not known."""
    tool_calls: Annotated[int, Field(gt=0)] = 12
    """How many calls of tools an answer may have (`--tool-calls`)."""
    tool_seconds: Annotated[float, Field(gt=0)] = 60.0
    """How many seconds they may run in all (`--tool-seconds`)."""
    tool_repair: Literal["afresh", "conversation"] = "conversation"
    """What it is asked after its program failed a sample in a call (`--tool-repair`)."""
    tool_choice: bool = True
    """Takes `tool_choice`, by which it is told to answer without another call."""
    keep_thinking: bool = True
    """Is given its own thoughts again with the results of its calls, where it says any."""
    stream_usage: bool = True
    """Takes `stream_options`, by which the pieces end with the number of tokens."""


class ProfileRow(Profile):
    """A row of the file: a profile, the names that it is for, and where it was read."""

    match: Annotated[tuple[str, ...], Field(min_length=1)]
    source: str = ""
    as_of: date | None = None
    read: bool = False

    def fits(self, name: str) -> bool:
        """Whether the row is for a model of this (plain) name."""
        return any(fnmatchcase(name, pattern) for pattern in self.match)

    @property
    def fields(self) -> dict[str, Any]:
        """What the row says, without what it leaves open."""
        about = {"match", "source", "as_of", "read"}
        return self.model_dump(exclude_unset=True, exclude=about)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    profile: tuple[ProfileRow, ...] = ()
    sees: tuple[str, ...] = ()
    sees_not: tuple[str, ...] = ()

    def shown(self, name: str) -> bool:
        """Whether a model of this (plain) name is shown pictures."""
        fits = (
            any(fnmatchcase(name, item) for item in names) for names in (self.sees, self.sees_not)
        )
        return [*fits] == [True, False]


_VENDOR = re.compile(
    r"(?:[a-z]{2,6}\.)?(?:anthropic|meta|mistral|amazon|deepseek|openai|qwen|moonshotai|moonshot|"
    r"minimax|google|nvidia|zai-org|zai)[.-](?=[a-z])"
)
_OWN_NAMES = ("nvidia-nemotron", "deepseek-", "qwen-", "mistral-", "minimax-", "moonshot-")
"""Names that begin like a vendor's prefix, which belongs to them."""


def plain_name(model: str) -> str:
    """Return a model's name as rows compare it.

    Without path (also of a Hugging Face cache), vendor's prefix and file ending; in lower case,
    with `-` for `:`, `_` and `@`, and `3.1` for `3p1`, as some hubs write it.
    """
    path = model.lower().replace("\\", "/").rstrip("/")
    cached = re.search(r"models--[^/]*?--([^/]+)", path)
    name = cached[1] if cached else path.rpartition("/")[2]
    name = re.sub(r"[:_@]", "-", name.removesuffix(".gguf"))
    name = re.sub(r"(?<=\d)p(?=\d)", ".", name)
    if not name.startswith(_OWN_NAMES):
        name = _VENDOR.sub("", name, count=1) if _VENDOR.match(name) else name
    # Versions of Llama are written `3_3`, too; of Claude's names nothing depends on it.
    return re.sub(r"^(llama-\d)-(\d)(?=-)", r"\1.\2", name)


def row_for(model: str) -> ProfileRow | None:
    """Return the row of the shipped file that counts for a model, None if none fits."""
    name = plain_name(model)
    fitting = [row for row in shipped_rows() if row.fits(name)]
    return fitting[-1] if fitting else None


CHECKED = "medalist model check"
"""With this begins the source of a row that `medalist model check` wrote."""


def profile_for(model: str, overrides: Mapping[str, Any], *, checked: bool = True) -> Profile:
    """Return the profile of a model: the known one, with the user's own fields on top.

    Args:
        model: The name, as an endpoint or a hub writes it.
        overrides: Fields of `[endpoints.profile]`.
        checked: Whether what `medalist model check` found out counts.

    Raises:
        BadInput: The user's file is malformed.
    """
    row = row_for(model)
    name = plain_name(model)
    fields = {"sees": _shipped().shown(name), **(row.fields if row else {})}
    for own in own_rows_for(model):
        if checked or not own.source.startswith(CHECKED):
            fields = {**fields, **own.fields}
    return Profile.model_validate({**fields, **overrides})


@cache
def shipped_rows() -> tuple[ProfileRow, ...]:
    """Return the rows that come with medalist, in order."""
    return _shipped().profile


@cache
def _shipped() -> _File:
    return _read(resources.files(__package__).joinpath(FILE).read_text("utf-8"), FILE)


def own_file() -> Path:
    """Return where a user's own rows stand."""
    return platformdirs.user_config_path("medalist") / FILE


def own_rows_for(model: str) -> list[ProfileRow]:
    """Return the rows of the user's own file that count for a model, the last one on top.

    Raises:
        BadInput: The file is malformed.
    """
    name = plain_name(model)
    return [row for row in _own_rows() if row.fits(name) or model.lower() in row.match]


def _own_rows() -> tuple[ProfileRow, ...]:
    path = own_file()
    if not path.is_file():
        return ()
    try:
        return _read(path.read_text("utf-8"), path).profile
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot be read: {error}", file=path) from None


def _read(text: str, file: Path | str) -> _File:
    try:
        return _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"is not TOML: {error}", file=file) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise BadInput(first["msg"], file=file, field=field) from None
