"""LoRA adapters of the embedded model: named in `--model`, loaded by `medalist model serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.agent.command import medalist, start
from tests.agent.llm.embedded.adapters import small_adapter

from medalist.agent.llm.embedded.model_files import find_weights, weights_named
from medalist.agent.llm.profiles import profile_for

SMALL = find_weights("0.5b")


def test_an_adapter_that_is_not_there_or_no_gguf_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "note.gguf").write_text("weights to come")
    cases = {
        "gone.gguf": "gone.gguf: cannot be read: No such file or directory",
        "note.gguf": "note.gguf: is not a GGUF file (a LoRA adapter for llama.cpp)",
        ".": ".: cannot be read: Is a directory",
    }
    for name, message in cases.items():
        served = medalist("model", "serve", "0.5b", "--lora", name, cwd=tmp_path)
        solved = medalist("solve", "climb", "--model", f"embedded:0.5b+{name}", cwd=tmp_path)
        for done in (served, solved):
            assert done.returncode == 2, done.stderr
            assert done.stderr.splitlines()[-1] == f"medalist: {message}"


def test_a_model_with_an_adapter_is_the_embedded_one_with_a_name_of_its_own(tmp_path: Path) -> None:
    one = small_adapter(tmp_path / "a+b:c", 0.0)
    other = small_adapter(tmp_path / "other", 1.0)
    named = [weights_named(f"embedded:0.5b+{path}") for path in (one, other)]
    assert [model.adapter for model in named] == [one, other]
    assert len({SMALL.name, *(model.name for model in named)}) == 3
    assert weights_named(f"embedded+{one}").size == "1.5b"
    for model in named:
        # Otherwise the beginning of its answers would not be handed over.
        assert profile_for(model.name, {}) == profile_for(SMALL.name, {})
        assert model.path == SMALL.path


@pytest.mark.model
def test_a_served_adapter_changes_the_answer_and_one_that_does_not_fit_is_refused(
    tmp_path: Path,
) -> None:
    pytest.importorskip("xllamacpp", reason="the extra `local` is not installed")
    if not SMALL.path.is_file():
        pytest.skip("no model file: medalist model pull 0.5b")
    adapter = small_adapter(tmp_path / "adapter.gguf", 0.5)
    running = start("model", "serve", "0.5b", "--port", "0", "--lora", str(adapter), cwd=tmp_path)
    try:
        assert running.stdout is not None
        url = running.stdout.readline().strip().removesuffix("/v1")
        with httpx.Client(base_url=url, timeout=120, trust_env=False) as client:
            (loaded,) = client.get("/lora-adapters").json()
            assert (Path(loaded["path"]), loaded["scale"]) == (adapter, 1.0)
            changed = logits(client)
            client.post("/lora-adapters", json=[{"id": 0, "scale": 0.0}]).raise_for_status()
            assert logits(client) != changed
    finally:
        running.terminate()
        running.communicate()
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(adapter.read_bytes()[:200])
    refused = medalist("model", "serve", "0.5b", "--lora", str(cut), cwd=tmp_path)
    assert refused.returncode == 3
    assert f"(does {cut} fit 0.5b?)" in refused.stderr.splitlines()[-1]


def logits(client: httpx.Client) -> list[Any]:
    """The likeliest tokens behind a text, with their log-probabilities."""
    body = {"prompt": "The colour of grass is", "n_predict": 1, "n_probs": 5, "temperature": 0}
    answer = client.post("/completion", json={**body, "cache_prompt": False}).json()
    return [
        (token["id"], round(token["logprob"], 3))
        for token in answer["completion_probabilities"][0]["top_logprobs"]
    ]
