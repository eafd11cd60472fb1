"""The commands that read a finished run: replay, explain, regret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer

from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.policy import PolicyRules, View
from medalist.agent.choose.policy_replay import play
from medalist.agent.choose.recorded_choice import ChoiceTerms, choices, record, record_label
from medalist.agent.commands import explain, regret, replay
from medalist.agent.evidence.behaviour_table import BehaviourTable, OutcomeCell
from medalist.agent.journal import Journal
from medalist.agent.types import Feedback, Program
from medalist.errors import BadInput
from medalist.problems.model import Equality
from medalist.problems.verdict import Verdict
from medalist.sandbox.outcome import Outcome, Status

ROWS = {
    "big": (4, (b"1", b"2")),
    "twin": (1, (b"1", b"2")),
    "right": (2, (b"1", b"3")),
    "slow": (3, (b"1", None)),
}
TRUTH = {"big": "WA", "twin": "WA", "right": "AC", "slow": "TLE"}


def cell(output: bytes | None) -> OutcomeCell:
    status = Status.TIME if output is None else Status.OK
    return OutcomeCell.of(Outcome(status, 0, None, 0.1, 0.1, 1, output or b""), Equality())


def finished_run(run: Path, *, submissions: int, labelled: bool = True) -> View:
    """Write the journal of a run in which medalist's policy chose."""
    with Journal.open(run) as journal:
        table = BehaviourTable("sums/evidence", Equality(), journal)
        table.add_inputs([b"1 1\n", b"2 \x1b[31m2\n"])
        for name, (_, outputs) in ROWS.items():
            table.add_cells(name, [cell(output) for output in outputs])
        view = View(
            tuple(
                Program(name, "python", f"print({name!r})", tuple(f"{name}/{n}" for n in range(k)))
                for name, (k, _) in ROWS.items()
            ),
            {name: table.behaviour(name) for name in ROWS},
            sample_share=dict.fromkeys(ROWS, 1.0),
        )
        rules = PolicyRules(submissions=submissions)
        record(
            journal,
            "sums",
            view,
            ChoiceTerms(suite="sums/evidence", rules=rules, policy="medalist"),
        )
        for name, verdict in TRUTH.items() if labelled else ():
            record_label(journal, "sums", name, Feedback(Verdict(verdict)))
        journal.flush()
        (choice,) = choices(journal)
        for number, (made, feedback) in enumerate(
            play(ExpectedGain(), choice.replayable(), rules), 1
        ):
            body = {"program": made.program_id, "reason": made.reason, "verdict": feedback.verdict}
            journal.append_raw("submission", f"{number}/{made.program_id}", body)
    return view


def call(command: Any, *arguments: object, capsys: pytest.CaptureFixture[str]) -> str:
    app = typer.Typer()
    app.command()(command)
    app([str(argument) for argument in arguments], standalone_mode=False)
    return capsys.readouterr().out


def test_a_finished_run_is_reproduced_exactly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    view = finished_run(tmp_path, submissions=9)
    with Journal.open(tmp_path, readonly=True) as journal:
        (choice,) = choices(journal)
    assert choice.view == view
    assert choice.complete
    assert choice.history[-1][1].verdict == "AC"
    result = json.loads(call(replay.replay, tmp_path, "--check", "--json", capsys=capsys))
    assert result == {"problems": 1, "submissions": len(choice.history), "differing": []}


def test_replay_of_a_run_with_other_policies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished_run(tmp_path, submissions=9)
    mine = tmp_path / "mine.py"
    mine.write_text(
        "from medalist.agent.choose.baselines import InOrder\n"
        "class Backwards(InOrder):\n"
        "    name = 'backwards'\n"
        "    def rank(self, view):\n"
        "        return super().rank(view)[::-1]\n"
        "policy = Backwards()\n"
    )
    picture = tmp_path / "curve.svg"
    options = ["--policy", "codet", "--policy", mine, "--submissions", "1,4", "--picture", picture]
    result = json.loads(call(replay.replay, tmp_path, *options, "--json", capsys=capsys))
    assert set(result["policies"]) == {"random", "codet", "backwards"}
    assert result["policies"]["backwards"]["4"]["mean"] == 1.0
    assert result["everything"] == 1.0
    assert picture.read_text().startswith("<svg")
    assert "backwards" in call(replay.replay, tmp_path, *options, capsys=capsys)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--policy", "wisdom"], "unknown policy 'wisdom'"),
        (["--policy", "/nowhere/mine.py"], "no such file"),
        (["--submissions", "1,x"], "not a list of numbers"),
        (["--submissions", "0"], "at least 1"),
    ],
)
def test_bad_options_are_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    finished_run(tmp_path, submissions=1)
    with pytest.raises(BadInput, match=message):
        call(replay.replay, tmp_path, *options, capsys=capsys)


def test_explain_tells_what_separates_and_obeys_no_control_characters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished_run(tmp_path, submissions=9)
    text = call(explain.explain, tmp_path, "sums", capsys=capsys)
    assert "3 clusters" in text
    assert "\x1b" not in text
    account = json.loads(call(explain.explain, tmp_path, "--json", capsys=capsys))
    assert [row["votes"] for row in account["largest"]] == [5, 3, 2]
    second = account["largest"][1]["separated_by"]
    assert second == {"input": "2 \x1b[31m2\n", "first": "2", "second": "(time)"}
    for row in account["submissions"]:
        assert row["verdict"] == TRUTH[row["program"]]
        if row["verdict"] == "WA":
            assert row["chance_after"] < row["chance_before"]
    with pytest.raises(BadInput, match="no problem 'other'"):
        call(explain.explain, tmp_path, "other", capsys=capsys)


@pytest.mark.parametrize(("submissions", "cause"), [(9, None), (1, "mis-ranked")])
def test_regret_names_the_cause(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], submissions: int, cause: str | None
) -> None:
    finished_run(tmp_path, submissions=submissions)
    result = json.loads(call(regret.regret, tmp_path, "--json", capsys=capsys))
    assert sum(result["points"].values()) == pytest.approx(1.0)
    assert result["points"]["gained" if cause is None else cause] == 1.0


def test_regret_without_verdicts_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished_run(tmp_path, submissions=1, labelled=False)
    with pytest.raises(BadInput, match="every program was judged"):
        call(regret.regret, tmp_path, capsys=capsys)
    assert "--problem: sums" in capsys.readouterr().err


def test_a_run_that_chose_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Journal.open(tmp_path).close()
    with pytest.raises(BadInput, match="nothing was chosen"):
        call(explain.explain, tmp_path, capsys=capsys)
