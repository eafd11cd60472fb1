"""The Batch API of an endpoint: requests go in files and are answered within a day, at half price.

Requests that come together become one batch: a file of JSON lines is uploaded, a batch made of
it, its state asked for now and then, and its output file read when it has ended. A batch continues
when this process ends. So it is journalled before anything of it is sent (kind `batch.planned`,
key a random tag that the batch carries as metadata) and again when the endpoint has named it
(`batch.submitted`): the next session of the run finds it by its id, or by its tag, and fetches
the answers instead of asking again. What a batch ended without an answer to is `batch.lost`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence
from typing import Any
from uuid import uuid4

from medalist.agent.journal import Journal
from medalist.agent.llm.attempt import AttemptAnswer, AttemptFailed
from medalist.agent.llm.batch_apis import batch_api
from medalist.agent.llm.batch_contract import NotKnownYet
from medalist.agent.llm.batch_file import MOST_REQUESTS, custom_id
from medalist.agent.llm.batch_records import (
    LOST,
    PLANNED,
    SUBMITTED,
    LostRecord,
    PlannedRecord,
    SubmittedRecord,
)
from medalist.agent.llm.call_records import DONE, AnswerRecord
from medalist.agent.llm.contract import Request
from medalist.agent.llm.endpoint import Endpoint
from medalist.agent.llm.failures import REQUEST_ERRORS
from medalist.agent.llm.same_limits import SameLimits
from medalist.agent.llm.settings import EndpointSettings

log = logging.getLogger(__name__)

LONGEST_POLL = 60  # in first waits
POLLS_LOST = 10  # this many failed looks in a row end the session


class BatchEndpoint(SameLimits):
    """A backend that answers through an endpoint's Batch API."""

    concurrency = MOST_REQUESTS

    def __init__(
        self, settings: EndpointSettings, journal: Journal | None, *, first_wait_s: float = 1.0
    ) -> None:
        """`first_wait_s` is how long to wait for more requests before a batch is sent.

        The state of a batch is first asked for after the same time, then less and less often,
        at last every 60 times that.
        """
        profile = settings.profile | {"stream": False}
        self._endpoint = Endpoint(settings.model_copy(update={"profile": profile}))
        self.name = self._endpoint.name
        self._api = batch_api(self._endpoint)
        self._journal = journal
        self._first_wait_s = first_wait_s
        self._tag_of: dict[str, str] = {}
        self._batch_of: dict[str, str] = {}
        if journal is not None:
            self._restore(journal)
        self._fresh: list[Request] = []
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._work: asyncio.Task[None] | None = None

    @property
    def where(self) -> str:
        """The endpoint's address."""
        return self._endpoint.where

    @property
    def _identity(self) -> str:
        return f"{self.where} {self.name}"

    @property
    def asked(self) -> Collection[str]:
        """See `Backend`."""
        return self._tag_of.keys()

    def cautious(self, request: Request) -> bool:
        """A batch is asked at once."""
        del request
        return False

    async def answer(self, request: Request) -> AttemptAnswer:
        """Wait for a request's answer, in a batch of an earlier session or in the next one."""
        future = asyncio.get_running_loop().create_future()
        self._waiting[request.request_id] = future
        if request.request_id not in self._tag_of:
            self._fresh.append(request)
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._run())
        try:
            line = await future
        finally:
            self._waiting.pop(request.request_id, None)
        answer = self._read(line, request)
        self._tag_of.pop(request.request_id, None)
        return answer

    async def aclose(self) -> None:
        """Close the connections; batches continue at the endpoint."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
        if self._batch_of:
            log.warning(
                "%s: %s not fetched yet; the same command resumes it",
                self._endpoint.where,
                ", ".join(sorted(self._batch_of.values())),
            )
        await self._endpoint.aclose()

    def _restore(self, journal: Journal) -> None:
        """Find what earlier sessions asked for and never got; the newest batch counts."""
        for entry in journal.together(PLANNED, SUBMITTED, LOST, DONE):
            match entry.value:
                case PlannedRecord(endpoint, requests) if endpoint == self._identity:
                    self._tag_of.update(dict.fromkeys(requests, entry.key))
                case SubmittedRecord(batch_id):
                    self._batch_of[entry.key] = batch_id
                case LostRecord(requests):
                    for request_id in requests:
                        self._tag_of.pop(request_id, None)
                case AnswerRecord():
                    self._tag_of.pop(entry.key, None)
        wanted = set(self._tag_of.values())
        self._batch_of = {tag: name for tag, name in self._batch_of.items() if tag in wanted}

    async def _run(self) -> None:
        try:
            await self._rounds()
        except Exception as error:  # whatever it is, who waits must hear of it
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(error)

    async def _rounds(self) -> None:
        """Send new requests and poll those sent, as long as a caller waits."""
        wait, lost = self._first_wait_s, 0
        while self._waiting:
            arrived = len(self._fresh)
            await asyncio.sleep(wait)
            if len(self._fresh) > arrived:
                continue  # more may be on their way
            try:
                if self._fresh:
                    await self._send()
                    wait = self._first_wait_s
                await self._look()
                lost = 0
            except REQUEST_ERRORS as error:
                failure = self._endpoint.failure(error)
                lost += 1
                if failure.fatal or lost == POLLS_LOST:
                    self._fail(list(self._waiting), failure)
            except AttemptFailed as failure:
                self._fail(list(self._waiting), failure)
            wait = min(1.5 * wait, LONGEST_POLL * self._first_wait_s)

    async def _send(self) -> None:
        """Make batches of the fresh requests."""
        self._fresh = [request for request in self._fresh if request.request_id in self._waiting]
        while self._fresh:
            content, count = self._api.part(self._fresh)
            part, self._fresh = self._fresh[:count], self._fresh[count:]
            tag = uuid4().hex
            ids = [request.request_id for request in part]
            if self._journal is not None:
                self._journal.append(PLANNED, tag, PlannedRecord(self._identity, tuple(ids)))
            self._tag_of.update(dict.fromkeys(ids, tag))
            try:
                self._submitted(tag, await self._api.create(tag, content, part[0]))
            except REQUEST_ERRORS as error:
                # It may have come into being all the same: then it would be paid for twice.
                try:
                    batch_id = await self._api.find(tag)
                except NotKnownYet:
                    continue
                if batch_id is None:
                    self._lose(ids, self._endpoint.failure(error))
                else:
                    self._submitted(tag, batch_id)

    def _submitted(self, tag: str, batch_id: str) -> None:
        if self._journal is not None:
            self._journal.append(SUBMITTED, tag, SubmittedRecord(batch_id))
        self._batch_of[tag] = batch_id
        log.info("%s: batch %s submitted", self._endpoint.where, batch_id)

    async def _look(self) -> None:
        """Ask how the batches are, and hand out the answers of those that have ended."""
        for tag in {self._tag_of[name] for name in self._waiting if name in self._tag_of}:
            if tag not in self._batch_of:
                await self._lost_and_found(tag)
                continue
            batch_id = self._batch_of[tag]
            batch = await self._api.end(batch_id)
            if batch is None:
                continue
            lines = batch.lines
            members = [name for name in self._waiting if self._tag_of.get(name) == tag]
            for name in members:
                line = lines.get(custom_id(name))
                if line is not None and not self._waiting[name].done():
                    self._waiting[name].set_result(line)
            missing = [name for name in members if custom_id(name) not in lines]
            said = f": {batch.said}" if batch.said else ""
            del self._batch_of[tag]
            self._lose(
                missing,
                AttemptFailed(
                    f"batch {batch_id} is {batch.status} and holds no answer{said}",
                    # What ran out of its day may be asked again; what was refused may not.
                    tries=3 if batch.status in ("expired", "completed") else 1,
                    charged=batch.status == "completed",
                    busy=True,
                ),
            )

    async def _lost_and_found(self, tag: str) -> None:
        """Look for a batch that was planned when the process ended; else plan it again."""
        try:
            batch_id = await self._api.find(tag)
        except NotKnownYet:
            return
        if batch_id is not None:
            self._submitted(tag, batch_id)
            return
        members = [name for name in self._waiting if self._tag_of.get(name) == tag]
        self._lose(members, AttemptFailed("the batch was never made", tries=2, busy=True))

    def _lose(self, names: Sequence[str], failure: AttemptFailed) -> None:
        """Fail requests that their batch does not answer: asked again, they need another one."""
        if not names:
            return
        if self._journal is not None:
            self._journal.append(LOST, "", LostRecord(tuple(names)))
        for name in names:
            self._tag_of.pop(name, None)
        self._fail(names, failure)

    def _fail(self, names: Sequence[str], failure: AttemptFailed) -> None:
        for name in names:
            future = self._waiting.get(name)
            if future is not None and not future.done():
                future.set_exception(failure)

    def _read(self, line: dict[str, Any], request: Request) -> AttemptAnswer:
        response = line.get("response") or {}
        try:
            if not response or line.get("error"):
                said = (line.get("error") or {}).get("message", "no reason given")
                raise AttemptFailed(f"a request of a batch failed: {said}", tries=2)
            if response.get("status_code") != 200:
                raise self._endpoint.refused(response.get("status_code", 0), response.get("body"))
            answer = self._endpoint.read(response.get("body") or {}, request)
            self._endpoint.room.learn_answer(request, answer)
            return answer
        except AttemptFailed as failure:
            failure.busy = True  # one request of many says nothing of the endpoint
            self._lose([request.request_id], failure)
            raise
