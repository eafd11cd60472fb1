"""The inputs that `medalist solve` compares programs on: valid, at the bounds, and telling."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.agent.choose.policy import View
from medalist.agent.choose.recorded_choice import choices
from medalist.agent.evidence.behaviour_table import suite_inputs
from medalist.agent.journal import Journal
from medalist.problems.formats import find_bundled

pytestmark = pytest.mark.local

LANGUAGES = {".py": "python", ".cpp": "cpp"}


def solved(folder: Path, problem: str, sources: dict[str, str]) -> tuple[View, list[bytes]]:
    """Run `medalist solve PROBLEM --pool FILE`; return what it saw, and its inputs."""
    rows = [
        {
            "problem_id": Path(problem).stem,
            "candidate_id": name,
            "language": LANGUAGES[Path(name).suffix],
            "source": source,
        }
        for name, source in sources.items()
    ]
    (folder / "pool.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = medalist("solve", problem, "--pool", "pool.jsonl", "--out", "run", cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    explained = medalist("explain", "run", cwd=folder)
    assert explained.returncode == 0, explained.stderr
    with Journal.open(folder / "run", readonly=True) as journal:
        (choice,) = choices(journal)
        return choice.view, suite_inputs(journal, choice.suite)


def behaviours(view: View) -> dict[str, tuple[str | None, ...]]:
    """What each candidate did, by its name."""
    return {
        candidate: view.behaviours[program.program_id].keys
        for program in view.programs
        for candidate in program.candidates
    }


def bundled(problem: str, *names: str) -> dict[str, str]:
    folder = find_bundled(problem) / "submissions"
    (*paths,) = (path for name in names for path in folder.glob(f"*/{name}"))
    return {path.name: path.read_text() for path in paths}


def test_values_and_counts_of_warmer_reach_their_bounds(tmp_path: Path) -> None:
    sources = bundled("warmer", "*.py")
    view, inputs = solved(tmp_path, "warmer", sources)
    tokens = [list(map(int, content.split())) for content in inputs]
    assert max(max(token[1:]) for token in tokens) == 100000
    assert min(min(token[1:]) for token in tokens) == -1000
    assert max(token[0] for token in tokens) == 20000
    assert all(len(token) == token[0] + 1 for token in tokens)
    assert {"sample", "grammar", "mutation", "large"} == {origin.how for origin in view.origins}
    assert min(origin.trust for origin in view.origins) > 0.9, "every bound was read"


@pytest.mark.parametrize(
    ("problem", "right", "wrong"),
    [
        ("beads", "reference.cpp", ("overflow.cpp", "ring.py")),
        ("decode", "table.py", ("no_modulus.cpp", "leading_zero.py")),
    ],
)
def test_labelled_wrong_submissions_behave_unlike_the_reference(
    tmp_path: Path, problem: str, right: str, wrong: tuple[str, ...]
) -> None:
    view, _ = solved(tmp_path, problem, bundled(problem, right, *wrong))
    clusters = behaviours(view)
    for name in wrong:
        # One that fails a sample is run on nothing else.
        if view.sample_share[next(p.program_id for p in view.programs if name in p.candidates)] < 1:
            continue
        assert any(
            mine not in (None, theirs)
            for mine, theirs in zip(clusters[name], clusters[right], strict=True)
        ), name


CAVE = """# Cave

You stand at `@` in a cave. How many cells can you reach, your own included? Rocks are `#`.

## Input

The first line holds $h$ and $w$ ($3 \\le h, w \\le 60$), the height and width of the map. Each of
the next $h$ lines holds $w$ characters, each `.`, `#` or `@`.

## Output

The number of cells.

## Sample Input 1

```
4 5
#####
#.@.#
##..#
#####
```

## Sample Output 1

```
5
```

## Sample Input 2

```
5 6
######
#....#
#.####
#...@#
######
```

## Sample Output 2

```
9
```
"""
REACH = """h, w = map(int, input().split())
rows = [input() for _ in range(h)]
todo = [(r, c) for r in range(h) for c in range(w) if rows[r][c] == "@"]
seen = set(todo)
while todo:
    r, c = todo.pop()
    for a, b in {steps}:
        if rows[a][b] != "#" and (a, b) not in seen:
            seen.add((a, b))
            todo.append((a, b))
print({result})
"""
STEPS = "((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1))"


def test_walls_around_a_map_that_only_samples_show_stand_in_every_input(tmp_path: Path) -> None:
    """Programs that rely on them crash without, and right ones would be parted."""
    (tmp_path / "cave.md").write_text(CAVE)
    down = STEPS.replace("(r - 1, c), ", "")
    sources = {
        "right.py": REACH.format(steps=STEPS, result="len(seen)"),
        "again.py": REACH.format(steps=f"reversed({STEPS})", result="len(list(seen))"),
        "never-up.py": REACH.format(steps=down, result="len(seen)"),
    }
    view, inputs = solved(tmp_path, "cave.md", sources)
    for content in inputs:
        size, *rows = content.decode().splitlines()
        height, width = map(int, size.split())
        assert (len(rows), {*map(len, rows)}) == (height, {width})
        assert "".join(rows).count("@") == 1
        assert {*rows[0], *rows[-1], *(row[0] + row[-1] for row in rows)} <= {"#", "##"}
    assert max(int(content.split()[0]) for content in inputs) == 60
    clusters = behaviours(view)
    assert clusters["right.py"] == clusters["again.py"]
    assert not any(str(key).startswith("!") for key in clusters["right.py"])
