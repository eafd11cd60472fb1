"""The config file, `config.toml`: where it is, and what in it is for all endpoints together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import platformdirs
from pydantic_settings import TomlConfigSettingsSource

CONFIG_FILE = "config.toml"

COMMON = (
    *("max_tokens", "timeout_s", "concurrency", "price", "context"),
    *("temperature", "top_p", "top_k", "min_p", "reasoning_effort", "extra_body", "api"),
)
"""What can be set for all endpoints together as well as for each."""


def config_dir() -> Path:
    """Return the directory of the user's own files: config, prices, mirrors."""
    return platformdirs.user_config_path("medalist")


class ConfigFile(TomlConfigSettingsSource):
    """The config file. What it says for all endpoints gives way to what it says for one."""

    def __call__(self) -> dict[str, Any]:
        """Return what it says."""
        values = super().__call__()
        endpoints = values.get("endpoints")
        for name in COMMON:
            if name in values and isinstance(endpoints, list) and endpoints:
                for endpoint in endpoints:
                    if isinstance(endpoint, dict):
                        endpoint.setdefault(name, values[name])
                del values[name]
        return values
