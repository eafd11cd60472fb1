"""Fifty schedules of faults, judged by what the server itself saw."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from medalist.agent.journal import Journal
from medalist.agent.llm.calls import JournalledModel
from medalist.agent.llm.contract import Budget, Request
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.errors import BudgetExhausted, ModelFailure

FAULTS = (
    Reply(status=429, retry_after_s=0.02),
    Reply(status=429),
    Reply(status=500),
    Reply(status=503, retry_after_s=0.01),
    Reply("", reasoning=""),
    Reply("x" * 99, fault="truncated_json"),
    Reply("x" * 99, fault="cut"),
    Reply("x" * 99, fault="long_length"),
    Reply("x" * 99, fault="short_length"),
    Reply("x" * 99, fault="drip", drip_s=0.01),
    Reply(fault="disconnect"),
    Reply("too slow", delay_s=0.4),
    Reply("no usage", usage=False),
    Reply(refusal="no"),
    Reply("", finish="content_filter"),
)
CAP = Budget(usd=1.5, tokens=15_000, requests=60)


class Schedule:
    """Good answers mixed with faults; equal seeds give equal shares of each."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._share = self._rng.choice((0.1, 0.3, 0.6))
        self._faults = self._rng.sample(FAULTS, k=3)

    def __call__(self, seen: SeenRequest) -> Reply:
        if self._rng.random() < self._share:
            return self._rng.choice(self._faults)
        return Reply("print(1)\n" * self._rng.randint(1, 12))


def count_given_up(journal: Journal) -> int:
    """Calls that their client left while the server may still have been at work."""
    failed = [
        event
        for event in journal.raw_events("call.failed")
        if "in time" in str(event.body["message"])
    ]
    return len(failed) + len(list(journal.raw_events("call.unknown")))


@pytest.mark.parametrize("seed", range(50))
def test_fault_schedule(
    make_model: Callable[..., JournalledModel],
    ask: Callable[..., Request],
    tmp_path: Path,
    seed: int,
) -> None:
    """Two sessions of a run; the second continues where the first was stopped or gave up."""
    requests = [ask(f"r{n}", f"question {n}") for n in range(20)]
    stop_after = seed % 15
    answered: list[set[str]] = []
    stream = {"stream": seed % 3 == 0}
    with ScriptedEndpoint(Schedule(seed)) as endpoint:
        for session in range(2):
            with Journal.open(tmp_path / "run") as journal:
                known = {event.key for event in journal.raw_events("call.done")}
                seen_before = len(endpoint.log)
                model = make_model(
                    endpoint,
                    journal=journal,
                    budget=CAP,
                    timeout_s=0.25,
                    profile=stream,
                    concurrency=4,
                )
                completions = model.complete(requests)
                got = set()
                try:
                    for completion in completions:
                        got.add(completion.request_id)
                        if session == 0 and len(got) > stop_after:
                            break
                except (BudgetExhausted, ModelFailure):
                    pass  # giving up is allowed; overspending and asking twice are not
                model.close()
                spent = model.spent
                answered.append({event.key for event in journal.raw_events("call.done")})
                settled = sum(
                    len(list(journal.raw_events(kind)))
                    for kind in ("call.done", "call.failed", "call.unknown")
                )
                assert settled == len(list(journal.raw_events("call.intent"))) == spent.requests
                given_up = count_given_up(journal)
            asked = {
                f"r{seen.body['messages'][0]['content'].removeprefix('question ')}"
                for seen in endpoint.log[seen_before:]
            }
            assert not asked & known, "a journalled response was asked for again"
            assert got <= answered[-1]
    work = [(seen.prompt_tokens, seen.completion_tokens) for seen in endpoint.log]
    assert len(work) <= 60
    assert sum(map(sum, work)) <= spent.tokens <= 15_000
    dollars = sum(prompt * 1e-4 + completion * 1e-3 for prompt, completion in work)
    assert spent.usd is not None
    assert dollars <= spent.usd + 1e-9 <= 1.5 + 2e-9
    # A call that its client has given up lingers at the server: it knows nothing of that.
    assert endpoint.most_in_flight <= 4 + given_up
