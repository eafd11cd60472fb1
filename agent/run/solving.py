"""One problem solved in its own run directory: what `medalist solve` and the library do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from medalist.agent.journal import Journal
from medalist.agent.journal.plans import SOLVE, SOLVE_PLAN, SolvePlan
from medalist.agent.llm import open_model
from medalist.agent.llm.resources import ModelResources
from medalist.agent.llm.settings import ModelSettings
from medalist.agent.propose.candidate_file import PoolModel, read_pool
from medalist.agent.run.models import RunModels, open_models, planned_models
from medalist.agent.run.options import RunOptions
from medalist.agent.run.run_plan import (
    as_begun,
    directory_name,
    identity,
    identity_of,
    keep_plan,
    settings_for,
    statement_digest,
    submissions_for,
)
from medalist.agent.solve import ProblemRun, Solution, Tools, Watcher, solve
from medalist.agent.steps.allocating import allocated
from medalist.agent.steps.move_priors import move_priors
from medalist.agent.steps.problem_run import unwatched
from medalist.agent.steps.solution_output import SOLUTION, SolutionRecord, report, write_source
from medalist.agent.steps.stage_account import stage_accounts
from medalist.agent.submit.package_equality import lent_equality
from medalist.agent.submit.package_judge import local_judge, local_rules
from medalist.agent.types import Candidate
from medalist.errors import BadInput
from medalist.problems.model import PublicProblem
from medalist.problems.secret import Problem
from medalist.sandbox.pool import Pool


@dataclass(frozen=True)
class GivenCandidates:
    """Candidates from a file, in place of a model, and what the run calls them."""

    candidates: tuple[Candidate, ...]
    name: str


@dataclass(frozen=True)
class Solved:
    """How a run over one problem ended, where its program is, and the result for machines."""

    solution: Solution
    source: Path | None
    result: SolutionRecord


@dataclass(frozen=True)
class Assignment:
    """A problem to be solved under options, in a directory.

    Attributes:
        problem: The problem; its secret half goes to the judge alone.
        options: How to solve it.
        configured: The user's settings of models, with the options on top.
        given: Candidates that came from elsewhere: then no model is asked.
        out: The run directory; None is one by the options, under `runs`.
    """

    problem: Problem
    options: RunOptions
    configured: ModelSettings
    given: GivenCandidates | None = None
    out: Path | None = None

    @property
    def submissions(self) -> int:
        """How many submissions the local judge takes."""
        return submissions_for(self.options, self.configured)

    @property
    def judged(self) -> bool:
        """Whether there is something to submit to, and submissions are allowed."""
        return self.problem.secret is not None and self.submissions > 0

    @property
    def run_dir(self) -> Path:
        """The run directory."""
        if self.out is not None:
            return self.out
        name = directory_name(self.problem.public, self.options, self.configured)
        return Path("runs") / name

    def solve(self, pool: Pool, watch: Watcher = unwatched) -> Solved:
        """Solve the problem, or continue with it; the result is journalled.

        Raises:
            BadInput: The directory holds another run.
            ModelFailure, SandboxFailure, JournalFailure: Something failed; again continues.
        """
        public, options = self.problem.public, self.options
        with Journal.open(self.run_dir) as journal, self._models(journal) as models:
            begun = journal.get(SOLVE_PLAN, SOLVE)
            known = None if begun is None else begun.given()
            options = as_begun(options, known)
            settings = settings_for(options, self.configured).as_before(known)
            submissions = submissions_for(options, self.configured)
            fixed = identity(settings, models.writer.traits)
            plan = identity_of(public) | fixed | planned_models(options, models)
            formerly = {"statement": statement_digest(public)}
            keep_plan(journal, SOLVE_PLAN, SolvePlan.model_validate(plan), formerly=formerly)
            judge = local_judge(self.problem, pool, journal, submissions)
            tools = Tools(
                model=models.writer,
                pool=pool,
                journal=journal,
                policy=options.chooser(),
                judge=judge,
                open_judge=judge if settings.tool_submissions else None,
                rules=local_rules(public, submissions, options.least_belief()),
                moves=move_priors(options.moves_from),
                allocation=models.allocation,
                other_models=models.others,
                given=None if self.given is None else self.given.candidates,
                reviewer=models.reviewer,
                shares=True,
                equality=lent_equality(self.problem, pool, options.privileged_equality),
            )
            solution = solve(ProblemRun.of(public, tools, settings, watch))
            source = write_source(solution, self.run_dir)
            result = replace(
                report(public.problem_id, solution, source, self.problem.doubts),
                stages=stage_accounts(journal, public.problem_id),
                allocation=tuple(allocated(journal, public.problem_id)),
            )
            journal.append(SOLUTION, public.problem_id, result)
        return Solved(solution, source, result)

    @contextmanager
    def _models(self, journal: Journal) -> Iterator[RunModels]:
        options = self.options
        if self.given is None:
            with open_models(options, self.configured, journal) as models:
                yield models
            return
        with ExitStack() as opened:
            reviewer = None
            if options.reviewer is not None:
                budget = options.budget()
                reviewer = open_model(options.reviewer, ModelResources(journal, budget))
                opened.enter_context(closing(reviewer))
            yield RunModels(PoolModel(self.given.name), reviewer)


def candidates_of_pool(path: Path, public: PublicProblem) -> GivenCandidates:
    """Read a pool's candidates for a problem, and name the pool by its content.

    Raises:
        BadInput: It cannot be read, or holds none for this problem.
    """
    rows = list(read_pool(path))
    given = tuple(candidate for problem_id, candidate in rows if problem_id == public.problem_id)
    if not given:
        others = sorted({problem_id for problem_id, _ in rows})[:5]
        raise BadInput(
            f"holds no candidate of {public.problem_id!r}",
            file=path,
            field="problem_id",
            hint=f"it has {', '.join(others)}" if others else "it is empty",
        )
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return GivenCandidates(given, f"pool:{digest[:12]}")
