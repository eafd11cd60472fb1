"""`medalist export --as sft|dpo|kto|rl`: training data of a run, and what may not be in it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest

pytestmark = pytest.mark.local

CANARIES = ("40404", "40410", "CANARY-CHECKER")
SUM = "n = int(input())\na = list(map(int, input().split()))\nprint(sum(a))\n"
COPY = "count = int(input())\nb = list(map(int, input().split()))\nprint(sum(b))\n"
OTHER = (
    "import sys\ntotal = 0\nfor word in sys.stdin.read().split()[1:]:\n    total += int(word)\n"
    "print(total)\n"
)
WRONG = "n = int(input())\na = list(map(int, input().split()))\nprint(max(a))\n"
ALSO_WRONG = "x = input()\nprint(len(input().split()) * 3)\n"
PROGRAMS = (SUM, COPY, OTHER, WRONG, ALSO_WRONG)
WORDS = (
    "Print the total of the numbers of a list that somebody left on the kitchen table last night."
)


def package(folder: Path, name: str, statement: str) -> Path:
    files = {
        "problem.yaml": f"name: {name}\nlicense: cc0\nsource: Kitchen\nvalidation: custom\n"
        "limits:\n  time_limit: 2\n  memory: 256\n",
        "problem_statement/problem.en.md": f"# {name}\n\n{statement}\n\n## Input\n\nThe first line "
        "holds n (1 <= n <= 9). The second line holds n integers (1 <= a_i <= 90000).\n",
        "data/sample/1.in": "3\n1 5 2\n",
        "data/sample/1.ans": "8\n",
        "data/secret/1.in": "4\n1 2 3 40404\n",
        "data/secret/1.ans": "40410\n",
        "output_validators/check/check.py": "# CANARY-CHECKER\nimport sys\n"
        "sys.exit(42 if sys.stdin.read().split() == open(sys.argv[2]).read().split() else 43)\n",
    }
    for path, content in files.items():
        target = folder / name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)
    return folder / name


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("training")
    package(folder / "archive", "total", WORDS)
    package(folder / "held", "other", WORDS)

    numbers: dict[int, int] = {}

    def answer(seen: SeenRequest) -> Reply:
        number = numbers.setdefault(seen.body["seed"], len(numbers)) % (len(PROGRAMS) + 1)
        if number == len(PROGRAMS):
            return Reply("I would rather not.")
        return Reply(f"```python\n{PROGRAMS[number]}```\n", reasoning="It is a sum.")

    with ScriptedEndpoint(answer) as server:
        done = medalist(
            "batch", "archive", "-n", "12", "--lang", "python", "--prompts", "direct", "--search",
            "once", "--effort", "low", "--schedule", "equal", "--submissions", "1", "--model", "m",
            "--out", "run", cwd=folder, OPENAI_BASE_URL=server.base_url,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    judged = medalist("regret", "run", "--problem", "archive/total", cwd=folder)
    assert judged.returncode == 0, judged.stderr
    return folder / "run"


def export(run: Path, form: str, *options: str) -> tuple[dict[str, Any], Path]:
    to = run.parent / "-".join([form, *(option.strip("-") for option in options)])
    done = medalist(
        "export", run, to, "--as", form, "--validation", "0", "--json", *options, cwd=run.parent
    )
    assert done.returncode == 0, done.stderr
    manifest: dict[str, Any] = json.loads(done.stdout)
    assert manifest["files"], manifest
    for file in manifest["files"]:
        content = (to / file["name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        assert not any(canary.encode() in content for canary in CANARIES)
    return manifest, to


def rows(folder: Path, name: str = "train.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / name).read_text().splitlines()]


def test_only_accepted_programs_are_learnt_and_near_copies_are_one(run: Path) -> None:
    manifest, to = export(run, "sft", "--verify", "200", "--reflect")
    by_source = rows(to)
    assert {row["verdict"] for row in by_source} == {"AC"}
    assert {row["license"] for row in by_source} == {"cc0"}
    assert {row["source"] for row in by_source} == {"Kitchen"}
    plain = [row for row in by_source if "reflection" not in row]
    assert len(plain) == 2, "the sum, its renamed copy and the samples that repeat it are one"
    (reflected,) = [row for row in by_source if "reflection" in row]
    said = reflected["completion"][0]["content"]
    assert "sum(" in said
    assert "sys.stdin" in said
    assert manifest["verified"]["differ"] == []
    assert manifest["verified"]["judged"] == 4
    assert manifest["left_out"]["no program in the answer"] > 0
    assert manifest["left_out"]["near copy of another"] > 0
    assert all("thinking" not in turn for row in by_source for turn in row["completion"])


def test_pairs_are_right_against_wrong_under_one_question(run: Path) -> None:
    _, to = export(run, "dpo")
    by_source = rows(to)
    assert len(by_source) == 2
    for row in by_source:
        assert (row["verdict_chosen"], row["verdict_rejected"]) == ("AC", "WA")
        assert row["prompt"][-1]["role"] == "user"
        assert WORDS in row["prompt"][-1]["content"]
    _, to = export(run, "dpo", "--pairs", "tree", "--mix", "1")
    assert all(row["q_chosen"] - row["q_rejected"] >= 0.3 for row in rows(to))


def test_every_trainer_gets_its_own_shape(run: Path) -> None:
    shapes = {
        ("sft", "openai"): {"messages"},
        ("dpo", "openai"): {"input", "preferred_output", "non_preferred_output"},
        ("sft", "axolotl"): {"messages"},
        ("dpo", "axolotl"): {"messages", "chosen", "rejected"},
        ("dpo", "nemo-rl"): {"context", "completions"},
        ("dpo", "openrlhf"): {"prompt", "chosen", "rejected"},
        ("dpo", "llamafactory"): {"conversations", "chosen", "rejected"},
        ("kto", "llamafactory"): {"messages", "kto_tag"},
        ("kto", "trl"): {"prompt", "completion", "label"},
        ("rl", "nemo-rl"): {"responses_create_params", "verifier_metadata", "agent_ref"},
        ("rl", "openrlhf"): {"input", "label"},
    }
    for (form, target), keys in shapes.items():
        _, to = export(run, form, "--for", target)
        for row in rows(to):
            assert keys <= row.keys(), (form, target)
            assert target != "openai" or keys == row.keys()
    told = json.loads((run.parent / "dpo-for-llamafactory/dataset_info.json").read_text())
    assert told["medalist_train"]["ranking"] is True
    assert {row["label"] for row in rows(run.parent / "kto-for-trl")} == {True, False}
    manifest, to = export(run, "rl", "--for", "harbor")
    assert "train/total/task.toml" in {file["name"] for file in manifest["files"]}
    refused = medalist("export", run, "--as", "kto", "--for", "openai", cwd=run.parent)
    assert refused.returncode == 2
    assert "openai has no rows of the form kto (kto is for trl, llamafactory)" in refused.stderr


def test_verl_reads_parquet_with_the_id_to_be_judged_on(run: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    _, to = export(run, "rl", "--for", "verl")
    (row,) = parquet.read_table(to / "train.parquet").to_pylist()
    assert row["reward_model"] == {"ground_truth": "total", "style": "rule"}
    assert row["prompt"][-1]["role"] == "user"
    _, to = export(run, "dpo", "--for", "verl")
    for row in parquet.read_table(to / "train.parquet").to_pylist():
        assert isinstance(row["prompt"], str)
        assert isinstance(row["chosen"], str)


def test_held_out_problems_are_refused_by_id_and_by_statement(run: Path) -> None:
    # `held` has the statement under another id.
    done = medalist(
        "export", run, "gone", "--as", "sft", "--held-out", "held", "--json", cwd=run.parent
    )
    manifest = json.loads(done.stdout)
    assert manifest["rows"] == {"train": 0, "validation": 0}
    assert manifest["left_out"]["held out, by its statement"] == 2
    done = medalist(
        "export", run, "gone", "--as", "sft", "--held-out", "archive", "--json", cwd=run.parent
    )
    assert json.loads(done.stdout)["left_out"]["held out, by id"] == 2


def test_a_problem_is_on_one_side_in_every_export(run: Path) -> None:
    sides = set()
    for form in ("sft", "kto", "dpo"):
        to = run.parent / f"split-{form}"
        medalist("export", run, to, "--as", form, "--validation", "0.9", cwd=run.parent)
        manifest = json.loads((to / "manifest.json").read_text())
        sides.add(tuple(side for side, count in manifest["rows"].items() if count))
    assert len(sides) == 1


def test_two_runs_are_one_data_set(run: Path) -> None:
    manifest, _ = export(run, "sft")
    both = run.parent / "both"
    done = medalist(
        "export", run, run, both, "--as", "sft", "--validation", "0", "--json", cwd=run.parent
    )
    twice = json.loads(done.stdout)
    assert twice["rows"] == manifest["rows"]
    refused = medalist("export", run, run, "x.jsonl", "--as", "pool", cwd=run.parent)
    assert refused.returncode == 2
    assert "pool is written for one run at a time" in refused.stderr
