"""All stages of `medalist solve` against an endpoint that answers every kind of question."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
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
FULL += ["--reviewer", "reader", "--brute", "2", "--out", "run"]
# Few of each, since every one of their runs starts an interpreter.
FULL += ["--generators", "2", "--subtask-generators", "1", "--validators", "2", "--evidence", "4"]
FULL += ["--tests", "2", "--pair-generators", "3"]

pytestmark = pytest.mark.local


@dataclass
class Holding:
    """A player that answers all but the first few questions of one kind in an hour."""

    player: ScriptedAnswers
    kind: str | None = None
    first: int = 0
    asked: int = 0
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def hold(self, kind: str | None, first: int = 0) -> None:
        """Hold this kind from now on, and no other."""
        with self._guard:
            self.kind, self.first, self.asked = kind, first, 0

    @property
    def held(self) -> int:
        """How many questions are held."""
        return max(0, self.asked - self.first)

    def __call__(self, seen: SeenRequest) -> Reply:
        with self._guard:
            mine = question_of(prompt_of(seen)) == self.kind
            self.asked += mine
            held = mine and self.asked > self.first
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


@dataclass(frozen=True)
class Undisturbed:
    """A run with each stage that nothing disturbed, and its endpoint, which still answers."""

    folder: Path
    result: dict[str, Any]
    endpoint: ScriptedEndpoint


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Undisturbed]:
    """A run with each stage."""
    folder = tmp_path_factory.mktemp("full")
    with ScriptedEndpoint(ScriptedAnswers(KNOWN, seed=1)) as endpoint:
        yield Undisturbed(folder, told(solve(endpoint, folder, "meetings", *FULL)), endpoint)


def test_each_stage_is_seen_by_the_endpoint_and_accounted_for(full: Undisturbed) -> None:
    endpoint, folder, result = full.endpoint, full.folder, full.result
    asked = kinds(endpoint)
    # Two for the whole problem, one for each of three subtasks.
    assert asked["generator"] == 5
    assert (asked["validator"], asked["solution"], asked["duel"]) == (2, 8, 6)
    assert asked["review"] >= 1
    stages = result["stages"]
    assert {name: stage["calls"] for name, stage in stages.items()} == {
        "sampling": 8 + asked["brute"], "writing": 7, "predicting": 2,
        "separating": 3, "reviewing": asked["review"], "dueling": 6,
    }  # fmt: skip
    assert asked["brute"] == 2
    assert sum(stage["tokens"] for stage in stages.values()) == sum(
        seen.prompt_tokens + seen.completion_tokens for seen in endpoint.log
    )
    solutions = [
        request for request in endpoint.log if question_of(prompt_of(request)) == "solution"
    ]
    of_a_subtask = [solution for solution in solutions if "Solve this case" in prompt_of(solution)]
    assert len(of_a_subtask) == 4
    assert len({prompt_of(item) for item in of_a_subtask}) > 1
    duels = [
        prompt_of(request) for request in endpoint.log if question_of(prompt_of(request)) == "duel"
    ]
    assert all("an input on which they differ" in duel for duel in duels)
    before = len(endpoint.log)
    assert told(solve(endpoint, folder, "meetings", *FULL))["stages"] == stages
    assert len(endpoint.log) == before, "the same command asks nothing again"
    asked_for = [
        prompt_of(request) for request in endpoint.log if question_of(prompt_of(request)) == "pair"
    ]
    assert all("quoted up to" in item for item in asked_for)


def test_each_stage_is_explained(full: Undisturbed) -> None:
    shown = json.loads(medalist("explain", "run", "--json", cwd=full.folder).stdout)
    assert shown["inputs_by_origin"]["written"] > 10
    assert shown["written"]["inputs"] >= shown["inputs_by_origin"]["written"]
    assert shown["duels"]["answers"] == shown["duels"]["with_chances"] == 6
    assert shown["predicted"]["questions"] == 2
    assert shown["inputs_by_origin"]["predicted"] > 0
    tests = shown["tests"]
    assert 0 < len(tests) <= shown["predicted"]["tests"] <= shown["predicted"]["read"]
    assert sum(test["weight"] for test in tests) == pytest.approx(1, abs=0.01)
    assert any(test["clusters"] for test in tests)
    assert (shown["pairs"]["questions"], shown["pairs"]["pairs"]) == (3, 3)
    assert shown["pairs"]["separated"] >= 1
    assert 0 < shown["inputs_by_origin"]["pair"] <= shown["pairs"]["inputs"]
    text = medalist("explain", "run", cwd=full.folder).stdout
    for words in ("stage writing: 7 answers", "written inputs: ", "duels: 6 answers", "worth: "):
        assert words in text
    for words in ("predicted tests: ", "inputs for pairs: ", "candidates of clusters 1"):
        assert words in text


def test_killed_in_every_stage_it_asks_nothing_again_and_ends_alike(
    full: Undisturbed, tmp_path: Path
) -> None:
    script = Holding(ScriptedAnswers(KNOWN, seed=1))
    command = ["solve", "meetings", *FULL]
    answered: set[str] = set()
    sent: Counter[str] = Counter()
    with ScriptedEndpoint(script) as endpoint:
        for kind, first in (("solution", 2), ("brute", 1), ("generator", 2), ("tests", 1),
                            ("pair", 1), ("review", 0), ("duel", 2)):  # fmt: skip
            script.hold(kind, first)
            process = start(*command, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
            while not script.held and process.poll() is None:
                time.sleep(0.05)
            assert script.held, f"it never came to {kind}"
            process.send_signal(signal.SIGKILL)
            process.communicate()
            earlier, before_it = answered, sent
            answered, sent = calls(tmp_path / "run")
            # What was in flight at a kill may be asked again; what was answered is not.
            assert earlier < answered
            assert all(sent[name] == before_it[name] for name in earlier)
        script.hold(None)
        before = len(endpoint.log)
        done = told(solve(endpoint, tmp_path, "meetings", *FULL))
        _, sent_in_all = calls(tmp_path / "run")
        assert all(sent_in_all[name] == sent[name] for name in answered)
        assert len(endpoint.log) - before == (sent_in_all - sent).total()
    names = ("solved", "score", "verdict", "programs", "clusters", "candidates", "belief")
    assert {name: done[name] for name in names} == {name: full.result[name] for name in names}
    mine, theirs = tmp_path / "run/solution.py", full.folder / "run/solution.py"
    assert mine.read_text() == theirs.read_text()


@pytest.mark.parametrize(
    ("stage", "room"),
    [
        ("sampling", 5000),
        ("writing", 4000),
        ("predicting", 2500),
        ("separating", 4500),
        ("reviewing", 500),
        ("dueling", 5000),
    ],
)
def test_a_cap_holds_inside_a_stage(
    stage: str, room: int, full: Undisturbed, tmp_path: Path
) -> None:
    whole = full.result["stages"]
    spent = {name: one["tokens"] for name, one in whole.items()}
    before = list(spent)[: list(spent).index(stage)]
    cap = sum(spent[name] for name in before) + room
    with ScriptedEndpoint(ScriptedAnswers(KNOWN, seed=1)) as endpoint:
        options = [*FULL, "--max-tokens", "300", "--max-run-tokens", str(cap)]
        result = told(solve(endpoint, tmp_path, "meetings", *options))
        used = sum(seen.prompt_tokens + seen.completion_tokens for seen in endpoint.log)
    assert used <= cap
    assert "token" in result["budget_ended"]
    assert result["source"], "the best so far is delivered all the same"
    calls = {name: one["calls"] for name, one in result["stages"].items()}
    assert sum(calls.values()) < sum(row["calls"] for row in whole.values())
    if stage != "reviewing":  # which has a share that the stages before it leave alone
        assert calls.get(stage, 0) < whole[stage]["calls"]


CAROUSEL = ["-n", "6", "--search", "once", "--lang", "python", "--model", "writer", "--json"]
CAROUSEL += ["--evidence", "4", "--subtask-generators", "0"]


@pytest.fixture(scope="module")
def without_helpers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What comes of the same programs without helpers."""
    folder = tmp_path_factory.mktemp("without")
    none = ["--generators", "0", "--tests", "0", "--pair-generators", "0"]
    with ScriptedEndpoint(ScriptedAnswers(KNOWN, seed=2)) as endpoint:
        result = told(solve(endpoint, folder, "carousel", *CAROUSEL, *none, "--out", "run"))
        assert kinds(endpoint)["generator"] == 0
    return result


@pytest.mark.parametrize(
    "faults", [FAULTS, ("generators print garbage", "validators accept all"), ()]
)
def test_bad_helpers_sink_nothing(
    faults: tuple[Fault, ...], without_helpers: dict[str, Any], tmp_path: Path
) -> None:
    few = ["--generators", "2", "--validators", "2", "--tests", "1", "--pair-generators", "1"]
    with ScriptedEndpoint(ScriptedAnswers(KNOWN, seed=2, faults=faults)) as endpoint:
        result = told(solve(endpoint, tmp_path, "carousel", *CAROUSEL, *few, "--out", "run"))
        assert kinds(endpoint)["generator"] == 2
    assert result["score"] >= without_helpers["score"]


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
        asked = kinds(endpoint)
        assert (asked["solution"], asked["generator"], asked["validator"]) == (6, 5, 2)
        # Each pair in both orders; how many pairs there are is up to the programs' behaviours.
        assert asked["duel"] in (2, 4)
    told_after = medalist("explain", "run/participants/one", "--json", cwd=tmp_path)
    assert json.loads(told_after.stdout)["duels"]["answers"] == asked["duel"]
