"""Rows with labels of steps, from a folder of `medalist steps`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from medalist.agent.export.conversations import Turn
from medalist.agent.export.training_rows import NeutralRow
from medalist.agent.journal import Journal
from medalist.agent.propose.step_records import LabelledThinking, labelled_thinking

_SO_FAR = "The answer so far:"


def step_rows(
    journal: Journal, left_out: Counter[str], *, step_a_row: bool
) -> Iterator[NeutralRow]:
    """Yield the answers whose steps were rolled out, as far as they were.

    Args:
        journal: The folder's.
        left_out: Counts answers of which no step was.
        step_a_row: A row a step, with those before it in the question, instead of one an answer.
    """
    for each in labelled_thinking(journal):
        question = json.loads(journal.blob(each.record.question).decode("utf-8", "surrogatepass"))
        if not each.shares:
            left_out["no step was rolled out"] += 1
        elif step_a_row:
            yield from _each_step(each, question)
        else:
            columns = {"shares": list(each.shares), "rolled": list(each.rolled[: len(each.shares)])}
            yield NeutralRow(
                each.record.problem,
                tuple(question),
                steps=tuple(step.rstrip() for step in each.record.steps[: len(each.shares)]),
                step_labels=tuple(share > 0 for share in each.shares),
                columns={**_columns(each), **columns},
            )


def _each_step(one: LabelledThinking, question: Sequence[Turn]) -> Iterator[NeutralRow]:
    *before, last = question
    for at, share in enumerate(one.shares):
        asked = last
        if at:
            so_far = "".join(one.record.steps[:at]).rstrip()
            asked = last | {"content": f"{last['content']}\n\n{_SO_FAR}\n\n{so_far}"}
        yield NeutralRow(
            one.record.problem,
            (*before, asked),
            ({"role": "assistant", "content": one.record.steps[at].rstrip()},),
            label=share > 0,
            columns={**_columns(one), "step": at, "step_share": share, "rolled": one.rolled[at]},
        )


def _columns(one: LabelledThinking) -> dict[str, Any]:
    run, _, candidate = one.answer.partition("/")
    return {
        "candidate_id": candidate,
        "program_id": one.record.program,
        "language": one.record.language,
        "verdict": one.record.verdict,
        "run": run,
    }
