"""What moves earned in rounds of earlier runs: where the bandit of a new run begins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from medalist.agent.journal import Journal
from medalist.agent.propose.bandit import Record
from medalist.agent.propose.moves import MOVES, Move
from medalist.agent.steps.round_records import FEEDBACK_ROUND, RoundRecord
from medalist.errors import BadInput

MOST_TRIALS = 8
"""Earnings from another run count as at most this many answers of a move, so that a run's own soon
outweigh them."""


@cache
def move_priors(run_dir: Path | None) -> Mapping[Move, Record]:
    """Return what each move earned in a run, all its problems together; nothing for no run.

    Raises:
        BadInput: It holds no rounds after which anything was known.
        JournalFailure: There is no such run.
    """
    if run_dir is None:
        return {}
    newest: dict[str, tuple[int, RoundRecord]] = {}
    with Journal.open(run_dir, readonly=True) as journal:
        for entry in journal.events(FEEDBACK_ROUND):
            problem, _, number = entry.key.rpartition("/")
            newest[problem] = max(
                newest.get(problem, (0, entry.value)),
                (int(number), entry.value),
                key=lambda one: one[0],
            )
    earned: defaultdict[Move, Record] = defaultdict(Record)
    for _, record in newest.values():
        for move, one in record.earned.items():
            earned[move] = earned[move].and_(one)
    if not any(record.trials for record in earned.values()):
        raise BadInput(
            f"{run_dir} holds no second round of --search feedback",
            field="--moves-from",
            hint="give the directory of a run with rounds",
        )
    return {move: earned[move].at_most(MOST_TRIALS) for move in MOVES if earned[move].trials}
