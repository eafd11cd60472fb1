"""The trainer of docs/examples/lora_embedded.py, on a model of two small blocks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from tests.agent.command import start
from tests.agent.llm.embedded.adapters import small_adapter

from medalist.agent.llm.embedded.model_files import find_weights

NEEDED = "torch, gguf, tokenizers and jinja2 are not installed (the trainer's own packages)"
torch = pytest.importorskip("torch", reason=NEEDED)
gguf = pytest.importorskip("gguf", reason=NEEDED)
tokenizers = pytest.importorskip("tokenizers", reason=NEEDED)
pytest.importorskip("jinja2", reason=NEEDED)

TRAINER = Path(__file__).parents[4] / "docs" / "examples" / "lora_embedded.py"
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
WIDTH, INNER, HEADS, KV_HEADS = 32, 64, 4, 2


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("base") / "small.gguf"
    writer = gguf.GGUFWriter(path, "qwen2")
    writer.add_block_count(2)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_freq_base(10000.0)
    writer.add_layer_norm_rms_eps(1e-6)
    letters = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    tokens = [*letters, "ab", "<|im_start|>", "<|im_end|>"]
    writer.add_token_list(tokens)
    writer.add_token_types([1] * (len(tokens) - 2) + [3, 3])
    writer.add_token_merges(["a b"])
    writer.add_chat_template(TEMPLATE)
    drawn = torch.Generator().manual_seed(1)
    narrow = WIDTH // HEADS * KV_HEADS
    shapes = {"token_embd": (len(tokens), WIDTH)}
    for block in range(2):
        for name, shape in {
            "attn_q": (WIDTH, WIDTH), "attn_k": (narrow, WIDTH), "attn_v": (narrow, WIDTH),
            "attn_output": (WIDTH, WIDTH), "ffn_gate": (INNER, WIDTH), "ffn_up": (INNER, WIDTH),
            "ffn_down": (WIDTH, INNER),
        }.items():  # fmt: skip
            shapes[f"blk.{block}.{name}"] = shape
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{block}.{name}.weight", torch.ones(WIDTH).numpy())
    writer.add_tensor("output_norm.weight", torch.ones(WIDTH).numpy())
    for name, shape in shapes.items():
        tensor = torch.randn(*shape, generator=drawn) / shape[1] ** 0.5
        writer.add_tensor(f"{name}.weight", tensor.numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.fixture
def folder(base: Path, tmp_path: Path) -> Path:
    for name, word in (("rows", "yes"), ("others", "no")):
        rows = [
            {
                "prompt": [{"role": "user", "content": f"question {number}"}],
                "completion": [{"role": "assistant", "content": f"{word} {word}\n"}],
            }
            for number in range(6)
        ]
        text = "".join(f"{json.dumps(row)}\n" for row in rows)
        (tmp_path / f"{name}.jsonl").write_text(text)
    ran = run("init", base, tmp_path, "--out", "fresh", "--blocks", "1", "--rank", "2")
    assert ran.returncode == 0, ran.stderr
    return tmp_path


def command(what: str, base: Path, *more: str) -> list[str]:
    return [sys.executable, str(TRAINER), what, "--base", str(base), *more]


def run(what: str, base: Path, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(what, base, *more), cwd=folder, capture_output=True, text=True)


def scores(base: Path, folder: Path, model: str, data: str) -> list[float]:
    ran = run("score", base, folder, "--model", model, "--data", data)
    return [float(line) for line in ran.stdout.split()]


TRAIN = ("--model", "fresh", "--rate", "0.02", "--epochs", "4", "--batch", "2")


def test_what_is_learnt_is_likelier_afterwards_and_nothing_else(folder: Path, base: Path) -> None:
    ran = run("train", base, folder, *TRAIN, "--data", "rows.jsonl", "--out", "learnt")
    assert ran.returncode == 0, ran.stderr
    before, after = (scores(base, folder, name, "rows.jsonl") for name in ("fresh", "learnt"))
    assert len(before) == len(after) == 6
    assert min(after) > max(before) + 0.5
    others = [scores(base, folder, name, "others.jsonl") for name in ("fresh", "learnt")]
    assert max(others[1]) < min(after)
    small = [*TRAIN, "--data", "rows.jsonl", "--out", "x", "--longest", "3"]
    short = run("train", base, folder, *small)
    assert short.returncode == 1
    assert short.stderr == "rows.jsonl: no row of at most 3 tokens (--longest)\n"


def test_a_killed_training_goes_on_to_the_same_adapter(folder: Path, base: Path) -> None:
    given = [*TRAIN, "--data", "rows.jsonl"]
    assert run("train", base, folder, *given, "--out", "whole").returncode == 0
    kept = [*given, "--checkpoint", "kept", "--every", "2"]
    line = command("train", base, *kept, "--out", "resumed")
    with subprocess.Popen(line, cwd=folder, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        for said in running.stderr:
            if said.startswith("step 6/12"):
                running.kill()
    assert not (folder / "resumed").exists()
    ran = run("train", base, folder, *kept, "--out", "resumed")
    start = int(ran.stderr.splitlines()[0].split()[-1])
    assert start in (4, 6), ran.stderr
    assert (folder / "resumed").read_bytes() == (folder / "whole").read_bytes()
    other = [*TRAIN, "--data", "others.jsonl", "--checkpoint", "kept", "--out", "other"]
    assert run("train", base, folder, *other).stderr.startswith("6 rows, 12 steps, from step 0\n")


@pytest.mark.model
def test_the_trainer_computes_what_llama_cpp_computes(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp", reason="the extra `local` is not installed")
    weights = find_weights("0.5b")
    if not weights.path.is_file():
        pytest.skip("no model file: medalist model pull 0.5b")
    adapter = small_adapter(tmp_path / "adapter", 0.002)
    asked = [{"role": "user", "content": "What is the capital of France?\n\tSay it, please: 10"}]
    answer = "The capital of France is Paris."
    row = {"prompt": asked, "completion": [{"role": "assistant", "content": answer}]}
    (tmp_path / "row.jsonl").write_text(json.dumps(row) + "\n")
    untrained = small_adapter(tmp_path / "untrained", 0.0)
    ours = [
        scores(weights.path, tmp_path, str(path), "row.jsonl")[0] for path in (adapter, untrained)
    ]
    running = start("model", "serve", "0.5b", "--port", "0", "--lora", str(adapter), cwd=tmp_path)
    try:
        assert running.stdout is not None
        url = running.stdout.readline().strip().removesuffix("/v1")
        with httpx.Client(base_url=url, timeout=120, trust_env=False) as client:
            theirs = [likelihood(client, asked, answer)]
            client.post("/lora-adapters", json=[{"id": 0, "scale": 0.0}]).raise_for_status()
            theirs.append(likelihood(client, asked, answer))
    finally:
        running.terminate()
        running.communicate()
    assert abs(theirs[0] - theirs[1]) > 0.05, "the adapter changes something"
    assert ours == pytest.approx(theirs, abs=0.1)


def likelihood(client: httpx.Client, asked: list[dict[str, str]], answer: str) -> float:
    """The mean log-likelihood of an answer's tokens, by llama.cpp."""
    prompt = client.post("/apply-template", json={"messages": asked}).json()["prompt"]
    before, after = (
        client.post("/tokenize", json={"content": text, "parse_special": True}).json()["tokens"]
        for text in (prompt, f"{answer}<|im_end|>")
    )
    total = 0.0
    for at, token in enumerate(after):
        body = {"prompt": [*before, *after[:at]], "n_predict": 1, "n_probs": 200}
        said = client.post("/completion", json={**body, "temperature": 0}).json()
        (place,) = said["completion_probabilities"]
        likely = {entry["id"]: entry["logprob"] for entry in place["top_logprobs"]}
        total += likely[token]
    return total / len(after)
