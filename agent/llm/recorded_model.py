"""A model that answers from the journal of an earlier run."""

from __future__ import annotations

import hashlib
from collections import defaultdict, deque
from collections.abc import Collection, Mapping
from pathlib import Path

from pydantic import JsonValue

from medalist.agent.journal import Journal
from medalist.agent.journal.plans import BATCH, BATCH_PLAN, SOLVE, SOLVE_PLAN
from medalist.agent.llm.attempt import AttemptAnswer, AttemptFailed, FixedLimits
from medalist.agent.llm.call_records import DONE, INTENT
from medalist.agent.llm.contract import Completion, ModelTraits, Request
from medalist.agent.llm.ledger import completion_of, question, question_key

_PREFIX = "recorded:"


def recorded_run(spec: str | None) -> Path | None:
    """Return the directory that `recorded:RUN` names; None for any other model."""
    return Path(spec.removeprefix(_PREFIX)) if spec and spec.startswith(_PREFIX) else None


def recorded_settings(run_dir: Path) -> Mapping[str, JsonValue]:
    """Return with which settings a run asked, off its plan; empty where it has none.

    Raises:
        BadInput: There is no journal in `run_dir`.
    """
    with Journal.open(run_dir, readonly=True) as journal:
        alone, batch = journal.get(SOLVE_PLAN, SOLVE), journal.get(BATCH_PLAN, BATCH)
    settings = alone or (batch.settings if batch is not None else None)
    return settings.given() if settings is not None else {}


def recorded_traits(run_dir: Path, *, reviewer: bool = False) -> ModelTraits:
    """Return the traits of a recording: it is asked as the model was whose answers it has.

    Args:
        run_dir: The run.
        reviewer: Whether its reviewer is meant.

    Raises:
        BadInput: There is no journal in `run_dir`.
    """
    settings = recorded_settings(run_dir)
    is_small = settings.get("reviewer_small" if reviewer else "small") is True
    return ModelTraits(prompt_form="small" if is_small else "full", recorded=run_dir)


class Recording(FixedLimits):
    """The answers of a run, found by what was asked.

    Equal questions get their answers in the order of the recording, except that a request with
    the id of a recorded one gets that one's answer. So the same solve gets the same answers,
    whatever runs concurrently.
    """

    concurrency = 1
    asked: Collection[str] = frozenset()

    def __init__(self, run_dir: Path) -> None:
        """Read the questions; texts stay on disk until they are asked for.

        Raises:
            BadInput: There is no journal in `run_dir`.
            JournalFailure: It cannot be read.
        """
        self.name = f"{_PREFIX}{run_dir}"
        self._journal = Journal.open(run_dir, readonly=True)
        questions: dict[str, str] = {}
        for intent in self._journal.events(INTENT):
            questions[intent.key] = question_key(intent.value.messages, intent.value.params)
        self._asked = frozenset(questions.values())
        self._answers: defaultdict[str, deque[str]] = defaultdict(deque)
        for answer in self._journal.events(DONE):
            self._answers[questions[answer.key]].append(answer.key)

    async def answer(self, request: Request) -> AttemptAnswer:
        """Give the recorded answer."""
        messages, params = question(request)
        digest = hashlib.sha256(messages.encode("utf-8", "surrogatepass")).hexdigest()
        key = question_key(digest, params)
        fitting = self._answers[key]
        if not fitting:
            raise AttemptFailed(
                f"{self.name} holds no (further) answer to request {request.request_id}",
                hint="it answers what was asked in that run: same problem, options and version",
                # What was asked and not answered then fails now in the same way.
                fatal=key not in self._asked,
            )
        request_id = request.request_id if request.request_id in fitting else fitting[0]
        fitting.remove(request_id)
        completion = self._completion(request_id)
        return AttemptAnswer(
            text=completion.text,
            reasoning=completion.reasoning,
            finish=completion.finish,
            usage=completion.usage,
            model=completion.model,
            recorded=True,
            cost_usd=completion.cost_usd,
            latency_s=completion.latency_s,
            calls=completion.calls,
            kept=completion.kept,
            logprobs=completion.logprobs,
        )

    async def aclose(self) -> None:
        """Close the journal."""
        self._journal.close()

    def _completion(self, request_id: str) -> Completion:
        answer = self._journal.get(DONE, request_id)
        assert answer is not None
        return completion_of(self._journal, request_id, answer)
