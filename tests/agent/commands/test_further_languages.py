"""Programs in Java, Kotlin, Rust, Go, C# and JavaScript: judged, asked of models, or missing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.agent.command import environment, medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest

pytestmark = pytest.mark.local
WITHOUT_JAVA = Path(__file__).with_name("without_java.py")
ROOT = Path(__file__).parents[3]

JAVA = """\
import java.util.Scanner;

public class Records {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt(), best = -1001, records = 0;
        for (int i = 0; i < n; i++) {
            int t = in.nextInt();
            if (t > best) { best = t; records++; }
        }
        System.out.println(records);
    }
}
"""
PROGRAMS = {
    "java": JAVA,
    "rs": """\
use std::io::Read;

fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let (mut best, mut records) = (-1001, 0);
    for t in text.split_whitespace().skip(1).map(|word| word.parse::<i32>().unwrap()) {
        if t > best { best = t; records += 1; }
    }
    println!("{}", records);
}
""",
    "go": """\
package main

import "fmt"

func main() {
	var n, t, records int
	fmt.Scan(&n)
	best := -1001
	for ; n > 0; n-- {
		fmt.Scan(&t)
		if t > best {
			best, records = t, records+1
		}
	}
	fmt.Println(records)
}
""",
    "cs": """\
using System;
using System.Linq;

class Records {
    static void Main() {
        Console.ReadLine();
        int best = -1001, records = 0;
        foreach (int t in Console.ReadLine().Split().Select(int.Parse))
            if (t > best) { best = t; records++; }
        Console.WriteLine(records);
    }
}
""",
    "js": """\
const words = require('fs').readFileSync(0, 'utf8').split(/\\s+/).map(Number);
let best = -1001, records = 0;
for (const t of words.slice(1, 1 + words[0])) if (t > best) { best = t; records++; }
console.log(records);
""",
}
LANGUAGE = {"java": "java", "rs": "rust", "go": "go", "cs": "csharp", "js": "javascript"}
COMPILER = {"java": "javac", "rs": "rustc", "go": "go", "cs": "mcs", "js": "node"}
HERE = [ending for ending in PROGRAMS if Path("/usr/bin", COMPILER[ending]).exists()]


def _without_java(*args: str | Path, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(WITHOUT_JAVA), *map(str, args)],
        env=environment(PYTHONPATH=str(ROOT), **extra),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.skipif(not HERE, reason="no javac, rustc, go, mcs or node in /usr/bin")
def test_sources_in_each_language_are_judged(tmp_path: Path) -> None:
    for ending in HERE:
        (tmp_path / f"right.{ending}").write_text(PROGRAMS[ending])
        (tmp_path / f"wrong.{ending}").write_text(PROGRAMS[ending].replace("-1001", "0"))
    paths = sorted(tmp_path.iterdir())
    done = medalist("judge", "warmer", *paths, "--json", cwd=tmp_path)
    listed = [json.loads(line) for line in done.stdout.splitlines()]
    wanted = [("AC", LANGUAGE[ending]) for ending in sorted(HERE)]
    wanted += [("WA", language) for _, language in wanted]
    assert [(row["verdict"], row["language"]) for row in listed] == wanted, done.stderr


@pytest.mark.skipif("java" not in HERE, reason="no javac in /usr/bin")
def test_a_model_is_asked_for_java_and_its_answers_are_found_merged_and_judged(
    tmp_path: Path,
) -> None:
    again = JAVA.replace("{ best = t; records++; }", "{\n best = t; // new\n records++;\n }")
    answers = (
        f"```java\n{JAVA.replace('-1001', '0')}```",
        f"Here it is.\n\n```java\n{JAVA}```",
        f"```\n{again}```\nIt keeps the best so far.",
        f"{JAVA}\nThis counts the records.",
        f"```java\n{JAVA[:-40]}",
        "```cpp\n#include <iostream>\nint main() { std::cout << 1; }\n```",
    )
    asked: list[SeenRequest] = []

    def answer(seen: SeenRequest) -> Reply:
        asked.append(seen)
        return Reply(answers[(len(asked) - 1) % len(answers)])

    out = tmp_path / "run"
    args = ("--lang", "java", "-n", "6", "--search", "once", "--json", "--out", out)
    with ScriptedEndpoint(answer) as endpoint:
        url = endpoint.base_url
        done = medalist(
            "solve", "warmer", *args, "--evidence", "4", cwd=tmp_path, OPENAI_BASE_URL=url
        )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["verdict"], Path(result["source"]).name) == ("AC", "solution.java")
    # Three answers are one program but for layout and comments; one breaks off.
    assert (result["candidates"], result["programs"]) == (6, 3)
    prompts = [message["content"] for seen in asked for message in seen.body["messages"]]
    assert any("Java 17 program" in prompt for prompt in prompts)


def test_a_missing_language_is_one_line_with_the_command_that_brings_it(tmp_path: Path) -> None:
    (tmp_path / "right.java").write_text(JAVA)
    done = _without_java("judge", "warmer", tmp_path / "right.java", "--json")
    assert done.returncode == 3
    judged = json.loads(done.stdout)
    assert judged["verdict"] == "JE"
    assert "Java does not work in this sandbox" in judged["message"]
    assert "apt-get install openjdk-17-jdk-headless" in judged["message"]

    asked: list[SeenRequest] = []

    def answer(seen: SeenRequest) -> Reply:
        asked.append(seen)
        return Reply(f"```java\n{JAVA}```")

    with ScriptedEndpoint(answer) as endpoint:
        url, out = endpoint.base_url, tmp_path / "run"
        args = ("--lang", "java", "-n", "2", "--out", out)
        done = _without_java("solve", "warmer", *args, OPENAI_BASE_URL=url)
    assert done.returncode == 3
    assert done.stderr.count("apt-get install openjdk-17-jdk-headless") == 1
    assert "Traceback" not in done.stderr
    assert not asked, "the model must not be paid for what cannot be run"


def test_labelled_submissions_in_a_missing_language_are_left_out(tmp_path: Path) -> None:
    files = {
        "problem.yaml": "name: Double\nlimits: {time_limit: 2}\n",
        "problem_statement/problem.en.tex": "\\problemname{Double}\nDouble it.",
        "data/secret/1.in": "2\n",
        "data/secret/1.ans": "4\n",
        "submissions/accepted/right.py": "print(2 * int(input()))\n",
        "submissions/accepted/Right.java": JAVA,
    }
    for name, text in files.items():
        path = tmp_path / "double" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    done = _without_java("problems", "check", tmp_path / "double", "--json")
    assert "submissions not judged: 1: Java does not work" in done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["submission"] for row in rows] == ["accepted/right.py"]


def test_doctor_names_the_languages_of_a_box(tmp_path: Path) -> None:
    done = _without_java("doctor", "--box", "local", "--no-hostile", "--json")
    rows = {row["check"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert rows["local: C++"]["ok"] is True
    assert rows["local: Java"]["ok"] is None
    assert "apt-get install openjdk-17-jdk-headless" in rows["local: Java"]["detail"]
