"""All stages of `medalist solve` against an endpoint that answers every kind of question."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from tests.agent.command import medalist, start

from medalist.agent.journal import Journal
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.llm.scripted.scripted_answers import (
    FAULTS,
    Fault,
    ScriptedAnswers,
    prompt_of,
    question_of,
)
from medalist.agent.llm.scripted.scripted_answers import read_repertoires as read

HELPERS = Path(__file__).parents[2] / "data" / "player"
ARCHIVE = Path(str(resources.files("medalist.problems"))) / "archive"
KNOWN = read(ARCHIVE, HELPERS)
FULL = ["-n", "8", "--search", "once", "--lang", "python", "--prompts", "direct"]
FULL += ["--duels", "3", "--policy", "gencluster", "--model", "writer", "--json"]
FULL += ["--reviewer", "reader"]
FEW = [*FULL, "--generators", "2", "--validators", "2", "--evidence", "8"]

pytestmark = pytest.mark.local


@dataclass
class Holding:
    """A player that, while it holds, answers all but the first few of some questions in an hour."""

    player: ScriptedAnswers
    kinds: tuple[str, ...] = ()
    first: int = 2
    holds: bool = True
    answered: Counter[str] = field(default_factory=Counter)

    def __call__(self, seen: SeenRequest) -> Reply:
        kind = question_of(prompt_of(seen))
        held = self.holds and kind in self.kinds and self.answered["held"] >= self.first
        if kind in self.kinds:
            self.answered["held"] += 1
        return replace(self.player(seen), delay_s=3600.0 if held else 0.0)


def solve(
    endpoint: ScriptedEndpoint, folder: Path, problem: str, *options: str
) -> CompletedProcess[str]:
    return medalist("solve", problem, *options, cwd=folder, OPENAI_BASE_URL=endpoint.base_url)


def told(done: CompletedProcess[str]) -> dict[str, Any]:
    assert done.stdout, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def kinds(endpoint: ScriptedEndpoint) -> Counter[str | None]:
    return Counter(question_of(prompt_of(seen)) for seen in endpoint.log)


def calls(run: Path) -> tuple[set[str], Counter[str]]:
    """The questions that a run has answers to, and how often each was sent."""
    with Journal.open(run, readonly=True) as journal:
        answered = {event.key for event in journal.raw_events("call.done")}
        return answered, Counter(event.key for event in journal.raw_events("call.intent"))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Any]]]:
    """A run with each stage, that nothing disturbed."""
    folder = tmp_path_factory.mktemp("full")
    with ScriptedEndpoint(ScriptedAnswers(KNOWN, seed=1)) as endpoint:
        yield folder, told(solve(endpoint, folder, "meetings", *FULL, "--out", "run"))


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Any]]]:
    """A run with each stage but fewer helpers, that nothing disturbed."""
    folder = tmp_path_factory.mktemp("few")
    with ScriptedEndpoint(ScriptedAnswers(KNOWN, seed=1)) as endpoint:
        yield folder, told(solve(endpoint, folder, "meetings", *FEW, "--out", "run"))


def test_each_stage_is_seen_by_the_endpoint_and_accounted_for(tmp_path: Path) -> None:
    with ScriptedEndpoint(ScriptedAnswers(KNOWN, seed=1)) as endpoint:
        options = [*FULL, "--out", "run"]
        result = told(solve(endpoint, tmp_path, "meetings", *options))
        found = kinds(endpoint)
        # Four for the whole problem, two for each of three subtasks.
        assert found["generator"] == 10
        assert (found["validator"], found["solution"], found["duel"]) == (4, 8, 6)
        assert found["review"] >= 1
        stages = result["stages"]
        assert {name: stage["calls"] for name, stage in stages.items()} == {
            "sampling": 8, "writing": 14, "predicting": 2,
            "separating": 3, "reviewing": found["review"], "dueling": 6,
        }  # fmt: skip
        assert sum(stage["tokens"] for stage in stages.values()) == sum(
            seen.prompt_tokens + seen.completion_tokens for seen in endpoint.log
        )
        solutions = [one for one in endpoint.log if question_of(prompt_of(one)) == "solution"]
        of_a_subtask = [one for one in solutions if "Solve this case" in prompt_of(one)]
        assert len(of_a_subtask) == 4
        assert len({prompt_of(one) for one in of_a_subtask}) > 1
        duels = [prompt_of(one) for one in endpoint.log if question_of(prompt_of(one)) == "duel"]
        assert all("an input on which they differ" in one for one in duels)
        before = len(endpoint.log)
        assert told(solve(endpoint, tmp_path, "meetings", *options))["stages"] == stages
        assert len(endpoint.log) == before, "the same command asks nothing again"
    shown = json.loads(medalist("explain", "run", "--json", cwd=tmp_path).stdout)
    assert shown["inputs_by_origin"]["written"] > 10
    assert shown["written"]["inputs"] >= shown["inputs_by_origin"]["written"]
    assert shown["duels"]["answers"] == shown["duels"]["with_chances"] == 6
    text = medalist("explain", "run", cwd=tmp_path).stdout
    assert "stage writing: 14 answers" in text
    assert "written inputs: " in text
    assert "duels: 6 answers" in text
    assert shown["predicted"]["questions"] == 2
    assert shown["inputs_by_origin"]["predicted"] > 0
    tests = shown["tests"]
    assert 0 < len(tests) <= shown["predicted"]["tests"] <= shown["predicted"]["read"]
    assert sum(one["weight"] for one in tests) == pytest.approx(1, abs=0.01)
    assert any(one["clusters"] for one in tests)
    assert "predicted tests: " in text
    assert (shown["pairs"]["questions"], shown["pairs"]["pairs"]) == (3, 3)
    assert shown["pairs"]["separated"] >= 1
    assert 0 < shown["inputs_by_origin"]["pair"] <= shown["pairs"]["inputs"]
    assert "inputs for pairs: " in text
    asked_for = [prompt_of(one) for one in endpoint.log if question_of(prompt_of(one)) == "pair"]
    assert all("quoted up to" in one for one in asked_for)
    assert "candidates of clusters 1" in text


@pytest.mark.parametrize("kind", ["solution", "generator", "tests", "pair", "review", "duel"])
def test_killed_in_a_stage_it_asks_nothing_again_and_ends_alike(
    kind: str, few: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    script = Holding(
        ScriptedAnswers(KNOWN, seed=1),
        (kind,),
        first=1 if kind in ("tests", "pair", "review") else 2,
    )
    with ScriptedEndpoint(script) as endpoint:
        process = start(
            "solve", "meetings", *FEW, "--out", "run",
            cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
        _wait_for(lambda: kinds(endpoint)[kind] > script.first or process.poll() is not None)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        script.holds = False
        answered, sent = calls(tmp_path / "run")
        before = len(endpoint.log)
        done = told(solve(endpoint, tmp_path, "meetings", *FEW, "--out", "run"))
        _, sent_in_all = calls(tmp_path / "run")
        # What was in flight at the kill may be asked again; what was answered is not.
        assert answered
        assert all(sent_in_all[name] == sent[name] for name in answered)
        assert len(endpoint.log) - before == (sent_in_all - sent).total()
    names = ("solved", "score", "verdict", "programs", "clusters", "candidates", "belief")
    assert {name: done[name] for name in names} == {name: few[1][name] for name in names}
    assert (tmp_path / "run/solution.py").read_text() == (few[0] / "run/solution.py").read_text()


@pytest.mark.parametrize(
    ("stage", "room"),
    [
        ("sampling", 5000),
        ("writing", 7000),
        ("predicting", 4500),
        ("separating", 6500),
        ("reviewing", 500),
        ("dueling", 5000),
    ],
)
def test_a_cap_holds_inside_a_stage(
    stage: str, room: int, full: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    spent = {name: one["tokens"] for name, one in full[1]["stages"].items()}
    before = list(spent)[: list(spent).index(stage)]
    cap = sum(spent[name] for name in before) + room
    with ScriptedEndpoint(ScriptedAnswers(KNOWN, seed=1)) as endpoint:
        options = [*FULL, "--max-tokens", "300", "--max-run-tokens", str(cap), "--out", "run"]
        result = told(solve(endpoint, tmp_path, "meetings", *options))
        used = sum(seen.prompt_tokens + seen.completion_tokens for seen in endpoint.log)
    assert used <= cap
    assert "token" in result["budget_ended"]
    assert result["source"], "the best so far is delivered all the same"
    calls = {name: one["calls"] for name, one in result["stages"].items()}
    assert sum(calls.values()) < sum(one["calls"] for one in full[1]["stages"].values())
    if stage != "reviewing":  # which has a share that the stages before it leave alone
        assert calls.get(stage, 0) < full[1]["stages"][stage]["calls"]


@pytest.mark.parametrize(
    "faults", [FAULTS, ("generators print garbage", "validators accept all"), ()]
)
@pytest.mark.parametrize("problem", ["carousel"])
def test_bad_helpers_sink_nothing(problem: str, faults: tuple[Fault, ...], tmp_path: Path) -> None:
    options = ["-n", "8", "--search", "once", "--lang", "python", "--model", "writer", "--json"]
    with ScriptedEndpoint(ScriptedAnswers(KNOWN, seed=2, faults=faults)) as endpoint:
        none = [
            *options,
            "--generators",
            "0",
            "--tests",
            "0",
            "--pair-generators",
            "0",
            "--out",
            "without",
        ]
        without = told(solve(endpoint, tmp_path, problem, *none))
        assert kinds(endpoint)["generator"] == 0
        with_them = told(solve(endpoint, tmp_path, problem, *options, "--out", "with"))
        assert kinds(endpoint)["generator"] > 0
    assert with_them["score"] >= without["score"]


def test_a_participant_that_plays_gencluster_holds_duels(tmp_path: Path) -> None:
    entry = "{id: one, model: writer, candidates: 6, width: 6, lang: python, prompts: direct, "
    entry += "policy: gencluster, duels: 2, generators: 2, validators: 2, evidence: 8, seed: 1}"
    (tmp_path / "round.yaml").write_text(
        f"name: R\nrules: ioi\nduration: 5:00:00\nproblems: [meetings]\nparticipants: [{entry}]\n"
    )
    run = ["contest", "run", "round.yaml", "--out", "run"]
    with ScriptedEndpoint(ScriptedAnswers(KNOWN, seed=1)) as endpoint:
        done = medalist(*run, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
        assert done.returncode == 0, done.stderr
        found = kinds(endpoint)
        assert (found["solution"], found["generator"], found["validator"]) == (6, 5, 2)
        # Each pair in both orders; how many pairs there are is up to the programs' behaviours.
        assert found["duel"] in (2, 4)
    told_after = medalist("explain", "run/participants/one", "--json", cwd=tmp_path)
    assert json.loads(told_after.stdout)["duels"]["answers"] == found["duel"]


def _wait_for(reached: Callable[[], bool]) -> None:
    while not reached():
        time.sleep(0.05)
