"""Answers of servers as their documentation shows them: program, end, thinking, tokens, cost.

Each row is one answer of the scripted endpoint; one run over a statement without secret tests gets
them all, through the command line. `source` is the page from which the shape was written down.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist

from medalist.agent.journal import Journal
from medalist.agent.llm.call_records import DONE
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.propose.candidate_file import recorded_candidates

ADD = "# Sum\n\nPrint a + b.\n\n## Sample Input 1\n\n1 2\n\n## Sample Output 1\n\n3\n"
PY = "a, b = map(int, input().split())\nprint(a + b)"
GOOD = f"Sum them.\n\n```python\n{PY}\n```\n"
THOUGHT = "A draft:\n```python\na, b = map(int, input().split())\nprint(a * b)\n```\nNo, the sum."
EVENTS = "text/event-stream"
IN, OUT = 1.0, 10.0  # dollars per million tokens


@dataclass
class Shape:
    """An answer, and what is to be read from it: tokens are prompt, cached, answer, thinking."""

    source: str
    body: Any
    tokens: tuple[int | None, int | None, int | None, int | None]
    thinks: bool = False
    finish: str = "stop"
    kind: str = "application/json"

    @property
    def raw(self) -> bytes:
        if self.kind != EVENTS:
            return json.dumps(self.body).encode()
        events = [node if isinstance(node, str) else json.dumps(node) for node in self.body]
        lines = (event if event.startswith(":") else f"data: {event}" for event in events)
        return "".join(f"{line}\n\n" for line in lines).encode()


def usage(prompt: int, completion: int, **more: Any) -> dict[str, Any]:
    total = {"total_tokens": prompt + completion}
    return {"prompt_tokens": prompt, "completion_tokens": completion} | total | more


def chat(
    usage: object,
    content: object = GOOD,
    *,
    finish: str = "stop",
    more: object = None,
    **message: Any,
) -> dict[str, Any]:
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": content, **message},
        "logprobs": None,
        "finish_reason": finish,
        **(more if isinstance(more, dict) else {}),
    }
    about = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1_764_000_000}
    return {**about, "model": "m", "choices": [choice], "usage": usage}


def chunks(deltas: Iterable[dict[str, Any]], *last: Any, **end: Any) -> list[Any]:
    about = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    listed: list[Any] = [
        {**about, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
        for delta in deltas
    ]
    listed.append({**about, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop", **end}]})
    return [*listed, *({**about, "choices": [], "usage": item} for item in last), "[DONE]"]


def cut(text: str, name: str = "content") -> list[dict[str, Any]]:
    return [{name: text[at : at + 9]} for at in range(0, len(text), 9)]


VLLM = "https://docs.vllm.ai/en/stable/features/reasoning_outputs/"
SGLANG = "https://docs.sglang.ai/advanced_features/separate_reasoning.html"
LLAMA = "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md"
OLLAMA = "https://docs.ollama.com/api/openai-compatibility"
STUDIO = "https://lmstudio.ai/docs/app/api/endpoints/openai"
ROUTER = "https://openrouter.ai/docs/use-cases/reasoning-tokens"
DEEPSEEK = "https://api-docs.deepseek.com/api/create-chat-completion"
KIMI = "https://platform.moonshot.ai/docs/api/chat"
GEMINI = "https://ai.google.dev/gemini-api/docs/openai"
CLAUDE = "https://docs.anthropic.com/en/api/openai-sdk"
AZURE = "https://learn.microsoft.com/azure/ai-services/openai/reference"
DETAILS = {"audio_tokens": 0, "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0}
SAFE = {"hate": {"filtered": False, "severity": "safe"}}

SHAPES: dict[str, Shape] = {
    "vllm": Shape(
        VLLM,
        chat(
            usage(31, 90, prompt_tokens_details=None),
            more={"stop_reason": None, "token_ids": None},
            refusal=None, annotations=None, audio=None, function_call=None, tool_calls=[],
            reasoning=None, reasoning_content=None,
        ) | {"service_tier": None, "prompt_logprobs": None, "kv_transfer_params": None},
        (31, None, 90, None),
    ),
    "vllm thinking": Shape(
        VLLM,
        chat(usage(31, 900), reasoning=THOUGHT, reasoning_content=THOUGHT, tool_calls=[]),
        (31, None, 900, None), thinks=True,
    ),
    "vllm without a parser": Shape(
        VLLM, chat(usage(31, 900), f"{THOUGHT}\n</think>\n\n{GOOD}"), (31, None, 900, None),
        thinks=True,
    ),
    "vllm cut": Shape(
        VLLM,
        chat(usage(31, 900), None, finish="length", reasoning=THOUGHT),
        (31, None, 900, None), thinks=True, finish="length",
    ),
    "vllm stream": Shape(
        VLLM,
        chunks([{"role": "assistant", "content": ""}, *cut(THOUGHT, "reasoning"), *cut(GOOD)],
               usage(31, 900)),
        (31, None, 900, None), thinks=True, kind=EVENTS,
    ),
    "sglang": Shape(
        SGLANG,
        chat(
            usage(40, 800, prompt_tokens_details=None, reasoning_tokens=700),
            more={"matched_stop": 151645}, reasoning_content=THOUGHT, tool_calls=None,
        ) | {"metadata": {"weight_version": "default"}},
        (40, None, 800, 700), thinks=True,
    ),
    "sglang plain": Shape(
        SGLANG, chat(usage(40, 80, reasoning_tokens=0), more={"matched_stop": 2}), (40, None, 80, 0)
    ),
    "llama.cpp": Shape(
        LLAMA,
        chat(usage(50, 300, prompt_tokens_details={"cached_tokens": 30}), reasoning_content=THOUGHT)
        | {"system_fingerprint": "b6999", "timings": {"cache_n": 30, "prompt_n": 20,
           "prompt_ms": 30.9, "predicted_n": 300, "predicted_ms": 661.1}},
        (50, 30, 300, None), thinks=True,
    ),
    "ollama": Shape(
        OLLAMA,
        chat(usage(26, 298), reasoning=THOUGHT) | {"system_fingerprint": "fp_ollama"},
        (26, None, 298, None), thinks=True,
    ),
    "ollama with tags": Shape(
        OLLAMA, chat(usage(26, 298), f"<think>\n{THOUGHT}\n</think>\n\n{GOOD}"),
        (26, None, 298, None), thinks=True,
    ),
    "lm studio": Shape(
        STUDIO,
        chat(usage(24, 120, completion_tokens_details={"reasoning_tokens": 90}),
             reasoning=THOUGHT, tool_calls=[])
        | {"stats": {}, "system_fingerprint": "qwen3-8b"},
        (24, None, 120, 90), thinks=True,
    ),
    "openrouter": Shape(
        ROUTER,
        chat(
            usage(60, 500, cost=0.0095, is_byok=False,
                  prompt_tokens_details={"cached_tokens": 0, "cache_write_tokens": 0},
                  cost_details={"upstream_inference_cost": None},
                  completion_tokens_details={"reasoning_tokens": 410, "image_tokens": 0}),
            more={"native_finish_reason": "completed"}, refusal=None, reasoning=THOUGHT,
            reasoning_details=[
                {"type": "reasoning.text", "text": THOUGHT, "signature": None, "index": 0},
                {"type": "reasoning.encrypted", "data": "gAAAA", "id": "rs_1", "index": 1},
            ],
        ) | {"provider": "DeepInfra"},
        (60, 0, 500, 410), thinks=True,
    ),
    "openrouter stream": Shape(
        ROUTER,
        [": OPENROUTER PROCESSING", *chunks(
            [{"role": "assistant", "content": "", "reasoning": part["t"],
              "reasoning_details": [{"type": "reasoning.text", "text": part["t"], "index": 0}]}
             for part in cut(THOUGHT, "t")] + cut(GOOD),
            usage(60, 500, cost=0.01), native_finish_reason="stop")],
        (60, None, 500, None), thinks=True, kind=EVENTS,
    ),
    "deepseek": Shape(
        DEEPSEEK,
        chat(
            usage(70, 600, prompt_tokens_details={"cached_tokens": 64},
                  completion_tokens_details={"reasoning_tokens": 520},
                  prompt_cache_hit_tokens=64, prompt_cache_miss_tokens=6),
            reasoning_content=THOUGHT,
        ) | {"system_fingerprint": "fp_1"},
        (70, 64, 600, 520), thinks=True,
    ),
    "deepseek chat": Shape(
        DEEPSEEK,
        chat(usage(70, 80, prompt_cache_hit_tokens=0, prompt_cache_miss_tokens=70)),
        (70, 0, 80, None),
    ),
    "kimi": Shape(
        KIMI,
        chat(usage(19, 321, cached_tokens=10), reasoning_content=THOUGHT),
        (19, 10, 321, None), thinks=True,
    ),
    "kimi stream": Shape(
        KIMI,
        chunks([{"role": "assistant", "content": ""}, *cut(THOUGHT, "reasoning_content"),
                *cut(GOOD)], usage=usage(19, 321)),
        (19, None, 321, None), thinks=True, kind=EVENTS,
    ),
    "gemini": Shape(
        GEMINI,
        chat({"prompt_tokens": 45, "completion_tokens": 60, "total_tokens": 1105},
             extra_content={"google": {"thought_signature": "CiQB"}}),
        (45, None, 1060, 1000), thinks=False,
    ),
    "gemini with thoughts": Shape(
        GEMINI,
        chat({"prompt_tokens": 45, "completion_tokens": 60, "total_tokens": 1105},
             f"<thought>{THOUGHT}</thought>{GOOD}"),
        (45, None, 1060, 1000), thinks=True,
    ),
    "claude": Shape(
        CLAUDE,
        chat(usage(33, 110, completion_tokens_details=None, prompt_tokens_details=None))
        | {"system_fingerprint": None, "service_tier": None},
        (33, None, 110, None),
    ),
    "claude cut": Shape(
        CLAUDE, chat(usage(33, 110), f"{GOOD}\nAnd so", finish="length"), (33, None, 110, None),
        finish="length",
    ),
    "anthropic's own counts": Shape(
        "https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching",
        chat({"input_tokens": 5, "cache_read_input_tokens": 20, "output_tokens": 90,
              "cache_creation_input_tokens": 8},
             [{"type": "thinking", "thinking": THOUGHT, "signature": "Ev"},
              {"type": "text", "text": GOOD}], finish="end_turn"),
        (33, 20, 90, None), thinks=True,
    ),
    "azure": Shape(
        AZURE,
        chat(
            usage(80, 700, prompt_tokens_details={"audio_tokens": 0, "cached_tokens": 0},
                  completion_tokens_details={"reasoning_tokens": 640, **DETAILS}),
            more={"content_filter_results": SAFE}, refusal=None, annotations=[],
        ) | {"prompt_filter_results": [{"prompt_index": 0, "content_filter_results": SAFE}]},
        (80, 0, 700, 640),
    ),
    "mistral": Shape(
        "https://docs.mistral.ai/capabilities/reasoning",
        chat(usage(12, 400),
             [{"type": "thinking", "thinking": [{"type": "text", "text": THOUGHT}],
               "closed": True}, {"type": "text", "text": GOOD}], tool_calls=None),
        (12, None, 400, None), thinks=True,
    ),
    "groq": Shape(
        "https://console.groq.com/docs/reasoning",
        chat(usage(15, 200, queue_time=0.1, prompt_time=0.2, completion_time=0.3, total_time=0.5),
             reasoning=THOUGHT) | {"x_groq": {"id": "req_1"}},
        (15, None, 200, None), thinks=True,
    ),
    "gpt-oss without a parser": Shape(
        "https://cookbook.openai.com/articles/openai-harmony",
        chat(usage(31, 900), f"<|channel|>analysis<|message|>{THOUGHT}<|end|><|start|>assistant"
             f"<|channel|>final<|message|>{GOOD}<|return|>"),
        (31, None, 900, None), thinks=True,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Of each shape, what the run kept of it."""
    folder = tmp_path_factory.mktemp("servers")
    (folder / "add.md").write_text(ADD)
    shapes = list(SHAPES.values())

    def reply(seen: SeenRequest) -> Reply:
        shape = shapes[min(seen.index, len(shapes) - 1)]
        return Reply(raw=shape.raw, kind=shape.kind)

    with ScriptedEndpoint(reply) as endpoint:
        done = medalist(
            "solve", "add.md", "-n", str(len(shapes)), "--lang", "python", "--prompts", "direct",
            "--generators", "0", "--tests", "0", "--pair-generators", "0",
            "--model", "llama-3-instruct", "--concurrency", "1", "--search", "once",
            "--max-tokens", "2000", "--price", f"{IN},{OUT}", "--out", "run",
            cwd=folder, OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    names = list(SHAPES)
    result: dict[str, dict[str, Any]] = {}
    with Journal.open(folder / "run", readonly=True) as journal:
        programs = {
            candidate.candidate_id: extraction.source or ""
            for _, candidate, extraction in recorded_candidates(journal)
        }
        for entry in journal.events(DONE):
            number = int(entry.key.rpartition("/")[2])
            result[names[number]] = {"answer": entry.value, "program": programs[entry.key]}
            thought = entry.value.reasoning
            result[names[number]]["thought"] = journal.blob(thought).decode() if thought else ""
    assert set(result) == set(SHAPES), done.stderr
    return result


@pytest.mark.local
@pytest.mark.parametrize("name", SHAPES)
def test_program_end_thinking_tokens_and_cost(
    name: str, answers: dict[str, dict[str, Any]]
) -> None:
    shape, got = SHAPES[name], answers[name]
    answer = got["answer"]
    assert shape.source.startswith("https://")
    assert answer.finish == shape.finish
    assert got["thought"].count("No, the sum.") == (1 if shape.thinks else 0)
    prompt, cached, completion, reasoning = shape.tokens
    counted = answer.usage
    assert (counted.prompt_tokens, counted.completion_tokens) == (prompt, completion)
    assert (counted.cached_tokens, counted.reasoning_tokens) == (cached, reasoning)
    assert answer.cost_usd == pytest.approx(((prompt or 0) * IN + (completion or 0) * OUT) / 1e6)
    assert got["program"].strip() == ("" if name == "vllm cut" else PY)


@pytest.mark.local
def test_what_an_endpoint_says_that_it_costs_counts_where_no_price_is_known(
    tmp_path: Path,
) -> None:
    (tmp_path / "add.md").write_text(ADD)
    raw = SHAPES["openrouter"].raw
    with ScriptedEndpoint([Reply(raw=raw)]) as endpoint:
        done = medalist(
            "solve", "add.md", "-n", "2", "--lang", "python", "--search", "once", "--json",
            "--generators", "0", "--tests", "0", "--pair-generators", "0",
            "--model", "acme/wonder", cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
    assert json.loads(done.stdout)["cost_usd"] == pytest.approx(0.019)
