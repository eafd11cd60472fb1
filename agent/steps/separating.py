"""After choosing: the smallest input that tells the chosen program from its strongest rival."""

from __future__ import annotations

from contextlib import suppress

from medalist.agent.choose.choice_records import SEPARATOR
from medalist.agent.choose.policy import View
from medalist.agent.choose.recorded_choice import record_separator, separator_key
from medalist.agent.choose.rivals import rival_of, separating_input
from medalist.agent.evidence.behaviour_table import suite_inputs
from medalist.agent.evidence.distinguishing import is_timeout, runner, smallest, telling_like
from medalist.agent.evidence.judged import UNEQUAL
from medalist.agent.steps.building import Executables
from medalist.agent.steps.problem_run import ProblemRun
from medalist.agent.types import Program
from medalist.errors import SandboxFailure

_LONGEST = 10_000
"""Longer inputs (bytes) take too long to be made readable."""


def separate(run: ProblemRun, view: View, chosen: Program | None) -> None:
    """Shrink the input on which the chosen program and its strongest rival differ; journal it.

    Nothing of the choice depends on it: where a box fails, it is left out. A sample is kept as
    it is: everybody knows it; so is what is very long, or takes one of the two too long.
    """
    public, tools = run.public, run.tools
    rival = None if chosen is None else rival_of(view, chosen.program_id)
    if chosen is None or rival is None:
        return
    pair = chosen.program_id, rival
    inputs = suite_inputs(tools.journal, run.suite)
    place = separating_input(view, inputs, *pair)
    if place is None or place in view.known or len(inputs[place]) > _LONGEST:
        return
    if tools.journal.get(SEPARATOR, separator_key(public.problem_id, pair)) is not None:
        return
    other = next(program for program in view.programs if program.program_id == rival)
    executables = Executables(public, (chosen, other), tools.pool)
    keys = [view.behaviours[name].keys[place] for name in pair]
    # What a checker says of an output would have to be asked again of each smaller input.
    if any(is_timeout(key) or (key is not None and key.failure in UNEQUAL) for key in keys):
        return
    with suppress(SandboxFailure):
        programs = [executables[name] for name in pair]
        outcomes = runner(public, programs, tools.pool)
        telling = telling_like(keys, public.equality)
        shrunk = smallest(run.inputs, inputs[place], outcomes, telling)
        if shrunk is not None:
            record_separator(tools.journal, public.problem_id, pair, *shrunk)
