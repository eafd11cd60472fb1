"""Many small packages, and answers to them: right, wrong, crashing, not compiling, no program.

There are few kinds of tasks, so that few programs are compiled however many packages there are.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from medalist.agent.llm.scripted.scripted import Reply, SeenRequest

_HEAD = "#include <cstdio>\n#include <cstdlib>\nint main() {\n  long n, x, r = 0, first = 1;\n"
_HEAD += '  if (scanf("%ld", &n) != 1) return 1;\n  while (n-- > 0 && scanf("%ld", &x) == 1) {\n'
_TAIL = '    first = 0;\n  }\n  printf("%ld\\n", r);\n}\n'

TASKS: dict[str, tuple[Callable[[Sequence[int]], int], str, str]] = {
    "sum": (sum, "r += x;", "r += x > 0 ? x : -x;"),
    "largest": (max, "if (first || x > r) r = x;", "if (x > r) r = x;"),
    "smallest": (min, "if (first || x < r) r = x;", "if (x < r) r = x;"),
    "negative": (lambda found: sum(x < 0 for x in found), "r += x < 0;", "r += x <= 0;"),
}
"""Name of the task: what is wanted, a loop's body that does it, and one that nearly does."""


def answer(task: str, kind: str) -> str:
    """Return a completion for a task."""
    _, right, wrong = TASKS[task]
    if kind == "nothing":
        return "I would rather talk about the weather."
    body = {"right": right, "wrong": wrong, "crash": "abort();", "broken": "r +* x;"}[kind]
    return f"```cpp\n{_HEAD}    {body}\n{_TAIL}```"


def make(folder: Path, count: int) -> list[str]:
    """Write `count` packages into a folder and return their names."""
    names = []
    for number in range(count):
        task = list(TASKS)[number % len(TASKS)]
        name = f"{task}-{number:02}"
        names.append(name)
        _package(folder / name, task, number)
    return names


def _package(folder: Path, task: str, number: int) -> None:
    wanted = TASKS[task][0]
    draw = random.Random(number)
    tests = {f"secret/{at}": [draw.randint(-9, 9) for _ in range(5 * at)] for at in (1, 2, 3)}
    tests["secret/3"] = [-5, 3, 0, -2]
    tests["sample/1"] = [4, 1, 7]
    files = {
        "problem.yaml": f"name: The {task} of {number}\nlicense: cc0\nkeywords: {task} easy\n"
        "limits:\n  time_limit: 1\n  memory: 256\n",
        "problem_statement/problem.en.md": f"# The {task} of {number}\n\nPrint the {task} "
        "of $n$ integers.\n\n## Input\n\nThe number $n$ and the integers.\n\n## Output\n\nIt.\n",
    }
    for test, result in tests.items():
        files[f"data/{test}.in"] = f"{len(result)}\n{' '.join(map(str, result))}\n"
        files[f"data/{test}.ans"] = f"{wanted(result)}\n"
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)


def reply(seen: SeenRequest) -> Reply:
    """Answer a request by its seed alone; how often an answer is right depends on the problem."""
    prompt = json.dumps(seen.body["messages"])
    task = next(name for name in TASKS if f"The {name} of " in prompt)
    number = int(prompt.split(f"The {task} of ")[1].split("\\n")[0])
    kinds = ["right", "wrong", "crash", "broken", "nothing"]
    chances = [(number * 7 % 10) / 10, 0.5, 0.2, 0.2, 0.1]
    draw = random.Random(f"{number}/{seen.body['seed']}")
    return Reply(answer(task, draw.choices(kinds, chances)[0]))
