"""From what the user wrote (`--model`, settings) to a model."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from medalist.agent.journal import Journal
from medalist.agent.llm.attempt import SMALL_TOKENS
from medalist.agent.llm.calls import JournalledModel
from medalist.agent.llm.contract import Model, ModelTraits, Request
from medalist.agent.llm.embedded.model_files import weights_named
from medalist.agent.llm.named_endpoints import endpoints_of, is_embedded
from medalist.agent.llm.patience import Patience
from medalist.agent.llm.prices import FREE, Price, find_price
from medalist.agent.llm.private import is_private
from medalist.agent.llm.profiles import Profile
from medalist.agent.llm.quota import Quota
from medalist.agent.llm.recorded_model import Recording, recorded_run, recorded_traits
from medalist.agent.llm.resources import AskingSettings, ModelResources
from medalist.agent.llm.room import Room
from medalist.agent.llm.route import Route, RouteUse
from medalist.agent.llm.settings import (
    EndpointLimits,
    EndpointSettings,
    ModelSettings,
    load_settings,
)
from medalist.errors import BadInput

log = logging.getLogger(__name__)

RESTS = 4  # a tripped breaker's first rest, in first waits of a request


def open_model(
    spec: str | None = None,
    resources: ModelResources = ModelResources(),  # noqa: B008 - frozen
    *,
    batch_api: bool = False,
    beside: Model | None = None,
    settings: ModelSettings | None = None,
) -> Model:
    """Open the model that `spec` names.

    - None: what the settings name; else all endpoints of the config file, together; else the
      model of `OPENAI_BASE_URL`; else the embedded one;
    - `embedded`, `embedded:0.5b`: the model on this machine; `embedded:0.5b+ADAPTER` with a LoRA;
    - `recorded:RUN`: the answers of an earlier run's directory;
    - anything else: a model of the config file, or of `OPENAI_BASE_URL`; or several with commas
      between, which share the requests.

    The embedded model holds the lease while it generates; others have no need of this machine's
    cores. With `batch_api` an endpoint is asked through its Batch API: at half price, and within
    a day. A model that is opened `beside` another one passes the same gate: the caps hold for
    both together, and journal and budget are the other's.

    Raises:
        BadInput: No such model is configured, it has no Batch API, or there is a cap in dollars
            without a known price.
        MissingPrerequisite: The embedded model is not here.
        ModelFailure: The endpoint was asked for its models and did not answer.
    """
    settings = settings or load_settings()
    spec = spec or settings.model
    routes = (
        _batch_routes(spec, settings, resources.journal) if batch_api else _routes(spec, settings)
    )
    traits = traits_of(spec, settings, reviewer=beside is not None)
    if resources.capped_in_dollars:
        _assume_free(routes)
    return JournalledModel(
        routes,
        resources if traits.shares_cores else replace(resources, lease=None),
        AskingSettings(settings.first_wait_s, opening=not batch_api, traits=traits),
        beside=beside if isinstance(beside, JournalledModel) else None,
    )


def traits_of(
    spec: str | None, settings: ModelSettings | None = None, *, reviewer: bool = False
) -> ModelTraits:
    """Return the traits of the model that `spec` names (see `open_model`), opening none.

    Args:
        spec: What `--model` says.
        settings: Of the endpoints; those of the user by default.
        reviewer: Whether it reviews: a recording then answers as its run's reviewer.

    Raises:
        BadInput: There is no run where a recording is looked for.
    """
    settings = settings or load_settings()
    spec = spec or settings.model
    run_dir = recorded_run(spec)
    if run_dir is not None:
        return recorded_traits(run_dir, reviewer=reviewer)
    if is_embedded(spec, settings):
        return ModelTraits(prompt_form="small", shares_cores=True)
    return ModelTraits()


@dataclass(frozen=True)
class ModelTerms:
    """What a model that may be asked takes: its price, and how many tokens an answer has at most.

    Attributes:
        room: Says the limit of a request; None where the request says it.
        traits: What others must know of the model.
        profile: What is known of it by its name; None for one that is not at an endpoint.
    """

    name: str
    price: Price | None
    room: Room | None = None
    traits: ModelTraits = ModelTraits()  # noqa: RUF009 - frozen
    profile: Profile | None = None

    def limit(self, request: Request) -> int:
        """Return the most tokens that an answer may have, even if its model turns out to think."""
        if self.room is None:
            return request.max_tokens or SMALL_TOKENS
        return self.room.highest(request)


def terms(
    spec: str | None, *, batch_api: bool = False, settings: ModelSettings | None = None
) -> list[ModelTerms]:
    """Return the terms of each model that `spec` names (see `open_model`), opening none.

    Raises:
        BadInput: No such model is configured.
        ModelFailure: The endpoint was asked for its models and did not answer.
    """
    settings = settings or load_settings()
    spec = spec or settings.model
    if is_embedded(spec, settings) or recorded_run(spec) is not None:
        return [ModelTerms(spec or "embedded", FREE, traits=traits_of(spec, settings))]
    return [
        ModelTerms(
            endpoint.model,
            _price(endpoint, batch_api=batch_api),
            Room(
                endpoint.known,
                max_tokens=endpoint.max_tokens,
                context=endpoint.context,
            ),
            profile=endpoint.known,
        )
        for endpoint in endpoints_of(spec, settings)
    ]


def _routes(spec: str | None, settings: ModelSettings) -> list[Route]:
    if is_embedded(spec, settings):
        from medalist.agent.llm.embedded.embedded import EmbeddedModel

        weights = weights_named(spec or "embedded")
        return [Route(EmbeddedModel(weights, settings.timeout_s), price=FREE)]
    run_dir = recorded_run(spec)
    if run_dir is not None:
        return [Route(Recording(run_dir), price=FREE)]
    return [_route(endpoint, settings) for endpoint in endpoints_of(spec, settings)]


def _batch_routes(
    spec: str | None, settings: ModelSettings, journal: Journal | None
) -> list[Route]:
    from medalist.agent.llm.batches import BatchEndpoint

    if is_embedded(spec, settings) or recorded_run(spec) is not None:
        raise BadInput(
            "only an endpoint has a Batch API", field="--batch-api", hint="name its model: --model"
        )
    return [
        Route(
            BatchEndpoint(endpoint, journal, first_wait_s=settings.first_wait_s),
            price=_price(endpoint, batch_api=True),
            use=RouteUse(weight=endpoint.weight),
        )
        for endpoint in endpoints_of(spec, settings)
    ]


def _route(settings: EndpointSettings, common: ModelSettings) -> Route:
    # Imported late: the openai package takes a second to load.
    from medalist.agent.llm.endpoint import Endpoint

    quota = None
    if settings.limits != EndpointLimits():
        quota = Quota(f"{settings.base_url} {settings.model}", settings.limits)
    return Route(
        Endpoint(settings, Patience(common.patience_s, common.first_wait_s)),
        price=_price(settings, batch_api=False),
        quota=quota,
        use=RouteUse(
            weight=settings.weight, rest_s=RESTS * common.first_wait_s, patience_s=common.patience_s
        ),
    )


def _price(settings: EndpointSettings, *, batch_api: bool) -> Price | None:
    if settings.price is not None:
        return Price.of_pair(*settings.price)  # said to be what is paid
    price = find_price(settings.model)
    return price.halved() if batch_api and price is not None else price


def _assume_free(routes: list[Route]) -> None:
    """Count nothing for models of unknown price that run on this machine or network; say so."""
    for route in routes:
        address = getattr(route.backend, "where", "")
        if route.price is None and is_private(address):
            route.price = FREE
            log.warning(
                "%s at %s has no known price: 0 dollars are counted for it (--price IN,OUT if it "
                "is not free)",
                route.backend.name,
                address,
            )


def endpoint_named(spec: str, settings: ModelSettings) -> tuple[EndpointSettings, Price | None]:
    """Return the one endpoint that a spec names, and its price.

    Raises:
        BadInput: It names none, or several.
    """
    if is_embedded(spec, settings) or recorded_run(spec) is not None or "," in spec:
        raise BadInput(
            f"{spec!r} is not a model at an endpoint",
            hint="to ask the embedded model: medalist model serve, and OPENAI_BASE_URL",
        )
    endpoint = endpoints_of(spec, settings)[0]
    return endpoint, _price(endpoint, batch_api=False)
