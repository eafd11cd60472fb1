"""`problems convert --to harbor`: tasks whose tests an agent cannot read, judged by hand here."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from medalist.agent.commands.main import app

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="no g++ on this machine")

SUM = "input()\nprint(sum(map(int, input().split())))\n"
SUM_CPP = """#include <cstdio>
int main() {
    int n, x, s = 0;
    scanf("%d", &n);
    while (n-- && scanf("%d", &x)) s += x;
    printf("%d", s);
}
"""


def put(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder


def package(folder: Path, **more: str) -> Path:
    """The sum of numbers; 40 points for one number, 60 for several."""
    meta: dict[str, Any] = {"name": "Sum", "license": "cc0", "type": "scoring"}
    meta["limits"] = {"time_limit": 1, "memory": 256}
    files = {
        "problem.yaml": yaml.safe_dump(meta),
        "problem_statement/problem.en.md": "# Sum\n\nPrint the sum of n numbers.\n",
        "data/testdata.yaml": "grader_flags: ignore_sample\n",
        "data/sample/1.in": "2\n1 2\n",
        "data/sample/1.ans": "3\n",
        "data/secret/a/1.in": "1\n7\n",
        "data/secret/a/1.ans": "7\n",
        "data/secret/a/testdata.yaml": "on_reject: break\naccept_score: 40\nrange: 0 40\n"
        "grader_flags: min\n",
        "data/secret/b/2.in": "2\n40 2\n",
        "data/secret/b/2.ans": "42\n",
        "data/secret/b/3.in": "3\n1 1 900\n",
        "data/secret/b/3.ans": "902\n",
        "data/secret/b/testdata.yaml": "on_reject: break\naccept_score: 60\nrange: 0 60\n"
        "grader_flags: min\n",
        "submissions/accepted/sum.py": SUM,
    }
    return put(folder / "sum", {**files, **more})


def convert(source: str | Path, out: Path) -> Path:
    done = CliRunner().invoke(
        app, ["problems", "convert", str(source), "--to", "harbor", "--out", str(out), "--json"]
    )
    assert done.exit_code == 0, done.output
    return Path(json.loads(done.stdout)["path"])


def reward(task: Path, tmp_path: Path, **programs: str) -> dict[str, float]:
    """What the verifier says of what an agent left."""
    workspace = tmp_path / "app"
    shutil.rmtree(workspace, ignore_errors=True)
    put(workspace, {name.replace("_", "."): text for name, text in programs.items()})
    tests = tmp_path / "tests"
    shutil.rmtree(tests, ignore_errors=True)
    shutil.copytree(task / "tests", tests)
    command = [sys.executable, str(tests / "judge.py"), str(tests), str(workspace)]
    logs = tmp_path / "logs"
    done = subprocess.run([*command, str(logs)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    result: dict[str, float] = json.loads((logs / "reward.json").read_text())
    return result


def test_a_task_has_what_harbor_reads_and_hides_what_is_secret(tmp_path: Path) -> None:
    task = convert(package(tmp_path), tmp_path / "tasks")
    settings = tomllib.loads((task / "task.toml").read_text())
    assert settings["verifier"]["environment_mode"] == "separate"
    assert settings["artifacts"] == ["/app"]
    assert "Print the sum of n numbers." in (task / "instruction.md").read_text()
    assert "COPY . /tests/" in (task / "tests/Dockerfile").read_text()
    shown = [
        task / "instruction.md",
        *(p for p in (task / "environment").rglob("*") if p.is_file()),
    ]
    text = "".join(path.read_text() for path in shown)
    assert "902" not in text
    assert "40 2" not in text
    assert (task / "environment/files/samples/1.in").read_text() == "2\n1 2\n"
    assert (task / "solution/solution.py").read_text() == SUM


def test_the_reward_is_the_share_of_the_points(tmp_path: Path) -> None:
    task = convert(package(tmp_path), tmp_path / "tasks")
    assert reward(task, tmp_path, solution_py=SUM)["reward"] == 1
    assert reward(task, tmp_path, solution_cpp=SUM_CPP)["reward"] == 1
    first = "input()\nprint(input().split()[0])\n"
    assert reward(task, tmp_path, solution_py=first)["reward"] == 0.4
    for wrong in ("print(1", "while True: pass\n", "raise SystemExit(1)\n", "print('x' * 10**9)\n"):
        assert reward(task, tmp_path, solution_py=wrong) == {"reward": 0, "tests_passed": 0}
    assert reward(task, tmp_path)["reward"] == 0
    assert reward(task, tmp_path, solution_cpp="int main( {")["reward"] == 0


def test_a_program_reads_no_answers_in_the_verifier(tmp_path: Path) -> None:
    import os

    if os.getuid() != 0:
        pytest.skip("only root can run programs as another user")
    task = convert(package(tmp_path), tmp_path / "tasks")
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    answers = tmp_path / "tests/data"
    peeks = f"import glob\nfor p in glob.glob('{answers}/*.ans'): print(open(p).read())\n"
    peeks += f"import os\ntry:\n    print(os.listdir('{answers}'))\nexcept OSError:\n"
    peeks += "    input(); print(sum(map(int, input().split())))\n"
    assert reward(task, tmp_path, solution_py=peeks)["reward"] == 1  # it had to work it out
    embeds = f'asm(".incbin \\"{answers}/3.ans\\"");\n{SUM_CPP}'
    assert reward(task, tmp_path, solution_cpp=embeds)["reward"] == 0


def test_a_packages_own_checker_decides(tmp_path: Path) -> None:
    check = (
        "import sys\nn, *a = open(sys.argv[1]).read().split()\n"
        "sys.exit(42 if sorted(sys.stdin.read().split()) == sorted(a) else 43)\n"
    )
    meta = "name: Shuffle\nlicense: cc0\nvalidation: custom\nlimits: {time_limit: 1, memory: 256}\n"
    folder = package(
        tmp_path,
        **{"problem.yaml": meta, "output_validators/check.py": check},
    )
    for name in ("a", "b"):
        (folder / f"data/secret/{name}/testdata.yaml").unlink()
    task = convert(folder, tmp_path / "tasks")
    back = "input()\nprint(*input().split()[::-1])\n"
    assert reward(task, tmp_path, solution_py=back) == {"reward": 1, "tests_passed": 1}
    assert reward(task, tmp_path, solution_py=SUM)["reward"] == 0


def test_bundled_problems_become_tasks_or_are_refused_in_a_line(tmp_path: Path) -> None:
    convert("fence", tmp_path / "tasks")
    assert json.loads((tmp_path / "tasks/fence/tests/judge.json").read_text())["checker"]
    done = CliRunner().invoke(
        app, ["problems", "convert", "vault", "--to", "harbor", "--out", str(tmp_path / "tasks")]
    )
    assert done.exit_code == 1
    assert "Harbor tasks for interactive problems are not written" in done.output


def test_harbors_own_loader_reads_a_task(tmp_path: Path) -> None:
    loader = pytest.importorskip("harbor.models.task.task", reason="needs harbor (Python 3.12)")
    task = convert(package(tmp_path), tmp_path / "tasks")
    assert loader.Task.is_valid_dir(task)
    read = loader.Task(task)
    assert read.config.verifier.environment_mode.value == "separate"
    assert "Print the sum" in read.instruction
