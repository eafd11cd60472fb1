"""Writes journals as runs leave them, without model and sandbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.policy import PolicyRules, View
from medalist.agent.choose.recorded_choice import ChoiceTerms, record, record_label
from medalist.agent.evidence.behaviour_table import BehaviourTable, OutcomeCell
from medalist.agent.journal import Journal
from medalist.agent.types import Feedback, JudgedSubmission, Program, Submission
from medalist.problems.model import Equality
from medalist.problems.verdict import Verdict
from medalist.sandbox.outcome import Outcome, Status


@dataclass(frozen=True)
class Made:
    """A program of a run: its votes, outputs (None: a crash), verdict (None: never judged).

    `shares` maps subtasks to the share of their points.
    """

    votes: int
    outputs: tuple[bytes | None, ...]
    verdict: str | None
    passes: bool = True
    source: str = "print(1)"
    shares: Mapping[str, float] = field(default_factory=dict)


def write_problem(
    journal: Journal,
    problem: str,
    programs: Mapping[str, Made],
    *,
    refused: int = 0,
    broken: int = 0,
    submissions: int = 1,
    inputs: Sequence[bytes] = (b"1 1\n", b"2 2\n"),
    about: Mapping[str, JsonValue] | None = None,
    model: str = "a-model",
    usd: float | None = 0.001,
    subtasks: Mapping[str, float] | None = None,
) -> None:
    """Write a problem as it is after the loop; `refused` and `broken` candidates have no program.

    medalist's policy submits as long as there are verdicts.
    """
    noted: dict[str, JsonValue] = {
        "title": problem, "difficulty": "easy", "kind": "batch", "tags": [],
        "source": None, "license": None, "full_score": None,
    }  # fmt: skip
    journal.append_raw("problem", problem, noted | dict(about or {}))
    names = {name: [f"{problem}/{name}/{n}" for n in range(one.votes)]
             for name, one in programs.items()}  # fmt: skip
    sources = {key: programs[name].source for name, keys in names.items() for key in keys}
    unfinished = [f"{problem}/broken/{n}" for n in range(broken)]
    nothing = [f"{problem}/refused/{n}" for n in range(refused)]
    for key in [*sources, *unfinished, *nothing]:
        call(journal, key, model=model, usd=usd)
        source = sources.get(key, "int main( {" if key in unfinished else None)
        candidate(journal, problem, key, source)
    table = BehaviourTable(f"{problem}/evidence", Equality(), journal)
    table.add_inputs(inputs)
    for name, one in programs.items():
        table.add_cells(name, [_cell(output) for output in one.outputs])
    view = View(
        tuple(
            Program(name, "python", one.source, tuple(names[name]))
            for name, one in programs.items()
        ),
        {name: table.behaviour(name) for name in programs},
        sample_share={name: float(one.passes) for name, one in programs.items()},
    )
    rules = PolicyRules("ioi" if subtasks else "icpc", submissions, subtasks=subtasks or {})
    record(
        journal,
        problem,
        view,
        ChoiceTerms(suite=f"{problem}/evidence", rules=rules, policy="medalist"),
    )
    history: list[JudgedSubmission] = []
    policy = ExpectedGain()
    while isinstance(made := policy.decide(view, history, rules), Submission):
        verdict, shares = programs[made.program_id].verdict, programs[made.program_id].shares
        if verdict is None:
            break
        history.append((made, Feedback(Verdict(verdict), subtasks=shares)))
        body: dict[str, JsonValue] = {
            "problem": problem, "program": made.program_id, "reason": made.reason,
            "verdict": verdict, "subtasks": {**shares},
        }  # fmt: skip
        journal.append_raw("submission", f"{problem}/{len(history)}/{made.program_id}", body)
    for name, one in programs.items():
        if one.verdict is not None:
            record_label(
                journal, problem, name, Feedback(Verdict(one.verdict), subtasks=one.shares)
            )
    stages = {"sampling": 8.0, "compiling": 1.0, "observing": 0.5, "submitting": 0.5}
    journal.append_raw("stages", problem, stages)


def call(journal: Journal, key: str, *, model: str = "a-model", usd: float | None = 0.001) -> None:
    """Write an answered call."""
    usage: dict[str, JsonValue] = {
        "prompt_tokens": 100, "cached_tokens": None, "completion_tokens": 50,
        "reasoning_tokens": None,
    }  # fmt: skip
    body: dict[str, JsonValue] = {
        "text": journal.put_blob("an answer"), "reasoning": "", "finish": "stop",
        "model": model, "usage": usage, "latency_s": 1.5, "cost_usd": usd,
        "tokens": 150, "usd": usd,
    }  # fmt: skip
    journal.append_raw("call.done", key, body, durable=False)


def candidate(journal: Journal, problem: str, key: str, source: str | None) -> None:
    """Write a candidate."""
    body = {"problem": problem, "text": journal.put_blob("an answer"),
            "source": None if source is None else journal.put_blob(source),
            "language": "python", "prompt": "direct", "parent": None, "logprob": None,
            "reason": "the only block"}  # fmt: skip
    journal.append_raw("candidate", key, body, durable=False)


def _cell(output: bytes | None) -> OutcomeCell:
    status = Status.RUNTIME if output is None else Status.OK
    return OutcomeCell.of(Outcome(status, 0, None, 0.1, 0.1, 1, output or b""), Equality())
