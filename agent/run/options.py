"""What decides how a problem is solved and what that may cost: each option is declared here, once.

They are options of `medalist solve` and `medalist batch`, keys of a batch's config file and of a
contest's participants, and arguments of `medalist.solve`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)
from pydantic.config import JsonDict

from medalist.agent.choose.allocation import Allocation
from medalist.agent.choose.policies import POLICIES
from medalist.agent.choose.policy import MIN_BELIEF, Policy
from medalist.agent.languages import usual_languages
from medalist.agent.llm.contract import Budget
from medalist.agent.llm.profiles import Api
from medalist.agent.llm.settings import ModelSettings, load_settings
from medalist.agent.propose.review import ReviewBy
from medalist.agent.propose.search import FEEDBACK
from medalist.agent.run import words
from medalist.agent.run.usual import (
    DUELING,
    DUELS,
    MOST_SUBMISSIONS,
    ROUND_SUBMISSIONS,
    Effort,
    by_effort,
)
from medalist.errors import BadInput


def _joined(value: object) -> object:
    """Let a list stand where the command line has commas."""
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else value


def _as_json(value: object) -> object:
    """Let a mapping stand where the command line has JSON."""
    return json.dumps(value) if isinstance(value, Mapping) else value


ToolUse = Literal["off", "auto", "native", "text"]
ToolRepair = Literal["conversation", "afresh"]
Words = Annotated[str, BeforeValidator(_joined)]
JsonText = Annotated[str, BeforeValidator(_as_json)]


def option(
    default: Any,
    help_: str,
    *,
    short: str | None = None,
    metavar: str | None = None,
    **limits: float,
) -> Any:
    """Declare a field that is an option: its default, its help, its limits (`ge`, `le`)."""
    extra: JsonDict = {"short": short, "metavar": metavar}
    return Field(
        default,
        description=help_,
        ge=limits.get("ge"),
        le=limits.get("le"),
        json_schema_extra=extra,
    )


class RunOptions(BaseModel):
    """How a problem is solved, and what that may cost; None is what suits the model.

    The help of the command line describes each.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    effort: Effort | None = option(
        None,
        "Sets every amount that has no option of its own given: candidates, inputs, duels, "
        "submissions ... Default: medium from an endpoint, low from the embedded model.",
    )
    candidates: int | None = option(
        None,
        f"Completions to sample. {by_effort('candidates')}",
        short="-n",
        ge=1,
    )
    most: int | None = option(
        None,
        "Continue past -n, up to N candidates, while the policy expects more to pay off. "
        f"{by_effort('most')} If -n is given, the default is to stop there.",
        ge=1,
    )
    submissions: int | None = option(
        None,
        f"Submissions to the local judge. {by_effort('submissions')} With --search feedback "
        f"those of all rounds, {MOST_SUBMISSIONS} at most.",
        ge=0,
    )
    lang: Words | None = option(
        None,
        f"Languages to ask for. Default: {','.join(usual_languages('small'))} from the embedded "
        f"model, {','.join(usual_languages('full'))} from an endpoint.",
    )
    model: str | None = option(
        None,
        "A model's name at the configured endpoint, `embedded`, `embedded:0.5b`, "
        "`embedded:0.5b+ADAPTER` (a LoRA in a GGUF file), or `recorded:RUN`. Default: the "
        "configured endpoint if there is one, else `embedded`.",
    )
    prompts: Words | None = option(
        None,
        "Prompts of the portfolio. Default: direct from the embedded model, direct,reason from "
        "an endpoint.",
    )
    search: str | None = option(
        None,
        "once: ask for everything at once; rounds: independent answers (a bandit over the "
        "prompts); mixed: rounds in which up to half of the answers repair what failed; chains of "
        "repairs; a tree of plans, programs and repairs; feedback: rounds of answers, a few of "
        "which are submitted, and what the judge shows of them stands in the next round's prompts. "
        f"All but once end early when a problem turns out to be easy. {by_effort('search')}",
    )
    width: int | None = option(
        None,
        f"Answers per round of a search. {by_effort('width')}",
        ge=1,
    )
    rounds: int | None = option(
        None,
        "Rounds of --search feedback, of --width answers each; the last one has what is left of "
        f"-n. {by_effort('rounds')} 0: as many as -n needs.",
        ge=1,
    )
    last_round: int | None = option(
        None, "Answers of the last round of --search feedback. Default: what is left of -n.", ge=1
    )
    round_submissions: int | None = option(
        None,
        "Submissions after each round of --search feedback but the last, which may make all that "
        f"are left. Default: {ROUND_SUBMISSIONS}.",
        ge=0,
    )
    moves_from: Path | None = option(
        None,
        "An earlier run of the same model with --search feedback: what its moves (new samples, "
        "kinds of revisions) earned is where this one begins to share out its rounds.",
    )
    evidence: int | None = option(
        None,
        f"Inputs that are generated to see how programs behave on them. {by_effort('evidence')}",
        ge=0,
    )
    mutants: int | None = option(
        None,
        "Mutation-test the generated inputs with N mutants of the leading program; generate more "
        "if too few are killed. {by_effort('mutants')}",
        ge=0,
    )
    generators: int | None = option(
        None,
        f"Input generators that the model writes; 0 for none. {by_effort('generators')}",
        ge=0,
        le=64,
    )
    subtask_generators: int | None = option(
        None,
        "Input generators that the model writes for each subtask, from its statement alone. "
        "Default: half of --generators.",
        ge=0,
        le=64,
    )
    validators: int | None = option(
        None,
        f"Validators that the model writes, whose vote keeps inputs. {by_effort('validators')}",
        ge=0,
        le=64,
    )
    subtask_validators: int | None = option(
        None,
        "Validators that the model writes for each subtask of which the promises are no bounds on "
        f"named values; they say which inputs keep them. {by_effort('subtask_validators')}",
        ge=0,
        le=64,
    )
    brute: int | None = option(
        None,
        "Brute-force programs that the model writes beside the candidates: slow, but simple; "
        "outputs that two of them agree on are taken as correct. {by_effort('brute')}",
        ge=0,
        le=64,
    )
    tests: int | None = option(
        None,
        "Questions that each ask for several test cases with predicted outputs; these vote, and "
        "are not taken as correct. {by_effort('tests')}",
        ge=0,
        le=64,
    )
    checkers: int | None = option(
        None,
        "Checkers that the model writes where many answers may be right: those that are kept, two "
        f"at least, say which outputs count as equal. {by_effort('checkers')}",
        ge=0,
        le=16,
    )
    privileged_equality: bool = option(
        False,
        "Compare outputs by the package's own checker, which a contestant does not have: for "
        "measurements. Every result states it.",
    )
    pair_generators: int | None = option(
        None,
        "Questions that each ask for a generator of inputs on which two strong programs print "
        f"different outputs. {by_effort('pair_generators')}",
        ge=0,
        le=64,
    )
    duels: int | None = option(
        None,
        "Pairs of programs of different behaviour that a model compares, each in both orders "
        f"(the reviewer, if there is one). {by_effort('duels')} At least {DUELS} from an endpoint "
        f"under the policies {' and '.join(DUELING)}.",
        ge=0,
    )
    subtask_share: float | None = option(
        None,
        "The share of the answers (0 to 1) that is asked with the statement of one subtask alone, "
        f"by its points. {by_effort('subtask_share')}",
        ge=0,
        le=1,
    )
    tools: ToolUse | None = option(
        None,
        "Let the model run programs while it answers, in the sandbox: on the samples, on inputs "
        "of its own, against a brute force, on inputs at the bounds. auto: as calls of functions "
        "where its profile says that it has them, else as text; off. "
        f"{by_effort('tools')}",
    )
    tool_calls: int | None = option(
        None, "Tool calls per answer. Default: as its profile says, 12; 4 for `embedded`.", ge=1
    )
    tool_seconds: float | None = option(
        None,
        "Seconds that the tool calls of an answer may run. Default: as its profile says, 60; 20 "
        "for "
        "`embedded`.",
        ge=0.1,
    )
    tool_tokens: int | None = option(
        None,
        "Maximum tokens of an answer with tools, all turns together. Default: four times "
        "the limit of an answer, twice that of one that is thought about first.",
        ge=1,
    )
    tool_submissions: int | None = option(
        None,
        "Submissions that the model may make itself with a tool, of all answers to a problem "
        "together; they count like any other, and at least one is left to the policy. Default: 0.",
        ge=0,
    )
    tool_repair: ToolRepair | None = option(
        None,
        "How a program that fails a sample in a call is repaired. conversation: the model goes on; "
        "afresh: it is asked anew, once with the program and how it fails, then with the failing "
        "sample alone. Default: as its profile says, conversation; afresh for `embedded`, which "
        "repeats itself.",
    )
    min_belief: float | None = option(
        None,
        "Submit nothing if even the best program is expected to gain less than this share of the "
        f"points. Default: {MIN_BELIEF:g}.",
        ge=0,
        le=1,
    )
    always_submit: bool = option(
        False, "Submissions are free: submit the best program, however doubtful."
    )
    seed: int | None = option(None, "Seed of the run.")
    max_tokens: int | None = option(
        None,
        "Maximum tokens per answer, thinking included. Default: 4096, or for a model that thinks "
        "first what its profile says (16384 to 65536), within its context.",
        ge=1,
    )
    context: int | None = option(
        None, "Maximum tokens of prompt and answer together. Default: what the endpoint says.", ge=1
    )
    temperature: float | None = option(
        None, "Default: as the model's makers advise, else 0.8.", ge=0, le=5
    )
    top_p: float | None = option(
        None, "Default: as the model's makers advise, else 0.95.", ge=0.000001, le=1
    )
    top_k: int | None = option(None, "Default: as the model's makers advise; 0 is no limit.", ge=0)
    min_p: float | None = option(None, "Default: as the model's makers advise.", ge=0, le=1)
    reasoning_effort: str | None = option(
        None,
        "How much a model that thinks first shall think, in its own words (low, high, ...); `none` "
        "where it shall not. Default: as its profile says.",
    )
    api: Api | None = option(
        None,
        "API of the endpoint: `chat` completions, OpenAI's `responses`, or Anthropic's "
        "`messages`. Default: as its profile says, else chat.",
    )
    extra_body: JsonText | None = option(
        None, "Extra fields of each request's body; they take precedence.", metavar="JSON"
    )
    timeout: float | None = option(
        None,
        "Timeout of one answer, in seconds. Default: 900, or 3600 for a model that thinks first "
        "and for the embedded one.",
        ge=0.001,
    )
    concurrency: int | None = option(None, "Maximum requests in flight. Default: 32.", ge=1)
    patience: float | None = option(
        None,
        "Seconds to wait for an endpoint that is temporarily unavailable. Default: 600.",
        ge=0,
    )
    policy: str | None = option(
        None,
        f"Policy that chooses what is submitted: {', '.join(POLICIES)}, or a Python file. "
        f"Default: medalist.",
    )
    weights: Path | None = option(
        None,
        "Weights of the belief, as `medalist fit` writes them. Default: the shipped weights.",
    )
    verifier: Path | None = option(
        None,
        "What `medalist train verifier` learned from right and wrong programs of earlier runs: one "
        "more source of evidence for the policy. Default: none.",
    )
    allocate: Path | None = option(
        None,
        "What `medalist train allocation` learned: ask for a few answers, look, and then stop, ask "
        "for more, or change to another model or strategy, as the file says; -n is the most. It "
        "also says how to begin, where no option does. Default: none.",
    )
    max_usd: float | None = option(None, "Maximum dollars for the run.", ge=0)
    price: Words | None = option(
        None,
        "Price of the model: dollars per million tokens of prompts and of answers.",
        metavar="IN,OUT",
    )
    max_run_tokens: int | None = option(None, "Maximum tokens for the run.", ge=1)
    max_requests: int | None = option(None, "Maximum requests for the run, retries included.", ge=0)
    max_seconds: float | None = option(None, "Maximum seconds of sampling.", ge=0)
    reviewer: str | None = option(
        None, "A second model (as --model) that reviews the best programs before a submission."
    )
    review_by: ReviewBy | None = option(
        None,
        "What is read of the reviewer's answer: `number`, the chance that it writes (default), or "
        "`likelihood`, how likely it found the word Yes: for models trained to verify, where the "
        "endpoint gives log-probabilities.",
    )
    target: float | None = option(
        None,
        "Stop sampling when the estimated chance that a right program is among the candidates "
        "reaches this (0 to 1); samples in rounds.",
        ge=0,
        le=1,
    )
    batch_api: bool = option(
        False,
        "Use the endpoint's Batch API: half the price, answers within a day. If interrupted, the "
        "same command fetches the answers.",
    )

    @field_validator("tools", mode="before")
    @classmethod
    def _off(cls, value: object) -> object:
        """Read `tools: off` as the word: YAML reads a truth value there."""
        return "off" if value is False else value

    @classmethod
    def given(cls, options: Mapping[str, Any]) -> RunOptions:
        """Check options of the command line or of a caller.

        Raises:
            BadInput: There is no such option, or its value is impossible.
        """
        try:
            return cls.model_validate(dict(options))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            field = f"--{str(first['loc'][0]).replace('_', '-')}"
            raise BadInput(first["msg"], field=field) from None

    def budget(self) -> Budget:
        """Return the caps of the run."""
        return Budget(
            usd=self.max_usd,
            tokens=self.max_run_tokens,
            requests=self.max_requests,
            seconds=self.max_seconds,
        )

    def allocated(self) -> Self:
        """Return the options with what the allocation says of those that are not given.

        Raises:
            BadInput: The file holds no allocation, or an option contradicts it.
        """
        if self.allocate is None:
            return self
        values = words.allocated(Allocation.load(self.allocate), self.most, self.target)
        given = {
            name
            for name in self.model_fields_set
            if getattr(self, name) != type(self).model_fields[name].default
        }
        return self.model_copy(
            update={name: value for name, value in values.items() if name not in given}
        )

    def chooser(self) -> Policy:
        """Return the policy.

        Raises:
            BadInput: There is no such policy, or it takes no weights or no verifier.
        """
        return words.policy(self.policy, self.weights, self.verifier)

    def least_belief(self) -> float:
        """Return below which expected gain nothing is submitted.

        Raises:
            BadInput: Two options contradict each other.
        """
        return words.least_belief(self.min_belief, self.always_submit)

    def configured(self) -> ModelSettings:
        """Return the user's settings of models with these options on top.

        Raises:
            BadInput: A price, a file or a variable is malformed.
        """
        return load_settings().given(
            temperature=self.temperature,
            top_p=self.top_p,
            top_k=self.top_k,
            min_p=self.min_p,
            reasoning_effort=self.reasoning_effort,
            api=self.api,
            context=self.context,
            patience_s=self.patience,
            extra_body=words.extra_body(self.extra_body),
            max_tokens=self.max_tokens,
            timeout_s=self.timeout,
            concurrency=self.concurrency,
            price=words.price(self.price),
        )

    def ignored(self) -> list[str]:
        """Name the options that were given and that the search makes nothing of."""
        if self.search == "tree" and self.prompts is not None:
            return ["--prompts is ignored: --search tree has its own prompts"]
        if self.search == FEEDBACK:
            ends = (
                "is ignored: --search feedback ends with its rounds, or when the problem is solved"
            )
            return [f"--{name} {ends}" for name in ("most", "target") if getattr(self, name)]
        if self.search is not None:
            rounds = ("rounds", "last_round", "round_submissions")
            without = [name for name in rounds if getattr(self, name) is not None]
            if without:
                option = without[0].replace("_", "-")
                return [f"--{option} is ignored: --search {self.search} has no such rounds"]
        if self.search == "once" and self.width is not None and self.target is None:
            return ["--width is ignored: --search once asks for everything at once"]
        return []
