"""From a problem to requests, and from completions to candidates."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle, islice, repeat
from typing import TypeVar

from medalist.agent.llm.contract import Completion, Model, PromptForm, Request
from medalist.agent.prompts import PORTFOLIO, PromptParts, render
from medalist.agent.prompts.render import ShownForm
from medalist.agent.propose.tool_protocol import ToolOffer
from medalist.agent.types import Candidate
from medalist.problems.model import PublicProblem

_WITH_TOOLS = frozenset({*PORTFOLIO, "repair", "revise", "carry"})
"""Prompts that ask for a program, so that it may be tested before it is given."""
Way = TypeVar("Way")

REFUSED = frozenset({"refusal", "content_filter"})


@dataclass(frozen=True, order=True)
class Arm:
    """One way to ask: a prompt of the portfolio and a language family."""

    prompt_id: str
    language: str


@dataclass(frozen=True)
class Ask:
    """One thing to ask: a way, and for a prompt about an earlier answer, which one.

    Attributes:
        arm: Prompt and language.
        parent: The candidate that this one revises, continues or builds on.
        values: What the template wants to know about it (`program`, `failure`, ...).
        prefill: The beginning of the answer, in place of the template's.
        subtask: Ask with the statement of this subtask alone; None for what the sampler's turns
            say.
        shown: The candidates whose programs it shows; see `Candidate.shown`.
    """

    arm: Arm
    parent: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    prefill: str | None = None
    subtask: str | None = None
    shown: tuple[str, ...] = ()


def arms(prompts: Sequence[str], languages: Sequence[str]) -> list[Arm]:
    """All ways to ask, so ordered that any few of them in a row differ in prompt and language."""
    return [
        Arm(prompt, languages[(row + column) % len(languages)])
        for row in range(len(languages))
        for column, prompt in enumerate(prompts)
    ]


def evenly(ways: Sequence[Way], count: int) -> list[Way]:
    """Give each way to ask the same share of `count` samples, the first ones one more."""
    return list(islice(cycle(ways), count))


@dataclass(frozen=True)
class SampleSettings:
    """How a model is asked for answers.

    Attributes:
        seed: Seed of the run; every request has its own, derived from it.
        form: Of the prompts (see `prompts.render`).
        max_tokens: Most tokens of an answer, thinking included; None for what suits the model.
        temperature, top_p: None leaves them to the model.
        think_apart: A model that thinks first gets the room for that on top of `max_tokens`.
        mark: Stands behind the prompt in ids, where a problem has several samplers.
    """

    seed: int = 0
    form: PromptForm = "full"
    max_tokens: int | None = None
    temperature: float | None = 0.8
    top_p: float | None = 0.95
    think_apart: bool = False
    mark: str = ""


class Sampler:
    """Asks a model about one problem; the same calls make the same requests in every run.

    Attributes:
        public: The problem.
        ways: The ways to ask; after a refusal the next one of them is tried.
        offer: How tools are offered; None where they are not.
    """

    def __init__(
        self,
        public: PublicProblem,
        ways: Sequence[Arm],
        settings: SampleSettings = SampleSettings(),
        *,
        turns: Iterator[str | None] | None = None,
        offer: ToolOffer | None = None,
    ) -> None:
        """Set what all requests share.

        Args:
            public: The problem.
            ways: At least one way to ask.
            settings: How it is asked.
            turns: The subtask of each answer in turn that depends on no other one (see
                `subtask_turns`); None always asks with the whole statement.
            offer: How tools are offered where a program is asked for; None offers none.
        """
        self.public = public
        self.ways = list(ways)
        self._settings = settings
        self._turns = turns or repeat(None)
        self.offer = offer
        self._asked: Counter[str] = Counter()
        self._ask_of: dict[str, Ask] = {}
        self._place: dict[str, int] = {}
        self._pick: dict[str, int] = {}
        self._picked = 0

    def requests(self, picks: Iterable[Arm]) -> list[Request]:
        """Make one request a pick; those that share a prompt stand together.

        Ids are `<problem>[:<subtask>]/<prompt>/<language>/<number>`, numbered on for each way and
        subtask.
        """
        asks = list(enumerate(self._in_turn(Ask(arm)) for arm in picks))
        made = []
        for pick, ask in sorted(asks, key=lambda item: (item[1].subtask or "", item[1].arm)):
            request = self._request(ask)
            self._pick[request.request_id] = self._picked + pick
            made.append(request)
        self._picked += len(asks)
        return made

    def sample(self, model: Model, requests: Sequence[Request]) -> Iterator[Candidate]:
        """Ask, and yield candidates as answers come.

        A refusal is yielded too (it was paid for), and another prompt is tried in its place
        until every prompt of the portfolio refused.

        Raises:
            ModelFailure: The endpoint cannot be used.
            BudgetExhausted: A cap was reached; everything that came was yielded.
        """
        tried = {request.request_id: {self._ask_of[request.request_id].arm} for request in requests}
        todo = list(requests)
        while todo:
            again: list[tuple[str, set[Arm]]] = []
            for completion in model.complete(todo):
                yield self.candidate(completion)
                if completion.finish in REFUSED:
                    again.append((completion.request_id, tried[completion.request_id]))
            todo = []
            for refused, known in sorted(again, key=lambda item: item[0]):
                other = next((arm for arm in self.ways if arm not in known), None)
                if other is not None:
                    request = self._request(Ask(other, subtask=self._ask_of[refused].subtask))
                    tried[request.request_id] = known | {other}
                    todo.append(request)

    def candidate(self, completion: Completion) -> Candidate:
        """Turn the answer to one of this sampler's requests into a candidate of the same id."""
        ask = self._ask_of[completion.request_id]
        return Candidate(
            candidate_id=completion.request_id,
            text=completion.text,
            reasoning=completion.reasoning,
            finish=completion.finish,
            prompt_id=ask.arm.prompt_id,
            model=completion.model,
            usage=completion.usage,
            parent=ask.parent,
            language=ask.arm.language,
            subtask=ask.subtask,
            shown=ask.shown,
        )

    def language_with_tools(self, request_id: str) -> str | None:
        """Return the language of a request that offers tools; None for one that does not."""
        arm = self._ask_of[request_id].arm
        return arm.language if self._offers(arm) else None

    def _offers(self, arm: Arm) -> bool:
        return self.offer is not None and arm.prompt_id in _WITH_TOOLS

    def place(self, candidate: Candidate) -> int:
        """Return how many requests were made before this candidate's: the order of asking."""
        return self._place[candidate.candidate_id]

    def turn(self, candidate: Candidate) -> int:
        """Return which of all picks (see `requests`) a candidate answers.

        One that was asked for in place of a refusal stands where its number in its way puts it.
        """
        pick = self._pick.get(candidate.candidate_id)
        if pick is not None:
            return pick
        number = int(candidate.candidate_id.rpartition("/")[2])
        way = self._ask_of[candidate.candidate_id].arm
        return number * len(self.ways) + self.ways.index(way)

    def request(self, ask: Ask) -> Request:
        """Make the next request of this kind.

        An id about an earlier answer is that answer's, followed by `>`, prompt and number.
        """
        return self._request(self._in_turn(ask))

    def ask_afresh(
        self, request: Request, request_id: str, program: str | None, failure: str
    ) -> Request:
        """Phrase the result of an answer's program as a separate question.

        Args:
            request: One of this sampler's requests.
            request_id: Of the new one; its seed follows from it.
            program: The program in its fence; None leaves it out, for a model that copies it.
            failure: How it failed.
        """
        ask = self._ask_of[request.request_id]
        parts = render(
            "retry" if program is None else "repair",
            self.public,
            ask.arm.language,
            ShownForm(form=self._settings.form, subtask=ask.subtask),
            values={"failure": failure} | ({} if program is None else {"program": program}),
        )
        return replace(
            request,
            request_id=request_id,
            messages=parts.messages,
            seed=self._seed(request_id),
            stop=parts.stop,
            prefill=parts.prefill,
            tools=(),
        )

    def _seed(self, request_id: str) -> int:
        digest = hashlib.sha256(f"{self._settings.seed}/{request_id}".encode()).digest()
        return int.from_bytes(digest[:4], "big") >> 1

    def _in_turn(self, ask: Ask) -> Ask:
        """Give an ask that depends on no answer the subtask whose turn it is."""
        if ask.parent is not None or ask.subtask is not None:
            return ask
        return replace(ask, subtask=next(self._turns))

    def _request(self, ask: Ask) -> Request:
        arm = ask.arm
        name = self.public.problem_id + (f":{ask.subtask}" if ask.subtask else "")
        stem = f"{name}/{arm.prompt_id}{self._settings.mark}/{arm.language}"
        if ask.parent is not None:
            stem = f"{ask.parent}>{arm.prompt_id}"
        request_id = f"{stem}/{self._asked[stem]}"
        self._asked[stem] += 1
        self._ask_of[request_id] = ask
        self._place[request_id] = len(self._place)
        parts = render(
            arm.prompt_id,
            self.public,
            arm.language,
            ShownForm(form=self._settings.form, subtask=ask.subtask),
            values=ask.values,
        )
        if self.offer is not None and self._offers(arm):
            parts = with_offer(parts, self.offer)
            ask = replace(ask, prefill="")
        return Request(
            request_id=request_id,
            messages=parts.messages,
            max_tokens=self._settings.max_tokens,
            temperature=self._settings.temperature,
            top_p=self._settings.top_p,
            think_apart=self._settings.think_apart,
            seed=self._seed(request_id),
            stop=parts.stop,
            prefill=parts.prefill if ask.prefill is None else ask.prefill,
            tools=self.offer.specs if self.offer is not None and self._offers(arm) else (),
        )


def with_offer(parts: PromptParts, offer: ToolOffer) -> PromptParts:
    """Add to a question that tools may be used; its answer begins and ends as the model wants."""
    *before, asked = parts.messages
    asked = replace(asked, content=f"{asked.content}\n\n{offer.text}")
    return PromptParts((*before, asked))
