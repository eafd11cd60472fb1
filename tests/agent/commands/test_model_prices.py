"""`medalist model prices`: what is known, from where, and lists of others taken over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.price_list import list_file, take_over
from medalist.agent.llm.prices import find_price
from medalist.errors import BadInput

LITELLM: dict[str, Any] = {
    "sample_spec": {"input_cost_per_token": 0.0, "output_cost_per_token": 0.0},
    "gpt-4.1": {"input_cost_per_token": 3e-06, "output_cost_per_token": 9e-06, "mode": "chat"},
    "deepseek/deepseek-chat": {
        "input_cost_per_token": 2.8e-07,
        "output_cost_per_token": 4.2e-07,
        "cache_read_input_token_cost": 2.8e-08,
    },
    "a/twice": {"input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06},
    "b/twice": {"input_cost_per_token": 2e-06, "output_cost_per_token": 1e-06},
    "picture": {"input_cost_per_image": 0.1},
    "broken": {"input_cost_per_token": "x", "output_cost_per_token": -1},
    "huge": {"input_cost_per_token": 1e400, "output_cost_per_token": 10**400},
}
OPENROUTER = {
    "data": [
        {"id": "z-ai/glm-5", "pricing": {"prompt": "0.000001", "completion": "0.0000032"}},
        {"id": "auto", "pricing": {"prompt": "-1", "completion": "-1"}},
        None,
    ]
}


def test_a_list_is_taken_over_and_ones_own_prices_win(tmp_path: Path) -> None:
    env = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    (tmp_path / "list.json").write_text(json.dumps(LITELLM))
    taken = medalist("model", "prices", "--update", "list.json", cwd=tmp_path, **env)
    assert taken.returncode == 0, taken.stderr
    assert "4 prices of" in taken.stderr
    own = tmp_path / "config/medalist/prices.toml"
    own.write_text('["gpt-4.1"]\nprompt = 7\ncompletion = 8\nsource = "our contract"\n')
    names = ("deepseek-chat", "gpt-4.1", "twice", "gpt-5.4", "picture")
    said = medalist("model", "prices", *names, cwd=tmp_path, **env)
    assert said.returncode == 1
    lines = dict(line.split(": ", 1) for line in said.stdout.splitlines())
    assert lines["deepseek-chat"].startswith("0.28 in, 0.028 cached, 0.42 out")
    assert "litellm" in lines["deepseek-chat"]
    assert lines["gpt-4.1"].startswith("7 in, 7 cached, 8 out")
    assert "our contract" in lines["gpt-4.1"]
    assert "https://developers.openai.com" in lines["gpt-5.4"]
    assert "no price is known (cap tokens: --max-run-tokens" in lines["twice"]
    assert "no price is known" in lines["picture"]


def test_what_openrouter_lists_is_read_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "list.json").write_text(json.dumps(OPENROUTER))
    assert set(take_over(tmp_path / "list.json")) == {"z-ai/glm-5"}
    price = find_price("glm-5")
    assert price is not None
    assert (price.prompt, price.completion, price.cached) == (1.0, 3.2, 1.0)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"data": {}}', "[" * 9000, '{"x": 7}', "\0"])
def test_what_is_no_price_list_is_refused_and_leaves_the_old_one(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "good.json").write_text(json.dumps(LITELLM))
    take_over(tmp_path / "good.json")
    before = list_file().read_bytes()
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(BadInput, match=r"bad\.json"):
        take_over(tmp_path / "bad.json")
    assert list_file().read_bytes() == before
