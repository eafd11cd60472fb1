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
from pathlib import Path
from typing import Annotated, Any

import platformdirs
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from medalist.agent.llm.keys import cleaned
from medalist.agent.llm.private import checked
from medalist.agent.llm.profiles import Profile
from medalist.errors import BadInput

CONFIG_FILE = "config.toml"
OPENAI_URL = "https://api.openai.com/v1"


def _split(value: object) -> object:
    """Read `0.25,2` as two numbers."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


PositiveInt = Annotated[int, Field(gt=0)]
PositiveFloat = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Pair = Annotated[tuple[NotNegative, NotNegative], NoDecode, BeforeValidator(_split)]
Temperature = Annotated[float, Field(ge=0, le=5)]
Share = Annotated[float, Field(gt=0, le=1)]


def config_dir() -> Path:
    """Return the directory of the user's own files: config, prices, mirrors."""
    return platformdirs.user_config_path("medalist")


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
    """Most requests in flight."""
    timeout_s: PositiveFloat | None = None
    """Longest time for one answer. Default: 900, for a model that thinks first 3600."""
    max_tokens: PositiveInt | None = None
    """Most tokens of one answer. Default: 4,096, for a model that thinks first 32,768."""
    context: PositiveInt | None = None
    """Most tokens of prompt and answer. Default: what the endpoint's list of models says."""
    price: Pair | None = None
    """Dollars a million tokens of prompts and of answers, where `prices.toml` has none."""
    weight: PositiveFloat = 1.0
    """Share of the requests, where several endpoints are used together."""
    profile: dict[str, Any] = {}
    """What the model takes, where it differs from what is known of it (see `profiles.py`)."""
    limits: EndpointLimits = EndpointLimits()
    """What the account allows."""

    @field_validator("profile")
    @classmethod
    def _known_fields(cls, profile: dict[str, Any]) -> dict[str, Any]:
        Profile.model_validate(profile)
        return profile

    def key(self) -> str | None:
        """Return the key, wherever it is.

        Raises:
            BadInput: It holds what no key holds.
        """
        if self.api_key is not None:
            return cleaned(self.api_key.get_secret_value(), f"the key of {self.model}")
        found = os.environ.get(self.api_key_env) if self.api_key_env else None
        return cleaned(found, self.api_key_env or "") if found else None


class ModelSettings(BaseSettings):
    """What is configured outside of the command line."""

    model_config = SettingsConfigDict(env_file=".env", env_prefix="MEDALIST_", extra="ignore")

    model: str | None = None
    """What `--model` is where it is not given (`MEDALIST_MODEL`)."""
    openai_base_url: str | None = Field(None, validation_alias="OPENAI_BASE_URL")
    openai_api_key: SecretStr | None = Field(None, validation_alias="OPENAI_API_KEY")
    endpoints: tuple[EndpointSettings, ...] = ()
    first_wait_s: PositiveFloat = 1.0
    """Seconds before a failed request is repeated; they double each time."""
    temperature: Temperature = 0.8
    """What `--temperature` is where it is not given."""
    top_p: Share = 0.95
    max_tokens: PositiveInt | None = None
    """These four are for all endpoints; in the config file an endpoint's own number wins."""
    timeout_s: PositiveFloat | None = None
    concurrency: PositiveInt | None = None
    price: Pair | None = None

    def openai_key(self) -> str | None:
        """Return the key of `OPENAI_API_KEY`.

        Raises:
            BadInput: It holds what no key holds.
        """
        key = self.openai_api_key
        return cleaned(key.get_secret_value(), "OPENAI_API_KEY") if key else None

    def given(
        self,
        *,
        temperature: float | None = None,
        top_p: float | None = None,
        max_tokens: int | None = None,
        timeout_s: float | None = None,
        concurrency: int | None = None,
        price: tuple[float, float] | None = None,
    ) -> ModelSettings:
        """Return these settings with what was given on the command line on top."""
        options = {
            "temperature": temperature,
            "top_p": top_p,
            "max_tokens": max_tokens,
            "timeout_s": timeout_s,
            "concurrency": concurrency,
            "price": price,
        }
        changes = {name: value for name, value in options.items() if value is not None}
        return self.model_copy(update=changes)

    def on_top(self, endpoint: EndpointSettings) -> EndpointSettings:
        """Return an endpoint's settings with those for all endpoints on top."""
        names = ("max_tokens", "timeout_s", "concurrency", "price")
        common = {name: getattr(self, name) for name in names}
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
        toml = _ConfigFile(settings_cls, config_dir() / CONFIG_FILE)
        return init_settings, env_settings, dotenv_settings, toml


class _ConfigFile(TomlConfigSettingsSource):
    """The config file. What it says for all endpoints gives way to what it says for one."""

    def __call__(self) -> dict[str, Any]:
        found = super().__call__()
        endpoints = found.get("endpoints")
        for name in ("max_tokens", "timeout_s", "concurrency", "price"):
            if name in found and isinstance(endpoints, list) and endpoints:
                for one in endpoints:
                    if isinstance(one, dict):
                        one.setdefault(name, found[name])
                del found[name]
        return found


def load_settings() -> ModelSettings:
    """Read environment, `.env` and config file.

    Raises:
        BadInput: A file or variable is malformed; values (they may be keys) are not shown.
    """
    file = config_dir() / CONFIG_FILE
    try:
        settings = ModelSettings()
        # What pydantic ignores (it must, for the other lines of a `.env`) is a slip here.
        known = set(ModelSettings.model_fields) - {"openai_base_url", "openai_api_key"}
        unknown = set(tomllib.loads(file.read_text())) - known if file.is_file() else set()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise BadInput(first["msg"], file=file if file.is_file() else None, field=field) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, SettingsError) as error:
        raise BadInput(f"cannot be read: {error}", file=file) from None
    if unknown:
        raise BadInput("unknown setting", file=file, field=sorted(unknown)[0])
    settings.openai_key()
    if settings.openai_base_url is not None:
        url = checked(settings.openai_base_url, "OPENAI_BASE_URL")
        settings = settings.model_copy(update={"openai_base_url": url})
    for number, one in enumerate(settings.endpoints):
        checked(one.base_url, f"endpoints.{number}.base_url")
    return settings
