"""The tools of a remote participant: the contest as text, its own programs run, submissions.

Everything that is said here a contestant may know: statements, samples, what the rules show of its
own submissions, and the standings as they are public. Programs are as hostile as any candidate's
and run in the same boxes; nothing of a problem's secret half is in reach of this module.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence

from medalist.agent.contest.clock import clock_text
from medalist.agent.contest.events import Contest, ContestEvent
from medalist.agent.contest.remote import Refused, RemotePlayer, RemoteProblem
from medalist.agent.contest.scoreboard import BoardCell, BoardRow
from medalist.agent.contest.standings import standings
from medalist.agent.evidence.inputs import InputSuite
from medalist.agent.evidence.tool_runs import ToolRuns
from medalist.agent.extract.extractor import Extractor
from medalist.agent.languages import WRITTEN, labelled
from medalist.agent.prompts.problem import problem_text
from medalist.agent.propose.tool_list import MOST_ARGUMENTS
from medalist.agent.propose.tool_protocol import code_block
from medalist.agent.types import Candidate, Feedback
from medalist.problems.model import Kind
from medalist.sandbox.pool import Pool

_SECONDS = 30.0  # that one call may run and compile
_ROWS = 30  # of the standings
_RUNS_HERE = (Kind.BATCH, Kind.FUNCTION)
_FENCED = re.compile(r"\s*(?:`{3}|~{3})")


class Unknown(Exception):
    """An argument names nothing that there is; the message says what there is."""


class ContestTools:
    """What one remote participant can do. Thread-safe; its programs run one call at a time.

    Args:
        player: The participant.
        contest: The contest.
        events: What happened so far; it grows.
        pool: Where programs run.
    """

    def __init__(
        self, player: RemotePlayer, contest: Contest, events: Sequence[ContestEvent], pool: Pool
    ) -> None:
        self._player = player
        self._contest = contest
        self._events = events
        self._pool = pool
        self._runs: dict[str, ToolRuns] = {}
        self._one_at_a_time = threading.Lock()

    def list_problems(self) -> str:
        """The contest's rules, time, and problems, with what was submitted to each."""
        opened = self._contest.opened
        left_s = opened.duration_s - self._player.now_s
        head = f"{opened.name}: {opened.rules.kind} rules, {clock_text(left_s)} left of "
        lines = [head + clock_text(opened.duration_s)]
        lines += [self._problem_line(problem) for problem in self._player.problems.values()]
        return "\n".join(lines)

    def statement(self, problem: str) -> str:
        """The statement of a problem with limits, samples, and files that are given."""
        asked = self._problem(problem)
        return problem_text(asked.public, next(iter(WRITTEN)))

    def carried_out(self, tool: str, problem: str, arguments: Mapping[str, str]) -> str:
        """Carry out a tool that runs programs; see `ToolRuns`."""
        asked = self._problem(problem)
        if asked.public.kind not in _RUNS_HERE:
            return f"Programs for {asked.public.kind} problems cannot be run here; only submitted."
        if sum(map(len, arguments.values())) > MOST_ARGUMENTS:
            return f"The arguments are too long: at most {MOST_ARGUMENTS} characters."
        language = _language(arguments.get("language", "")) or next(iter(WRITTEN))
        with self._one_at_a_time:
            name = asked.public.problem_id
            if name not in self._runs:
                seed = self._contest.opened.seed
                self._runs[name] = ToolRuns(InputSuite(asked.public, seed), self._pool)
            given = {**arguments, "language": language}
            return self._runs[name](tool, given, language, _SECONDS).text

    def submit(self, problem: str, program: str, language: str) -> str:
        """Submit a program; say what the rules show."""
        asked = self._problem(problem)
        if len(program) > MOST_ARGUMENTS:
            return f"Not submitted: a program has at most {MOST_ARGUMENTS} characters."
        named = _language(language)
        block = program if _FENCED.match(program) else code_block(program, named)
        extraction = Extractor(asked.public)(Candidate("mcp", block, language=named or None))
        if extraction.source is None or extraction.language is None:
            return f"Not submitted: this is not a program ({extraction.reason})."
        try:
            feedback = self._player.submit(asked, extraction.language, extraction.source)
        except Refused as refusal:
            return f"Not submitted: {refusal}."
        return self._shown(asked, feedback)

    def standings(self) -> str:
        """The standings as everybody sees them now."""
        contest = self._contest
        table = standings(contest, list(self._events), at=self._player.now_s)
        names = {
            participant.participant_id: participant.name for participant in contest.participants
        }
        labels = [problem.label for problem in contest.problems]
        frozen = ", frozen" if table.frozen else ""
        lines = [f"{contest.opened.name} at {clock_text(table.at_s)}{frozen}"]
        lines += [_row(row, names[row.participant_id], labels) for row in table.rows[:_ROWS]]
        mine = table.row(self._player.entry.id)
        if mine not in table.rows[:_ROWS]:
            lines.append(_row(mine, names[mine.participant_id], labels))
        return "\n".join(lines)

    def _problem(self, name: str) -> RemoteProblem:
        for problem in self._player.problems.values():
            if name.strip().lower() in (
                problem.shown.label.lower(),
                problem.public.problem_id.lower(),
            ):
                return problem
        known = ", ".join(problem.shown.label for problem in self._player.problems.values())
        raise Unknown(f"There is no problem {name!r}; there are {known}.")

    def _problem_line(self, one: RemoteProblem) -> str:
        limits = one.public.limits
        parts = [f"{limits.time_s:g} s, {limits.memory_mb} MB"]
        if self._contest.rules.is_scored:
            parts.append(f"{one.shown.points:g} points")
        made = f"{one.used} submissions" if one.limit is None else f"{one.used} of {one.limit}"
        parts.append(made if one.limit is None else f"{made} submissions used")
        if one.history:
            parts.append("solved" if _solved(one) else f"last {one.history[-1][1].verdict}")
        return (
            f"{one.shown.label} ({one.public.problem_id}): {one.public.title}; {'; '.join(parts)}"
        )

    def _shown(self, asked: RemoteProblem, feedback: Feedback) -> str:
        said = [f"Verdict: {feedback.verdict}"]
        if feedback.score is not None:
            said.append(f"score {feedback.score:g}")
        if feedback.failing_test is not None:
            said.append(f"first failing test {feedback.failing_test}")
        text = ", ".join(said) + "."
        for name, share in feedback.subtasks.items():
            points = asked.shown.subtasks.get(name, 0.0)
            text += f"\nSubtask {name}: {points * share:g} of {points:g} points"
        if asked.limit is not None:
            text += f"\n{max(0, asked.limit - asked.used)} submissions to this problem are left."
        return text


def _solved(problem: RemoteProblem) -> bool:
    return any(feedback.solved for _, feedback in problem.history)


def _language(word: str) -> str:
    """Return the family that a word names; nothing where it is left out.

    Raises:
        Unknown: It names none.
    """
    word = word.strip()
    family = labelled(word) if word else ""
    if family is None:
        raise Unknown(f"There is no language {word!r}; there are {', '.join(WRITTEN)}.")
    return family


def _row(row: BoardRow, name: str, labels: Sequence[str]) -> str:
    cells = zip(labels, row.cells, strict=True)
    shown = " ".join(f"{label}:{_cell(cell)}" for label, cell in cells if _cell(cell))
    return f"{row.rank}. {name}: total {row.total:g}, penalty {row.penalty:g}  {shown}".rstrip()


def _cell(cell: BoardCell) -> str:
    waiting = f"?{cell.pending}" if cell.pending else ""
    if cell.points:
        return f"{cell.points:g}{waiting}" if cell.points != 1 else f"+{cell.rejected}{waiting}"
    return f"-{cell.tries}{waiting}" if cell.tries else waiting
