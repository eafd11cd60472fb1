"""What `medalist scale` reads, what it refuses, and the pictures that it draws."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.problems.formats import find_bundled
from tests.agent.command import medalist
from tests.agent.scale.synthetic import evidence, refused, scaled, write_evidence, write_labels


def test_one_problem_has_a_law_and_no_interval(tmp_path: Path) -> None:
    write_labels(tmp_path / "pool.jsonl", [3], 32)
    result = scaled(tmp_path, "pool.jsonl")
    (one,) = result["strategies"]
    assert one["law"]["a"]["lo"] is None
    assert one["curves"][0]["points"][0]["lo"] is None
    assert one["held_out"]["error"]["hi"] is None
    assert all(row["lo"] is None for table in result["frontier"] for row in table["rows"])
    done = medalist("scale", "pool.jsonl", cwd=tmp_path)
    assert "extrapolated, not measured" in done.stdout


@pytest.mark.parametrize("right", [0, 8])
def test_without_a_right_or_without_a_wrong_sample_there_is_no_law(
    tmp_path: Path, right: int
) -> None:
    write_labels(tmp_path / "pool.jsonl", [right, right], 8)
    (one,) = scaled(tmp_path, "pool.jsonl")["strategies"]
    assert one["law"] is None
    assert one["held_out"] is None
    done = medalist("scale", "pool.jsonl", cwd=tmp_path)
    assert "no law can be fitted" in done.stdout


def test_problems_with_fewer_samples_are_left_out_and_that_is_said(tmp_path: Path) -> None:
    write_labels(tmp_path / "many.jsonl", [1, 2], 8)
    (tmp_path / "few.jsonl").write_text('{"problem_id": "few", "labels": ["AC", null]}\n')
    done = medalist("scale", "s=many.jsonl", "s=few.jsonl", "--json", cwd=tmp_path)
    (one,) = json.loads(done.stdout)["strategies"]
    assert (one["name"], one["problems"], one["left_out"], one["most"]) == ("s", 2, 1, 8)
    assert "1 of 3 problems have fewer than 8 samples" in done.stderr
    assert "1 samples were never judged" in done.stderr


def test_a_problem_without_any_program_counts_where_its_samples_are_known(tmp_path: Path) -> None:
    rows = [evidence("p", {}), evidence("q", {"a": (2, "1", "AC")})]
    write_evidence(tmp_path / "pool.jsonl", rows)
    few, _ = scaled(tmp_path, "pool.jsonl")["three_numbers"]
    assert (few["problems"], few["all"]["mean"]) == (2, 0.5)
    (one,) = scaled(tmp_path, "pool.jsonl", "--samples", "4")["strategies"]
    assert one["curves"][0]["points"][0]["mean"] == pytest.approx(0.25)
    write_evidence(tmp_path / "pool.jsonl", rows[:1])
    assert "holds no sample" in refused(tmp_path, "pool.jsonl")


DAMAGED = {
    "pool.jsonl:2: not JSON": '{"problem_id": "p", "labels": ["AC"]}\n{"problem_id": "p", "lab',
    "pool.jsonl:1: 'RIGHT' is not a verdict": '{"problem_id": "p", "labels": ["RIGHT"]}\n',
    "pool.jsonl:1: not a JSON object": "[1, 2]\n",
    "holds no sample": "\n",
    "needs `problem_id`": '{"labels": ["AC"]}\n',
    "truth has 0 rows for 1 programs": json.dumps(
        evidence("p", {"a": (1, "1", "AC")}) | {"truth": []}
    ),
}


@pytest.mark.parametrize("said", DAMAGED)
def test_a_damaged_pool_is_one_line(tmp_path: Path, said: str) -> None:
    (tmp_path / "pool.jsonl").write_text(DAMAGED[said])
    assert said in refused(tmp_path, "pool.jsonl")


def test_a_pool_that_ends_within_its_compression_is_one_line(tmp_path: Path) -> None:
    rows = [evidence(f"p{n}", {"a": (1, f"{n}", "AC")}) for n in range(40)]
    write_evidence(tmp_path / "pool.jsonl.xz", rows)
    whole = (tmp_path / "pool.jsonl.xz").read_bytes()
    (tmp_path / "pool.jsonl.xz").write_bytes(whole[: len(whole) // 2])
    assert "pool.jsonl.xz: cannot be read" in refused(tmp_path, "pool.jsonl.xz")
    done = medalist("replay", "pool.jsonl.xz", cwd=tmp_path)
    assert done.returncode == 2
    assert "cannot be read" in done.stderr


def test_a_run_that_is_not_there_or_damaged_is_one_line(tmp_path: Path) -> None:
    assert "nowhere" in refused(tmp_path, "nowhere")
    (tmp_path / "empty").mkdir()
    done = medalist("scale", "empty", cwd=tmp_path)
    assert done.returncode in (2, 3)
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_pictures_are_drawn_and_say_what_is_extrapolated(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    write_labels(tmp_path / "pool.jsonl", [1, 3], 8)
    done = medalist("scale", "pool.jsonl", "--pictures", "out", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"laws.svg", "laws.png", "by-samples.svg", "by-samples.png"}
    for name in ("laws.svg", "by-samples.svg"):
        assert "mathdefault" not in (tmp_path / "out" / name).read_text()  # TeX, shown as such
    assert "extrapolated, not measured" in (tmp_path / "out" / "laws.svg").read_text()


def test_without_matplotlib_pictures_are_one_line_that_names_the_extra(tmp_path: Path) -> None:
    write_labels(tmp_path / "pool.jsonl", [1], 8)
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "matplotlib.py").write_text("raise ImportError('hidden')\n")
    done = medalist(
        "scale", "pool.jsonl", "--pictures", "out", cwd=tmp_path,
        PYTHONPATH=str(tmp_path / "hidden"),
    )  # fmt: skip
    assert done.returncode == 3
    (line,) = done.stderr.strip().splitlines()
    assert "pip install 'medalist[report]'" in line


@pytest.fixture(scope="module")
def endpoint() -> Iterator[ScriptedEndpoint]:
    folder = find_bundled("warmer") / "submissions"
    sources = [sorted(folder.glob(f"{kind}/*.py"))[0] for kind in ("accepted", "wrong_answer")]
    answers = [f"```python\n{path.read_text()}```" for path in sources] + ["I would rather not."]

    def answer(seen: SeenRequest) -> Reply:
        return Reply(answers[seen.body["seed"] % len(answers)])

    with ScriptedEndpoint(answer) as server:
        yield server


@pytest.mark.local
def test_a_run_of_solve_is_drawn_against_tokens_and_seconds(
    endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    done = medalist(
        "solve", "warmer", "--lang", "python", "-n", "6", "--submissions", "2", "--search", "once",
        "--json", "--out", "run", cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    result = scaled(tmp_path, "run", "--submissions", "1,2", "--plays", "3")
    assert {"samples", "tokens", "seconds"} <= {*result["units"]}
    (one,) = result["strategies"]
    assert one["most"] == 6
    last = one["curves"][0]["points"][-1]
    assert last["costs"]["samples"] == 6
    assert last["costs"]["tokens"] > 6
