"""`medalist steps`: labels by roll-outs, killed and resumed, compared, exported."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from tests.agent.command import medalist, start

pytestmark = pytest.mark.local

RIGHT = "print(sum(map(int, input().split())))\n"
WRONG = "print(max(map(int, input().split())))\n"
GOOD = "Read the numbers of the line.\n\nAdd them up."
BAD = "Read the numbers of the line.\n\nTake the largest of them."
ONWARD = "Your thinking about it began like this"
CANARY = "40404"


def script(seen: SeenRequest) -> Reply:
    """Answers by the thinking that is shown; from its first step, by the request's seed."""
    asked = json.dumps(seen.body["messages"])
    seed = seen.body["seed"] or 0
    if "number from 0" in asked:
        return Reply("10" if "largest" in asked or "max(" in asked else "90")
    so_far = asked if ONWARD in asked else ""
    if seen.body["messages"][-1]["role"] == "assistant":
        so_far = seen.body["messages"][-1]["content"]
    is_good = "largest" not in so_far if "Add" in so_far or "largest" in so_far else seed % 2 == 0
    if so_far:
        return Reply(f"So it is.\n\n```python\n{RIGHT if is_good else WRONG}```\n")
    code = f"```python\n{RIGHT if is_good else WRONG}```\n"
    thinking = GOOD if is_good else BAD
    if seed % 3 == 0:
        return Reply(code, reasoning=thinking)
    return Reply(f"{thinking}\n\n{code}")


class Recorded(NamedTuple):
    folder: Path
    endpoint: ScriptedEndpoint

    def steps(self, *options: str | Path, **extra: str) -> Any:
        return medalist(
            "steps", "run", "--problem", "total", "--model", "m", *options, cwd=self.folder,
            OPENAI_BASE_URL=self.endpoint.base_url, **extra,
        )  # fmt: skip

    def result(self, *options: str | Path, **extra: str) -> dict[str, Any]:
        done = self.steps(*options, "--json", **extra)
        assert done.returncode == 0, done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def rollouts(self) -> Counter[int]:
        """How often each roll-out was asked for, by its seed."""
        asked = [each for each in self.endpoint.log if ONWARD in json.dumps(each.body)]
        return Counter(each.body["seed"] for each in asked)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorded]:
    folder = tmp_path_factory.mktemp("steps")
    for name, content in {
        "problem.yaml": "name: total\nlicense: cc0\n",
        "problem_statement/problem.en.md": "# Total\n\nPrint the sum of a line of numbers.\n",
        "data/sample/1.in": "4\n",
        "data/sample/1.ans": "4\n",
        "data/secret/1.in": f"5 {CANARY}\n",
        "data/secret/1.ans": "40409\n",
    }.items():
        (folder / "total" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "total" / name).write_text(content)
    with ScriptedEndpoint(script) as endpoint:
        asked = medalist(
            "solve", "total", "-n", "8", "--lang", "python", "--prompts", "reason", "--search",
            "once", "--effort", "low", "--model", "m", "--out", "run", cwd=folder,
            OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
        assert asked.returncode in (0, 1), asked.stderr
        assert medalist("regret", "run", "--problem", "total", cwd=folder).returncode == 0
        yield Recorded(folder, endpoint)


def test_steps_are_labelled_by_what_comes_of_them_and_a_killed_command_goes_on(
    recorded: Recorded,
) -> None:
    words = ["run", "--problem", "total", "--model", "m", "--out", "a", "-k", "2"]
    words += ["--concurrency", "1"]
    running = start(
        "steps", *words, cwd=recorded.folder, OPENAI_BASE_URL=recorded.endpoint.base_url
    )
    assert running.stderr is not None
    told = ""
    for line in running.stderr:
        told += line
        if "roll-outs: 5 of 32" in line:
            break
    running.kill()
    running.communicate()
    assert "roll-outs: 5 of 32" in told, told
    result = recorded.result("--out", "a", "-k", "2")
    assert (result["answers"], result["steps"], result["roll_outs"]) == (8, 16, 32)
    asked = recorded.rollouts()
    assert len(asked) == 32
    assert asked.total() <= 33, "only what was in flight is asked again"
    assert result["auc"]["last_label"] == 1.0
    more = recorded.result("--out", "a", "-k", "3")
    assert more["roll_outs"] == 48, "a larger --roll-outs adds to those that are there"
    assert len(recorded.rollouts()) == 48
    refused = recorded.steps("--out", "a", "--seed", "7")
    assert refused.returncode == 2
    assert "begun with another seed (0)" in refused.stderr


def test_two_labellings_agree_and_scores_of_steps_choose(recorded: Recorded) -> None:
    first = recorded.result("--out", "b", "-k", "2", "--seed", "1", "--scorer", "m")
    (row,) = [row for row in first["best_of_n"] if row["n"] == 4]
    assert row["product"]["mean"] == row["minimum"]["mean"] == row["outcome"]["mean"]
    assert row["product"]["mean"] == row["any"]["mean"] > row["random"]["mean"]
    assert first["auc"]["product"] == first["auc"]["outcome"] == 1.0
    second = recorded.result("--out", "c", "-k", "2", "--seed", "2", "--against", "b")
    assert second["agreement"]["steps"] == 16
    assert 0.5 <= second["agreement"]["same"] <= 1.0, "the last step of each decides"
    assert second["agreement"]["difference"] > 0, "another seed, other roll-outs of first steps"
    again = recorded.result("--out", "c", "-k", "2", "--seed", "2", "--against", "c")
    assert again["agreement"]["same"] == again["agreement"]["kappa"] == 1.0
    shown = recorded.steps("--out", "c", "-k", "2", "--seed", "2", "--against", "b")
    assert "share of choices that are right" in shown.stdout
    assert "majority" in shown.stdout


def test_labels_are_exported_in_each_trainers_shape_without_the_secret(recorded: Recorded) -> None:
    recorded.result("--out", "d", "-k", "2")
    rows: dict[str, list[dict[str, Any]]] = {}
    for target in ("axolotl", "trl", "llamafactory"):
        done = medalist(
            "export", "d", f"out/{target}", "--as", "steps", "--for", target, "--problem", "total",
            "--validation", "0", cwd=recorded.folder,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        text = (recorded.folder / "out" / target / "train.jsonl").read_text()
        assert CANARY not in text
        rows[target] = [json.loads(line) for line in text.splitlines()]
    for row in rows["axolotl"]:
        assert row["license"] == "cc0"
        assert "\n\n".join(row["completions"]) in (GOOD, BAD)
        assert row["labels"][-1] is (row["verdict"] == "AC")
        assert [share > 0 for share in row["shares"]] == row["labels"]
    assert {len(row["labels"]) for row in rows["axolotl"]} == {2}
    assert len(rows["trl"]) == len(rows["llamafactory"]) == 16
    later = [row for row in rows["trl"] if row["step"] == 1]
    assert all(row["prompt"][-1]["content"].endswith(GOOD.split("\n")[0]) for row in later)
    assert {row["completion"][0]["content"] for row in later} == {"Add them up.", BAD[31:]}
    assert {row["kto_tag"] for row in rows["llamafactory"]} == {True, False}
    missing = medalist("export", "run", "--as", "steps", cwd=recorded.folder)
    assert missing.returncode == 2
    assert "`medalist steps RUN --out FOLDER`" in missing.stderr


def test_a_budget_ends_it_and_keeps_what_came(recorded: Recorded) -> None:
    ended = recorded.steps("--out", "e", "-k", "2", "--max-requests", "6", "--json")
    assert ended.returncode == 4, ended.stderr
    assert json.loads(ended.stdout)["roll_outs"] == 6
    done = recorded.result("--out", "e", "-k", "2")
    assert done["roll_outs"] == 32


def test_a_model_that_continues_an_answer_is_given_its_beginning(recorded: Recorded) -> None:
    config = recorded.folder / "config" / "medalist" / "profiles.toml"
    config.parent.mkdir(parents=True)
    config.write_text('[[profile]]\nmatch = ["m"]\nprefill = true\n')
    before = len(recorded.endpoint.log)
    recorded.result("--out", "f", "-k", "1", XDG_CONFIG_HOME=str(config.parents[1]))
    asked = [each.body["messages"][-1] for each in recorded.endpoint.log[before:]]
    begun = [each["content"] for each in asked if each["role"] == "assistant"]
    told = [each for each in asked if ONWARD in str(each["content"])]
    assert begun, "thinking that stands in the answer is continued"
    assert all(each.startswith("Read the numbers") for each in begun)
    assert told, "thinking that came apart is told in the question"


def test_a_run_without_thinking_or_verdicts_is_one_line(recorded: Recorded, tmp_path: Path) -> None:
    none = medalist("steps", tmp_path / "gone", "--model", "m", cwd=recorded.folder)
    assert none.returncode == 2
    assert "no such run" in none.stderr
    ungiven = medalist(
        "steps", "run", "--model", "m", "--out", "g", cwd=recorded.folder,
        OPENAI_BASE_URL=recorded.endpoint.base_url,
    )  # fmt: skip
    assert ungiven.returncode == 2
    assert "--problem" in ungiven.stderr
