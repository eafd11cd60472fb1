"""A verifier trained on recorded programs, and a run that chooses with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.problems.formats import find_bundled

PROBLEM = "warmer"


def _pool(path: Path, problems: int = 8) -> Path:
    """Problems in which programs that read with a loop are right, whoever has more votes."""
    with path.open("w") as lines:
        for number in range(problems):
            programs, keys, truth = [], [], []
            for place in range(8):
                right = place % 4 == 0
                loop = f"for i in range({place}):\n    print(i)\n" if right else f"print({place})\n"
                programs.append(
                    {
                        "id": f"{number:08d}{place:08d}",
                        "language": "python",
                        "candidates": [f"{place}"],
                        "source": loop,
                    }
                )
                keys.append(["=a", "=b"] if right else [f"=x{place}", "!runtime"])
                truth.append({"verdict": "AC" if right else "WA", "score": 100 if right else 0})
            row = {"problem": f"p{number}", "programs": programs, "keys": keys, "truth": truth}
            lines.write(json.dumps(row) + "\n")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a pool and a verifier that learned from it."""
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    here = tmp_path_factory.mktemp("verifier")
    _pool(here / "pool.jsonl")
    done = medalist("train", "verifier", "pool.jsonl", "--out", "mine.json", cwd=here)
    assert done.returncode == 0, done.stderr
    assert "64 programs (16 right) of 8 problems" in done.stdout
    return here


def test_the_card_says_what_it_learned_from_and_how_good_it_is(folder: Path) -> None:
    card = json.loads((folder / "mine.card.json").read_text())
    assert card["programs"] == 64
    assert card["data"][0]["name"] == "pool.jsonl"
    assert card["out_of_fold"]["auc"] > 0.9
    assert card["out_of_fold"]["problems_with_both"] == 8


def test_the_same_programs_give_the_same_file(folder: Path) -> None:
    again = medalist("train", "verifier", "pool.jsonl", "--out", "again.json", cwd=folder)
    assert again.returncode == 0, again.stderr
    assert (folder / "again.json").read_bytes() == (folder / "mine.json").read_bytes()


def test_replay_takes_a_verifier_as_a_policy(folder: Path) -> None:
    table = medalist("replay", "pool.jsonl", "--policy", "mine.json", "--json", cwd=folder)
    assert table.returncode == 0, table.stderr


@pytest.mark.local
def test_solve_counts_the_verifier_says_so_and_can_be_replayed(folder: Path) -> None:
    learned = json.loads((folder / "mine.json").read_text())
    (folder / "loud.json").write_text(json.dumps(learned | {"weight": 1.0}))
    right = (find_bundled(PROBLEM) / "submissions/accepted/reference.py").read_text()

    def script(seen: SeenRequest) -> Reply:
        return Reply(f"```python\n{right if seen.index % 3 else 'print(input())'}\n```")

    with ScriptedEndpoint(script) as endpoint:
        env = {"OPENAI_BASE_URL": endpoint.base_url}
        solve = ["solve", PROBLEM, "-n", "4", "--lang", "python", "--search", "once", "--json"]
        solve += ["--verifier", "loud.json", "--evidence", "6", "--out", "run"]
        done = medalist(*solve, cwd=folder, **env)
        assert done.returncode == 0, done.stderr
    assert "the verifier adds" in done.stdout + medalist("explain", "run", cwd=folder).stdout
    same = medalist("replay", "run", "--check", cwd=folder)
    assert "all reproduced" in same.stderr
    after = medalist("train", "verifier", "run", "pool.jsonl", "--out", "more.json", cwd=folder)
    assert after.returncode == 0, after.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "medalist verifier 0"}, "train again"),
        ({"scales": []}, "differ in length"),
        ({"trees": [{"feature": [0], "threshold": [0.0], "left": [0], "right": [0],
                                 "value": [0.0]}]}, "no end"),
        ({"mix": "none"}, "mix"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_sound_verifier_is_refused(
    folder: Path, change: dict[str, object], said: str
) -> None:
    learned = json.loads((folder / "mine.json").read_text())
    (folder / "odd.json").write_text(json.dumps(learned | change))
    done = medalist("solve", PROBLEM, "--verifier", "odd.json", cwd=folder)
    assert done.returncode == 2
    assert said in done.stderr


def test_what_cannot_be_learned_from_is_said(folder: Path) -> None:
    _pool(folder / "one.jsonl", problems=1)
    one = medalist("train", "verifier", "one.jsonl", cwd=folder)
    assert one.returncode == 2
    assert "two problems" in one.stderr
    other = medalist("solve", PROBLEM, "--verifier", "mine.json", "--policy", "mbr", cwd=folder)
    assert other.returncode == 2
    assert "takes no verifier" in other.stderr
    weights = medalist("solve", PROBLEM, "--verifier", "absent.json", cwd=folder)
    assert weights.returncode == 2
    assert "absent.json" in weights.stderr
