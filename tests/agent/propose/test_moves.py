"""What a round's answers are asked for."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from medalist.agent.propose.bandit import Record
from medalist.agent.propose.moves import FRESH_SHARE, MOVES, Move, pick_moves

RECORDS = st.dictionaries(
    st.sampled_from(MOVES),
    st.integers(0, 30).flatmap(
        lambda trials: st.floats(0, trials).map(lambda reward: Record(reward, trials, 100 * trials))
    ),
)


@given(st.sets(st.sampled_from(MOVES[1:])), RECORDS, st.integers(0, 60), st.integers(0, 9))
def test_a_round_has_its_size_new_samples_first_and_nothing_impossible(
    possible: set[Move], records: dict[Move, Record], count: int, seed: int
) -> None:
    open_moves: list[Move] = ["fresh", *sorted(possible)]
    picks = pick_moves(open_moves, records, count, seed=seed)
    assert len(picks) == count
    assert set(picks) <= set(open_moves)
    assert picks.count("fresh") >= FRESH_SHARE * count
    assert picks == sorted(picks, key=MOVES.index)
    assert picks == pick_moves(open_moves, records, count, seed=seed)


def test_what_pays_is_asked_for_more() -> None:
    records: dict[Move, Record] = {move: Record(0.0, 40, 4000) for move in MOVES}
    records["combine"] = Record(30.0, 40, 4000)
    counts = Counter(pick_moves(list(MOVES), records, 100, seed=1))
    assert counts["combine"] > 60


def test_what_was_never_tried_is_tried() -> None:
    records: dict[Move, Record] = {"fresh": Record(8.0, 8, 800)}
    assert set(pick_moves(list(MOVES), records, 8, seed=3)) == set(MOVES)
