"""Several answers a request: fewer requests, and every token, cap and journal entry exact."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from medalist.agent.journal import Journal
from medalist.agent.llm.call_records import DONE, INTENT
from medalist.agent.llm.contract import Budget, Completion, Message, Request, Spent
from medalist.agent.llm.open import open_model
from medalist.agent.llm.resources import ModelResources
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.llm.settings import EndpointSettings, ModelSettings
from medalist.agent.llm.usage import shared
from medalist.agent.types import Usage
from medalist.errors import BudgetExhausted


def requests(count: int, text: str = "Write a program.") -> list[Request]:
    return [
        Request(f"{text}/{number}", (Message("user", text),), max_tokens=64, seed=number)
        for number in range(count)
    ]


def asked(
    endpoint: ScriptedEndpoint,
    wanted: list[Request],
    *,
    journal: Journal | None = None,
    budget: Budget = Budget(),  # noqa: B008 - frozen
    **profile: Any,
) -> tuple[list[Completion], Spent, bool]:
    """What came, what it took, and whether a cap ended it."""
    profile = {"thinking": False, "n": 8} | profile
    one = EndpointSettings(model="scripted", base_url=endpoint.base_url, profile=profile)
    settings = ModelSettings(endpoints=(one,), first_wait_s=0.01)
    model = open_model(None, ModelResources(journal, budget), settings=settings)
    came: list[Completion] = []
    ended = False
    try:
        came.extend(model.complete(wanted))
    except BudgetExhausted:
        ended = True
    finally:
        spent = model.spent
        model.close()
    return came, spent, ended


def numbered(seen: SeenRequest) -> Reply:
    return Reply(f"answer {seen.index} {seen.choice} " + "x" * (10 * seen.choice))


@pytest.mark.parametrize("stream", [False, True])
def test_a_quarter_of_the_requests_brings_the_same_tokens(stream: bool) -> None:
    with ScriptedEndpoint([Reply("fine", prompt_tokens=50)]) as endpoint:
        plain, spent_plain, _ = asked(endpoint, requests(64), n=1, stream=stream)
        alone = len(endpoint.log)
        joined, spent, _ = asked(endpoint, requests(64), stream=stream)
        together = len(endpoint.log) - alone
        bodies = [seen.body for seen in endpoint.log[alone:]]
        truth = sum(seen.prompt_tokens + seen.completion_tokens for seen in endpoint.log[alone:])
    assert (alone, len(plain), len(joined)) == (64, 64, 64)
    assert together <= alone / 4
    assert spent.requests == together
    assert spent.tokens == truth == spent_plain.tokens - 50 * (alone - together)
    assert all(body["n"] > 1 and "seed" not in body for body in bodies if "n" in body)
    assert {request.request_id for request in joined} == {
        request.request_id for request in requests(64)
    }


def test_each_request_gets_an_answer_of_its_own_and_its_share() -> None:
    with ScriptedEndpoint(numbered) as endpoint:
        came, spent, _ = asked(endpoint, requests(8) + requests(3, "Another question."))
        truth = [(seen.prompt_tokens, seen.completion_tokens) for seen in endpoint.log]
    assert len({answer.text for answer in came}) == 11
    assert sum(answer.usage.prompt_tokens or 0 for answer in came) == sum(one for one, _ in truth)
    assert sum(answer.usage.completion_tokens or 0 for answer in came) == sum(
        one for _, one in truth
    )
    assert spent.tokens == sum(map(sum, truth))


@pytest.mark.parametrize("most", [1, 3])
def test_a_server_that_gives_fewer_is_asked_again_for_the_rest(most: int) -> None:
    with ScriptedEndpoint(numbered, most_answers=most) as endpoint:
        came, spent, _ = asked(endpoint, requests(8))
        truth = sum(seen.prompt_tokens + seen.completion_tokens for seen in endpoint.log)
        count = len(endpoint.log)
    assert len({answer.text for answer in came}) == 8
    assert (spent.tokens, spent.requests) == (truth, count)


def refusing(seen: SeenRequest) -> Reply:
    if "n" in seen.body:
        return Reply("n > 1 is not supported by this model: `n` must be 1", status=400)
    return numbered(seen)


def test_a_server_that_refuses_is_asked_one_by_one() -> None:
    with ScriptedEndpoint(refusing) as endpoint:
        came, _, _ = asked(endpoint, requests(8))
        assert sum("n" in seen.body for seen in endpoint.log) == 1
    assert len(came) == 8


def few_slots(seen: SeenRequest) -> Reply:
    if int(seen.body.get("n", 1)) > 4:
        asked = seen.body["n"]
        said = f"Field 'n': Value must be between 1 <= value <= 4, but got {asked}"
        return Reply(said, status=400)
    return numbered(seen)


def test_a_server_that_names_fewer_is_asked_for_fewer() -> None:
    with ScriptedEndpoint(few_slots) as endpoint:
        came, spent, _ = asked(endpoint, requests(8))
        counts = [seen.body.get("n", 1) for seen in endpoint.log]
    assert len({answer.text for answer in came}) == 8
    assert max(counts[2:], default=1) <= 4
    assert sum(counts) - 8 <= 8
    assert spent.requests == sum(count <= 4 for count in counts)


def an_empty_one(seen: SeenRequest) -> Reply:
    return Reply("" if seen.choice == 1 and seen.index == 0 else f"{seen.index} {seen.choice}")


def test_an_empty_answer_among_others_is_asked_for_again() -> None:
    with ScriptedEndpoint(an_empty_one) as endpoint:
        came, _, _ = asked(endpoint, requests(4))
    assert sorted(answer.text for answer in came) == ["0 0", "0 2", "0 3", "1 0"]


@pytest.mark.parametrize("reply", [numbered, refusing, an_empty_one])
@pytest.mark.parametrize("cap", [Budget(tokens=700), Budget(requests=5)])
def test_caps_hold(reply: Callable[[SeenRequest], Reply], cap: Budget) -> None:
    with ScriptedEndpoint(reply) as endpoint:
        came, spent, ended = asked(endpoint, requests(64), budget=cap)
        truth = sum(seen.prompt_tokens + seen.completion_tokens for seen in endpoint.log)
        count = len(endpoint.log)
    assert came
    if cap.tokens is not None:
        assert ended
        assert truth <= spent.tokens <= cap.tokens
    if cap.requests is not None:
        assert count - (reply is refusing) <= cap.requests  # a refusal is asked otherwise


def test_the_journal_knows_what_came_along(tmp_path: Path) -> None:
    with ScriptedEndpoint(numbered) as endpoint:
        with Journal.open(tmp_path) as journal:
            first, spent, _ = asked(endpoint, requests(16), journal=journal)
            along = [entry.value.along for entry in journal.events(DONE)]
        count = len(endpoint.log)
        with Journal.open(tmp_path) as journal:
            again, later, _ = asked(endpoint, requests(16), journal=journal)
    assert len(endpoint.log) == count
    assert along.count(False) == count == spent.requests
    assert {request.request_id: request.text for request in first} == {
        request.request_id: request.text for request in again
    }
    assert (later.tokens, later.requests) == (spent.tokens, spent.requests)


_RUN = """
import sys
from pathlib import Path
from tests.agent.llm.test_several_answers import asked, requests
from medalist.agent.journal import Journal
class Other: base_url = sys.argv[2]
with Journal.open(Path(sys.argv[1])) as journal:
    print(len(asked(Other(), requests(24), journal=journal, n=8)[0]))
"""


def test_nothing_that_came_is_asked_for_again_after_a_kill(tmp_path: Path) -> None:
    def slow(seen: SeenRequest) -> Reply:
        return Reply(f"{seen.index} {seen.choice}", delay_s=0 if seen.index < 2 else 60)

    root = Path(__file__).parents[3]
    env = {**os.environ, "PYTHONPATH": f"{root}:{os.environ.get('PYTHONPATH', '')}"}
    with ScriptedEndpoint(slow) as endpoint:
        process = subprocess.Popen(
            [sys.executable, "-c", _RUN, str(tmp_path), endpoint.base_url], env=env, cwd=root
        )
        while len(endpoint.log) < 3 or not (tmp_path / "journal.sqlite").exists():
            assert process.poll() is None
            time.sleep(0.05)
        time.sleep(0.5)
        process.send_signal(signal.SIGKILL)
        process.wait()
    with Journal.open(tmp_path) as journal:
        known = {entry.key for entry in journal.events(DONE)}
        intents = {entry.key for entry in journal.events(INTENT)}
    assert 0 < len(known) < 24
    assert known < intents
    with ScriptedEndpoint(numbered) as endpoint, Journal.open(tmp_path) as journal:
        came, spent, _ = asked(endpoint, requests(24), journal=journal)
        fresh = sum(int(seen.body.get("n", 1)) for seen in endpoint.log)
    assert len({request.request_id for request in came}) == 24
    assert fresh == 24 - len(known)
    assert spent.tokens > 0


def counts_one(seen: SeenRequest) -> Reply:
    text = json.dumps("y" * 256)
    choices = [
        f'{{"index": {n}, "message": {{"content": {text}}}, "finish_reason": "length"}}'
        for n in range(int(seen.body.get("n", 1)))
    ]
    usage = '{"prompt_tokens": 9, "completion_tokens": 64}'
    return Reply(raw=f'{{"choices": [{",".join(choices)}], "usage": {usage}}}'.encode())


def test_where_usage_counts_one_of_several_answers_all_are_charged() -> None:
    with ScriptedEndpoint(counts_one) as endpoint:
        came, spent, _ = asked(endpoint, requests(9))
    assert len(came) == 9
    assert spent.tokens >= 9 * 64


def test_shares_add_up_and_none_is_above_the_limit() -> None:
    usage = Usage(100, 7, 250, 33)
    shares = shared(usage, [(900, 100), (10, 0), (0, 0)], limit=100)
    assert [share.completion_tokens for share in shares] == [100, 100, 50]
    assert sum(share.prompt_tokens or 0 for share in shares) == 100
    assert sum(share.cached_tokens or 0 for share in shares) == 7
    assert [share.reasoning_tokens for share in shares] == [33, 0, 0]
    assert sum(item.completion_tokens or 0 for item in shared(usage, [(0, 0)] * 4, 10)) == 250
    assert shared(Usage(), [(1, 0)] * 2, 10) == [Usage(), Usage()]
