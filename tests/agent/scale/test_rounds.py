"""`medalist rounds`, with the tiny model of docs/examples: real training, killed in every stage."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.agent.command import medalist, start

pytestmark = pytest.mark.local
numpy = pytest.importorskip("numpy", reason="numpy is not installed (extra learn)")

TINY = Path(__file__).parents[3] / "docs" / "examples" / "tiny_model.py"
QUICK = (
    "--lang python --prompts direct --effort low --evidence 4 --generators 0 --validators 0 "
    "--tests 0 --pair-generators 0 --mutants 0"
)


def arguments(folder: Path, *more: str) -> list[str]:
    tiny = f"{sys.executable} {TINY}"
    return [
        "rounds", str(folder / "problems/train"), "--test", str(folder / "problems/test"),
        "--trainer", f"{tiny} train --data {{data}} --model {{model}} --out {{out}} --epochs 3",
        "--serve", f"{tiny} serve --model {{model}} --port {{port}}",
        "--model", str(folder / "base"), "--out", "loop", "--rounds", "1", "-n", "6",
        "--overlap", "1", "--batch-options", QUICK, *more,
    ]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    from subprocess import run

    run([sys.executable, TINY, "problems", tmp_path / "problems", "--most", "2"], check=True)
    run([sys.executable, TINY, "base", tmp_path / "base"], check=True)
    return tmp_path


def test_a_round_that_is_killed_in_any_stage_goes_on(folder: Path) -> None:
    given = arguments(folder, "--signal", "agreement", "--self-score", "2")
    for stage in ("sampling (test)", "scoring itself (test)", "judging (train)", "training on"):
        running = start(*given, cwd=folder)
        assert running.stderr is not None
        seen = ""
        for line in running.stderr:
            seen += line
            if stage in line:
                break
        running.kill()
        running.communicate()
        assert stage in seen, seen
    done = medalist(*given, "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "sampling (train)" not in done.stderr, "what was sampled is not sampled again"
    told = json.loads(done.stdout)
    first, second = told["rounds"]
    assert first["rows"] >= 1
    assert second["model"].endswith("loop/round-0/model")
    assert 0.0 <= second["pass1"]["mean"] <= 1.0
    scored = medalist(
        "review", "loop/round-1/test", "--model", "round", "--most", "2", "--json",
        cwd=folder, OPENAI_BASE_URL="http://127.0.0.1:9/v1",
    )  # fmt: skip
    assert scored.returncode == 0, scored.stderr
    # Nothing is left to ask. How well scores tell right from wrong: test_review_command.py.
    assert json.loads(scored.stdout)["scored"] >= 2
    assert all("self_auc" in row for row in told["rounds"])
    again = medalist(*given, "--json", cwd=folder)
    assert json.loads(again.stdout) == told
    assert "sampling" not in again.stderr


def test_a_model_that_is_right_nowhere_leaves_nothing_to_learn(folder: Path) -> None:
    held = json.loads((folder / "base/model.json").read_text())
    # It ends at once: an empty program.
    row = [0.0] * len(held["vocabulary"])
    row[held["vocabulary"].index("<end>")] = 100.0
    held["base"][""] = row
    (folder / "base/model.json").write_text(json.dumps(held))
    done = medalist(*arguments(folder), cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "round 0 has nothing to learn from" in done.stderr
    refused = medalist(*arguments(folder, "--thresholds", "half"), cwd=folder)
    assert refused.returncode == 2
    assert "'half' is not a share" in refused.stderr


HALTING = """
import shutil, sys
from pathlib import Path
kept, base, out = map(Path, sys.argv[1:])
if not (kept / "half").exists():
    (kept / "half").write_text("trained so far")
    sys.exit("interrupted")
shutil.copytree(base, out)
"""


def test_a_trainer_goes_on_from_what_it_kept(folder: Path) -> None:
    (folder / "halting.py").write_text(HALTING)
    trainer = f"{sys.executable} halting.py {{checkpoint}} {{model}} {{out}}"
    given = arguments(folder, "--signal", "agreement", "--json")
    given[given.index("--trainer") + 1] = trainer
    given[given.index("-n") + 1] = "2"
    given[given.index("--test") : given.index("--test") + 2] = []
    halted = medalist(*given, cwd=folder)
    assert halted.returncode == 3
    assert halted.stderr.splitlines()[-1] == "medalist: the trainer ended with code 1"
    assert (folder / "loop/round-0/checkpoint/half").is_file()
    # The answers of that run are a model as well: the same ones, so nothing is gained.
    done = medalist(*given, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "sampling (train)" not in done.stderr.partition("training on")[0]
    assert not (folder / "loop/round-0/checkpoint").exists()
    assert json.loads(done.stdout)["rounds"][1]["model"] == "loop/round-0/model"

    again = ["loop/round-0/train" if word == str(folder / "base") else word for word in given]
    again[again.index("--serve")] = "--named"
    again[again.index("--named") + 1] = "recorded:{model}"
    again[again.index("--trainer") + 1] = "cp -r {model} {out}"
    again[again.index("--out") + 1] = "recorded"
    replayed = medalist(*again, cwd=folder)
    assert replayed.returncode == 0, replayed.stderr
    first, second = json.loads(replayed.stdout)["rounds"]
    assert second["model"] == "recorded/round-0/model"
    assert (first["pass1"], second["gain"]["mean"]) == (second["pass1"], 0.0)
    both = medalist(*given, "--named", "recorded:{model}", cwd=folder)
    assert both.returncode == 2
    assert "--serve: excludes --named" in both.stderr
