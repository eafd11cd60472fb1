"""The account of one problem: its clusters, what separates them, and each submission's reason."""

from __future__ import annotations

from collections import Counter
from typing import Any

from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.model_words import trust_in_suite
from medalist.agent.choose.policy import View
from medalist.agent.choose.predicted_tests import standings
from medalist.agent.choose.recorded_choice import RecordedChoice
from medalist.agent.choose.rivals import rival_of, separating_input
from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.evidence.judged import UNEQUAL
from medalist.agent.propose.tournament import consistent
from medalist.agent.types import Cluster, JudgedSubmission, OutcomeKey

_CLUSTERS = 6
_SHOWN = 300  # characters of an input or output


def account(choice: RecordedChoice, table: BehaviourTable) -> dict[str, Any]:
    """Tell how a problem's programs behaved and why which was submitted; JSON can hold it.

    Args:
        choice: What was recorded of the problem.
        table: Its outcomes, for the inputs and outputs that tell programs apart.
    """
    view = choice.view
    policy = ExpectedGain()
    before = policy.chances(view, (), choice.rules)
    after = policy.chances(view, choice.history, choice.rules)
    clusters = [
        {
            "cluster": one.cluster_id,
            "programs": len(one.programs),
            "votes": one.votes,
            "passes_samples": view.passes(one.programs[0]),
            "likeness": None
            if view.likeness is None
            else round(min(view.likeness.get(name, 1.0) for name in one.programs), 3),
            "chance": _chance(before, one.programs[0]),
            "chance_now": _chance(after, one.programs[0]),
            "separated_by": None if number == 0 else _separator(choice, table, one),
        }
        for number, one in enumerate(view.clusters[:_CLUSTERS])
    ]
    return {
        "problem": choice.problem_id,
        "candidates": sum(view.votes.values()),
        "programs": len(view.programs),
        "inputs": view.inputs,
        "set_aside": {
            reason: [index for index, why in view.set_aside.items() if why == reason]
            for reason in sorted(set(view.set_aside.values()))
        },
        "many_answers": view.many_answers,
        "equality": view.equality,
        "mutants_told_apart": None if view.mutants is None else [*view.mutants],
        "trust_in_suite": round(trust_in_suite(view.mutants), 4),
        "inputs_by_origin": dict(Counter(origin.how for origin in view.origins)),
        "brute_force": sum(claim.oracle for claim in view.claims),
        "tests": _tests(view, table),
        "duels": _duels(view),
        "clusters": len(view.clusters),
        "policy": choice.policy,
        "largest": clusters,
        "submissions": [
            _certificate(choice, table, policy, number) for number in range(len(choice.history))
        ],
    }


def _tests(view: View, table: BehaviourTable) -> list[dict[str, Any]]:
    """The tests with predicted outputs: their weights, and who passes them."""
    numbers = {name: place for place, one in enumerate(view.clusters, 1) for name in one.programs}
    return [
        {
            "input": _text(table.inputs[standing.claim.input_index]),
            "output": _done(table, standing.claim.key),
            "times": int(standing.claim.weight),
            "weight": round(standing.weight, 4),
            "votes": standing.votes,
            "clusters": sorted(numbers[name] for name in standing.programs),
        }
        for standing in standings(view)
    ]


def _duels(view: View) -> dict[str, Any]:
    """What a model said of pairs: answers, pairs with the same winner in both orders, by winner."""
    agreed = consistent(view.duels)
    wins = Counter(str(duel.winner) for duel in agreed)
    return {
        "answers": len(view.duels),
        "with_chances": sum(duel.chance is not None for duel in view.duels),
        "pairs_agreed": len(agreed) // 2,
        "pairs_won": {name: count // 2 for name, count in wins.most_common()},
    }


def _chance(chances: dict[str, dict[str, float]], program_id: str) -> float | None:
    """The mean over subtasks not held yet; None where nothing is left to gain."""
    by_subtask = chances.get(program_id, {})
    return sum(by_subtask.values()) / len(by_subtask) if by_subtask else None


def _separator(
    choice: RecordedChoice, table: BehaviourTable, other: Cluster
) -> dict[str, str] | None:
    return _separating(choice, table, choice.view.clusters[0].programs[0], other.programs[0])


def _separating(
    choice: RecordedChoice, table: BehaviourTable, first: str, second: str
) -> dict[str, str] | None:
    """The smallest input on which two programs differ, with what each does there."""
    separator = choice.separators.get((first, second))
    if separator is None:
        index = separating_input(choice.view, table.inputs, first, second)
        if index is None:
            return None
        rows = choice.view.behaviours
        return {
            "input": _text(table.inputs[index]),
            **{
                which: _judged(table, rows[name].keys[index], name, index)
                for which, name in (("first", first), ("second", second))
            },
        }
    return {
        "input": _text(separator.content),
        "first": _done(table, separator.first),
        "second": _done(table, separator.second),
    }


def _judged(table: BehaviourTable, key: OutcomeKey | None, name: str, index: int) -> str:
    """What a program did; of an output that was judged wrong, the output and how it was judged."""
    done = _done(table, table.printed(name, index, key))
    if key is None or key.failure not in UNEQUAL:
        return done
    return f"{done.rstrip()} ({key.failure})"


def _done(table: BehaviourTable, key: OutcomeKey | None) -> str:
    if key is None:
        return "(not run)"
    if not key.is_output:
        return f"({key.failure})"
    output = table.output(key)
    return f"(output {key.digest})" if output is None else _text(output)


def _text(content: bytes) -> str:
    text = content.decode("utf-8", "replace")
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]} ... ({len(text)} characters)"


def _certificate(
    choice: RecordedChoice, table: BehaviourTable, policy: ExpectedGain, number: int
) -> dict[str, Any]:
    """One submission: its reason, its rival and what separates them, belief before and after."""
    history = choice.history
    submission, feedback = history[number]
    name = submission.program_id
    return {
        "number": number + 1,
        "program": name,
        "reason": submission.reason,
        "verdict": feedback.verdict,
        "score": feedback.score,
        "chance_before": _chance(policy.chances(choice.view, history[:number], choice.rules), name),
        "chance_after": _chance(
            policy.chances(choice.view, history[: number + 1], choice.rules), name
        ),
        "rival": _rival(choice, table, history[: number + 1]),
    }


def _rival(
    choice: RecordedChoice, table: BehaviourTable, history: tuple[JudgedSubmission, ...]
) -> dict[str, Any] | None:
    """The largest cluster that the submitted program is not in, and what separates the two."""
    name = history[-1][0].program_id
    if name not in choice.view.behaviours:
        return None
    rival = rival_of(choice.view, name)
    if rival is None:
        return None
    votes = next(cluster.votes for cluster in choice.view.clusters if rival in cluster.programs)
    separating = _separating(choice, table, name, rival)
    return {"program": rival, "votes": votes, "separated_by": separating}
