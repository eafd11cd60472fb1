"""Sentences of statements about limits and about when outputs are equal, by `problems show`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .verdicts import run

OUTPUT, INPUT = "## Output\n\nOne line.\n\n", "## Input\n\nOne line.\n\n"
CASE_IS_FREE = (
    "You can print each letter in any case (upper or lower).",
    "Output YES or NO in any case (for example, yEs is accepted).",
    "Print YES or NO (case insensitive).",
    "The checker ignores case.",
    'The strings "yEs", "yes", and "YES" will be recognized as positive responses.',
    "每个字母可以输出大写或小写。",
    OUTPUT + "Letter case is ignored.",
    "Letters may be upper or lower case in your output.",
    "Your output may be in upper, lower or mixed case.",
    "You may use uppercase or lowercase letters in the answer.",
    "Each letter of the answer can be either uppercase or lowercase.",
    "The answer is case-insensitive.",
    "Case does not matter in the output.",
    "输出 YES 或 NO，不区分大小写。",
    "输出 `Yes` 或者 `No`（大小写不敏感）。",
    "如果存在方案，请输出一行一个字符串 YES，否则输出一行一个字符串 NO，大小写不敏感。",
    "輸出 YES 或 NO，大小寫皆可。",
    "Вы можете выводить каждую букву в любом регистре.",
    "Регистр букв в ответе не важен.",
    "出力は大文字・小文字を区別しません。",
    "출력할 때 대소문자를 구분하지 않는다.",
    "Puede imprimir la respuesta en mayúsculas o minúsculas.",
    "Vous pouvez afficher la réponse en majuscules ou minuscules.",
    OUTPUT + "You may use either case.",
    OUTPUT + "不区分大小写。",
    OUTPUT + "大小写不敏感",
    OUTPUT + "Letter case does not matter.",
    OUTPUT + "Any case is accepted.",
    "You can print the letters in any case, in any order.",
    'Print "Yes" or "No". You can print each letter in any case.',
    'Output "YES" if s is a palindrome, in any case (upper or lower).',
    "Die Ausgabe kann in Groß- oder Kleinschreibung ausgegeben werden, das ist egal.",
)
CASE_COUNTS = (
    "In any case, print the answer.",
    "Words of the input may be in any case.",
    "Print the answer of each case. Names are case-insensitive.",
    "The word may be in any case.",
    INPUT + "The word may be in any case.",
    INPUT + "字母不区分大小写。",
    "匹配单词时，不区分大小写，但要求完全匹配。",
    "Letter case does not matter when comparing words.",
    "The password consists of letters in upper or lower case.",
    "The string contains letters in either case.",
    "Given words in upper and lower case, which are equal.",
    "The dictionary is case-insensitive.",
    "入力の大文字と小文字は区別しません。",
    "Commands are not case sensitive.",
    "输入的字母可以是大写或小写。",
    'The strings "ab" and "ba" are accepted by the automaton.',
    "Count the words; letter case is ignored.",
    "Each letter in s is uppercase or lowercase.",
    "A palindrome reads the same ignoring case.",
    "Print the word in uppercase or lowercase, whichever needs fewer changes.",
    "Output the word in lower or upper case.",
    "Print the words sorted case-insensitively.",
    "Print the words in case-insensitive alphabetical order.",
    "按忽略大小写的字典序输出所有单词。",
    "In one move you can change a letter to upper or lower case.",
    "Print the number of distinct words (case-insensitive).",
    OUTPUT + "Print each word as it is given, in upper or lower case.",
)
THREE_SECONDS = (
    "Each test has a time limit of 3 seconds.",
    "Each test case has a 3 second time limit.",
    "The time limit for each test is 3 seconds.",
    "The time limit per test case is 3 seconds.",
    "A time limit of 3 seconds applies to each test.",
    "There is a time limit of 3 seconds for each test case.",
    "There is a time limit of 3 seconds per test.",
    "Your program has a time limit of 3 seconds for each test.",
    "Each run of your program is limited to 3 seconds.",
    "All tests have a time limit of 3 s and a memory limit of 64 MB.",
    "For each test, the time limit is 3 seconds.",
    "Programs are limited to 3 seconds of CPU time per test.",
    "每个测试点的时间限制均为 3 秒。",
    "每个测试点时限都是 3 秒，空间限制为 256MB。",
    "对于每个测试点，时间限制为 3 秒。",
    "每个测试点限时 3 秒。",
    "本题时间限制均为 3 秒。",
    "各テストの実行時間制限は 3 秒です。",
    "各テストケースの実行時間制限は 3 秒である。",
    "각 테스트의 시간 제한은 3초이다.",
    "각 테스트 케이스의 시간 제한은 3초입니다.",
    "Ограничение по времени на каждый тест — 3 секунды.",
    "Каждый тест имеет ограничение по времени 3 секунды.",
    "Cada caso de prueba tiene un límite de tiempo de 3 segundos.",
    "Chaque test a une limite de temps de 3 secondes.",
    "Jeder Test hat ein Zeitlimit von 3 Sekunden.",
)
STORY = (
    "The robot has a time limit of 3 seconds to cross each field.",
    "Each game has a time limit of 3 seconds.",
    "Each contestant has a time limit of 3 minutes per question.",
    "Each test of the exam has a time limit of 90 minutes.",
    "The tests in the hospital take at most 3 seconds each.",
    "Each test drive has a time limit of 3 minutes.",
)
DECIMALS = (
    "Print the answer with 2 decimal places.",
    "Output the result rounded to two digits after the decimal point.",
    "Print it as %.3f.",
    "结果保留两位小数。",
    "输出一个实数，四舍五入保留 3 位小数。",
    "答案精确到小数点后 2 位。",
    "答えを小数第3位まで出力してください。",
    "소수점 둘째 자리까지 출력한다.",
    "Выведите ответ с двумя знаками после запятой.",
    "Выведите число с точностью до 4 знаков после запятой.",
    "Imprima la respuesta con 2 decimales.",
)
NO_DOUBT = (
    "The input has numbers with at most two decimal places.",
    "输入的实数保留两位小数。",
    "Print with 6 decimal places. The error must be at most 1e-6.",
    "Each price has 2 decimal places.",
    "Print an integer.",
)


def shown(folder: Path, says: str) -> dict[str, Any]:
    """Show a statement with its own limit, and this in it."""
    path = folder / "s.md"
    path.write_text(f"# T\n\nIs n odd?\n\n{says}\n\n## Note\n\nNo.\n", encoding="utf-8")
    code, out, err = run("problems", "show", path, "--json")
    assert code == 0, err
    return dict(json.loads(out))


def doubts(by_name: dict[str, Any], about: str) -> list[str]:
    return [doubt for doubt in by_name["doubts"] if f": {about}: " in doubt]


@pytest.mark.parametrize("says", CASE_IS_FREE)
def test_letters_case_is_free_where_the_output_is_spoken_of(tmp_path: Path, says: str) -> None:
    assert "any case" in shown(tmp_path, says)["equality"]


@pytest.mark.parametrize("says", CASE_COUNTS)
def test_letters_case_of_the_input_or_of_the_task_says_nothing(tmp_path: Path, says: str) -> None:
    assert "any case" not in shown(tmp_path, says)["equality"]


def test_a_sentence_that_may_mean_the_output_is_a_doubt(tmp_path: Path) -> None:
    facts = shown(tmp_path, "The word may be in any case.")
    assert doubts(facts, "output") == [
        f"{tmp_path}/s.md: output: line 5: whose letters' case is free is not clear: case counts"
    ]


@pytest.mark.parametrize("says", THREE_SECONDS)
def test_a_sentence_about_the_tests_states_a_limit(tmp_path: Path, says: str) -> None:
    assert shown(tmp_path, says)["time_s"] == 3.0


def test_a_limit_from_a_sentence_is_a_doubt_and_a_labelled_one_goes_first(tmp_path: Path) -> None:
    says = "Every test case has a time limit of 2 seconds and a memory limit of 64 MB."
    facts = shown(tmp_path, says)
    assert (facts["time_s"], facts["memory_mb"]) == (2.0, 64)
    assert "line 5: 2 s is taken from a sentence" in doubts(facts, "time limit")[0]
    both = shown(tmp_path, f"Time limit: 1 s\n\n{says}")
    assert both["time_s"] == 1.0
    assert "two are stated" in doubts(both, "time limit")[0]


@pytest.mark.parametrize("says", STORY)
def test_a_limit_of_the_story_is_none(tmp_path: Path, says: str) -> None:
    assert shown(tmp_path, says)["time_assumed"]


@pytest.mark.parametrize("says", DECIMALS)
def test_decimals_without_a_tolerance_are_compared_exactly_and_doubted(
    tmp_path: Path, says: str
) -> None:
    facts = shown(tmp_path, says)
    assert facts["equality"].startswith("tokens")
    assert "numbers are compared exactly" in doubts(facts, "output")[0]


@pytest.mark.parametrize("says", NO_DOUBT)
def test_decimals_of_the_input_or_beside_a_tolerance_are_no_doubt(
    tmp_path: Path, says: str
) -> None:
    assert not doubts(shown(tmp_path, says), "output")


def test_judge_says_what_was_read_from_the_statement_with_doubt(tmp_path: Path) -> None:
    folder = tmp_path / "half"
    folder.mkdir()
    text = "# Half\n\nPrint half of the number with 2 decimal places.\n"
    for name, content in {"problem.md": text, "1.in": "3\n", "1.out": "1.50\n"}.items():
        (folder / name).write_text(content)
    (tmp_path / "a.py").write_text("print(f'{int(input()) / 2:.2f}')")
    code, out, err = run("judge", folder, tmp_path / "a.py", "--box", "local", "--json")
    assert code == 0, err
    assert "problem.md: output: line 3: `2 decimal places` names no tolerance" in err
    assert "problem.md: time limit: not stated: 2 s assumed" in err
    assert err.count("doubt: ") == len(json.loads(out)["doubts"]) == 4
    code, out, err = run("judge", folder, tmp_path / "a.py", "--box", "local")
    assert "doubt" not in out
    assert "doubt: " in run("problems", "check", folder, "--box", "local")[2]
