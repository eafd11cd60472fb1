"""Which endpoints a name means (`--model`), by settings and by asking which model there is."""

from __future__ import annotations

import logging
import time
from urllib.parse import parse_qsl, urlsplit

import httpx
from pydantic import SecretStr

from medalist.agent.llm.keys import hidden, secrets_of
from medalist.agent.llm.private import shown
from medalist.agent.llm.settings import ANTHROPIC_URL, OPENAI_URL, EndpointSettings, ModelSettings
from medalist.agent.llm.surroundings import check_network
from medalist.errors import BadInput, ModelFailure

log = logging.getLogger(__name__)

PROBE_TIMEOUT_S = 10.0


def is_embedded(spec: str | None, settings: ModelSettings) -> bool:
    """Whether this names the model that comes with medalist: also where nothing else is known."""
    if spec is None:
        return not settings.endpoints and settings.address()[0] is None
    return spec.partition("+")[0].partition(":")[0] == "embedded"


def endpoints_of(spec: str | None, settings: ModelSettings) -> list[EndpointSettings]:
    """Return the endpoints that a spec names; several names are joined with commas."""
    return [settings.on_top(item) for item in _named(spec, settings)]


def _named(spec: str | None, settings: ModelSettings) -> list[EndpointSettings]:
    if spec is None and settings.endpoints:
        return list(settings.endpoints)
    given, key = settings.address()
    base_url = given or (ANTHROPIC_URL if settings.api == "messages" else OPENAI_URL)
    if spec is None:
        spec = _only_model(base_url, key, settings)
    chosen: list[EndpointSettings] = []
    for name in filter(None, map(str.strip, spec.split(","))):
        configured = [endpoint for endpoint in settings.endpoints if endpoint.model == name]
        if not configured and given is None and key is None:
            raise BadInput(
                f"no endpoint is known for the model {name!r}",
                hint="set OPENAI_BASE_URL or OPENAI_API_KEY, or add it to config.toml; "
                "`--model embedded` needs neither",
            )
        secret = None if key is None else SecretStr(key)
        chosen += configured or [EndpointSettings(model=name, base_url=base_url, api_key=secret)]
    if not chosen:
        raise BadInput(f"no model is named by {spec!r}")
    return chosen


def _only_model(base_url: str, key: str | None, settings: ModelSettings) -> str:
    """Ask the endpoint which model it has; wait while it says that it is loading it."""
    # Imported late: the openai package takes a second to load.
    from medalist.agent.llm.failures import retry_after

    check_network()
    until = time.monotonic() + settings.patience_s
    try:
        while True:
            answer = httpx.get(
                f"{base_url.partition('?')[0].rstrip('/')}/models",
                params=dict(parse_qsl(urlsplit(base_url).query)),
                headers={"Authorization": f"Bearer {key}"} if key else {},
                timeout=PROBE_TIMEOUT_S,
            )
            wait = retry_after(answer.headers) or 2 * settings.first_wait_s
            if answer.status_code != 503 or time.monotonic() + wait > until:
                break
            log.warning("%s answered 503: retrying in %g s (--patience)", shown(base_url), wait)
            time.sleep(wait)
        answer.raise_for_status()
        names = [str(model["id"]) for model in answer.json()["data"]]
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
        raise ModelFailure(
            hidden(
                f"{shown(base_url)} does not say which models it has: {error!r}",
                secrets_of(base_url, key),
            ),
            hint="name one with --model",
        ) from error
    if len(names) != 1:
        raise BadInput(
            f"{shown(base_url)} has {len(names)} models", hint=f"name one with --model: {names[:5]}"
        )
    return names[0]
