"""Which pairs an input is sought for."""

from __future__ import annotations

from collections.abc import Mapping

from medalist.agent.choose.policy import View
from medalist.agent.choose.rivals import pairs_to_separate
from medalist.agent.types import Behaviour, Program

LOOP = "n = int(input())\ntotal = 0\nfor i in range(n):\n    total += i\nprint(total)\n"
NEAR = LOOP.replace("range(n)", "range(0, n)")
FORMULA = "n = int(input())\nprint(n * (n - 1) // 2)\n"


def view(rows: Mapping[str, tuple[int, str, tuple[str, ...]]], **more: object) -> View:
    programs = tuple(
        Program(name, "python", source, tuple(f"{name}.{vote}" for vote in range(votes)))
        for name, (votes, source, _) in rows.items()
    )
    behaviours = {name: Behaviour.of(name, keys) for name, (_, _, keys) in rows.items()}
    return View(programs, behaviours, **more)  # type: ignore[arg-type]


def names(seen: View) -> list[tuple[str, str]]:
    return [(one.program_id, other.program_id) for one, other in pairs_to_separate(seen)]


def test_programs_of_one_behaviour_that_are_written_most_differently_come_first() -> None:
    seen = view(
        {
            "loop": (3, LOOP, ("=1", "=2")),
            "near": (1, NEAR, ("=1", "=2")),
            "formula": (1, FORMULA, ("=1", "=2")),
            "other": (2, "print(1)", ("=1", "=1")),
            "third": (1, "print(2)", ("=2", "=2")),
            "fourth": (1, "print(3)", ("=3", "=3")),
        }
    )
    assert names(seen) == [
        ("loop", "formula"),
        ("loop", "other"),
        ("loop", "third"),
        ("other", "third"),
    ]


def test_one_program_has_no_rival() -> None:
    assert names(view({"a": (9, LOOP, ("=1",))})) == []
    assert names(view({})) == []


def test_who_only_fails_or_fails_the_samples_is_no_member_to_compare() -> None:
    rows = {
        "a": (2, LOOP, ("=1",)),
        "b": (1, FORMULA, ("=1",)),
        "dead": (9, "print(1 // 0)", ("!runtime",)),
    }
    assert names(view(rows)) == [("a", "b")]
    assert names(view(rows, sample_share={"b": 0.0})) == []
