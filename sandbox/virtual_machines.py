"""How programs of a virtual machine are limited: memory, threads, the cost of a start.

A limit on memory or time is about the program, not about the machine beneath it. So the machine is
told the limit (`java -Xmx`), the run may use `spare_mb` more, and what a program that does nothing
costs in CPU time, measured once a process in the boxes at hand, is allowed for: it is added to the
limit and taken off the time that is reported.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import replace

from medalist.sandbox import languages
from medalist.sandbox.box import Command, CompileResult, Executable, Run, Source
from medalist.sandbox.language import Language
from medalist.sandbox.languages import FAMILIES, LANGUAGES
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.outcome import Outcome, Status
from medalist.sandbox.session import Session

_STARTS = 3
_START_LIMITS = RunLimits(cpu_s=20.0, memory_bytes=512 * MIB)
_SAID_BYTES = 1 << 12


class LanguageTerms:
    """A program's command and limits as a box is told them, and its outcomes as the caller is."""

    def __init__(self, language: Language, limits: RunLimits, start_s: float) -> None:
        """Take a language, the limits that a program is to be held to, and what a start costs."""
        self._language = language
        self._asked = limits
        self._start_s = start_s

    @property
    def limits(self) -> RunLimits:
        """The limits of the whole process, with what the language itself takes."""
        machine = self._language.machine
        if machine is None:
            return self._asked
        return replace(
            self._asked,
            cpu_s=self._asked.cpu_s + self._start_s,
            wall_s=None if self._asked.wall_s is None else self._asked.wall_s + self._start_s,
            memory_bytes=self._asked.memory_bytes + machine.spare_mb * MIB,
            processes=max(self._asked.processes, machine.threads),
        )

    def command(self, executable: Executable) -> Command:
        """Return the command that runs a program under these limits."""
        return self._language.command(executable, self._asked.memory_bytes // MIB)

    def outcome(self, outcome: Outcome) -> Outcome:
        """Return an outcome without what the language itself took."""
        machine = self._language.machine
        if machine is None:
            return outcome
        status = outcome.status
        if status is Status.RUNTIME and _ran_out(machine.out_of_memory, outcome):
            status = Status.MEMORY
        memory = outcome.memory_bytes
        if status is not Status.MEMORY:
            memory = min(memory, self._asked.memory_bytes)
        cpu_s = max(0.0, outcome.cpu_s - self._start_s)
        return replace(outcome, status=status, cpu_s=cpu_s, memory_bytes=memory)

    def outcomes(self, given: Generator[Outcome, None, None]) -> Generator[Outcome, None, None]:
        """Return outcomes without what the language itself took; closing this closes `given`."""
        if self._language.machine is None:
            return given
        return self._each(given)

    def _each(self, given: Generator[Outcome, None, None]) -> Generator[Outcome, None, None]:
        with closing(given):
            for outcome in given:
                yield self.outcome(outcome)


def _ran_out(sign: str, outcome: Outcome) -> bool:
    """Whether a machine that ended by itself says that its memory was used up.

    The words may as well be the program's own: it would only choose in which way it has failed.
    """
    said = outcome.stdout[-_SAID_BYTES:] + outcome.stderr
    return bool(sign) and re.search(sign.encode(), said) is not None


class StartCosts:
    """What a start costs in the boxes of a pool, by language; safe to share between threads."""

    def __init__(self, compile_source: Callable[[Source], CompileResult]) -> None:
        """Take what compiles."""
        self._compile = compile_source
        self._lock = threading.Lock()
        self._known: dict[str, float] = {}

    def terms(self, name: str, limits: RunLimits, session: Session) -> LanguageTerms:
        """Return how a program of a language is run under `limits`, by a session of programs.

        Raises:
            SandboxFailure: The box failed.
        """
        language = LANGUAGES[name]
        start_s = 0.0 if language.machine is None else self.of(language, session)
        return LanguageTerms(language, limits, start_s)

    def of(self, language: Language, session: Session) -> float:
        """Return the CPU seconds of a program that does nothing, the least of several runs."""
        with self._lock:
            if language.name not in self._known:
                self._known[language.name] = self._measured(language, session)
            return self._known[language.name]

    def _measured(self, language: Language, session: Session) -> float:
        idle = languages.source(language.name, FAMILIES[language.family].known_good)
        executable = self._compile(idle).executable
        if executable is None:
            return 0.0
        terms = LanguageTerms(language, _START_LIMITS, 0.0)
        outcomes = session.run(terms.command(executable), [Run()] * _STARTS, terms.limits)
        return min((outcome.cpu_s for outcome in outcomes if outcome.ok), default=0.0)
