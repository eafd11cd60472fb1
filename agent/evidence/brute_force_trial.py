"""Trying a program on the samples, and where it passes them, against brute-force programs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from medalist.agent.evidence.behaviour_table import BehaviourTable, OutcomeCell
from medalist.agent.evidence.brute_force import BRUTE_PROMPT, expected_outputs
from medalist.agent.evidence.distinguishing import differ, is_timeout, runner, smallest
from medalist.agent.evidence.inputs import InputSuite, contents
from medalist.agent.evidence.matrix import FillOptions, fill, run_limits
from medalist.agent.evidence.sample_trial import SampleTrials
from medalist.agent.extract.answer import Extraction
from medalist.agent.propose.public_result import Attempt, Failure, Trial
from medalist.agent.types import Candidate, OutcomeKey
from medalist.problems.assemble import submission
from medalist.problems.model import Kind, PublicProblem
from medalist.sandbox.box import Executable
from medalist.sandbox.pool import Pool

_INPUTS = 16
"""Small inputs on which programs and oracles are compared."""

_LARGE = 2
"""Large inputs on which only the time counts."""

_TRIES = 20
"""Smaller counterexamples that are tried for a program that is to be repaired."""


@dataclass(frozen=True)
class TrialMemory:
    """What programs of a problem did when they were tried: they are not run on the same again.

    Attributes:
        small: On small inputs, where they are compared with the oracles.
        large: On large inputs, where only the time counts.
        samples: Their trials on the samples, by program id.
        shrunk: How a program fails, by its id, the input, what the oracles print, and the oracles
            that were run; None where it does not fail again.
    """

    small: BehaviourTable
    large: BehaviourTable
    samples: dict[str, Trial] = field(default_factory=dict)
    shrunk: dict[tuple[str, int, str, tuple[str, ...]], Failure | None] = field(
        default_factory=dict
    )

    @classmethod
    def of(cls, public: PublicProblem) -> TrialMemory:
        """Return that of a problem none of whose programs was tried."""
        return cls(
            BehaviourTable("oracles", public.equality), BehaviourTable("large", public.equality)
        )


class OracleTrials:
    """Tries programs in public; equal programs only once.

    Answers to the prompt that asks for brute force are oracles if they pass the samples. Where two
    of them agree on a small input of our own making, whoever prints something else has failed
    (kind `oracle`), and is shown the smallest such input that was found. What passes the samples is
    run on these inputs in any case, so that those who behave alike are known.

    Args:
        inputs: Those of the problem.
        pool: Where programs run.
        memory: What programs did in earlier trials of the problem. Who is an oracle is not in it.
    """

    def __init__(self, inputs: InputSuite, pool: Pool, memory: TrialMemory | None = None) -> None:
        self._public = public = inputs.public
        self._pool = pool
        self._inputs = inputs
        memory = TrialMemory.of(public) if memory is None else memory
        self._samples = SampleTrials(public, pool, memory.samples)
        self._oracles: dict[str, Executable] = {}
        self._looked = 0  # oracles there were at the last look at all attempts
        self._table = memory.small
        self._large = memory.large
        self._shrunk = memory.shrunk
        # Where several outputs are right, another one than the oracles' is not a failure.
        self._useful = public.kind in (Kind.BATCH, Kind.FUNCTION) and not public.special_checker

    def __call__(self, answers: Sequence[tuple[Candidate, Extraction]]) -> list[Trial]:
        """Return the trial of each program, in order.

        Raises:
            SandboxFailure: A box failed.
        """
        trials = self._samples(answers)
        passing = {}
        for (candidate, extraction), trial in zip(answers, trials, strict=True):
            if self._useful and trial.passes_all and trial.program_id is not None:
                passing[trial.program_id] = extraction
                if candidate.prompt_id == BRUTE_PROMPT:
                    self._oracles[trial.program_id] = self._built(extraction)
        self._run(passing)
        return [self._told(trial) for trial in self._compared(trials, passing)]

    def again(self, attempts: Sequence[Attempt]) -> list[Attempt]:
        """Look again at what passed, with the oracles that came since the last look."""
        if self._looked == len(self._oracles):
            return list(attempts)
        self._looked = len(self._oracles)
        passing = {
            attempt.trial.program_id: attempt.extraction
            for attempt in attempts
            if attempt.trial.passes_all and attempt.trial.program_id is not None
        }
        trials = self._compared([attempt.trial for attempt in attempts], passing)
        return [replace(one, trial=trial) for one, trial in zip(attempts, trials, strict=True)]

    def _compared(self, trials: Sequence[Trial], passing: Mapping[str, Extraction]) -> list[Trial]:
        """Fail those passing programs that differ from what the oracles agree on."""
        if len(self._oracles) < 2 or not passing:
            return list(trials)
        failures = self._disagreements(passing)
        return [
            replace(trial, failure=failures[trial.program_id])
            if trial.failure is None and trial.program_id in failures
            else trial
            for trial in trials
        ]

    def _told(self, trial: Trial) -> Trial:
        """Add to the trial of a passing program what it prints on the inputs."""
        if not self._useful or not trial.passes_all or trial.program_id is None:
            return trial
        keys = self._table.behaviour(trial.program_id).keys
        if not any(key is not None and key.is_output for key in keys):
            return trial  # all fail on what was made, as they do where it is not a valid input
        digest = hashlib.sha256("\n".join(map(str, keys)).encode()).hexdigest()[:16]
        slow = any(map(is_timeout, self._large.behaviour(trial.program_id).keys))
        return replace(trial, behaviour=digest, slow=slow)

    def _run(self, passing: Mapping[str, Extraction]) -> dict[str, Executable]:
        """Run programs, and the oracles, on the inputs; return what the programs were built to."""
        built = {name: self._built(extraction) for name, extraction in passing.items()}
        if built and not self._table.inputs:
            self._table.add_inputs(contents(self._inputs.made(_INPUTS)))
            self._large.add_inputs(contents(self._inputs.large(_LARGE)))
        limits = run_limits(self._public)
        for table, programs in ((self._table, self._oracles | built), (self._large, built)):
            todo = {name: one for name, one in programs.items() if table.missing(name)}
            for _ in fill(
                table,
                todo.items(),
                self._pool,
                FillOptions(limits, files=self._public.files, workers=self._pool.size),
            ):
                pass
        return built

    def _disagreements(self, passing: Mapping[str, Extraction]) -> dict[str, Failure]:
        table = self._table
        built = self._run(passing)
        agreed = expected_outputs(
            {name: table.behaviour(name) for name in self._oracles}, self._oracles
        )
        disagreements = {}
        for name, executable in built.items():
            keys = table.behaviour(name).keys
            for index, key in agreed.items():
                if not differ(self._cell(keys[index]), self._cell(key), self._public.equality):
                    continue
                oracles = self._oracles_that_print(index, key)
                known = name, index, key, oracles
                if known not in self._shrunk:
                    self._shrunk[known] = self._failure(executable, keys[index], index, oracles)
                failure = self._shrunk[known]
                if failure is not None:
                    disagreements[name] = failure
                    break
        return disagreements

    def _oracles_that_print(self, index: int, key: OutcomeKey) -> tuple[str, ...]:
        """Two oracles that print this on an input."""
        table = self._table
        printing = (name for name in self._oracles if table.behaviour(name).keys[index] == key)
        return tuple(islice(printing, 2))

    def _failure(
        self, program: Executable, did: OutcomeKey | None, index: int, oracles: tuple[str, ...]
    ) -> Failure | None:
        """Shrink an input on which a program differs from what two oracles both print."""
        programs = [program, *(self._oracles[oracle] for oracle in oracles)]

        def telling(cells: Sequence[OutcomeCell]) -> bool:
            ours, first, second = cells
            agree = first.key == second.key and first.key is not None and first.key.is_output
            return agree and differ(ours, first, self._public.equality)

        tries = 0 if is_timeout(did) else _TRIES
        content = self._table.inputs[index]
        shrunk = smallest(
            self._inputs, content, runner(self._public, programs, self._pool), telling, tries=tries
        )
        if shrunk is None:
            return None
        content, (ours, right, _) = shrunk
        ended = ours.key.failure if ours.key is not None else None
        return Failure(
            "oracle",
            _text(content),
            _text(right.output),
            _text(ours.output),
            f"it ended with: {ended}" if ended else "",
        )

    def _cell(self, key: OutcomeKey | None) -> OutcomeCell:
        output = None if key is None else self._table.output(key)
        return OutcomeCell(key, output, 0.0)

    def _built(self, extraction: Extraction) -> Executable:
        assert extraction.source is not None
        assert extraction.language is not None
        source = submission(self._public, extraction.language, extraction.source)
        built = self._pool.compile(source).executable
        assert built is not None, "it passed the samples"
        return built


def _text(content: bytes | None) -> str:
    return "" if content is None else content.decode(errors="replace")
