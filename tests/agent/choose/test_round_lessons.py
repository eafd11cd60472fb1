"""What rounds taught: who is shown, what a verdict is worth, who depends on whom."""

from __future__ import annotations

from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.make_view import Observed, make_view
from medalist.agent.choose.policy import PolicyRules, View
from medalist.agent.choose.round_lessons import RoundLessons
from medalist.agent.evidence.behaviour_table import BehaviourTable, OutcomeCell
from medalist.agent.evidence.inputs import InputSuite
from medalist.agent.evidence.origin import Origin
from medalist.agent.types import (
    Behaviour,
    Candidate,
    Feedback,
    JudgedSubmission,
    OutcomeKey,
    Program,
    Submission,
)
from medalist.problems.model import Equality, PublicProblem, Sample
from medalist.problems.verdict import Verdict

SAMPLE = Sample(input="1\n", output="1\n")
WORTH = {"g1": 0.2, "g2": 0.3, "g3": 0.5}
RULES = PolicyRules("ioi", 30, subtasks=WORTH)


def view(**rows: str) -> View:
    """Programs by name: one key an input, one letter a key; one vote each."""
    programs = tuple(Program(name, "python", f"# {name}", (f"c/{name}",)) for name in rows)
    behaviours = {
        name: Behaviour.of(name, [f"={letter}" for letter in row]) for name, row in rows.items()
    }
    # The first input is in all subtasks, the second in the two larger ones, the third in one.
    tags = (frozenset(WORTH), frozenset({"g2", "g3"}), frozenset({"g3"}))
    return View(programs, behaviours, input_subtasks=tags)


def judged(name: str, *shares: float) -> JudgedSubmission:
    verdict = Verdict.AC if min(shares) >= 1 else Verdict.PAC if max(shares) > 0 else Verdict.WA
    return Submission(name, ""), Feedback(verdict, None, dict(zip(WORTH, shares, strict=True)))


def known(seen: View, *history: JudgedSubmission, rules: PolicyRules = RULES) -> RoundLessons:
    return RoundLessons(seen, history, rules, ExpectedGain())


SEEN = view(small="axx", two="aby", other="abz", wrong="qqq", twin="axx")


def test_gaps_come_by_the_points_that_are_missing() -> None:
    lessons = known(SEEN, judged("small", 1, 0, 0), judged("two", 1, 1, 0.5))
    assert lessons.best() == {"g1": 1, "g2": 1, "g3": 0.5}
    assert lessons.gaps == ["g3"]
    assert lessons.best(1) == {"g1": 1, "g2": 0, "g3": 0}
    assert known(SEEN).gaps == ["g3", "g2", "g1"]


def test_the_best_is_what_the_judge_gave_most_points() -> None:
    lessons = known(
        SEEN, judged("wrong", 0, 0, 0), judged("two", 1, 1, 0), judged("small", 1, 0, 0)
    )
    assert lessons.ranking[0] == "two"
    leads = lessons.leads()
    assert leads[0] == "two"
    # One of each behaviour: small and twin are one.
    assert len(leads) == 4
    assert len({"small", "twin"} & set(leads)) == 1


def test_references_behave_differently_where_points_are_missing() -> None:
    lessons = known(SEEN, judged("two", 1, 1, 0), judged("small", 1, 0, 0))
    shown = lessons.references("two", 3)
    assert shown[0] == "two"
    assert len(shown) == 3
    assert len({SEEN.behaviours[name].keys for name in shown}) == 3
    assert lessons.references("two", 2, ["wrong"]) == ["two", "wrong"]


def test_two_halves_each_hold_what_the_other_lacks() -> None:
    ours, theirs = judged("small", 1, 0, 0.1), judged("two", 0, 1, 0)
    assert known(SEEN, ours, theirs, judged("wrong", 0, 0, 0)).halves() == ("two", "small")
    assert known(SEEN, judged("small", 1, 0, 0), judged("two", 1, 1, 0)).halves() is None
    assert known(SEEN).halves() is None


def test_what_was_rejected_is_no_rival() -> None:
    first = known(SEEN).rivals()
    assert first is not None
    later = known(SEEN, judged("two", 0, 0, 0), judged("small", 0, 0, 0)).rivals()
    assert later is None or "two" not in later


def test_a_program_earns_what_was_open_before_its_round() -> None:
    history = [judged("small", 1, 0, 0), judged("two", 1, 1, 0)]
    lessons = known(SEEN, *history)
    assert lessons.gain("two", 1) == 0.3 / 0.8
    assert lessons.gain("two", 2) == 0
    assert lessons.gain("small", 0) == 0.2
    solved = known(SEEN, judged("two", 1, 1, 1))
    assert solved.gain("small", 1) == 0


def test_a_pass_fail_problem_has_one_gap() -> None:
    rules = PolicyRules(submissions=5)
    feedback = Submission("two", ""), Feedback(Verdict.WA)
    lessons = known(SEEN, feedback, rules=rules)
    assert lessons.gaps == [""]
    assert lessons.halves() is None
    assert lessons.references(lessons.leads()[0], 3)
    solved = known(SEEN, (Submission("two", ""), Feedback(Verdict.AC)), rules=rules)
    assert solved.gaps == []
    assert solved.references("two", 3) == ["two"]


def _seen(*candidates: Candidate, rows: dict[str, tuple[str, tuple[str, ...]]]) -> View:
    public = PublicProblem(problem_id="p", statements={"en": "x"}, samples=(SAMPLE,))
    table = BehaviourTable("p/evidence", Equality())
    table.add_inputs([b"1\n", b"2\n"])
    programs = []
    for name, (letters, names) in rows.items():
        cells = [OutcomeCell(OutcomeKey(f"={letter}"), None, 0.0) for letter in letters]
        table.add_cells(name, cells)
        programs.append(Program(name, "python", name, names))
    observed = Observed(InputSuite(public), table, [Origin("sample"), Origin("mutation")])
    return make_view(observed, programs, candidates=candidates)


def test_an_answer_that_does_as_a_program_it_was_shown_is_no_vote_of_its_own() -> None:
    shown = ("a", "b")
    seen = _seen(
        Candidate("a", ""),
        Candidate("b", ""),
        Candidate("copy", "", parent="a", shown=shown),
        Candidate("like", "", parent="a", shown=shown),
        Candidate("new", "", parent="a", shown=shown),
        rows={
            "A": ("xy", ("a",)),
            "B": ("xz", ("b", "copy")),
            "L": ("xz", ("like",)),
            "N": ("xw", ("new",)),
        },
    )
    # What it copies, or does alike, is whom it depends on, whichever it was asked to revise.
    assert seen.lineage == {"copy": "b", "like": "b", "new": "a"}
    assert seen.votes["B"] == 1
    assert seen.votes_of(["B", "L"]) == 1
    assert {cluster.votes for cluster in seen.clusters} == {1}
