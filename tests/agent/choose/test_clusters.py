from __future__ import annotations

from medalist.agent.choose.clusters import cluster
from medalist.agent.types import Behaviour


def row(program_id: str, *keys: str | None) -> Behaviour:
    return Behaviour.of(program_id, keys)


def test_programs_that_agree_everywhere_are_one_cluster() -> None:
    rows = [
        row("a", "=1", "!time"),
        row("b", "=1", "=2"),
        row("c", "=1", "!time"),
        row("d", "=1", "!runtime"),
        row("e", "=1", None),
    ]
    clusters = cluster(rows, {"b": 3, "c": 2, "a": 1})
    assert [(group.programs, group.votes) for group in clusters] == [
        (("c", "a"), 3),
        (("b",), 3),
        (("d",), 1),
        (("e",), 1),
    ]
    assert len({group.cluster_id for group in clusters}) == 4
    assert cluster(rows[1:2], {})[0].cluster_id == clusters[1].cluster_id


def test_no_programs_no_clusters() -> None:
    assert cluster([], {}) == []
