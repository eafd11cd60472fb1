"""Where many outputs may be right: checkers that the model writes say which count as equal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from medalist.agent.evidence.checker_runs import OutputCase
from medalist.agent.evidence.checker_sayings import CheckerSayings, checker_id
from medalist.agent.evidence.corrupted_outputs import corrupted_outputs
from medalist.agent.evidence.judged import JudgedOutputs, OutputColumn, OutputsJudge, alike_by
from medalist.agent.evidence.panel import (
    CheckerTrial,
    PanelVerdict,
    Results,
    Standing,
    decide,
    results_of,
    standings,
)
from medalist.agent.journal import EventKind
from medalist.agent.propose.checker_programs import (
    CheckerAnswers,
    ask_for_checkers,
    may_be_checked,
)
from medalist.agent.steps.problem_run import ProblemRun
from medalist.agent.types import OutcomeKey

CORRUPTED = 24
"""Corrupted outputs on which checkers are tried."""

CPU_S = 40.0
"""Seconds that all checkers may take together."""

MOST_OUTPUTS = 2000
"""So many outputs are judged at most, those on small inputs first."""

_LEAST_CPU_S = 10.0  # that each may take in any case
_UNDECIDED = 0.1  # share of the outputs on an input
_WHY_UNDECIDED = "what programs print on it was not decided by the checkers"


@dataclass(frozen=True)
class CheckerStanding:
    """A checker that the model wrote.

    Attributes:
        checker: The first digits of the SHA-256 of its source.
        weight: The weight of its vote, 0 to 1.
        why: Why it has none.
    """

    checker: str
    weight: float
    why: str = ""


@dataclass(frozen=True)
class CheckersRecord:
    """What the checkers of a problem are worth, and what they decided.

    Attributes:
        asked: How many were asked for.
        checkers: Each distinct one that came.
        outputs: How many outputs they decided about.
        contested: On how many of them they disagreed.
        abstained: Why they decide nothing; null if they do.
    """

    asked: int
    checkers: tuple[CheckerStanding, ...] = field(default_factory=tuple)
    outputs: int = 0
    contested: int = 0
    abstained: str | None = None

    @property
    def kept(self) -> int:
        """How many have a vote."""
        return sum(checker.weight > 0 for checker in self.checkers)


CHECKERS = EventKind(
    "checkers",
    CheckersRecord,
    key="<problem>",
    doc="Checkers that the model wrote were tried and asked about the programs' outputs; the "
    "newest counts.",
)


def ask_checkers(run: ProblemRun, programs: Collection[str]) -> CheckerAnswers:
    """Ask for checkers, where many outputs may be right and there are programs to compare.

    Args:
        run: The run.
        programs: The ids of those that compile.

    Raises:
        ModelFailure: The endpoint cannot be used.
    """
    settings, tools, progress = run.settings, run.tools, run.progress
    if (
        settings.checkers < 1
        or tools.given is not None
        or tools.equality is not None
        or len(programs) < 2
        or not may_be_checked(run.public)
    ):
        return CheckerAnswers()

    def came() -> None:
        progress.checkers += 1
        progress.tokens, progress.cost_usd = tools.model.spent.tokens, tools.model.spent.usd
        run.tell("checking")

    progress.checkers_wanted = settings.checkers
    run.tell("checking")
    return ask_for_checkers(
        run.public, tools.model, settings.checkers, seed=settings.seed, came=came
    )


def outputs_judge(run: ProblemRun, answers: CheckerAnswers) -> OutputsJudge | None:
    """Return who judges outputs: the package's checker where it is lent, else the model's."""
    if run.tools.equality is not None:
        return run.tools.equality
    return CheckerPanel(run, answers) if answers.asked else None


class CheckerPanel:
    """The checkers of a problem; the trial is held once, outputs are judged as they come."""

    def __init__(self, run: ProblemRun, answers: CheckerAnswers) -> None:
        self._run = run
        self._asked = answers.asked
        sources = {checker_id(source): source for source in answers.sources}
        share = max(_LEAST_CPU_S, CPU_S / max(1, len(sources)))
        self._sayings = CheckerSayings(
            run.problem_id, sources, run.tools.pool, run.tools.journal, share
        )
        self._earned: dict[str, Standing] | None = None

    def judged(self, columns: Sequence[OutputColumn]) -> JudgedOutputs:
        """Judge the outputs on each input.

        Raises:
            SandboxFailure: A box failed several times in a row.
        """
        self._run.tell("checking")
        if self._earned is None:
            self._earned = self._trial()
        asked = _worth_judging(columns)
        names = [name for name, one in self._earned.items() if one.weight > 0]
        if len(names) < 2:
            verdict = decide(self._earned, {name: [] for name in names})
        else:
            verdict = self._verdict(self._earned, names, columns, asked)
        self._record(verdict)
        kept = f"{verdict.kept} of {self._asked} kept"
        if verdict.abstained is not None:
            return JudgedOutputs(f"checkers abstain: {verdict.abstained}")
        return JudgedOutputs(
            equality=f"checker ({kept})",
            trust=verdict.trust,
            results=verdict.results,
            alike=tuple(map(alike_by, verdict.results)),
            undecided=_undecided(columns, asked, verdict),
            samples=tuple(index for index, one in enumerate(columns) if one.reference is not None),
        )

    def _trial(self) -> dict[str, Standing]:
        public = self._run.public
        samples = [
            OutputCase(sample.input.encode(), sample.output.encode(), reference)
            for sample in public.samples
            if sample.output is not None
            for reference in (None, sample.output.encode())
        ]
        corrupted = corrupted_outputs(public, CORRUPTED, self._run.settings.seed)
        names = list(self._sayings.sources)
        said = self._sayings.ask(names, [*samples, *corrupted], self._run.tools.pool.size)
        count = len(samples)
        return standings(
            {name: CheckerTrial(one[:count], one[count:]) for name, one in said.items()}
        )

    def _verdict(
        self,
        earned: dict[str, Standing],
        names: Sequence[str],
        columns: Sequence[OutputColumn],
        asked: Sequence[int],
    ) -> PanelVerdict:
        results: dict[str, list[Results]] = {name: [{} for _ in columns] for name in names}
        places: list[tuple[int, OutcomeKey | None]] = []
        cases: list[OutputCase] = []
        for index in asked:
            column = columns[index]
            for key, output in column.outputs.items():
                if output is not None:
                    places.append((index, key))
                    cases.append(OutputCase(column.input, output, column.reference))
            if column.reference is not None:
                places.append((index, None))
                cases.append(OutputCase(column.input, column.reference, column.reference))
        said = self._sayings.ask(names, cases, self._run.tools.pool.size)
        standing = dict(earned)
        for name in names:
            of = dict(zip(places, said[name], strict=True))
            for index in asked:
                column = columns[index]
                own = {key: of[index, key] for key in column.outputs if (index, key) in of}
                results[name][index], beaten = results_of(column, own, of.get((index, None)))
                if beaten:
                    standing[name] = Standing(0.0, "finds an output better than a sample's")
        return decide(
            standing, {name: results[name] for name in names if standing[name].weight > 0}
        )

    def _record(self, verdict: PanelVerdict) -> None:
        record = CheckersRecord(
            asked=self._asked,
            checkers=tuple(
                CheckerStanding(name, round(one.weight, 4), one.why)
                for name, one in verdict.standings.items()
            ),
            outputs=verdict.outputs,
            contested=verdict.contested,
            abstained=verdict.abstained,
        )
        journal = self._run.tools.journal
        if journal.get(CHECKERS, self._run.problem_id) != record:
            journal.append(CHECKERS, self._run.problem_id, record)


def _worth_judging(columns: Sequence[OutputColumn]) -> list[int]:
    """Return the inputs whose outputs are judged: samples, and where programs differ.

    Small ones come first, as many as there is room for.
    """
    telling = [
        index
        for index, one in enumerate(columns)
        if one.reference is not None or len(one.outputs) > 1
    ]
    telling.sort(key=lambda index: (columns[index].reference is None, len(columns[index].input)))
    worthwhile, count = [], 0
    for index in telling:
        count += len(columns[index].outputs)
        if count > MOST_OUTPUTS:
            break
        worthwhile.append(index)
    return worthwhile


def _undecided(
    columns: Sequence[OutputColumn], asked: Sequence[int], verdict: PanelVerdict
) -> dict[int, str]:
    """Return the inputs on which too many outputs were not decided."""
    judged = set(asked)
    undecided = {}
    for index, (column, results) in enumerate(zip(columns, verdict.results, strict=True)):
        if column.reference is not None or len(column.outputs) < 2:
            continue
        kept = [key for key, output in column.outputs.items() if output is not None]
        unsettled = sum(key not in results for key in kept)
        if index not in judged or unsettled > _UNDECIDED * len(kept):
            undecided[index] = _WHY_UNDECIDED
    return undecided
