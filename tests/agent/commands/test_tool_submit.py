"""`--tool-submissions`: a model that submits while it answers, as the rules let a contestant."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest
from tests.agent.command import medalist, start
from tests.agent.tool_package import (
    ONE,
    RIGHT,
    SECRET,
    WRONG,
    call,
    fenced,
    results,
    solve,
    sum_package,
    turns,
)

from medalist.agent.journal import Journal
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest

pytestmark = pytest.mark.local

SUBMITS = ["--tools", "native", "--tool-submissions", "2"]
FIRST = "n = int(input())\na = list(map(int, input().split()))\nprint(sum(a[:3]))\n"
"""Right on the sample, which has three numbers."""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return sum_package(tmp_path)


def made(folder: Path) -> list[tuple[str, bool]]:
    """The submissions of a run: the verdict, and whether the model made it itself."""
    with Journal.open(folder / "run", readonly=True) as journal:
        bodies = [entry.body for entry in journal.raw_events("submission")]
    return [(str(body["verdict"]), body.get("call") is not None) for body in bodies]


def learns(seen: SeenRequest) -> Reply:
    """Submits what passes the sample, and writes the right program where the judge says no."""
    told = results(seen)
    if not told:
        return call(seen, ("submit", {"program": FIRST}))
    return Reply(fenced(RIGHT if "The judge shows: WA" in told[0] else WRONG))


@pytest.mark.parametrize("protocol", ["native", "text"])
def test_a_verdict_while_answering_is_a_submission_and_leaves_one_to_the_choice(
    protocol: str, package: Path
) -> None:
    options = [*SUBMITS, "--tools", protocol]
    with ScriptedEndpoint(learns) as endpoint:
        result = solve(endpoint, package, *options)
        sent = json.dumps([seen.body for seen in endpoint.log])
    assert result["solved"]
    assert result["submissions"] == 2
    assert made(package.parent) == [("WA", True), ("AC", False)]
    assert "Submissions left for this tool: 1." in sent
    # Of the secret half nothing but the verdict came back.
    assert not any(secret.strip() in sent for secret in ("40404", "40410", *SECRET.values()))
    if protocol == "text":
        return
    told = medalist("replay", "run", "--check", "--json", cwd=package.parent).stdout
    assert json.loads(told)["differing"] == []
    assert "the model submitted it itself" in medalist("explain", "run", cwd=package.parent).stdout


def test_an_accepted_program_is_delivered_though_the_answer_holds_another(package: Path) -> None:
    def script(seen: SeenRequest) -> Reply:
        told = results(seen)
        if not told:
            return call(seen, ("submit", {"program": RIGHT}), ("submit", {"program": FIRST}))
        assert "The judge shows: AC" in told[0]
        assert told[1].startswith("Not submitted: the problem is solved.")
        return Reply(fenced(WRONG))

    with ScriptedEndpoint(script) as endpoint:
        result = solve(endpoint, package, *SUBMITS)
    assert result["solved"]
    assert made(package.parent) == [("AC", True)]
    assert Path(package.parent, result["source"]).read_text().strip() == RIGHT.strip()


def test_submissions_end_where_the_rules_end_them(package: Path) -> None:
    """Eight tries in two answers: two count, one of a program that was there does not."""

    def script(seen: SeenRequest) -> Reply:
        number = len(results(seen))
        if number >= 4:
            return Reply(fenced(FIRST))
        odd = f"print({number} + {seen.body['seed'] % 97})\n"
        bad = "print(\n"
        return call(seen, ("submit", {"program": bad if number == 0 else odd}))

    with ScriptedEndpoint(script) as endpoint:
        result = solve(endpoint, package, *SUBMITS, "-n", "2", "--submissions", "3", code=None)
        told = [text for seen in endpoint.log for text in results(seen)[-1:]]
    assert made(package.parent) == [("WA", True), ("WA", True), ("WA", False)]
    assert result["submissions"] == 3
    assert any("Not submitted. `program` does not compile" in text for text in told)
    assert any("no submissions left for this tool" in text for text in told)


def test_the_same_program_is_judged_once(package: Path) -> None:
    def script(seen: SeenRequest) -> Reply:
        if len(results(seen)) < 2:
            return call(seen, ("submit", {"program": FIRST + "# again\n" * len(results(seen))}))
        return Reply(fenced(RIGHT))

    with ScriptedEndpoint(script) as endpoint:
        assert solve(endpoint, package, *SUBMITS)["solved"]
        told = results(endpoint.log[-1])
    assert told[1].startswith("It was submitted before, and not again. The judge shows: WA")
    assert made(package.parent) == [("WA", True), ("AC", False)]


def test_a_run_that_was_killed_while_the_judge_worked_counts_the_submission_once(
    package: Path,
) -> None:
    config = package / "problem.yaml"
    config.write_text(config.read_text().replace("time_limit: 2", "time_limit: 20"))
    # Slow on the judge's input alone, which goes beyond the statement's bounds.
    slow = f"import time\n{FIRST}if max(a) > 1000:\n    time.sleep(2)\n"

    def script(seen: SeenRequest) -> Reply:
        told = results(seen)
        if not told:
            return call(seen, ("submit", {"program": slow}))
        return Reply(fenced(RIGHT if "The judge shows: WA" in told[0] else WRONG))

    def is_judging() -> bool:
        if not (package.parent / "run/journal.sqlite").is_file():
            return False
        with Journal.open(package.parent / "run", readonly=True) as journal:
            return any(True for _ in journal.raw_events("candidate"))

    with ScriptedEndpoint(script) as endpoint:
        command: list[str | Path] = ["solve", package, *ONE, *SUBMITS]
        process = start(*command, cwd=package.parent, OPENAI_BASE_URL=endpoint.base_url)
        while not is_judging():
            assert process.poll() is None, process.communicate()[1]
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert made(package.parent) == []
        result = solve(endpoint, package, *SUBMITS)
        assert len(endpoint.log) == 2
    assert result["solved"]
    assert made(package.parent) == [("WA", True), ("AC", False)]


def test_a_recording_submits_again_and_the_same_run_does_not(package: Path) -> None:
    with ScriptedEndpoint(learns) as endpoint:
        solve(endpoint, package, *SUBMITS)
        count = len(endpoint.log)
        assert solve(endpoint, package, *SUBMITS)["submissions"] == 2
        assert len(endpoint.log) == count
    replay = ["solve", str(package), *ONE[:-2], "--model", "recorded:run", "--out", "again"]
    told = json.loads(medalist(*replay, cwd=package.parent).stdout)
    assert told["solved"]
    assert told["submissions"] == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--tool-submissions", "1"], "no tool is offered"),
        (["--tools", "text", "--tool-submissions", "2", "--submissions", "2"], "none is left"),
    ],
)
def test_impossible_submissions_are_refused(options: list[str], said: str, package: Path) -> None:
    done = medalist(
        "solve", package, *ONE, *options, cwd=package.parent, OPENAI_BASE_URL="http://127.0.0.1:9"
    )
    assert done.returncode == 2
    assert "--tool-submissions: " in done.stderr
    assert said in done.stderr


def test_where_there_is_no_judge_nothing_is_offered(package: Path) -> None:
    options = [*SUBMITS, "--submissions", "0"]
    with ScriptedEndpoint([Reply(fenced(RIGHT))]) as endpoint:
        solve(endpoint, package, *options, code=None)
        assert "submit" not in json.dumps(endpoint.log[0].body["tools"])


def test_in_rounds_the_next_prompts_know_what_the_model_submitted(package: Path) -> None:
    def script(seen: SeenRequest) -> Reply:
        if turns(seen):
            return Reply(fenced(FIRST))
        if "judged so far" in json.dumps(seen.body):
            return Reply(fenced(RIGHT))
        return call(seen, ("submit", {"program": f"print({seen.body['seed'] % 97})\n"}))

    rounds = ["--search", "feedback", "--rounds", "2", "--width", "2", "--round-submissions", "3"]
    with ScriptedEndpoint(script) as endpoint:
        result = solve(endpoint, package, *SUBMITS, "-n", "4", *rounds, code=None)
        told = [json.dumps(seen.body) for seen in endpoint.log]
    verdicts = made(package.parent)
    assert verdicts[:2] == [("WA", True), ("WA", True)]
    assert all(not by_model for _, by_model in verdicts[2:])
    assert any("3 programs were judged so far. Verdicts: WA 3." in text for text in told)
    assert result["submissions"] == len(verdicts)


def test_a_batch_submits_so_too_and_a_participant_may_not(package: Path) -> None:
    options = ["-n", "1", "--lang", "python", "--prompts", "direct", "--model", "writer"]
    options += ["--effort", "low", "--search", "once", *SUBMITS, "--out", "run", "--json"]
    with ScriptedEndpoint(learns) as endpoint:
        done = medalist(
            "batch", package, *options, cwd=package.parent, OPENAI_BASE_URL=endpoint.base_url
        )
    assert json.loads(done.stdout.splitlines()[0])["solved"], done.stderr
    assert made(package.parent) == [("WA", True), ("AC", False)]
    entry = "{id: one, model: writer, tools: text, tool_submissions: 1}"
    (package.parent / "round.yaml").write_text(
        f"name: R\nrules: ioi\nduration: 5:00:00\nproblems: [sum]\nparticipants: [{entry}]\n"
    )
    told = medalist("contest", "run", "round.yaml", "--out", "c", cwd=package.parent)
    assert told.returncode == 2
    assert "tool_submissions: a participant submits on the contest's clock" in told.stderr
