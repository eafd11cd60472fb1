"""Before observing: inputs by generators that the model writes, if its validators accept them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from medalist.agent.evidence.origin import EvidenceInput, Origin
from medalist.agent.evidence.written import WrittenInputs, written_inputs
from medalist.agent.propose.helper_programs import HelperAnswers, ask_for_helpers, helpers_asked
from medalist.agent.steps.problem_run import ProblemRun
from medalist.problems.model import Kind

_RECORD = "written"
"""The kind of the journal's event that holds the inputs that were kept; the key is the problem."""


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
        or run.public.kind not in (Kind.BATCH, Kind.FUNCTION)
    ):
        return HelperAnswers()

    def came() -> None:
        progress.helpers += 1
        progress.tokens, progress.cost_usd = tools.model.spent.tokens, tools.model.spent.usd
        run.tell("writing")

    progress.helpers_wanted = helpers_asked(run.public, settings.generators, settings.validators)
    run.tell("writing")
    return ask_for_helpers(
        run.public,
        tools.model,
        settings.generators,
        settings.validators,
        seed=settings.seed,
        came=came,
    )


def inputs_of(run: ProblemRun, helpers: HelperAnswers) -> list[EvidenceInput]:
    """Return the inputs that the helpers make and accept, and journal them.

    What was kept once is kept, whatever a generator that draws lots would make today. Where a cap
    had ended the asking and more helpers have come since, what they add comes behind.

    Raises:
        SandboxFailure: A box broke several times in a row.
    """
    if not helpers.programs:
        return []
    journal = run.tools.journal
    known = journal.get(_RECORD, run.problem_id)
    body = cast("dict[str, Any]", known.body) if known is not None else None
    kept = [] if body is None else _kept(run, body)
    if body is None or body["programs"] < len(helpers.programs):
        run.tell("writing")
        found = written_inputs(
            run.public,
            helpers.programs,
            run.tools.pool,
            workers=run.tools.pool.size,
            seed=run.settings.seed,
        )
        there = {one.content for one in kept}
        kept += [one for one in found.inputs if one.content not in there]
        _record(run, helpers, found, kept)
    run.progress.written = len(kept)
    return kept


def _record(
    run: ProblemRun, helpers: HelperAnswers, found: WrittenInputs, kept: list[EvidenceInput]
) -> None:
    journal = run.tools.journal
    generators, validators = helpers.asked
    body: dict[str, Any] = {
        "inputs": [[journal.put_blob(one.content), one.origin.trust, one.subtask] for one in kept],
        "programs": len(helpers.programs),
        "generators": generators,
        "validators": validators,
        "generating": found.generating,
        "voting": found.voting,
        "made": found.made,
    }
    journal.append(_RECORD, run.problem_id, body)


def _kept(run: ProblemRun, body: dict[str, Any]) -> list[EvidenceInput]:
    return [
        EvidenceInput(run.tools.journal.blob(digest), Origin("written", trust), subtask)
        for digest, trust, subtask in body["inputs"]
    ]
