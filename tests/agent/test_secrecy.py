"""The secret half never leaks, and labels never steer what has not been judged."""

from __future__ import annotations

import json
import random
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from medalist.agent.choose.baselines import LargestCluster
from medalist.agent.choose.policy import PolicyRules
from medalist.agent.journal import Journal
from medalist.agent.llm import open_model
from medalist.agent.llm.resources import ModelResources
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.llm.settings import EndpointSettings, ModelSettings
from medalist.agent.solve import ProblemRun, RunSettings, Solution, Tools, solve
from medalist.agent.types import Feedback, Program
from medalist.errors import EngineError
from medalist.problems.formats import load
from medalist.problems.verdict import Verdict
from medalist.sandbox.pool import Pool, open_pool
from tests.agent.command import medalist

ANSWER, CHECKER, INPUT = "7741001", "CANARY-CHECKER-7741002", "7741003"
SAMPLE = "5150"

# Prints whatever it can lay hands on: its input, environment, files, other processes.
PROBE = """```python
import os, sys
print(sys.stdin.read())
print(dict(os.environ), sys.argv)
seen = 0
for top in (".", "/tmp", "/home", "/root", "/work", "/proc", "/var", "/dev/shm", "/etc"):
    for folder, names, files in os.walk(top):
        if folder.count("/") > 4:
            names.clear()
        for file in files:
            try:
                with open(os.path.join(folder, file), "rb") as handle:
                    content = handle.read(3000)
                print(folder, file, content)
            except OSError:
                continue
            seen += len(content)
            if seen > 20000:
                sys.exit()
```"""


@pytest.fixture
def pool() -> Iterator[Pool]:
    try:
        opened = open_pool("local")
    except EngineError as error:
        pytest.skip(f"no local sandbox: {error}")
    with opened:
        yield opened


def _package(folder: Path) -> Path:
    package = folder / "canary"
    files = {
        "problem.yaml": "name: Canary\nvalidation: custom\nlicense: cc0\n"
        "limits:\n  time_limit: 5\n  memory: 512\n",
        "problem_statement/problem.en.md": "# Canary\n\nRead an integer, print something.\n",
        "data/sample/1.in": f"{SAMPLE}\n",
        "data/sample/1.ans": f"{SAMPLE}\n",
        "data/secret/1.in": f"{INPUT}\n",
        "data/secret/1.ans": f"{ANSWER}\n",
        "output_validators/check/check.py": f"import sys\n# {CHECKER}\nsys.exit(43)\n",
    }
    for name, content in files.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(content)
    return package


def _everything_in(run: Path) -> str:
    """All texts of a journal, unpacked, and the other files of the run."""
    texts = []
    with Journal.open(run, readonly=True) as journal:
        texts += [f"{event.kind} {event.key} {event.body}" for event in journal.raw_events()]
        with sqlite3.connect(run / "journal.sqlite") as database:
            digests = [row[0] for row in database.execute("SELECT digest FROM blobs")]
        database.close()
        texts += [journal.blob(digest).decode("utf-8", "replace") for digest in digests]
    texts += [path.read_text() for path in run.iterdir() if path.suffix in (".py", ".cpp")]
    return "\n".join(texts)


@pytest.mark.local
@pytest.mark.usefixtures("pool")
def test_canaries_reach_no_prompt_journal_screen_or_report(tmp_path: Path) -> None:
    package = _package(tmp_path)
    run = tmp_path / "run"
    with ScriptedEndpoint([Reply(PROBE)]) as endpoint:
        done = medalist(
            "solve", package, "-n", "2", "--submissions", "1", "--out", run, "--max-tokens", "4096",
            cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
        prompts = "\n".join(str(seen.body) for seen in endpoint.log)
    assert done.returncode == 1, done.stderr
    assert "WA" in done.stdout
    told = medalist("report", run, "--out", tmp_path / "page.html", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    page = (tmp_path / "page.html").read_text("utf-8")
    recorded = _everything_in(run)
    # The probe works: what it may see (the sample, its own environment) did get into the record.
    assert SAMPLE in recorded
    assert "PATH" in recorded
    for canary in (ANSWER, CHECKER, INPUT):
        for place in (prompts, recorded, page, done.stdout, done.stderr):
            assert canary not in place


# Looks for the canaries in all that it can open, and prints its input; of the canaries it knows
# only how they read backwards, so that its own file does not hold them.
SEEKER = f"""import os, sys
given = sys.stdin.read()
wanted = [word[::-1].encode() for word in {[word[::-1] for word in (ANSWER, CHECKER, INPUT)]!r}]
places = [given.encode(), repr(dict(os.environ)).encode(), repr(sys.argv).encode()]
for top in (".", "/tmp", "/home", "/root", "/work", "/proc", "/var", "/dev/shm", "/etc"):
    for folder, names, files in os.walk(top):
        if folder.count("/") > 4 or len(places) > 2000:
            names.clear()
        for path in (os.path.join(folder, file) for file in files):
            try:
                if os.path.isfile(path):
                    with open(path, "rb") as handle:
                        places.append(handle.read(20000))
            except OSError:
                continue
print("LEAK" if any(word in place for word in wanted for place in places) else "clean", given)
"""

# The seeker as a generator. It looks for its first seeds only, and says nothing to others: after
# three of them it is not asked again.
SEEKING_GENERATOR = f"""import io, sys
seed = sys.stdin.read()
if int(seed) > 2:
    sys.exit()
sys.stdin = io.StringIO(seed)
{SEEKER}"""


@pytest.mark.local
@pytest.mark.usefixtures("pool")
@pytest.mark.parametrize("protocol", ["native", "text"])
def test_nothing_hidden_is_behind_a_tool(protocol: str, tmp_path: Path) -> None:
    package = _package(tmp_path)
    run = tmp_path / "run"
    brute = f"{SEEKER}print('brute')\n"
    given = {"program": SEEKER, "input": "41\n", "brute": brute, "generator": SEEKING_GENERATOR}
    # First what takes no seconds: on a slow machine the others may use up all that there are.
    tools = ("submit", "run", "stress", "test_samples", "time_at_bounds")

    def calling(seen: SeenRequest) -> Reply:
        if len(seen.body["messages"]) > 2:
            return Reply(f"```python\n{SEEKER}```\n")
        if protocol == "native":
            return Reply("", calls=tuple((name, json.dumps(given)) for name in tools))
        blocks = [json.dumps({"tool": name, **given}) for name in tools]
        return Reply("".join(f"```tool\n{block}\n```\n" for block in blocks))

    with ScriptedEndpoint(calling) as endpoint:
        done = medalist(
            "solve", package, "-n", "1", "--search", "once", "--lang", "python", "--out", run,
            "--tools", protocol, "--model", "writer", "--always-submit", "--evidence", "2",
            "--tool-seconds", "120", "--tool-submissions", "1",
            cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
        prompts = "\n".join(str(seen.body) for seen in endpoint.log)
    recorded = _everything_in(run)
    assert "clean 41" in prompts, "what a program prints in a call comes back"
    assert "They differ on this input" in prompts
    assert "The judge shows: WA. " in prompts, "of a submission the verdict, as the rules show it"
    assert "WA" in done.stdout, "the program was judged on the tests that the tools do not have"
    told = re.findall(r"(?:clean|LEAK) \d*", prompts)
    assert {text.split()[0] for text in told} == {"clean"}
    for canary in (ANSWER, CHECKER, INPUT):
        for place in (prompts, recorded, done.stdout, done.stderr):
            assert canary not in place


class _Labels:
    """A judge that knows nothing but a label for each program."""

    def __init__(self, labels: dict[str, str]) -> None:
        self._labels = labels

    def submit(self, program: Program) -> Feedback:
        return Feedback(Verdict(self._labels[program.program_id]))


def _variant(seen: SeenRequest) -> Reply:
    number = seen.body["seed"] % 9
    # All echo the sample's number; beyond it they part in different ways.
    return Reply(
        f"```python\nn = int(input())\nprint(n if n <= 9 or n % {number + 2} else -n)\n```"
    )


@pytest.mark.local
def test_labels_of_unsubmitted_programs_never_change_the_next_submission(
    pool: Pool, tmp_path: Path
) -> None:
    statement = tmp_path / "echo.md"
    statement.write_text(
        "# Echo\n\nPrint n.\n\n## Sample Input 1\n\n    7\n\n## Sample Output 1\n\n    7\n"
    )
    public = load(statement).public

    def run(name: str, endpoint: ScriptedEndpoint, judge: _Labels | None) -> Solution:
        settings = ModelSettings(
            endpoints=[EndpointSettings(model="scripted", base_url=endpoint.base_url)]
        )
        with Journal.open(tmp_path / name) as journal:
            model = open_model("scripted", ModelResources(journal), settings=settings)
            tools = Tools(
                model,
                pool,
                journal,
                LargestCluster(),
                judge,
                PolicyRules(submissions=9),
            )
            solution = solve(
                ProblemRun.of(public, tools, RunSettings(24, ("python",), ("direct",), evidence=16))
            )
            model.close()
            return solution

    rng = random.Random(1)
    with ScriptedEndpoint(_variant) as endpoint:
        first = run("first", endpoint, _Labels(_AllWrong()))
        order = [submission.program_id for submission, _ in first.history]
        assert len(order) >= 5
        for trial in range(4):
            kept = rng.randrange(1, len(order))
            verdicts = ["WA"] * kept + rng.choices(["AC", "WA", "TLE", "RTE"], k=len(order) - kept)
            other = run(f"trial{trial}", endpoint, _Labels(dict(zip(order, verdicts, strict=True))))
            again = [submission.program_id for submission, _ in other.history]
            # Equal feedback so far, equal next submission, whatever the rest would have got.
            assert again[: kept + 1] == order[: kept + 1]


class _AllWrong(dict[str, str]):
    def __missing__(self, program_id: str) -> str:
        return "WA"
