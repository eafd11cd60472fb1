"""A model on this machine and the judge never work at once, whichever problems they are at."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from medalist.agent.batch.driver import Batch, BatchOptions
from medalist.agent.batch.plan import find, listing
from medalist.agent.batch.work import BatchContext
from medalist.agent.journal import Journal
from medalist.agent.llm import Budget, ModelTraits
from medalist.agent.llm.calls import JournalledModel
from medalist.agent.llm.endpoint import Endpoint
from medalist.agent.llm.lease import CoreLease, Side
from medalist.agent.llm.prices import FREE
from medalist.agent.llm.resources import AskingSettings, ModelResources
from medalist.agent.llm.route import Route
from medalist.agent.llm.scripted.scripted import ScriptedEndpoint
from medalist.agent.llm.settings import EndpointSettings
from medalist.agent.run.models import RunModels
from medalist.agent.solve import RunSettings
from medalist.sandbox.box import CompileResult, Source
from medalist.sandbox.pool import HostPool, Pool, open_pool
from tests.agent.batch import packages
from tests.agent.batch.test_batch_driver import Seen

pytestmark = pytest.mark.local


class Watched(CoreLease):
    """Counts who is inside."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: Counter[Side] = Counter()
        self.turns: Counter[Side] = Counter()
        self.together = 0
        self._counting = threading.Lock()

    def acquire(self, side: Side) -> None:
        super().acquire(side)
        with self._counting:
            self.inside[side] += 1
            self.turns[side] += 1
            self.together += bool(self.inside["model"] and self.inside["judge"])

    def release(self, side: Side) -> None:
        with self._counting:
            self.inside[side] -= 1
        super().release(side)


class Guarded:
    """A pool that notes whether it is used by somebody who does not hold the cores."""

    def __init__(self, pool: HostPool, lease: Watched) -> None:
        self._pool = pool
        self._lease = lease
        self.uses = self.unleased = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pool, name)

    def _note(self) -> None:
        self.uses += 1
        self.unleased += not self._lease.inside["judge"]

    @contextmanager
    def box(self, *, secret: bool = False) -> Iterator[Any]:
        self._note()
        with self._pool.box(secret=secret) as box:
            yield box

    def compile(self, source: Source) -> CompileResult:
        self._note()
        return self._pool.compile(source)


@pytest.mark.parametrize("search", ["once", "rounds"])
def test_sampling_and_judging_alternate(search: str, tmp_path: Path) -> None:
    packages.make(tmp_path / "archive", 3)
    entries = find([tmp_path / "archive"])
    problems = listing(entries, where=None, limit=None, shard=None).problems
    lease = Watched()
    with (
        ScriptedEndpoint(packages.reply) as server,
        Journal.open(tmp_path / "run") as journal,
        open_pool("local") as pool,
    ):
        settings = EndpointSettings(model="scripted", base_url=server.base_url)
        route = Route(Endpoint(settings), price=FREE)
        model = JournalledModel(
            [route],
            ModelResources(journal=journal, budget=Budget(), lease=lease),
            asking=AskingSettings(traits=ModelTraits(shares_cores=True)),
        )
        guarded = Guarded(pool, lease)
        shop = BatchContext(
            journal=journal,
            pool=cast("Pool", guarded),
            models=RunModels(model),
            lease=lease,
            settings=RunSettings(4, ("cpp",), search=search, width=2),
            submissions=1,
            entries=entries,
        )
        ending = Batch(shop, BatchOptions(jobs=3), Seen()).run(problems)
        model.close()
    assert ending.done == 3
    assert lease.turns["model"] >= 6
    assert guarded.uses > lease.turns["judge"] > 3
    assert (guarded.unleased, lease.together) == (0, 0)
