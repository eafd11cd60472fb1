"""The request and response shapes of SandboxFusion's clients.

Shapes: `sandbox/server/sandbox_api.py` and `sandbox/datasets/types.py` of SandboxFusion 0.3, as its
SDK `sandbox-fusion` reads them, and `common_evaluate_batch` of ScaleBox's fork.
"""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from medalist.agent.extract import detect
from medalist.agent.languages import WRITTEN, is_taken
from medalist.agent.service.asked import (
    MOST_SOURCE_CHARS,
    GivenTests,
    Number,
    Whole,
    beside_program,
    first_fault,
)
from medalist.agent.service.service_judge import Rewarded
from medalist.errors import BadInput
from medalist.problems.formats.fields import parse_json
from medalist.problems.judging import TestResult
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import CompileResult
from medalist.sandbox.languages import LANGUAGES, row_named
from medalist.sandbox.outcome import Outcome, Status

_MOST_FILES = 100
_LOOKED_THROUGH = 1 << 16
_Row = dict[str, Any]
_Seconds = Annotated[Number, Field(gt=0, le=60)]
_NAMES = {"kotlin_script": "kotlin"}
"""What SandboxFusion calls languages that have other names here."""
_ENDED_BY = {Status.MEMORY: -9, Status.OUTPUT: -25}


class _Lenient(BaseModel):
    """A foreign client's body: what it says beyond this is passed over."""

    model_config = ConfigDict(extra="ignore")


class RunCodeAsked(_Lenient):
    """`POST /run_code`."""

    code: str = Field(max_length=MOST_SOURCE_CHARS)
    language: str | None = Field(default=None, max_length=50)
    stdin: str | None = None
    compile_timeout: _Seconds = 10.0
    run_timeout: _Seconds = 10.0
    memory_limit_MB: Whole = Field(default=-1, le=4096)  # noqa: N815  # as the client says
    files: dict[str, str | None] = Field(default={}, max_length=_MOST_FILES)
    fetch_files: list[str] = Field(default=[], max_length=_MOST_FILES)


class TestConfigAsked(_Lenient):
    """`config` of `POST /submit`: the tests, unless the problem is one that is served."""

    __test__ = False

    language: str | None = Field(default=None, max_length=50)
    run_timeout: _Seconds | None = None
    provided_data: dict[str, Any] | list[dict[str, Any]] | None = None
    extra: dict[str, Any] = {}


class SubmitAsked(_Lenient):
    """`POST /submit`."""

    completion: str = Field(max_length=MOST_SOURCE_CHARS)
    dataset: str = ""
    id: int | str = 0
    config: TestConfigAsked = TestConfigAsked()


def run_row(compiled: CompileResult, outcomes: list[Outcome], asked: RunCodeAsked) -> _Row:
    """Return what a compilation, and the run after it, look like to SandboxFusion's clients."""
    binary = LANGUAGES[compiled.language].produces != "scripts"
    failed = compiled.executable is None
    said = _ran("Finished", compiled.cpu_s, 1 if failed else 0, "", compiled.message)
    if failed and compiled.message.startswith("the compiler was stopped by the CPU limit"):
        said = _ran("TimeLimitExceeded", asked.compile_timeout, None, "", compiled.message)
    row: _Row = {
        "status": "Failed",
        "message": "",
        "compile_result": said if binary else None,
        "run_result": None,
        "executor_pod_name": None,
        "files": {},
    }
    if failed:
        # An interpreter has no step before the run: what is not a program fails when it is run.
        return row if binary else row | {"run_result": said}
    (outcome,) = outcomes
    stdout, stderr = (part.decode("utf-8", "replace") for part in (outcome.stdout, outcome.stderr))
    if outcome.status in (Status.TIME, Status.IDLE):
        row["run_result"] = _ran("TimeLimitExceeded", asked.run_timeout, None, stdout, stderr)
        return row
    row["run_result"] = _ran("Finished", outcome.wall_s, _code(outcome), stdout, stderr)
    row["status"] = "Success" if outcome.ok else "Failed"
    row["files"] = {
        name: base64.b64encode(content).decode() for name, content in outcome.files.items()
    }
    return row


def _code(outcome: Outcome) -> int:
    """Return the exit code as Python's subprocess gives it: minus a signal's number."""
    if outcome.status in _ENDED_BY:
        return _ENDED_BY[outcome.status]
    return -outcome.signal if outcome.signal else outcome.exit_code or 0


def _ran(status: str, seconds: float, code: int | None, stdout: str, stderr: str) -> _Row:
    return {
        "status": status,
        "execution_time": round(seconds, 4),
        "return_code": code,
        "stdout": stdout,
        "stderr": stderr,
    }


def evaluation_row(asked: SubmitAsked, result: Rewarded) -> _Row:
    """Return what `/submit` answers."""
    tests = [
        {"passed": test.verdict is Verdict.AC, "exec_info": _test_run(test), "test_info": None}
        for test in (result.judgement.tests if result.judgement else ())
    ]
    if not tests and result.verdict == Verdict.CE:
        compiled = _ran("Finished", 0.0, 1, "", result.message)
        info = {"status": "Failed", "message": "", "compile_result": compiled}
        tests = [{"passed": False, "exec_info": info, "test_info": None}]
    return {
        "id": asked.id,
        "accepted": result.reward == 1.0,
        "extracted_code": result.program or "",
        "extracted_type": "fenced" if result.program else "empty",
        "tests": tests,
        "extra": {"verdict": result.verdict or None, "message": result.message},
    }


def _test_run(test: TestResult) -> _Row:
    """Say how the run on a test went; what it printed stays here, since it may hold the input."""
    late = test.verdict in (Verdict.TLE, Verdict.ILE)
    crashed = test.verdict in (Verdict.RTE, Verdict.MLE, Verdict.OLE)
    code = None if late else int(crashed)
    status = "TimeLimitExceeded" if late else "Finished"
    ran = _ran(status, test.cpu_s, code, "", test.message.partition(": ")[0] if crashed else "")
    return {
        "status": "Failed" if late or crashed else "Success",
        "message": "",
        "run_result": ran,
    }


def tests_given(data: Any, seconds: float) -> GivenTests:
    """Read `provided_data`: lists of inputs and outputs, or a list of tests.

    Raises:
        BadInput: Neither, or tests that are not stdin and stdout or a call of a function.
    """
    cases = data.get("test_cases", data.get("test")) if isinstance(data, dict) else data
    if isinstance(cases, str):
        cases = parse_json(cases, "provided_data")
    if isinstance(cases, dict):
        fields = {name: cases.get(name) for name in ("fn_name", "type")}
        inputs = cases.get("input", cases.get("inputs"))
        outputs = cases.get("output", cases.get("outputs"))
    elif isinstance(cases, list) and all(isinstance(case, dict) for case in cases):
        fields = {name: cases[0].get(name) for name in ("fn_name", "type")} if cases else {}
        inputs = [_stream(case.get("input"), "stdin") for case in cases]
        outputs = [_stream(case.get("output"), "stdout") for case in cases]
    else:
        raise BadInput("has no test_cases", field="provided_data")
    if fields.get("type") not in (None, "stdin_stdout", "function_call"):
        raise BadInput("only stdin_stdout and function_call are judged", field="test_cases.type")
    if not isinstance(inputs, list) or not isinstance(outputs, list):
        raise BadInput("needs lists of input and output", field="test_cases")
    try:
        return GivenTests(
            inputs=inputs, outputs=outputs, fn_name=fields.get("fn_name"), time_limit_s=seconds
        )
    except ValidationError as error:
        raise BadInput(first_fault(error), field="test_cases") from error


def _stream(value: Any, name: str) -> Any:
    """Return an input or output that stands under the name of its stream."""
    if not isinstance(value, dict):
        return value
    if set(value) != {name}:
        raise BadInput(f"only {name} is judged, no files", field="test_cases")
    return value[name]


def family_known(language: str | None) -> str | None:
    """Return the family that a client asked a model for; None where it is not one of ours."""
    row = row_named(_NAMES.get(language, language)) if language else None
    return row.family if row else None


def language_meant(named: str | None, code: str) -> str:
    """Return the language to run a program in, told from the program where none is named.

    verl says `python` of every program. One that is plainly none, by its `#include`s or its
    `main`, is run as what it is; what shows nothing is taken for Python.
    """
    if named and named not in ("auto", "python"):
        return _NAMES.get(named, named)
    told = detect.language_of(code[:_LOOKED_THROUGH])
    if named == "python":
        return told if told is not None and is_taken(told, None) else "python"
    return told if told in WRITTEN else "python"


def files_given(given: dict[str, str | None]) -> dict[str, bytes]:
    """Return the files that are to be beside a program.

    Raises:
        BadInput: A name leads elsewhere, or a content is not base64.
    """
    files = {}
    for name, content in given.items():
        try:
            files[beside_program(name)] = base64.b64decode(content or "", validate=True)
        except (binascii.Error, ValueError) as error:
            raise BadInput("not base64", field=f"files.{name[:100]}") from error
    return files
