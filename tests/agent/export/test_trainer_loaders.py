"""Training data in the hands of the trainers' own data code, where one is installed.

`MEDALIST_TRAINERS=trl=/path/to/python,verl=/path/to/python` names environments of trainers; what is
installed beside the tests is taken from there.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest

pytestmark = pytest.mark.local

SCRIPT = Path(__file__).parents[3] / "benchmarks/trainer_loaders.py"
FORMS = {
    "trl": ("sft", "dpo", "kto", "rl"),
    "verl": ("sft", "dpo", "rl"),
    "openrlhf": ("sft", "dpo", "rl"),
    "axolotl": ("sft", "dpo", "rl"),
    "llamafactory": ("sft", "dpo", "kto"),
    "nemo-rl": ("sft", "dpo", "rl"),
}
PROGRAMS = ("print(sum(map(int, input().split())))\n", "print(max(map(int, input().split())))\n")


PYTHONS = dict(
    each.split("=", 1) for each in os.environ.get("MEDALIST_TRAINERS", "").split(",") if each
)


def trainer_python(trainer: str) -> str | None:
    if trainer in PYTHONS:
        return PYTHONS[trainer]
    modules = (trainer.replace("-", "_"), "torch", "datasets", "transformers")
    return sys.executable if all(map(importlib.util.find_spec, modules)) else None


@pytest.mark.parametrize("trainer", FORMS)
def test_a_trainer_reads_every_row(trainer: str, tmp_path: Path) -> None:
    python = trainer_python(trainer)
    if python is None:
        pytest.skip(f"{trainer} (or torch, which its data code needs) is not installed")
    package = tmp_path / "total"
    for name, content in {
        "problem.yaml": "name: total\n",
        "problem_statement/problem.en.md": "# Total\n\nPrint the sum of a line of numbers.\n",
        "data/sample/1.in": "1 2\n",
        "data/sample/1.ans": "3\n",
        "data/secret/1.in": "5 4\n",
        "data/secret/1.ans": "9\n",
    }.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(content)
    seen: list[int] = []

    def answer(_: SeenRequest) -> Reply:
        seen.append(0)
        turn = len(seen) % 2
        # Some answers come with thinking and some without: the fields differ from row to row.
        return Reply(f"```python\n{PROGRAMS[turn]}```\n", reasoning="A sum." if turn else "")

    with ScriptedEndpoint(answer) as server:
        done = medalist(
            "solve", package, "-n", "4", "--lang", "python", "--prompts", "direct", "--search",
            "once", "--effort", "low", "--model", "m", "--out", "run", cwd=tmp_path,
            OPENAI_BASE_URL=server.base_url,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert medalist("regret", "run", "--problem", package, cwd=tmp_path).returncode == 0
    for form in FORMS[trainer]:
        exported = medalist(
            "export", "run", f"out/{form}-{trainer}", "--as", form, "--for", trainer,
            "--validation", "0", "--thinking", "field", cwd=tmp_path,
        )  # fmt: skip
        assert exported.returncode == 0, exported.stderr
    read = subprocess.run(
        [python, str(SCRIPT), trainer, "out"], cwd=tmp_path, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    rows = [json.loads(line) for line in read.stdout.splitlines() if line.startswith('{"trainer"')]
    assert len(rows) == len(FORMS[trainer]), read.stderr
    assert all(row["read"] == row["rows"] > 0 for row in rows), rows
