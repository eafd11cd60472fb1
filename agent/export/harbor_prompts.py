"""Prompts as tasks of Harbor whose verifier asks a running `medalist serve`: they hold no test.

(`problems convert --to harbor` writes tasks that hold their tests in the verifier's image.)
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from medalist.agent.export.training_answers import first_turns
from medalist.agent.export.training_rows import NeutralRow

_SETTINGS = """\
schema_version = "1.4"

[metadata]
problem_id = {problem}
split = {split}

[agent]
timeout_sec = 3600.0

[verifier]
timeout_sec = 900.0

[verifier.env]
MEDALIST_SERVE_URL = "${{MEDALIST_SERVE_URL}}"

[environment]
cpus = 1
memory_mb = 2048
"""
_DOCKERFILE = (
    "FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends "
    "g++ python3 && rm -rf /var/lib/apt/lists/*\nWORKDIR /app\n"
)
_TEST = """\
#!/bin/sh
# Asks the service at MEDALIST_SERVE_URL what the program is worth; writes nothing if it cannot.
exec python3 /tests/ask.py
"""
_ASK = """\
import glob
import json
import os
import urllib.request

PROBLEM = {problem}
NAMES = {{".py": "python", ".cpp": "cpp"}}
files = sorted(path for end in NAMES for path in glob.glob("/app/solution" + end))
reward = 0.0
if files:
    with open(files[0], encoding="utf-8", errors="replace") as file:
        source = file.read()
    language = NAMES[os.path.splitext(files[0])[1]]
    fence = "`" * 3
    answer = fence + language + "\\n" + source + "\\n" + fence
    asked = {{"problem": PROBLEM, "answers": [answer], "language": language}}
    request = urllib.request.Request(
        os.environ["MEDALIST_SERVE_URL"].rstrip("/") + "/v1/reward",
        json.dumps(asked).encode(),
        {{"Content-Type": "application/json"}},
    )
    with urllib.request.urlopen(request, timeout=800) as response:
        reward = json.load(response)["rewards"][0]
    if reward is None:
        raise SystemExit("the judge failed: this says nothing about the program")
os.makedirs("/logs/verifier", exist_ok=True)
with open("/logs/verifier/reward.json", "w", encoding="utf-8") as file:
    json.dump({{"reward": reward}}, file)
"""


def write_task(row: NeutralRow, folder: Path, side: str) -> list[str]:
    """Write a task folder and return its files' names, from `folder`."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", row.problem_id).strip("-.") or "problem"
    said = "\n\n".join(text for role, text in first_turns(row.prompt) if role == "user")
    place = "\n\nWrite the program to /app/solution.py or /app/solution.cpp.\n"
    problem = json.dumps(row.problem_id)
    files = {
        "instruction.md": said + place,
        "task.toml": _SETTINGS.format(problem=problem, split=json.dumps(side)),
        "environment/Dockerfile": _DOCKERFILE,
        "tests/test.sh": _TEST,
        "tests/ask.py": _ASK.format(problem=problem),
    }
    for path, content in files.items():
        target = folder / side / name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode("utf-8", "replace"))
    return [f"{side}/{name}/{path}" for path in files]
