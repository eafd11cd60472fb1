"""Rewards from a running `medalist serve`, as trainers ask for them. Needs httpx, nothing else.

::

    from medalist.reward import RewardClient

    judge = RewardClient("http://127.0.0.1:8080", reward="fraction")
    judge.rewards(["```python\\nprint(1)\\n```"], problem="meetings")     # [0.0]

TRL takes its method: `GRPOTrainer(reward_funcs=[RewardClient(...).trl])`; the column `problem`
(ids) or `tests` of the data set says what each answer is judged on. verl takes the function
`compute_score` of this file: `reward.custom_reward_function.path=.../reward.py`.

A judge that fails, or that is busy, is asked again. What could not be judged after that is `None`,
never 0: TRL leaves such answers out. verl knows no such answer, so `compute_score` raises there.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Literal, TypeAlias

import httpx

RewardKind: TypeAlias = Literal["binary", "fraction", "subtasks", "first-failing"]
Tests: TypeAlias = "Mapping[str, Any] | str"

_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_LONGEST_PAUSE_S = 60.0


class NotJudged(Exception):
    """The judge could not say what an answer is worth: this is not a word on the answer."""


class _AskAgain(Exception):
    """Nothing was judged; `stated_s` is after how long the service wants to be asked again."""

    def __init__(self, message: str, stated_s: float | None = None) -> None:
        super().__init__(message)
        self.stated_s = stated_s


class RewardClient:
    """Asks one service for rewards; safe to share between threads.

    Attributes:
        url: Where the service is, as `http://127.0.0.1:8080`.
        reward: The kind of reward; None for the one that the service states.
        tries: How often a question is asked before it counts as not judged.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        reward: RewardKind | None = None,
        tries: int = 5,
        timeout_s: float = 600.0,
    ) -> None:
        self.url = url.rstrip("/")
        self.reward = reward
        self.tries = tries
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(timeout=timeout_s, headers=headers, trust_env=False)

    def rewards(
        self,
        answers: Sequence[str],
        *,
        problem: str | None = None,
        tests: Tests | None = None,
        language: str | None = None,
    ) -> list[float | None]:
        """Return what each of several answers to one prompt earns, from 0 to 1.

        Args:
            answers: What the model said, with the program in it.
            problem: The id of a problem that is served, or
            tests: `inputs` and `outputs` (perhaps `fn_name`, `time_limit_s`, `memory_mb`).
            language: The language that was asked for; others count as well.

        Returns:
            In the order of the answers; None where the judge failed.

        Raises:
            ValueError: The service says that the question itself is wrong.
        """
        return self._judged(answers, problem, tests, language)[0]

    def reward_or_raise(
        self, answer: str, *, problem: str | None = None, tests: Tests | None = None
    ) -> float:
        """Return what one answer earns, for callers that know no `None`; otherwise as `rewards`.

        Raises:
            NotJudged: The judge failed on every try; the message says how it did on the last.
            ValueError: The service says that the question itself is wrong.
        """
        (reward,), why = self._judged([answer], problem, tests, None)
        if reward is None:
            raise NotJudged(why)
        return reward

    def trl(
        self, prompts: Sequence[Any], completions: Sequence[Any], **columns: Any
    ) -> list[float | None]:
        """Reward completions as TRL's trainers ask, by the column `problem` or `tests`.

        Raises:
            ValueError: The data set has neither column.
        """
        by = next((name for name in ("problem", "tests") if name in columns), None)
        if by is None:
            raise ValueError("the data set needs a column `problem` (ids) or `tests`")
        groups: dict[str, list[int]] = {}
        for place, value in enumerate(columns[by]):
            groups.setdefault(json.dumps(value, sort_keys=True), []).append(place)
        results: list[float | None] = [None] * len(prompts)
        for places in groups.values():
            texts = [_said(completions[place]) for place in places]
            rewards = self.rewards(texts, **{by: columns[by][places[0]]})
            for place, reward in zip(places, rewards, strict=True):
                results[place] = reward
        return results

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _judged(
        self,
        answers: Sequence[str],
        problem: str | None,
        tests: Tests | None,
        language: str | None,
    ) -> tuple[list[float | None], str]:
        """Ask until all is judged; None for what is not after all tries, and why on the last."""
        asked: dict[str, Any] = {"problem": problem, "reward": self.reward, "language": language}
        asked["tests"] = json.loads(tests) if isinstance(tests, str) else tests
        results: list[float | None] = [None] * len(answers)
        waiting = list(range(len(answers)))
        why, pause_s = "", 0.0
        for attempt in range(self.tries):
            time.sleep(min(pause_s, _LONGEST_PAUSE_S))
            part = asked | {"answers": [answers[place] for place in waiting]}
            try:
                rewards = self._asked(part)
            except _AskAgain as again:
                why, pause_s = str(again), again.stated_s or 2.0**attempt
                continue
            why, pause_s = "the judge failed", 2.0**attempt
            for place, reward in zip(waiting, rewards, strict=True):
                results[place] = reward
            waiting = [place for place in waiting if results[place] is None]
            if not waiting:
                break
        return results, why

    def _asked(self, asked: dict[str, Any]) -> list[float | None]:
        try:
            answer = self._http.post(f"{self.url}/v1/reward", json=asked)
        except httpx.TransportError as error:
            raise _AskAgain(str(error)) from error
        if answer.status_code == httpx.codes.OK:
            rewards: list[float | None] = answer.json()["rewards"]
            return rewards
        if answer.status_code not in _AGAIN:
            raise ValueError(_message(answer))
        stated = answer.headers.get("Retry-After", "")
        raise _AskAgain(_message(answer), float(stated) if stated.isdecimal() else None)


@cache
def _client(url: str, token: str | None, reward: RewardKind | None) -> RewardClient:
    """Return one client for all calls: making one loads the certificates."""
    return RewardClient(url, token=token, reward=reward)


def compute_score(
    data_source: str,
    solution_str: str,
    ground_truth: Tests,
    extra_info: Mapping[str, Any] | None = None,
    *,
    url: str | None = None,
    token: str | None = None,
    reward: RewardKind | None = "fraction",
    **_: Any,
) -> float:
    """Reward an answer as verl's custom reward function.

    Args:
        data_source: Not looked at.
        solution_str: The answer.
        ground_truth: Tests as verl keeps them (JSON), or the id of a problem that is served.
        extra_info: Not looked at.
        url: Where the service is; by default the environment variable `MEDALIST_SERVE_URL`.
        token: Its token; by default `MEDALIST_SERVE_TOKEN`.
        reward: The kind of reward.

    Raises:
        NotJudged: The judge failed on every try: a number would be a lie.
        ValueError: There is no such problem, or the tests are none.
    """
    del data_source, extra_info
    url = url or os.environ.get("MEDALIST_SERVE_URL", "http://127.0.0.1:8080")
    token = token or os.environ.get("MEDALIST_SERVE_TOKEN")
    named = isinstance(ground_truth, str) and not ground_truth.lstrip().startswith("{")
    on: dict[str, Any] = {"problem" if named else "tests": ground_truth}
    return _client(url, token, reward).reward_or_raise(solution_str, **on)


def _said(completion: Any) -> str:
    """Return the text of a completion: a text, or messages, of which the last one counts."""
    if isinstance(completion, str):
        return completion
    content = completion[-1]["content"] if completion else ""
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content)
    return str(content or "")


def _message(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return f"status {answer.status_code}"
