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
    "inputs": "that is what --until asks for",
    "seconds": "the time is up",
    "exhausted": "there are no new inputs",
}


def exit_code(report: StressReport, until: int | None) -> int:
    """Return 1 for a difference, 0 for none, 4 if the time ended before the requested inputs.

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
    counterexample = report.counterexample
    if counterexample is not None and out is not None:
        out.write_bytes(counterexample.found.content)
    if as_json:
        json_line(_face(report))
        return
    rest = f"; the brute force failed on {report.skipped}" if report.skipped else ""
    rest += f"; {report.invalid} were not valid" if report.invalid else ""
    if counterexample is None and not report.compared and report.ended != "interrupted":
        return  # the exit code's line says why
    if counterexample is None:
        why = _ENDED.get(report.ended, report.ended)
        say(f"no difference on {report.compared} inputs in {report.seconds:.1f} s: {why}{rest}")
        return
    say(
        f"{counterexample.verdict} after {report.compared} inputs and {report.seconds:.1f} s{rest}",
        style="red",
    )
    if not report.repeated:
        say("run again, the programs agreed: one of them is not deterministic", style="yellow")
    cut = (
        f", minimised from {report.found_bytes}" if counterexample.size < report.found_bytes else ""
    )
    data(f"input ({counterexample.size} bytes{cut}; from: {counterexample.found.origin}):")
    data(_shown(counterexample.found.content))
    data("the brute force prints:")
    data(_shown(counterexample.expected.stdout))
    data(f"the solution {_ending(counterexample.actual)} and prints:")
    data(_shown(counterexample.actual.stdout))
    for said in (
        counterexample.message,
        counterexample.actual.stderr.decode("utf-8", "replace").strip(),
    ):
        if said:
            say(_shown(said.encode()))


def _face(report: StressReport) -> dict[str, Any]:
    counterexample = report.counterexample
    face: dict[str, Any] = {
        "difference": counterexample is not None,
        "ended": report.ended,
        "compared": report.compared,
        "skipped": report.skipped,
        "invalid": report.invalid,
        "seconds": round(report.seconds, 3),
    }
    if counterexample is not None:
        face |= {
            "verdict": counterexample.verdict,
            "input": _text(counterexample.found.content),
            "expected": _text(counterexample.expected.stdout),
            "actual": _text(counterexample.actual.stdout),
            "stderr": _text(counterexample.actual.stderr),
            "message": counterexample.message,
            "origin": counterexample.found.origin,
            "bytes": counterexample.size,
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
