"""A run as a log of Inspect (inspect.aisi.org.uk): one sample a problem, its best submission.

The log is made as plain data and validated and written by Inspect itself, which is the only
supported way to write one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from medalist import __version__
from medalist.agent.batch.driver import FAILURE
from medalist.agent.choose.recorded_choice import RecordedChoice, each_choice
from medalist.agent.journal import Journal
from medalist.agent.llm.call_records import DONE, INTENT
from medalist.agent.llm.ledger import completion_of
from medalist.agent.steps.solution_output import SOLUTION
from medalist.agent.steps.timing import PROBLEM
from medalist.errors import BadInput, MissingPrerequisite

_STOP = {"stop": "stop", "length": "max_tokens"}
_STOP |= {"content_filter": "content_filter", "refusal": "content_filter"}


def write_inspect(journal: Journal, folder: Path) -> dict[str, int]:
    """Write `medalist.eval` into a folder; return how many samples it has.

    Raises:
        BadInput: The run holds no problem yet, or the folder cannot be written to.
        MissingPrerequisite: Inspect is not installed.
    """
    try:
        from inspect_ai.log import EvalLog, write_eval_log
    except ModuleNotFoundError as error:
        raise MissingPrerequisite(
            "Inspect is not installed", hint="pip install 'medalist[inspect]'"
        ) from error
    log = EvalLog.model_validate(inspect_log(journal))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_eval_log(log, str(folder / "medalist.eval"))
    except OSError as error:
        raise BadInput(f"cannot be written to: {error.strerror}", file=folder) from error
    return {"samples": len(log.samples)}


def inspect_log(journal: Journal) -> dict[str, Any]:
    """Return a run as the data of an `EvalLog`.

    Raises:
        BadInput: The run holds no problem yet.
    """
    samples = [_sample(journal, choice) for choice in each_choice(journal)]
    chosen = {sample["id"] for sample in samples}
    failures = {entry.key: entry.value.message for entry in journal.events(FAILURE)}
    samples += [
        _unsolved(journal, name, why) for name, why in failures.items() if name not in chosen
    ]
    _score_the_rest(journal, samples)
    first = next(journal.raw_events(), None)
    if not samples or first is None:
        raise BadInput("nothing was chosen in this run yet", file=journal.path.parent)
    usage = _usage(journal)
    scored = [sample for sample in samples if sample["scores"]]
    solved = sum(sample["scores"]["verdict"]["value"] == "C" for sample in scored)
    run = journal.path.absolute().parent.name
    return {
        "status": "success",
        "eval": {
            "created": _time(first.at),
            "task": "medalist",
            "task_id": run,
            "eval_id": run,
            "run_id": run,
            "dataset": {
                "samples": len(samples),
                "sample_ids": [sample["id"] for sample in samples],
            },
            "model": next(iter(usage), "none/none"),
            "config": {},
            "packages": {"medalist": __version__},
        },
        "plan": {"name": "medalist"},
        "results": {
            "total_samples": len(samples),
            "completed_samples": len(samples),
            "scores": [
                {
                    "name": "verdict",
                    "scorer": "verdict",
                    "scored_samples": len(scored),
                    "unscored_samples": len(samples) - len(scored),
                    "metrics": {"accuracy": {"name": "accuracy", "value": solved / len(scored)}}
                    if scored
                    else {},
                }
            ],
        },
        "stats": {"model_usage": usage},
        "samples": samples,
    }


def _sample(journal: Journal, choice: RecordedChoice) -> dict[str, Any]:
    problem = journal.get(PROBLEM, choice.problem_id)
    sample: dict[str, Any] = {
        "id": choice.problem_id,
        "epoch": 1,
        "input": choice.problem_id,
        "target": "",
        "scores": None,
        "metadata": {
            **(PROBLEM.body(problem) if problem else {}),
            "programs": len(choice.view.programs),
            "clusters": len(choice.view.clusters),
            "submissions": [
                {"program": one.program_id, "reason": one.reason, "verdict": said.verdict}
                for one, said in choice.history
            ],
        },
    }
    if not choice.history:
        return sample
    submission, feedback = max(
        choice.history, key=lambda item: (item[1].solved, item[1].score or 0.0)
    )
    program = next(
        program for program in choice.view.programs if program.program_id == submission.program_id
    )
    sample["scores"] = {
        "verdict": {
            "value": "C" if feedback.solved else "I",
            "answer": _clean(program.source),
            "explanation": f"{feedback.verdict}: {submission.reason}",
            "metadata": {"verdict": feedback.verdict, "score": feedback.score},
        }
    }
    call = journal.get(DONE, program.candidates[0])
    asked = journal.get(INTENT, program.candidates[0])
    if call is not None and asked is not None:
        answer = completion_of(journal, program.candidates[0], call)
        messages = json.loads(journal.blob(asked.messages))
        asked_for = [
            {"role": message["role"], "content": _clean(message["content"])} for message in messages
        ]
        said = {"role": "assistant", "content": _clean(answer.text)}
        sample["input"] = asked_for
        sample["messages"] = [*asked_for, said]
        sample["output"] = {
            "model": answer.model,
            "choices": [{"message": said, "stop_reason": _STOP.get(answer.finish, "unknown")}],
        }
    return sample


def _unsolved(journal: Journal, problem_id: str, why: str) -> dict[str, Any]:
    """The sample of a problem that failed before anything was chosen."""
    problem = journal.get(PROBLEM, problem_id)
    return {
        "id": problem_id,
        "epoch": 1,
        "input": problem_id,
        "target": "",
        "scores": {"verdict": _incorrect(f"the problem failed: {_clean(why)}")},
        "metadata": PROBLEM.body(problem) if problem else {},
    }


def _score_the_rest(journal: Journal, samples: list[dict[str, Any]]) -> None:
    """Score what was judged and never submitted: it is not solved, as the run counts it too.

    A problem without tests, or a run without submissions, stays without a score.
    """
    submits = any(sample["scores"] for sample in samples)
    for sample in samples:
        if sample["scores"]:
            continue
        result = journal.get(SOLUTION, sample["id"])
        judged = submits if result is None or result.judged is None else result.judged
        if judged:
            why = "nothing was submitted"
            if result is not None and result.cut_while_thinking:
                why += f" ({result.cut_while_thinking} answers were cut while thinking)"
            sample["scores"] = {"verdict": _incorrect(why)}


def _incorrect(why: str) -> dict[str, Any]:
    return {
        "value": "I",
        "answer": "",
        "explanation": why,
        "metadata": {"verdict": None, "score": None},
    }


def _usage(journal: Journal) -> dict[str, dict[str, Any]]:
    """Model to what all its answers used."""
    usage: defaultdict[str, dict[str, Any]] = defaultdict(
        lambda: {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0, "total_cost": 0.0}
    )
    for entry in journal.events(DONE):
        answer = entry.value
        own = usage[answer.model]
        own["input_tokens"] += answer.usage.prompt_tokens or 0
        own["output_tokens"] += answer.usage.completion_tokens or 0
        own["total_tokens"] = own["input_tokens"] + own["output_tokens"]
        if answer.cost_usd is None or own["total_cost"] is None:
            own["total_cost"] = None
        else:
            own["total_cost"] += answer.cost_usd
    return dict(usage)


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def _clean(text: str) -> str:
    """Replace lone surrogates, which no file in UTF-8 can hold."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
