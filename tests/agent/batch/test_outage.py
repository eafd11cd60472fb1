"""An endpoint that is away in the middle of a batch: waited for, nothing lost, nothing paid twice.

The clock is a hundred times as fast: the first wait is 10 ms instead of one second, so that an
outage of 0.2 s is one of 20 s, and a patience of 6 s stands for the usual 600 s.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path

import pytest

from medalist.agent.journal import Journal
from medalist.agent.llm.call_records import DONE
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from tests.agent.batch import canon
from tests.agent.command import medalist

pytestmark = pytest.mark.local

PROBLEMS, EACH = 3, 6
PROGRAM = "```python\na, b = map(int, input().split())\nprint(a + b)\n```"
BROKEN = "```python\nprint(int(input()) + 1)\n```"
FAST = {"MEDALIST_FIRST_WAIT_S": "0.01", "MEDALIST_PATIENCE_S": "6"}
AWAY = {
    "bad gateway": Reply("upstream is away", status=502),
    "dropped": Reply(fault="disconnect"),
    "retry after": Reply("", status=503, retry_after_s=0.05),
    "in the middle": Reply(PROGRAM, fault="cut"),
    "in the body": Reply(raw=b'{"error": {"message": "Upstream error", "code": 502}}'),
}


class Outage:
    """A server that is away for a while after its first answers."""

    def __init__(self, reply: Reply, *, after: int, seconds: float) -> None:
        self.reply, self.after, self.seconds = reply, after, seconds
        self.since: float | None = None
        self.answers: Counter[str] = Counter()

    def __call__(self, seen: SeenRequest) -> Reply:
        if sum(self.answers.values()) >= self.after and self.since is None:
            self.since = time.monotonic()
        if self.since is not None and time.monotonic() - self.since < self.seconds:
            return self.reply
        self.answers[json.dumps([seen.body["messages"], seen.body["seed"]])] += 1
        return Reply(PROGRAM if seen.index % 2 else BROKEN)


@pytest.fixture
def problems(tmp_path: Path) -> Path:
    folder = tmp_path / "problems"
    for number in range(PROBLEMS):
        for path, content in {
            "problem.yaml": f"name: Sum {number}\nlicense: cc0\n",
            "problem_statement/problem.en.md": f"# Sum {number}\n\nPrint a + b.\n",
            "data/sample/1.in": "1 2\n", "data/sample/1.ans": "3\n",
            "data/secret/1.in": "30 4\n", "data/secret/1.ans": "34\n",
        }.items():  # fmt: skip
            (folder / f"sum{number}" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / f"sum{number}" / path).write_text(content)
    return folder


def command(problems: Path) -> list[str | Path]:
    return [
        "batch", problems, "-n", str(EACH), "--schedule", "equal", "--lang", "python",
        "--prompts", "direct", "--search", "once", "--model", "llama-3", "--effort", "low",
        "--generators", "0", "--concurrency", "3", "--out", "run", "--json",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", AWAY)
def test_a_batch_waits_and_ends_as_if_nothing_had_been(kind: str, problems: Path) -> None:
    outage = Outage(AWAY[kind], after=5, seconds=0.2)
    with ScriptedEndpoint(outage, "llama-3") as endpoint:
        env = {**FAST, "OPENAI_BASE_URL": endpoint.base_url}
        done = medalist(*command(problems), cwd=problems.parent, **env)
    assert done.returncode == 0, done.stderr
    rows = canon.rows(done.stdout)
    assert [row["candidates"] for row in rows.values()] == [EACH] * PROBLEMS
    assert all(row["solved"] for row in rows.values()), done.stdout
    assert set(outage.answers.values()) == {1}, "no question is answered, and paid, twice"
    assert len(outage.answers) == PROBLEMS * EACH
    assert done.stderr.count("waiting until it is available again, up to 6 s (--patience)") == 1
    assert "answers again" in done.stderr
    assert "given up" not in done.stderr


def test_a_patience_that_is_over_ends_the_batch_which_then_goes_on(problems: Path) -> None:
    outage = Outage(AWAY["bad gateway"], after=5, seconds=10**6)
    with ScriptedEndpoint(outage, "llama-3") as endpoint:
        env = {**FAST, "OPENAI_BASE_URL": endpoint.base_url}
        impatient = [*command(problems), "--patience", "0.3"]
        done = medalist(*impatient, cwd=problems.parent, **env)
        assert done.returncode != 0
        assert "502: upstream is away" in done.stderr
        assert "Traceback" not in done.stderr
        first = Counter(outage.answers)
        asked = len(endpoint.log)
        outage.seconds = 0.0
        again = medalist(*command(problems), cwd=problems.parent, **env)
        assert again.returncode == 0, again.stderr
    assert len(first) == sum(first.values()) >= 5
    assert asked < 60, "an endpoint that is away is not stormed"
    assert set(outage.answers.values()) == {1}, "what was answered is not asked for again"
    assert len(outage.answers) == PROBLEMS * EACH
    assert all(row["solved"] for row in canon.rows(again.stdout).values())
    with Journal.open(problems.parent / "run", readonly=True) as journal:
        keys = [event.key for event in journal.events(DONE)]
    assert len(keys) == len(set(keys)) == PROBLEMS * EACH
