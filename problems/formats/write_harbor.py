"""Writes Harbor tasks: an instruction for an agent, and tests that it cannot read.

The layout is that of Harbor 0.26 (`task.toml` of schema 1.4). Tests are in the verifier's image
alone (`environment_mode = "separate"`), to which Harbor brings what the agent left in `/app`. The
reward is the share of the points, or 1 for accepted; `harbor_judge.py` says how it is found.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from medalist.errors import BadInput
from medalist.problems.formats import harbor_judge
from medalist.problems.formats.comparer import can_compare, comparer
from medalist.problems.formats.dmoj_only import only_dmoj
from medalist.problems.formats.new_folder import NewFolder
from medalist.problems.helper import Helper
from medalist.problems.model import Kind, PublicProblem
from medalist.problems.secret import Group, LabelledSubmission, Problem, SecretProblem, TestCase
from medalist.problems.verdict import Verdict
from medalist.sandbox.languages import FAMILIES, LANGUAGES, file_ending

_PROTOCOLS = ("kattis", "testlib")
_NAMES = {"cpp": "solution.cpp", "python": "solution.py"}
_TITLES = {"cpp": "C++20 (g++ -O2)", "python": "Python 3"}
_ALL_SHARES = 200  # tests up to which all are run, also after the first that fails

_DOCKERFILE = """\
# Another image with g++ and python3 will do: --build-arg BASE=...
ARG BASE=debian:trixie-slim
FROM ${BASE}
RUN command -v g++ && command -v python3 || (apt-get update \\
    && apt-get install -y --no-install-recommends g++ python3 \\
    && rm -rf /var/lib/apt/lists/*)
"""
_TEST = """\
#!/bin/bash
# Harbor runs this in the verifier's own container, and reads /logs/verifier/reward.json.
exec python3 /tests/judge.py /tests /app /logs/verifier
"""


def write_harbor(problem: Problem, folder: Path) -> None:
    """Write a task into a folder that does not exist or is empty.

    Raises:
        BadInput: A task cannot judge the problem (the reason says why).
    """
    public, secret = problem.public, problem.secret
    if secret is None or not secret.all_tests():
        raise BadInput("a task needs tests, and this problem has none", file=public.problem_id)
    for wrong, reason in _refusals(public, secret):
        if wrong:
            raise BadInput(reason, file=public.problem_id)
    out = NewFolder(folder)
    tests = list(dict.fromkeys(test.test_id for test in secret.all_tests()))
    numbers = {test_id: number for number, test_id in enumerate(tests, 1)}
    languages = _languages(public, secret)
    out.put("task.toml", _settings(public, len(tests)))
    out.put("instruction.md", _instruction(public, languages))
    out.put("environment/Dockerfile", f"{_DOCKERFILE}WORKDIR /app\nCOPY files/ /app/\n")
    _agents_files(public, out)
    out.put("tests/Dockerfile", f"{_DOCKERFILE}COPY . /tests/\nRUN chmod -R go-rwx /tests\n")
    out.put("tests/test.sh", _TEST)
    assert harbor_judge.__file__ is not None
    out.put("tests/judge.py", Path(harbor_judge.__file__).read_bytes())
    out.put("tests/judge.json", _rules(public, secret, numbers, languages))
    for test in secret.all_tests():
        number = numbers[test.test_id]
        out.put(f"tests/data/{number}.in", test.input.read())
        out.put(f"tests/data/{number}.ans", test.answer.read() if test.answer else b"")
    out.files("tests/checker", _checker(public, secret).files)
    out.files("tests/grader", _grader_files(public, secret))
    if (right := _right(secret, languages)) is not None:
        _oracle(right, out)


def lost_in_harbor(problem: Problem) -> list[str]:
    """Return the fields that a task does not hold."""
    secret = problem.secret
    if secret is None:
        return []
    left = [
        ("secret.validators", bool(secret.validators)),
        ("secret.submissions[]", len(secret.submissions) > 1),
        ("secret.proofs[]", bool(secret.proofs)),
        ("secret.checker (partial points)", secret.scoring and secret.checker is not None),
    ]
    return [name for name, there in left if there]


def _refusals(public: PublicProblem, secret: SecretProblem) -> list[tuple[bool, str]]:
    checker = secret.checker
    tests = secret.all_tests()
    return [
        *only_dmoj(secret),
        (
            public.kind not in (Kind.BATCH, Kind.FUNCTION),
            f"Harbor tasks for {public.kind} problems are not written",
        ),
        (public.special_checker and checker is None, "its outputs need a checker that is missing"),
        (
            checker is not None
            and (checker.protocol not in _PROTOCOLS or bool(checker.cannot_run)),
            "its checker answers in another way than Kattis's or testlib's",
        ),
        (
            checker is None and not can_compare(public.equality),
            "its outputs are values, which no program compares here",
        ),
        (
            checker is None and any(test.output_flags for test in tests),
            "some of its tests are compared in a way of their own",
        ),
        (any(test.files or test.args for test in tests), "its tests have files of their own"),
        (
            any(test.time_share != 1 or test.memory_share != 1 for test in tests),
            "Harbor tasks have no limits of single tests",
        ),
        (secret.grader is not None, "Harbor tasks run no graders of a package"),
        (secret.objective == "min", "rewards can only be maximised"),
        (
            secret.scoring and not _full(secret),
            "it has no full score, of which a reward could be a share",
        ),
        (bool(secret.lent_imports), "names are lent to its submissions"),
        (not _languages(public, secret), "its grader takes no C++ and no Python"),
    ]


def _full(secret: SecretProblem) -> float:
    return sum(group.full or 0.0 for group in secret.groups if not group.ignore)


def _languages(public: PublicProblem, secret: SecretProblem) -> list[str]:
    """Return the languages in which a solution may be; a Python grader imports it by name."""
    if public.kind is not Kind.FUNCTION:
        return list(_NAMES)
    files = {item.language for item in public.grader_files} | set(secret.grader_files)
    return ["cpp"] if files & {"cpp", "c"} else []


def _settings(public: PublicProblem, tests: int) -> str:
    def text(value: str) -> str:
        return json.dumps(value)  # a basic string of TOML

    seconds = round(180 + tests * (3 * public.limits.time_s + 1))
    lines = [
        'schema_version = "1.4"',
        'artifacts = ["/app"]',
        "",
        "[metadata]",
        f"title = {text(public.title)}",
        f"problem_id = {text(public.problem_id)}",
        'category = "competitive programming"',
        f"tags = [{', '.join(map(text, public.tags))}]",
        *([f"license = {text(public.license)}"] if public.license else []),
        *([f"source = {text(public.source)}"] if public.source else []),
        "",
        "[agent]",
        "timeout_sec = 3600.0",
        "",
        "[verifier]",
        'environment_mode = "separate"',
        f"timeout_sec = {seconds}.0",
        "",
        "[verifier.environment]",
        'network_mode = "no-network"',
        f"memory_mb = {public.limits.memory_mb + 1024}",
        "",
        "[environment]",
        f"memory_mb = {public.limits.memory_mb + 2048}",
    ]
    return "\n".join(lines) + "\n"


def _instruction(public: PublicProblem, languages: list[str]) -> str:
    limits = public.limits
    files = [f"`/app/{_NAMES[language]}` ({_TITLES[language]})" for language in languages]
    reads = "reads standard input and writes standard output"
    if public.files.input or public.files.output:
        reads = (
            f"reads `{public.files.input or 'stdin'}`, writes `{public.files.output or 'stdout'}`"
        )
    if public.kind is Kind.FUNCTION:
        reads = "is compiled together with the files in `/app/grader`"
    lines = [
        f"# {public.title}",
        "",
        public.statement().strip(),
        "",
        "## Your task",
        "",
        f"Write a complete solution into {' or '.join(files)}. It {reads}.",
        f"It has {limits.time_s:g} s and {limits.memory_mb} MB on each test.",
        "It is judged on hidden tests when you are done; the newest of the files counts.",
    ]
    if public.samples:
        lines.append("The samples are in `/app/samples`.")
    if public.subtasks:
        lines += ["", "Points:", ""]
        lines += [
            f"- {s.subtask_id} ({s.points:g} points): {s.text.strip()}" for s in public.subtasks
        ]
    return "\n".join(lines) + "\n"


def _agents_files(public: PublicProblem, out: NewFolder) -> None:
    out.put("environment/files/README.txt", "Your solution goes into this folder.\n")
    for number, sample in enumerate(public.samples, 1):
        out.put(f"environment/files/samples/{number}.in", sample.input)
        if sample.output is not None:
            out.put(f"environment/files/samples/{number}.ans", sample.output)
    for item in public.grader_files:
        if item.language in ("cpp", "c"):
            out.put(f"environment/files/grader/{item.name}", item.content)


def _grader_files(public: PublicProblem, secret: SecretProblem) -> dict[str, bytes]:
    files = {
        item.name: item.content.encode()
        for item in public.grader_files
        if item.language in ("cpp", "c")
    }
    for family in ("c", "cpp"):
        files.update(secret.grader_files.get(family, {}))
    return files if public.kind is Kind.FUNCTION else {}


def _checker(public: PublicProblem, secret: SecretProblem) -> Helper:
    return secret.checker or comparer(public.equality)


def _rules(
    public: PublicProblem,
    secret: SecretProblem,
    numbers: dict[str, int],
    languages: list[str],
) -> str:
    checker = _checker(public, secret)
    tests: dict[int, TestCase] = {numbers[test.test_id]: test for test in secret.all_tests()}
    rules: dict[str, Any] = {
        "time_s": public.limits.time_s,
        "memory_mb": public.limits.memory_mb,
        "output_mb": public.limits.output_mb,
        "input_file": public.files.input,
        "output_file": public.files.output,
        "languages": languages,
        "names": [_NAMES[language] for language in languages],
        "tests": list(tests),
        "stop_after": 1 if len(tests) > _ALL_SHARES else len(tests) + 1,
        "flags": {n: list(t.output_flags) for n, t in tests.items() if t.output_flags},
        "checker": {
            "main": checker.main, "protocol": checker.protocol, "flags": list(checker.flags),
        },
        "scoring": secret.scoring,
        "full": _full(secret),
        "groups": [_group(group, numbers) for group in secret.groups],
    }  # fmt: skip
    return json.dumps(rules, indent=1) + "\n"


def _group(group: Group, numbers: dict[str, int]) -> dict[str, Any]:
    return {
        "id": group.group_id,
        "tests": [numbers[test.test_id] for test in group.tests],
        "children": [_group(child, numbers) for child in group.children],
        "aggregate": group.aggregate,
        "points": group.points,
        "reject_points": group.reject_points,
        "low": group.low,
        "high": group.high,
        "ignore": group.ignore,
        "depends": list(group.depends),
    }


def _right(secret: SecretProblem, languages: list[str]) -> LabelledSubmission | None:
    """Return an accepted submission of one file, C++ before Python."""
    for family in languages:
        for submission in secret.submissions:
            row = LANGUAGES.get(submission.language or "")
            if (
                submission.permitted == frozenset({Verdict.AC})
                and row is not None
                and row.family == family
                and len(submission.files) == 1
            ):
                return submission
    return None


def _oracle(right: LabelledSubmission, out: NewFolder) -> None:
    ending = file_ending(FAMILIES[LANGUAGES[right.language or ""].family].name)
    name = f"solution.{ending}"
    out.put(f"solution/{name}", right.files[right.main])
    out.put("solution/solve.sh", f"#!/bin/bash\nset -e\ncp /solution/{name} /app/{name}\n")
