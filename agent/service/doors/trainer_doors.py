"""The doors at which trainers ask for rewards: OpenRLHF's `/get_reward`, NeMo Gym's `/verify`.

Both clients ask again after an error, so a judge that failed answers 503 and never a reward. The
kind of reward is the service's own, or the one in the address (`/get_reward?reward=fraction`):
neither client can say it otherwise.
"""

from __future__ import annotations

import asyncio
import json
import math
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from medalist.agent.service.asked import (
    MOST_ITEMS,
    MOST_SOURCE_CHARS,
    GivenTests,
    RewardAsked,
    RewardKind,
)
from medalist.agent.service.desk import AtDesk
from medalist.agent.service.rewarding import rewarded
from medalist.agent.service.service_judge import Rewarded
from medalist.agent.service.strict_json import JsonRoute
from medalist.errors import BadInput, SandboxFailure
from medalist.problems.formats.given_tests import unpacked

router = APIRouter(tags=["trainers"], route_class=JsonRoute)

_MOST_UNPACKED = 256 << 20
_Kind = Annotated[RewardKind | None, Query(description="The kind of reward.")]
_Row = dict[str, Any]


class GetRewardAsked(BaseModel):
    """OpenRLHF's question: texts of prompt and answer, the prompts, and their labels."""

    model_config = ConfigDict(extra="ignore")

    query: list[str] = Field(min_length=1, max_length=MOST_ITEMS)
    prompts: list[str] = Field(max_length=MOST_ITEMS)
    labels: list[Any] = Field(max_length=MOST_ITEMS)


class VerifyAsked(BaseModel):
    """NeMo Gym's question: a row of its data, with the model's response."""

    model_config = ConfigDict(extra="allow")

    response: _Row
    verifier_metadata: _Row | None = None
    problem_id: str | None = Field(default=None, max_length=200)
    subtask: str | None = Field(default=None, max_length=200)


@router.post("/get_reward")
async def get_reward(asked: GetRewardAsked, desk: AtDesk, reward: _Kind = None) -> Response:
    """Reward answers as OpenRLHF asks; a label is a problem's id, or tests as JSON."""
    if not len(asked.query) == len(asked.prompts) == len(asked.labels):
        raise BadInput("query, prompts and labels must be equally long")
    answers = [
        _answer_of(query, prompt) for query, prompt in zip(asked.query, asked.prompts, strict=True)
    ]
    # Answers to one prompt share its tests, and equal programs among them one judgement.
    groups: dict[str, list[int]] = {}
    for place, label in enumerate(asked.labels):
        groups.setdefault(json.dumps(label, sort_keys=True), []).append(place)
    asks = [
        RewardAsked(
            problem=named,
            tests=tests,
            answers=[answers[place] for place in places],
            reward=reward,
        )
        for places in groups.values()
        for named, tests in [_label(asked.labels[places[0]])]
    ]
    by_place: dict[int, Rewarded] = {}
    part = desk.split(len(asks))
    tasks = [asyncio.ensure_future(rewarded(part, each)) for each in asks]
    try:
        for places, results in zip(groups.values(), await asyncio.gather(*tasks), strict=True):
            by_place.update(zip(places, results, strict=True))
    finally:
        for task in tasks:
            task.cancel()  # where one has failed, all is asked again
    rewards = [_certain(by_place[place]) for place in range(len(answers))]
    passed = [float(by_place[place].verdict == "AC") for place in range(len(answers))]
    return JSONResponse({"rewards": rewards, "scores": rewards, "extra_logs": {"accepted": passed}})


@router.post("/seed_session")
async def seed_session() -> Response:
    """What NeMo Gym's agents call first; this service keeps no sessions."""
    return JSONResponse({})


@router.post("/verify")
async def verify(asked: VerifyAsked, desk: AtDesk, reward: _Kind = None) -> Response:
    """Reward a response as NeMo Gym asks: on its unit tests, or on a problem that is served."""
    named, tests = _gym_tests(asked)
    results = await rewarded(
        desk,
        RewardAsked(problem=named, tests=tests, answers=[_said(asked.response)], reward=reward),
        subtask=asked.subtask,
    )
    (result,) = results
    row = _finite(asked.model_dump())
    row |= {"reward": _certain(result), "extracted_model_code": result.program}
    return JSONResponse(row | {"details": result.row()})


def _certain(result: Rewarded) -> float:
    """Return a reward.

    Raises:
        SandboxFailure: The judge failed: that is worth no number.
    """
    if result.reward is None:
        raise SandboxFailure(f"not judged: {result.message}")
    return result.reward


def _answer_of(query: str, prompt: str) -> str:
    """Return what a model added to its prompt: the prompt's own code is not an answer."""
    if query.startswith(prompt):
        return query[len(prompt) :][-MOST_SOURCE_CHARS:]
    before, matched, after = query.rpartition(prompt.strip()) if prompt.strip() else ("", "", query)
    return (after if matched else before + after)[-MOST_SOURCE_CHARS:]


def _finite(value: Any) -> Any:
    """Return what a row holds with None for numbers that JSON does not have."""
    if isinstance(value, dict):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _label(label: Any) -> tuple[str | None, GivenTests | None]:
    """Read a label: tests, as JSON text or value, or else the id of a problem."""
    if isinstance(label, str):
        if not label.lstrip().startswith("{"):
            return label.strip(), None
        try:
            label = json.loads(label)
        except (ValueError, RecursionError) as error:
            raise BadInput("neither a problem's id nor JSON", field="labels") from error
    if isinstance(label, dict) and isinstance(label.get("problem"), str):
        return label["problem"], None
    return None, _read_tests(label, "labels")


def _gym_tests(asked: VerifyAsked) -> tuple[str | None, GivenTests | None]:
    tests = (asked.verifier_metadata or {}).get("unit_tests")
    if isinstance(tests, dict) and isinstance(tests.get("packed"), str):
        function = tests.get("fn_name")
        tests = unpacked(tests["packed"], _MOST_UNPACKED)
        if isinstance(tests, dict):
            tests = {"fn_name": function} | tests
    if tests is not None:
        return None, _read_tests(tests, "verifier_metadata.unit_tests")
    if asked.problem_id is None:
        raise BadInput("needs unit_tests, or a problem_id", field="verifier_metadata")
    return asked.problem_id, None


def _read_tests(value: Any, field: str) -> GivenTests:
    try:
        known = {name: value[name] for name in GivenTests.model_fields if name in value}
        return GivenTests.model_validate(known)
    except (ValidationError, TypeError) as error:
        message = "not tests: `inputs` and `outputs`, one of each a test"
        raise BadInput(message, field=field) from error


def _said(response: _Row) -> str:
    """Return the text of a response of OpenAI's Responses API: its last message."""
    texts = [
        _text(item.get("content"))
        for item in _items(response.get("output"))
        if isinstance(item, dict) and item.get("type") == "message"
    ]
    said = next((text for text in reversed(texts) if text), "")
    return (said or str(response.get("output_text") or ""))[-MOST_SOURCE_CHARS:]


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts = (part for part in _items(content) if isinstance(part, dict))
    return "".join(str(part.get("text") or "") for part in parts)


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
