"""More right candidates never turn a right submission into a wrong one, whatever the policy."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from medalist.agent.choose.policies import POLICIES
from medalist.agent.choose.policy import ExpectedOutput, Policy, PolicyRules, View
from medalist.agent.types import Behaviour, OutcomeKey, Program, Submission

# These two look at no behaviour; the third looks at 64 candidates only, whichever come first.
DRAWN = ("random", "first", "consensus-64")
BY_BEHAVIOUR = [make() for name, make in POLICIES.items() if name not in DRAWN]
MULTIPLES = (2, 3, 5, 10, 30, 100, 300, 1_000, 10_000)


def drawn_view(seed: int) -> tuple[View, str]:
    """A view in which wrong programs agree among themselves more or less, and a right program."""
    rng = random.Random(seed)
    width = rng.choice((1, 3, 8, 20))
    right = tuple(f"={index}" for index in range(width))
    rows = {"right": right}
    for number in range(rng.randint(1, 6)):
        kind, like = rng.random(), rng.choice(list(rows.values()))
        rows[f"wrong{number}"] = tuple(
            key if rng.random() < kind else rng.choice((f"={index}x", f"={index}y", "!runtime"))
            for index, key in enumerate(like)
        )
    programs = []
    for name, keys in rows.items():
        # Candidates for the same behaviour come as one program or as several.
        for copy in range(rng.choice((1, 1, 2))):
            votes = tuple(f"{name}.{copy}.{vote}" for vote in range(rng.choice((1, 1, 2, 4))))
            wrong = "" if keys != right else "~"
            programs.append(Program(f"{name}.{copy}{wrong}", "python", f"{name} {copy}", votes))
    claims = tuple(
        ExpectedOutput(
            index,
            OutcomeKey(rng.choice(list(rows.values()))[index]),
            rng.choice((1.0, 3.0)),
            predicted=seed % 2 == 1,
        )
        for index in range(width)
        if rng.random() < 0.3
    )
    behaviours = {
        program.program_id: rows[program.program_id.split(".")[0]] for program in programs
    }
    view = View(
        tuple(programs),
        {name: Behaviour.of(name, keys) for name, keys in behaviours.items()},
        claims=claims,
        origins=(),
    )
    return view, "right.0~"


def with_more(view: View, name: str, factor: int) -> View:
    """Multiply the candidates of a program."""
    programs = tuple(
        replace(
            program,
            candidates=tuple(f"{vote}+{n}" for vote in program.candidates for n in range(factor)),
        )
        if program.program_id == name
        else program
        for program in view.programs
    )
    return replace(view, programs=programs)


def is_right(policy: Policy, view: View) -> bool:
    decision = policy.decide(view, (), PolicyRules())
    assert isinstance(decision, Submission)
    return view.behaviours[decision.program_id].keys == view.behaviours["right.0~"].keys


@pytest.mark.parametrize("policy", BY_BEHAVIOUR, ids=lambda policy: policy.name)
def test_more_right_candidates_never_make_a_right_choice_wrong(policy: Policy) -> None:
    chosen = 0
    for seed in range(150):
        view, name = drawn_view(seed)
        was_right = False
        for factor in (1, *MULTIPLES):
            now = is_right(policy, with_more(view, name, factor))
            assert now or not was_right, (seed, factor)
            was_right = was_right or now
        chosen += was_right
    assert chosen > 75  # else it says little


@pytest.mark.parametrize("policy", BY_BEHAVIOUR, ids=lambda policy: policy.name)
@pytest.mark.parametrize("factor", MULTIPLES[2:])
def test_agreement_of_many_never_loses_to_two(policy: Policy, factor: int) -> None:
    right = Program("right.0~", "python", "r", tuple(f"r{vote}" for vote in range(2 * factor)))
    wrong = [Program(f"w{number}", "cpp", f"w{number}", (f"w{number}",)) for number in range(2)]
    keys = {"right.0~": tuple(f"={n}" for n in range(40))}
    keys |= {program.program_id: tuple(f"={min(n, 30)}" for n in range(40)) for program in wrong}
    view = View((*wrong, right), {name: Behaviour.of(name, row) for name, row in keys.items()})
    assert is_right(policy, view)


def test_of_a_lineage_one_candidate_counts() -> None:
    programs = (
        Program("a", "cpp", "a", ("a1", "a2", "a3")),
        Program("b", "cpp", "b", ("b1", "b2")),
        Program("a'", "cpp", "c", ("a4",)),
    )
    rows = {"a": ("=1",), "b": ("=2",), "a'": ("=1",)}
    lineage = {"a2": "a1", "a3": "a1", "a4": "a1"}
    view = View(programs, {name: Behaviour.of(name, keys) for name, keys in rows.items()})
    assert [cluster.votes for cluster in view.clusters] == [4, 2]
    dependent = replace(view, lineage=lineage)
    assert [(cluster.programs[0], cluster.votes) for cluster in dependent.clusters] == [
        ("b", 2),
        ("a", 1),
    ]
    decision = POLICIES["medalist"]().decide(dependent, (), PolicyRules())
    assert isinstance(decision, Submission)
    assert decision.program_id == "b"
