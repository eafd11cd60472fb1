"""A view, its rules and its verdicts come back from a journal and from a pool as they were."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from medalist.agent.choose.choice_records import LABEL, SUBMISSION, SubmissionRecord
from medalist.agent.choose.make_view import as_seen
from medalist.agent.choose.policy import ExpectedOutput, More, PolicyRules, View
from medalist.agent.choose.recorded_choice import ChoiceTerms, choices, record, record_label
from medalist.agent.choose.recorded_pool import Recorded, read_pool, write_pool
from medalist.agent.evidence.behaviour_table import BehaviourTable, OutcomeCell
from medalist.agent.evidence.origin import Origin
from medalist.agent.journal import Journal
from medalist.agent.types import Duel, Feedback, OutcomeKey, Program
from medalist.problems.model import Equality
from medalist.problems.verdict import Verdict

NAMES = ("a1", "b2", "c3")
WIDTH = 4
ONE, TWO, _ = OUTPUTS = tuple(OutcomeKey(f"={digit}") for digit in "123")

shares = st.floats(0, 1)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
outputs = st.sampled_from(OUTPUTS)
keys = st.sampled_from((*OUTPUTS, OutcomeKey("!time"), OutcomeKey("!runtime")))
by_program = st.fixed_dictionaries(dict.fromkeys(NAMES, shares))
feedback = st.builds(
    Feedback,
    st.sampled_from(Verdict),
    st.none() | shares,
    st.dictionaries(texts, shares, max_size=3),
    st.none() | texts,
)
rules = st.builds(
    PolicyRules,
    kind=st.sampled_from(["ioi", "icpc", "codeforces"]),
    submissions=st.integers(1, 50),
    wrong_cost=shares,
    subtasks=st.dictionaries(texts, shares, max_size=3),
    more=st.none() | st.builds(More, st.integers(1, 9), shares),
    least=shares,
)


@st.composite
def views(draw: st.DrawFn) -> tuple[View, dict[str, list[OutcomeCell]]]:
    """A view with every field set, and the cells that it was made from."""
    rows = {
        name: [
            OutcomeCell(key, None, ms / 1000)
            for key, ms in draw(
                st.lists(st.tuples(keys, st.integers(0, 9000)), min_size=WIDTH, max_size=WIDTH)
            )
        ]
        for name in NAMES
    }
    table = BehaviourTable("p/evidence", Equality())
    table.add_inputs(bytes([place]) for place in range(WIDTH))
    for name, cells in rows.items():
        table.add_cells(name, cells)
    alike = tuple(
        {TWO: ONE} if merged else {} for merged in draw(st.tuples(*[st.booleans()] * WIDTH))
    )
    alike = alike if any(alike) else ()
    aside = draw(st.dictionaries(st.integers(0, WIDTH - 1), texts, max_size=2))
    per_input = st.lists(st.frozensets(texts, max_size=2), min_size=WIDTH, max_size=WIDTH)
    origin = st.builds(
        Origin,
        st.sampled_from(["sample", "grammar", "mutation", "large", "unknown"]),
        shares,
        st.lists(texts, max_size=2).map(tuple),
    )
    programs = tuple(
        Program(name, "cpp", draw(texts), (f"{name}/0", f"{name}/1")) for name in NAMES
    )
    view = View(
        programs=programs,
        behaviours={name: as_seen(table.behaviour(name, WIDTH), alike, aside) for name in NAMES},
        sample_share=draw(by_program),
        claims=tuple(
            draw(
                st.lists(
                    st.builds(
                        ExpectedOutput,
                        st.integers(0, WIDTH - 1),
                        outputs,
                        st.floats(0, 9),
                        st.booleans(),
                        st.booleans(),
                    ),
                    max_size=3,
                )
            )
        ),
        input_subtasks=tuple(draw(per_input)),
        origins=tuple(draw(st.lists(origin, min_size=WIDTH, max_size=WIDTH))),
        seed=draw(st.integers(0, 2**40)),
        known=draw(st.dictionaries(st.integers(0, WIDTH - 1), outputs, max_size=2)),
        time_limit_s=draw(st.none() | st.floats(0.1, 10)),
        duels=(
            Duel(
                "a1",
                "b2",
                draw(st.sampled_from(["a1", "b2", None])),
                draw(st.sampled_from([None, 0.75])),
            ),
        ),
        opinions=draw(by_program),
        mutants=draw(st.none() | st.tuples(st.integers(0, 9), st.integers(0, 9))),
        alike=alike,
        set_aside=aside,
        likeness=draw(st.none() | by_program),
        lineage={"b2/1": "a1/0"},
    )
    return view, rows


@settings(deadline=None, max_examples=40)
@given(made=views(), under=rules, verdicts=st.tuples(feedback, feedback, feedback))
def test_a_view_comes_back_from_a_journal_and_from_a_pool(
    made: tuple[View, dict[str, list[OutcomeCell]]],
    under: PolicyRules,
    verdicts: tuple[Feedback, ...],
) -> None:
    view, rows = made
    truth = dict(zip(NAMES, verdicts, strict=True))
    with TemporaryDirectory() as folder:
        with Journal.open(Path(folder)) as journal:
            table = BehaviourTable("p/evidence", Equality(), journal)
            table.add_inputs(bytes([place]) for place in range(WIDTH))
            for name, cells in rows.items():
                table.add_cells(name, cells)
            for _ in range(2):  # the second time nothing is new
                record(journal, "p", view, ChoiceTerms(suite="p/evidence", rules=under, policy="x"))
            for name, verdict in truth.items():
                record_label(journal, "p", name, verdict)
            (choice,) = choices(journal)
            assert sum(event.kind == "view" for event in journal.raw_events()) == 1
        pool = Path(folder, "pool.jsonl")
        write_pool(pool, [choice.replayable()])
        (back,) = read_pool(pool)
    assert choice.view == view
    assert choice.rules == under
    assert choice.labels == truth
    assert back == Recorded("p", view, truth)


@settings(deadline=None, max_examples=40)
@given(verdict=feedback, reason=texts)
def test_a_verdict_comes_back_as_label_and_as_submission(verdict: Feedback, reason: str) -> None:
    submitted = SubmissionRecord(
        problem="p",
        program="a1",
        reason=reason,
        verdict=verdict.verdict,
        score=verdict.score,
        subtasks=verdict.subtasks,
        failing_test=verdict.failing_test,
    )
    with TemporaryDirectory() as folder, Journal.open(Path(folder)) as journal:
        journal.append(LABEL, "p/a1", verdict)
        journal.append(SUBMISSION, "p/1/a1", submitted)
        assert journal.get(LABEL, "p/a1") == verdict
        again = journal.get(SUBMISSION, "p/1/a1")
    assert again == submitted
    assert (again.feedback, again.submission.reason) == (verdict, reason)


def test_a_program_that_was_never_run_comes_back_from_a_pool(tmp_path: Path) -> None:
    view = View((Program("a1", "cpp", "", ("c1",)),), {})
    recorded = Recorded("p", view, {"a1": Feedback(Verdict.WA)})
    write_pool(tmp_path / "pool.jsonl", [recorded])
    (back,) = read_pool(tmp_path / "pool.jsonl")
    assert (back.view.programs, back.view.behaviours) == (view.programs, {})
