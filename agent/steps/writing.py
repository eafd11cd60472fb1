"""Before observing: inputs by generators that the model writes, if its validators accept them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from medalist.agent.evidence.input_vote import VoteTerms
from medalist.agent.evidence.origin import EvidenceInput, Origin
from medalist.agent.evidence.written import WrittenInputs, written_inputs
from medalist.agent.journal import EventKind
from medalist.agent.propose.helper_programs import (
    HelperAnswers,
    HelperCounts,
    ask_for_helpers,
    helper_requests,
)
from medalist.agent.steps.problem_run import ProblemRun
from medalist.agent.steps.run_settings import RunSettings
from medalist.problems.model import Kind, PublicProblem


@dataclass(frozen=True)
class WrittenInput:
    """An input that was kept.

    Attributes:
        content: Its digest.
        trust: How far it is trusted, 0 to 1.
        subtask: The subtask that its generator was asked for.
    """

    content: str
    trust: float
    subtask: str | None = None


@dataclass(frozen=True)
class WrittenRecord:
    """The inputs that generators and validators brought.

    Attributes:
        inputs: Those that were kept, in their order.
        programs: How many distinct generators and validators came.
        generators: How many generators were asked for.
        validators: How many validators were asked for.
        generating: How many generators made any input.
        voting: How many validators had a vote.
        made: How many distinct inputs were made.
    """

    inputs: tuple[WrittenInput, ...] = field(default_factory=tuple)
    programs: int = 0
    generators: int = 0
    validators: int = 0
    generating: int = 0
    voting: int = 0
    made: int = 0


WRITTEN = EventKind(
    "written",
    WrittenRecord,
    key="<problem>",
    doc="Generators and validators that the model wrote were run; the newest counts.",
)


def ask_helpers(run: ProblemRun, programs: Collection[str]) -> HelperAnswers:
    """Ask for generators and validators, if there is anything to separate and to run them on.

    Args:
        run: The run.
        programs: The ids of those that compile: inputs are of use from two on.

    Raises:
        ModelFailure: The endpoint cannot be used.
    """
    settings, tools, progress = run.settings, run.tools, run.progress
    if (
        settings.generators < 1
        or tools.given is not None
        or len(programs) < 2
        or not may_be_written(run.public)
    ):
        return HelperAnswers()

    def came() -> None:
        progress.helpers += 1
        progress.tokens, progress.cost_usd = tools.model.spent.tokens, tools.model.spent.usd
        run.tell("writing")

    asked = helper_requests(
        run.public,
        counts_of(settings),
        form=tools.model.traits.prompt_form,
        seed=settings.seed,
    )
    progress.helpers_wanted = len(asked)
    run.tell("writing")
    return ask_for_helpers(tools.model, asked, came)


def counts_of(settings: RunSettings) -> HelperCounts:
    """Return how many helpers are asked for."""
    return HelperCounts(
        settings.generators,
        settings.validators,
        settings.subtask_generators,
        settings.subtask_validators,
    )


def may_be_written(public: PublicProblem) -> bool:
    """Whether programs have a behaviour on inputs alone, without the judge's own side."""
    return public.kind in (Kind.BATCH, Kind.FUNCTION)


def inputs_of(run: ProblemRun, helpers: HelperAnswers) -> list[EvidenceInput]:
    """Return the inputs that the helpers make and accept, and journal them.

    What was kept once is kept, whatever a generator that draws lots would make today. Where a cap
    had ended the asking and more helpers have come since, what they add comes behind.

    Raises:
        SandboxFailure: A box failed several times in a row.
    """
    if not helpers.programs:
        return []
    known = run.tools.journal.get(WRITTEN, run.problem_id)
    kept = [] if known is None else _kept(run, known)
    if known is None or known.programs < len(helpers.programs):
        run.tell("writing")
        written = written_inputs(
            run.public,
            helpers.programs,
            run.tools.pool,
            VoteTerms(run.tools.pool.size, run.settings.seed, run.validators),
        )
        there = {generated.content for generated in kept}
        kept += [input_ for input_ in written.inputs if input_.content not in there]
        _record(run, helpers, written, kept)
    run.progress.written = len(kept)
    return kept


def _record(
    run: ProblemRun, helpers: HelperAnswers, written: WrittenInputs, kept: list[EvidenceInput]
) -> None:
    journal = run.tools.journal
    generators, validators = helpers.asked
    record = WrittenRecord(
        inputs=tuple(
            WrittenInput(
                journal.put_blob(generated.content), generated.origin.trust, generated.subtask
            )
            for generated in kept
        ),
        programs=len(helpers.programs),
        generators=generators,
        validators=validators,
        generating=written.generating,
        voting=written.voting,
        made=written.made,
    )
    journal.append(WRITTEN, run.problem_id, record)


def _kept(run: ProblemRun, record: WrittenRecord) -> list[EvidenceInput]:
    journal = run.tools.journal
    return [
        EvidenceInput(journal.blob(input_.content), Origin("written", input_.trust), input_.subtask)
        for input_ in record.inputs
    ]
