"""Between observing and choosing: inputs that are asked for one pair of programs.

The strongest behaviours, and programs of one behaviour that differ in their text, are shown to the
model, which writes a generator of inputs on which the two print different outputs. Such an input is
kept by the vote of validators and grammar, and only if the two really differ on it; then everybody
is run on it. Which pairs are asked about is journalled before anything is asked, and what was kept
is kept: a run that continues asks nothing again, and adds the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from medalist.agent.choose.policy import View
from medalist.agent.choose.rivals import pairs_to_separate
from medalist.agent.evidence.input_vote import InputVote, VoteTerms
from medalist.agent.evidence.origin import EvidenceInput, Origin
from medalist.agent.evidence.pair_inputs import PairInputs, pair_inputs
from medalist.agent.journal import EventKind, Journal
from medalist.agent.propose.helper_programs import HelperAnswers
from medalist.agent.propose.pair_generators import PairAnswers, PairQuestion, ask_for_pairs
from medalist.agent.steps.building import Executables
from medalist.agent.steps.predicting import may_be_predicted
from medalist.agent.steps.problem_run import ProblemRun

Record = TypeVar("Record")


@dataclass(frozen=True)
class PairsRecord:
    """The pairs that the model is asked about at this number of candidates.

    Attributes:
        pairs: The ids of two programs and the number of the question about them, for each question.
    """

    pairs: tuple[tuple[str, str, int], ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class SeparatingInput:
    """An input that was kept.

    Attributes:
        content: Its digest.
        trust: How far it is trusted, 0 to 1.
        first, second: The ids of the programs that differ on it.
        shrunk: Whether it was made smaller.
    """

    content: str
    trust: float
    first: str
    second: str
    shrunk: bool = False


@dataclass(frozen=True)
class SeparatingRecord:
    """The inputs that generators for pairs brought.

    Attributes:
        inputs: Those that were kept, in their order.
        programs: How many distinct generators came.
        generating: How many of them made any input.
        made: How many distinct inputs they made.
        valid: How many of these validators and grammar accept.
        separated: How many pairs differ on any of them.
    """

    inputs: tuple[SeparatingInput, ...] = field(default_factory=tuple)
    programs: int = 0
    generating: int = 0
    made: int = 0
    valid: int = 0
    separated: int = 0


PAIRS = EventKind(
    "pairs",
    PairsRecord,
    key="<problem>/<number of candidates asked for>",
    doc="The pairs that the model will be asked to separate with inputs.",
)
SEPARATING = EventKind(
    "separating",
    SeparatingRecord,
    key="<problem>/<number of candidates asked for>",
    doc="Generators for pairs of programs were run; the newest counts.",
)


def ask_pairs(run: ProblemRun, view: View) -> PairAnswers:
    """Ask for generators for the pairs whose difference would tell most.

    As many questions are asked in all as the settings say, however often candidates are added.

    Raises:
        ModelFailure: The endpoint cannot be used.
    """
    settings, tools, progress = run.settings, run.tools, run.progress
    if settings.pair_generators < 1 or tools.given is not None or not may_be_predicted(run.public):
        return PairAnswers()
    questions = _questions(run, view)
    if not questions:
        return PairAnswers()

    def came() -> None:
        progress.pairs += 1
        progress.tokens, progress.cost_usd = tools.model.spent.tokens, tools.model.spent.usd
        run.tell("separating")

    progress.pairs_wanted = len(questions)
    run.tell("separating")
    return ask_for_pairs(run.public, tools.model, questions, seed=settings.seed, came=came)


def _questions(run: ProblemRun, view: View) -> list[PairQuestion]:
    """Return the questions of this round: those that were planned, if it was begun before."""
    journal, key = run.tools.journal, _key(run)
    planned = journal.get(PAIRS, key)
    if planned is None:
        before = [pair for key, record in _earlier(run, PAIRS) for pair in record.pairs]
        pairs = pairs_to_separate(view)
        left = run.settings.pair_generators - len(before)
        asked: list[tuple[str, str, int]] = []
        while pairs and len(asked) < left:
            one, other = pairs[len(asked) % len(pairs)]
            names = one.program_id, other.program_id
            number = sum(known[:2] == names for known in (*before, *asked))
            asked.append((*names, number))
        planned = PairsRecord(tuple(asked))
        if asked:
            journal.append(PAIRS, key, planned)
    programs = {program.program_id: program for program in view.programs}
    return [
        PairQuestion(programs[first], programs[second], number)
        for first, second, number in planned.pairs
        if first in programs and second in programs
    ]


def separating_inputs(
    run: ProblemRun, view: View, answers: PairAnswers, helpers: HelperAnswers
) -> list[EvidenceInput]:
    """Return the inputs on which the pairs differ, and journal them.

    Raises:
        SandboxFailure: A box failed several times in a row.
    """
    if not answers.generators:
        return []
    journal, key = run.tools.journal, _key(run)
    known = journal.get(SEPARATING, key)
    if known is not None and known.programs >= len(answers.generators):
        return _inputs(run, known)
    run.tell("separating")
    pool = run.tools.pool
    validators = [program.source for program in helpers.programs if program.kind == "validator"]
    vote = InputVote(
        run.public,
        validators,
        pool,
        VoteTerms(pool.size, run.settings.seed, run.validators),
    )
    names = {
        name for generator in answers.generators for name in (generator.first, generator.second)
    }
    programs = [program for program in view.programs if program.program_id in names]
    executables = Executables(run.public, programs, pool)
    pairs = pair_inputs(run.inputs, answers.generators, executables, vote, pool)
    record = _record(run, len(answers.generators), pairs, known)
    journal.append(SEPARATING, key, record)
    return _inputs(run, record)


def separated_before(run: ProblemRun) -> list[EvidenceInput]:
    """Return the inputs that were kept when there were fewer candidates."""
    return [kept for _, record in _earlier(run, SEPARATING) for kept in _inputs(run, record)]


@dataclass(frozen=True)
class PairsTold:
    """What came of asking for inputs that separate pairs, over all rounds.

    Attributes:
        questions: How many questions were asked.
        pairs: About how many pairs.
        separated: How many pairs differ on an input that came, as often as they were asked about.
        made: How many distinct inputs were made.
        valid: How many of these validators and grammar accept.
        inputs: How many are kept.
    """

    questions: int
    pairs: int
    separated: int
    made: int
    valid: int
    inputs: int


def pairs_told(journal: Journal, problem_id: str) -> PairsTold | None:
    """Return what came of asking about pairs; None where nothing was asked."""
    planned = [pair for _, record in _rounds(journal, problem_id, PAIRS) for pair in record.pairs]
    came = [record for _, record in _rounds(journal, problem_id, SEPARATING)]
    if not planned:
        return None
    return PairsTold(
        questions=len(planned),
        pairs=len({item[:2] for item in planned}),
        separated=sum(tried.separated for tried in came),
        made=sum(tried.made for tried in came),
        valid=sum(tried.valid for tried in came),
        inputs=sum(len(tried.inputs) for tried in came),
    )


def _record(
    run: ProblemRun, programs: int, pairs: PairInputs, known: SeparatingRecord | None
) -> SeparatingRecord:
    journal = run.tools.journal
    kept = {input_.content: input_ for input_ in (() if known is None else known.inputs)}
    for input_ in pairs.inputs:
        digest = journal.put_blob(input_.content)
        kept.setdefault(
            digest, SeparatingInput(digest, input_.trust, *input_.pair, shrunk=input_.shrunk)
        )
    return SeparatingRecord(
        tuple(kept.values()), programs, pairs.generating, pairs.made, pairs.valid, pairs.separated
    )


def _inputs(run: ProblemRun, record: SeparatingRecord) -> list[EvidenceInput]:
    journal = run.tools.journal
    return [
        EvidenceInput(journal.blob(input_.content), Origin("pair", input_.trust))
        for input_ in record.inputs
    ]


def _key(run: ProblemRun) -> str:
    return f"{run.problem_id}/{run.settings.candidates}"


def _earlier(run: ProblemRun, kind: EventKind[Record]) -> list[tuple[int, Record]]:
    """Return the newest record of each earlier round, in the order of the rounds."""
    rounds = _rounds(run.tools.journal, run.problem_id, kind)
    return [round_ for round_ in rounds if round_[0] < run.settings.candidates]


def _rounds(journal: Journal, problem_id: str, kind: EventKind[Record]) -> list[tuple[int, Record]]:
    prefix = f"{problem_id}/"
    rounds = {
        int(entry.key[len(prefix) :]): entry.value
        for entry in journal.events(kind, prefix)
        if entry.key[len(prefix) :].isdigit()  # else of a problem whose id begins like this one's
    }
    return sorted(rounds.items(), key=lambda one: one[0])
