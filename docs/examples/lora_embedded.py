"""A trainer for `medalist rounds`: LoRA of the embedded 0.5B model, on one CPU core if need be.

It reads the model's own GGUF file, of which the weights are dequantised, learns low-rank updates of
the linear layers of the upper blocks (Hu et al. 2021, arXiv:2106.09685) on the answers that
`medalist export --as sft` wrote, and writes them as an adapter that llama.cpp loads beside the
quantised weights: `--model embedded:0.5b+ADAPTER`, or `medalist model serve 0.5b --lora ADAPTER`.
Only the tokens of the answer are learnt. The blocks below stay as they are, so what they compute is
kept and not computed again in later epochs.

    pip install torch gguf tokenizers jinja2        for the CPU: a wheel of torch without CUDA

    python lora_embedded.py init --base GGUF --out ADAPTER       an adapter that changes nothing
    python lora_embedded.py train --base GGUF --model ADAPTER --data JSONL --out ADAPTER
    python lora_embedded.py score --base GGUF --model ADAPTER --data JSONL

GGUF is what `medalist model pull 0.5b` prints. With `--checkpoint FOLDER` a training that was
killed goes on from its last saved step, to the same result.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gguf
import jinja2
import numpy as np
import tokenizers
import torch
from torch.nn import functional

KINDS = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")
LOW = torch.bfloat16
# How Qwen2 parts a text before its byte pairs are merged.
WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)


class Base:
    """The frozen model: weights in bfloat16, tokenizer, and template of conversations."""

    def __init__(self, path: Path) -> None:
        reader = gguf.GGUFReader(path)
        self.fields = {name: field.contents() for name, field in reader.fields.items()}
        self.architecture = str(self.fields["general.architecture"])
        if self.architecture != "qwen2":
            sys.exit(f"{path}: a model of kind {self.architecture}, not qwen2")
        self.weights = {
            tensor.name: torch.from_numpy(
                gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
            ).to(torch.float32 if "norm" in tensor.name else LOW)
            for tensor in reader.tensors
        }
        self.blocks = self.number("block_count")
        self.heads = self.number("attention.head_count")
        self.kv_heads = self.number("attention.head_count_kv")
        self.tokenizer = self._tokenizer()
        environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True)  # noqa: S701
        self.template = environment.from_string(self.fields["tokenizer.chat_template"])

    def number(self, name: str) -> Any:
        return self.fields[f"{self.architecture}.{name}"]

    def _tokenizer(self) -> Any:
        tokens = self.fields["tokenizer.ggml.tokens"]
        merges = [tuple(pair.split(" ")) for pair in self.fields["tokenizer.ggml.merges"]]
        bpe = tokenizers.models.BPE({token: at for at, token in enumerate(tokens)}, merges)
        tokenizer = tokenizers.Tokenizer(bpe)
        tokenizer.normalizer = tokenizers.normalizers.NFC()
        parts = tokenizers.pre_tokenizers
        tokenizer.pre_tokenizer = parts.Sequence(
            [
                parts.Split(tokenizers.Regex(WORDS), "isolated"),
                parts.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
        kinds = self.fields["tokenizer.ggml.token_type"]
        special = (int(gguf.TokenType.CONTROL), int(gguf.TokenType.USER_DEFINED))
        tokenizer.add_special_tokens(
            [
                tokenizers.AddedToken(token, normalized=False)
                for token, kind in zip(tokens, kinds, strict=True)
                if kind in special
            ]
        )
        return tokenizer

    def tokens(self, text: str) -> list[int]:
        return list(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def tensors(self, row: dict[str, Any]) -> tuple[torch.Tensor, int]:
        """The tokens of a row's conversation, and how many of them are its prompt's."""
        prompt = self.template.render(messages=row["prompt"], add_generation_prompt=True)
        answer = "".join(str(message["content"]) for message in row["completion"])
        asked = self.tokens(prompt)
        return torch.tensor(asked + self.tokens(answer.rstrip() + "<|im_end|>")), len(asked)


class Adapter:
    """Low-rank updates: to a weight's name the factors `a` (rank, in) and `b` (out, rank)."""

    def __init__(self, factors: dict[str, list[torch.Tensor]], alpha: float) -> None:
        self.factors, self.alpha = factors, alpha
        names = sorted(factors)
        self.parameters = [factor for name in names for factor in factors[name]]
        for factor in self.parameters:
            factor.requires_grad_()
        self.lowest = min(int(name.split(".")[1]) for name in names)

    @classmethod
    def fresh(cls, base: Base, blocks: int, rank: int, alpha: float) -> Adapter:
        drawn = torch.Generator().manual_seed(0)
        factors = {}
        for block in range(base.blocks - blocks, base.blocks):
            for kind in KINDS:
                name = f"blk.{block}.{kind}.weight"
                wide, narrow = base.weights[name].shape
                a = torch.randn(rank, narrow, generator=drawn) / math.sqrt(narrow)
                factors[name] = [a, torch.zeros(wide, rank)]
        return cls(factors, alpha)

    @classmethod
    def read(cls, path: Path) -> Adapter:
        reader = gguf.GGUFReader(path)
        held = {
            tensor.name: torch.from_numpy(np.array(tensor.data)).float()
            for tensor in reader.tensors
        }
        names = {name.removesuffix(".lora_a") for name in held if name.endswith(".lora_a")}
        factors = {name: [held[f"{name}.lora_a"], held[f"{name}.lora_b"]] for name in names}
        return cls(factors, float(reader.fields["adapter.lora.alpha"].contents()))

    def write(self, path: Path, architecture: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".tmp")
        writer = gguf.GGUFWriter(part, architecture)
        writer.add_type("adapter")
        writer.add_string("adapter.type", "lora")
        writer.add_float32("adapter.lora.alpha", self.alpha)
        for name, (a, b) in sorted(self.factors.items()):
            writer.add_tensor(f"{name}.lora_a", a.detach().numpy())
            writer.add_tensor(f"{name}.lora_b", b.detach().numpy())
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        part.rename(path)

    def change(self, name: str, given: torch.Tensor) -> torch.Tensor | float:
        if name not in self.factors:
            return 0.0
        a, b = self.factors[name]
        scale = self.alpha / len(a)
        return functional.linear(functional.linear(given, a.to(LOW)), b.to(LOW)) * scale


class Model:
    """Qwen2's forward pass over one sequence, with the adapter's updates."""

    def __init__(self, base: Base, adapter: Adapter) -> None:
        self.base, self.adapter = base, adapter
        self._below: dict[int, torch.Tensor] = {}

    def loss(self, tokens: torch.Tensor, prompt: int, key: int) -> torch.Tensor:
        """The mean negative log-likelihood of the tokens behind the prompt."""
        if key not in self._below:
            with torch.no_grad():
                state = functional.embedding(tokens, self.base.weights["token_embd.weight"])
                self._below[key] = self._blocks(state.float(), 0, self.adapter.lowest).to(LOW)
        state = self._blocks(self._below[key].float(), self.adapter.lowest, self.base.blocks)
        weights = self.base.weights
        last = self._norm(state[prompt - 1 : -1], "output_norm.weight")
        head = weights.get("output.weight", weights["token_embd.weight"])
        return functional.cross_entropy(functional.linear(last, head).float(), tokens[prompt:])

    def _blocks(self, state: torch.Tensor, first: int, end: int) -> torch.Tensor:
        angles = self._angles(len(state), self.base.weights["blk.0.attn_norm.weight"].shape[0])
        for block in range(first, end):
            state = state + self._attention(block, state, angles)
            given = self._norm(state, f"blk.{block}.ffn_norm.weight")
            gate = functional.silu(self._linear(f"blk.{block}.ffn_gate", given))
            up = self._linear(f"blk.{block}.ffn_up", given)
            state = state + self._linear(f"blk.{block}.ffn_down", gate * up).float()
        return state

    def _attention(self, block: int, state: torch.Tensor, angles: Any) -> torch.Tensor:
        given = self._norm(state, f"blk.{block}.attn_norm.weight")
        heads = {"q": self.base.heads, "k": self.base.kv_heads, "v": self.base.kv_heads}
        q, k, v = (
            self._linear(f"blk.{block}.attn_{kind}", given).view(len(state), count, -1)
            for kind, count in heads.items()
        )
        q, k, v = (part.transpose(0, 1) for part in (turned(q, *angles), turned(k, *angles), v))
        k, v = (part.repeat_interleave(len(q) // len(part), 0) for part in (k, v))
        mixed = functional.scaled_dot_product_attention(q[None], k[None], v[None], is_causal=True)
        joined = mixed[0].transpose(0, 1).reshape(len(state), -1)
        return self._linear(f"blk.{block}.attn_output", joined).float()

    def _linear(self, name: str, given: torch.Tensor) -> torch.Tensor:
        weights = self.base.weights
        value = functional.linear(given, weights[f"{name}.weight"], weights.get(f"{name}.bias"))
        return value + self.adapter.change(f"{name}.weight", given)

    def _norm(self, state: torch.Tensor, name: str) -> torch.Tensor:
        scaled = state * torch.rsqrt(
            state.square().mean(-1, keepdim=True)
            + self.base.number("attention.layer_norm_rms_epsilon")
        )
        return (scaled * self.base.weights[name]).to(LOW)

    def _angles(self, length: int, width: int) -> tuple[torch.Tensor, torch.Tensor]:
        half = width // self.base.heads // 2
        speeds = self.base.number("rope.freq_base") ** -(torch.arange(half).float() / half)
        angles = torch.outer(torch.arange(length).float(), speeds)[:, None, :]
        return angles.cos(), angles.sin()


def turned(heads: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotary positions: the two halves of each head are turned against each other."""
    low, high = heads.float().chunk(2, -1)
    return torch.cat([low * cos - high * sin, high * cos + low * sin], -1).to(LOW)


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def batches(count: int, given: argparse.Namespace) -> Iterator[list[int]]:
    """The rows of each step: every epoch in another order, the same one every time."""
    for epoch in range(given.epochs):
        order = list(range(count))
        random.Random(epoch).shuffle(order)
        for start in range(0, count, given.batch):
            yield order[start : start + given.batch]


def train(given: argparse.Namespace) -> None:
    base, adapter = Base(given.base), Adapter.read(given.model)
    rows = [base.tensors(row) for row in rows_of(given.data)]
    rows = [row for row in rows if len(row[0]) <= given.longest]
    if not rows:
        sys.exit(f"{given.data}: no row of at most {given.longest} tokens (--longest)")
    plan = list(batches(len(rows), given))
    model, descent = Model(base, adapter), torch.optim.AdamW(adapter.parameters, weight_decay=0.0)
    saved = Checkpoint(given, adapter, descent)
    print(f"{len(rows)} rows, {len(plan)} steps, from step {saved.step}", file=sys.stderr)
    for step in range(saved.step, len(plan)):
        for group in descent.param_groups:
            group["lr"] = given.rate * min(1.0, (step + 1) / 5) * (1 - step / len(plan))
        total = 0.0
        for at in plan[step]:
            loss = model.loss(*rows[at], at) / len(plan[step])
            loss.backward()
            total += loss.item()
        torch.nn.utils.clip_grad_norm_(adapter.parameters, 1.0)
        descent.step()
        descent.zero_grad()
        print(f"step {step + 1}/{len(plan)}: loss {total:.4f}", file=sys.stderr, flush=True)
        saved.save(step + 1)
    adapter.write(given.out, base.architecture)


class Checkpoint:
    """What a killed training goes on from; not used for other data or with other options."""

    def __init__(self, given: argparse.Namespace, adapter: Adapter, descent: Any) -> None:
        self.step, self._adapter, self._descent = 0, adapter, descent
        self._every = given.every
        self._path = None if given.checkpoint is None else given.checkpoint / "state.pt"
        options = [given.epochs, given.batch, given.rate, given.longest, str(given.base)]
        content = given.data.read_bytes() + given.model.read_bytes() + repr(options).encode()
        self._of = hashlib.sha256(content).hexdigest()
        if self._path is not None and self._path.is_file():
            held = torch.load(self._path)
            if held["of"] == self._of:
                self.step = held["step"]
                descent.load_state_dict(held["descent"])
                with torch.no_grad():
                    for ours, theirs in zip(adapter.parameters, held["factors"], strict=True):
                        ours.copy_(theirs)

    def save(self, step: int) -> None:
        if self._path is None or step % self._every:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        held = {"of": self._of, "step": step, "descent": self._descent.state_dict()}
        part = self._path.with_suffix(".tmp")
        torch.save(
            {**held, "factors": [parameter.detach() for parameter in self._adapter.parameters]},
            part,
        )
        part.rename(self._path)


def score(given: argparse.Namespace) -> None:
    """One line a row: the mean log-likelihood of the tokens of its answer."""
    base = Base(given.base)
    model = Model(base, Adapter.read(given.model))
    with torch.no_grad():
        for at, row in enumerate(rows_of(given.data)):
            print(f"{-model.loss(*base.tensors(row), at).item():.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    fresh = commands.add_parser("init")
    fresh.add_argument("--rank", type=int, default=8)
    fresh.add_argument("--alpha", type=float, default=16.0)
    fresh.add_argument("--blocks", type=int, default=12, help="how many of the upper blocks learn")
    training, scoring = commands.add_parser("train"), commands.add_parser("score")
    for command in (training, scoring):
        command.add_argument("--model", type=Path, required=True)
        command.add_argument("--data", type=Path, required=True)
    for command in (fresh, training):
        command.add_argument("--out", type=Path, required=True)
    for command in (fresh, training, scoring):
        command.add_argument("--base", type=Path, required=True)
    training.add_argument("--checkpoint", type=Path, help="a folder for what a killed one needs")
    training.add_argument("--every", type=int, default=4, help="steps from save to save")
    training.add_argument("--epochs", type=int, default=3)
    training.add_argument("--batch", type=int, default=4, help="rows a step")
    training.add_argument("--rate", type=float, default=3e-4)
    training.add_argument("--longest", type=int, default=1536, help="tokens of a row")
    given = parser.parse_args()
    if given.command == "init":
        base = Base(given.base)
        adapter = Adapter.fresh(base, given.blocks, given.rank, given.alpha)
        adapter.write(given.out, base.architecture)
    elif given.command == "train":
        train(given)
    else:
        score(given)


if __name__ == "__main__":
    main()
