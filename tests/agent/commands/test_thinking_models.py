"""Models that think before they answer, as a user meets them: nothing is configured for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist

from medalist.agent.journal import Journal
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.problems.formats import find_bundled

pytestmark = pytest.mark.local

PROBLEM = "warmer"


def right() -> str:
    source = (find_bundled(PROBLEM) / "submissions/accepted/reference.py").read_text()
    return f"```python\n{source}\n```"


def thinks(tokens: int, **more: Any) -> Callable[[SeenRequest], Reply]:
    """A model that thinks so many tokens before each answer."""
    return lambda _: Reply(right(), reasoning="Hm. " * 9, reasoning_tokens=tokens, **more)


def solve(
    endpoint: ScriptedEndpoint, cwd: Path, *more: str, env: Mapping[str, str] | None = None
) -> tuple[int, dict[str, Any], str]:
    """Run `medalist solve`; return exit code, result and what was said."""
    done = medalist(
        "solve", PROBLEM, "-n", "8", "--lang", "python", "--search", "once", "--json",
        "--generators", "0", "--tests", "0", "--pair-generators", "0", "--evidence", "4",
        "--out", "run", *more, cwd=cwd, OPENAI_BASE_URL=endpoint.base_url, OPENAI_API_KEY="k",
        **(env or {}),
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr


@pytest.mark.local
@pytest.mark.parametrize(
    ("model", "tokens"),
    [("scripted", 16_000), ("scripted", 30_000), ("acme/DeepSeek-R1-0528-AWQ", 30_000)],
)
def test_a_model_that_thinks_long_is_solved_with_no_option(
    model: str, tokens: int, tmp_path: Path
) -> None:
    with ScriptedEndpoint(thinks(tokens), model) as endpoint:
        code, result, said = solve(endpoint, tmp_path)
    assert code == 0, said
    assert result["verdict"] == "AC"
    assert (result["candidates"], result["cut_while_thinking"]) == (8, 0)
    cut = [seen for seen in endpoint.log if seen.completion_tokens == seen.max_tokens]
    # Where the name does not tell, the first answer does.
    assert len(cut) == (1 if model == "scripted" else 0)
    assert len(endpoint.log) == 8 + len(cut)


@pytest.mark.local
@pytest.mark.parametrize(
    "card", [{"max_model_len": 8192}, {"meta": {"n_ctx_train": 131_072, "n_ctx": 8192}}, {}]
)
def test_a_model_is_asked_within_its_context(card: dict[str, Any], tmp_path: Path) -> None:
    with ScriptedEndpoint(thinks(3000), "qwen3-8b", card=card, context=8192) as endpoint:
        code, result, said = solve(endpoint, tmp_path)
    assert code == 0, said
    assert result["candidates"] == 8
    answered = [seen for seen in endpoint.log if seen.status == 200]
    assert len(answered) == 8
    assert all(seen.prompt_tokens + (seen.max_tokens or 0) <= 8192 for seen in answered)
    assert all((seen.max_tokens or 0) > 4096 for seen in answered)
    refused = [seen for seen in endpoint.log if seen.status == 400]
    # Without a word of the list of models the refusals say it; each request is refused once.
    assert (not refused) if card else (0 < len(refused) <= 8)
    assert ("lowered" in said) is not bool(card)


@pytest.mark.local
@pytest.mark.parametrize(
    "reply",
    [
        Reply(right(), reasoning_tokens=16_000),
        Reply("<think>\nLet me see. " * 40, completion_tokens=5000),
        Reply("", reasoning="Hm.", finish="stop"),
    ],
    ids=["hidden", "in the text", "said to be an end"],
)
def test_a_run_whose_first_answers_are_all_cut_stops_and_says_why(
    reply: Reply, tmp_path: Path
) -> None:
    with ScriptedEndpoint([reply]) as endpoint:
        code, result, said = solve(endpoint, tmp_path, "--max-tokens", "1024", "-n", "32")
        assert code == 4, said
        assert len(endpoint.log) == 4
        assert result["cut_while_thinking"] == result["candidates"] == 4
        assert "--max-tokens" in result["budget_ended"]
        again, _, _ = solve(endpoint, tmp_path, "--max-tokens", "1024", "-n", "32")
        assert again == 4
        assert len(endpoint.log) == 4
    told = medalist("explain", "run", PROBLEM, cwd=tmp_path)
    assert "cut while thinking" in told.stdout + told.stderr


@pytest.mark.local
def test_cut_answers_among_others_are_counted_and_shown(tmp_path: Path) -> None:
    def sometimes(seen: SeenRequest) -> Reply:
        return Reply(right(), reasoning="Hm.", reasoning_tokens=90_000 if seen.index % 2 else 100)

    with ScriptedEndpoint(sometimes, "glm-4.6") as endpoint:
        code, result, said = solve(endpoint, tmp_path)
        assert code == 0, said
        assert result["cut_while_thinking"] == 4
        shown = medalist(
            "solve", PROBLEM, "-n", "8", "--lang", "python", "--search", "once", "--out", "run",
            "--generators", "0", "--tests", "0", "--pair-generators", "0", "--evidence", "4",
            cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
    assert "4 were cut while thinking (--max-tokens gives more room)" in shown.stdout
    told = medalist("explain", "run", PROBLEM, cwd=tmp_path)
    assert "thinking: 4 were cut while thinking" in told.stdout
    assert medalist("report", "run", cwd=tmp_path).returncode == 0
    assert "cut while thinking" in (tmp_path / "report.html").read_text()


@pytest.mark.local
def test_a_reviewer_may_think_before_its_opinion(tmp_path: Path) -> None:
    wrong = "```python\ninput()\nprint(sum(1 for _ in input().split()) // 2 + {})\n```"

    def script(seen: SeenRequest) -> Reply:
        if seen.body["model"] == "reader":
            text = seen.body["messages"][-1]["content"]
            return Reply("No.\n5" if "sum(1 for" in text else "Yes.\n95", reasoning_tokens=9000)
        return Reply(right() if seen.index % 4 == 0 else wrong.format(0))

    with ScriptedEndpoint(script) as endpoint:
        code, _, said = solve(endpoint, tmp_path, "--model", "llama-3", "--reviewer", "reader")
    assert code in (0, 1), said
    read = [seen for seen in endpoint.log if seen.body["model"] == "reader"]
    # The first one shows that it thinks, is asked again with more room, and the others get it.
    assert [(seen.max_tokens or 0) > 9000 for seen in read] == [False, True, True]
    with Journal.open(tmp_path / "run", readonly=True) as journal:
        view: Any = journal.newest_raw("view", PROBLEM)
        assert sorted(view.body["opinions"].values()) == [0.05, 0.95]


@pytest.mark.local
def test_sampling_is_set_by_option_variable_and_file(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "medalist"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("temperature = 0.1\ntop_p = 0.2\nmax_tokens = 300\n")
    with ScriptedEndpoint([Reply(right())]) as endpoint:
        env = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "MEDALIST_TOP_P": "0.3"}
        code, _, said = solve(
            endpoint, tmp_path, "--max-tokens", "400", "--concurrency", "2", env=env
        )
    assert code == 0, said
    body = endpoint.log[-1].body
    assert (body["temperature"], body["top_p"], body["max_tokens"]) == (0.1, 0.3, 400)
    assert endpoint.most_in_flight <= 2
