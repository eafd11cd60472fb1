"""The judged answers of runs, with their thinking in steps."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter

from medalist.agent.choose.recorded_choice import each_choice
from medalist.agent.export.training_answers import TrainingAnswer, labelled_answers
from medalist.agent.journal import Journal
from medalist.agent.llm.call_records import INTENT
from medalist.agent.propose.step_records import THINKING, AskedRecord, ThinkingRecord
from medalist.agent.propose.thinking_steps import split_steps, thinking_of
from medalist.errors import BadInput
from medalist.problems.model import PublicProblem


@dataclass
class StepAnswers:
    """Answers with a verdict, split into steps.

    Attributes:
        most_steps: Steps an answer at most.
        most_answers: Answers a problem at most, of each run; None for all.
        records: Run and id of an answer to what it is.
        left_out: Reason to how many answers were left out.
    """

    most_steps: int
    most_answers: int | None = None
    records: dict[str, ThinkingRecord] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    _texts: dict[str, tuple[str, str]] = field(default_factory=dict)

    def take(self, journal: Journal, run: str, publics: Mapping[str, PublicProblem]) -> None:
        """Take the answers of a run that have thinking; what else there is is counted.

        Args:
            journal: The run's.
            run: Its name.
            publics: The problems that can be judged.
        """
        labelled = labelled_answers(journal, run, publics)
        self.left_out += labelled.left_out
        clusters = {
            (choice.problem_id, name): cluster.cluster_id
            for choice in each_choice(journal)
            for cluster in choice.view.clusters
            for name in cluster.programs
        }
        taken: Counter[str] = Counter()
        for answer in labelled.answers:
            thinking = thinking_of(answer.text, answer.reasoning, answer.source)
            parts = split_steps(thinking.text, self.most_steps)
            if answer.problem_id not in publics:
                self.left_out["its package was not given (--problem)"] += 1
            elif not parts:
                self.left_out["no thinking before the program"] += 1
            elif self.most_answers is None or taken[answer.problem_id] < self.most_answers:
                taken[answer.problem_id] += 1
                cluster = clusters.get((answer.problem_id, answer.program_id), answer.program_id)
                record = ThinkingRecord(
                    problem=answer.problem_id,
                    question="",
                    steps=tuple(parts),
                    begins_answer=thinking.begins_answer,
                    program=answer.program_id,
                    language=answer.language,
                    source="",
                    verdict=answer.verdict,
                    cluster=cluster,
                    asked=_asked(journal, answer),
                )
                self.records[f"{run}/{answer.candidate_id}"] = record
                question = json.dumps(list(answer.question))
                self._texts[f"{run}/{answer.candidate_id}"] = question, answer.source

    def keep(self, journal: Journal) -> None:
        """Journal the answers; those that are there stay as they are.

        Raises:
            BadInput: One has other steps there.
        """
        known = {entry.key: entry.value for entry in journal.events(THINKING)}
        for key, record in self.records.items():
            if key in known and known[key].steps != record.steps:
                raise BadInput(f"{key} had other steps before", field="--out")
            if key not in known:
                question, source = (journal.put_blob(text) for text in self._texts[key])
                known[key] = replace(record, question=question, source=source)
                journal.append(THINKING, key, known[key], durable=False)
        self.records = {key: known[key] for key in self.records}
        journal.flush()


def _asked(journal: Journal, answer: TrainingAnswer) -> AskedRecord:
    intent = journal.get(INTENT, answer.candidate_id)
    if intent is None:
        return AskedRecord()
    names = ("stop", "max_tokens", "temperature", "top_p")
    return TypeAdapter(AskedRecord).validate_python({n: intent.params.get(n) for n in names})
