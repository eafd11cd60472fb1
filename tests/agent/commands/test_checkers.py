"""Checkers that the model writes, through the command line and an endpoint on loopback."""

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
OPTIONS = ["-n", "4", "--search", "once", "--lang", "python", "--prompts", "direct", "--json"]
OPTIONS += [
    "--generators",
    "0",
    "--tests",
    "0",
    "--pair-generators",
    "0",
    "--evidence",
    "4",
    "--model",
    "writer",
    "--always-submit",
]

# The last pair instead of the first: on the sample another one than the statement shows.
RIGHT = """
n, s = map(int, input().split())
prices = list(map(int, input().split()))
for i in range(n, 0, -1):
    for j in range(i - 1, 0, -1):
        if prices[i - 1] + prices[j - 1] == s:
            print(i, j)
            raise SystemExit
print("impossible")
"""
# Numbers in the order of the prices instead of the input's.
WRONG = RIGHT.replace("input().split()))\nfor", "input().split()))\nprices.sort()\nfor")
# The same fault, found in another way.
WRONG_TOO = WRONG.replace("prices.sort()", "prices = sorted(prices)")
EASY = (RIGHT, RIGHT.replace("raise SystemExit", "raise SystemExit(0)"), WRONG, RIGHT)

pytestmark = pytest.mark.local


@dataclass
class Pool:
    """A player whose solutions are given; while it holds, it answers few checkers at once."""

    faults: tuple[Fault, ...] = ()
    programs: tuple[str, ...] = (WRONG, WRONG_TOO, WRONG, RIGHT)
    checkers: tuple[str, ...] = ()
    holds: bool = False
    asked: Counter[str | None] = field(default_factory=Counter)

    def __call__(self, seen: SeenRequest) -> Reply:
        kind = question_of(prompt_of(seen))
        number = self.asked[kind]
        self.asked[kind] += 1
        if kind == "solution":
            return Reply(f"```python\n{self.programs[number % len(self.programs)]}\n```")
        if kind == "checker" and self.checkers:
            return Reply(f"```python\n{self.checkers[number % len(self.checkers)]}\n```")
        held = self.holds and kind == "checker" and number >= 2
        return replace(
            ScriptedAnswers(KNOWN, faults=self.faults)(seen), delay_s=3600.0 if held else 0.0
        )


def solve(
    endpoint: ScriptedEndpoint, folder: Path, *options: str, problem: str = "pairup"
) -> CompletedProcess[str]:
    command = ["solve", problem, *OPTIONS, *options]
    return medalist(*command, cwd=folder, OPENAI_BASE_URL=endpoint.base_url)


def told(done: CompletedProcess[str]) -> dict[str, Any]:
    assert done.stdout, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def kinds(endpoint: ScriptedEndpoint) -> Counter[str | None]:
    return Counter(question_of(prompt_of(seen)) for seen in endpoint.log)


def beliefs(folder: Path) -> dict[str, float]:
    """How likely each cluster of a run was believed right, by its id."""
    shown = json.loads(medalist("explain", "run", "--json", cwd=folder).stdout)
    return {row["cluster"]: row["chance"] for row in shown["largest"]}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Any]]]:
    """A run with good checkers, and what came of it."""
    folder = tmp_path_factory.mktemp("good")
    with ScriptedEndpoint(Pool()) as endpoint:
        yield folder, told(solve(endpoint, folder, "--out", "run"))


def test_a_right_program_is_chosen_where_three_wrong_ones_agree(
    good: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    with ScriptedEndpoint(Pool()) as endpoint:
        without = told(solve(endpoint, tmp_path, "--checkers", "0", "--out", "run"))
        assert kinds(endpoint)["checker"] == 0
    before, after = beliefs(tmp_path), beliefs(good[0])
    assert (without["solved"], without["equality"]) == (False, "what right answers share")
    assert without["many_answers"]
    result = good[1]
    assert result["solved"]
    assert result["equality"] == "checker (4 of 4 kept)"
    assert result["stages"]["checking"]["calls"] == 4
    assert not result["many_answers"]
    right = after.keys() & before.keys()
    assert [after[cluster] for cluster in right] == pytest.approx([result["belief"]], abs=1e-4)
    assert all(after[cluster] > before[cluster] for cluster in right)
    assert max(after[cluster] for cluster in after.keys() - right) < min(before.values())


def test_a_faulty_one_and_one_that_accepts_all_do_not_decide(tmp_path: Path) -> None:
    folder = HELPERS / "pairup"
    lax = "def check(input_text, output_text, reference_text):\n    return True, None"
    names = ("checker-1", "faulty-checker-1", "checker-3")
    mixed = (*((folder / f"{name}.py").read_text() for name in names), lax)
    same_item = (ARCHIVE / "pairup/submissions/wrong_answer/same_item.py").read_text()
    programs = (same_item, WRONG, same_item, RIGHT)
    with ScriptedEndpoint(Pool(programs=programs, checkers=mixed)) as endpoint:
        result = told(solve(endpoint, tmp_path, "--out", "run"))
    assert result["solved"]
    # Of the outputs that only the faulty one accepts the two good ones decide.
    assert result["equality"] in ("checker (3 of 4 kept)", "checker (2 of 4 kept)")
    shown = json.loads(medalist("explain", "run", "--json", cwd=tmp_path).stdout)
    whys = [row["why"] for row in shown["checkers"]["checkers"] if not row["weight"]]
    assert "rejects 0% of corrupted outputs" in whys


def test_what_was_judged_is_explained_reported_and_replayed(
    good: tuple[Path, dict[str, Any]],
) -> None:
    folder = good[0]
    shown = json.loads(medalist("explain", "run", "--json", cwd=folder).stdout)
    assert shown["equality"] == "checker (4 of 4 kept)"
    assert all(row["weight"] > 0.8 for row in shown["checkers"]["checkers"])
    text = medalist("explain", "run", cwd=folder).stdout
    assert "equality: checker (4 of 4 kept)" in text
    assert "stage checking: 4 answers" in text
    assert "(rejected)" in text
    assert medalist("replay", "run", "--check", cwd=folder).returncode == 0
    page = medalist("report", "run", "--out", "report.html", cwd=folder)
    assert page.returncode == 0, page.stderr
    assert "outputs compared by checker (4 of 4 kept)" in (folder / "report.html").read_text()


@pytest.fixture(scope="module")
def unchecked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What comes of an easy choice without checkers."""
    folder = tmp_path_factory.mktemp("unchecked")
    with ScriptedEndpoint(Pool((), EASY)) as endpoint:
        return told(solve(endpoint, folder, "--checkers", "0"))


@pytest.mark.parametrize("fault", [text for text in FAULTS if text.startswith("checkers")])
def test_bad_checkers_leave_the_result_as_it_is_without_them(
    fault: Fault, unchecked: dict[str, Any], tmp_path: Path
) -> None:
    with ScriptedEndpoint(Pool((fault,), EASY)) as endpoint:
        result = told(solve(endpoint, tmp_path, "--out", "with"))
        assert kinds(endpoint)["checker"] == 4
    without = unchecked
    assert result["solved"] == without["solved"] is True
    # One distinct program, whatever it says, is not an agreement of several.
    assert "checkers abstain: " in result["equality"]
    assert (result["belief"], result["many_answers"]) == (without["belief"], True)
    text = medalist("explain", "with", cwd=tmp_path).stdout
    assert "equality: what right answers share; checkers abstain: " in text
    if fault != "checkers have a fault":
        assert "no vote, " in text


def test_killed_among_the_checkers_it_asks_nothing_again_and_ends_alike(
    good: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    script = Pool(holds=True)
    with ScriptedEndpoint(script) as endpoint:
        command = ["solve", "pairup", *OPTIONS, "--out", "run"]
        process = start(*command, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
        _wait_for(lambda: kinds(endpoint)["checker"] == 4 or process.poll() is not None)
        time.sleep(0.5)  # the two that are not held may have come
        process.send_signal(signal.SIGKILL)
        process.communicate()
        script.holds = False
        answered, sent = _calls(tmp_path / "run")
        result = told(solve(endpoint, tmp_path, "--out", "run"))
        _, sent_in_all = _calls(tmp_path / "run")
        assert all(sent_in_all[name] == sent[name] for name in answered)
        before = len(endpoint.log)
        events = _checked(tmp_path / "run")
        assert events
        again = told(solve(endpoint, tmp_path, "--out", "run"))
        assert len(endpoint.log) == before, "the same command asks nothing again"
        assert _checked(tmp_path / "run") == events, "and no checker either"
    names = ("solved", "verdict", "programs", "clusters", "belief", "equality")
    for item in (result, again):
        assert {name: item[name] for name in names} == {name: good[1][name] for name in names}


def test_a_cap_holds_among_the_checkers(good: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    cap = good[1]["stages"]["sampling"]["tokens"] + 2500
    with ScriptedEndpoint(Pool()) as endpoint:
        options = ["--max-tokens", "400", "--max-run-tokens", str(cap), "--out", "run"]
        result = told(solve(endpoint, tmp_path, *options))
        used = sum(seen.prompt_tokens + seen.completion_tokens for seen in endpoint.log)
        assert used <= cap
        assert kinds(endpoint)["checker"] < 4
    assert "token" in result["budget_ended"]
    assert result["source"], "the best so far is delivered all the same"


def test_checkers_are_foreseen_where_they_would_be_asked_for(tmp_path: Path) -> None:
    with ScriptedEndpoint(Pool()) as endpoint:
        command = ["--model", "writer", "--dry-run", "--json"]
        stages = {
            (problem, more): json.loads(
                medalist(
                    "solve", problem, *command, *more, cwd=tmp_path,
                    OPENAI_BASE_URL=endpoint.base_url,
                ).stdout
            )["stages"].get("checking")
            for problem, more in (
                ("strangers", ()),
                ("strangers", ("--effort", "low")),
                ("strangers", ("--privileged-equality",)),
                ("warmer", ()),
            )
        }  # fmt: skip
    assert list(stages.values()) == [[0, 4], None, None, None]


LENT = "privileged: the package's own checker"


def test_the_packages_checker_is_lent_where_that_is_asked_for_and_every_result_says_so(
    tmp_path: Path,
) -> None:
    command = ["pairup", *OPTIONS, "--privileged-equality"]
    with ScriptedEndpoint(Pool()) as endpoint:
        where = {"OPENAI_BASE_URL": endpoint.base_url}
        result = told(solve(endpoint, tmp_path, "--privileged-equality", "--out", "run"))
        assert kinds(endpoint)["checker"] == 0, "then none is asked for"
        plain = [item for item in command if item != "--json"]
        text = medalist("solve", *plain, "--out", "run", cwd=tmp_path, **where).stdout
        batch = ["batch", *command, "--display", "plain", "--out", "all", "--schedule", "equal"]
        of_batch = medalist(*batch, cwd=tmp_path, **where)
        assert kinds(endpoint)["checker"] == 0
    assert result["solved"]
    assert result["equality"] == LENT
    assert f"equality     {LENT}" in text
    assert json.loads(of_batch.stdout)["equality"] == LENT
    assert f"equality {LENT}" in of_batch.stderr
    for run in ("run", "all"):
        assert f"equality: {LENT}" in medalist("explain", run, cwd=tmp_path).stdout
        medalist("report", run, "--out", f"{run}.html", cwd=tmp_path)
        assert "privileged: the package" in (tmp_path / f"{run}.html").read_text()


def test_no_participant_has_the_packages_checker(tmp_path: Path) -> None:
    entry = "{id: one, model: writer, privileged_equality: true}"
    (tmp_path / "round.yaml").write_text(
        f"name: R\nrules: ioi\nduration: 5:00:00\nproblems: [pairup]\nparticipants: [{entry}]\n"
    )
    refused = medalist("contest", "run", "round.yaml", "--out", "round", cwd=tmp_path)
    assert refused.returncode == 2
    assert "does not have the package's checker" in refused.stderr


def _calls(run: Path) -> tuple[set[str], Counter[str]]:
    with Journal.open(run, readonly=True) as journal:
        answered = {event.key for event in journal.raw_events("call.done")}
        return answered, Counter(event.key for event in journal.raw_events("call.intent"))


def _checked(run: Path) -> list[str]:
    with Journal.open(run, readonly=True) as journal:
        return [event.key for event in journal.raw_events("checked")]


def _wait_for(reached: Callable[[], bool]) -> None:
    while not reached():
        time.sleep(0.05)
