"""The questions of a round: moves in proportion to what they earned so far, each with the lessons
learnt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle

from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.recorded_choice import RecordedChoice
from medalist.agent.choose.round_lessons import RoundLessons
from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.propose.bandit import Record, allocate
from medalist.agent.propose.lessons import (
    MOST_REFERENCES,
    Counterexample,
    Lessons,
    Reference,
    references_text,
    standing_text,
)
from medalist.agent.propose.moves import TASKS, Move, pick_moves
from medalist.agent.propose.public_result import Attempt
from medalist.agent.propose.repair import ask_to_repair, failure_text
from medalist.agent.propose.sample import Arm, Ask, Sampler
from medalist.agent.propose.search import heads, records
from medalist.agent.steps.dueling import disagreements
from medalist.agent.steps.problem_run import ProblemRun
from medalist.agent.types import Program

_PASSES = 0.1
"""What a new program earns its move by passing the samples; the rest is what it gains."""


@dataclass(frozen=True)
class Asked:
    """A question of an earlier round: its move, its id, and how many submissions had been made."""

    move: Move
    request_id: str
    submissions: int


class RoundQuestions:
    """Makes the questions of the round that comes now.

    Args:
        run: The run.
        sampler: Makes requests; its ways are those of new samples.
        attempts: All answers so far, as tried in public.
        asked: The questions of the rounds before.
        choice: What is known of the programs; None where nothing was looked at yet.

    Attributes:
        earned: What each move has earned in the rounds before.
    """

    def __init__(
        self,
        run: ProblemRun,
        sampler: Sampler,
        attempts: Sequence[Attempt],
        asked: Sequence[Asked],
        choice: RecordedChoice | None,
    ) -> None:
        self._run = run
        self._ways = sampler.ways
        self._attempts = attempts
        self._asked = asked
        self._known: RoundLessons | None = None
        if choice is not None and choice.view.programs:
            policy = run.tools.policy
            belief = policy if isinstance(policy, ExpectedGain) else ExpectedGain()
            self._known = RoundLessons(choice.view, choice.history, choice.rules, belief)
            self._programs = {program.program_id: program for program in choice.view.programs}
            self._table = BehaviourTable(choice.suite, run.public.equality, run.tools.journal)
        self.earned: Mapping[Move, Record] = self._earned()

    def next(self, count: int) -> list[tuple[Move, Ask]]:
        """Return the questions of the round, each with its move."""
        makers = self._revisions()
        possible: list[Move] = ["fresh", *makers]
        known = dict(self._run.tools.moves)
        for move, record in self.earned.items():
            known[move] = known.get(move, Record()).and_(record)
        moves = pick_moves(possible, known, count, seed=self._run.settings.seed)
        fresh = moves.count("fresh")
        ways = allocate(self._ways, records(self._attempts), fresh, seed=self._run.settings.seed)
        planned: list[tuple[Move, Ask]] = [("fresh", Ask(way)) for way in ways]
        turns = {move: cycle(asks) for move, asks in makers.items()}
        planned += [(move, next(turns[move])) for move in moves if move != "fresh"]
        return planned

    def _revisions(self) -> dict[Move, list[Ask]]:
        """Return for each kind of revision that is possible now its questions, best first."""
        known = self._known
        made: dict[Move, list[Ask]] = {}
        if known is None:
            return made
        leads = known.leads()
        made["best"] = [self._revise("best", known.references(leads[0], MOST_REFERENCES))]
        if others := leads[1:4]:
            made["diverse"] = [
                self._revise("diverse", known.references(lead, MOST_REFERENCES)) for lead in others
            ]
        if refuted := self._refuted():
            made["counterexample"] = refuted
        halves = known.halves()
        if halves is not None:
            shown = known.references(halves[0], MOST_REFERENCES, halves[1:])
            made["combine"] = [self._revise("combine", shown)]
        return made

    def _refuted(self) -> list[Ask]:
        """Ask about what fails in public, and about what the two strongest behaviours differ on."""
        known = self._known
        assert known is not None
        rivals = known.rivals()
        asks: list[Ask] = []
        if rivals is not None:
            names = known.references(rivals[0], MOST_REFERENCES, rivals[1:])
            if self._difference(names) is not None:
                asks.append(self._revise("counterexample", names))
        best = sorted(heads(self._attempts, patience=1), key=lambda one: -one.trial.reward)
        asks += [ask for head in best[:4] if (ask := ask_to_repair(head)) is not None]
        return asks

    def _revise(self, move: Move, names: Sequence[str]) -> Ask:
        """Ask for a revision of the first of some programs, shown with what is known of each."""
        known, public = self._known, self._run.public
        assert known is not None
        references = [self._reference(self._programs[name]) for name in names]
        solvers = known.solvers()
        lessons = Lessons(
            feedback=[feedback for _, feedback in known.history],
            best=known.best() if known.rules.subtasks and known.history else {},
            references=references,
            counterexample=self._difference(names),
            insights=[
                (part, said)
                for part, name in solvers.items()
                if name not in names and (said := self._said(name))
            ],
        )
        return Ask(
            Arm("revise", references[0].language),
            parent=references[0].candidate_id,
            values={
                "feedback": standing_text(public, lessons),
                "references": references_text(lessons),
                "task": TASKS[move],
            },
            shown=tuple(reference.candidate_id for reference in references),
        )

    def _reference(self, program: Program) -> Reference:
        known = self._known
        assert known is not None
        view, name = known.view, program.program_id
        return Reference(
            candidate_id=program.candidates[0],
            language=program.language,
            source=program.source,
            feedback=known.feedback.get(name),
            samples=view.sample_share.get(name, 1.0),
            slowness=self._slowest(name),
            failure=self._failure(program),
        )

    def _slowest(self, name: str) -> tuple[float, int] | None:
        """Return the share of the time limit of a program's slowest run, and its input's length."""
        view = self._known.view if self._known is not None else None
        row = None if view is None else view.behaviours.get(name)
        if view is None or row is None or not row.cpu_s or not view.time_limit_s:
            return None
        place = max(range(len(row.cpu_s)), key=row.cpu_s.__getitem__)
        # In steps, so that times that differ by nothing but noise make the same prompt.
        part = round(row.cpu_s[place] / view.time_limit_s, 1)
        return (part, len(self._table.inputs[place])) if part >= 0.5 else None

    def _failure(self, program: Program) -> str:
        """Say how a program fails in public: on a sample, or against a brute force."""
        mine = set(program.candidates)
        failed = (
            attempt.trial.failure
            for attempt in self._attempts
            if attempt.attempt_id in mine and attempt.trial.failure is not None
        )
        failure = next(failed, None)
        if failure is None or failure.kind in ("none", "truncated", "syntax", "compile"):
            return ""
        return failure_text(failure)

    def _difference(self, names: Sequence[str]) -> Counterexample | None:
        known = self._known
        assert known is not None
        pair = [self._programs[name] for name in names[:2]]
        if len(pair) < 2 or any(
            program.program_id not in known.view.behaviours for program in pair
        ):
            return None
        differing = disagreements(known.view, self._table, pair)
        one = differing.get((pair[0].program_id, pair[1].program_id))
        return None if one is None else Counterexample(one.content, one.first, one.second)

    def _said(self, name: str) -> str:
        """Return what the author of a program said before it, if anything."""
        first = self._programs[name].candidates[0]
        texts = [
            attempt.candidate.text for attempt in self._attempts if attempt.attempt_id == first
        ]
        return texts[0].partition("```")[0].strip() if texts else ""

    def _earned(self) -> dict[Move, Record]:
        """Sum up what each move has earned in the rounds before."""
        by_move: defaultdict[Move, Record] = defaultdict(Record)
        known = self._known
        if known is None:
            return {}
        program_of = {
            name: program.program_id
            for program in known.view.programs
            for name in program.candidates
        }
        first = self._firsts(program_of)
        tokens = {
            attempt.attempt_id: attempt.candidate.usage.completion_tokens or 0
            for attempt in self._attempts
        }
        for request in self._asked:
            if request.request_id in tokens:
                reward = 0.0
                program = program_of.get(request.request_id)
                # What is there already is nothing new: a copy earns nothing.
                if program is not None and first[program] == request.request_id:
                    gain = known.gain(program, request.submissions)
                    reward = _PASSES * known.view.passes(program) + (1 - _PASSES) * gain
                by_move[request.move] = by_move[request.move].plus(
                    reward, tokens[request.request_id]
                )
        return dict(by_move)

    def _firsts(self, program_of: Mapping[str, str]) -> dict[str, str]:
        """Return for each program the answer that brought it first."""
        first: dict[str, str] = {}
        for attempt in self._attempts:
            name = program_of.get(attempt.attempt_id)
            if name is not None:
                first.setdefault(name, attempt.attempt_id)
        return first
