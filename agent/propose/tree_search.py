"""Tree search over plans, programs and repairs.

The nodes are attempts: plans (`outline`) under the root, programs that carry a plan out under
it, revisions under a program that failed. At most a quarter of the answers are plans and their
criticism, since these solve nothing by themselves; programs without a plan take their place. A
program's reward is its trial on public samples; the model's own criticism of a plan (`critic`) is
the plan's prior. Selection is by PUCT (Silver et al. 2017: value plus prior times the exploration
term), new children are added by progressive widening, and there are at least four rounds: what
failed in one is revised in the next. Everything is recomputed from the attempts, so a replay is
exact.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from medalist.agent.languages import WRITTEN
from medalist.agent.propose.public_result import Attempt, is_settled
from medalist.agent.propose.repair import ask_to_repair
from medalist.agent.propose.review import UNSURE, opinion
from medalist.agent.propose.sample import Arm, Ask
from medalist.agent.quote import fenced

_EXPLORATION = 1.2
_ANSWERS_A_PLAN = 8
_LEAST_ROUNDS = 4


@dataclass
class _Node:
    """A node with what was learnt below it; the root has no attempt.

    A `pending` node was asked for in this very round and has no answer yet.
    """

    attempt: Attempt | None = None
    pending: bool = False
    plan: bool = False
    prior: float = UNSURE
    children: list[_Node] = field(default_factory=list)
    visits: int = 0
    reward: float = 0.0

    @property
    def value(self) -> float:
        """Mean reward of the programs below."""
        return self.reward / self.visits if self.visits else 0.0

    def has_room(self) -> bool:
        """Progressive widening: the number of children grows with the root of the visits."""
        return len(self.children) < max(1.0, math.sqrt(self.visits))


class SearchTree:
    """Monte Carlo tree search over plan, code and repair nodes."""

    def __init__(
        self, languages: Sequence[str], count: int, *, width: int = 4, early: bool = True
    ) -> None:
        """Set the bounds of the search.

        Args:
            languages: Families to write in; the programs of a plan alternate.
            count: Answers in all, plans and criticism included.
            width: Answers a round, at most a quarter of all; picks of one round avoid each other.
            early: End as soon as the problem is settled.
        """
        self._languages, self._count = list(languages), count
        self._most_plans = count // _ANSWERS_A_PLAN
        self._width = max(1, min(width, count // _LEAST_ROUNDS))
        self._early = early

    def next(self, attempts: Sequence[Attempt]) -> list[Ask]:
        """Criticise new plans, and expand the most promising nodes."""
        left = min(self._width, self._count - len(attempts))
        if left <= 0 or (self._early and is_settled(attempts)):
            return []
        root = _grown(attempts)
        asks = []
        if self._most_plans > 1:  # otherwise there is nothing to choose from
            unread = [node for node in root.children if _is_unread(node, attempts)]
            asks = [_criticism(node.attempt) for node in unread]
        while len(asks) < left:
            asks.append(self._expand(root))
        return asks[:left]

    def _expand(self, root: _Node) -> Ask:
        """Walk down to a node with room for a child; the walk counts as a visit of no reward."""
        path = [root]
        while not path[-1].has_room() or not _can_grow(path[-1]):
            open_children = [child for child in path[-1].children if _can_grow(child)]
            if not open_children:
                break
            path.append(max(open_children, key=lambda child: _score(path[-1], child)))
        for node in path:
            node.visits += 1
        return self._child_of(path[-1])

    def _child_of(self, node: _Node) -> Ask:
        language = self._languages[node.visits % len(self._languages)]
        is_root = node.attempt is None
        plan = is_root and sum(child.plan for child in node.children) < self._most_plans
        node.children.append(_Node(pending=True, plan=plan))
        if node.attempt is None:
            return Ask(Arm("outline" if plan else "direct", language))
        if node.attempt.candidate.prompt_id == "outline":
            return Ask(
                Arm("carry", language),
                parent=node.attempt.attempt_id,
                values={"plan": fenced(node.attempt.candidate.text)},
            )
        ask = ask_to_repair(node.attempt)
        assert ask is not None  # see `_can_grow`
        return ask


def _score(parent: _Node, child: _Node) -> float:
    explore = child.prior * math.sqrt(parent.visits) / (1 + child.visits)
    return child.value + _EXPLORATION * explore


def _can_grow(node: _Node) -> bool:
    """Whether a node can have children: not a passing program, not one that cannot be repaired."""
    if node.attempt is None:
        return not node.pending
    if node.attempt.candidate.prompt_id == "outline":
        return node.attempt.candidate.finish == "stop" or bool(node.attempt.candidate.text.strip())
    return ask_to_repair(node.attempt) is not None


def _grown(attempts: Sequence[Attempt]) -> _Node:
    """Build the tree; every program's reward counts for all nodes above it."""
    root = _Node()
    nodes: dict[str, _Node] = {}
    above: dict[str, list[_Node]] = {}
    for attempt in attempts:
        candidate = attempt.candidate
        parent = nodes.get(candidate.parent or "", root)
        if candidate.prompt_id == "critic":
            parent.prior = opinion(candidate.text)
            continue
        node = _Node(attempt, plan=candidate.prompt_id == "outline")
        parent.children.append(node)
        nodes[attempt.attempt_id] = node
        line = [*above.get(candidate.parent or "", [root]), node]
        above[attempt.attempt_id] = line
        if candidate.prompt_id != "outline":
            for each in line:
                each.visits += 1
                each.reward += attempt.trial.reward
    return root


def _is_unread(node: _Node, attempts: Sequence[Attempt]) -> bool:
    """Whether nobody has criticised a plan yet."""
    return node.plan and not any(
        attempt.candidate.prompt_id == "critic"
        and node.attempt is not None
        and attempt.candidate.parent == node.attempt.attempt_id
        for attempt in attempts
    )


def _criticism(plan: Attempt | None) -> Ask:
    assert plan is not None
    return Ask(
        Arm("critic", plan.candidate.language or next(iter(WRITTEN))),
        parent=plan.attempt_id,
        values={"plan": fenced(plan.candidate.text)},
    )
