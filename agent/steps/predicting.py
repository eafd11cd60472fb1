"""Before observing: test cases whose outputs the model predicts, as inputs and as claims.

An input is kept like one of a written generator, by the vote of validators and grammar. The output
is never taken for the truth: it becomes a claim, which `choose.predicted_tests` lets vote within
bounds. Where a statement allows many right answers nothing is asked: another output may be right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from medalist.agent.choose.policy import ExpectedOutput, View
from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.evidence.canonical import canonical, output_key, same
from medalist.agent.evidence.input_vote import InputVote, VoteTerms
from medalist.agent.evidence.origin import EvidenceInput, Origin
from medalist.agent.journal import EventKind
from medalist.agent.propose.helper_programs import HelperAnswers
from medalist.agent.propose.predicted_cases import PredictedCases, ask_for_cases
from medalist.agent.steps.problem_run import ProblemRun
from medalist.agent.steps.writing import may_be_written
from medalist.agent.types import OutcomeKey
from medalist.problems.model import Equality, PublicProblem


@dataclass(frozen=True)
class PredictedTest:
    """A test case that was kept.

    Attributes:
        input: The digest of its input.
        output: The digest of the output that is predicted.
        trust: How far the input is trusted, 0 to 1.
        times: How many answers hold it.
    """

    input: str
    output: str
    trust: float
    times: int = 1


@dataclass(frozen=True)
class PredictedRecord:
    """The test cases that a model predicted.

    Attributes:
        tests: Those that were kept, in the order of asking.
        questions: How many questions were answered.
        read: How many distinct test cases these answers hold.
    """

    tests: tuple[PredictedTest, ...] = field(default_factory=tuple)
    questions: int = 0
    read: int = 0


PREDICTED = EventKind(
    "predicted",
    PredictedRecord,
    key="<problem>",
    doc="Test cases with predicted outputs were parsed and their inputs checked; the newest "
    "counts.",
)


@dataclass(frozen=True)
class Prediction:
    """A test case with an input that was kept."""

    case: EvidenceInput
    output: bytes
    times: int = 1


def may_be_predicted(public: PublicProblem) -> bool:
    """Whether one output is right on an input, and nothing but the input decides it."""
    return may_be_written(public) and not public.special_checker


def ask_tests(run: ProblemRun, programs: Collection[str]) -> PredictedCases:
    """Ask for test cases with outputs, if there are programs to compare and outputs to predict.

    Raises:
        ModelFailure: The endpoint cannot be used.
    """
    settings, tools, progress = run.settings, run.tools, run.progress
    if (
        settings.tests < 1
        or tools.given is not None
        or len(programs) < 2
        or not may_be_predicted(run.public)
    ):
        return PredictedCases()

    def came() -> None:
        progress.tests += 1
        progress.tokens, progress.cost_usd = tools.model.spent.tokens, tools.model.spent.usd
        run.tell("predicting")

    progress.tests_wanted = settings.tests
    run.tell("predicting")
    return ask_for_cases(run.public, tools.model, settings.tests, seed=settings.seed, came=came)


def predictions_of(
    run: ProblemRun, cases: PredictedCases, helpers: HelperAnswers
) -> list[Prediction]:
    """Return the test cases whose inputs are kept, and journal them.

    What was kept once is kept; where a cap had ended the asking and more answers have come since,
    what they add comes behind.

    Raises:
        SandboxFailure: A box failed several times in a row.
    """
    if not cases.answered:
        return []
    journal = run.tools.journal
    known = journal.get(PREDICTED, run.problem_id)
    kept = [] if known is None else [_of(run, test) for test in known.tests]
    if known is None or known.questions < len(cases.answered):
        run.tell("predicting")
        for case in cases.cases:  # in the form in which `explain` looks for outputs by their keys
            journal.put_blob(canonical(case.output.encode("utf-8", "replace"), run.public.equality))
        there = {(item.case.content, item.output) for item in kept}
        kept += [
            item
            for item in _kept(run, cases, helpers)
            if (item.case.content, item.output) not in there
        ]
        tests = tuple(
            PredictedTest(
                journal.put_blob(item.case.content),
                journal.put_blob(item.output),
                item.case.origin.trust,
                item.times,
            )
            for item in kept
        )
        record = PredictedRecord(tests, len(cases.answered), len(cases.cases))
        journal.append(PREDICTED, run.problem_id, record)
    return kept


def _of(run: ProblemRun, record: PredictedTest) -> Prediction:
    journal = run.tools.journal
    case = EvidenceInput(journal.blob(record.input), Origin("predicted", record.trust))
    return Prediction(case, journal.blob(record.output), record.times)


def _kept(run: ProblemRun, predicted: PredictedCases, helpers: HelperAnswers) -> list[Prediction]:
    """Keep the cases whose input is valid by the vote, and no sample."""
    samples = {sample.input.encode().rstrip() for sample in run.public.samples}
    cases = [
        (case.input.encode("utf-8", "replace"), case.output.encode("utf-8", "replace"), times)
        for case, times in predicted.cases.items()
    ]
    cases = [case for case in cases if case[0].rstrip() not in samples]
    vote = InputVote(
        run.public,
        [program.source for program in helpers.programs if program.kind == "validator"],
        run.tools.pool,
        VoteTerms(run.tools.pool.size, run.settings.seed, run.validators),
    )
    trust = vote.trust([content for content, _, _ in cases]) if cases else {}
    return [
        Prediction(EvidenceInput(content, Origin("predicted", trust[place])), output, times)
        for place, (content, output, times) in enumerate(cases)
        if place in trust
    ]


def claims_of(
    view: View, table: BehaviourTable, predictions: Sequence[Prediction], equality: Equality
) -> tuple[ExpectedOutput, ...]:
    """Return what the predictions claim, by the equality of the problem.

    Where outputs may differ by a tolerance, a claim is the output of the programs that it is near
    to, of several the one with most votes. Inputs that were set aside, and inputs whose output a
    sample shows, are left out.
    """
    places = {content: place for place, content in enumerate(table.inputs[: view.inputs])}
    claims = []
    for prediction in predictions:
        place = places.get(prediction.case.content)
        if place is not None and place not in view.set_aside and place not in view.known:
            key = _key(view, table, place, prediction.output, equality)
            claims.append(ExpectedOutput(place, key, float(prediction.times), predicted=True))
    return tuple(claims)


def _key(
    view: View, table: BehaviourTable, place: int, output: bytes, equality: Equality
) -> OutcomeKey:
    key = output_key(output, equality)
    alike = view.alike[place] if view.alike else {}
    if not equality.is_equivalence:
        votes: Counter[OutcomeKey] = Counter()
        for name, row in view.behaviours.items():
            given = row.keys[place]
            if given is not None and given.is_output:
                votes[given] += view.votes.get(name, 1)
        for given in sorted(votes, key=lambda one: (-votes[one], one)):
            printed = table.output(given)
            if printed is not None and same(printed, output, equality):
                return given
    return alike.get(key, key)
