"""Piston's door: `GET /api/v2/runtimes` and `POST /api/v2/execute`, for tools that speak it.

Shapes: the README of engineer-man/piston (API v2). Times are milliseconds, memory is bytes, and -1
means no limit of the client's own. Packages cannot be installed through it.
"""

from __future__ import annotations

import base64
import binascii
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from medalist import __version__
from medalist.agent.service.asked import MOST_SOURCE_CHARS, Whole, beside_program
from medalist.agent.service.desk import AtDesk
from medalist.agent.service.service_judge import ServiceJudge
from medalist.agent.service.strict_json import JsonRoute
from medalist.errors import BadInput
from medalist.problems.judging.context import signal_name
from medalist.problems.judging.read_source import language_named
from medalist.sandbox.box import Run, Source
from medalist.sandbox.languages import LANGUAGES
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.outcome import Outcome, Status

router = APIRouter(prefix="/api/v2", tags=["Piston"], route_class=JsonRoute)

_MOST_MS, _USUAL_MS = 60_000, 3_000
_USUAL_BYTES, _MOST_BYTES = 1 << 30, 4 << 30
_STATUS = {Status.TIME: "TO", Status.IDLE: "TO", Status.OUTPUT: "OL", Status.MEMORY: "SG"}
_Row = dict[str, Any]


class PistonFile(BaseModel):
    """A file of the program, the first being what is run."""

    model_config = ConfigDict(extra="ignore")

    name: str = Field(default="", max_length=200)
    content: str = Field(max_length=MOST_SOURCE_CHARS)
    encoding: Literal["utf8", "base64"] = "utf8"


class PistonAsked(BaseModel):
    """`POST /api/v2/execute`."""

    model_config = ConfigDict(extra="ignore")

    language: str = Field(max_length=50)
    files: list[PistonFile] = Field(min_length=1, max_length=100)
    stdin: str = ""
    args: list[Annotated[str, Field(max_length=4096)]] = Field(default=[], max_length=100)
    run_timeout: Whole = Field(default=_USUAL_MS, le=_MOST_MS)
    run_memory_limit: Whole = Field(default=-1, le=_MOST_BYTES)


@router.get("/runtimes")
async def runtimes() -> Response:
    """The languages that are run."""
    rows = (row for row in LANGUAGES.values() if not row.name.endswith("-checked"))
    return JSONResponse(
        [
            {"language": row.name, "version": __version__, "aliases": list(row.aliases)}
            for row in rows
        ]
    )


@router.post("/execute")
async def execute(asked: PistonAsked, desk: AtDesk) -> Response:
    """Compile and run a program."""
    row = language_named(asked.language)
    if row is None:
        raise BadInput("must name a language", field="language")
    names = [file.name or LANGUAGES[row].default_name for file in asked.files]
    files = {
        beside_program(name): _content(file) for name, file in zip(names, asked.files, strict=True)
    }
    source = Source(row, files, beside_program(names[0]))
    work = partial(_executed, desk.parts.judge, asked, source)
    return JSONResponse(await desk.result(desk.queue(work)))


def _executed(judge: ServiceJudge, asked: PistonAsked, source: Source) -> _Row:
    seconds = (asked.run_timeout if asked.run_timeout > 0 else _MOST_MS) / 1000
    memory = asked.run_memory_limit if asked.run_memory_limit > 0 else _USUAL_BYTES
    limits = RunLimits(cpu_s=seconds, wall_s=seconds, memory_bytes=max(memory, MIB))
    run = Run(asked.stdin.encode(), args=tuple(asked.args))
    compiled, outcomes = judge.run_source(source, [run], limits)
    said = {"stdout": "", "stderr": compiled.message, "output": compiled.message}
    ended = {"code": int(compiled.executable is None), "signal": None, "status": None}
    row: _Row = {"language": compiled.language, "version": __version__}
    row["run"] = _ran(outcomes[0]) if outcomes else said | ended | {"message": "not compiled"}
    return row | {"compile": said | ended | {"message": None}}


def _ran(outcome: Outcome) -> _Row:
    stdout, stderr = (part.decode("utf-8", "replace") for part in (outcome.stdout, outcome.stderr))
    status = _STATUS.get(outcome.status)
    if status is None and not outcome.ok:
        status = "SG" if outcome.signal else "RE"
    return {
        "stdout": stdout,
        "stderr": stderr,
        "output": stdout + stderr,
        "code": outcome.exit_code,
        "signal": signal_name(outcome.signal) if outcome.signal else None,
        "message": None if outcome.ok else outcome.status,
        "status": status,
        "cpu_time": round(outcome.cpu_s * 1000),
        "wall_time": round(outcome.wall_s * 1000),
        "memory": outcome.memory_bytes,
    }


def _content(file: PistonFile) -> bytes:
    try:
        encoded = file.encoding == "base64"
        return base64.b64decode(file.content, validate=True) if encoded else file.content.encode()
    except (binascii.Error, ValueError) as error:
        raise BadInput("not base64", field="files.content") from error
