"""Rows of data sets are judged as the data sets themselves judge: through `medalist judge`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from medalist.problems.formats.declared import declared_equality, says_any_answer

from .verdicts import jsonl, judged, run, verdicts

BIG = 10**5000 - 1


def lcb(starter: str = "", *tests: tuple[str, str], name: str = "go") -> dict[str, Any]:
    kind = "functional" if starter else "stdin"
    cases = [{"input": a, "output": b, "testtype": kind} for a, b in tests]
    return {
        "question_title": "T", "question_content": "Do it.", "platform": "leetcode",
        "question_id": "t1", "starter_code": starter, "difficulty": "easy",
        "public_test_cases": json.dumps(cases[:1]), "private_test_cases": json.dumps(cases),
        "metadata": json.dumps({"func_name": name} if starter else {}),
    }  # fmt: skip


def apps(
    *tests: tuple[list[Any], Any], question: str = "Do it.", solutions: list[str] | None = None
) -> dict[str, Any]:
    texts = {
        "fn_name": "go",
        "inputs": [a for a, _ in tests],
        "outputs": [b for _, b in tests],
    }
    return {
        "problem_id": 1, "question": question, "difficulty": "introductory", "starter_code": "",
        "input_output": dumps(texts), "solutions": json.dumps(solutions or []),
    }  # fmt: skip


def dumps(value: Any) -> str:
    text = json.dumps(value, default=str)
    return text.replace('"<big>"', "9" * 5000)


SUM = "class Solution:\n    def go(self, a: List[int]) -> int:\n        return "


def test_livecodebench_lends_its_imports_and_ignores_what_is_printed(tmp_path: Path) -> None:
    data = jsonl(tmp_path / "d.jsonl", lcb(SUM, ("[1,2]", "3"), ("[4, 5]", "9")))
    by_program = verdicts(
        data, tmp_path / "subs",
        hint=f"{SUM}sum(a)\n",
        counter=f"{SUM}sum(k * v for k, v in Counter(a).items())\n",
        heap=f"{SUM}heappop(a) + reduce(add, a)\n",
        modules=f"{SUM}math.floor(min(inf, bisect.bisect(a, 0) + sum(a)))\n",
        prints="print('hello')\n" + SUM + "print(a) or sum(a)\n",
        guarded=f"{SUM}sum(a)\n\nif __name__ == '__main__':\n    raise SystemExit(1)\n",
        own_name="def reduce(f, a):\n    return 7\n" + SUM + "reduce(add, a) + sum(a) - 7\n",
        exits=f"{SUM}sys.exit(0)\n",
        crashes=f"{SUM}a[7]\n",
        nothing=f"{SUM}None\n",
        wrong=f"{SUM}sum(a) + 1\n",
        prints_it=f"{SUM}print(sum(a))\n",
    )  # fmt: skip
    right = ["hint", "counter", "heap", "modules", "prints", "guarded", "own_name"]
    assert {name: by_program[name] for name in right} == dict.fromkeys(right, "AC")
    assert by_program["crashes"] == "RTE"
    rest = ["exits", "nothing", "wrong", "prints_it"]
    assert {name: by_program[name] for name in rest} == dict.fromkeys(rest, "WA")


def test_livecodebench_compares_python_values(tmp_path: Path) -> None:
    head = "class Solution:\n    def go(self, k):\n        return "
    cases = [
        ("0", "3.00000"), ("1", '"a  b"'), ("2", "[1, [2, 3]]"), ("3", "true"),
        ("4", '{"x": 1, "y": [2]}'), ("5", "null"), ("6", '"\\u00e9\\n"'), ("7", "1.5"),
    ]  # fmt: skip
    data = jsonl(tmp_path / "d.jsonl", lcb(head, *cases))
    values = "3, 'a  b', [1, [2, 3]], True, {'y': [2], 'x': 1}, None, 'é\\n', 1.5"
    # The outermost tuple counts as a list, and 1 == True in Python.
    alike = "3.0, 'a  b', (1, [2.0, 3]), 1, {'x': True, 'y': [2]}, None, 'é\\n', Fraction(3, 2)"
    by_program = verdicts(
        data, tmp_path / "subs",
        same=f"{head}[{values}][k]\n",
        alike=f"from fractions import Fraction\n{head}[{alike}][k]\n",
        one_blank=f"{head}[{values.replace('a  b', 'a b')}][k]\n",
        inner_tuple=f"{head}[{values.replace('[2, 3]', '(2, 3)')}][k]\n",
        text=f"{head}[{values.replace('3, ', repr('3') + ', ', 1)}][k]\n",
        near=f"{head}[{values.replace('1.5', '1.5000000000000002')}][k]\n",
        a_set=f"{head}[{values.replace('[1, [2, 3]]', '{1, 2}')}][k]\n",
        keys=f"{head}[{values.replace(repr('x'), '0')}][k]\n",
    )  # fmt: skip
    right = ("same", "alike")
    assert by_program == {name: "AC" if name in right else "WA" for name in by_program}


def test_livecodebench_compares_numbers_of_a_line_as_decimals(tmp_path: Path) -> None:
    data = jsonl(tmp_path / "d.jsonl", lcb("", ("1", "4.0 1\nyes no\n"), ("2", "4.0 1\nyes no\n")))
    by_program = verdicts(
        data, tmp_path / "subs",
        whole="print(' 4   1.00 \\nyes no\\n')",
        exponent="print('0.4e1 +1\\nyes no')",
        near="print('4.0000001 1\\nyes no')",
        blanks_between_words="print('4 1\\nyes  no')",
        one_line="print('4 1 yes no')",
        empty_line="print('4 1\\n\\nyes no')",
        case="print('4 1\\nYES no')",
    )  # fmt: skip
    assert by_program == {n: "AC" if n in ("whole", "exponent") else "WA" for n in by_program}


def test_apps_takes_the_value_or_its_first_element(tmp_path: Path) -> None:
    data = jsonl(tmp_path / "d.jsonl", apps(([[1, 2]], [1, 2]), ([[3]], [3])))
    head = "def go(a):\n    return "
    by_program = verdicts(
        data, tmp_path / "subs", same=f"{head}a", first=f"{head}a[0]", pair=f"{head}tuple(a)",
        last=f"{head}a[-1]", wrapped=f"{head}[a]", text=f"{head}str(a)",
    )  # fmt: skip
    assert by_program == {n: "AC" if n in ("same", "first", "pair") else "WA" for n in by_program}


def test_apps_wraps_results_and_unwraps_dictionaries(tmp_path: Path) -> None:
    data = jsonl(
        tmp_path / "d.jsonl",
        apps(([{"1": 5}], [{"1": 5}]), ([{"2": 6, "3": 7}], [{"3": 7, "2": 6}])),
    )
    by_program = verdicts(
        data, tmp_path / "subs",
        same="def go(d):\n    return {int(k): d[k] for k in d if isinstance(k, int)}",
        texts="def go(d):\n    return {str(k): d[k] for k in d}",
        method="class Solution:\n    def go(self, d):\n        return dict(d)",
    )  # fmt: skip
    assert by_program == {"same": "AC", "texts": "WA", "method": "AC"}


def test_numbers_have_any_number_of_digits(tmp_path: Path) -> None:
    data = jsonl(tmp_path / "d.jsonl", apps(([1], "<big>"), ([2], ["<big>"])))
    by_program = verdicts(
        data, tmp_path / "subs",
        right="def go(a):\n    return 10 ** 5000 - 1",
        wrong="def go(a):\n    return 10 ** 5000 - 2",
    )  # fmt: skip
    assert by_program == {"right": "AC", "wrong": "WA"}
    row = lcb("def go(a):", ("9" * 5000, "[" + "9" * 5000 + "]"))
    assert verdicts(
        jsonl(tmp_path / "l.jsonl", row), tmp_path / "subs",
        same="def go(a):\n    return [a]", other="def go(a):\n    return [a - 1]",
    ) == {"same": "AC", "other": "WA"}  # fmt: skip


def test_accepted_solutions_of_function_rows_pass_the_check(tmp_path: Path) -> None:
    solutions = [
        "def go(a):\n    return 2 * a\n",
        "class Solution:\n  def go(self, a):\n    return a + a\n",
    ]
    data = jsonl(tmp_path / "d.jsonl", apps(([1], [2]), ([2], [4]), solutions=solutions))
    code, out, err = run("problems", "check", data, "--box", "local", "--fresh")
    assert code == 0, out + err
    assert out.count("ok ") == 2


def test_a_statement_s_examples_in_words_are_no_tests_of_a_function(tmp_path: Path) -> None:
    question = "Add.\n\nExample 1:\n\nInput: a = 1\nOutput: 2\n"
    data = jsonl(tmp_path / "d.jsonl", apps(([1], [2]), question=question))
    (row,) = judged(data, tmp_path / "subs", right="def go(a):\n    return 2 * a").values()
    assert (row["verdict"], len(row["tests"])) == ("AC", 1)


def test_programs_in_folders_and_files_of_any_name(tmp_path: Path) -> None:
    data = jsonl(tmp_path / "d.jsonl", lcb(SUM, ("[1,2]", "3")))
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "helper.py").write_text("def total(a):\n    return sum(a)\n")
    (folder / "main.py").write_text("from helper import total\n" + SUM + "total(a)\n")
    code, out, _ = run("judge", data, folder, "--box", "local", "--json")
    assert (code, json.loads(out)["verdict"]) == (0, "AC")


CODECONTESTS = {
    "name": "1_A. T", "description": "Print it.", "source": 2,
    "public_tests": {"input": ["1\n"], "output": ["0.3333333333 YES 7\n"]},
    "private_tests": {"input": ["2\n"], "output": ["0.3333333333 YES 7\n"]},
    "generated_tests": {"input": [], "output": []},
    "time_limit": {"seconds": 1, "nanos": 0}, "memory_limit_bytes": 64000000,
}  # fmt: skip


def test_codecontests_compares_without_case_and_numbers_within_a_hundred_thousandth(
    tmp_path: Path,
) -> None:
    data = jsonl(tmp_path / "d.jsonl", CODECONTESTS)
    by_program = verdicts(
        data, tmp_path / "subs",
        near="print('0.333335 yes 7')", layout="print('.3333333\\n Yes\\n\\n7.0')",
        far="print('0.33335 yes 7')", word="print('0.3333333333 no 7')",
        integer="print('0.3333333333 YES 8')", more="print('0.3333333333 YES 7 7')",
    )  # fmt: skip
    assert by_program == {n: "AC" if n in ("near", "layout") else "WA" for n in by_program}


def test_any_case_of_a_statement(tmp_path: Path) -> None:
    texts = {"inputs": ["1\n", "2\n"], "outputs": ["YES\n", "NO\n"]}
    row = {
        "problem_id": 1, "question": "Is n odd?\n\nYou can print each letter in any case.\n",
        "solutions": "[]", "input_output": json.dumps(texts), "difficulty": "introductory",
        "starter_code": "",
    }  # fmt: skip
    data = jsonl(tmp_path / "d.jsonl", row)
    by_program = verdicts(
        data, tmp_path / "subs",
        title="print('Yes' if int(input()) % 2 else 'No')", wrong="print('Yes')",
    )  # fmt: skip
    assert by_program == {"title": "AC", "wrong": "WA"}


def apps_row(inputs: list[Any], outputs: list[Any], question: str = "Do it.") -> dict[str, Any]:
    return {
        "problem_id": 1, "question": question, "solutions": "[]", "difficulty": "introductory",
        "input_output": json.dumps({"inputs": inputs, "outputs": outputs}), "starter_code": "",
    }  # fmt: skip


def test_programs_on_stdin_are_compared_as_apps_compares_them(tmp_path: Path) -> None:
    row = apps_row(["1\n"], ["0.3333333333 7\n\nword 12345678901\n"])
    by_program = verdicts(
        jsonl(tmp_path / "d.jsonl", row), tmp_path / "subs",
        near="print('0.333335 7\\nword 12345678901')",
        layout="print(' .3333333  7 \\n\\n  word 12345678901.0')",
        far="print('0.3334 7\\nword 12345678901')",
        integer="print('0.3333333333 7\\nword 12345678902')",
        lines="print('0.3333333333 7 word 12345678901')",
        order="print('7 0.3333333333\\nword 12345678901')",
        case="print('0.3333333333 7\\nWord 12345678901')",
    )  # fmt: skip
    assert by_program == {n: "AC" if n in ("near", "layout") else "WA" for n in by_program}


def test_a_statement_s_own_tolerance_and_answers_without_reals_stay(tmp_path: Path) -> None:
    strict = apps_row(["1\n"], ["0.5\n"], "An absolute error of at most 1e-9 is accepted.")
    by_program = verdicts(
        jsonl(tmp_path / "d.jsonl", strict), tmp_path / "subs",
        near="print(0.5000000001)", far="print(0.500001)",
    )  # fmt: skip
    assert by_program == {"near": "AC", "far": "WA"}
    whole = apps_row(["1\n"], [["3 4", "5"]])
    by_program = verdicts(
        jsonl(tmp_path / "e.jsonl", whole), tmp_path / "subs",
        same="print('3 4\\n5')", real="print('3.000001 4\\n5')",
    )  # fmt: skip
    assert by_program == {"same": "AC", "real": "WA"}


def test_programs_on_stdin_may_use_the_names_that_apps_imports(tmp_path: Path) -> None:
    row = apps_row(["1 2 2\n"], ["2 2\n"])
    by_program = verdicts(
        jsonl(tmp_path / "d.jsonl", row), tmp_path / "subs",
        counter="c = Counter(input().split())\nprint(*c.most_common(1)[0])",
        modules="a = stdin.readline().split()\nprint(heapq.nlargest(1, a)[0], math.gcd(2, 4))",
        stars="a = [3, 2]\nheapify(a)\nstdout.write(f'{heappop(a)} 2')",
        own="from collections import deque as Counter\nprint(Counter([2])[0], 2)",
        future="from __future__ import annotations\nx: Foo = 2\nprint(x, ceil(1.5))",
        unknown="print(Frobnicate)",
        other="print(bisect_left([1], 1), 2)",
        cpp='#include <cstdio>\nint main() { puts("2 2"); }',
    )  # fmt: skip
    assert by_program == {n: "RTE" if n in ("unknown", "other") else "AC" for n in by_program}


@pytest.mark.parametrize(
    ("says", "free"),
    [
        ("You can print each letter in any case (upper or lower).", True),
        ("Output YES or NO in any case (for example, yEs is accepted).", True),
        ("Print YES or NO (case insensitive).", True),
        ("The checker ignores case.", True),
        ("输出 YES 或 NO，不区分大小写。", True),
        ("Вы можете выводить каждую букву в любом регистре.", True),
        ("In any case, print the answer.", False),
        ("Words of the input may be in any case.", False),
        ("Print the answer of each case. Names are case-insensitive.", False),
    ],
)
def test_letters_case_is_free_where_the_output_is_spoken_of(says: str, free: bool) -> None:
    equality, _ = declared_equality(f"Is n odd?\n\n{says}\n")
    assert equality.case_sensitive is not free


@pytest.mark.parametrize(
    ("says", "free"),
    [
        ("You may return the answer in any order.", True),
        ("Print the edges in arbitrary order.", True),
        ("输出方案，顺序任意。", True),
        ("If there are several answers, print any of them.", True),
        ("The edges are given in any order.", False),
        ("Print the least cost of visiting all towns in any order.", False),
        ("Edges are listed in any order in the input.", False),
    ],
)
def test_any_order_means_that_several_answers_are_right(says: str, free: bool) -> None:
    assert says_any_answer(f"Do it.\n\n{says}\n") is free


def test_what_judging_calls_equal_is_one_cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = "class Solution:\n    def go(self, a):\n        "
    bodies = (
        "return sum(a)",
        "return float(sum(a))",
        "print(a)\n        return sum(a)",
        "return 9",
    )
    data = jsonl(tmp_path / "d.jsonl", lcb(head, ("[1,2]", "3"), ("[4, 5]", "9.0")))
    pool = [
        {"problem_id": "t1", "candidate_id": f"{n}", "completion": f"```python\n{head}{body}\n```"}
        for n, body in enumerate(bodies)
    ]
    jsonl(tmp_path / "pool.jsonl", *pool)
    monkeypatch.chdir(tmp_path)
    code, out, err = run(
        "solve", data, "--pool", "pool.jsonl", "--lang", "python", "--box", "local", "--json"
    )
    assert code == 0, err
    result = json.loads(out.splitlines()[-1])
    assert result["verdict"] == "AC"
    assert (result["programs"], result["clusters"]) == (4, 2)
