from __future__ import annotations

from pathlib import Path

import pytest

from medalist.errors import BadInput
from medalist.problems.formats import load
from medalist.problems.formats.statement_parser import parse_statement
from medalist.problems.formats.text import decode
from medalist.problems.model import Kind

MARKDOWN = """\
# Pair Sum

Time limit: 1.5 seconds | Memory limit: 256 megabytes

Add them.

## Input

Two integers $a$ and $b$.

## Output

Their sum.

## Sample Input 1

```
1 2
```

## Sample Output 1

```
3
```

## Sample Input 2

    5 6

## Sample Output 2

    11

## Explanation

Nothing.
"""

CHINESE = """\
# P1000 求和

时间限制：1000 ms　内存限制：128 MB

## 题目描述

求两个数的和。

## 输入格式

两个整数 a 和 b。

## 输出格式

一个整数。

## 输入输出样例

### 输入 #1

```
1 2
```

### 输出 #1

```
3
```

## 说明/提示

无
"""

PASTED = """\
A. Watermelon
time limit per test1 second
memory limit per test64 megabytes

One hot day Pete bought a watermelon.

Input
The first line contains integer w.

Output
Print YES or NO.

Examples
inputCopy
8
outputCopy
YES
inputCopy
3
outputCopy
NO
Note
For example, two parts of 2 and 6.
"""

NOWCODER = """\
小红的数组

时间限制：C/C++ 2秒，其他语言4秒
空间限制：C/C++ 262144K，其他语言524288K

输入描述:
一行一个整数。

输出描述:
一个整数。

示例1
输入
复制
5
输出
复制
10

备注:
没有
"""

INLINE = """\
Two Sum

Return indices.

Example 1:

Input: 4 9
Output: 0 1
Explanation: because.

Example 2:

Input: 3 6
Output: 1 2
"""

TABLE = """\
# Sums

| Input | Output |
|-------|--------|
| `1 2` | `3`    |
| 2<br>3 | 5     |
"""

FENCED_TOGETHER = """\
# Sums

## Example

```
Input:
1 2
Output:
3
```
"""


@pytest.mark.parametrize(
    ("text", "samples"),
    [
        (MARKDOWN, [("1 2\n", "3\n"), ("5 6\n", "11\n")]),
        (CHINESE, [("1 2\n", "3\n")]),
        (PASTED, [("8\n", "YES\n"), ("3\n", "NO\n")]),
        (NOWCODER, [("5\n", "10\n")]),
        (INLINE, [("4 9\n", "0 1\n"), ("3 6\n", "1 2\n")]),
        (TABLE, [("1 2\n", "3\n"), ("2\n3\n", "5\n")]),
        (FENCED_TOGETHER, [("1 2\n", "3\n")]),
        ("# No samples\n\n## Input\n\nAn integer.\n", []),
    ],
)
def test_samples_are_found(text: str, samples: list[tuple[str, str]]) -> None:
    assert [(s.input, s.output) for s in parse_statement(text).samples] == samples


@pytest.mark.parametrize(
    ("text", "time_s", "memory_mb", "title"),
    [
        (MARKDOWN, 1.5, 256, "Pair Sum"),
        (CHINESE, 1.0, 128, "P1000 求和"),
        (PASTED, 1.0, 64, "A. Watermelon"),
        (NOWCODER, 2.0, 256, "小红的数组"),
    ],
)
def test_limits_and_title_are_found(text: str, time_s: float, memory_mb: int, title: str) -> None:
    parsed = parse_statement(text)
    assert (parsed.limits.time_s, parsed.limits.memory_mb) == (time_s, memory_mb)
    assert not parsed.limits.time_assumed
    assert parsed.title == title


def test_nothing_stated_is_assumed() -> None:
    assert parse_statement(TABLE).limits.time_assumed


def test_tolerance_and_freedom_are_found() -> None:
    text = "Your answer should have an absolute or relative error of at most $10^{-6}$."
    equality = parse_statement(text).equality
    assert (equality.abs_tol, equality.rel_tol) == (1e-6, 1e-6)
    assert parse_statement("答案与标准答案的绝对误差不超过 1e-4。").equality.abs_tol == 1e-4
    assert parse_statement("If there are multiple solutions, print any of them.").special_checker
    assert parse_statement("This is an interactive problem.").kind is Kind.INTERACTIVE
    assert not parse_statement(MARKDOWN).special_checker


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "求和.md"
    path.write_bytes(CHINESE.replace("\n", "\r\n").encode(encoding))
    problem = load(path)
    assert problem.secret is None
    assert problem.public.titles == {"zh": "P1000 求和"}
    assert problem.public.statement() == CHINESE
    assert problem.public.samples[0].input == "1 2\n"


def test_latex_and_html_statements(tmp_path: Path) -> None:
    tex = tmp_path / "sum.tex"
    tex.write_text(
        "\\begin{problem}{Sum}{stdin}{stdout}{2 seconds}{64 MB}\nAdd.\n"
        "\\InputFile\nTwo.\n\\Example\n\\begin{example}\n\\exmp{1 2}{3}\n\\end{example}\n"
        "\\end{problem}\n"
    )
    problem = load(tex)
    assert problem.public.title == "Sum"
    assert [(s.input, s.output) for s in problem.public.samples] == [("1 2\n", "3\n")]
    html = tmp_path / "sum.html"
    html.write_text(
        "<h1>Sum</h1><p>Add &lt; all.</p><script>evil()</script>"
        "<h3>Sample Input</h3><pre>1 2<br>3</pre><h3>Sample Output</h3><pre>6</pre>"
    )
    problem = load(html)
    assert problem.public.title == "Sum"
    assert "evil" not in problem.public.statement()
    assert "Add < all." in problem.public.statement()
    assert [(s.input, s.output) for s in problem.public.samples] == [("1 2\n3\n", "6\n")]


def test_missing_images_are_named(tmp_path: Path) -> None:
    (tmp_path / "here.png").write_bytes(b"")
    path = tmp_path / "p.md"
    path.write_text("# P\n\n![a](here.png) ![b](gone.png) ![c](https://x.org/c.png)\n")
    assert load(path).public.missing_images == ("gone.png",)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.md", b"", "the statement is empty"),
        ("a.md", b" \n\xef\xbb\xbf"[:2], "the statement is empty"),
        ("a.txt", b"\x00\x01\x02 binary", "a binary file"),
        ("a.md", b"\x89PNG\r\n\x1a\n\x00", "a binary file"),
        ("a.md", b"\xff\xff\xff\x80\x81 text", "neither UTF-8 nor GBK"),
        ("a.pdf", b"%PDF-1.4 nonsense", "not a PDF that can be read"),
    ],
)
def test_bad_statements(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadInput, match=message) as caught:
        load(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


def test_no_such_path(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such path"):
        load(tmp_path / "none.md")


@pytest.mark.parametrize(
    "text",
    [
        "\\begin{itemize}\\item " * 500,
        "\\textbf{" * 1000,
        "\\x[" * 5000,
        "$" * 20_000,
        "![" * 10_000,
        "# " + "#a" * 10_000,
        "|" * 10_000,
        "Sample Input " * 2_000,
        "<img " * 20_000,
        "\\begin{tabular}{l}" * 500,
        "7" * 200_000,
    ],
)
def test_hostile_statements_are_read(tmp_path: Path, text: str) -> None:
    for name in ("p.tex", "p.md", "p.html"):
        (tmp_path / name).write_text(text)
        try:
            load(tmp_path / name)
        except BadInput as error:
            assert "empty" in str(error)  # noqa: PT017 (a text of marks only may be empty)


@pytest.mark.parametrize(
    ("text", "abs_tol", "rel_tol"),
    [
        ("absolute or relative error of at most 10^{-6}", 1e-6, 1e-6),
        ("the relative error must not exceed $10^{-9}$", None, 1e-9),
        ("within 10^-6 of the correct answer", 1e-6, 1e-6),
        ("Your answer is right if it differs from ours by less than 0.001.", 1e-3, 1e-3),
        ("accepted if $\\frac{|a-b|}{\\max(1,|b|)} \\le 10^{-6}$", 1e-6, 1e-6),
        ("|a-b|/max(1,|b|) ≤ 10^{−6}", 1e-6, 1e-6),
        ("with a tolerance of 1e-6", 1e-6, 1e-6),
        ("允许 10⁻⁶ 的误差", 1e-6, 1e-6),
        ("an absolute error no more than 10**-6", 1e-6, None),
        ("误差在 0.000001 以内", 1e-6, 1e-6),
        ("絶対誤差または相対誤差が $10^{-5}$ 以下", 1e-5, 1e-5),
        ("절대/상대 오차는 10^-6까지 허용한다", 1e-6, 1e-6),
        ("с абсолютной погрешностью не более 10^{-4}", 1e-4, None),
        ("Print the number of errors. n is at most 10^9.", None, None),
        ("The answer is within 10^9 of the limit.", None, None),
    ],
)
def test_forms_of_a_tolerance(text: str, abs_tol: float | None, rel_tol: float | None) -> None:
    equality = parse_statement(f"Title\n\n{text}\n").equality
    assert (equality.abs_tol, equality.rel_tol) == (abs_tol, rel_tol)


def test_short_and_western_texts_keep_their_letters() -> None:
    assert decode("求和\n输入 1\n".encode("gbk"), "a") == "求和\n输入 1\n"
    assert decode("题目\n".encode("gbk"), "a") == "题目\n"
    assert decode("La somme des entiers est donnée à la fin.".encode("cp1252"), "a").endswith(
        "donnée à la fin."
    )
