"""Leases of boxes: who waits for whom."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

pytest.importorskip("ray", reason="Ray is not installed")

from medalist.errors import SandboxFailure
from medalist.sandbox.ray.leases import Book, Host, Node
from medalist.sandbox.ray.node_box import NodeFacts
from medalist.sandbox.ray.recent import Recent

FACTS = NodeFacts("host", "1", "local", "gcc", (), (0, 1))


def book_of(*sizes: int) -> tuple[Book, list[Node]]:
    book = Book()
    nodes = [Node(str(number), FACTS) for number in range(len(sizes))]
    for node, size in zip(nodes, sizes, strict=True):
        for core in range(size):
            book.add(Host(node, core, None))
    return book, nodes


def test_boxes_are_leased_in_turn_and_roles_apart() -> None:
    book, _ = book_of(2)
    first, second = book.lease("programs"), book.lease("programs")
    assert first is not second
    assert book.lease("secret") in (first, second)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(book.lease, "programs")
        book.release(second, "programs")
        assert waiting.result(240) is second


def test_a_run_alone_waits_for_its_node_and_for_no_other() -> None:
    book, nodes = book_of(2, 1)
    busy = [book.lease("programs") for _ in range(3)]
    reserved = threading.Event()

    def alone() -> Host | None:
        node = book.reserve()
        reserved.set()
        return book.lease_on(node)

    with ThreadPoolExecutor(2) as threads:
        mine = threads.submit(alone)
        other = threads.submit(book.lease, "programs")
        # Boxes of the other node continue to whoever waits; those of the reserved one are kept
        # idle.
        kept = nodes[0] if nodes[0].reserved else None
        while kept is None:
            kept = next((node for node in nodes if node.reserved), None)
        for host in busy:
            if host.node is not kept:
                book.release(host, "programs")
        assert other.result(240).node is not kept
        assert not reserved.is_set()
        for host in busy:
            if host.node is kept:
                book.release(host, "programs")
        given = mine.result(240)
        assert given is not None
        assert given.node is kept
        book.release(given, "programs")
        book.unreserve(kept)
    assert book.lease("programs")


def test_a_reserved_node_that_is_lost_gives_nothing() -> None:
    book, nodes = book_of(1, 1)
    node = book.reserve()
    for host in list(node.hosts):
        assert book.drop(host)
        assert not book.drop(host)
    assert book.lease_on(node) is None
    book.unreserve(node)
    assert book.reserve() is next(other for other in nodes if other is not node)


def test_nobody_waits_for_a_closed_book() -> None:
    book, _ = book_of(1)
    book.lease("programs")
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(book.lease, "programs")
        book.close()
        with pytest.raises(SandboxFailure, match="any more"):
            waiting.result(240)


def test_what_was_used_longest_ago_is_forgotten() -> None:
    recent: Recent[str] = Recent(10)
    for name in "abc":
        recent.put(name, name.upper(), 4)
        assert recent.get("b") == (None if name == "a" else "B")
    assert [recent.get(name) for name in "abc"] == [None, "B", "C"]
    recent.put("big", "BIG", 100)
    assert [recent.get(name) for name in ("b", "c", "big")] == [None, None, "BIG"]
    recent.put("b", "new", 1)
    assert [recent.get(name) for name in ("big", "b")] == [None, "new"]
