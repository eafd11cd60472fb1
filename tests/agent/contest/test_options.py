"""Participants have the options of `solve`; a contest has caps on all of them together."""

from __future__ import annotations

from pathlib import Path

import pytest

from medalist.agent.contest.file import ParticipantEntry
from medalist.agent.journal import Journal
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint
from tests.agent.command import medalist

WRONG = "print(0)\n"
FILE = """
name: Round
rules: icpc
duration: 5:00:00
problems: [warmer]
participants:
  - {id: one, model: writer, candidates: 2, width: 2, lang: python, prompts: direct, evidence: 2}
  - {id: two, model: writer, candidates: 2, width: 2, languages: [python], prompts: [direct],
     evidence: 2, KEYS}
"""


def _file(folder: Path, keys: str = "seed: 5") -> Path:
    path = folder / "round.yaml"
    path.write_text(FILE.replace("KEYS", keys))
    return path


def _answers(run: Path) -> dict[str, int]:
    counts = {}
    for name in ("one", "two"):
        with Journal.open(run / "participants" / name, readonly=True) as journal:
            counts[name] = sum(1 for _ in journal.raw_events("call.done"))
    return counts


def _reply(source: str) -> Reply:
    return Reply(f"```python\n{source}```")


@pytest.mark.local
@pytest.mark.parametrize(
    "cap",
    [
        ("--max-run-tokens", "10800"),
        ("--price", "1000,1000", "--max-usd", "10.8"),
        ("--max-requests", "2"),
    ],
    ids=["tokens", "dollars", "requests"],
)
def test_a_cap_holds_for_all_participants_together(cap: tuple[str, ...], tmp_path: Path) -> None:
    """Each answer takes half of it: the first participant's two leave nothing for the other."""
    _file(tmp_path)
    half = Reply(f"```python\n{WRONG}```", prompt_tokens=5000, completion_tokens=400)
    with ScriptedEndpoint(lambda _: half, model="writer") as endpoint:
        done = medalist(
            "contest", "run", "round.yaml", "--max-tokens", "500", *cap, "--out", "run",
            cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
        assert len(endpoint.log) == 2
    assert done.returncode == 4, done.stderr
    assert _answers(tmp_path / "run") == {"one": 2, "two": 0}
    assert f"two: the cap of {cap[-1][:2]}" in done.stderr
    assert "one: the cap" not in done.stderr


@pytest.mark.local
def test_a_participant_goes_on_past_its_candidates(tmp_path: Path) -> None:
    """Nothing passes the samples: who may ask for more does."""
    _file(tmp_path, "most: 6")
    with ScriptedEndpoint(lambda _: _reply(WRONG), model="writer") as endpoint:
        done = medalist(
            "contest", "run", "round.yaml", "--out", "run",
            cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert _answers(tmp_path / "run") == {"one": 2, "two": 6}


def test_a_word_that_no_option_knows_names_its_place(tmp_path: Path) -> None:
    for keys, place in (
        ("search: sideways", "participants.1.search"),
        ("target: 2", "participants.1.target"),
        ("mutants: -1", "participants.1.mutants"),
        ("price: cheap", "participants.1.price"),
        ("surprise: 1", "participants.1.surprise"),
    ):
        _file(tmp_path, keys)
        done = medalist("contest", "run", "round.yaml", cwd=tmp_path)
        assert done.returncode == 2, done.stderr
        assert place in done.stderr
        assert "Traceback" not in done.stderr


def test_languages_is_another_name_of_lang() -> None:
    given = ParticipantEntry.model_validate({"id": "a", "languages": ["cpp", "python"]})
    entry = given.filled()
    assert entry.lang == "cpp,python"
    assert (entry.candidates, entry.width, entry.search, entry.seed) == (16, 4, "once", None)


@pytest.mark.local
def test_tools_are_off_where_yaml_reads_a_truth_value(tmp_path: Path) -> None:
    _file(tmp_path, "tools: off, submissions: 1")
    with ScriptedEndpoint(lambda _: _reply(WRONG), model="writer") as endpoint:
        run = ["contest", "run", "round.yaml", "--out", "run"]
        done = medalist(*run, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
    assert done.returncode == 0, done.stderr
    on = _file(tmp_path, "tools: on")
    refused = medalist("contest", "run", on, "--out", "other", cwd=tmp_path)
    assert refused.returncode == 2
    assert "tools: Input should be 'off', 'auto', 'native' or 'text'" in refused.stderr
