"""An environment without the user's own settings, and a model on a scripted endpoint."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from medalist.agent.journal import Journal
from medalist.agent.llm.calls import JournalledModel
from medalist.agent.llm.contract import Budget, Message, Request
from medalist.agent.llm.endpoint import Endpoint
from medalist.agent.llm.prices import Price
from medalist.agent.llm.resources import AskingSettings, ModelResources
from medalist.agent.llm.route import Route, RouteUse
from medalist.agent.llm.scripted.scripted import ScriptedEndpoint
from medalist.agent.llm.settings import EndpointSettings

PRICE = Price(prompt=100.0, completion=1000.0, cached=100.0)
UNLIMITED = Budget()


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "MEDALIST_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def make_model() -> Iterator[Callable[..., JournalledModel]]:
    """Make models that answer from an endpoint; they are closed after the test."""
    models: list[JournalledModel] = []

    def make(
        endpoint: ScriptedEndpoint | str,
        *,
        journal: Journal | None = None,
        price: Price | None = PRICE,
        budget: Budget = UNLIMITED,
        **settings: object,
    ) -> JournalledModel:
        url = endpoint if isinstance(endpoint, str) else endpoint.base_url
        chosen = EndpointSettings.model_validate({"model": "scripted", "base_url": url} | settings)
        route = Route(Endpoint(chosen), price=price, use=RouteUse(rest_s=0.01))
        model = JournalledModel(
            [route],
            ModelResources(journal, budget),
            asking=AskingSettings(first_wait_s=0.002),
        )
        models.append(model)
        return model

    yield make
    for model in models:
        model.close()


@pytest.fixture(scope="session")
def ask() -> Callable[..., Request]:
    """Make a request with one message."""

    def make(request_id: str, text: str = "Add.", max_tokens: int = 50, **more: Any) -> Request:
        return Request(request_id, (Message("user", text),), max_tokens=max_tokens, **more)

    return make
