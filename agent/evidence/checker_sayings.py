"""The journalled answers of checkers about outputs, so that none is asked twice."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from medalist.agent.evidence.checker_runs import OutputCase, Saying, ask_checker, checker_program
from medalist.agent.evidence.helper_runs import compiled
from medalist.agent.evidence.matrix import Boxes
from medalist.agent.journal import EventKind, Journal
from medalist.sandbox.box import Executable


@dataclass(frozen=True)
class CheckedRecord:
    """What a checker said of some outputs.

    Attributes:
        cases: The first 16 digits of the SHA-256 of each case: of input, output and reference.
        said: What it said of each: `+` valid (with how good it is, where that was asked), `-` not
            valid, `?` nothing, since it failed or never ended.
        cpu_ms: CPU milliseconds that this took.
    """

    cases: tuple[str, ...]
    said: tuple[str, ...]
    cpu_ms: int = 0


CHECKED = EventKind(
    "checked",
    CheckedRecord,
    key="<problem>/<first digits of the SHA-256 of the checker's source>",
    doc="A checker that the model wrote was asked about outputs.",
)


def checker_id(source: str) -> str:
    """Return twelve digits that name a checker."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:12]


@dataclass
class CheckerSayings:
    """Asks the checkers of a problem, each about what it was not asked yet.

    Attributes:
        problem_id: The problem.
        sources: The source of each checker, by its id.
        pool: Where they run.
        journal: Where it is recorded what they say.
        cpu_s: Seconds that each may take in all.
    """

    problem_id: str
    sources: Mapping[str, str]
    pool: Boxes
    journal: Journal
    cpu_s: float
    _known: dict[str, dict[str, str]] = field(default_factory=dict)
    _spent_s: dict[str, float] = field(default_factory=dict)
    _built: dict[str, Executable | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.sources:
            self._known[name], self._spent_s[name] = {}, 0.0
            for entry in self.journal.events(CHECKED, f"{self.problem_id}/{name}"):
                self._known[name].update(zip(entry.value.cases, entry.value.said, strict=True))
                self._spent_s[name] += entry.value.cpu_ms / 1000

    def ask(
        self, names: Sequence[str], cases: Sequence[OutputCase], workers: int = 1
    ) -> dict[str, list[Saying]]:
        """Return what each of these checkers says of each case.

        Raises:
            SandboxFailure: A box failed several times in a row.
        """
        ids = [_case_id(case) for case in cases]
        new = {
            name: {
                key: case
                for key, case in zip(ids, cases, strict=True)
                if key not in self._known[name]
            }
            for name in names
        }
        with ThreadPoolExecutor(workers, thread_name_prefix="checkers") as threads:
            answers = threads.map(lambda name: self._answers(name, list(new[name].values())), names)
            for name, (said, spent) in zip(names, answers, strict=True):
                self._keep(name, list(new[name]), said, spent)
        return {name: [Saying.read(self._known[name][key]) for key in ids] for name in names}

    def _answers(self, name: str, cases: Sequence[OutputCase]) -> tuple[list[str], float]:
        left = self.cpu_s - self._spent_s[name]
        if not cases or left <= 0:
            return ["?"] * len(cases), 0.0
        if name not in self._built:
            self._built[name] = compiled(self.pool, checker_program(self.sources[name]))
        checker = self._built[name]
        if checker is None:
            return ["?"] * len(cases), 0.0
        return ask_checker(self.pool, checker, cases, left)

    def _keep(self, name: str, ids: list[str], said: list[str], spent: float) -> None:
        if not ids:
            return
        self._known[name].update(zip(ids, said, strict=True))
        self._spent_s[name] += spent
        record = CheckedRecord(tuple(ids), tuple(said), round(spent * 1000))
        self.journal.append(CHECKED, f"{self.problem_id}/{name}", record)


def _case_id(case: OutputCase) -> str:
    digest = hashlib.sha256()
    for part in case:
        digest.update(b"-" if part is None else b"%d:" % len(part) + part)
    return digest.hexdigest()[:16]
