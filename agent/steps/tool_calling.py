"""Calls of tools in a run: carried out once, journalled, and given again by a recording."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import count

from medalist.agent.evidence.tool_runs import ToolRuns
from medalist.agent.extract.answer import Extraction
from medalist.agent.extract.extractor import Extractor
from medalist.agent.journal import Journal
from medalist.agent.llm.call_records import DONE
from medalist.agent.llm.contract import Model, PromptForm, ToolCall
from medalist.agent.propose.sample import Sampler
from medalist.agent.propose.tool_answer import ToolHooks, ToolLimits, turn_id
from medalist.agent.propose.tool_list import SUBMIT, ToolResult
from medalist.agent.propose.tool_protocol import ToolOffer, arguments_of
from medalist.agent.propose.tool_turns import ModelWithTools
from medalist.agent.steps.problem_run import ProblemRun
from medalist.agent.steps.run_settings import RunSettings
from medalist.agent.steps.tool_records import (
    TOOL_CALLED,
    TOOLS_REFUSED,
    ToolCallRecord,
    ToolsRefusedRecord,
)
from medalist.agent.steps.tool_submitting import ToolSubmissions
from medalist.agent.types import Candidate
from medalist.problems.model import Kind, PublicProblem

log = logging.getLogger(__name__)


def offer_of(
    public: PublicProblem, settings: RunSettings, form: PromptForm, *, may_submit: bool = False
) -> ToolOffer | None:
    """Return how tools are offered; None where they are not.

    `may_submit` says whether the rules let the model submit while it answers.

    Interactive and output-only problems have none: without the judge's own side there is nothing
    to run their programs with.
    """
    if not settings.tools or public.kind not in (Kind.BATCH, Kind.FUNCTION):
        return None
    return ToolOffer(
        protocol="native" if settings.tools == "native" else "text",
        form=form,
        languages=settings.languages,
        calls=settings.tool_calls,
        submissions=settings.tool_submissions if may_submit else 0,
    )


@contextmanager
def with_tools(run: ProblemRun, sampler: Sampler) -> Iterator[Model]:
    """Return the run's model as it answers the sampler's questions: with tools, if they are on.

    Raises:
        BadInput: The run whose answers are given again has no journal.
    """
    model, settings, offer = run.tools.model, run.settings, sampler.offer
    if offer is None:
        yield model
        return
    extract = Extractor(run.public)
    with ExitStack() as opened:
        recorded = model.traits.recorded
        earlier = None
        if recorded is not None:
            earlier = opened.enter_context(Journal.open(recorded, readonly=True))
        yield ModelWithTools(
            model,
            offer,
            ToolLimits(settings.tool_calls, settings.tool_seconds, settings.tool_tokens),
            ToolHooks(
                carry_out=_Calls(run, earlier),
                language_of=sampler.language_with_tools,
                program_of=lambda answer: _program(extract(sampler.candidate(answer))),
                afresh=sampler.ask_afresh if settings.tool_repair == "afresh" else None,
                refused=lambda why: _note_refusal(run.tools.journal, model.name, why),
            ),
            refused=run.tools.journal.get(TOOLS_REFUSED, model.name) is not None
            or (earlier is not None and any(earlier.events(TOOLS_REFUSED))),
        )


def _note_refusal(journal: Journal, model: str, why: str) -> None:
    """Say and keep that calls are text from now on."""
    log.warning("%s: its calls of tools are text from now on (--tools text)", why)
    journal.append(TOOLS_REFUSED, model, ToolsRefusedRecord(why))


def further_turns(run: ProblemRun, candidates: Iterable[Candidate]) -> list[str]:
    """Return the ids of the questions that were answered after the first of an answer's turns."""
    if not run.settings.tools:
        return []
    turns = []
    for candidate in candidates:
        for number in count(1):
            name = turn_id(candidate.candidate_id, number)
            if run.tools.journal.get(DONE, name) is None:
                break
            turns.append(name)
    return turns


class _Calls:
    """Carries out calls, each once in a run; half of the boxes are left to the judge."""

    def __init__(self, run: ProblemRun, earlier: Journal | None) -> None:
        self._run = run
        self._journal = run.tools.journal
        self._earlier = earlier
        self._runs = ToolRuns(run.inputs, run.tools.pool)
        self._submit = ToolSubmissions(run, self._runs)
        self._room = threading.Semaphore(max(1, run.tools.pool.size // 2))

    def __call__(self, key: str, call: ToolCall, language: str, seconds: float) -> ToolResult:
        """Return the result of a call."""
        digest = hashlib.sha256(call.arguments.encode("utf-8", "surrogatepass")).hexdigest()
        known = self._known(self._journal, key, call, digest)
        if known is not None:
            return known
        result = None if self._earlier is None else self._known(self._earlier, key, call, digest)
        if result is None or self._submits(call):
            result = self._carried_out(key, call, language, seconds)
        self._record(key, call, result)
        return result

    def _submits(self, call: ToolCall) -> bool:
        """Whether a call is a submission; a recording's counts where it is given again, too."""
        return call.name == SUBMIT and self._run.tools.open_judge is not None

    def _carried_out(self, key: str, call: ToolCall, language: str, seconds: float) -> ToolResult:
        arguments = arguments_of(call)
        if isinstance(arguments, str):
            form = "" if call.name else ' A call looks like this: {"tool": "test_samples"}'
            return ToolResult(f"Not carried out: {arguments}.{form}")
        with self._room, self._run.tools.lease.hold("judge"):
            if call.name == SUBMIT:
                result = self._submit(key, arguments, language, seconds)
            else:
                result = self._runs(call.name, arguments, language, seconds)
        return replace(result, seconds=round(result.seconds, 3))  # as the journal holds it

    def _record(self, key: str, call: ToolCall, result: ToolResult) -> None:
        put = self._journal.put_blob
        record = ToolCallRecord(
            tool=_name(call),
            arguments=put(call.arguments),
            result=put(result.text),
            seconds=result.seconds,
            language=result.language,
            source=None if result.source is None else put(result.source),
            failed=result.failed,
        )
        self._journal.append(TOOL_CALLED, key, record)

    @staticmethod
    def _known(journal: Journal, key: str, call: ToolCall, digest: str) -> ToolResult | None:
        record = journal.get(TOOL_CALLED, key)
        if record is None or (record.tool, record.arguments) != (_name(call), digest):
            return None

        def text(blob: str) -> str:
            return journal.blob(blob).decode("utf-8", "surrogatepass")

        source = None if record.source is None else text(record.source)
        return ToolResult(
            text(record.result), record.seconds, record.language, source, record.failed
        )


def _program(extraction: Extraction) -> tuple[str, str] | None:
    if extraction.language is None or extraction.source is None:
        return None
    return extraction.language, extraction.source


def _name(call: ToolCall) -> str:
    return call.name[:64].encode("utf-8", "replace").decode("utf-8")
