"""Labelled answers of runs: what all exports for training are made of.

A label is a verdict and nothing else. An answer without one is left out and counted, with why:
no verdict (never submitted, and not judged after the run), a judge that failed, no program, no
question, or turns with calls of tools. Of a problem's near copies (`near_copies`) with the same
verdict one stays.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from medalist.agent.choose.choice_records import LABEL
from medalist.agent.choose.judged_by import standing_submissions, voided_before
from medalist.agent.choose.policy import PolicyRules
from medalist.agent.choose.recorded_choice import RecordedChoice, each_choice
from medalist.agent.export.conversations import Turn, conversation
from medalist.agent.export.near_copies import NearCopies
from medalist.agent.extract.answer import Extraction
from medalist.agent.extract.identity import program_id
from medalist.agent.journal import Journal
from medalist.agent.llm.call_records import DONE, INTENT
from medalist.agent.llm.ledger import completion_of
from medalist.agent.prompts import render
from medalist.agent.propose.candidate_file import recorded_candidates
from medalist.agent.propose.review import opinion
from medalist.agent.types import Candidate, Feedback
from medalist.problems.model import PublicProblem
from medalist.problems.verdict import Verdict

Publics: TypeAlias = Mapping[str, PublicProblem]
"""Problem id to what is public of it, as far as it is known."""


@dataclass(frozen=True)
class TrainingAnswer:
    """An answer with a verdict.

    Attributes:
        run: The name of its run's directory.
        problem_id: The problem.
        candidate_id: The answer, unique in its run.
        question: The messages that asked for it.
        text: The answer, hostile text.
        reasoning: What the model thought apart from it.
        language: Of its program.
        source: Its program.
        program_id: The program's id.
        verdict: The judge's.
        share: The share of the points, 0 to 1.
        subtasks: Subtask to the share of its points, where the rules show it.
        prompt_id: The prompt that asked for it.
        parent: The answer that it repairs or continues.
        model: Who answered.
        self_score: What a reviewing model thought of the program before any verdict, 0 to 1.
        agreement: The share of the samples that behave as it does.
    """

    run: str
    problem_id: str
    candidate_id: str
    question: tuple[Turn, ...]
    text: str
    reasoning: str
    language: str
    source: str
    program_id: str
    verdict: str
    share: float
    subtasks: Mapping[str, float] = field(default_factory=dict)
    prompt_id: str = ""
    parent: str | None = None
    model: str | None = None
    self_score: float | None = None
    agreement: float | None = None

    @property
    def accepted(self) -> bool:
        """Whether the judge accepted it."""
        return self.verdict == Verdict.AC


@dataclass
class LabelledRun:
    """What a run has for training.

    Attributes:
        answers: In the order of asking.
        left_out: Reason to how many answers were left out.
        criticism: Answer to how likely the model itself thought that it leads to a right program.
    """

    answers: list[TrainingAnswer] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    criticism: dict[str, float] = field(default_factory=dict)


def labelled_answers(
    journal: Journal,
    run: str,
    publics: Publics,
    scores: Mapping[str, Mapping[str, float]] | None = None,
) -> LabelledRun:
    """Return the answers of a run that have a verdict.

    Args:
        journal: The run's.
        run: Its name.
        publics: Problems; of those answers that nobody asked (from a pool) the question is the
            prompt `direct` for the problem, if it is among these.
        scores: Problem to program to what a model thought of it after the run (`medalist review`);
            what a reviewer thought during the run goes before.
    """
    labelled = LabelledRun()
    choices = {problem.problem_id: problem for problem in each_choice(journal)}
    kept = {name: _kept_as(one) for name, one in choices.items()}
    alike = {name: agreement(one) for name, one in choices.items()}
    verdicts = _verdicts(journal)
    for problem_id, candidate, extraction in recorded_candidates(journal):
        if candidate.prompt_id == "critic" and candidate.parent:
            labelled.criticism[candidate.parent] = opinion(candidate.text)
        if extraction.source is None or extraction.language is None:
            labelled.left_out["no program in the answer"] += 1
            continue
        own = program_id(extraction.language, extraction.source)
        name = kept.get(problem_id, {}).get(candidate.candidate_id, own)
        feedback = verdicts[problem_id].get(name) or verdicts[problem_id].get(own)
        choice = choices.get(problem_id)
        if feedback is None and choice is not None:
            feedback = choice.labels.get(name)
        if feedback is None:
            labelled.left_out["no verdict"] += 1
            continue
        if feedback.verdict is Verdict.JE:
            labelled.left_out["the judge failed"] += 1
            continue
        public = publics.get(problem_id)
        question = _question(journal, candidate, extraction, public)
        if isinstance(question, str):
            labelled.left_out[question] += 1
            continue
        done = journal.get(DONE, candidate.candidate_id)
        answer = completion_of(journal, candidate.candidate_id, done) if done else None
        rules = choice.rules if choice is not None else PolicyRules()
        labelled.answers.append(
            TrainingAnswer(
                run=run,
                problem_id=problem_id,
                candidate_id=candidate.candidate_id,
                question=question,
                text=answer.text if answer else candidate.text or _fenced(extraction),
                reasoning=answer.reasoning if answer else "",
                language=extraction.language,
                source=extraction.source,
                program_id=own,
                verdict=str(feedback.verdict),
                share=points_share(feedback, rules, public),
                subtasks=dict(feedback.subtasks),
                prompt_id=candidate.prompt_id,
                parent=candidate.parent,
                model=answer.model if answer else None,
                self_score=_self_score(choice, problem_id, name, scores or {}),
                agreement=alike.get(problem_id, {}).get(name),
            )
        )
    return labelled


def _self_score(
    choice: RecordedChoice | None,
    problem_id: str,
    name: str,
    scores: Mapping[str, Mapping[str, float]],
) -> float | None:
    known = choice.view.opinions.get(name) if choice is not None else None
    return scores.get(problem_id, {}).get(name) if known is None else known


def points_share(feedback: Feedback, rules: PolicyRules, public: PublicProblem | None) -> float:
    """Return which share of a problem's points a verdict is worth, 0 to 1."""
    if feedback.solved:
        return 1.0
    if feedback.subtasks and rules.subtasks:
        worth = sum(rules.subtasks.values())
        held = sum(rules.subtasks.get(name, 0.0) * one for name, one in feedback.subtasks.items())
        return held / worth if worth else 0.0
    full = public.full_score if public is not None else None
    if feedback.score is not None and full:
        return min(1.0, max(0.0, feedback.score / full))
    return 0.0


def agreement(choice: RecordedChoice) -> dict[str, float]:
    """Return program to the share of all votes that its cluster has."""
    votes = choice.view.votes
    total = sum(votes.values()) or 1
    shares = {
        program.program_id: votes.get(program.program_id, 0) / total
        for program in choice.view.programs
    }
    for cluster in choice.view.clusters:
        held = sum(votes.get(name, 0) for name in cluster.programs) / total
        shares |= dict.fromkeys(cluster.programs, held)
    return shares


def without_near_copies(
    answers: Iterable[TrainingAnswer], left_out: Counter[str]
) -> list[TrainingAnswer]:
    """Return the answers with one of all near copies of a problem that have the same verdict."""
    seen: defaultdict[tuple[str, str, str, float], NearCopies] = defaultdict(NearCopies)
    kept = []
    for answer in answers:
        key = (answer.problem_id, answer.language, answer.verdict, answer.share)
        if seen[key].add(answer.language, answer.source):
            kept.append(answer)
        else:
            left_out["near copy of another"] += 1
    return kept


def _kept_as(choice: RecordedChoice) -> dict[str, str]:
    return {
        vote: program.program_id for program in choice.view.programs for vote in program.candidates
    }


def _verdicts(journal: Journal) -> defaultdict[str, dict[str, Feedback]]:
    """Return problem to program to verdict: of submissions, and of what was judged afterwards."""
    verdicts: defaultdict[str, dict[str, Feedback]] = defaultdict(dict)
    voided: dict[str, int] = {}
    for label in journal.events(LABEL):
        problem_id, _, program = label.key.rpartition("/")
        if problem_id not in voided:
            voided[problem_id] = voided_before(journal, problem_id)
        if label.seq > voided[problem_id]:
            verdicts[problem_id][program] = label.value
    for entry in standing_submissions(journal):
        name = entry.value.problem or entry.key.split("/")[0]
        verdicts[name][entry.value.program] = entry.value.feedback
    return verdicts


def _question(
    journal: Journal, candidate: Candidate, extraction: Extraction, public: PublicProblem | None
) -> tuple[Turn, ...] | str:
    """Return the messages that asked for an answer, or why there are none to train on."""
    intent = journal.get(INTENT, candidate.candidate_id)
    if intent is not None:
        turns = conversation(journal, candidate.candidate_id)
        asked = json.loads(journal.blob(intent.messages).decode("utf-8", "surrogatepass"))
        if len(turns) != len(asked) + 1 or any("tool_calls" in turn for turn in turns):
            return "turns with calls of tools (--as conversations has them)"
        return tuple(turns[:-1])
    if public is None:
        return "no question: it came from a pool, and its package was not given (--problem)"
    assert extraction.language is not None
    return direct_question(public, extraction.language)


def direct_question(public: PublicProblem, language: str) -> tuple[Turn, ...]:
    """Return the prompt `direct` for a problem."""
    parts = render("direct", public, language)
    return tuple({"role": message.role, "content": message.content} for message in parts.messages)


def _fenced(extraction: Extraction) -> str:
    return f"```{extraction.language}\n{(extraction.source or '').rstrip()}\n```"


def by_problem(answers: Iterable[TrainingAnswer]) -> dict[str, list[TrainingAnswer]]:
    """Return problem id to its answers, in order."""
    grouped: defaultdict[str, list[TrainingAnswer]] = defaultdict(list)
    for answer in answers:
        grouped[answer.problem_id].append(answer)
    return dict(grouped)


def question_of(answers: Sequence[TrainingAnswer]) -> tuple[Turn, ...]:
    """Return how a problem was first asked for, without anything of an earlier answer."""
    first = [answer for answer in answers if answer.parent is None]
    plain = [item for item in first if item.prompt_id in ("direct", "pool")]
    return (plain or first or list(answers))[0].question


def first_turns(question: Sequence[Turn]) -> Iterator[tuple[str, str]]:
    """Yield role and text of each turn of a question."""
    for turn in question:
        yield turn["role"], _text(turn["content"])


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "".join(str(part.get("text", "")) for part in content or ())
