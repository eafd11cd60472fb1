"""`medalist explain`: a readable account of one problem of a run."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from medalist.agent.choose.recorded_choice import RecordedChoice, choices
from medalist.agent.commands.console import data, json_line
from medalist.agent.commands.solve_report import cut_answers, stage_lines
from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.journal import Journal
from medalist.agent.report.account import account
from medalist.agent.report.call_summary import calls_by_problem
from medalist.agent.steps.allocating import allocated
from medalist.agent.steps.checking import CHECKERS
from medalist.agent.steps.pairing import pairs_told
from medalist.agent.steps.predicting import PREDICTED, PredictedRecord
from medalist.agent.steps.stage_account import StageAccount, stage_accounts
from medalist.agent.steps.stage_worth import WORTH, newest_worth
from medalist.agent.steps.writing import WRITTEN, WrittenRecord
from medalist.errors import BadInput
from medalist.problems.model import Equality

_TESTS_SHOWN = 8
_SHOWN = 60  # characters of an input or output on one line


def explain(
    run: Annotated[Path, typer.Argument(help="A run directory.")],
    problem: Annotated[
        str | None, typer.Argument(help="The problem's id; not needed if there is one.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Show clusters, what separates them, beliefs, and each submission with its reason."""
    with Journal.open(run, readonly=True) as journal:
        choice = _chosen(choices(journal), problem, run)
        told = account(choice, BehaviourTable(choice.suite, Equality(), journal))
        calls = calls_by_problem(journal, [choice.problem_id])[choice.problem_id]
        told["cut_while_thinking"] = calls.cut_while_thinking
        stages = stage_accounts(journal, choice.problem_id)
        told["stages"] = {stage: asdict(used) for stage, used in stages.items()}
        worth = newest_worth(journal, choice.problem_id)
        told["worth"] = {} if worth is None else WORTH.body(worth)["stages"]
        checkers = journal.get(CHECKERS, choice.problem_id)
        told["checkers"] = None if checkers is None else CHECKERS.body(checkers)
        decisions = allocated(journal, choice.problem_id)
        told["allocation"] = [{**asdict(decision), "said": str(decision)} for decision in decisions]
        told["written"] = _written(journal.get(WRITTEN, choice.problem_id))
        pairs = pairs_told(journal, choice.problem_id)
        told["pairs"] = None if pairs is None else asdict(pairs)
        told["predicted"] = _predicted(journal.get(PREDICTED, choice.problem_id))
    if as_json:
        json_line(told)
    else:
        _show(told, run)


def _chosen(recorded: list[RecordedChoice], problem: str | None, run: Path) -> RecordedChoice:
    names = [choice.problem_id for choice in recorded]
    if problem is None and len(recorded) == 1:
        return recorded[0]
    if problem not in names:
        raise BadInput(
            f"no problem {problem!r}" if problem else "holds several problems",
            file=run,
            hint=f"one of {', '.join(names[:20])}",
        )
    return recorded[names.index(problem)]


def _written(record: WrittenRecord | None) -> dict[str, int] | None:
    """Counts of what generators and validators produced; None where none were run."""
    if record is None:
        return None
    counts = asdict(record)
    return {**counts, "inputs": len(record.inputs)}


def _predicted(record: PredictedRecord | None) -> dict[str, int] | None:
    """What the model's own tests brought; None where none were asked for."""
    return None if record is None else {**asdict(record), "tests": len(record.tests)}


def _show_tests(told: dict[str, Any]) -> None:
    """Say what the model's own tests are worth, and who passes them; the weightiest first."""
    if told["predicted"] is not None:
        data(
            "predicted tests: {tests} of {read} kept, of {questions} answers".format(
                **told["predicted"]
            )
        )
    tests = sorted(told["tests"], key=lambda one: -one["weight"])
    for test in tests[:_TESTS_SHOWN]:
        places = ", ".join(map(str, test["clusters"][:8])) or "none"
        data(
            f"  {_line(test['input'])} -> {_line(test['output'])}: weight {test['weight']:.3f}, "
            f"passed by {test['votes']:g} candidates of clusters {places}"
        )


def _line(text: str) -> str:
    line = " / ".join(part.strip() for part in text.strip().splitlines())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}..."


def _show_stages(told: dict[str, Any]) -> None:
    """Say what each stage asked, and what the helpers and the tournament brought."""
    for line in stage_lines({name: StageAccount(**used) for name, used in told["stages"].items()}):
        data(line)
    _show_worth(told)
    if (written := told["written"]) is not None:
        data(
            "written inputs: {inputs} of {made} kept; {generating} of {generators} generators made "
            "any, {voting} of {validators} validators vote".format(**written)
        )
    if told["brute_force"]:
        data(f"brute force: agrees on the outputs of {told['brute_force']} inputs")
    _show_tests(told)
    if told["pairs"] is not None:
        data(
            "inputs for pairs: {inputs} kept of {made} made ({valid} valid); {questions} questions "
            "about {pairs} pairs, {separated} separated".format(**told["pairs"])
        )
    if (duels := told["duels"])["answers"]:
        won = ", ".join(f"{name} {count}" for name, count in duels["pairs_won"].items())
        data(
            f"duels: {duels['answers']} answers ({duels['with_chances']} with log-probabilities), "
            f"{duels['pairs_agreed']} pairs with the same winner in both orders"
            f"{f' ({won})' if won else ''}"
        )


def _show_worth(told: dict[str, Any]) -> None:
    """Say what each stage was worth."""
    parts = []
    for stage, one in told["worth"].items():
        said = f"{stage} {one['bits']:.2f} bits"
        if one["tokens"]:
            said += f" ({1000 * one['bits'] / one['tokens']:.3f} a thousand tokens)"
        parts.append(said)
    if parts:
        data(f"worth: {'; '.join(parts)}")


def _show(told: dict[str, Any], run: Path) -> None:
    data(
        f"{told['problem']}: {told['candidates']} candidates, {told['programs']} programs "
        f"that compile, {told['inputs']} inputs, {told['clusters']} clusters"
    )
    for row in told["allocation"]:
        data(f"allocation: {row['said']}")
    if told["cut_while_thinking"]:
        data(f"thinking: {cut_answers(told['cut_while_thinking'])}")
    _show_stages(told)
    _show_doubts(told)
    _show_equality(told)
    if told["mutants_told_apart"]:
        data(
            "evidence: kills {} of {} mutants of the leader; beliefs times {:.2f}".format(
                *told["mutants_told_apart"], told["trust_in_suite"]
            )
        )
    for number, one in enumerate(told["largest"], 1):
        chance = "" if one["chance"] is None else f", chance {one['chance']:.3f}"
        samples = "" if one["passes_samples"] else ", fails samples"
        if one["likeness"] is not None:
            samples += f", prints what others print on {one['likeness']:.0%} of the inputs"
        data(
            f"\ncluster {number} ({one['cluster']}): {one['votes']} votes, "
            f"{one['programs']} programs{chance}{samples}"
        )
        if one["separated_by"]:
            _show_separator(one["separated_by"], "cluster 1", f"cluster {number}")
    for row in told["submissions"]:
        data(f"\nsubmission {row['number']}: {row['program']} -> {row['verdict']}")
        data(f"  because {row['reason']}")
        if row["chance_before"] is not None:
            after = row["chance_after"]
            data(
                f"  chance {row['chance_before']:.3f}"
                + ("" if after is None else f", after the verdict {after:.3f}")
            )
        if row["rival"] and row["rival"]["separated_by"]:
            data(f"  rival: {row['rival']['program']} with {row['rival']['votes']} votes")
            _show_separator(row["rival"]["separated_by"], "submitted", "rival")
    data(f"\nreproduce: medalist replay {run} --check")


def _show_equality(told: dict[str, Any]) -> None:
    """Print how outputs were compared, and the weight of each checker."""
    if told["equality"]:
        data(f"equality: {told['equality']}")
    if (checkers := told["checkers"]) is not None:
        for checker in checkers["checkers"]:
            worth = (
                f"weight {checker['weight']:.2f}"
                if checker["weight"]
                else f"no vote, {checker['why']}"
            )
            data(f"  checker {checker['checker']}: {worth}")
        if checkers["outputs"]:
            data("  {contested} of {outputs} outputs contested".format(**checkers))


def _show_doubts(told: dict[str, Any]) -> None:
    """Say what weakens the evidence."""
    aside = sum(len(places) for places in told["set_aside"].values())
    if aside:
        reasons = "; ".join(
            f"{len(places)}: {reason}" for reason, places in told["set_aside"].items()
        )
        data(f"evidence: {aside} of {told['inputs']} inputs set aside ({reasons})")
    if told["many_answers"]:
        data(
            "evidence: many answers may be right, so agreement means little and samples can only "
            "be run, not checked; beliefs rest on what right programs share (ending properly, "
            "the words and kinds of numbers they print) and are halved"
        )


def _show_separator(separator: dict[str, str], first: str, second: str) -> None:
    data("  separated by the input:")
    data(_indented(separator["input"]))
    data(f"  {first}: {_indented(separator['first']).strip()}")
    data(f"  {second}: {_indented(separator['second']).strip()}")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.rstrip().splitlines())
