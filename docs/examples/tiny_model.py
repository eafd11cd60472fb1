"""A language model small enough to be trained anywhere, for `medalist rounds` end to end.

It writes programs token by token: the logits of the next token depend on the last three tokens and,
linearly, on the words of the question. `base` fits the part without the question by counting
programs; `train` learns the words' weights by gradient descent on prompt and completion, as
`medalist export --as sft` writes them; `serve` answers as an endpoint of OpenAI's shape. Needs
numpy, nothing else.

    python tiny_model.py problems FOLDER          train and test problems, no combination in both
    python tiny_model.py base OUT                 a model that knows programs, but no question
    python tiny_model.py train --data F --model M --out OUT
    python tiny_model.py serve --model M --port P
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np

AGGREGATES = {
    "sum": "sum(b)",
    "count": "len(b)",
    "largest": "max(b, default=0)",
    "smallest": "min(b, default=0)",
}
MAPS = {"values": "x", "squares": "x * x", "magnitudes": "abs(x)", "doubles": "2 * x"}
FILTERS = {
    "even": "x % 2 == 0",
    "odd": "x % 2 != 0",
    "positive": "x > 0",
    "negative": "x < 0",
}
CONTEXT = 3
END = "<end>"
TOKEN = re.compile(r"\s*(?:\w+|[^\w\s])|\s+$")
COMBINATIONS = list(itertools.product(AGGREGATES, MAPS, FILTERS))


def split(combinations: list[tuple[str, str, str]]) -> tuple[list[Any], list[Any]]:
    """Every third combination is for the test alone."""
    drawn = combinations[:]
    random.Random(7).shuffle(drawn)
    return drawn[len(drawn) // 3 :], drawn[: len(drawn) // 3]


def program(aggregate: str, mapped: str, kept: str) -> str:
    return (
        "input()\na = list(map(int, input().split()))\n"
        f"b = [{MAPS[mapped]} for x in a if {FILTERS[kept]}]\nprint({AGGREGATES[aggregate]})\n"
    )


def write_problems(folder: Path, most: int | None) -> None:
    for side, combinations in zip(("train", "test"), split(COMBINATIONS), strict=True):
        for combination in combinations[:most]:
            write_problem(folder / side / "-".join(combination), *combination)


def write_problem(folder: Path, aggregate: str, mapped: str, kept: str) -> None:
    rng = random.Random(f"{aggregate} {mapped} {kept}")
    files = {
        "problem.yaml": f"name: {aggregate} of {kept} {mapped}\nlicense: cc0\n"
        "source: docs/examples/tiny_model.py\nlimits:\n  time_limit: 2\n  memory: 256\n",
        "problem_statement/problem.en.md": f"# Numbers\n\nPrint the {aggregate} of the {mapped} of "
        f"the {kept} numbers, or 0 if there are none.\n\n## Input\n\nThe first line holds n "
        "(1 <= n <= 20). The second line holds n integers (-50 <= a_i <= 50).\n",
    }
    for name in ("sample/1", "secret/1", "secret/2", "secret/3"):
        numbers = [rng.randint(-50, 50) for _ in range(rng.randint(6, 20))]
        given = [x for x in numbers if eval(FILTERS[kept], {"x": x})]  # noqa: S307
        b = [eval(MAPS[mapped], {"x": x, "abs": abs}) for x in given]  # noqa: S307
        answer = eval(AGGREGATES[aggregate], {"b": b})  # noqa: S307
        files[f"data/{name}.in"] = f"{len(numbers)}\n{' '.join(map(str, numbers))}\n"
        files[f"data/{name}.ans"] = f"{answer}\n"
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)


class Model:
    """Logits of the next token: `base` by context, and `words` by context and word."""

    def __init__(self, vocabulary: list[str], base: dict[str, list[float]]) -> None:
        self.vocabulary = vocabulary
        self.base = {context: np.array(row) for context, row in base.items()}
        self.words: dict[str, dict[str, np.ndarray]] = {}

    @classmethod
    def counted(cls, programs: list[str]) -> Model:
        rows = [[*TOKEN.findall(text), END] for text in programs]
        vocabulary = sorted({token for row in rows for token in row})
        counts: dict[str, np.ndarray] = {}
        for row in rows:
            for at, token in enumerate(row):
                count = counts.setdefault(context_of(row[:at]), np.zeros(len(vocabulary)))
                count[vocabulary.index(token)] += 1
        return cls(vocabulary, {one: np.log(row + 1e-4).tolist() for one, row in counts.items()})

    @classmethod
    def read(cls, path: Path) -> Model:
        held = json.loads((path / "model.json").read_text())
        model = cls(held["vocabulary"], held["base"])
        for context, words in held["words"].items():
            model.words[context] = {word: np.array(row) for word, row in words.items()}
        return model

    def write(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        words = {
            context: {word: row.round(5).tolist() for word, row in rows.items()}
            for context, rows in self.words.items()
        }
        base = {context: row.tolist() for context, row in self.base.items()}
        held = {"vocabulary": self.vocabulary, "base": base, "words": words}
        (path / "model.json").write_text(json.dumps(held))

    def chances(self, context: str, question: list[str]) -> np.ndarray:
        logits = self.base.get(context, np.zeros(len(self.vocabulary))).copy()
        rows = self.words.get(context, {})
        for word in question:
            if word in rows:
                logits += rows[word]
        raised = np.exp(logits - logits.max())
        return raised / raised.sum()  # type: ignore[no-any-return]

    def learn(self, question: list[str], tokens: list[str], rate: float) -> None:
        """One step of gradient descent on the likelihood of some tokens, with weight decay."""
        for at, token in enumerate(tokens):
            if token not in self.vocabulary:
                return
            context = context_of(tokens[:at])
            gradient = -self.chances(context, question)
            gradient[self.vocabulary.index(token)] += 1.0
            rows = self.words.setdefault(context, {})
            for word in question:
                row = rows.setdefault(word, np.zeros(len(self.vocabulary)))
                row += rate * (gradient - 0.01 * row)

    def sample(self, question: list[str], rng: np.random.Generator, most: int = 120) -> str:
        tokens: list[str] = []
        while len(tokens) < most:
            row = self.chances(context_of(tokens), question)
            token = self.vocabulary[rng.choice(len(row), p=row)]
            if token == END:
                break
            tokens.append(token)
        return "".join(tokens)


def context_of(tokens: list[str]) -> str:
    return "\x1f".join(tokens[-CONTEXT:])


def words_of(messages: list[dict[str, Any]]) -> list[str]:
    """The words of the statement's first paragraph below the title, once each."""
    text = " ".join(str(message["content"]) for message in messages if message["role"] == "user")
    told = re.search(r"Print the .*?\.", text, re.S)
    return sorted(set(re.findall(r"[a-z]+", (told.group() if told else text).lower())))


def train(data: Path, model: Path, out: Path, epochs: int) -> None:
    learner = Model.read(model)
    rows = [json.loads(line) for line in data.read_text().splitlines()]
    pairs = []
    for row in rows:
        match = re.search(r"```\w*\n(.*?)```", row["completion"][-1]["content"], re.S)
        if match:
            pairs.append((words_of(row["prompt"]), [*TOKEN.findall(match.group(1)), END]))
    rng = random.Random(0)
    for _ in range(epochs):
        rng.shuffle(pairs)
        for question, tokens in pairs:
            learner.learn(question, tokens, 0.1)
    learner.write(out)


class Answering(BaseHTTPRequestHandler):
    model: Model

    def do_GET(self) -> None:
        self._send({"object": "list", "data": [{"id": "tiny", "object": "model"}]})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        rng = np.random.default_rng(asked.get("seed"))
        question = words_of(asked["messages"])
        choices = []
        for number in range(asked.get("n") or 1):
            text = f"```python\n{self.model.sample(question, rng)}```\n"
            message = {"role": "assistant", "content": text}
            choices.append({"index": number, "message": message, "finish_reason": "stop"})
        usage = {"prompt_tokens": 50, "completion_tokens": 50, "total_tokens": 100}
        body = {"id": "t", "object": "chat.completion", "created": 0, "model": "tiny"}
        self._send({**body, "choices": choices, "usage": usage})

    def _send(self, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    problems = commands.add_parser("problems")
    problems.add_argument("folder", type=Path)
    problems.add_argument("--most", type=int)
    commands.add_parser("base").add_argument("out", type=Path)
    training = commands.add_parser("train")
    for name in ("--data", "--model", "--out"):
        training.add_argument(name, type=Path, required=True)
    training.add_argument("--epochs", type=int, default=30)
    serving = commands.add_parser("serve")
    serving.add_argument("--model", type=Path, required=True)
    serving.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    if given.command == "problems":
        write_problems(given.folder, given.most)
    elif given.command == "base":
        Model.counted([program(*combination) for combination in split(COMBINATIONS)[0]]).write(
            given.out
        )
    elif given.command == "train":
        train(given.data, given.model, given.out, given.epochs)
    else:
        Answering.model = Model.read(given.model)
        ThreadingHTTPServer(("127.0.0.1", given.port), Answering).serve_forever()


if __name__ == "__main__":
    main()
