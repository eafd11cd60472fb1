"""Third step: few behaviours, seen on the samples and on inputs made from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from medalist.agent.choose.make_view import Observed, make_view
from medalist.agent.choose.policy import ExpectedOutput, View
from medalist.agent.choose.recorded_choice import ChoiceTerms, record
from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.evidence.brute_force import expected_outputs, recognised
from medalist.agent.evidence.judged import OutputsJudge
from medalist.agent.evidence.matrix import FillOptions, fill, run_limits
from medalist.agent.evidence.origin import SAMPLE, UNKNOWN, EvidenceInput, Origin
from medalist.agent.evidence.samples import may_be_right
from medalist.agent.evidence.survivors import survivors
from medalist.agent.steps.predicting import Prediction, claims_of
from medalist.agent.steps.problem_run import ProblemRun
from medalist.agent.steps.strengthening import strengthened
from medalist.agent.types import Candidate, Program
from medalist.problems.model import Kind
from medalist.sandbox.box import Executable

MOST_ON_ALL = 1000
"""So many programs at most are run on every input: that takes minutes, and ten thousand hours."""

_FIRST = 8
"""Made inputs on which all programs are run, to see which are worth more (see `survivors`)."""

_APART = 1009
"""Between the seeds of rounds of inputs; within a round, subtasks have seeds in a row."""


@dataclass(frozen=True)
class EvidenceSources:
    """What comes from a model.

    Attributes:
        written: By generators that it wrote.
        predictions: Of test cases, whose outputs are claimed.
        judge: Says which outputs are right, where texts of right ones may differ.
    """

    written: Sequence[EvidenceInput] = ()
    predictions: Sequence[Prediction] = ()
    judge: OutputsJudge | None = None


def observe(
    run: ProblemRun,
    programs: Sequence[Program],
    executables: Mapping[str, Executable],
    candidates: Sequence[Candidate] = (),
    given: EvidenceSources = EvidenceSources(),
) -> Observation:
    """Run the programs on the samples, and those that pass on made and `given` inputs too.

    With subtasks all are run on those: one that fails a sample may hold a subtask. Of thousands
    only `MOST_ON_ALL` are run on more than the first generated inputs. Inputs at bounds, a tenth
    as many, show which programs are slow. What programs that were asked for as brute force agree on
    is claimed to be right; `candidates` say which those are.
    """
    public, tools, settings = run.public, run.tools, run.settings
    run.tell("observing")
    table = BehaviourTable(run.suite, public.equality, tools.journal)
    seen = Observation(run, programs, executables, candidates, table, given)
    # Interactive and output-only programs have no behaviour without the judge's own side.
    if public.kind in (Kind.BATCH, Kind.FUNCTION):
        seen.extend(EvidenceInput(sample.input.encode(), SAMPLE) for sample in public.samples)
        seen.run(list(executables))
        possible = [name for name in executables if may_be_right(public, table, name)]
        names = list(executables) if public.subtasks or not possible else possible
        made = run.inputs.made(settings.evidence)
        if len(names) > MOST_ON_ALL:
            seen.extend(made[:_FIRST])
            seen.run(names)
            rows = [table.behaviour(name, seen.width) for name in names]
            names = survivors(rows, MOST_ON_ALL)
        seen.extend(made)
        seen.extend(given.written)
        seen.extend(prediction.case for prediction in given.predictions)
        seen.extend(run.inputs.large(settings.evidence // 10))
        seen.run(names)
        seen.on_all = names
    return seen


def concluded(seen: Observation, view: View, separating: Sequence[EvidenceInput] = ()) -> View:
    """Run the programs on inputs that separate some of them, too; journal what is known then.

    Where the inputs turn out to be weak, more are made.

    Args:
        seen: What was looked at.
        view: What is known by it.
        separating: Inputs that were made for pairs of programs.
    """
    run, tools, settings = seen.of, seen.of.tools, seen.of.settings
    if separating:
        seen.extend(separating)
        seen.run(seen.on_all)
        view = seen.view()
    if settings.mutants:

        def more(number: int) -> View:
            seed = settings.seed + _APART * number
            seen.extend(run.inputs.made(settings.evidence, seed))
            seen.run(seen.on_all)
            return seen.view()

        view = strengthened(run, view, seen.table.inputs, more)
    tools.journal.flush()
    run.progress.inputs, run.progress.mutants = view.inputs, view.mutants
    run.progress.equality = view.equality
    run.progress.pass_samples = sum(view.passes(program_id) for program_id in seen.executables)
    run.progress.clusters = len(view.clusters)
    record(
        tools.journal,
        run.problem_id,
        view,
        ChoiceTerms(suite=run.suite, rules=tools.rules, policy=tools.policy.name),
    )
    return view


@dataclass
class Observation:
    """Programs on a growing suite; inputs beyond `width` are of a later look at more programs.

    `on_all` are the programs that are run on every input.
    """

    of: ProblemRun
    programs: Sequence[Program]
    executables: Mapping[str, Executable]
    candidates: Sequence[Candidate]
    table: BehaviourTable
    given: EvidenceSources
    width: int = 0
    origins: dict[int, Origin] = field(default_factory=dict)
    asked_for: dict[int, str] = field(default_factory=dict)
    on_all: Sequence[str] = ()

    def extend(self, inputs: Iterable[EvidenceInput]) -> None:
        """Look at these inputs, too."""
        given = list(inputs)
        places = self.table.add_inputs(generated.content for generated in given)
        for place, one in zip(places, given, strict=True):
            self.origins.setdefault(place, one.origin)
            if one.subtask is not None:
                self.asked_for[place] = one.subtask
        self.width = max(self.width, 1 + max(places, default=-1))

    def run(self, names: Sequence[str]) -> None:
        """Run programs on what they have not seen yet."""
        public, progress, pool = self.of.public, self.of.progress, self.of.tools.pool
        limits = run_limits(public)
        todo = [name for name in names if self.table.missing(name, self.width)]
        progress.observed = len(names) - len(todo)
        programs = ((name, self.executables[name]) for name in todo)
        for _ in fill(
            self.table,
            programs,
            pool,
            FillOptions(limits, files=public.files, workers=pool.size, width=self.width),
        ):
            progress.observed += 1
            self.of.tell("observing")

    def view(self) -> View:
        """What is known so far."""
        origins = [self.origins.get(place, UNKNOWN) for place in range(self.width)]
        view = make_view(
            Observed(self.of.inputs, self.table, origins, self.asked_for),
            [program for program in self.programs if program.program_id in self.executables],
            candidates=self.candidates,
            seed=self.of.settings.seed,
            judge=self.given.judge,
        )
        return replace(view, claims=self._claims(view))

    def _claims(self, view: View) -> tuple[ExpectedOutput, ...]:
        """What brute-force programs that pass the samples agree on, and what tests predict."""
        asked = recognised(
            self.programs,
            {candidate.candidate_id: candidate.prompt_id for candidate in self.candidates},
        )
        rows = view.behaviours
        oracles = [
            name for name in asked if name in rows and view.sample_share.get(name, 0.0) >= 1.0
        ]
        agreed = expected_outputs(rows, oracles)
        oracular = (
            ExpectedOutput(index, key, float(len(oracles)), oracle=True)
            for index, key in agreed.items()
        )
        equality = self.of.public.equality
        return (*oracular, *claims_of(view, self.table, self.given.predictions, equality))
