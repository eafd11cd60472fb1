"""How much a problem gets is learnt from a run, and a batch that goes by it asks for less."""

from __future__ import annotations

import copy
import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.agent.batch.packages import make
from tests.agent.command import medalist, start

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest

pytestmark = pytest.mark.local

PROGRAMS = {
    "sum": "sum(x)",
    "largest": "max(x)",
    "smallest": "min(x)",
    "negative": "sum(i < 0 for i in x)",
}
EASY = ("sum", "largest")
PLAIN = (
    *("--lang", "python", "--prompts", "direct", "--generators", "0", "--validators", "0"),
    *("--tests", "0", "--pair-generators", "0", "--evidence", "0", "--json", "--display", "none"),
)


def reply(seen: SeenRequest) -> Reply:
    """Easy tasks are always solved, others in a third of the answers."""
    prompt = json.dumps(seen.body["messages"])
    task = next(name for name in PROGRAMS if f"The {name} of " in prompt)
    seed = int(seen.body["seed"])
    right = task in EASY or seed % 3 == 0 or seen.body["model"] == "strong"
    body = PROGRAMS[task] if right else str(seed % 89 + 20)
    return Reply(f"```python\nn, *x = map(int, open(0).read().split())\nprint({body})\n```")


class Folder:
    """A folder with packages and a run on them, and an endpoint."""

    def __init__(self, path: Path, endpoint: ScriptedEndpoint) -> None:
        self.path, self.endpoint = path, endpoint

    def __call__(self, *args: str) -> Any:
        return medalist(*args, cwd=self.path, OPENAI_BASE_URL=self.endpoint.base_url)

    def batch(self, *more: str) -> dict[str, dict[str, Any]]:
        """Solve all packages; return the results by problem."""
        done = self("batch", "packages", *PLAIN, *more)
        assert done.returncode == 0, done.stderr
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        return {row["problem"]: row for row in rows}

    def recorded(self, model: str, answers: str, out: str) -> dict[str, dict[str, Any]]:
        """Solve all packages with so many answers, and judge what comes."""
        many = ("-n", answers, "--schedule", "equal", "--submissions", answers, "--always-submit")
        return self.batch("--model", model, *many, "--out", out)

    def train(self, *more: str) -> dict[str, Any]:
        """Train an allocation and return the file."""
        done = self("train", "allocation", *more)
        assert done.returncode == 0, done.stderr
        out = more[more.index("--out") + 1] if "--out" in more else "allocation.json"
        file: dict[str, Any] = json.loads((self.path / out).read_text())
        return file


class Recorded(Folder):
    """Eight packages, eight answers to each, what was learnt of them, and a batch that uses it."""

    def __init__(self, path: Path, endpoint: ScriptedEndpoint) -> None:
        super().__init__(path, endpoint)
        make(path / "packages", 8)
        self.uniform = self.recorded("weak", "8", "recorded")
        self.file = self.train("recorded", *ALLOCATE, "--unit", "samples")
        self.before = len(endpoint.log)
        self.allocated = self.batch(*GOES_BY_IT, "--out", "allocated")
        self.asked = endpoint.log[self.before :]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorded]:
    """See `Recorded`."""
    with ScriptedEndpoint(reply) as endpoint:
        yield Recorded(tmp_path_factory.mktemp("allocation"), endpoint)


ALLOCATE = ("--submissions", "1", "--first", "2", "--like", "8")
GOES_BY_IT = ("--allocate", "allocation.json", "--jobs", "1")


def test_the_file_says_what_it_learnt_from_and_what_it_decides(folder: Recorded) -> None:
    strategy = folder.file["strategies"][0]
    assert strategy["settings"]["model"] == "weak"
    assert strategy["settings"]["search"] == "once"
    assert [look["samples"] for look in strategy["looks"]] == [2, 4, 8]
    assert strategy["looks"][0]["bins"][-1]["then"] == "stop", "easy problems are answered at once"
    assert strategy["looks"][0]["bins"][0]["then"] == "more"
    card = folder.file["card"]
    assert (card["problems"], card["folds"]) == (8, [4, 4])
    assert card["strategies"][0]["sources"][0]["file"] == "recorded"
    assert {"difference", "cost_ratio", "against_uniform"} <= card["on_problems_left_out"].keys()


def test_a_batch_that_goes_by_it_asks_for_less_and_solves_as_many(folder: Recorded) -> None:
    mine = folder.allocated
    # With one submission best-of-8 solves what a run with several solved at the first.
    uniform = [row for row in folder.uniform.values() if row["solved"] and row["submissions"] == 1]
    assert sum(row["solved"] for row in mine.values()) >= len(uniform)
    for name, row in mine.items():
        if name.startswith(EASY):
            assert row["candidates"] == 2
            assert row["allocation"][-1]["then"] == "stop"
    spent = sum(row["candidates"] for row in mine.values())
    assert spent < sum(row["candidates"] for row in folder.uniform.values())
    assert len(folder.asked) == spent
    models = {seen.body["model"] for seen in folder.asked}
    assert models == {"weak"}, "the file says which model, where no option does"


def test_explain_and_report_say_what_was_decided_and_no_file_learns_of_it(folder: Recorded) -> None:
    name = next(name for name in folder.allocated if name.startswith("sum"))
    told = folder("explain", "allocated", name)
    assert "allocation: after 2 answers of recorded: chance" in told.stdout
    page = folder("report", "allocated", "--out", "page.html")
    assert page.returncode == 0, page.stderr
    assert "Where the allocation ended" in (folder.path / "page.html").read_text()
    again = folder("train", "allocation", "allocated", *ALLOCATE)
    assert again.returncode == 2
    assert "was asked by an allocation" in again.stderr


def test_a_run_that_is_killed_decides_the_same(folder: Recorded) -> None:
    before = len(folder.endpoint.log)
    process = start(
        "batch", "packages", *PLAIN, *GOES_BY_IT, "--out", "cut",
        cwd=folder.path, OPENAI_BASE_URL=folder.endpoint.base_url,
    )  # fmt: skip
    while process.poll() is None and len(folder.endpoint.log) < before + 9:
        time.sleep(0.005)
    process.kill()
    process.communicate(timeout=60)
    cut = folder.batch(*GOES_BY_IT, "--out", "cut")

    def decided(rows: dict[str, dict[str, Any]]) -> dict[str, Any]:
        return {name: (row["candidates"], row["allocation"]) for name, row in rows.items()}

    assert decided(cut) == decided(folder.allocated)


def test_a_larger_model_is_asked_where_the_small_one_does_not_agree(folder: Recorded) -> None:
    folder.recorded("strong", "2", "strong")
    costs = ("--cost", "small=1", "--cost", "large=2")
    file = folder.train(
        "small=recorded", "large=strong", *costs, "--unit", "samples", "--first", "2",
        "--price", "100", "--out", "both.json",
    )  # fmt: skip
    assert [row["name"] for row in file["strategies"]] == ["small", "large"]
    assert file["card"]["compared"]["model"] == ["weak", "strong"]
    asked = len(folder.endpoint.log)
    rows = folder.batch("--allocate", "both.json", "--out", "cascade")
    assert all(row["solved"] for row in rows.values())
    models = Counter(seen.body["model"] for seen in folder.endpoint.log[asked:])
    changed = [row for row in rows.values() if row["allocation"][0]["then"] == "change:large"]
    assert changed
    assert models["strong"] == sum(row["allocation"][-1]["samples"] for row in changed)
    assert all(
        row["allocation"] == [] or row["allocation"][0]["then"] != "change:large"
        for name, row in rows.items()
        if name.startswith(EASY)
    )
    other = folder(
        "batch", "packages", *PLAIN, "--allocate", "allocation.json", "-n", "10", "--out", "cascade"
    )
    assert other.returncode == 2
    assert "allocate: this run was started with" in other.stderr


def test_solve_and_contests_go_by_it(folder: Recorded) -> None:
    names = sorted(path.name for path in (folder.path / "packages").iterdir())
    easy = next(name for name in names if name.startswith("sum"))
    hidden = [option for option in PLAIN if option not in ("--display", "none")]
    done = folder(
        "solve", f"packages/{easy}", *hidden, "--allocate", "allocation.json", "--out", "one"
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["candidates"] == 2
    assert "to be solved" in done.stderr
    capped = folder(
        "solve",
        f"packages/{easy}",
        *hidden,
        "--allocate",
        "allocation.json",
        "-n",
        "1",
        "--out",
        "capped",
    )
    assert json.loads(capped.stdout)["candidates"] == 1

    rounds = copy.deepcopy(folder.file)
    rounds["strategies"][0]["settings"] |= {"search": "feedback", "width": 2, "rounds": 4}
    (folder.path / "rounds.json").write_text(json.dumps(rounds))
    ended = folder("solve", f"packages/{easy}", *hidden, "--allocate", "rounds.json", "--out", "r")
    assert json.loads(ended.stdout)["candidates"] == 2
    assert json.loads(ended.stdout)["allocation"][0]["then"] == "stop"

    (folder.path / "c.yaml").write_text(
        f"name: short\nrules: ioi\nduration: 1h\nproblems: [packages/{easy}]\n"
        "participants:\n  - {id: me, allocate: allocation.json, generators: 0, validators: 0, "
        "tests: 0, pair_generators: 0, evidence: 0}\n"
    )
    played = folder("contest", "run", "c.yaml", "--out", "contest", "--json")
    assert played.returncode == 0, played.stderr
    told = folder("explain", "contest/participants/me", "--json")
    assert json.loads(told.stdout)["candidates"] == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "medalist verifier 1"}, "not an allocation of this version"),
        ({"strategies": []}, "strategies"),
        ({"price": "dear"}, "price"),
        ({"looks": []}, "looks"),
        ({"settings": {"box": "none"}}, "not an option of a strategy"),
        ({"then": "change:recorded"}, "neither stop, more nor a change"),
        ({"below": 0.5}, "do not grow up to 1"),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_line(
    folder: Recorded, change: dict[str, object], said: str
) -> None:
    file = copy.deepcopy(folder.file)
    (name, value), strategy = next(iter(change.items())), file["strategies"][0]
    place = {"looks": strategy, "settings": strategy}.get(name, file)
    if name in ("then", "below"):
        place = strategy["looks"][0]["bins"][-1]
    place[name] = value
    (folder.path / "odd.json").write_text(json.dumps(file))
    done = folder("batch", "packages", "--allocate", "odd.json", "--out", "odd")
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_options_that_contradict_it_are_refused(folder: Recorded) -> None:
    for options, said in (
        (("--most", "20"), "--most: contradicts"),
        (("--target", "0.5"), "--target: contradicts"),
        (("--schedule", "adaptive"), "--schedule: contradicts"),
    ):
        done = folder("batch", "packages", "--allocate", "allocation.json", *options)
        assert done.returncode == 2, options
        assert said in done.stderr
    absent = folder("solve", "warmer", "--allocate", "absent.json")
    assert absent.returncode == 2
    assert "absent.json" in absent.stderr


def test_sources_that_teach_nothing_are_named(folder: Recorded) -> None:
    few = folder("train", "allocation", "recorded", "--most", "9")
    assert few.returncode == 2
    assert "0 problems with enough samples" in few.stderr
    unit = folder("train", "allocation", "recorded", "--unit", "dollars")
    assert unit.returncode == 2
    assert "--unit dollars" in unit.stderr
    like = folder("train", "allocation", "recorded", "--like", "7")
    assert like.returncode == 2
    assert "recorded:8" in like.stderr
    cost = folder("train", "allocation", "recorded", "--cost", "recorded=free")
    assert cost.returncode == 2
    assert "NAME=NUMBER" in cost.stderr
