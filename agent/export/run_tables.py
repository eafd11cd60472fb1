"""A run as five flat tables: candidates, programs, outcomes, submissions, calls.

Rows come from the journal alone. It never held test data or answers; what the public half says
(samples, prompts) is in it. Verdicts and labels are exported, since a run is exported after it.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from medalist.agent.choose.choice_records import VIEW
from medalist.agent.choose.judged_by import standing_submissions
from medalist.agent.choose.recorded_choice import RecordedChoice, each_choice
from medalist.agent.evidence.behaviour_table import OUTCOMES, SUITE
from medalist.agent.extract.identity import program_id
from medalist.agent.journal import Journal
from medalist.agent.llm.call_records import (
    DONE,
    INTENT,
    AnswerRecord,
    FailedRecord,
    attempts_ended,
)
from medalist.agent.llm.gate import Reservation
from medalist.agent.llm.ledger import completion_of
from medalist.agent.propose.candidate_file import recorded_candidates
from medalist.agent.types import OutcomeKey, Program, Usage

Kind = Literal["text", "texts", "int", "float", "bool", "time", "shares"]
Row = tuple[Any, ...]


@dataclass(frozen=True)
class TableColumn:
    """A column: `texts` is a list of text, `time` is UTC, `shares` maps text to numbers."""

    name: str
    kind: Kind
    about: str


@dataclass(frozen=True)
class ExportTable:
    """A table: its columns, and how its rows are read from a journal, in the run's order."""

    name: str
    columns: tuple[TableColumn, ...]
    rows: Callable[[Journal], Iterator[Row]]


def _columns(text: str) -> tuple[TableColumn, ...]:
    """Read columns, one a line: name, kind, what it means."""
    split = (line.split(None, 2) for line in text.strip().splitlines())
    return tuple(TableColumn(name, kind, about) for name, kind, about in split)  # type: ignore[arg-type]


def _candidates(journal: Journal) -> Iterator[Row]:
    for problem_id, candidate, extraction in recorded_candidates(journal):
        program = None
        if extraction.source is not None and extraction.language is not None:
            program = program_id(extraction.language, extraction.source)
        done = journal.get(DONE, candidate.candidate_id)
        answer = completion_of(journal, candidate.candidate_id, done) if done else None
        yield (
            problem_id,
            candidate.candidate_id,
            candidate.prompt_id,
            candidate.parent,
            answer.model if answer else None,
            extraction.language or candidate.language,
            program,
            extraction.reason,
            _question(journal, candidate.candidate_id),
            candidate.text,
            answer.reasoning if answer else None,
            answer.finish if answer else None,
            candidate.logprob,
        )


def _question(journal: Journal, candidate_id: str) -> str | None:
    """Return the messages of an answer's question, as JSON."""
    asked = journal.get(INTENT, candidate_id)
    return None if asked is None else journal.blob(asked.messages).decode("utf-8", "surrogatepass")


def _programs(journal: Journal) -> Iterator[Row]:
    distinct = _distinct(journal)
    for choice in each_choice(journal):
        yield from _rated(choice.problem_id, distinct.pop(choice.problem_id, []), choice)
    for problem_id, programs in distinct.items():
        yield from _rated(problem_id, programs, None)


def _rated(
    problem_id: str, programs: Sequence[Program], choice: RecordedChoice | None
) -> Iterator[Row]:
    """Rows of programs with what the run found out about those that compiled."""
    kept_as: dict[str, str] = {}
    cluster: dict[str, str] = {}
    if choice is not None:
        kept_as = {
            vote: program.program_id
            for program in choice.view.programs
            for vote in program.candidates
        }
        cluster = {
            name: cluster.cluster_id
            for cluster in choice.view.clusters
            for name in cluster.programs
        }
    submitted = {one.program_id for one, _ in choice.history} if choice else set()
    for program in programs:
        kept = kept_as.get(program.candidates[0])
        feedback = choice.labels.get(kept) if choice and kept else None
        yield (
            problem_id,
            program.program_id,
            program.language,
            program.source,
            list(program.candidates),
            kept,
            choice.view.sample_share.get(kept) if choice and kept else None,
            cluster.get(kept) if kept else None,
            kept in submitted,
            feedback.verdict if feedback else None,
            feedback.score if feedback else None,
        )


def _outcomes(journal: Journal) -> Iterator[Row]:
    inputs: defaultdict[str, list[str]] = defaultdict(list)
    for added in journal.events(SUITE):
        if added.value.start == len(inputs[added.key]):
            inputs[added.key] += added.value.inputs
    rows: Counter[str] = Counter()
    for entry in journal.events(OUTCOMES):
        suite, _, program = entry.key.rpartition("/")
        stretch = entry.value
        if stretch.start != rows[entry.key]:
            continue  # a stretch that a killed session had begun, and another one did
        rows[entry.key] += len(stretch.keys)
        for index, (text, cpu_ms) in enumerate(
            zip(stretch.keys, stretch.cpu_ms, strict=True), stretch.start
        ):
            key = None if text is None else OutcomeKey(text)
            yield (
                suite.rpartition("/")[0],
                suite,
                program,
                index,
                inputs[suite][index],
                None if key is None else key.failure or "ok",
                None if key is None else key.digest,
                cpu_ms / 1000,
            )


def _submissions(journal: Journal) -> Iterator[Row]:
    # A run over one problem did not always name it.
    only = next((entry.key for entry in journal.events(VIEW)), None)
    for entry in standing_submissions(journal):
        record = entry.value
        yield (
            record.problem or only,
            int(entry.key.split("/")[-2]),
            record.program,
            record.reason,
            record.verdict,
            record.score,
            record.subtasks,
            record.failing_test,
            entry.at,
        )


def _calls(journal: Journal) -> Iterator[Row]:
    """One row an attempt: its intent, and the next thing that is known of the request."""
    ends: defaultdict[str, deque[Reservation]] = defaultdict(deque)
    for entry in attempts_ended(journal):
        ends[entry.key].append(entry.value)
    for intent in journal.events(INTENT):
        asked = intent.value
        end = ends[intent.key].popleft() if ends[intent.key] else None
        answer = end if isinstance(end, AnswerRecord) else None
        failed = end if isinstance(end, FailedRecord) else None
        usage = answer.usage if answer else Usage()
        charged = end or asked
        yield (
            intent.key.split("/")[0],
            intent.key,
            asked.attempt,
            answer.model if answer else asked.model,
            "done" if answer else "failed" if failed else "unknown",
            failed.message if failed else None,
            intent.at,
            answer.latency_s if answer else None,
            usage.prompt_tokens,
            usage.cached_tokens,
            usage.completion_tokens,
            usage.reasoning_tokens,
            charged.tokens,
            charged.usd,
        )


def _distinct(journal: Journal) -> dict[str, list[Program]]:
    """Problem id to its distinct programs, in the order of asking."""
    by_problem: dict[str, dict[str, Program]] = {}
    for problem_id, candidate, extraction in recorded_candidates(journal):
        if extraction.source is None or extraction.language is None:
            continue
        own = by_problem.setdefault(problem_id, {})
        key = program_id(extraction.language, extraction.source)
        known = own.get(key)
        votes = (*(known.candidates if known else ()), candidate.candidate_id)
        source = known.source if known else extraction.source
        own[key] = Program(key, extraction.language, source, votes)
    return {problem_id: list(own.values()) for problem_id, own in by_problem.items()}


_CANDIDATES = _columns("""
    problem_id text The problem.
    candidate_id text The answer of the model, unique in the run.
    prompt_id text The prompt of the portfolio that asked for it.
    parent text The candidate that it repairs or continues; null for a first answer.
    model text The model that answered; null where it came from a pool.
    language text cpp or python: of the program, or else the one asked for.
    program_id text Its program (table programs); null where none was found in it.
    reason text How the program was found in the answer, or why none was.
    question text The messages of its question as JSON; null where it came from a pool.
    text text The answer: hostile text. With tools the last turn, see --as conversations.
    reasoning text Reasoning that came apart from the answer.
    finish text stop, length, content_filter, refusal, ...
    logprob float Log-probability, where the pool gave one.
""")
_PROGRAMS = _columns("""
    problem_id text The problem.
    program_id text Hash of its tokens: equal programs have equal ids in every run.
    language text cpp or python.
    source text The program: hostile text.
    candidates texts The candidates that are this program.
    kept_as text The program that stands for all of the same build; null if it did not compile.
    sample_share float Share of the samples that it passes.
    cluster_id text Programs of one cluster behave alike on all evidence inputs.
    submitted bool Whether the program that stands for it was submitted.
    verdict text The judge's, in the run or found after it; null if unknown.
    score float Points, where the rules show them.
""")
_OUTCOMES = _columns("""
    problem_id text The problem.
    suite text The suite of evidence inputs.
    program_id text The program that stands for its build (programs.kept_as).
    input_index int Which input of the suite, from 0: samples first, then those made from them.
    input_digest text SHA-256 of the input.
    status text ok, runtime, time, idle, memory, output; null where it was given up before.
    output_key text Equal for outputs that the declared equality calls equal; null for failures.
    cpu_s float CPU seconds.
""")
_SUBMISSIONS = _columns("""
    problem_id text The problem.
    number int 1 for the first submission to the problem.
    program_id text The program.
    reason text Why this one.
    verdict text AC, PAC, WA, PE, TLE, ILE, MLE, OLE, RTE, CE: what the rules show.
    score float Points, where the rules show them.
    subtasks shares Subtask to the share of its points, where the rules show it.
    failing_test text Number of the first failing test, where the rules show it.
    at time When the verdict came.
""")
_CALLS = _columns("""
    problem_id text The problem.
    request_id text The request; the candidate that it brought has the same id.
    attempt int 1 for the first attempt.
    model text The model that answered, or was asked.
    state text done, failed, or unknown: in flight when the run was stopped.
    message text Why it failed.
    sent_at time When its intent was recorded.
    latency_s float Seconds until the whole answer was there.
    prompt_tokens int Tokens of the prompt.
    cached_tokens int Of these, read from a cache.
    completion_tokens int Tokens of the answer.
    reasoning_tokens int Of these, reasoning.
    charged_tokens int What it counts for in the budget; the most possible where nobody knows.
    charged_usd float The same in dollars; null where the model has no known price.
""")

TABLES = (
    ExportTable("candidates", _CANDIDATES, _candidates),
    ExportTable("programs", _PROGRAMS, _programs),
    ExportTable("outcomes", _OUTCOMES, _outcomes),
    ExportTable("submissions", _SUBMISSIONS, _submissions),
    ExportTable("calls", _CALLS, _calls),
)
