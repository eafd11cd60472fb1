"""The tiny model of `tiny_model.py`, thinking before it writes: for `medalist steps` end to end.

It thinks in three steps (what to keep, what to take of it, what to print), each token by the words
of the question, and then writes a program by the words of its own thinking. Both parts are learnt
from the right thinking and programs of the problems to train on; few epochs leave it unsure. Asked
how likely a step or a program is right, it answers with the probability of its least likely token.
Needs numpy, nothing else.

    python tiny_model.py problems FOLDER             the problems of `tiny_model.py`
    python tiny_thinker.py learn OUT [--epochs 6]    a model that thinks
    python tiny_thinker.py serve --model M --port P
"""

from __future__ import annotations

import argparse
import json
import random
import re
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
from tiny_model import (
    COMBINATIONS,
    END,
    TOKEN,
    Answering,
    Model,
    context_of,
    program,
    split,
    words_of,
)

QUOTED = r"\[{0}, quoted up to (\w+)\]\n(.*?)\n\[\1: end"


def thoughts(aggregate: str, mapped: str, kept: str) -> str:
    return f"Keep the {kept} numbers.\n\nTake their {mapped}.\n\nPrint the {aggregate} of them."


def words(text: str) -> list[str]:
    return sorted(set(re.findall(r"[a-z]+", text.lower())))


class Thinker:
    """Thinking by the question's words, and programs by the thinking's words."""

    def __init__(self, thinking: Model, code: Model) -> None:
        self.thinking, self.code = thinking, code

    @classmethod
    def learnt(cls, epochs: int) -> Thinker:
        combinations = split(COMBINATIONS)[0]
        made = cls(
            Model.counted([thoughts(*combination) for combination in combinations]),
            Model.counted([program(*combination) for combination in combinations]),
        )
        rng = random.Random(0)
        for _ in range(epochs):
            rng.shuffle(combinations)
            for combination in combinations:
                aggregate, mapped, kept = combination
                asked = words(
                    f"Print the {aggregate} of the {mapped} of the {kept} numbers, or 0 if there "
                    "are none."
                )
                made.thinking.learn(asked, [*TOKEN.findall(thoughts(*combination)), END], 0.1)
                made.code.learn(
                    words(thoughts(*combination)), [*TOKEN.findall(program(*combination)), END], 0.1
                )
        return made

    @classmethod
    def read(cls, path: Path) -> Thinker:
        return cls(Model.read(path / "thinking"), Model.read(path / "code"))

    def write(self, path: Path) -> None:
        self.thinking.write(path / "thinking")
        self.code.write(path / "code")

    def answer(self, question: list[str], begun: str, rng: np.random.Generator) -> tuple[str, str]:
        """Think on from what was thought, then write; returns both."""
        tokens = TOKEN.findall(begun.rstrip())
        while len(tokens) < 60:
            row = self.thinking.chances(context_of(tokens), question)
            token = self.thinking.vocabulary[rng.choice(len(row), p=row)]
            if token == END:
                break
            tokens.append(token)
        thought = "".join(tokens)
        return thought, self.code.sample(words(thought), rng)


def least(model: Model, question: list[str], text: str) -> float:
    """The probability of a text's least likely token."""
    tokens = TOKEN.findall(text.rstrip())
    known = [
        model.chances(context_of(tokens[:at]), question)[model.vocabulary.index(token)]
        if token in model.vocabulary
        else 0.0
        for at, token in enumerate(tokens)
    ]
    return float(min(known, default=0.0))


class Thinking(Answering):
    thinker: Thinker

    def do_POST(self) -> None:  # noqa: N802 - as its base class calls it
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        rng = np.random.default_rng(asked.get("seed"))
        text = "\n".join(each["content"] for each in asked["messages"] if each["role"] == "user")
        question = words_of(asked["messages"])
        choices = []
        for number in range(asked.get("n") or 1):
            message = {"role": "assistant", **self._said(text, question, rng)}
            choices.append({"index": number, "message": message, "finish_reason": "stop"})
        usage = {"prompt_tokens": 50, "completion_tokens": 70, "total_tokens": 120}
        body = {"id": "t", "object": "chat.completion", "created": 0, "model": "tiny"}
        self._send({**body, "choices": choices, "usage": usage})

    def _said(self, text: str, question: list[str], rng: np.random.Generator) -> dict[str, str]:
        shown = {
            name: re.search(QUOTED.format(name), text, re.S) for name in ("thinking", "program")
        }
        thinking, written = shown["thinking"], shown["program"]
        if "number from 0" in text and (thinking or written):
            if thinking:
                chance = least(self.thinker.thinking, question, thinking.group(2))
            else:
                assert written is not None
                chance = least(self.thinker.code, question, written.group(2) + "\n")
            return {"content": str(max(2, round(100 * chance)))}
        begun = thinking.group(2) if thinking else ""
        thought, code = self.thinker.answer(question, begun, rng)
        return {"content": f"{thought}\n\n```python\n{code}```\n"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    learning = commands.add_parser("learn")
    learning.add_argument("out", type=Path)
    learning.add_argument("--epochs", type=int, default=6)
    serving = commands.add_parser("serve")
    serving.add_argument("--model", type=Path, required=True)
    serving.add_argument("--port", type=int, required=True)
    given: Any = parser.parse_args()
    if given.command == "learn":
        Thinker.learnt(given.epochs).write(given.out)
    else:
        Thinking.thinker = Thinker.read(given.model)
        ThreadingHTTPServer(("127.0.0.1", given.port), Thinking).serve_forever()


if __name__ == "__main__":
    main()
