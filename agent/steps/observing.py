"""Third step: few behaviours, seen on the samples and on inputs made from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from medalist.agent.choose.policy import Claim, View
from medalist.agent.choose.recorded import record
from medalist.agent.evidence.inputs import evidence_inputs, input_subtasks, large_inputs
from medalist.agent.evidence.matrix import fill
from medalist.agent.evidence.oracle import expected_outputs, recognised
from medalist.agent.evidence.samples import known_outputs, sample_table, share_passed
from medalist.agent.evidence.table import Table
from medalist.agent.steps.parts import Settings, Tally, Tools, Watcher
from medalist.agent.words import Candidate, Program
from medalist.problems.model import Kind, PublicProblem
from medalist.sandbox.box import Executable
from medalist.sandbox.limits import MIB, Limits


def observe(
    public: PublicProblem,
    programs: Sequence[Program],
    executables: Mapping[str, Executable],
    tools: Tools,
    settings: Settings,
    tally: Tally,
    watch: Watcher,
    candidates: Sequence[Candidate] = (),
) -> View:
    """Run the programs on the samples, and those that pass on made inputs too.

    With subtasks all are run on those: one that fails a sample may hold a subtask. Inputs at the
    bounds, a tenth as many, show which programs are slow. What programs that were asked for as
    brute force agree on is claimed to be right; `candidates` say which those are.
    """
    watch("observing", tally)
    suite = f"{public.problem_id}/evidence"
    table = Table(suite, public.equality, tools.journal)
    # Interactive and output-only programs have no behaviour without the judge's own side.
    if public.kind in (Kind.BATCH, Kind.FUNCTION):
        sample_table(public, table)
        _observe(table, list(executables), executables, public, tools, tally, watch)
        table.add_inputs(evidence_inputs(public, settings.evidence, settings.seed))
        table.add_inputs(large_inputs(public, settings.evidence // 10, settings.seed))
        passing = [name for name in executables if share_passed(public, table, name) >= 1.0]
        names = list(executables) if public.subtasks or not passing else passing
        _observe(table, names, executables, public, tools, tally, watch)
    tools.journal.flush()
    view = View(
        programs=tuple(one for one in programs if one.program_id in executables),
        behaviours={program_id: table.behaviour(program_id) for program_id in executables},
        sample_share={
            program_id: share_passed(public, table, program_id) for program_id in executables
        },
        known=known_outputs(public, table),
        claims=_claims(public, programs, candidates, table),
        input_subtasks=input_subtasks(public, table.inputs),
        seed=settings.seed,
        time_limit_s=public.limits.time_s,
    )
    tally.inputs = len(table.inputs)
    tally.pass_samples = sum(view.passes(program_id) for program_id in executables)
    tally.clusters = len(view.clusters)
    record(
        tools.journal,
        public.problem_id,
        view,
        suite=suite,
        rules=tools.rules,
        policy=tools.policy.name,
    )
    return view


def _claims(
    public: PublicProblem,
    programs: Sequence[Program],
    candidates: Sequence[Candidate],
    table: Table,
) -> tuple[Claim, ...]:
    """What independent brute-force programs that pass the samples agree on."""
    known = set(table.programs)
    asked = recognised(programs, {one.candidate_id: one.prompt_id for one in candidates})
    oracles = [name for name in asked if name in known and share_passed(public, table, name) >= 1.0]
    agreed = expected_outputs({name: table.behaviour(name) for name in oracles}, oracles)
    return tuple(Claim(index, key, float(len(oracles))) for index, key in agreed.items())


def _observe(
    table: Table,
    names: Sequence[str],
    executables: Mapping[str, Executable],
    public: PublicProblem,
    tools: Tools,
    tally: Tally,
    watch: Watcher,
) -> None:
    limits = Limits(
        cpu_s=public.limits.time_s,
        memory_bytes=public.limits.memory_mb * MIB,
        output_bytes=public.limits.output_mb * MIB,
    )
    todo = [name for name in names if table.missing(name)]
    tally.observed = len(names) - len(todo)
    programs = ((name, executables[name]) for name in todo)
    for _ in fill(table, programs, tools.pool, limits, workers=tools.pool.size):
        tally.observed += 1
        watch("observing", tally)
