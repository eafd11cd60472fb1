"""The shapes in which trainers open rows of training data.

Written for TRL 1.16, verl 0.9.1, OpenRLHF 0.11.2, Axolotl 0.19, LLaMA-Factory 0.9.5, NeMo-RL and
NeMo Gym of August 2026, and OpenAI's fine-tuning.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias

from medalist.agent.export.conversations import Turn
from medalist.agent.export.training_rows import NeutralRow

Form: TypeAlias = Literal["sft", "dpo", "kto", "steps", "rl"]
Target: TypeAlias = Literal[
    "trl", "verl", "openrlhf", "axolotl", "llamafactory", "nemo-rl", "openai", "harbor"
]
Thinking: TypeAlias = Literal["drop", "tags", "field"]
Shape: TypeAlias = Callable[[NeutralRow], dict[str, Any]]

PARQUET: frozenset[tuple[Form, Target]] = frozenset(
    {("sft", "verl"), ("dpo", "verl"), ("rl", "verl")}
)
"""What is written as Parquet; all else is a JSON object a line."""

STEP_A_ROW: frozenset[Target] = frozenset({"trl", "llamafactory"})
"""Who has no trainer for steps: each step is a row with a label (KTO)."""

NO_COLUMNS: frozenset[Target] = frozenset({"openai"})
"""Who refuses keys that it does not know: columns go to a file beside."""


def with_thinking(turns: Sequence[Turn], thinking: Thinking) -> list[Turn]:
    """Return turns with what was thought apart dropped, in `<think>` tags, or in its field."""
    answers = []
    for turn in turns:
        rest = {name: value for name, value in turn.items() if name != "thinking"}
        thought = turn.get("thinking", "")
        if thought and thinking == "tags":
            rest["content"] = f"<think>\n{thought}\n</think>\n\n{turn['content']}"
        elif thought and thinking == "field":
            rest["thinking"] = thought
        answers.append(rest)
    return answers


def shape_for(form: Form, target: Target, thinking: Thinking) -> Shape | None:
    """Return how a row of a form looks for a target; None if the target has no such form."""
    make = _SHAPES.get((form, target))
    if make is None:
        return None

    def shaped(row: NeutralRow) -> dict[str, Any]:
        return make(_thought(row, thinking))

    return shaped


def dataset_info(form: Form, files: Sequence[str]) -> dict[str, Any]:
    """Return LLaMA-Factory's `dataset_info.json`."""
    tags = {
        "role_tag": "role",
        "content_tag": "content",
        "user_tag": "user",
        "assistant_tag": "assistant",
        "system_tag": "system",
    }
    entry: dict[str, Any] = {"formatting": "openai", "columns": {"messages": "messages"}}
    if form == "dpo":
        entry = {
            "formatting": "sharegpt",
            "ranking": True,
            "columns": {"messages": "conversations", "chosen": "chosen", "rejected": "rejected"},
        }
    else:
        entry["tags"] = tags
    if form in ("kto", "steps"):
        entry["columns"] = {"messages": "messages", "kto_tag": "kto_tag"}
    return {
        f"medalist_{name.split('.')[0]}": {"file_name": name, **entry} for name in sorted(files)
    }


def _thought(row: NeutralRow, thinking: Thinking) -> NeutralRow:
    return NeutralRow(
        row.problem_id,
        row.prompt,
        tuple(with_thinking(row.completion, thinking)),
        tuple(with_thinking(row.rejected, thinking)),
        row.label,
        row.steps,
        row.step_labels,
        row.columns,
    )


def _messages(row: NeutralRow) -> dict[str, Any]:
    return {"messages": [*row.prompt, *row.completion]}


def _trl_sft(row: NeutralRow) -> dict[str, Any]:
    return {"prompt": list(row.prompt), "completion": list(row.completion)}


def _trl_pair(row: NeutralRow) -> dict[str, Any]:
    return {
        "prompt": list(row.prompt),
        "chosen": list(row.completion),
        "rejected": list(row.rejected),
    }


def _verl_pair(row: NeutralRow) -> dict[str, Any]:
    texts = {"chosen": row.completion, "rejected": row.rejected}
    return {"prompt": _plain(row.prompt)} | {name: _plain(one) for name, one in texts.items()}


def _axolotl_pair(row: NeutralRow) -> dict[str, Any]:
    return {
        "messages": list(row.prompt),
        "chosen": row.completion[-1],
        "rejected": row.rejected[-1],
    }


def _llamafactory_pair(row: NeutralRow) -> dict[str, Any]:
    names = {"user": "human", "assistant": "gpt"}
    said = [
        {"from": names.get(turn["role"], turn["role"]), "value": turn["content"]}
        for turn in row.prompt
    ]
    return {
        "conversations": said,
        "chosen": {"from": "gpt", "value": row.completion[-1]["content"]},
        "rejected": {"from": "gpt", "value": row.rejected[-1]["content"]},
    }


def _nemo_pair(row: NeutralRow) -> dict[str, Any]:
    return {
        "context": list(row.prompt),
        "completions": [
            {"rank": 0, "completion": list(row.completion)},
            {"rank": 1, "completion": list(row.rejected)},
        ],
    }


def _openai_pair(row: NeutralRow) -> dict[str, Any]:
    return {
        "input": {"messages": list(row.prompt)},
        "preferred_output": list(row.completion),
        "non_preferred_output": list(row.rejected),
    }


def _trl_kto(row: NeutralRow) -> dict[str, Any]:
    return {"prompt": list(row.prompt), "completion": list(row.completion), "label": row.label}


def _llamafactory_kto(row: NeutralRow) -> dict[str, Any]:
    return {"messages": [*row.prompt, *row.completion], "kto_tag": row.label}


def _stepwise(row: NeutralRow) -> dict[str, Any]:
    return {
        "prompt": _plain(row.prompt),
        "completions": list(row.steps),
        "labels": list(row.step_labels),
    }


def _trl_rl(row: NeutralRow) -> dict[str, Any]:
    return {"prompt": list(row.prompt), "problem": row.problem_id}


def _verl_rl(row: NeutralRow) -> dict[str, Any]:
    return {
        "data_source": "medalist",
        "prompt": list(row.prompt),
        "ability": "code",
        "reward_model": {"style": "rule", "ground_truth": row.problem_id},
    }


def _openrlhf_rl(row: NeutralRow) -> dict[str, Any]:
    return {"input": list(row.prompt), "label": row.problem_id}


def _nemo_rl(row: NeutralRow) -> dict[str, Any]:
    return {
        "responses_create_params": {"input": list(row.prompt)},
        "verifier_metadata": {"problem_id": row.problem_id},
        "agent_ref": {"type": "responses_api_agents", "name": "code_gen_simple_agent"},
    }


def _plain(turns: Sequence[Turn]) -> str:
    """Return turns as one text; who speaks is named where several do."""
    if len(turns) == 1:
        return str(turns[0]["content"])
    return "\n\n".join(
        str(turn["content"]) if turn["role"] == "system" else f"{turn['role']}: {turn['content']}"
        for turn in turns
    )


_SHAPES: dict[tuple[Form, Target], Shape] = {
    ("sft", "trl"): _trl_sft,
    ("sft", "verl"): _messages,
    ("sft", "openrlhf"): _messages,
    ("sft", "axolotl"): _messages,
    ("sft", "llamafactory"): _messages,
    ("sft", "nemo-rl"): _messages,
    ("sft", "openai"): _messages,
    ("dpo", "trl"): _trl_pair,
    ("dpo", "verl"): _verl_pair,
    ("dpo", "openrlhf"): _trl_pair,
    ("dpo", "axolotl"): _axolotl_pair,
    ("dpo", "llamafactory"): _llamafactory_pair,
    ("dpo", "nemo-rl"): _nemo_pair,
    ("dpo", "openai"): _openai_pair,
    ("kto", "trl"): _trl_kto,
    ("kto", "llamafactory"): _llamafactory_kto,
    ("steps", "axolotl"): _stepwise,
    ("steps", "trl"): _trl_kto,
    ("steps", "llamafactory"): _llamafactory_kto,
    ("rl", "trl"): _trl_rl,
    ("rl", "axolotl"): _trl_rl,
    ("rl", "verl"): _verl_rl,
    ("rl", "openrlhf"): _openrlhf_rl,
    ("rl", "nemo-rl"): _nemo_rl,
}


def targets_of(form: Form) -> list[str]:
    """Return who has a form."""
    targets: list[str] = [target for own, target in _SHAPES if own == form]
    return [*targets, "harbor"] if form == "rl" else targets


def as_text(value: dict[str, Any]) -> str:
    """Return a row as a line of JSON; ASCII, so that a lone surrogate in hostile text survives."""
    return json.dumps(value)
