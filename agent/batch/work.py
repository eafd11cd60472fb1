"""What a batch does with one problem. Every call may be repeated: the journal knows the rest."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from medalist.agent.batch.plan import Planned
from medalist.agent.batch.schedule import ROUND, Round, early_submissions, outlook
from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.judged_by import JUDGING, note_judging, voided_before
from medalist.agent.choose.policy import MIN_BELIEF, Policy
from medalist.agent.journal import EventKind, Journal
from medalist.agent.llm.contract import Completion, Model, Request, Spent
from medalist.agent.llm.lease import CoreLease
from medalist.agent.propose.bandit import Record
from medalist.agent.propose.moves import Move
from medalist.agent.run.models import RunModels
from medalist.agent.run.run_plan import statement_digest
from medalist.agent.solve import ProblemRun, RunSettings, Tools, Watcher, explore, solve
from medalist.agent.steps.allocating import allocated
from medalist.agent.steps.solution_output import (
    SOLUTION,
    SolutionRecord,
    report,
    write_source,
)
from medalist.agent.steps.stage_account import stage_accounts
from medalist.agent.submit.package_equality import lent_equality
from medalist.agent.submit.package_judge import local_judge, local_rules
from medalist.errors import BadInput, BudgetExhausted, MedalistError
from medalist.problems.formats import PackageEntry
from medalist.problems.judging.fingerprint import judging_digests, stamp_of
from medalist.problems.secret import Problem
from medalist.sandbox.pool import Pool


@dataclass(frozen=True)
class StatementRecord:
    """What a problem said when the batch began with it.

    Attributes:
        digest: The first 16 digits of the SHA-256 of its public half, without its limits.
    """

    digest: str


STATEMENT = EventKind(
    "statement",
    StatementRecord,
    key="<problem>",
    doc="A batch started a problem: if its package changes, the run cannot continue with it.",
)


class MeteredModel:
    """A model as one problem sees it: `spent` counts that problem's answers alone.

    A model that is wrapped `beside` another one of the problem counts together with that.
    """

    def __init__(self, model: Model, beside: MeteredModel | None = None) -> None:
        """Wrap a model that all problems share."""
        self.name = model.name
        self.traits = model.traits
        self._spent = Spent()
        self._counting = threading.Lock()
        self._model = model
        self._first = self if beside is None else beside

    @property
    def spent(self) -> Spent:
        """What the problem has used so far."""
        return self._first._spent

    def complete(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """See `Model`."""
        for completion in self._model.complete(requests):
            with self._first._counting:  # answers with tools come in threads
                self._first._count(completion)
            yield completion

    def _count(self, completion: Completion) -> None:
        usage, before = completion.usage, self._spent
        known = before.usd is not None and completion.cost_usd is not None
        self._spent = replace(
            before,
            requests=before.requests + 1,
            tokens=before.tokens + (usage.prompt_tokens or 0) + (usage.completion_tokens or 0),
            usd=(before.usd or 0.0) + (completion.cost_usd or 0.0) if known else None,
        )

    def close(self) -> None:
        """Leave the shared model open."""


@dataclass(frozen=True)
class BatchContext:
    """What all problems of a batch share.

    `lease`, `policy` and `moves` are as in `Tools`; `entries` are the problems by their address;
    `least_belief` is the expected gain below which nothing is submitted.
    """

    journal: Journal
    pool: Pool
    models: RunModels
    lease: CoreLease
    settings: RunSettings
    submissions: int
    entries: Mapping[str, PackageEntry]
    policy: Policy = field(default_factory=ExpectedGain)
    moves: Mapping[Move, Record] = field(default_factory=dict)
    least_belief: float = MIN_BELIEF

    @property
    def run_dir(self) -> Path:
        """The directory of the run."""
        return self.journal.path.parent

    def explore(self, planned: Planned, number: int, wanted: int, watch: Watcher) -> Round:
        """Bring a problem to `wanted` candidates and say how it stands; round `number`, from 1.

        Raises:
            BadInput: The package cannot be read.
            BudgetExhausted: There is no candidate, and a cap forbids to ask for one.
            ModelFailure, SandboxFailure: See `solve`.
        """
        key = f"{planned.problem_id}/{number}"
        known = self.journal.get(ROUND, key)
        if known is not None and known.wanted == wanted:
            return known
        problem = self._load(planned)
        tools = self._tools(problem)
        rules = tools.rules
        early = early_submissions(self.submissions, wanted, self.settings.candidates)
        judge = tools.judge if early > 0 else None
        tools = replace(tools, judge=judge, rules=replace(rules, submissions=early))
        settings = replace(self.settings, candidates=wanted)
        explored = explore(ProblemRun.of(problem.public, tools, settings, watch))
        progress, spent = explored.progress, tools.model.spent
        if explored.budget_ended is not None and not progress.candidates:
            raise BudgetExhausted(explored.budget_ended)
        end: Literal["search", "budget"] | None = None
        if explored.budget_ended is not None:
            end = "budget"
        elif settings.search != "once" and progress.candidates < wanted:
            end = "search"
        asked = Round(wanted, progress.candidates, 0.0, 0.0, spent.tokens, spent.usd, end)
        now = outlook(explored.view, explored.history, rules, ExpectedGain(), asked)
        if end != "budget":  # a later session may have a larger one
            self.journal.append(ROUND, key, now)
        return now

    def conclude(self, planned: Planned, wanted: int, watch: Watcher) -> SolutionRecord:
        """Solve a problem with `wanted` candidates, journal the result and return it.

        Raises:
            BadInput, BudgetExhausted, ModelFailure, SandboxFailure: See `explore`.
        """
        problem = self._load(planned)
        tools = self._tools(problem)
        most = max(wanted, self.settings.most)
        settings = replace(self.settings, candidates=wanted, most=most)
        solution = solve(ProblemRun.of(problem.public, tools, settings, watch))
        if solution.budget_ended is not None and not solution.progress.candidates:
            raise BudgetExhausted(solution.budget_ended)
        folder = self.run_dir / "solutions" / planned.problem_id
        source = write_source(solution, folder)
        result = replace(
            report(planned.problem_id, solution, source, problem.doubts),
            stages=stage_accounts(self.journal, planned.problem_id),
            allocation=tuple(allocated(self.journal, planned.problem_id)),
        )
        self.journal.append(SOLUTION, planned.problem_id, result)
        return result

    def _load(self, planned: Planned) -> Problem:
        entry = self.entries.get(planned.path)
        if entry is None:
            raise BadInput("is not in the archives any more", file=planned.path)
        problem = entry.load()
        name = planned.problem_id
        public = problem.public.model_copy(update={"problem_id": name})
        # With other limits it is the same problem, which is then judged again. 0.1 counted them in.
        digest = statement_digest(public, limits=False)
        known = self.journal.get(STATEMENT, name)
        if known is None:
            self.journal.append(STATEMENT, name, StatementRecord(digest), durable=False)
        elif known.digest not in (digest, statement_digest(public)):
            raise BadInput(
                "has changed since this run sampled it",
                file=planned.path,
                hint="start a new run with --out",
            )
        problem = replace(problem, public=public)
        self._note(planned, problem)
        return problem

    def done(self, planned: Planned) -> SolutionRecord | None:
        """Return the result of an earlier session, unless its package has changed since."""
        result = self.journal.get(SOLUTION, planned.problem_id)
        known = self.journal.get(JUDGING, planned.problem_id)
        if result is None or planned.path not in self.entries:
            return result
        if known is not None and known.stamp and known.stamp != stamp_of(Path(planned.path)):
            try:
                self._load(planned)
            except MedalistError:
                return result  # what was found stands, though nobody can look again
        solved = self.journal.newest_raw(SOLUTION.name, planned.problem_id)
        stands = solved is not None and solved.seq > voided_before(self.journal, planned.problem_id)
        return result if stands else None

    def _note(self, planned: Planned, problem: Problem) -> None:
        """Note what the package judges by, if its files are not those of the last look."""
        stamp = stamp_of(Path(planned.path))
        known = self.journal.get(JUDGING, planned.problem_id)
        if known is None or known.stamp != stamp:
            note_judging(self.journal, planned.problem_id, judging_digests(problem), stamp)

    def _tools(self, problem: Problem) -> Tools:
        model, reviewer = MeteredModel(self.models.writer), self.models.reviewer
        judge = local_judge(problem, self.pool, self.journal, self.submissions, noted=True)
        return Tools(
            model=model,
            reviewer=None if reviewer is None else MeteredModel(reviewer, beside=model),
            pool=self.pool,
            journal=self.journal,
            policy=self.policy,
            judge=judge,
            open_judge=judge if self.settings.tool_submissions else None,
            rules=local_rules(problem.public, self.submissions, self.least_belief),
            lease=self.lease,
            moves=self.moves,
            allocation=self.models.allocation,
            other_models={
                name: MeteredModel(other, beside=model)
                for name, other in self.models.others.items()
            },
            equality=lent_equality(problem, self.pool, self.settings.privileged_equality),
        )
