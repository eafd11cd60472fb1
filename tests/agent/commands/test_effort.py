"""`--effort`: one dial for all that has no number of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint
from medalist.agent.run.options import RunOptions
from medalist.agent.run.run_plan import as_begun, settings_for, submissions_for
from medalist.agent.run.usual import EFFORTS, USUAL, usual_subtask_generators
from medalist.agent.steps.run_settings import RunSettings

ROOT = Path(__file__).parents[3]
# Nobody listens there: a dry run sends nothing.
ENDPOINT = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}


@pytest.fixture(autouse=True)
def _endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", ENDPOINT["OPENAI_BASE_URL"])


def dry(folder: Path, *options: str, model: str = "writer") -> dict[str, Any]:
    """What a dry run of `meetings` (three subtasks) foresees by stage: most calls."""
    command = ["solve", "meetings", "--model", model, "--dry-run", "--json", *options]
    done = medalist(*command, cwd=folder, **ENDPOINT)
    assert done.returncode == 0, done.stderr
    return {stage: calls[1] for stage, calls in json.loads(done.stdout)["stages"].items()}


def settings(**options: Any) -> RunSettings:
    given = RunOptions.given({"model": "writer", **options})
    return settings_for(given, given.configured())


def test_the_table_of_the_docs_is_what_is_done() -> None:
    table = [
        "| option | low | medium | high | max | embedded: low | medium | high | max |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, row in USUAL.items():
        cells = [f"{amount:,}" if isinstance(amount, int) else f"{amount}"
                 for amount in (*row.endpoint, *row.embedded)]  # fmt: skip
        table.append(f"| `--{name.replace('_', '-')}` | {' | '.join(cells)} |")
    page = (ROOT / "docs/pipeline.md").read_text()
    actual = page.partition("<!-- effort -->\n")[2].partition("\n<!-- end -->")[0]
    assert actual == "\n".join(table)


def test_the_dial_turns_everything_and_a_number_of_its_own_wins(tmp_path: Path) -> None:
    low, medium = dry(tmp_path, "--effort", "low"), dry(tmp_path)
    assert low == {"sampling": 8}
    assert medium == {"sampling": 32, "writing": 14, "predicting": 2, "separating": 3}
    high = dry(tmp_path, "--effort", "high")
    assert high["sampling"] == 404, "four of them brute force"
    assert high["writing"] == 32
    assert high["dueling"] == 56
    own = dry(tmp_path, "--effort", "high", "-n", "20", "--duels", "0", "--validators", "1")
    assert own["sampling"] == 24, "where -n is given, it is not gone past"
    assert "dueling" not in own
    assert own["writing"] == 25
    assert dry(tmp_path, model="embedded") == {"sampling": 8}
    assert dry(tmp_path, "--effort", "medium", model="embedded")["sampling"] == 16


def test_each_subtask_has_as_many_generators_as_is_said_or_half_of_the_others(
    tmp_path: Path,
) -> None:
    for options, writing in (
        (("--subtask-generators", "5"), 4 + 4 + 3 * 5),
        (("--subtask-generators", "0"), 4 + 4),
        (("--generators", "6"), 6 + 4 + 3 * 3),
        (("--generators", "1"), 1 + 4 + 3),
    ):
        assert dry(tmp_path, *options)["writing"] == writing
    assert "writing" not in dry(tmp_path, "--generators", "0", "--subtask-generators", "5")
    for row, half in zip(
        (*USUAL["generators"].endpoint, *USUAL["generators"].embedded),
        (*USUAL["subtask_generators"].endpoint, *USUAL["subtask_generators"].embedded),
        strict=True,
    ):
        assert half == usual_subtask_generators(int(row))


@pytest.mark.parametrize("effort", EFFORTS)
def test_each_effort_does_no_less_than_the_one_before(effort: str) -> None:
    place = EFFORTS.index(effort)
    for name, row in USUAL.items():
        for columns in (row.endpoint, row.embedded):
            if name not in ("most", "search", "tools"):
                assert columns[max(0, place - 1)] <= columns[place]  # type: ignore[operator]


def test_submissions_come_with_the_effort() -> None:
    for effort, count in (("medium", 1), ("high", 50), ("max", 50)):
        given = RunOptions.given({"model": "writer", "effort": effort})
        assert submissions_for(given, given.configured()) == count
    given = RunOptions.given({"model": "writer", "effort": "max", "submissions": 3})
    assert submissions_for(given, given.configured()) == 3


def test_a_run_goes_on_as_it_began_whatever_is_usual_now() -> None:
    began = {"evidence": 12, "mutants": 3, "generators": 2, "effort": "medium", "candidates": 5}
    later = as_begun(RunOptions.given({"validators": 7}), began)
    assert (later.evidence, later.mutants, later.generators, later.validators) == (12, 3, 2, 7)
    assert later.candidates is None, "how many are asked for is decided anew"
    turned = RunOptions.given({"effort": "high"})
    assert as_begun(turned, began) is turned
    assert as_begun(turned, None) is turned


def test_the_batch_api_has_no_stages_of_a_day_each() -> None:
    batched = settings(effort="high", batch_api=True)
    assert (batched.generators, batched.validators, batched.duels) == (0, 0, 0)
    assert batched.search == "once"


def test_an_unknown_effort_is_bad_input(tmp_path: Path) -> None:
    done = medalist("solve", "meetings", "--effort", "much", "--dry-run", cwd=tmp_path)
    assert done.returncode == 2
    assert "'much' is not one of" in done.stderr
    done = medalist("batch", "-c", "effort=much", "--dry-run", cwd=tmp_path)
    assert done.returncode == 2
    assert "effort" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_batch_and_a_participant_take_the_dial(tmp_path: Path) -> None:
    batch = ["batch", "meetings", "warmer", "--model", "writer", "--dry-run", "--json"]
    done = medalist(*batch, "--effort", "high", cwd=tmp_path, **ENDPOINT)
    stages = json.loads(done.stdout)["stages"]
    # `meetings` has subtasks to ask generators for, `warmer` has none.
    assert stages["writing"] == [0, 32 + 16]
    assert stages["dueling"] == [0, 2 * 56]
    with ScriptedEndpoint(lambda seen: Reply("I cannot do that.")) as endpoint:
        entry = "{id: one, model: writer, effort: low, generators: 0}"
        (tmp_path / "round.yaml").write_text(
            f"name: R\nrules: ioi\nduration: 5:00:00\nproblems: [warmer]\nparticipants: [{entry}]\n"
        )
        run = ["contest", "run", "round.yaml", "--out", "run"]
        done = medalist(*run, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
        assert done.returncode == 0, done.stderr
        asked = len(endpoint.log)
    assert asked == USUAL["candidates"].endpoint[0] == 8


def test_the_dial_that_a_run_began_with_cannot_be_turned(tmp_path: Path) -> None:
    with ScriptedEndpoint(lambda seen: Reply("I cannot do that.")) as endpoint:
        solve = ["solve", "warmer", "--model", "writer", "-n", "1", "--out", "run"]
        where = {"OPENAI_BASE_URL": endpoint.base_url}
        assert medalist(*solve, "--effort", "low", cwd=tmp_path, **where).returncode == 1
        # Without a word it continues as it began.
        assert medalist(*solve, cwd=tmp_path, **where).returncode == 1
        turned = medalist(*solve, "--effort", "high", cwd=tmp_path, **where)
    assert turned.returncode == 2
    assert "this run was started with a different " in turned.stderr
