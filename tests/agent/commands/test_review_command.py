"""`medalist review`: a model's scores of a run's programs, beside the verdicts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.problems.formats import bundled_archive

RIGHT = (bundled_archive() / "warmer/submissions/accepted/reference.py").read_text()


def model(seen: SeenRequest) -> Reply:
    """As writer every other answer is right; the reader knows, the contrary one says the other."""
    text = str(seen.body["messages"][-1]["content"])
    if seen.body["model"] == "writer":
        source = f"{RIGHT}\nkept = {seen.index}\n" if seen.index % 2 else f"print({seen.index})"
        return Reply(f"```python\n{source}\n```")
    return Reply("90" if ("kept = " in text) == (seen.body["model"] == "reader") else "20")


@pytest.mark.local
def test_scores_are_held_against_verdicts_and_asked_once(tmp_path: Path) -> None:
    solve = ["solve", "warmer", "-n", "8", "--lang", "python", "--search", "once", "--out", "run"]
    solve += ["--prompts", "direct", "--generators", "0", "--tests", "0", "--evidence", "2"]

    def run(*words: str, code: int = 0) -> str:
        done = medalist(*words, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
        assert done.returncode == code, done.stderr
        return done.stdout

    def reviewed(*words: str, code: int = 0) -> Any:
        given = ["review", "run", "--problem", "warmer", "--most", "8", "--json", *words]
        return json.loads(run(*given, code=code))

    with ScriptedEndpoint(model) as endpoint:
        run(*solve, "--model", "writer")
        before = len(endpoint.log)
        assert reviewed("--model", "reader", "--max-requests", "2", code=4)["scored"] >= 2
        unjudged = reviewed("--model", "reader")
        assert unjudged["auc"] is None, "most programs have no verdict yet"
        prompts = [str(seen.body["messages"]) for seen in endpoint.log[before:]]
        assert len(prompts) == len(set(prompts))
        run("regret", "run", "--problem", "warmer")
        told = reviewed("--model", "reader")
        assert told["auc"] == {"mean": 1.0, "low": 1.0, "high": 1.0}
        assert (told["problems"], told["comparable"]) == (1, 1)
        assert len(endpoint.log) == before + len(prompts), "nothing is asked twice"
        for words in (["--model", "contrary"], ["--model", "reader", "--by", "likelihood"]):
            other = medalist(
                "review", "run", "--problem", "warmer", *words,
                cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
            )  # fmt: skip
            assert other.returncode == 2
            assert "reader scored these programs, by number" in other.stderr
        (tmp_path / "run/review").rename(tmp_path / "apart")
        after = len(endpoint.log)
        assert reviewed("--model", "contrary")["auc"]["mean"] == 0.0
        asked = {str(seen.body["messages"]) for seen in endpoint.log[after:]}
        assert asked == set(prompts), "the same programs and words, whether there are verdicts"
    run("export", "run", "sft", "--as", "sft", "--problem", "warmer", "--validation", "0")
    rows = [json.loads(line) for line in (tmp_path / "sft/train.jsonl").read_text().splitlines()]
    assert {row["self_score"] for row in rows} == {0.2}, "beside the verdict, which is right"


def test_a_run_whose_problem_is_unknown_is_told(tmp_path: Path) -> None:
    done = medalist("review", "nothing", "--model", "reader", cwd=tmp_path)
    assert done.returncode == 2
    assert "nothing: no such run" in done.stderr
