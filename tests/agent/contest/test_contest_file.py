"""Contest files, contest packages and folders of problems, right and wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from medalist.agent.contest.attention import Prospect
from medalist.agent.contest.clock import Agenda, JudgeQueue, charged_s, time_of_answers
from medalist.agent.contest.file import checked, seconds
from medalist.agent.contest.kinds import Codeforces, Icpc
from medalist.agent.contest.packages import read_contest
from medalist.agent.contest.setup import set_stage
from medalist.errors import BadInput
from medalist.problems.formats import bundled_archive

GOOD = """
name: Round
rules: {kind: codeforces, educational: true}
duration: 2:00:00
problems: [warmer, {path: fence, label: Z, points: 750}]
participants: [{id: a, candidates: 3}]
"""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("5:00:00", 18000), ("0:20:00.500", 1200.5), ("90:00", 5400), ("90 min", 5400), ("5h", 18000),
     (300, 300), ("300", 300)],
)  # fmt: skip
def test_lengths_of_time(text: object, wanted: float) -> None:
    assert seconds(text) == wanted


def test_contest_file(tmp_path: Path) -> None:
    path = tmp_path / "contest.yaml"
    path.write_text(GOOD)
    file, base = read_contest(path)
    stage = set_stage(file, base)
    assert isinstance(file.rules, Codeforces)
    assert file.duration == 7200
    assert [(problem.label, problem.points) for problem in stage.contest.problems] == [
        ("A", 500),
        ("Z", 750),
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rules": "chess"}, "rules"),
        ({"rules": {"kind": "icpc", "penalty": 20}}, "rules"),
        ({"duration": "long"}, "duration"),
        ({"freeze": "9:00:00"}, "freeze"),
        ({"problems": []}, "problems"),
        ({"participants": [{"id": "a"}, {"id": "a"}]}, "participants"),
        ({"participants": [{"id": "../a"}]}, "participants.0.id"),
        ({"participants": [{"id": "a", "prompts": ["magic"]}]}, "participants.0.prompts"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_fault_names_file_and_field(change: dict[str, object], field: str) -> None:
    good = {"name": "x", "rules": "icpc", "duration": 60, "problems": ["warmer"]}
    with pytest.raises(BadInput) as error:
        checked({**good, **change}, Path("c.yaml"))
    assert str(error.value).startswith(f"c.yaml: {field}")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"problems": ["warmer", "warmer"]}, "duplicate"),
        ({"problems": ["warmer", {"path": "fence", "label": "A"}]}, "duplicate"),
        ({"problems": ["no-such-problem"]}, "no-such-problem"),
        ({"start": "yesterday"}, "ISO 8601"),
        ({"start": "2024-01-01T00:00:00"}, "offset"),
        ({"humans": ["missing.csv"]}, "missing.csv"),
    ],
)
def test_what_cannot_be_played_is_said(change: dict[str, object], word: str) -> None:
    good = {"name": "x", "rules": "icpc", "duration": 60, "problems": ["warmer"]}
    with pytest.raises(BadInput, match=word):
        set_stage(checked({**good, **change}, Path("c.yaml")), Path())


def test_icpc_package(tmp_path: Path) -> None:
    (tmp_path / "contest.yaml").write_text(
        "name: Regional\nshort-name: reg 1\nduration: '5:00:00.000'\n"
        "scoreboard-freeze-duration: '1:00:00'\npenalty-time: '0:10:00'\n"
        "start-time: 2023-02-19T09:15:00+01:00\n"
    )
    (tmp_path / "problemset.yaml").write_text(
        "problems:\n  - {letter: X, short-name: warmer, rgb: '#327C4B'}\n"
        "  - {label: Y, id: fence}\n"
    )
    for name in ("warmer", "fence"):
        (tmp_path / name).symlink_to(bundled_archive() / name)
    file, base = read_contest(tmp_path)
    assert isinstance(file.rules, Icpc)
    assert (file.rules.penalty_min, file.duration, file.freeze) == (10, 18000, 3600)
    stage = set_stage(file, base)
    assert [problem.label for problem in stage.contest.problems] == ["X", "Y"]
    assert stage.contest.problems[0].color == "#327C4B"
    assert stage.contest.opened.freeze_s == 14400


def test_folder_of_problems() -> None:
    file, base = read_contest(bundled_archive())
    assert isinstance(file.rules, Icpc)
    assert len(set_stage(file, base).contest.problems) == len(file.problems) >= 20


def test_judges_take_one_after_another() -> None:
    queue = JudgeQueue(2)
    assert [queue.done_at(0, 10), queue.done_at(0, 3), queue.done_at(1, 4)] == [10, 3, 7]
    assert queue.done_at(20, 1) == 21
    assert queue.idle_at == 21


@pytest.mark.parametrize(("parallel", "wanted"), [(1, 12), (2, 7), (9, 5)])
def test_answers_take_as_long_as_the_endpoint_lets_them(parallel: int, wanted: float) -> None:
    assert time_of_answers([5, 3, 4], parallel) == wanted


@pytest.mark.parametrize(
    ("cpu_ms", "runs", "wanted"), [(0, 0, 0), (0, 1, 1), (999, 9, 1), (1000, 9, 2)]
)
def test_every_second_begun_is_charged(cpu_ms: float, runs: int, wanted: int) -> None:
    assert charged_s(cpu_ms, runs) == wanted


def test_what_is_put_down_happens_in_order() -> None:
    agenda, told = Agenda(), []
    agenda.at(2, lambda at_s: told.append(("late", at_s)))
    agenda.at(1, lambda at_s: agenda.at(at_s, lambda now: told.append(("first", now))))
    agenda.at(1, lambda at_s: told.append(("second", at_s)))
    agenda.run()
    assert told == [("second", 1), ("first", 1), ("late", 2)]


def test_index_prefers_worth_and_hope_and_leaves_the_hopeless() -> None:
    fresh = Prospect(worth=0.5, held=0, answers=0, passing=0, rejected=0, seconds=60)
    worth = Prospect(worth=1.0, held=0, answers=0, passing=0, rejected=0, seconds=60)
    tried = Prospect(worth=1.0, held=0, answers=20, passing=0, rejected=0, seconds=60)
    near = Prospect(worth=1.0, held=0, answers=20, passing=10, rejected=1, seconds=60)
    held = Prospect(worth=1.0, held=0.9, answers=0, passing=0, rejected=0, seconds=60)
    order = sorted((fresh, worth, tried, near, held), key=lambda one: -one.index(4))
    assert order == [near, worth, fresh, tried, held]
    # By hand: a fresh problem has (0 + 1) / (0 + 5) / (0 + 2) = 1/10 an answer.
    assert worth.chance() == pytest.approx(0.1)
    assert worth.index(4) == pytest.approx((1 - 0.9**4) / 60)
