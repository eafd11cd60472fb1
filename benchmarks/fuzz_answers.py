"""Mutated answers and bodies, fed to all that reads them: body, stream, thinking, program.

    python benchmarks/fuzz_answers.py --count 20000 --seed 1

Bodies are made from the shapes of real servers and changed in their structure (odd values at odd
places, repeated and missing keys, wrapped, cut), then read whole and as a stream in pieces; texts
are made of the parts that answers consist of (fences, tags of thinking, JSON, programs, very many
brackets or blank lines). Right is an answer or a reason; anything else (another exception, a count
that is not one, more than `SECONDS`) is a finding, printed with its number: the same seed and
`--only NUMBER` make it again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

from medalist.agent.extract.answer import extract
from medalist.agent.llm.api_answers import read_chats, read_response
from medalist.agent.llm.attempt import AttemptAnswer, AttemptFailed
from medalist.agent.llm.failures import Failures, error_of
from medalist.agent.llm.gemini_api import chat_of
from medalist.agent.llm.messages_api import gather_message, read_message
from medalist.agent.llm.refusals import bound_of
from medalist.agent.llm.streaming import (
    StreamCut,
    StreamOverrun,
    gather_chat,
    gather_response,
    is_stream,
    parsed,
)
from medalist.agent.llm.thoughts import split
from medalist.agent.llm.usage import read_cost, read_usage

SECONDS = 20
LIMIT = 2000
PYTHON = "a, b = map(int, input().split())\nprint(a + b)\n"
CPP = "#include <iostream>\nint main(){ long long a,b; std::cin>>a>>b; std::cout<<a+b; }\n"
TAGS = (
    *("<think>", "</think>", "[THINK]", "[/THINK]", "<thought>", "</thought>", "<seed:think>"),
    *("</seed:think>", "◁think▷", "◁/think▷", "<|begin_of_thought|>", "<|end_of_thought|>"),
    *("<|channel|>analysis<|message|>", "<|channel|>final<|message|>", "<|end|>", "<|start|>"),
    *("assistantfinal", "analysis", "<unused94>", "<unused95>", "<THINK>", "<answer>", "</answer>"),
)
PIECES = (
    *TAGS,
    *("```", "```python\n", "```cpp\n", "```json\n", "~~~", "\n", "\n\n", " ", "`", "> ", "    "),
    *(PYTHON, CPP, "def solve():\n", "print(solve(1, 2))\n", "int main(){}\n", "}", "{", "[", "("),
    *(
        "[PYTHON]\n",
        "[/PYTHON]",
        "\\boxed{",
        "&lt;",
        "“",
        "”",
        "\u2028",
        "\ud800",
        "\0",
        "1. ",
        "\\n",
    ),
    *('{"code": "', '"}', '"language": "cpp", ', "The answer is:", "main.py\n", "# ", "'''", '"""'),
)
MANY = ("[", "(", "{", "\n", " ", "`", "<think>", "</think>", "```\n", "a\n", "/*", '"', "\\", "<|")
ODD: tuple[Callable[[random.Random], Any], ...] = (
    lambda _: None,
    lambda _: True,
    lambda r: r.choice([0, -1, 1, 10**9, 10**30, 1.5, float("nan"), float("inf"), -0.0, 2**63]),
    lambda r: "7" * r.choice([1, 40, 5000]),
    lambda _: [],
    lambda _: {},
    lambda _: [None, {}, [], 7, "x"],
    lambda r: [{"type": r.choice(["text", "thinking", "refusal", "x"]), "text": text(r)}],
    lambda r: {"type": "text", "text": {"value": text(r)}},
    lambda r: text(r),
    lambda r: nested(r.choice([5, 50, 300])),
)


def nested(depth: int) -> Any:
    """A value in so many lists and objects."""
    value: Any = "x"
    for level in range(depth):
        value = [value] if level % 2 else {"content": value}
    return value


def text(draw: random.Random) -> str:
    """An answer made of the parts that answers consist of."""
    if draw.random() < 0.1:
        return draw.choice(MANY) * draw.choice([100, 3000, 20_000]) + draw.choice(PIECES)
    return "".join(draw.choice(PIECES) for _ in range(draw.randint(0, 25)))


def body(draw: random.Random) -> dict[str, Any]:
    """A body as some server sends it."""
    usage = draw.choice(
        [
            {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18},
            {"input_tokens": 9, "output_tokens": 9, "cache_read_input_tokens": 3},
            {"prompt_tokens": 9, "completion_tokens_details": {"reasoning_tokens": 5}},
            {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 900, "cost": 0.1},
        ]
    )
    if draw.random() < 0.2:
        part = {"type": "output_text", "text": text(draw), "annotations": []}
        thought = {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm."}]}
        output = [thought, {"type": "message", "content": [part]}]
        return {"object": "response", "status": "completed", "output": output, "usage": usage}
    if draw.random() < 0.2:
        return draw.choice([message_body, gemini_body])(draw)
    message: dict[str, Any] = {"role": "assistant", "content": text(draw)}
    names = ("reasoning", "reasoning_content", "reasoning_details", "refusal", "tool_calls")
    message |= {name: text(draw) for name in names if draw.random() < 0.2}
    finish = draw.choice(["stop", "length", "content_filter", "eos", "MAX_TOKENS", None])
    choice = {"index": 0, "message": message, "finish_reason": finish}
    result = {"id": "x", "model": "m", "choices": [choice], "usage": usage}
    if draw.random() < 0.1:
        result["error"] = draw.choice(["no", {"message": text(draw), "code": "429"}, []])
    return result


def message_body(draw: random.Random) -> dict[str, Any]:
    """A body of the Messages API."""
    content = [
        {"type": "thinking", "thinking": text(draw), "signature": "s"},
        {"type": "text", "text": text(draw)},
        {"type": "tool_use", "id": "t", "name": "f", "input": {"a": 1}},
    ]
    usage = {"input_tokens": 9, "cache_creation_input_tokens": 4, "output_tokens": 9}
    finish = draw.choice(["end_turn", "max_tokens", "refusal", "tool_use"])
    return {"type": "message", "content": content, "stop_reason": finish, "usage": usage}


def gemini_body(draw: random.Random) -> dict[str, Any]:
    """A body of Gemini's own API."""
    parts = [{"text": text(draw), "thought": True}, {"text": text(draw)}]
    candidate = {"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}
    counts = {"promptTokenCount": 9, "candidatesTokenCount": 5, "thoughtsTokenCount": 3}
    return {"candidates": [candidate], "usageMetadata": counts, "modelVersion": "g"}


def message_events(draw: random.Random) -> list[Any]:
    """Events of the Messages API, some of them changed."""
    deltas = [
        {"type": "thinking_delta", "thinking": text(draw)},
        {"type": "signature_delta", "signature": "s"},
        {"type": "text_delta", "text": text(draw)},
        {"type": "input_json_delta", "partial_json": '{"a": 1}'},
    ]
    told: list[dict[str, Any]] = [
        {"type": "message_start", "message": {"usage": {"input_tokens": 9}, "content": []}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *({"type": "content_block_delta", "index": n, "delta": d} for n, d in enumerate(deltas)),
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn"},
            "usage": {"output_tokens": 3},
        },
        {"type": "message_stop"},
    ]
    for event in told:
        if draw.random() < 0.3:
            change(draw, event)
    return told


def places(value: Any, rows: list[tuple[Any, Any]] | None = None) -> list[tuple[Any, Any]]:
    """All places in a value: the list or object, and the index or key."""
    rows = [] if rows is None else rows
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(pairs):
        rows.append((value, key))
        if isinstance(inner, dict | list):
            places(inner, rows)
    return rows


def change(draw: random.Random, value: dict[str, Any]) -> None:
    """Change a body in its structure."""
    for _ in range(draw.randint(0, 4)):
        spots = places(value)
        if not spots:
            return
        inside, key = draw.choice(spots)
        kind = draw.random()
        if kind < 0.6:
            inside[key] = draw.choice(ODD)(draw)
        elif kind < 0.8:
            del inside[key]
        elif isinstance(inside, list):
            inside.extend([inside[key]] * draw.randint(1, 3))
        else:
            inside[key] = [inside[key]]


def raw(draw: random.Random) -> str:
    """What comes from a server, as text."""
    result = body(draw)
    change(draw, result)
    if draw.random() < 0.5:
        sent = json.dumps(result, ensure_ascii=draw.random() < 0.5)
    else:
        sent = events(draw, result)
    if draw.random() < 0.2:
        place = draw.randrange(len(sent) + 1)
        more = draw.choice(["", "\0", "}", "\r", "\n\n", "data: ", "9" * 5000, "[" * 60_000])
        sent = sent[:place] + more + (sent[place:] if draw.random() < 0.5 else "")
    return sent


def events(draw: random.Random, by_name: dict[str, Any]) -> str:
    """A body as a stream of events, in one of the ways in which servers write them."""
    end = draw.choice(["\n", "\r\n"])
    chunks: list[Any] = message_events(draw) if by_name.get("type") == "message" else []
    choices = by_name.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    if isinstance(first, dict) and isinstance(first.get("message"), dict):
        for name, value in first["message"].items():
            parts = (
                [value[at : at + 7] for at in range(0, min(len(value), 700), 7)]
                if isinstance(value, str)
                else [value]
            )
            chunks += [{"choices": [{"delta": {name: part}}]} for part in parts]
        chunks.append({"choices": [{"delta": {}, "finish_reason": first.get("finish_reason")}]})
    chunks.append(draw.choice([by_name, {"choices": [], "usage": by_name.get("usage")}]))
    if draw.random() < 0.2:
        chunks.insert(draw.randrange(len(chunks)), draw.choice(ODD)(draw))
    lines = [f"data: {json.dumps(chunk)}{end}{end}" for chunk in chunks]
    if draw.random() < 0.3:
        kept = [": keep-alive", "event: error", "id: 7", "data:", "data: text", "retry: 1"]
        lines.insert(draw.randrange(len(lines)), draw.choice(kept) + end)
    return "".join(lines) + draw.choice(["", f"data: [DONE]{end}{end}"])


async def pieces(draw: random.Random, sent: str) -> AsyncIterator[str]:
    """A stream cut anywhere."""
    while sent:
        size = draw.choice([1, 17, 400, 10**6]) if len(sent) < 5000 else 10**6
        yield sent[:size]
        sent = sent[size:]


def look(draw: random.Random) -> str:
    """Read one mutant in every way; return how it ended."""
    sent = raw(draw)
    ends = [read_whole(sent)]
    for gather in (gather_chat, gather_response, gather_message):
        try:
            joined = asyncio.run(gather(pieces(draw, sent), LIMIT))
        except (StreamCut, StreamOverrun) as error:
            ends.append(type(error).__name__)
        else:
            ends.append(read_body(joined))
    is_stream(sent)
    read_text(text(draw), draw)
    return ends[0] if ends[0] != "no JSON" else ends[1]


def read_whole(sent: str) -> str:
    """Read a body that came at once."""
    try:
        result = parsed(sent)
    except ValueError:
        return "no JSON"
    return read_body(result)


def read_body(result: Any) -> str:
    """Read a parsed body; check what comes out of it."""
    failures = Failures("http://x/v1/", "m", "sk-0123456789")
    if not isinstance(result, dict) or error_of(result) is not None:
        failed = failures.without_answer(result)
        assert isinstance(failed, AttemptFailed)
        assert "\n" not in failed.message
        bound_of(result, failed.message, 4096)
        return "error"
    chats = read_chats(result, 4, 4096)
    read_message(result)
    read_chats(chat_of(result), 4, 4096)
    answer = chats[0] if chats else read_response(result)
    read_usage(result.get("usage"))
    read_cost(result.get("usage"))
    if answer is None:
        failures.without_answer(result)
        return "no answer"
    check(answer)
    return "answer"


def check(answer: AttemptAnswer) -> None:
    """An answer is what the rest of the program relies on."""
    assert isinstance(answer.text, str)
    assert isinstance(answer.reasoning, str)
    assert answer.finish in ("stop", "length", "content_filter", "refusal")
    usage = answer.usage
    for count in (usage.prompt_tokens, usage.completion_tokens, usage.cached_tokens):
        assert count is None or 0 <= count <= 10**9
    extract(answer.text, language="python", finish=answer.finish)


def read_text(said: str, draw: random.Random) -> None:
    """Take a text apart: nothing comes out of a thought that has no end."""
    parts = split(said, cut=draw.random() < 0.5)
    assert len(parts.text) + len(parts.thought) <= len(said) + said.count("\n") + len(said) // 2 + 9
    extract(parts.text, language=draw.choice(["python", "cpp"]))


def run(seed: str, numbers: range, *, loud: bool = False) -> tuple[Counter[str], list[str], float]:
    """Read the mutants of these numbers; return how they ended, what was found, the slowest."""
    ends: Counter[str] = Counter()
    result: list[str] = []
    slowest = 0.0
    for number in numbers:
        draw = random.Random(f"{seed}/{number}")
        started = time.process_time()
        try:
            ends[look(draw)] += 1
        except Exception:  # that is what is looked for
            last = traceback.format_exc().strip().splitlines()
            result.append(f"{number}: {last[-1]} {last[-3].strip() if len(last) > 2 else ''}")
            if loud:
                traceback.print_exc()
        took = time.process_time() - started
        slowest = max(slowest, took)
        if took > SECONDS:
            result.append(f"{number}: {took:.1f} s")
    return ends, result, slowest


def main() -> None:
    """Fuzz, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--only", type=int, help="The mutant of this number, with its traceback.")
    given = parser.parse_args()
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    numbers = range(given.count)
    if given.only is not None:
        numbers = range(given.only, given.only + 1)
    ends, result, slowest = run(given.seed, numbers, loud=given.only is not None)
    for line in result[:50]:
        sys.stdout.write(f"FOUND  {line}\n")
    said = ", ".join(f"{count} {end}" for end, count in ends.most_common())
    sys.stdout.write(
        f"{len(numbers)} mutants: {said}; {len(result)} findings; slowest {slowest:.2f} s of CPU\n"
    )
    sys.exit(1 if result else 0)


if __name__ == "__main__":
    main()
