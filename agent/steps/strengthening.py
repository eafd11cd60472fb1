"""Between observing and choosing: is the evidence strong, and more of it where it is not.

Mutants of the program that would be submitted now are wrong if it is right. The share of them that
behaves differently on the inputs says how strong these are; it is journalled (`STRENGTH`), so that
a run that continues adds the same inputs again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from medalist.agent.choose.make_view import as_seen
from medalist.agent.choose.policy import View
from medalist.agent.evidence.alike import grouping
from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.evidence.matrix import FillOptions, fill, run_limits
from medalist.agent.evidence.program_mutants import mutants
from medalist.agent.evidence.strength import WEAK, strength
from medalist.agent.extract.identity import program_id
from medalist.agent.journal import EventKind
from medalist.agent.steps.building import compile_program
from medalist.agent.steps.problem_run import ProblemRun, Tools
from medalist.agent.types import Behaviour, Program, Submission
from medalist.sandbox.box import Executable
from medalist.sandbox.languages import default_row

ROUNDS = 2
"""How often more inputs are made at most."""


@dataclass(frozen=True)
class StrengthRecord:
    """How strong inputs are.

    Attributes:
        mutants: How many mutants of the leading program compiled.
        survivors: The ids of those that no input tells apart from it.
    """

    mutants: int
    survivors: tuple[str, ...]


STRENGTH = EventKind(
    "strength",
    StrengthRecord,
    key="<problem>/<leading program>/<number of inputs>",
    doc="Mutants of the leading program were run on the evidence inputs.",
)


def strengthened(
    run: ProblemRun, view: View, inputs: Sequence[bytes], more: Callable[[int], View]
) -> View:
    """Return a view on inputs that are strong, or as strong as a few rounds of new ones make them.

    Nothing is done where the leading program behaves like no other: new inputs can only part
    programs that behave alike.

    Args:
        run: The problem, how many mutants to try, and the seed.
        view: What is known so far.
        inputs: The evidence inputs; `more` makes it longer.
        more: Makes the inputs of a round (from 1), runs the programs on them and looks again.

    Raises:
        SandboxFailure: A box failed.
    """
    leader = _leader(view, run.tools)
    if leader is None:
        return view
    measure = _Measure(run, leader)
    name = leader.program_id
    killed, total = measure(view.behaviours[name], inputs)
    for number in range(1, ROUNDS + 1):
        if killed >= WEAK * total:
            break
        wider = more(number)
        if wider.inputs > view.inputs:
            view = wider
            killed, total = measure(view.behaviours[name], inputs)
    return replace(view, mutants=(killed, total))


def _leader(view: View, tools: Tools) -> Program | None:
    """The cheapest program to change and compile of the cluster that would be submitted now."""
    rules = replace(tools.rules, submissions=1, more=None)
    decision = tools.policy.decide(view, (), rules)
    if not isinstance(decision, Submission) or not view.passes(decision.program_id):
        return None
    alike = next(
        (cluster.programs for cluster in view.clusters if decision.program_id in cluster.programs),
        (),
    )
    if len(alike) < 2:
        return None
    members = [program for program in view.programs if program.program_id in alike]
    return min(members, key=lambda one: (_is_compiled(one), len(one.source)))


def _is_compiled(program: Program) -> bool:
    return default_row(program.language).produces != "scripts"


class _Measure:
    """Counts the mutants of a program that growing inputs tell apart from it."""

    def __init__(self, run: ProblemRun, leader: Program) -> None:
        self._public = run.public
        self._leader = leader
        self._tools = run.tools
        self._most = run.settings.mutants
        self._total: int | None = None
        self._seen = 0  # inputs that were looked at
        language = leader.language
        # Some do not compile: twice as many are tried.
        made = mutants(leader.source, language, count=2 * self._most, seed=run.settings.seed)
        programs = {
            (name := program_id(language, item.source)): Program(name, language, item.source, ())
            for item in made
        }
        programs.pop(leader.program_id, None)
        self._alive = list(programs.values())

    def __call__(self, row: Behaviour, inputs: Sequence[bytes]) -> tuple[int, int]:
        """Return how many mutants are killed by inputs on which the leader did `row`."""
        width = len(row.keys)
        key = f"{self._public.problem_id}/{row.program_id}/{width}"
        known = self._tools.journal.get(STRENGTH, key)
        if known is not None:
            total, survivors = known.mutants, known.survivors
        else:
            built = self._compiled()
            total = len(built) if self._total is None else self._total
            new = Behaviour(row.program_id, row.keys[self._seen :], row.cpu_s[self._seen :])
            survivors = self._survivors(built, new, inputs[self._seen : width])
            self._tools.journal.append(STRENGTH, key, StrengthRecord(total, survivors))
        self._total, self._seen = total, width
        self._alive = [program for program in self._alive if program.program_id in survivors]
        return total - len(survivors), total

    def _compiled(self) -> dict[str, Executable]:
        """Compile those that are alive, until there are enough."""
        executables: dict[str, Executable] = {}
        pool = self._tools.pool
        with ThreadPoolExecutor(pool.size, thread_name_prefix="compile") as workers:
            for start in range(0, len(self._alive), self._most):
                some = self._alive[start : start + self._most]
                results = workers.map(lambda one: compile_program(self._public, one, pool), some)
                for one, result in zip(some, results, strict=True):
                    if result.executable is not None and len(executables) < self._most:
                        executables[one.program_id] = result.executable
                if len(executables) == self._most:
                    break
        return executables

    def _survivors(
        self, built: Mapping[str, Executable], row: Behaviour, inputs: Sequence[bytes]
    ) -> tuple[str, ...]:
        table = BehaviourTable("mutants", self._public.equality)
        table.add_inputs(inputs)
        # Many never end: they get what the leader needs, and some more.
        cpu_s = min(self._public.limits.time_s, 1.0 + 5 * max(row.cpu_s, default=0.0))
        limits = run_limits(self._public, cpu_s)
        pool = self._tools.pool
        files = self._public.files
        if not self._public.special_checker and self._public.equality.is_equivalence:
            rows = fill(
                table,
                built.items(),
                pool,
                FillOptions(limits, files=files, workers=pool.size, like=row),
            )
            alive = set(strength(row, rows).survivors)
            return tuple(name for name in built if name in alive)
        # Other outputs may be equal: all are needed, and the leader's beside them.
        leader = compile_program(self._public, self._leader, pool).executable
        assert leader is not None  # it was run before
        ran = {row.program_id: leader, **built}
        rows = fill(table, ran.items(), pool, FillOptions(limits, files=files, workers=pool.size))
        by_program = {row.program_id: row for row in rows}
        equal = grouping(
            self._public, table, by_program, {row.program_id: len(ran)}, list(by_program)
        )
        aside = {index: "" for index, key in enumerate(row.keys) if key is None}
        seen = {name: as_seen(equal.comparable(one), (), aside) for name, one in by_program.items()}
        alive = set(strength(seen.pop(row.program_id), seen.values()).survivors)
        return tuple(name for name in built if name in alive)
