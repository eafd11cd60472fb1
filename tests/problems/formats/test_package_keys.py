"""Words and keys of packages: what YAML takes for something else, or is given oddly or twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from .small_packages import V25, Facts, Judged, legacy, new

# ---- words that YAML takes for something else


@pytest.mark.parametrize(
    "word", ["No", "yes", "On", "off", "TRUE", "false", "007", "12:30", "1_000", "1.10", "0x1F"]
)
def test_a_title_is_what_was_written(tmp_path: Path, facts: Facts, word: str) -> None:
    assert facts(legacy(tmp_path, {"problem.yaml": f"name: {word}\n"}))["title"] == word


def test_a_language_may_be_norwegian(tmp_path: Path, facts: Facts) -> None:
    shown = facts(
        new(
            tmp_path,
            {
                "problem.yaml": V25.replace("name: T", "name: {en: X, no: Y}"),
                "statement/problem.no.md": "Skriv tallet.\n",
                "statement/problem.en.md": None,
            },
        )
    )
    assert (shown["languages"], shown["title"]) == (["no"], "Y")


def test_keywords_and_flags_keep_their_spelling(tmp_path: Path, facts: Facts) -> None:
    shown = facts(legacy(tmp_path, {"problem.yaml": "name: T\nkeywords: [on, 1e3, 010, x]\n"}))
    assert shown["tags"] == ["on", "1e3", "010", "x"]


# ---- keys


def test_a_key_given_twice_counts_once_with_a_warning(tmp_path: Path, facts: Facts) -> None:
    shown = facts(
        legacy(
            tmp_path,
            {
                "problem.yaml": "name: A\nname: B\nlimits: {memory: 1, memory: 64}\n",
                "data/testdata.yaml": "on_reject: break\non_reject: continue\n",
            },
        )
    )
    assert (shown["title"], shown["memory_mb"]) == ("B", 64)
    twice = [warning for warning in shown["warnings"] if "given twice" in warning]
    assert len(twice) == 3
    assert all("the last value counts" in warning for warning in twice)


@pytest.mark.parametrize("value", ["1", "", "[1]", "fast"])
def test_time_multipliers_that_are_no_map_are_passed_over(
    tmp_path: Path, facts: Facts, value: str
) -> None:
    settings = f"name: T\nlimits:\n  time_multipliers: {value}\n"
    warnings = facts(legacy(tmp_path, {"problem.yaml": settings}))["warnings"]
    assert [w for w in warnings if "time_multipliers" in w] == warnings
    assert len(warnings) == bool(value)


def test_keys_of_another_version_in_a_section_are_obeyed(tmp_path: Path, verdict: Judged) -> None:
    """`output_validator_args` in `testdata.yaml`, `output_validator_flags` in `test_group.yaml`."""
    near = "print(float(input()) + 0.0005)\n"
    old = legacy(
        tmp_path / "old", {"data/testdata.yaml": "output_validator_args: [float_tolerance, 1e-3]\n"}
    )
    assert verdict(old, near)[1] == "AC"
    newer = new(
        tmp_path / "new",
        {"data/secret/test_group.yaml": "output_validator_flags: float_tolerance 1e-3\n"},
    )
    assert verdict(newer, near)[1] == "AC"


def test_grading_in_problem_yaml_is_obeyed(tmp_path: Path, verdict: Judged) -> None:
    """`range`, `accept_score` and `on_reject` stood there before `testdata.yaml` was invented."""
    package = legacy(
        tmp_path,
        {
            "problem.yaml": "name: T\ntype: scoring\nlimits: {time_limit: 2}\n"
            "grading: {accept_score: 5, on_reject: grade}\n",
            "data/sample/1.in": None,
            "data/sample/1.ans": None,
            "data/secret/2.in": "3\n",
            "data/secret/2.ans": "9\n",
            "data/secret/3.in": "4\n",
            "data/secret/3.ans": "4\n",
        },
    )
    assert "10 points" in verdict(package)[2]


def test_grading_that_is_no_map_is_passed_over(tmp_path: Path, facts: Facts) -> None:
    shown = facts(legacy(tmp_path, {"problem.yaml": "name: T\ngrading: default\n"}))
    assert any("grading: must be a map" in warning for warning in shown["warnings"])


def test_domjudge_ini_with_comments(tmp_path: Path, facts: Facts) -> None:
    for number, (line, seconds) in enumerate(
        [
            ("timelimit = 5 ; seconds", 5),
            ("timelimit='3'   # was 4", 3),
            ('TimeLimit = "2.5"; ; x', 2.5),
            ("; timelimit=9\ntimelimit=7", 7),
        ]
    ):
        ini = f"[problem]\n# made by hand\nname = 'A; B'\n{line}\nspecial_compare=compare\n"
        shown = facts(
            legacy(
                tmp_path / str(number),
                {"problem.yaml": "type: pass-fail\n", "domjudge-problem.ini": ini},
            )
        )
        assert (shown["time_s"], shown["time_assumed"]) == (seconds, False)


def test_domjudge_ini_alone_gives_title_and_arguments(tmp_path: Path, verdict: Judged) -> None:
    ini = "name = Near\ntimelimit = 2\nspecial_compare_args = 'float_tolerance 1e-3'\n"
    package = legacy(tmp_path, {"problem.yaml": None, "domjudge-problem.ini": ini})
    assert verdict(package, "print(float(input()) + 0.0005)\n")[1] == "AC"


def test_a_checker_that_only_the_judge_has_is_no_guess(tmp_path: Path, verdict: Judged) -> None:
    ini = "timelimit = 2\nspecial_compare = float_c\n"
    package = legacy(tmp_path, {"domjudge-problem.ini": ini})
    code, word, said = verdict(package)
    assert (code, word) == (3, "JE")
    assert "'float_c' is a program of another judge" in said
