"""After reviewing: a model compares the best programs of different behaviour, pair by pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from medalist.agent.choose.policy import View
from medalist.agent.choose.recorded_choice import ChoiceTerms, record
from medalist.agent.choose.rivals import contestants
from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.propose.tournament import (
    Disagreement,
    Pairing,
    contestants_of,
    meetings,
    play_tournament,
)
from medalist.agent.steps.problem_run import ProblemRun
from medalist.agent.types import OutcomeKey, Program

_NOT_SHOWN = "(a long output)"


def dueled(run: ProblemRun, view: View) -> tuple[View, str | None]:
    """Return the view with the duels, and the cap that ended them, if any.

    Each pair meets in both orders, with the smallest input on which the two differ and what both
    do there. The reviewer judges, if there is
    one, else the model that wrote the programs.

    Raises:
        ModelFailure: The endpoint cannot be used.
    """
    tools, progress = run.tools, run.progress
    programs = contestants(view, contestants_of(run.settings.duels))
    if run.settings.duels < 1 or len(programs) < 2 or tools.given is not None:
        return view, None
    table = BehaviourTable(run.suite, run.public.equality, tools.journal)
    judge = tools.reviewer or tools.model

    def came() -> None:
        progress.duels += 1
        progress.tokens, progress.cost_usd = judge.spent.tokens, judge.spent.usd
        run.tell("dueling")

    progress.duels_wanted = 2 * meetings(len(programs), run.settings.duels)
    run.tell("dueling")
    duels, ended = play_tournament(
        run.public,
        programs,
        judge,
        Pairing(run.settings.duels, disagreements(view, table, programs)),
        came,
    )
    view = replace(view, duels=tuple(duels))
    record(
        tools.journal,
        run.problem_id,
        view,
        ChoiceTerms(suite=run.suite, rules=tools.rules, policy=tools.policy.name),
    )
    return view, ended


def disagreements(
    view: View, table: BehaviourTable, programs: Sequence[Program]
) -> dict[tuple[str, str], Disagreement]:
    """Return for each pair the smallest input on which both were run and did different things."""
    by_pair = {}
    names = [program.program_id for program in programs]
    for place, first in enumerate(names):
        for second in names[place + 1 :]:
            rows = view.behaviours[first].keys, view.behaviours[second].keys
            differing = [
                index
                for index, (one, two) in enumerate(zip(*rows, strict=True))
                if one is not None and two is not None and one != two
            ]
            if differing:
                index = min(differing, key=lambda index: len(table.inputs[index]))
                by_pair[first, second] = Disagreement(
                    table.inputs[index].decode("utf-8", "replace"),
                    _shown(table, table.printed(first, index, rows[0][index])),
                    _shown(table, table.printed(second, index, rows[1][index])),
                )
    return by_pair


def _shown(table: BehaviourTable, key: OutcomeKey | None) -> str:
    """What a program did, for whoever judges it."""
    assert key is not None  # only inputs on which it was run are shown
    if not key.is_output:
        return f"(nothing: {key.failure})"
    output = table.output(key)
    return _NOT_SHOWN if output is None else output.decode("utf-8", "replace")
