"""A run's answers as conversations, in the chat format that trainers read: one answer a line.

A line has `messages` as an endpoint gets and gives them: the question (of a revision, too: with
the programs and verdicts that it showed), and every turn of the answer, with the calls of tools
and their results. Calls that a model wrote as text are in its text, and their results in the
turns of the user, as they did then.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from medalist.agent.choose.choice_records import SubmissionRecord
from medalist.agent.choose.judged_by import standing_submissions
from medalist.agent.extract.identity import program_id
from medalist.agent.journal import Journal
from medalist.agent.llm.call_records import DONE, INTENT
from medalist.agent.llm.contract import ToolCall
from medalist.agent.llm.ledger import completion_of
from medalist.agent.propose.candidate_file import recorded_candidates
from medalist.agent.propose.tool_answer import turn_id
from medalist.agent.propose.tool_list import SUBMIT
from medalist.agent.propose.tool_protocol import ToolOffer

Turn = dict[str, Any]


def conversations(journal: Journal) -> Iterator[dict[str, Any]]:
    """Yield a row for each answer of a model, in the order of asking.

    Answers that came from a pool were asked by nobody, and have none.
    """
    rows = list(recorded_candidates(journal))
    languages = tuple(sorted({one.language for _, one, _ in rows if one.language}))
    submitted = {
        (entry.value.problem, entry.value.program): entry.value
        for entry in standing_submissions(journal)
    }
    for problem_id, candidate, extraction in rows:
        turns = conversation(journal, candidate.candidate_id)
        if not turns:
            continue
        program = None
        if extraction.source is not None and extraction.language is not None:
            program = program_id(extraction.language, extraction.source)
        # A run over one problem did not always name it.
        verdict = submitted.get((problem_id, program or ""), submitted.get((None, program or "")))
        row = {
            "problem_id": problem_id,
            "candidate_id": candidate.candidate_id,
            "prompt_id": candidate.prompt_id,
            "parent": candidate.parent,
            "messages": turns,
            "language": extraction.language or candidate.language,
            "program": extraction.source,
            "program_id": program,
            **_judged(verdict),
        }
        tools = tools_of(turns, languages)
        yield {**row, "tools": tools} if tools else row


def conversation(journal: Journal, candidate_id: str) -> list[Turn]:
    """Return the turns of an answer, its question first; none if it was not asked or answered."""
    last, newest = candidate_id, None
    for number in count(1):
        done = journal.get(DONE, last)
        if done is None:
            break
        newest = last, done
        last = turn_id(candidate_id, number)
    if newest is None:
        return []
    name, done = newest
    intent = journal.get(INTENT, name)
    if intent is None:
        return []
    said = json.loads(journal.blob(intent.messages).decode("utf-8", "surrogatepass"))
    answer = completion_of(journal, name, done)
    end: Turn = {"role": "assistant", "content": answer.text}
    if answer.reasoning:
        end["reasoning_content"] = answer.reasoning
    if answer.calls:
        end["tool_calls"] = [_called(call) for call in answer.calls]
    return [*map(_turn, said), end]


def tools_of(turns: list[Turn], languages: tuple[str, ...]) -> list[Turn]:
    """Return the functions that a conversation calls, as declared today; none if it calls none."""
    calls = [call["function"]["name"] for turn in turns for call in turn.get("tool_calls", ())]
    if not calls:
        return []
    offer = ToolOffer("native", "full", languages, 1, submissions=calls.count(SUBMIT))
    return [
        {
            "type": "function",
            "function": {
                "name": spec.name,
                "description": spec.description,
                "parameters": json.loads(spec.parameters),
            },
        }
        for spec in offer.specs
    ]


def write_conversations(journal: Journal, to: Path) -> int:
    """Write one conversation a line; return how many."""
    to.parent.mkdir(parents=True, exist_ok=True)
    number = 0
    with to.open("w", encoding="utf-8") as file:
        for row in conversations(journal):
            # ASCII, so that a lone surrogate in hostile text survives.
            file.write(json.dumps(row) + "\n")
            number += 1
    return number


def _turn(said: Mapping[str, Any]) -> Turn:
    """Return a turn of a question as chat completions have it; what only one server wants, not."""
    turn: Turn = {"role": said["role"], "content": said["content"]}
    if said.get("calls"):
        turn["tool_calls"] = [_called(ToolCall(**call)) for call in said["calls"]]
    if said.get("call_id"):
        turn["tool_call_id"] = said["call_id"]
    return turn


def _called(call: ToolCall) -> Turn:
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": call.call_id, "type": "function", "function": function}


def _judged(record: SubmissionRecord | None) -> dict[str, Any]:
    if record is None:
        return {"verdict": None, "score": None}
    return {"verdict": str(record.verdict), "score": record.score}
