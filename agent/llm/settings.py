"""Where models are configured: options, environment, `.env` and a config file, in this order.

The config file is `config.toml` in medalist's config directory (`~/.config/medalist` on
Linux)::

    model = "gpt-5-mini"               # used where --model is not given

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
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from medalist.agent.llm.profiles import Profile
from medalist.errors import BadInput

CONFIG_FILE = "config.toml"
OPENAI_URL = "https://api.openai.com/v1"
PositiveInt = Annotated[int, Field(gt=0)]
PositiveFloat = Annotated[float, Field(gt=0)]


def config_dir() -> Path:
    """Return the directory of the user's own files: config, prices, mirrors."""
    return platformdirs.user_config_path("medalist")


class Limits(BaseModel):
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
    timeout_s: PositiveFloat = 900.0
    """Longest time for one answer."""
    weight: PositiveFloat = 1.0
    """Share of the requests, where several endpoints are used together."""
    profile: dict[str, Any] = {}
    """What the model takes, where it differs from what is known of it (see `profiles.py`)."""
    limits: Limits = Limits()
    """What the account allows."""

    @field_validator("profile")
    @classmethod
    def _known_fields(cls, profile: dict[str, Any]) -> dict[str, Any]:
        Profile.model_validate(profile)
        return profile

    def key(self) -> str | None:
        """Return the key, wherever it is."""
        if self.api_key is not None:
            return self.api_key.get_secret_value()
        return os.environ.get(self.api_key_env) if self.api_key_env else None


class Settings(BaseSettings):
    """What is configured outside of the command line."""

    model_config = SettingsConfigDict(env_file=".env", env_prefix="MEDALIST_", extra="ignore")

    model: str | None = None
    """What `--model` is where it is not given (`MEDALIST_MODEL`)."""
    openai_base_url: str | None = Field(None, validation_alias="OPENAI_BASE_URL")
    openai_api_key: SecretStr | None = Field(None, validation_alias="OPENAI_API_KEY")
    endpoints: tuple[EndpointSettings, ...] = ()
    first_wait_s: PositiveFloat = 1.0
    """Seconds before a failed request is repeated; they double each time."""

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
        toml = TomlConfigSettingsSource(settings_cls, config_dir() / CONFIG_FILE)
        return init_settings, env_settings, dotenv_settings, toml


def load_settings() -> Settings:
    """Read environment, `.env` and config file.

    Raises:
        BadInput: A file or variable is malformed; values (they may be keys) are not shown.
    """
    file = config_dir() / CONFIG_FILE
    try:
        settings = Settings()
        # What pydantic ignores (it must, for the other lines of a `.env`) is a slip here.
        unknown = (
            set(tomllib.loads(file.read_text())) - {"model", "endpoints", "first_wait_s"}
            if file.is_file()
            else set()
        )
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise BadInput(first["msg"], file=file if file.is_file() else None, field=field) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, SettingsError) as error:
        raise BadInput(f"cannot be read: {error}", file=file) from None
    if unknown:
        raise BadInput("unknown setting", file=file, field=sorted(unknown)[0])
    return settings
