"""Brute-force programs that agree fail whoever passes the samples and prints something else."""

from __future__ import annotations

from medalist.agent.evidence.brute_force_trial import OracleTrials, TrialMemory
from medalist.agent.evidence.inputs import InputSuite
from medalist.agent.propose import Extraction
from medalist.agent.propose.public_result import Attempt, Trial
from medalist.agent.propose.repair import ask_to_repair
from medalist.agent.types import Candidate
from medalist.problems.model import ProblemLimits, PublicProblem, Sample
from medalist.sandbox.pool import Pool

STATEMENT = """Print the sum.

## Input

The first line holds $n$ ($1 \\le n \\le 100$). The second holds $a_1, \\dots, a_n$
($0 \\le a_i \\le 1000$).
"""
PUBLIC = PublicProblem(
    problem_id="sum",
    statements={"en": STATEMENT},
    limits=ProblemLimits(time_s=0.5, memory_mb=256),
    samples=(Sample(input="3\n4 5 6\n", output="15\n"), Sample(input="1\n3\n", output="3\n")),
)
READ = "input()\nwords = input().split()\n"
BRUTE = f"{READ}print(sum(int(word) for word in words))\n"
OTHER_BRUTE = f"{READ}total = 0\nfor word in words:\n    total += int(word)\nprint(total)\n"
ODD_BRUTE = f"{READ}print(sum(max(int(word), 3) for word in words))\n"
WRONG = f"{READ}print(sum(min(int(word), 6) for word in words))\n"
CRASH = f"{READ}print(sum(int(word) // (int(word) < 7) for word in words))\n"
SPIN = f"{READ}while max(map(int, words)) > 6:\n    pass\nprint(sum(map(int, words)))\n"


def answers(*sources: str, prompt: str = "direct") -> list[tuple[Candidate, Extraction]]:
    return [
        (
            Candidate(f"{prompt}/{number}", source, prompt_id=prompt),
            Extraction(source, "python", ""),
        )
        for number, source in enumerate(sources)
    ]


def attempts(extraction: list[tuple[Candidate, Extraction]], trials: list[Trial]) -> list[Attempt]:
    return [Attempt(*pair, trial) for pair, trial in zip(extraction, trials, strict=True)]


def test_what_disagrees_with_the_oracles_is_shown_a_small_counterexample(pool: Pool) -> None:
    tried = OracleTrials(InputSuite(PUBLIC), pool)
    brutes = answers(BRUTE, OTHER_BRUTE, prompt="brute")
    assert [item.failure for item in tried(brutes)] == [None, None]
    actual = answers(WRONG, CRASH, SPIN, BRUTE)
    wrong, crash, spin, right = attempts(actual, tried(actual))
    assert right.trial.passes_all
    assert wrong.trial.passed == (True, True)
    assert not wrong.trial.passes_all
    assert wrong.trial.failure is not None
    assert wrong.trial.failure.kind == "oracle"
    assert wrong.trial.failure.given == "1\n7\n"
    assert (wrong.trial.failure.wanted, wrong.trial.failure.got) == ("7", "6")
    ask = ask_to_repair(wrong)
    assert ask is not None
    assert "It disagrees with a slow but simple program" in ask.values["failure"]
    assert crash.trial.failure is not None
    assert crash.trial.failure.message == "it ended with: runtime"
    assert crash.trial.reward < 1.0
    assert spin.trial.failure is not None
    assert spin.trial.failure.message == "it ended with: time"


def test_who_passes_the_samples_is_known_by_what_it_prints(pool: Pool) -> None:
    tried = OracleTrials(InputSuite(PUBLIC), pool)
    first, second, wrong, failed = tried(answers(BRUTE, OTHER_BRUTE, WRONG, "print(0)"))
    assert first.behaviour is not None
    assert first.behaviour == second.behaviour != wrong.behaviour
    assert wrong.passes_all
    assert wrong.behaviour is not None
    assert failed.behaviour is None


def test_who_is_too_slow_for_large_inputs_is_known(pool: Pool) -> None:
    tried = OracleTrials(InputSuite(PUBLIC), pool)
    many = f"{READ}while len(words) > 90:\n    pass\nprint(sum(map(int, words)))\n"
    fast, slow = tried(answers(BRUTE, many))
    assert (fast.slow, slow.slow) == (False, True)


def test_oracles_that_come_later_fail_what_passed_before(pool: Pool) -> None:
    tried = OracleTrials(InputSuite(PUBLIC), pool)
    first = answers(WRONG, BRUTE)
    seen = tried.again(attempts(first, tried(first)))
    assert all(entry.trial.passes_all for entry in seen)
    one = answers(BRUTE, prompt="brute")
    seen = tried.again([*seen, *attempts(one, tried(one))])
    assert all(entry.trial.passes_all for entry in seen), "a single oracle may be wrong itself"
    two = answers(OTHER_BRUTE, prompt="brute")
    seen = tried.again([*seen, *attempts(two, tried(two))])
    kinds = [entry.trial.failure.kind if entry.trial.failure else None for entry in seen]
    assert kinds == ["oracle", None, None, None]


def test_oracles_that_contradict_each_other_say_nothing(pool: Pool) -> None:
    tried = OracleTrials(InputSuite(PUBLIC), pool)
    tried(answers(BRUTE, ODD_BRUTE, prompt="brute"))
    (trial,) = tried(answers(f"{READ}print(sum(max(int(word), 1) for word in words))\n"))
    assert trial.failure is None


def test_where_several_outputs_are_right_there_are_no_oracles(pool: Pool) -> None:
    tried = OracleTrials(InputSuite(PUBLIC.model_copy(update={"special_checker": True})), pool)
    tried(answers(BRUTE, OTHER_BRUTE, prompt="brute"))
    (trial,) = tried(answers(WRONG))
    assert trial.failure is None


def test_what_ran_is_not_run_again_by_later_trials_and_who_was_an_oracle_is_forgotten(
    pool: Pool,
) -> None:
    inputs, memory = InputSuite(PUBLIC), TrialMemory.of(PUBLIC)
    # On the samples it is right; elsewhere it never prints the same twice.
    drawing = f"{READ}import random\nknown = {{'4 5 6': 15, '3': 3}}\n"
    drawing += "print(known.get(' '.join(words), random.random()))\n"
    tried = OracleTrials(inputs, pool, memory)
    (drew,) = tried(answers(drawing))
    tried(answers(BRUTE, OTHER_BRUTE, prompt="brute"))
    failed, wrong = tried(answers(drawing, WRONG))
    assert failed.failure is not None
    assert wrong.failure is not None
    again = OracleTrials(inputs, pool, memory)
    assert again(answers(drawing, BRUTE))[0] == drew, "no oracle has answered it yet"
    again(answers(BRUTE, OTHER_BRUTE, prompt="brute"))
    assert again(answers(drawing, WRONG)) == [failed, wrong]
    (fresh,) = OracleTrials(inputs, pool)(answers(drawing))
    assert fresh.behaviour != drew.behaviour
