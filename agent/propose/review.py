"""A reviewer: a model, best not the one that wrote the programs, says how likely each is right.

Programs are hostile text here: their comments and docstrings are stripped, the rest is quoted
between marks that it cannot contain, and the reviewer's answer is read as one number and nothing
else. The number is a feature among others, never a verdict.

A model that was trained to verify is asked for one word instead, and how likely it found `Yes` is
read off the log-probabilities (Zhang et al., 2024, "Generative Verifiers", arXiv:2408.15240).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from medalist.agent.llm.contract import Completion, Model, PromptForm, Request
from medalist.agent.llm.logprobs import chances
from medalist.agent.propose.sample import REFUSED, Arm, Ask, Sampler, SampleSettings
from medalist.agent.quote import cut_middle, quoted, without_comments
from medalist.agent.types import Program
from medalist.problems.model import PublicProblem

ReviewBy = Literal["number", "likelihood"]

UNSURE = 0.5
MAX_TOKENS = 512
"""Most tokens of a review; what a model thinks before it comes on top."""
MOST_REVIEWS = 16
"""Programs of a problem that are shown to a reviewer at most."""

_MOST_CHARACTERS = 8000
# A small model that is let talk never comes to a number.
_PREFILL = "Chance in percent that it is correct: "
_PREFILLED_TOKENS = 8
_YES, _NO = "Yes", "No"
_WORD_TOKENS = 4
_LIKELIEST = 5
_LEAST, _MOST = 0.05, 0.95
_WORD_ALONE = 0.25  # a word without its probability moves the opinion by so much
_LINES, _WIDTH = 3, 200  # lines from the end, no wider, among which the number is looked for
_NUMBER = re.compile(
    r"[\W_]*(?:[A-Za-z ]{1,40}[:=]\s*)?[\W_]*(?:\\?boxed\{)?(\d{1,3})(?:\s*/\s*100|\s*\\?%)?[\W_]*"
)


def review(
    public: PublicProblem,
    programs: Sequence[Program],
    model: Model,
    *,
    by: ReviewBy = "number",
    seed: int = 0,
) -> Iterator[tuple[str, float]]:
    """Yield program id and the reviewer's opinion from 0.05 to 0.95, as answers come.

    Programs of one text without comments share one question; a refusal is not an opinion (0.5).

    Args:
        public: The problem.
        programs: What to judge.
        model: The reviewer; its traits say in which form it is asked.
        by: What is read: a number that it writes, or how likely it found the word `Yes`.
        seed: Seed of the run.

    Raises:
        ModelFailure: The endpoint cannot be used.
        BudgetExhausted: A cap was reached; opinions that came were yielded.
    """
    sampler = Sampler(
        public,
        [],
        SampleSettings(
            seed=seed,
            form=model.traits.prompt_form,
            max_tokens=MAX_TOKENS,
            temperature=0.0,
            top_p=0.95,
            think_apart=True,
        ),
    )
    alike: dict[tuple[str, str], list[str]] = {}
    for program in programs:
        shown = without_comments(program.language, program.source)
        alike.setdefault((program.language, shown), []).append(program.program_id)
    requests: list[Request] = []
    ids_of: dict[str, list[str]] = {}
    for (language, shown), ids in alike.items():
        program_text = quoted(cut_middle(shown, _MOST_CHARACTERS), "program")
        # The same program may be an answer to two problems of a run.
        parent = f"{public.problem_id}/{ids[0]}"
        prompt = "verify" if by == "likelihood" else "review"
        ask = Ask(Arm(prompt, language), parent=parent, values={"program": program_text})
        requests.append(_formed(sampler.request(ask), by, model.traits.prompt_form))
        ids_of[requests[-1].request_id] = ids
    for completion in model.complete(requests):
        value = _read(completion, by, model.traits.prompt_form)
        for program_id in ids_of[completion.request_id]:
            yield program_id, value


def _formed(request: Request, by: ReviewBy, form: PromptForm) -> Request:
    if by == "likelihood":
        return replace(request, max_tokens=_WORD_TOKENS, logprobs=_LIKELIEST, choices=(_YES, _NO))
    if form == "small":
        return number_asked(request)
    return request


def _read(completion: Completion, by: ReviewBy, form: PromptForm) -> float:
    if completion.finish in REFUSED:
        return UNSURE
    if by == "likelihood":
        return likelihood(completion)
    if completion.finish == "length" and form != "small":
        return UNSURE
    return opinion(completion.text)


def likelihood(completion: Completion) -> float:
    """Return how likely the answer `Yes` was against `No`, from 0.05 to 0.95.

    Where the endpoint gave no log-probabilities, 0.75 for the word `Yes` and 0.25 for `No`; 0.5 for
    any other answer.
    """
    known = chances(completion, (_YES, _NO))
    if known is not None:
        return min(_MOST, max(_LEAST, known[_YES]))
    word = re.sub(r"[\W_]+", " ", completion.text).strip().casefold()
    if word not in (_YES.casefold(), _NO.casefold()):
        return UNSURE
    return UNSURE + (_WORD_ALONE if word == _YES.casefold() else -_WORD_ALONE)


def number_asked(request: Request) -> Request:
    """Return a question so begun that a small model answers it with a number at once."""
    return replace(request, prefill=_PREFILL, max_tokens=_PREFILLED_TOKENS)


def opinion(text: str) -> float:
    """Read a number from 0 to 100 off one of the last lines; 0.5 where none holds just a number.

    What is only mentioned (`this Python 3 program`) is not an opinion, and neither is 1: on this
    scale it says "hopeless", but those who write it mean "yes". The ends are kept away from 0 and
    1: no opinion decides alone.
    """
    lines = [line for line in text.splitlines() if re.search(r"\w", line)]
    for line in reversed(lines[-_LINES:]):
        if len(line) <= _WIDTH and (match := _NUMBER.fullmatch(line)):
            number = min(100, int(match[1]))
            return UNSURE if number == 1 else min(_MOST, max(_LEAST, number / 100))
    return UNSURE
