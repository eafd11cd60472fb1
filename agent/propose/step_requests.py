"""Questions about the steps of an answer: go on from here, and how good is this step."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from medalist.agent.journal import Journal
from medalist.agent.llm.contract import Message, Model, Request
from medalist.agent.prompts.render import section_of
from medalist.agent.propose.review import number_asked
from medalist.agent.propose.sample import Arm, Ask, Sampler, SampleSettings
from medalist.agent.propose.step_records import ThinkingRecord
from medalist.agent.quote import cut_middle, quoted
from medalist.problems.model import PublicProblem

_MOST_CHARACTERS = 60_000
_SCORE_TOKENS = 512


@dataclass(frozen=True)
class RollOutSettings:
    """How roll-outs are asked for.

    Attributes:
        count: Roll-outs a step.
        seed: Every request's seed is derived from it.
        prefills: The model continues an answer that is begun; others are told in the question.
        max_tokens: Most tokens of an answer; None for as many as the answer itself might have.
    """

    count: int
    seed: int = 0
    prefills: bool = False
    max_tokens: int | None = None


def roll_outs(
    journal: Journal, answer: str, record: ThinkingRecord, settings: RollOutSettings
) -> Iterator[tuple[int, Request]]:
    """Yield step and request of each roll-out of an answer, step by step.

    Args:
        journal: Where the question is kept.
        answer: The answer's run and id.
        record: The answer.
        settings: How many, and how.
    """
    question = json.loads(journal.blob(record.question).decode("utf-8", "surrogatepass"))
    messages = tuple(Message(turn["role"], turn["content"]) for turn in question)
    asked = record.asked
    begun = settings.prefills and record.begins_answer
    for step in range(len(record.steps)):
        so_far = "".join(record.steps[: step + 1])
        for number in range(settings.count):
            request_id = f"{answer}>onward{step}/{number}"
            yield (
                step,
                Request(
                    request_id=request_id,
                    messages=messages if begun else _told(messages, so_far),
                    prefill=so_far if begun else "",
                    seed=_seed(settings.seed, request_id),
                    along=settings.count,
                    stop=asked.stop,
                    max_tokens=settings.max_tokens or asked.max_tokens,
                    temperature=asked.temperature,
                    top_p=asked.top_p,
                ),
            )


def score_request(
    public: PublicProblem, answer: str, record: ThinkingRecord, step: int, model: Model
) -> Request:
    """Return the question how good a step of an answer is, with the steps before it."""
    form = model.traits.prompt_form
    sampler = Sampler(
        public,
        [],
        SampleSettings(
            form=form, max_tokens=_SCORE_TOKENS, temperature=0.0, top_p=0.95, think_apart=True
        ),
    )
    shown = quoted(cut_middle("".join(record.steps[: step + 1]), _MOST_CHARACTERS), "thinking")
    ask = Ask(Arm("weigh", record.language), parent=f"{answer}#{step}", values={"thinking": shown})
    request = sampler.request(ask)
    return number_asked(request) if form == "small" else request


def _told(messages: tuple[Message, ...], so_far: str) -> tuple[Message, ...]:
    """Add what was thought so far to the last turn of the question."""
    *before, last = messages
    thinking = quoted(cut_middle(so_far, _MOST_CHARACTERS), "thinking")
    onward = section_of("onward", "user", values={"thinking": thinking})
    return (*before, replace(last, content=f"{last.content}\n\n{onward}"))


def _seed(seed: int, request_id: str) -> int:
    digest = hashlib.sha256(f"{seed}/{request_id}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:4], "big") >> 1
