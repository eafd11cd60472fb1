import json
from pathlib import Path

import pytest

from medalist.agent.extract.answer import extract, of_candidate
from medalist.agent.propose import merge
from medalist.agent.propose.candidate_file import labels, read_pool, write_pool
from medalist.agent.types import Candidate
from medalist.errors import BadInput
from medalist.problems.model import PublicProblem

PUBLIC = PublicProblem(problem_id="sum", statements={"en": "Add."})
ANSWERS = [
    "```python\nprint(1)\n```",
    "```python\nprint( 1 )  # the same\n```",
    "```cpp\nint main() {}\n```",
    "I cannot say.",
    "```python\nprint(2,",
]


@pytest.mark.parametrize("name", ["pool.jsonl", "pool.jsonl.gz", "pool.jsonl.xz"])
def test_what_is_written_is_read_back_as_the_same_programs(tmp_path: Path, name: str) -> None:
    candidates = [Candidate(f"c/{n}", text, language="python") for n, text in enumerate(ANSWERS)]
    rows = [("sum", c, extract(c.text, language=c.language)) for c in candidates]
    assert write_pool(tmp_path / name, rows, labels={"c/0": "WA"}) == 5
    back = [candidate for _, candidate in read_pool(tmp_path / name)]
    assert [c.candidate_id for c in back] == [c.candidate_id for c in candidates]
    assert merge((c, of_candidate(c, PUBLIC)) for c in back) == merge((c, e) for _, c, e in rows)
    assert labels(tmp_path / name, "sum") == {"c/0": "WA"}


def test_other_systems_names_of_languages_and_numbers_as_ids(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    names = ["cpp17", "C++", "c++20", "python3", "py", "PyPy3", "Python 3.11", "c"]
    path.write_text(
        "\n".join(
            json.dumps({"problem_id": 7, "candidate_id": n, "language": name, "source": "x"})
            for n, name in enumerate(names)
        )
    )
    listed = list(read_pool(path))
    assert [c.language for _, c in listed] == ["cpp"] * 3 + ["python"] * 4 + ["cpp"]
    assert listed[0][0] == "7"


def test_only_the_problem_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    lines = [{"problem_id": p, "candidate_id": "1", "source": "x"} for p in "ab"]
    path.write_text("\n".join(map(json.dumps, lines)))
    assert [problem for problem, _ in read_pool(path, "b")] == ["b"]


def test_a_label_never_reaches_a_candidate(tmp_path: Path) -> None:
    def candidates(label: str) -> list[tuple[str, Candidate]]:
        path = tmp_path / f"{label}.jsonl"
        row = {"problem_id": "a", "candidate_id": "1", "language": "cpp", "source": "int x;"}
        path.write_text(json.dumps({**row, "label": label}))
        return list(read_pool(path))

    assert candidates("AC") == candidates("WA")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"{", "p.jsonl:1: not JSON"),
        (b"[1]", "p.jsonl:1: not a JSON object"),
        (b'{"problem_id": "a"}', "p.jsonl:1: candidate_id"),
        (b'{"problem_id": "a", "candidate_id": "1"}', "neither source nor completion"),
        (b'{"problem_id": "a", "candidate_id": "1", "source": "", "language": "cobol"}', "cobol"),
        (b'{"problem_id": "a", "candidate_id": "1", "source": ""}\n' * 2, "p.jsonl:2"),
        (b"\xff\xfe", "not JSON"),
    ],
)
def test_a_broken_pool_is_one_clear_line(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "p.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadInput) as error:
        list(read_pool(path))
    assert complaint in str(error.value)
    assert "\n" not in str(error.value)


def test_no_such_file_and_broken_compression(tmp_path: Path) -> None:
    (tmp_path / "p.xz").write_bytes(b"not xz")
    for name in ("none.jsonl", "p.xz"):
        with pytest.raises(BadInput, match="cannot be read"):
            list(read_pool(tmp_path / name))
