"""What is asked of a model where nobody says: of a small one less, of a recording what it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import JsonValue

from medalist.agent.journal import Journal
from medalist.agent.llm import ModelTraits, traits_of
from medalist.agent.run.options import RunOptions
from medalist.agent.run.run_plan import settings_for
from medalist.agent.solve import RunSettings


def for_model(model: str, **options: object) -> RunSettings:
    given = RunOptions.given({"model": model, **options})
    return settings_for(given, given.configured())


def test_a_small_model_is_asked_in_one_way() -> None:
    small, large = for_model("embedded:0.5b"), for_model("some-model")
    assert (small.languages, small.prompts) == (("python",), ("direct",))
    assert (large.languages, large.prompts) == (
        ("cpp", "python"),
        ("direct", "reason"),
    )
    assert small.candidates < large.candidates


def test_what_was_set_stays() -> None:
    kept = for_model("embedded", candidates=5, lang="cpp", prompts=["plan", "brute"])
    assert (kept.candidates, kept.languages, kept.prompts) == (5, ("cpp",), ("plan", "brute"))


@pytest.mark.parametrize("kind", ["solve", "batch"])
def test_a_recording_is_asked_what_it_was_asked(tmp_path: Path, kind: str) -> None:
    asked: dict[str, JsonValue] = {
        "small": True,
        "languages": ["cpp"],
        "prompts": ["reflect", "direct"],
    }
    with Journal.open(tmp_path) as journal:
        journal.append_raw("plan", kind, {"settings": asked} if kind == "batch" else asked)
    again = for_model(f"recorded:{tmp_path}")
    assert traits_of(f"recorded:{tmp_path}") == ModelTraits("small", recorded=tmp_path)
    assert (again.languages, again.prompts) == (("cpp",), ("reflect", "direct"))
