"""What clients ask for: the bodies of requests, with their bounds."""

from __future__ import annotations

import os
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from medalist.agent.service.strict_json import check_values
from medalist.errors import BadInput
from medalist.problems.model import Equality, ProblemLimits

MOST_ITEMS = 1000
MOST_SOURCE_CHARS = 1 << 20
_LONGEST_NAME_BYTES = 200


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("Input should be a number, not true or false")
    return value


Number = Annotated[float, BeforeValidator(_number), Field(allow_inf_nan=False)]
Whole = Annotated[int, BeforeValidator(_number)]
Text = Annotated[str, Field(max_length=MOST_SOURCE_CHARS)]
Name = Annotated[str, Field(max_length=200)]
StopRule = Literal["rules", "never", "first-failing"]
RewardKind = Literal["binary", "fraction", "subtasks", "first-failing"]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class GivenTests(_Asked):
    """Tests that come with the request, and the limits of programs on them.

    `inputs` and `outputs` are texts, one of each a test; with `fn_name` they are the arguments
    of a Python function (one JSON value a line, or JSON values) and its result.
    """

    inputs: list[Any] = Field(max_length=10_000)
    outputs: list[Any] = Field(max_length=10_000)
    fn_name: Name | None = None
    time_limit_s: Number = Field(default=2.0, gt=0, le=60)
    memory_mb: Whole = Field(default=1024, gt=0, le=4096)
    equality: Equality | None = None

    @field_validator("inputs", "outputs")
    @classmethod
    def _can_be_written(cls, values: list[Any]) -> list[Any]:
        try:
            check_values(values)
        except BadInput as error:
            raise ValueError(str(error)) from error
        return values

    def limits(self) -> ProblemLimits:
        """The limits of programs."""
        return ProblemLimits(time_s=self.time_limit_s, memory_mb=self.memory_mb)


class _OnProblem(_Asked):
    problem: Name | None = Field(default=None, description="The id of a problem that is served.")
    tests: GivenTests | None = Field(default=None, description="Tests, in place of a problem.")

    @model_validator(mode="after")
    def _one_of_both(self) -> _OnProblem:
        if (self.problem is None) == (self.tests is None):
            raise ValueError("give either problem or tests")
        return self


class JudgeAsked(_OnProblem):
    """A program that is to be judged on a problem."""

    source: Text
    language: Name | None = Field(
        default=None, description="Language; detected from the program if missing."
    )
    standard: Name | None = Field(default=None, description="Standard of a C++ program.")
    stop: StopRule = Field(
        default="rules",
        description="When judging ends: as the problem's rules say (`medalist judge`), never "
        "before the last test (`--keep-going`), or with the first failing test of all.",
    )
    limit_scale: Number = Field(default=1.0, ge=0.01, le=10)
    name: Name = Field(default="", description="Returned as `source`.")


class RunLimitsAsked(_Asked):
    """Limits of each run."""

    cpu_s: Number = Field(default=10.0, gt=0, le=60)
    wall_s: Number | None = Field(
        default=None,
        gt=0,
        le=120,
        description="Seconds that a run may idle: sleep, or wait for what never comes.",
    )
    memory_mb: Whole = Field(default=1024, gt=0, le=4096)
    output_mb: Whole = Field(default=16, gt=0, le=64)
    processes: Whole = Field(default=16, gt=0, le=64, description="Processes and threads together.")


class RunAsked(_Asked):
    """A program that is to be run on inputs."""

    source: Text
    language: Name | None = None
    standard: Name | None = None
    files: dict[str, Text] = Field(
        default={}, max_length=100, description="Further files that it is compiled with."
    )
    stdins: list[str] = Field(default=[""], min_length=1, max_length=MOST_ITEMS)
    limits: RunLimitsAsked = RunLimitsAsked()
    stop_on_failure: bool = False


class RewardAsked(_OnProblem):
    """Answers to one prompt, each of which is to earn a reward."""

    answers: list[Text] = Field(min_length=1, max_length=MOST_ITEMS)
    reward: RewardKind | None = Field(
        default=None, description="The kind of reward; by default the one that the service states."
    )
    language: Name | None = Field(
        default=None, description="The language that was asked for; any other counts as well."
    )
    limit_scale: Number = Field(default=1.0, ge=0.01, le=10)


def first_fault(error: ValidationError) -> str:
    """Say what is wrong with tests or answers that came inside another client's request."""
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"]))
    said = first["msg"].removeprefix("Value error, ")
    return f"{place}: {said}" if place else said


def beside_program(name: str) -> str:
    """Return the name of a file in the working directory.

    Raises:
        BadInput: It leads out of there.
    """
    path = PurePosixPath(name)
    plain = name.isprintable() and not path.is_absolute() and ".." not in path.parts
    if not plain or not path.parts or len(os.fsencode(name)) > _LONGEST_NAME_BYTES:
        raise BadInput("not the name of a file beside the program", field=ascii(name[:40]))
    return str(path)
