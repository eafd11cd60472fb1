"""What a run was asked for: the first event of its journal.

A plan holds what was set. What was not set, by an earlier version that did not know it, is missing
from `given()`: it was as it is by default. What this version does not know stays in it.
"""

from __future__ import annotations

from pydantic import (
    BaseModel,
    ConfigDict,
    JsonValue,
    SerializerFunctionWrapHandler,
    model_serializer,
)

from medalist.agent.journal.kind import EventKind


class PlannedSettings(BaseModel):
    """The settings of a run, as far as they were set.

    Attributes:
        candidates: How many completions to ask for.
        languages: Language families to ask for, in order of preference.
        prompts: Prompts of the portfolio.
        seed: For all that is drawn by lot.
        max_tokens: Most tokens of an answer.
        temperature: How answers are drawn.
        top_p: How answers are drawn.
        top_k: How answers are drawn.
        min_p: How answers are drawn.
        reasoning_effort: How much the model is told to think.
        extra_body: Further fields of each request, as JSON.
        evidence: How many inputs to make.
        mutants: By how many mutants to measure them.
        search: How to search.
        width: Answers a round.
        most: Up to how many candidates a policy may get.
        target: End a search when the chance that a right program is there reaches this.
        generators: How many programs to ask for that make inputs.
        validators: How many to ask for that check them.
        subtask_generators: How many to ask for with the statement of each subtask.
        subtask_validators: How many to ask for that check what a subtask promises.
        brute: How many brute-force programs to ask for.
        tests: How many questions ask for test cases with outputs.
        checkers: How many to ask for that judge outputs.
        privileged_equality: Whether outputs are compared by the package's own checker.
        pair_generators: How many questions ask for inputs that separate two programs.
        duels: How many pairs of programs a model compares.
        subtask_share: The share of the answers that is asked with the statement of one subtask.
        effort: The dial from which comes what was not set.
        tools: How the model may call tools: `native`, `text`, or empty for not at all.
        tool_calls: Tool calls per answer.
        tool_seconds: Seconds in which they may run.
        tool_tokens: Tokens of an answer in all its turns.
        tool_submissions: Submissions that the model may make itself.
        tool_repair: What it is asked after its program failed a sample: `conversation` or `afresh`.
        rounds: How many rounds with feedback at most.
        last_round: Answers of the last of them.
        round_submissions: Submissions after each of them.
        allocate: A digest of the allocation that says how many candidates a problem gets; empty
            without one.
        small: Whether the model gets short prompts.
        review_by: What is read of a reviewer's answer: `likelihood`, or empty for a number.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    candidates: int | None = None
    languages: tuple[str, ...] | None = None
    prompts: tuple[str, ...] | None = None
    seed: int | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    reasoning_effort: str | None = None
    extra_body: str | None = None
    evidence: int | None = None
    mutants: int | None = None
    search: str | None = None
    width: int | None = None
    most: int | None = None
    target: float | None = None
    generators: int | None = None
    validators: int | None = None
    subtask_generators: int | None = None
    subtask_validators: int | None = None
    brute: int | None = None
    tests: int | None = None
    checkers: int | None = None
    privileged_equality: bool | None = None
    pair_generators: int | None = None
    duels: int | None = None
    subtask_share: float | None = None
    effort: str | None = None
    tools: str | None = None
    tool_calls: int | None = None
    tool_seconds: float | None = None
    tool_tokens: int | None = None
    tool_submissions: int | None = None
    tool_repair: str | None = None
    rounds: int | None = None
    last_round: int | None = None
    round_submissions: int | None = None
    allocate: str | None = None
    review_by: str | None = None
    small: bool | None = None

    def given(self) -> dict[str, JsonValue]:
        """Return the settings that were given, as JSON values."""
        return self.model_dump(mode="json")

    @model_serializer(mode="wrap")
    def _set_alone(self, plain: SerializerFunctionWrapHandler) -> dict[str, object]:
        return {name: value for name, value in plain(self).items() if name in self.model_fields_set}


class SolvePlan(PlannedSettings):
    """What a run over one problem, or of a contest's participant, was asked for.

    Other fields are options of a participant (see `docs/contests.md`), or of a later version.

    Attributes:
        problem: The problem; missing for a participant.
        statement: The first 16 digits of the SHA-256 of its public half.
        model: The model.
        reviewer: The model that reviews.
        reviewer_small: Whether that one gets short prompts.
        policy: The policy's name.
    """

    problem: str | None = None
    statement: str | None = None
    model: str | None = None
    reviewer: str | None = None
    reviewer_small: bool | None = None
    policy: str | None = None


class PlannedProblem(BaseModel):
    """A problem of a batch.

    Attributes:
        id: Its id, unique in the batch.
        path: Its address.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    path: str = ""


class BatchPlan(BaseModel):
    """What a batch was asked for.

    Attributes:
        version: The medalist that began it.
        archives: Where the problems are.
        filter: Which of them were wanted.
        limit: How many at most.
        shard: Which part of the batch this is (`2/5`); null for the whole.
        schedule: How the budget is shared out.
        submissions: How many submissions a problem has.
        policy: The policy's name.
        model: The model.
        settings: The settings.
        problems: The problems, in order.
        listed: How many there are in all shards together.
        list: A digest of all their ids: equal for all shards of one batch.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    version: str | None = None
    archives: tuple[str, ...] | None = None
    filter: str | None = None
    limit: int | None = None
    shard: str | None = None
    schedule: str | None = None
    submissions: int | None = None
    policy: str | None = None
    model: str | None = None
    settings: PlannedSettings = PlannedSettings()
    problems: tuple[PlannedProblem, ...] = ()
    listed: int | None = None
    list: str | None = None

    def given(self) -> dict[str, JsonValue]:
        """Return the settings that were given, as JSON values."""
        return self.model_dump(mode="json")

    @model_serializer(mode="wrap")
    def _set_alone(self, plain: SerializerFunctionWrapHandler) -> dict[str, object]:
        return {name: value for name, value in plain(self).items() if name in self.model_fields_set}


SOLVE, BATCH = "solve", "batch"

SOLVE_PLAN = EventKind(
    "plan",
    SolvePlan,
    key=f"always `{SOLVE}`",
    doc="A run over one problem, or a contest's participant, begins.",
    only=SOLVE,
)
BATCH_PLAN = EventKind(
    "plan", BatchPlan, key=f"always `{BATCH}`", doc="A batch begins.", only=BATCH
)
