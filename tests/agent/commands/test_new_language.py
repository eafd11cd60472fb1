"""A language is a row of three tables: `solve` and `judge` then know it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import environment

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest

COMMAND = Path(__file__).with_name("perl.py")
ROOT = Path(__file__).parents[3]
pytestmark = [
    pytest.mark.local,
    pytest.mark.skipif(not Path("/usr/bin/perl").exists(), reason="no perl on this machine"),
]

RIGHT = """\
use strict;
my $n = <STDIN>;
my ($best, $records) = (-1001, 0);
for my $t (split ' ', scalar <STDIN>) {
    if ($t > $best) { $best = $t; $records++; }
}
print "$records\\n";
"""
WRONG = RIGHT.replace("-1001", "0")
BROKEN = RIGHT.replace("use strict;", "use strict; my $x = ;")


def _run(*args: str | Path, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(COMMAND), *map(str, args)],
        env=environment(PYTHONPATH=str(ROOT), **extra),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def solved(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, dict[str, Any], list[SeenRequest]]:
    """A run over answers in fences with a label, in fences without one, and without fences."""
    answers = (
        f"```perl\n{WRONG}```",
        f"```\n{RIGHT}```",
        f"Here is the program.\n\n{RIGHT}",
        f"```pl\n{BROKEN}```",
        "```python\nprint(0, 0)\n```",
        "```ruby\nputs gets.to_i\n```",
    )
    asked: list[SeenRequest] = []

    def answer(seen: SeenRequest) -> Reply:
        asked.append(seen)
        return Reply(answers[(len(asked) - 1) % len(answers)])

    out = tmp_path_factory.mktemp("perl") / "run"
    args = ("--lang", "perl", "-n", "6", "--search", "once", "--mutants", "4", "--json")
    with ScriptedEndpoint(answer) as endpoint:
        done = _run("solve", "warmer", *args, "--out", out, OPENAI_BASE_URL=endpoint.base_url)
    assert done.returncode == 0, done.stderr
    return out, json.loads(done.stdout), asked


def test_answers_in_a_new_language_are_found_run_chosen_and_judged(
    solved: tuple[Path, dict[str, Any], list[SeenRequest]],
) -> None:
    _, result, asked = solved
    assert (result["solved"], result["verdict"]) == (True, "AC")
    source = Path(result["source"])
    assert source.name == "solution.pl"
    assert source.read_text() == RIGHT
    # Two answers are the same text; what does not compile, and Ruby, are left out.
    assert result["candidates"] == 6
    assert result["programs"] == 4
    prompts = [message["content"] for seen in asked for message in seen.body["messages"]]
    assert any("Perl 5" in prompt for prompt in prompts)


def test_a_file_in_a_new_language_is_judged(tmp_path: Path) -> None:
    for name, text, verdict in (
        ("right.pl", RIGHT, "AC"),
        ("script", f"#!/usr/bin/perl\n{RIGHT}", "AC"),
        ("wrong.pl", WRONG, "WA"),
        ("broken.pl", BROKEN, "CE"),
    ):
        (tmp_path / name).write_text(text)
        done = _run("judge", "warmer", tmp_path / name, "--json")
        judged = json.loads(done.stdout)
        assert (judged["verdict"], judged["language"]) == (verdict, "perl5"), done.stderr


def test_options_and_messages_name_the_new_language(tmp_path: Path) -> None:
    done = _run("solve", "warmer", "--lang", "ruby", "--out", tmp_path / "run")
    assert done.returncode == 2
    assert "perl" in done.stderr
    done = _run("judge", "warmer", "--lang", "ruby", COMMAND)
    assert done.returncode == 2
    assert "perl5" in done.stderr
