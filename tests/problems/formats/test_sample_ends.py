"""Where the data of a sample ends in plain text, whatever follows it."""

from __future__ import annotations

import pytest

from medalist.problems.formats.statement_parser import parse_statement

TAILS = """\
数据规模与约定|【数据规模与约定】|数据范围与提示|数据范围及约定：|【样例1解释】|样例 1 解释
样例1说明：|【评测用例规模与约定】|子任务|注意|注释|样例#1解释|【样例 1 解释】|数据说明
来源：|出处|说明/提示|限制与约定|评分标准|Explanation|Explanation of Sample 1
Sample Explanation 1|Example 1 explanation|Sample Case 1 Explanation|Note|Notes:
Note that 1+2=3.|Hint 1|Author|Problem Source|Recommend|Original constraints|Clarification
Remark|Input data|SCORING:|INPUT DETAILS:|OUTPUT DETAILS:|Bonus|Problem credits: X
Limits and constraints|Subtasks|Explanation (not part of the output)|Time limit: 1 second
1+2=3, so print 3.|Submit a solution|In the first example the sum is 3.|解説|出典|小課題
Примечание|Источник: сборы|Система оценки|힌트|출처|서브태스크 1|備註|提示說明|Erklärung
Explicación|© 2024 Somebody"""
DATA = [
    ("1 2", "3"),
    ("3\nab\ncd", "YES\nNO"),
    ("2", "Case #1: 3\n\nCase #2: yes"),
    ("5 5", "#.#\n.#.\n# #"),
    ("1", "0.50000\n-1.25e-3"),
    ("x", "The answer is 5."),
]


@pytest.mark.parametrize("tail", "|".join(TAILS.splitlines()).split("|"))
def test_what_follows_a_sample_is_not_its_output(tail: str) -> None:
    for given, wanted in DATA:
        for gap in ("\n", "\n\n"):
            text = (
                "Sum\n\nInput\nIntegers.\n\nOutput\nThe result.\n\n"
                f"Sample Input\n{given}\n\nSample Output\n{wanted}{gap}{tail}\nblah blah\n"
            )
            parsed = parse_statement(text)
            got = [
                (s.input.rstrip("\n"), s.output and s.output.rstrip("\n")) for s in parsed.samples
            ]
            # What cannot be told from data may stay in it, but then there has to be a doubt.
            assert got == [(given, wanted)] or parsed.sample_doubts, (gap, given, got)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("3\n# 1\n```\nOutput of all", "# 2\n## x"),
        ("2\n\n1\n\n2", "1\n\n2"),
        ("note\nsource", "source\nnote"),
        ("#include\n# . #", "#.#\n# . #\n###"),
        ("    *\n   ***", "  *\n ***\n*****"),
        ("|1|2|\n|3|4|", "| 1 |"),
        ("时间 5 秒", "不是"),
        ("Привет, мир", "Привет"),
        ("Hello there, this is a sentence.", "sentence is a this there Hello"),
        ("1 s / 2 MB", "3 s"),
        ("12:30", "Time 12:30"),
    ],
)
@pytest.mark.parametrize("fence", ["", "~~~~"])
def test_data_that_looks_like_text_or_marks_is_kept(given: str, wanted: str, fence: str) -> None:
    mark = f"{fence}\n" if fence else ""
    text = (
        "Sum\n\nInput\n\nText.\n\nOutput\n\nText.\n\n"
        f"Sample Input\n\n{mark}{given}\n{mark}\n"
        f"Sample Output\n\n{mark}{wanted}\n{mark}\nNote\n\nNo.\n"
    )
    parsed = parse_statement(text)
    assert [(s.input, s.output) for s in parsed.samples] == [(f"{given}\n", f"{wanted}\n")]


@pytest.mark.parametrize(
    "line",
    [
        "An exam has a time limit: 60 seconds a question.",
        "Time limit 90 seconds is what the teacher said.",
        "A memory limit of 20 MB was usual when Ann was young.",
        "小明跑一圈的时间 5 秒，房间的空间 20 m。",
        "考试的时间限制：60 秒一题，大家都很紧张。",
        "Время: 40 секунд на каждую задачу, сказал учитель.",
        "그는 시간 제한 30초 안에 문제를 풀었다.",
        "制限時間 30 秒のゲームで遊びます。",
        "The CPU runs for 3 seconds in 64 MB of memory.",
        "Time: 5 s",
    ],
)
def test_a_number_of_the_story_is_no_limit(line: str) -> None:
    parsed = parse_statement(f"Exam\n\n{line}\n\nSample Input\n1\n\nSample Output\n2\n")
    assert parsed.limits.time_assumed
    assert not parsed.memory_stated
    stated = parse_statement(
        f"Exam\n\n{line}\n\nTime limit: 2 s\nMemory limit: 64 MB\n\nInput\n1\n"
    )
    assert (stated.limits.time_s, stated.limits.memory_mb) == (2, 64)
    assert not stated.limit_doubts
