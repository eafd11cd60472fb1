"""Kinds of events: what is appended is what is got, whatever version wrote it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.agent.choose.choice_records import SUBMISSION, SubmissionRecord
from medalist.agent.journal import EventKind, Journal
from medalist.agent.steps.timing import PROBLEM, ProblemRecord
from medalist.errors import JournalFailure
from medalist.problems.verdict import Verdict


@dataclass(frozen=True)
class Weather:
    degrees: float
    clouds: tuple[str, ...] = ()
    winds: dict[str, int] = field(default_factory=dict)


WEATHER = EventKind("test.weather", Weather, key="<place>", doc="It was looked out of the window.")
NOON = EventKind("test.plan", Weather, key="noon", doc="Planned for noon.", only="noon")
NIGHT = EventKind("test.plan", dict[str, int], key="night", doc="Planned for night.", only="night")


def test_what_is_appended_is_got_and_yielded(tmp_path: Path) -> None:
    rain, sun = Weather(3.5, ("low", "grey"), {"north": 4}), Weather(30)
    with Journal.open(tmp_path) as journal:
        journal.append(WEATHER, "a/1", rain)
        journal.append(WEATHER, "a/2", sun, durable=False)
        journal.append(WEATHER, "b/1", sun)
        assert journal.get(WEATHER, "a/1") == rain
        assert journal.get(WEATHER, "c") is None
        assert [entry.value for entry in journal.events(WEATHER, "a/")] == [rain, sun]
        assert [(event.seq, event.key) for event in journal.events(WEATHER, after=2)] == [
            (3, "b/1")
        ]


def test_kinds_that_share_a_name_are_told_apart_by_their_only_key(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        journal.append(NOON, "noon", Weather(20))
        journal.append(NIGHT, "night", {"stars": 7})
        assert [entry.value for entry in journal.events(NOON)] == [Weather(20)]
        assert [entry.value for entry in journal.events(NIGHT)] == [{"stars": 7}]


def test_a_kind_is_declared_once() -> None:
    with pytest.raises(AssertionError, match="declared twice"):
        EventKind("test.weather", Weather, key="", doc="")


def test_fields_of_a_later_version_are_ignored_and_those_of_an_earlier_one_have_defaults(
    tmp_path: Path,
) -> None:
    with Journal.open(tmp_path) as journal:
        journal.append_raw("test.weather", "x", {"degrees": 1, "pressure": {"hPa": [1000]}})
        assert journal.get(WEATHER, "x") == Weather(1.0)
        journal.append_raw("problem", "p", {"title": "Sums", "mood": "good"})
        assert journal.get(PROBLEM, "p") == ProblemRecord(title="Sums")
        first = {"program": "a", "reason": "best", "verdict": "WA"}
        journal.append_raw("submission", "1/a", first)
        record = SubmissionRecord(program="a", reason="best", verdict=Verdict.WA)
        assert journal.get(SUBMISSION, "1/a") == record


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"clouds": []}, "degrees: Field required"),
        ({"degrees": "hot"}, "degrees: Input should be a valid number"),
        ({"degrees": 1, "winds": {"north": None}}, "winds.north"),
    ],
)
def test_what_is_not_as_declared_is_one_clear_line(
    body: dict[str, object], words: str, tmp_path: Path
) -> None:
    with Journal.open(tmp_path) as journal:
        journal.append_raw("test.weather", "x", body)  # type: ignore[arg-type]
        with pytest.raises(JournalFailure, match=words) as caught:
            journal.get(WEATHER, "x")
    assert "event 1 of the journal is not a valid test.weather event ('x')" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_verdict_that_is_none_ends_a_report_in_one_line(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "run") as journal:
        journal.append(PROBLEM, "p", ProblemRecord(title="p"))
        journal.append_raw("view", "p", {"programs": [], "suite": "p", "rules": {}, "policy": "x"})
        body = {"problem": "p", "program": "a", "reason": "", "verdict": "<b>"}
        journal.append_raw("submission", "p/1/a", body)
    done = medalist("report", "run", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert "event 3 of the journal is not a valid submission event" in done.stderr
    assert "Traceback" not in done.stderr


def test_texts_that_no_file_can_hold_come_back(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        journal.append(WEATHER, "x", Weather(0, ("a lone surrogate \ud800", "\x00\u2028")))
        assert journal.get(WEATHER, "x") == Weather(0, ("a lone surrogate \ud800", "\x00\u2028"))
