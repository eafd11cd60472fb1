"""`--search feedback`: what the judge showed is in the next round's prompts, and nothing else.

The model is scripted: its first answers are wrong, and of a program that it is shown together with
the judge's word it writes one of the next level (`ScriptedAnswers.learns`).
"""

from __future__ import annotations

import json
import re
import signal
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist, start

from medalist import Run
from medalist.agent.journal import Journal
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.llm.scripted.scripted_answers import (
    ScriptedAnswers,
    prompt_of,
    read_repertoires,
)

ARCHIVE = Path(str(resources.files("medalist.problems"))) / "archive"
KNOWN = read_repertoires(ARCHIVE, Path(__file__).parents[2] / "data" / "player")
SHORT = [
    "--lang",
    "python",
    "--prompts",
    "direct",
    "--evidence",
    "4",
    "--generators",
    "0",
    "--tests",
    "0",
    "--pair-generators",
    "0",
]
SHORT += ["--validators", "0", "--model", "writer", "--width", "4", "--json"]
ROUNDS = [*SHORT, "--search", "feedback", "--rounds", "4"]

FEW = [*ROUNDS, "--round-submissions", "1"]
"""One submission a round: so policies part."""

pytestmark = pytest.mark.local


def solve(
    endpoint: ScriptedEndpoint, folder: Path, problem: str | Path, *options: str
) -> dict[str, Any]:
    done = medalist("solve", problem, *options, cwd=folder, OPENAI_BASE_URL=endpoint.base_url)
    assert done.stdout, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def asked(endpoint: ScriptedEndpoint) -> list[str]:
    """What was asked, each from behind the problem on."""
    return [prompt_of(seen).rpartition("</problem>")[2] for seen in endpoint.log]


def events(run: Path, kind: str) -> list[str]:
    with Journal.open(run, readonly=True) as journal:
        return [event.key for event in journal.raw_events(kind)]


@pytest.mark.parametrize(("problem", "search"), [("meetings", "mixed"), ("modpairs", "once")])
def test_rounds_solve_what_the_same_model_does_not_without_feedback(
    problem: str, search: str, tmp_path: Path
) -> None:
    with ScriptedEndpoint(ScriptedAnswers(KNOWN, seed=1, learns=True)) as endpoint:
        result = solve(endpoint, tmp_path, problem, *ROUNDS, "--out", "run")
        told = asked(endpoint)
        assert result["solved"]
        # A level a round: nobody can be right before the third.
        assert len(endpoint.log) == result["candidates"] >= 9
        options = [*SHORT, "-n", "16", "--search", search, "--submissions", "40"]
        other = solve(endpoint, tmp_path, problem, *options, "--out", search)
        assert (other["score"] or 0) < 100
    assert not any("judge showed" in text for text in told[:4])
    later = [text for text in told if "judge showed" in text]
    assert later
    assert all("The best share of each subtask's points" in text for text in later)
    for text in later:
        said = len(
            re.findall(r"The judge showed: (?:AC|PAC|WA); \S+ \d+ %(?:, \S+ \d+ %)*\.", text)
        )
        assert said == text.count("The judge showed:"), "the verdict and every subtask's share"
    assert all(len(reference) <= 12_000 for reference in (_references(text) for text in later))


def _references(text: str) -> str:
    match = re.search(
        r"^Program 1 \(.*?(?=\n\nProgram 1 |\n\nPrograms 1 and 2 )", text, re.S | re.M
    )
    assert match
    return match[0]


@dataclass
class Holding:
    """A player that, while it holds, does not answer after so many answers."""

    player: ScriptedAnswers
    first: int
    holds: bool = True
    came: list[int] = field(default_factory=list)

    def __call__(self, seen: SeenRequest) -> Reply:
        self.came.append(seen.index)
        held = self.holds and len(self.came) > self.first
        return replace(self.player(seen), delay_s=3600.0 if held else 0.0)


WORST = """
from medalist.agent.choose.policy import finished
from medalist.agent.types import Submission

class Worst:
    name = "worst"

    def decide(self, view, history, rules):
        over = finished(view, history, rules)
        share = view.sample_share
        return over or Submission(min(share, key=share.__getitem__), "fails most samples")

policy = Worst()
"""


def worst(folder: Path) -> str:
    """A policy that submits what fails most samples, once a round."""
    (folder / "worst.py").write_text(WORST)
    return str(folder / "worst.py")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A run that nothing disturbed."""
    folder = tmp_path_factory.mktemp("whole")
    with ScriptedEndpoint(ScriptedAnswers(KNOWN, seed=1, learns=True)) as endpoint:
        return folder, solve(endpoint, folder, "meetings", *FEW, "--out", "run")


def test_killed_within_a_round_it_asks_and_submits_nothing_twice(
    whole: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    script = Holding(ScriptedAnswers(KNOWN, seed=1, learns=True), first=6)
    with ScriptedEndpoint(script) as endpoint:
        process = start(
            "solve", "meetings", *FEW, "--out", "run",
            cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
        while len(script.came) < 8 and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        script.holds = False
        answered = set(events(tmp_path / "run", "call.done"))
        sent = Counter(events(tmp_path / "run", "call.intent"))
        before = events(tmp_path / "run", "submission")
        done = solve(endpoint, tmp_path, "meetings", *FEW, "--out", "run")
    after = Counter(events(tmp_path / "run", "call.intent"))
    assert before
    assert all(after[name] == sent[name] for name in answered)
    submitted = events(tmp_path / "run", "submission")
    assert submitted[: len(before)] == before
    assert submitted == events(whole[0] / "run", "submission")
    rounds = events(tmp_path / "run", "feedback.round")
    assert rounds == events(whole[0] / "run", "feedback.round")
    assert len(rounds) >= 3
    names = ("solved", "score", "verdict", "programs", "candidates", "submissions", "belief")
    assert {name: done[name] for name in names} == {name: whole[1][name] for name in names}
    assert (tmp_path / "run/solution.py").read_text() == (whole[0] / "run/solution.py").read_text()


def test_a_recording_gives_the_same_rounds_again(
    whole: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    folder, result = whole
    options = ["--model", f"recorded:{folder / 'run'}", "-n", "16", "--json", "--evidence", "4"]
    done = medalist("solve", "meetings", *options, "--out", "again", cwd=tmp_path)
    again = json.loads(done.stdout)
    for name in ("solved", "score", "candidates", "programs", "submissions"):
        assert again[name] == result[name]
    for kind in ("feedback.round", "submission"):
        assert events(tmp_path / "again", kind) == events(folder / "run", kind)
    told = medalist("replay", folder / "run", "--check", cwd=tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr


def test_a_replay_plays_the_rounds_as_far_as_the_run_tells(
    whole: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    policies = ["--policy", "medalist", "--policy", worst(tmp_path)]
    done = medalist("replay", whole[0] / "run", *policies, "--json", cwd=tmp_path)
    rounds = json.loads(done.stdout)["rounds"]
    ours = rounds["medalist"]
    assert ours["rounds"] == ours["told"] >= 3
    assert ours["unknown"] == 0
    assert ours["gain"] == ours["gain_of_run"] == 1.0
    # It submits in the first round what the run did not: from there on nothing is known.
    assert rounds["worst"]["told"] == 1
    # Of each round by itself something is known: it begins with what the run had submitted.
    assert len(ours["by_round"]) == len(rounds["worst"]["by_round"]) == ours["rounds"]
    assert all(our["gain"] == our["gain_of_run"] for our in ours["by_round"])
    later = rounds["worst"]["by_round"][-1]
    assert later["unknown"] == later["submissions"] == 1, "the run never submitted it"
    assert later["gain"] < later["gain_of_run"]
    shown = medalist("replay", whole[0] / "run", *policies, cwd=tmp_path).stdout
    assert "rounds: worst is known up to 1 of" in shown
    assert "round 3 by itself: 1 submissions, of 1 the verdict is not known; at least" in shown
    run = Run(whole[0] / "run")
    assert run.replay("medalist") == run.submissions()
    assert [round_.unknown for round_ in run.rounds(worst(tmp_path))][-1] == 1
    assert [round_.held for round_ in run.rounds()] == [round_.run_held for round_ in run.rounds()]


def test_a_recording_says_where_another_choice_leads_beyond_it(
    whole: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    options = ["--model", f"recorded:{whole[0] / 'run'}", "-n", "16", "--json", "--evidence", "4"]
    options += ["--policy", worst(tmp_path)]
    done = medalist("solve", "meetings", *options, "--out", "other", cwd=tmp_path)
    result = json.loads(done.stdout)
    assert "round 2 after other submissions" in result["budget_ended"]
    assert result["candidates"] == 4


def test_the_same_rounds_run_on_evidence_alone_without_a_judge(tmp_path: Path) -> None:
    with ScriptedEndpoint(ScriptedAnswers(KNOWN, seed=1, skill=0.0)) as endpoint:
        result = solve(
            endpoint, tmp_path, "meetings", *ROUNDS, "--submissions", "0", "--out", "run"
        )
        told = asked(endpoint)
    assert result["candidates"] == len(told) == 16
    assert not any("judge showed" in text for text in told)
    assert any("Nothing was judged yet" in text for text in told)


def test_a_dry_run_foresees_the_rounds(tmp_path: Path) -> None:
    with ScriptedEndpoint(ScriptedAnswers(KNOWN, seed=1, learns=True)) as endpoint:
        done = medalist(
            "solve", "meetings", *ROUNDS, "--last-round", "8", "--dry-run",
            cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
    assert json.loads(done.stdout)["calls"] == [4, 20]
    told = medalist(
        "solve", "meetings", "--model", "writer", "--search", "mixed", "--rounds", "3", "--dry-run",
        cwd=tmp_path, OPENAI_BASE_URL="http://127.0.0.1:9/v1",
    )  # fmt: skip
    assert "--rounds is ignored" in told.stderr


@pytest.mark.parametrize("rules", ["ioi", "codeforces"])
def test_a_participant_learns_from_its_verdicts_on_the_contests_clock(
    rules: str, tmp_path: Path
) -> None:
    entry = "{id: one, model: writer, search: feedback, candidates: 32, width: 8, lang: python, "
    entry += "prompts: direct, generators: 0, validators: 0, evidence: 6, seed: 2}"
    (tmp_path / "round.yaml").write_text(
        f"name: R\nrules: {rules}\nduration: 5:00:00\nproblems: [meetings]\n"
        f"participants: [{entry}]\n"
    )
    run = ["contest", "run", "round.yaml", "--out", "run"]
    with ScriptedEndpoint(ScriptedAnswers(KNOWN, seed=2, learns=True)) as endpoint:
        done = medalist(*run, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
        assert done.returncode == 0, done.stderr
        told = asked(endpoint)
        before = len(endpoint.log)
        again = medalist(*run, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
        assert again.returncode == 0, again.stderr
        assert len(endpoint.log) == before, "the same command asks nothing again"
    words = [re.findall(r"The judge showed: (.*)", text) for text in told]
    shown = {word for some in words for word in some}
    assert shown
    # Subtasks where the rules show them, a test's number where they show that; never both.
    by_subtasks, by_test = ("group1" in str(shown), "first failing test" in str(shown))
    assert (by_subtasks, by_test) == (rules == "ioi", rules == "codeforces")
    submitted = events(tmp_path / "run/participants/one", "submission")
    with Journal.open(tmp_path / "run/participants/one", readonly=True) as journal:
        verdicts = [event.body["verdict"] for event in journal.raw_events("submission")]
    assert len(submitted) == len(set(submitted))
    assert verdicts[-1] == "AC"


def test_a_batch_takes_rounds(tmp_path: Path) -> None:
    options = [*SHORT, "--search", "feedback", "-n", "12", "--submissions", "30", "--out", "run"]
    with ScriptedEndpoint(ScriptedAnswers(KNOWN, seed=1, learns=True)) as endpoint:
        done = medalist(
            "batch", "meetings", *options, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url
        )
        assert done.returncode == 0, done.stderr
        told = asked(endpoint)
    assert any("The judge showed" in text for text in told)
    assert json.loads(done.stdout.splitlines()[0])["solved"]
