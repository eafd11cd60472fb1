"""What a run would ask, before anything is asked: the requests behind `--dry-run`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from medalist.agent.llm.contract import Message, PromptForm, Request
from medalist.agent.propose.lessons import ROOM
from medalist.agent.propose.moves import TASKS
from medalist.agent.propose.sample import Arm, Ask, Sampler, SampleSettings, arms, evenly
from medalist.agent.propose.search import FEEDBACK, strategy
from medalist.agent.propose.tool_list import MOST_RESULT
from medalist.agent.steps.feedback_rounds import round_size
from medalist.agent.steps.run_settings import RunSettings
from medalist.agent.steps.sampling import turns_of
from medalist.agent.steps.tool_calling import offer_of
from medalist.problems.model import PublicProblem

_BYTES_A_TOKEN = 2
"""Computed as the upper bound of an estimate (see `llm.estimate`)."""

_FAILURE_BYTES = 12_000
"""Longest text about a failure: four quotations of 1,200 characters, in dense bytes."""


_STANDING_BYTES = 8_000
"""Longest text about what was judged: a line for each of a dozen subtasks, and an insight of each.
"""


def foresee(
    public: PublicProblem,
    settings: RunSettings,
    form: PromptForm = "full",
    *,
    answer_tokens: int = 1024,
) -> tuple[list[Request], int]:
    """Return what a run would ask at most, and how many of these it asks in any case.

    What a search asks after its first round depends on the answers: there stands the longest
    question that it may ask, with the longest program that an answer can hold.

    Args:
        public: The problem.
        settings: Those of the run.
        form: Of the prompts.
        answer_tokens: How many tokens an answer has at most, where a question quotes it and the
            settings do not say.
    """
    ways = arms(settings.prompts, settings.languages)
    count, most = settings.candidates, max(settings.candidates, settings.most)
    seed, width, search = settings.seed, settings.width, settings.search
    sampler = Sampler(
        public,
        ways,
        SampleSettings(seed=seed, form=form, max_tokens=settings.max_tokens),
        turns=turns_of(public, settings),
        offer=offer_of(public, settings, form),
    )
    if search == "once":
        picks = evenly(ways, most)
        return sampler.requests(picks[:count]) + sampler.requests(picks[count:]), count
    if search == FEEDBACK:
        in_round = evenly(ways, min(count, round_size(settings, 1)))
        asks, most = [Ask(way) for way in in_round], count
    else:
        asks = strategy(search, ways, most, width=width, seed=seed).next(())
    first = [sampler.request(ask) for ask in asks]
    later = _later(search, ways, settings.max_tokens or answer_tokens)
    longest = max((sampler.request(ask) for ask in later), key=_size, default=None)
    rest = [] if longest is None else [longest] * (most - len(first))
    if search == FEEDBACK:
        return first + rest, len(first)
    # Fewer answers may come in smaller rounds.
    least = strategy(search, ways, count, width=width, seed=seed).next(())
    return first + rest, min(count, len(first), len(least))


def foresee_tools(
    public: PublicProblem, settings: RunSettings, form: PromptForm, asked: Sequence[Request]
) -> list[Request]:
    """Return the longest further turns that the answers to these questions may take with tools.

    The results of all calls, and whatever the model writes, are in the turns that come after.
    """
    if offer_of(public, settings, form) is None or not asked:
        return []
    longest = max(asked, key=_size)
    each = -(-settings.tool_tokens // settings.tool_calls)
    turns = []
    for number in range(1, settings.tool_calls + 1):
        told = "x" * (_BYTES_A_TOKEN * settings.tool_tokens + number * MOST_RESULT)
        messages = (*longest.messages, Message("user", told))
        turns.append(replace(longest, messages=messages, at_most=each, prefill=""))
    return [turn for turn in turns for _ in asked]


def foresee_reviews(
    public: PublicProblem,
    languages: Sequence[str],
    count: int,
    *,
    answer_tokens: int,
    max_tokens: int,
) -> list[Request]:
    """Return the longest questions that a reviewer of `count` programs may get.

    A program is taken from an answer of `answer_tokens`; a review has at most `max_tokens`.
    """
    sampler = Sampler(public, [], SampleSettings(max_tokens=max_tokens, think_apart=True))
    text = "x" * (_BYTES_A_TOKEN * answer_tokens)
    asks = [Ask(Arm("review", language), values={"program": text}) for language in languages]
    return [max((sampler.request(ask) for ask in asks), key=_size)] * count


def _later(search: str, ways: Sequence[Arm], max_tokens: int) -> list[Ask]:
    """One question of each kind that may come after the first round."""
    answer = "x" * (_BYTES_A_TOKEN * max_tokens)
    failure = "x" * _FAILURE_BYTES
    languages = list(dict.fromkeys(way.language for way in ways))
    values = {"program": answer, "failure": failure, "answer": answer, "plan": answer}
    values |= {
        "feedback": "x" * _STANDING_BYTES,
        "references": "x" * (4 * ROOM + _FAILURE_BYTES),
        "task": max(TASKS.values(), key=len),
    }
    kinds = {
        "rounds": (),
        "mixed": ("repair", "continue"),
        "chains": ("repair", "continue"),
        "tree": ("direct", "repair", "continue", "outline", "critic", "carry"),
        FEEDBACK: ("repair", "continue", "revise"),
    }[search]
    asks = [Ask(Arm(kind, language), values=values) for kind in kinds for language in languages]
    return asks if search == "tree" else [*asks, *map(Ask, ways)]


def _size(request: Request) -> int:
    return sum(len(message.content.encode("utf-8", "replace")) for message in request.messages)
