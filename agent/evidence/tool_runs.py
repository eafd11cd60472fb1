"""The runs that a model may request while it answers: its programs on samples and on its own
inputs.

Everything here is public or comes from the model itself: the samples, the bounds that the statement
names, inputs and programs of a call. Programs are hostile, and so are brute forces and generators;
all run in the boxes in which candidates are judged, under the problem's limits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property

from medalist.agent.evidence.canonical import canonical, same
from medalist.agent.evidence.helper_runs import compiled, generated
from medalist.agent.evidence.inputs import InputSuite, contents
from medalist.agent.evidence.matrix import run_limits
from medalist.agent.evidence.metered import MeteredBoxes, SecondsOver
from medalist.agent.evidence.origin import EvidenceInput
from medalist.agent.evidence.sample_trial import SampleTrials
from medalist.agent.extract.answer import Extraction
from medalist.agent.extract.extractor import Extractor
from medalist.agent.propose.repair import failure_text
from medalist.agent.propose.tool_list import ALL_TOOLS, MOST_RESULT, OPTIONAL, TOOLS, ToolResult
from medalist.agent.propose.tool_protocol import fenced_once
from medalist.agent.quote import cut_middle, fenced
from medalist.agent.types import Candidate
from medalist.errors import SandboxFailure
from medalist.problems.assemble import submission
from medalist.problems.file_io import RunTerms, run_program
from medalist.problems.model import PublicProblem
from medalist.sandbox.box import Executable, Run
from medalist.sandbox.limits import MIB
from medalist.sandbox.outcome import Outcome, Status
from medalist.sandbox.pool import Pool

_SHOWN = 1200  # characters of an input, output or message
_SEEDS = 200
_TRIES = 3  # a box that fails says nothing about the program
_AT_BOUNDS = 6
_MOST_OUTPUT = 4 * MIB  # of a run whose output is looked at
_CHUNK = 8  # inputs on which two programs are compared before the next ones are run

_ENDS: Mapping[Status, str] = {
    Status.OK: "it ended properly",
    Status.RUNTIME: "it crashed",
    Status.TIME: "it exceeded the time limit",
    Status.IDLE: "it waited too long",
    Status.MEMORY: "it exceeded the memory limit",
    Status.OUTPUT: "it printed far too much",
}


class Unusable(Exception):
    """A call cannot be carried out; the message says why, for the model."""


class ToolRuns:
    """Carries out calls about one problem. Thread-safe."""

    def __init__(self, inputs: InputSuite, pool: Pool) -> None:
        """Take the problem's evidence inputs, of which only the large ones are used."""
        self._inputs = inputs
        self._public = inputs.public
        self._pool = pool
        self._extract = Extractor(inputs.public)

    def __call__(
        self, name: str, arguments: Mapping[str, str], language: str, seconds: float
    ) -> ToolResult:
        """Carry out a call.

        Args:
            name: Of the tool.
            arguments: What it takes.
            language: Of programs, where the call does not say.
            seconds: How long it may take.

        Raises:
            SandboxFailure: A box failed.
        """
        for attempt in range(1, _TRIES + 1):
            boxes = MeteredBoxes(self._pool, seconds)
            made = _Made(self._large, self._small)
            work = _Work(self._public, made, boxes, self._extract, language, arguments)
            try:
                return _result(work, name)
            except SandboxFailure:
                if attempt == _TRIES:
                    raise
        raise AssertionError("unreachable")

    def program(self, arguments: Mapping[str, str], language: str, seconds: float) -> ToolResult:
        """Return the program of a call, if it compiles; else say why there is none.

        Raises:
            SandboxFailure: A box failed.
        """
        return self("submit", arguments, language, seconds)

    @cached_property
    def _large(self) -> Sequence[EvidenceInput]:
        return self._inputs.large(_AT_BOUNDS)

    def _small(self) -> list[bytes]:
        return contents(self._inputs.made(_SEEDS))


def _result(work: _Work, name: str) -> ToolResult:
    try:
        text, passing = work.done(name)
    except Unusable as error:
        text, passing = str(error), None
    except SecondsOver:
        text, passing = "", None
    text, seconds = cut_middle(text, MOST_RESULT), work.boxes.used_s
    if work.boxes.left_s <= 0:
        text = f"{text}\n\nThe seconds for calls are used up.".lstrip()
    if passing is None:
        return ToolResult(text, seconds, failed=work.failed)
    return ToolResult(text, seconds, passing.language, passing.source)


@dataclass(frozen=True)
class _Made:
    """Inputs that follow from the statement: those at its bounds, and small ones."""

    large: Sequence[EvidenceInput]
    small: Callable[[], list[bytes]]


@dataclass
class _Work:
    """One call."""

    public: PublicProblem
    made: _Made
    boxes: MeteredBoxes
    extract: Extractor
    language: str
    arguments: Mapping[str, str]
    failed: bool = False

    def done(self, name: str) -> tuple[str, Extraction | None]:
        """Return the result, and the program if it passed the samples."""
        if name not in ALL_TOOLS:
            raise Unusable(f"There is no such tool; there are {', '.join(TOOLS)}.")
        missing = [
            take for take in ALL_TOOLS[name].takes if not self.arguments.get(take, "").strip()
        ]
        if name == "run" and missing == ["input"] and "input" in self.arguments:
            missing = []  # an empty input is one
        if name == "stress" and missing == ["generator"]:
            missing = []  # the statement tells what an input looks like
        if missing:
            raise Unusable(f"`{name}` also needs {', '.join(f'`{item}`' for item in missing)}.")
        if name == "submit":
            self._built("program")
            return "", self._program("program")
        if name == "test_samples":
            return self.test_samples()
        if name == "run":
            return self.run(), None
        return (self.stress() if name == "stress" else self.time_at_bounds()), None

    def test_samples(self) -> tuple[str, Extraction | None]:
        extraction = self._program("program")
        if not self.public.samples:
            return "The statement has no samples.", None
        (trial,) = SampleTrials(self.public, self.boxes)([(_candidate("", None), extraction)])
        good = sum(passed is not False for passed in trial.passed)
        told = [f"It passes {good} of {len(self.public.samples)} samples."] if trial.passed else []
        if trial.failure is not None:
            self.failed = True
            return "\n\n".join([*told, failure_text(trial.failure)]), None
        if any(passed is None for passed in trial.passed):
            told.append("Of some, other outputs than the statement's may be right, too.")
        return " ".join(told), extraction

    def run(self) -> str:
        executable = self._built("program")
        (outcome,) = self._outcomes(executable, [self.arguments["input"].encode()])
        said = _ended(outcome)
        return "\n\n".join([f"{said[0].upper()}{said[1:]}.", *self._printed(outcome)])

    def stress(self) -> str:
        program, brute = self._built("program"), self._built("brute")
        inputs = self._stress_inputs()
        compared = 0
        try:
            for start in range(0, len(inputs), _CHUNK):
                chunk = inputs[start : start + _CHUNK]
                pairs = zip(
                    chunk, self._outcomes(brute, chunk), self._outcomes(program, chunk), strict=True
                )
                for content, slow, ours in pairs:
                    compared += slow.ok
                    if slow.ok and not self._alike(ours, slow):
                        return self._difference(content, slow, ours)
        except SecondsOver:
            if not compared:
                raise
        if not compared:
            raise Unusable("The brute force ended properly on none of the inputs.")
        return f"No difference on {compared} of {len(inputs)} distinct inputs."

    def _stress_inputs(self) -> list[bytes]:
        text = _unfenced(self.arguments.get("generator", ""))
        if not text.strip():
            if inputs := self.made.small():
                return inputs
            raise Unusable("The statement does not tell what an input is: give a `generator`.")
        generator = compiled(self.boxes, text)
        if generator is None:
            raise Unusable("The generator does not compile: it must be a Python 3 program.")
        inputs = generated(self.boxes, generator, _SEEDS, self.boxes.left_s / 3)
        if not inputs:
            raise Unusable("The generator prints nothing, fails, or never ends.")
        return inputs

    def time_at_bounds(self) -> str:
        executable = self._built("program")
        if not self.made.large:
            raise Unusable(
                "The bounds of this statement could not be read: make a large input yourself, and "
                "give it to `run`."
            )
        limit = self.public.limits.time_s
        told = []
        for one, outcome in zip(
            self.made.large,
            self._outcomes(
                executable, [content.content for content in self.made.large], keep=False
            ),
            strict=True,
        ):
            lines = one.content.count(b"\n")
            told.append(f"- input of {len(one.content)} bytes, {lines} lines: {_ended(outcome)}")
        return "\n".join([f"The time limit is {limit:g} s.", *told])

    def _difference(self, content: bytes, slow: Outcome, ours: Outcome) -> str:
        parts = ["They differ on this input:", _quoted(content), "The brute force prints:"]
        parts += [_quoted(slow.stdout), f"The program: {_ended(ours)}.", *self._printed(ours)]
        if self.public.special_checker:
            parts.append("(Of this problem several outputs may be right.)")
        return "\n\n".join(parts)

    def _alike(self, ours: Outcome, slow: Outcome) -> bool:
        equality = self.public.equality
        first, second = (canonical(outcome.stdout, equality) for outcome in (ours, slow))
        return ours.ok and same(first, second, equality)

    def _printed(self, outcome: Outcome) -> list[str]:
        parts = ["It printed:", _quoted(outcome.stdout)] if outcome.stdout.strip() else []
        if not parts:
            parts = ["It printed nothing."]
        if outcome.stderr.strip():
            parts += ["On standard error:", _quoted(outcome.stderr)]
        return parts

    def _program(self, name: str) -> Extraction:
        """Take the program out of an argument as out of an answer."""
        asked = self.arguments.get(OPTIONAL, "").strip().lower() or self.language
        extraction = self.extract(_candidate(fenced_once(self.arguments[name], asked), asked))
        if extraction.source is None:
            raise Unusable(f"`{name}` is not a program: {extraction.reason}.")
        return extraction

    def _built(self, name: str) -> Executable:
        extraction = self._program(name)
        assert extraction.source is not None
        assert extraction.language is not None
        built = self.boxes.compile(submission(self.public, extraction.language, extraction.source))
        if built.executable is None:
            raise Unusable(f"`{name}` does not compile.\n\n{_quoted(built.message.encode())}")
        return built.executable

    def _outcomes(
        self, executable: Executable, inputs: Sequence[bytes], *, keep: bool = True
    ) -> list[Outcome]:
        """Run a program; without `keep`, what it prints is thrown away and may be long."""
        runs = [Run(stdin=content) for content in inputs]
        limits = run_limits(self.public)
        if keep:
            limits = replace(limits, output_bytes=min(limits.output_bytes, _MOST_OUTPUT))
        with (
            self.boxes.box() as box,
            closing(
                run_program(box, executable, runs, RunTerms(limits, self.public.files))
            ) as outcomes,
        ):
            return [
                outcome if keep else replace(outcome, stdout=b"", files={}) for outcome in outcomes
            ]


def _ended(outcome: Outcome) -> str:
    said = _ENDS[outcome.status]
    if outcome.status is Status.RUNTIME:
        how = f"signal {outcome.signal}" if outcome.signal else f"exit code {outcome.exit_code}"
        said += f" ({how})"
    return f"{said} after {outcome.cpu_s:.2f} s"


def _quoted(content: bytes) -> str:
    return fenced(cut_middle(content.decode("utf-8", "replace"), _SHOWN))


def _unfenced(text: str) -> str:
    inner = re.match(r"\s*(`{3,}|~{3,})[^\n]*\n(.*?)^[ \t]*\1", text, re.DOTALL | re.MULTILINE)
    return inner[2] if inner else text


def _candidate(text: str, language: str | None) -> Candidate:
    return Candidate("tool", text, language=language)
