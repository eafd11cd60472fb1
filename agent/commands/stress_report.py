"""What `medalist stress` says of a search."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from medalist.agent.commands.console import data, json_line, say
from medalist.agent.quote import cut_middle
from medalist.errors import BadInput
from medalist.problems.stress_search import StressReport
from medalist.sandbox.outcome import Outcome, Status

_SHOWN = 2000  # characters of an input or an output in a terminal
_ENDS = {
    Status.OK: "ended properly",
    Status.RUNTIME: "crashed",
    Status.TIME: "exceeded its time limit",
    Status.IDLE: "waited too long",
    Status.MEMORY: "exceeded its memory limit",
    Status.OUTPUT: "printed too much",
}
_ENDED = {
    "inputs": "as many inputs as --until says",
    "seconds": "the time is up",
    "exhausted": "there are no new inputs",
}


def exit_code(report: StressReport, until: int | None) -> int:
    """Return 1 for a difference, 0 for none, 4 where the time ended before so many inputs.

    Raises:
        BadInput: The programs were compared on no input.
    """
    if report.counterexample is not None:
        return 1
    if not report.compared:
        raise BadInput(_nothing_compared(report))
    return 4 if until is not None and report.ended == "seconds" else 0


def _nothing_compared(report: StressReport) -> str:
    if report.failure is not None:
        return f"the brute force fails on all {report.skipped} inputs: it {_ending(report.failure)}"
    if report.invalid:
        return f"none of {report.invalid} inputs is valid"
    return "no inputs: the statement's format could not be read, and it has no samples"


def tell(report: StressReport, as_json: bool, out: Path | None) -> None:
    """Tell what was found, and write the input into `out`."""
    found = report.counterexample
    if found is not None and out is not None:
        out.write_bytes(found.found.content)
    if as_json:
        json_line(_face(report))
        return
    rest = f"; the brute force failed on {report.skipped}" if report.skipped else ""
    rest += f"; {report.invalid} were not valid" if report.invalid else ""
    if found is None and not report.compared and report.ended != "interrupted":
        return  # the exit code's line says why
    if found is None:
        why = _ENDED.get(report.ended, report.ended)
        say(f"no difference on {report.compared} inputs in {report.seconds:.1f} s: {why}{rest}")
        return
    say(
        f"{found.verdict} after {report.compared} inputs and {report.seconds:.1f} s{rest}",
        style="red",
    )
    if not report.repeated:
        say("run again, the programs agreed: one of them is not deterministic", style="yellow")
    cut = f", cut down from {report.found_bytes}" if found.size < report.found_bytes else ""
    data(f"input ({found.size} bytes{cut}; from: {found.found.origin}):")
    data(_shown(found.found.content))
    data("the brute force prints:")
    data(_shown(found.expected.stdout))
    data(f"the solution {_ending(found.actual)} and prints:")
    data(_shown(found.actual.stdout))
    for said in (found.message, found.actual.stderr.decode("utf-8", "replace").strip()):
        if said:
            say(_shown(said.encode()))


def _face(report: StressReport) -> dict[str, Any]:
    found = report.counterexample
    face: dict[str, Any] = {
        "difference": found is not None,
        "ended": report.ended,
        "compared": report.compared,
        "skipped": report.skipped,
        "invalid": report.invalid,
        "seconds": round(report.seconds, 3),
    }
    if found is not None:
        face |= {
            "verdict": found.verdict,
            "input": _text(found.found.content),
            "expected": _text(found.expected.stdout),
            "actual": _text(found.actual.stdout),
            "stderr": _text(found.actual.stderr),
            "message": found.message,
            "origin": found.found.origin,
            "bytes": found.size,
            "found_bytes": report.found_bytes,
            "repeated": report.repeated,
        }
    return face


def _ending(outcome: Outcome) -> str:
    how = ""
    if outcome.status is Status.RUNTIME:
        how = f" (signal {outcome.signal})" if outcome.signal else f" (exit {outcome.exit_code})"
    return f"{_ENDS[outcome.status]}{how} after {outcome.cpu_s:.2f} s"


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _shown(content: bytes) -> str:
    return cut_middle(_text(content).rstrip("\n"), _SHOWN)
