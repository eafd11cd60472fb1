"""Where models are configured: options, environment, `.env` and a config file, in this order.

The config file is `config.toml` in medalist's config directory (`~/.config/medalist` on
Linux)::

    model = "gpt-5-mini"               # used where --model is not given
    temperature = 0.6                  # as --temperature; also top_p, max_tokens, timeout_s, ...

    [[endpoints]]
    model = "gpt-5-mini"               # as the endpoint calls it
    base_url = "https://api.openai.com/v1"
    api_key_env = "OPENAI_API_KEY"     # the name of a variable, so that no key is in the file
    concurrency = 64
    weight = 2.0                       # several endpoints are used together, by weight
    [endpoints.limits]
    requests_per_minute = 500
    [endpoints.profile]
    reasoning_effort = "medium"
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    PrivateAttr,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from medalist.agent.llm.config_file import COMMON, CONFIG_FILE, ConfigFile, config_dir
from medalist.agent.llm.keys import cleaned, header, secrets_of
from medalist.agent.llm.private import checked
from medalist.agent.llm.profiles import Api, Profile, Share, Temperature, profile_for
from medalist.agent.llm.setting_types import Effort, MinP, Pair, PositiveFloat, PositiveInt, TopK
from medalist.agent.llm.surroundings import encoding_of
from medalist.errors import BadInput

DOTENV = ".env"
OPENAI_URL = "https://api.openai.com/v1"
ANTHROPIC_URL = "https://api.anthropic.com/v1"


class EndpointLimits(BaseModel):
    """Requests and tokens that an account may use in any minute, day and week.

    They are counted for all of this user's runs together, and outlive them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    requests_per_minute: PositiveInt | None = None
    tokens_per_minute: PositiveInt | None = None
    requests_per_day: PositiveInt | None = None
    tokens_per_day: PositiveInt | None = None
    requests_per_week: PositiveInt | None = None
    tokens_per_week: PositiveInt | None = None


class EndpointSettings(BaseModel):
    """One model at one endpoint."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str
    """The model's name, as the endpoint calls it."""
    base_url: str = OPENAI_URL
    api_key: SecretStr | None = None
    api_key_env: str | None = None
    """The environment variable that holds the key, where `api_key` is not given."""
    concurrency: PositiveInt = 32
    """Maximum requests in flight."""
    timeout_s: PositiveFloat | None = None
    """Longest time for one answer. Default: 900; 3600 if it thinks first or is embedded."""
    max_tokens: PositiveInt | None = None
    """Most tokens of one answer. Default: 4,096, for a model that thinks first its profile's."""
    context: PositiveInt | None = None
    """Most tokens of prompt and answer. Default: what the endpoint's list of models says."""
    price: Pair | None = None
    """Dollars a million tokens of prompts and of answers, where `prices.toml` has none."""
    temperature: Temperature | None = None
    """How answers are drawn. Default, of this and the next three: the model's makers' advice."""
    top_p: Share | None = None
    top_k: TopK | None = None
    min_p: MinP | None = None
    reasoning_effort: Effort | None = None
    """How much a model that thinks first should think, in its own words. Default: the profile's."""
    api: Api | None = None
    """How it is asked: chat completions, `responses`, or Anthropic's `messages`."""
    extra_body: dict[str, JsonValue] = {}
    """Further fields of each request's body; they win over medalist's own."""
    headers: dict[str, str] = {}
    """Further headers of each request."""
    query: dict[str, str] = {}
    """Further parameters of the address, beside those of `base_url`."""
    weight: PositiveFloat = 1.0
    """Share of the requests, where several endpoints are used together."""
    profile: dict[str, Any] = {}
    """What the model takes, where it differs from what is known of it (see `profiles.py`)."""
    limits: EndpointLimits = EndpointLimits()
    """What the account allows."""

    @field_validator("headers")
    @classmethod
    def _sendable(cls, headers: dict[str, str]) -> dict[str, str]:
        return {name: header(name, value) for name, value in headers.items()}

    @field_validator("profile")
    @classmethod
    def _known_fields(cls, profile: dict[str, Any]) -> dict[str, Any]:
        Profile.model_validate(profile)
        return profile

    _unchecked: bool = PrivateAttr(default=False)

    def unchecked(self) -> EndpointSettings:
        """Return the same without what `medalist model check` found out earlier."""
        fresh = self.model_copy()
        fresh._unchecked = True
        return fresh

    @property
    def known(self) -> Profile:
        """What the model takes and what suits it: what is known of it, and what was set."""
        profile = profile_for(self.model, self.profile, checked=not self._unchecked)
        names = ("temperature", "top_p", "top_k", "min_p")
        given = {name: getattr(self, name) for name in names}
        given = {name: value for name, value in given.items() if value is not None}
        changes: dict[str, Any] = {"advice": profile.advice.model_copy(update=given)}
        if self.reasoning_effort is not None:
            changes["reasoning_effort"] = self.reasoning_effort
            if self.reasoning_effort == "none":
                changes["thinking"] = False
        if self.api is not None:
            changes["api"] = self.api
        profile = profile.model_copy(update=changes)
        return _for_messages(profile, self.profile) if profile.api == "messages" else profile

    def secrets(self) -> tuple[str, ...]:
        """Return all that no message and no stored text may hold.

        Raises:
            BadInput: The key holds what no key holds.
        """
        more = {name: one for name, one in self.extra_body.items() if isinstance(one, str)}
        return secrets_of(self.base_url, self.key(), self.headers, {**self.query, **more})

    def key(self) -> str | None:
        """Return the key, wherever it is.

        Raises:
            BadInput: It holds what no key holds.
        """
        if self.api_key is not None:
            return cleaned(self.api_key.get_secret_value(), f"the key of {self.model}")
        api_key = os.environ.get(self.api_key_env) if self.api_key_env else None
        return cleaned(api_key, self.api_key_env or "") if api_key else None


def _for_messages(profile: Profile, own: Mapping[str, Any]) -> Profile:
    """Return what suits a model behind the Messages API: it thinks where it can, and streams."""
    thinks = profile.messages_thinking != "no" and profile.reasoning_effort != "none"
    changes = {"thinking": thinks, "stream": thinks}
    if thinks:  # answers that are thought about first are drawn as the API draws them
        changes["sampling"] = False
    open_ = {name: value for name, value in changes.items() if name not in own}
    return profile.model_copy(update=open_)


class ModelSettings(BaseSettings):
    """What is configured outside of the command line."""

    model_config = SettingsConfigDict(env_file=DOTENV, env_prefix="MEDALIST_", extra="ignore")

    model: str | None = None
    """What `--model` is where it is not given (`MEDALIST_MODEL`)."""
    openai_base_url: str | None = Field(None, validation_alias="OPENAI_BASE_URL")
    openai_api_key: SecretStr | None = Field(None, validation_alias="OPENAI_API_KEY")
    anthropic_base_url: str | None = Field(None, validation_alias="ANTHROPIC_BASE_URL")
    """Where `api` is `messages`, instead of the two above; likewise the next one."""
    anthropic_api_key: SecretStr | None = Field(None, validation_alias="ANTHROPIC_API_KEY")
    endpoints: tuple[EndpointSettings, ...] = ()
    first_wait_s: PositiveFloat = 1.0
    """Seconds before a failed request is repeated; they double each time."""
    patience_s: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 600.0
    """Seconds to wait for an endpoint that is temporarily unavailable."""
    temperature: Temperature | None = None
    """What `--temperature` is where it is not given. This one and those that follow are for all
    endpoints; in the config file what an endpoint says itself wins."""
    top_p: Share | None = None
    top_k: TopK | None = None
    min_p: MinP | None = None
    reasoning_effort: Effort | None = None
    max_tokens: PositiveInt | None = None
    context: PositiveInt | None = None
    timeout_s: PositiveFloat | None = None
    concurrency: PositiveInt | None = None
    price: Pair | None = None
    extra_body: dict[str, JsonValue] | None = None
    api: Api | None = None

    def address(self) -> tuple[str | None, str | None]:
        """Return the base URL and the key of the variables that count for the API in use.

        Raises:
            BadInput: The key holds what no key holds.
        """
        key, name = self.openai_api_key, "OPENAI_API_KEY"
        url = self.openai_base_url
        if self.api == "messages" and (self.anthropic_base_url or self.anthropic_api_key):
            key, name = self.anthropic_api_key, "ANTHROPIC_API_KEY"
            url = self.anthropic_base_url or ANTHROPIC_URL
        return url, cleaned(key.get_secret_value(), name) if key else None

    def given(
        self,
        *,
        price: tuple[float, float] | None = None,
        extra_body: Mapping[str, JsonValue] | None = None,
        **options: float | str | None,
    ) -> ModelSettings:
        """Return these settings with what was given on the command line on top.

        `options` are named as the fields in `COMMON`; None is not given.
        """
        values = {**options, "price": price, "extra_body": extra_body}
        changes = {name: value for name, value in values.items() if value is not None}
        return self.model_copy(update=changes)

    def on_top(self, endpoint: EndpointSettings) -> EndpointSettings:
        """Return an endpoint's settings with those for all endpoints on top."""
        common = {name: getattr(self, name) for name in COMMON}
        changes = {name: value for name, value in common.items() if value is not None}
        return endpoint.model_copy(update=changes)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over `.env`, and `.env` over the config file."""
        del file_secret_settings
        toml = ConfigFile(settings_cls, config_dir() / CONFIG_FILE)
        return init_settings, env_settings, dotenv_settings, toml


_VARIABLES = {"openai_base_url", "openai_api_key", "anthropic_base_url", "anthropic_api_key"}


def load_settings() -> ModelSettings:
    """Read environment, `.env` and config file.

    Raises:
        BadInput: A file or variable is malformed; values (they may be keys) are not shown.
    """
    file = config_dir() / CONFIG_FILE
    try:
        settings = ModelSettings(_env_file_encoding=encoding_of(Path(DOTENV)))
        # What pydantic ignores (it must, for the other lines of a `.env`) is a slip here.
        known = set(ModelSettings.model_fields) - _VARIABLES
        unknown = set(tomllib.loads(file.read_text())) - known if file.is_file() else set()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise BadInput(first["msg"], file=file if file.is_file() else None, field=field) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, SettingsError) as error:
        raise BadInput(f"cannot be read: {error}", file=file) from None
    if unknown:
        raise BadInput("unknown setting", file=file, field=sorted(unknown)[0])
    settings.address()
    for field in ("openai_base_url", "anthropic_base_url"):
        if (given := getattr(settings, field)) is not None:
            url = checked(given, field.upper())
            if field == "anthropic_base_url" and not url.rstrip("/").endswith("/v1"):
                url = f"{url.rstrip('/')}/v1"  # as Anthropic's own clients read it
            settings = settings.model_copy(update={field: url})
    for number, one in enumerate(settings.endpoints):
        checked(one.base_url, f"endpoints.{number}.base_url")
    return settings
