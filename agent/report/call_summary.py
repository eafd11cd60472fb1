"""What the model calls of a run used and how they ended, by problem."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from medalist.agent.journal import Journal
from medalist.agent.llm.call_records import AnswerRecord, FailedRecord, attempts_ended
from medalist.agent.llm.gate import Reservation
from medalist.agent.steps.stage_account import Accounts, stage_accounts, summed
from medalist.agent.steps.stage_worth import newest_worth

_CAUSE_LENGTH = 100  # characters of a failed call's message, which groups such calls


@dataclass
class CallSummary:
    """Totals of some model calls.

    Attributes:
        answered: Calls that brought an answer.
        failures: Why an attempt brought no answer, and how often.
        unknown: Calls in flight when a session ended; charged at their maximum.
        cut_while_thinking: Answers that never began, since their tokens went into thinking.
        finishes: How the answers ended (`stop`, `length`, ...).
        models: Names of the models that answered, and how often.
        prompt_tokens: Tokens of the prompts, `cached_tokens` of them from a cache.
        completion_tokens: Tokens of the answers, `reasoning_tokens` of them reasoning.
        charged_tokens: Tokens that count for the budget, failed and unknown calls included.
        usd: Dollars, the same included; None as soon as one price is not known.
        latencies_s: Seconds of each answer.
        stages: What each stage of a run has used.
        bits: What each stage was worth (see `steps.stage_worth`), all problems together.
    """

    answered: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    unknown: int = 0
    cut_while_thinking: int = 0
    finishes: Counter[str] = field(default_factory=Counter)
    models: Counter[str] = field(default_factory=Counter)
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    reasoning_tokens: int = 0
    charged_tokens: int = 0
    usd: float | None = 0.0
    latencies_s: list[float] = field(default_factory=list)
    stages: Accounts = field(default_factory=dict)
    bits: Mapping[str, float] = field(default_factory=dict)

    def add(self, end: Reservation) -> None:
        """Count how one attempt ended, as `call.done`, `call.failed` or `call.unknown` holds it."""
        self.charged_tokens += end.tokens
        self.usd = None if self.usd is None or end.usd is None else self.usd + end.usd
        match end:
            case FailedRecord():
                self.failures[" ".join(end.message.split())[:_CAUSE_LENGTH]] += 1
            case AnswerRecord():
                self._add_answer(end)
            case _:
                self.unknown += 1

    def _add_answer(self, answer: AnswerRecord) -> None:
        self.answered += 1
        self.cut_while_thinking += answer.cut_while_thinking
        self.finishes[answer.finish] += 1
        self.models[answer.model] += 1
        self.prompt_tokens += answer.usage.prompt_tokens or 0
        self.cached_tokens += answer.usage.cached_tokens or 0
        self.completion_tokens += answer.usage.completion_tokens or 0
        self.reasoning_tokens += answer.usage.reasoning_tokens or 0
        self.latencies_s.append(answer.latency_s)

    def plus(self, other: CallSummary) -> CallSummary:
        """Return the totals of both."""
        unpriced = self.usd is None or other.usd is None
        return CallSummary(
            answered=self.answered + other.answered,
            failures=self.failures + other.failures,
            unknown=self.unknown + other.unknown,
            cut_while_thinking=self.cut_while_thinking + other.cut_while_thinking,
            finishes=self.finishes + other.finishes,
            models=self.models + other.models,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            reasoning_tokens=self.reasoning_tokens + other.reasoning_tokens,
            charged_tokens=self.charged_tokens + other.charged_tokens,
            usd=None if unpriced else (self.usd or 0.0) + (other.usd or 0.0),
            latencies_s=self.latencies_s + other.latencies_s,
            stages=summed([self.stages, other.stages]),
            bits={
                stage: self.bits.get(stage, 0.0) + other.bits.get(stage, 0.0)
                for stage in (*self.bits, *other.bits)
            },
        )


def calls_by_problem(journal: Journal, problems: Collection[str]) -> dict[str | None, CallSummary]:
    """Return the totals of each problem, and under None those of calls about no single one."""
    by_problem: dict[str | None, CallSummary] = {name: CallSummary() for name in problems}
    for end in attempts_ended(journal):
        owner = _owner(end.key, by_problem)
        by_problem.setdefault(owner, CallSummary()).add(end.value)
    for name in problems:
        by_problem[name].stages = stage_accounts(journal, name)
        worth = newest_worth(journal, name)
        if worth is not None:
            by_problem[name].bits = {stage: one.bits for stage, one in worth.stages.items()}
    return by_problem


def _owner(request_id: str, problems: Collection[str | None]) -> str | None:
    """A request's id begins with its problem's, followed by `/`, or by `:` and a subtask."""
    for mark in re.finditer(r"[/:]", request_id):
        if request_id[: mark.start()] in problems:
            return request_id[: mark.start()]
    return None
