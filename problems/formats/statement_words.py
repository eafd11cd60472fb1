"""The words of headings in statements, in the languages of judges, and what a line of them says.

A heading is taken apart into the words that it is made of; what is made of other words is not one.
So `Sample Input #1`, `【样例 1 输入】`, `入力例 1` and `Output for the Sample Input` need no list
of whole headings.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

HEAD_LIMIT = 90


def vocabulary(text: str) -> str:
    """Return the words of a text as one pattern; `_` in a word stands for blanks."""
    return "|".join(word.replace("_", r"\s+") for word in text.split())


# Longer words come first where one begins with another.
_KINDS = {
    "both": r"入出力(?!例) 입출력(?!\s*예)",
    "in_file": r"[\w-]+\.(?:in|inp|dat)",
    "out_file": r"[\w-]+\.(?:out|ans|a|ou|outp)",
    "sample": r"""
        samples? examples? testcases? 样例 樣例 示例 范例 範例 例子 样本 入出力例 実行例 例
        サンプル
        예제 예시 입출력\s*예 예 пример(?:ы|а|у|ов|е)? образ(?:ец|цы) приклад(?:и)? przykład\w*
        exemplos? exemples? ejemplos? beispiele? exempel esemp[io] voorbeeld\w* ví_dụ contoh
        örnek\w* příklad\w* ukázk\w* primjer\w* példa exemplu""",
    "input": r"""
        input\.txt input stdin 输入 輸入 入力 입력 входн(?:ые|ых)(?:_данн(?:ые|ых))?
        исходн(?:ые|ых)_данн(?:ые|ых) входн(?:ой|ого)_файла? стандартный_(?:ввод|вход)
        ввода? входа? вхідні_дані wejści[ea] entrada entr[ée]e eingabe indata invoer masukan girdi
        vstup ulaz bemenet dữ_liệu_vào date_de_intrare""",
    "output": r"""
        output\.txt output stdout 输出 輸出 出力 출력 выходн(?:ые|ых)(?:_данн(?:ые|ых))?
        выходн(?:ой|ого)_файла? стандартный_(?:вывод|выход) вывода? выхода? результат ответ
        вихідні_дані wyjści[ea] sa[ií]da salida sortie ausgabe utdata uitvoer keluaran çıktı
        výstup
        izlaz kimenet kết_quả dữ_liệu_ra date_de_ie[sș]ire answer 答案""",
    "explain": r"""
        explanations? notes? remarks? clarifications? comments? details 解释 解釋 说明 說明
        説明 解説 补充 補足 注释 註釋 注記 備考 설명 노트 поясн\w+
        примечани[ея] замечани[ея] объяснени\w+
        комментари[йия] пояснення wyjaśnieni\w+ explicación explicação explication erklärung""",
    "format": r"""
        formats? specifications? descriptions? statement 格式 描述 形式 형식 формат 要求""",
    "after": r"""
        hints? tips? scoring grading constraints? restrictions? subtasks? limits? limitations?
        sources? authors? recommend bonus warnings? credits? interaction download attachments?
        points evaluation original problem task tags? difficulty submit status statistics bounds
        提示 数据范围 數據範圍 数据规模 测试数据 数据 規模 规模 范围 範圍 约定 約定 限制 时空 备注
        備註 来源 來源 分类 出处 出處 子任务 子任務 评分
        評分 评测用例 注意 作者 测资 測資 资讯 資訊 难度
        标签 標籤 时间 内存 代码长度 题目 題目 附件 问题 問題描述 背景
        制約 条件 小課題 部分点 採点 配点 出典 ヒント 注 問題文 問題
        힌트 출처 제한 제약 조건 사항 서브태스크 점수 배점 채점 알고리즘 문제 만든
        ограничени[яе] оценивани[ея] систем[аы]_оценки подзадач[аи] источники? авторы?
        подсказк[аи]
        условие задач[аи] метки ograniczenia ocenianie restricciones puntuación contraintes""",
    "for": "for of к для の 的",
    "number": r"(?:[#№]\s*|no\.?\s*)?\d{1,3} [一二三四五六七八九十]{1,2} [①-⑳]",
    "fill": r"""
        no nr arrives from to terminal print номер 编号 編號 the and data tests? cases? file files
        standard set first second only correct expected de da do du des di von av 标准 標準 및
        及 与 與 和 正确 正確 測試 测试 テスト
        тест(?:ы|ов)? данные данных файл und și et y e и not part real console a an""",
}
_TOKEN = re.compile(
    "|".join(
        rf"(?P<{kind}>(?:{vocabulary(words)})(?![A-Za-zА-Яа-яёі]))"
        for kind, words in _KINDS.items()
    ),
    re.I,
)
_GAP = re.compile(r"[\s:：.。,，、/|\-–—_()（）\[\]【】「」『』〔〕<>〈〉《》*#№'\"?？]*")
_MARKS = " \t*_>`$|【】[]〔〕「」『』〈〉《》■□◆◇●○▼▶•·:：."
_STREAM = re.compile(
    r"\(?[\w.-]+\.(?:in|inp|out|ans|txt|dat)\b|(?:the\s+)?(?:standard|stdin|stdout|стандартн|标准|標準)",
    re.I,
)
_COPY = re.compile(
    r"\s*(?:copy|复制代码|复制|複製|コピー|복사|скопировать|копировать|copiar|kopieren|kopieren)\s*$",
    re.I,
)
_HASHES = re.compile(r"\s{0,3}#{1,6}(?!#)(?:\s+(?=\S)|(?=[\u3040-\u9fff\uac00-\ud7a3]))")
_COUNT = re.compile(
    r"\s*(?:\(?\d{1,2}[.、)）]|[一二三四五六七八九十]、)\s*(?=[【\[A-Za-z\u0400-\u04ff\u3040-\u9fff\uac00-\ud7a3])"
)

Kind = Literal["input", "output", "both", "samples", "explain", "section", "after"]


@dataclass(frozen=True)
class Heading:
    """What a heading says.

    Attributes:
        kind: `input` or `output` of a sample; `both`, heads of two columns; `samples`, a heading
            over them; `explain`, of a sample; `section`, the description of the input or output;
            `after`, another section.
        sure: It speaks of samples itself, or is numbered: elsewhere a lone `Input` may be either.
        files: It names files (`sum.in`).
        same_line: Text behind its colon.
    """

    kind: Kind
    sure: bool = False
    files: bool = False
    same_line: str = ""


def is_copy(line: str) -> bool:
    """Whether a line is a copy button's label."""
    return bool(_COPY.fullmatch(line))


def bare(line: str) -> str:
    """Return a heading without its marks, numbering and copy button."""
    text = unicodedata.normalize("NFKC", line)
    text = _HASHES.sub("", text, count=1)
    text = _COUNT.sub("", text.strip(_MARKS), count=1) or text
    text = _COPY.sub("", text.strip(_MARKS)).strip(_MARKS)
    return text.rstrip("#").strip(_MARKS)


def has_hashes(line: str) -> bool:
    """Whether a line is a Markdown heading, or a row that looks like one."""
    return bool(_HASHES.match(line))


def is_marked(line: str) -> bool:
    """Whether a line is marked as a heading otherwise: `【x】`, `**x**`."""
    text = line.strip()
    return bool(
        text.startswith(("【", "〔", "■"))
        or (text.startswith("**") and text.rstrip(":： ").endswith("**"))
    )


def heading(line: str) -> Heading | None:
    """Return what a line says as a heading, or None if it has other words too."""
    if len(line) > HEAD_LIMIT or not line.strip():
        return None
    whole = _columns(line) or _whole(bare(line))
    text = unicodedata.normalize("NFKC", line).strip()
    if text.startswith("**") and text.endswith("**"):
        text = text.strip("*")
    match = re.match(r"^([^:]{1,40}):(?:\*\*|__)?\s*(\S.*)$", text)
    before = _whole(bare(match[1])) if match else None
    if match is None or before is None or before.kind == "both":
        return whole
    rest = match[2].strip().strip("`")
    after = _whole(bare(rest))
    if before.kind in ("input", "output") and _STREAM.match(rest):
        return Heading("section", files=True)  # `Input file: sum.in`
    if whole is not None and (before.kind == "samples" or after is not None or is_copy(rest)):
        return whole  # `Sample 1: Input` is all heading, `Output: 5` holds the output.
    return Heading(before.kind, before.sure, before.files, rest)


def _columns(line: str) -> Heading | None:
    """Read the heads of a table's columns, of which one may be for explanations."""
    cells = [_whole(bare(cell)) for cell in re.split(r"\t|\|", line) if cell.strip()]
    kinds = [cell.kind for cell in cells if cell is not None]
    if len(cells) < 3 or len(kinds) < len(cells) or kinds[:2] != ["input", "output"]:
        return None
    return Heading("both", any(cell is not None and cell.sure for cell in cells))


def _whole(text: str) -> Heading | None:
    words = _tokens(text)
    return _meaning(words) if words else None


def _tokens(text: str) -> list[str] | None:
    """Return the kinds of a heading's words, or None if one is not known."""
    kinds: list[str] = []
    place = 0
    while place < len(text):
        gap = _GAP.match(text, place)
        place = gap.end() if gap else place
        if place == len(text):
            break
        word = _TOKEN.match(text, place)
        if word is None or not word.lastgroup or word.end() == place:
            return None
        if place and _joins(text[place - 1], word[0]):
            return None
        kinds.append(word.lastgroup)
        place = word.end()
    return kinds


def _joins(before: str, word: str) -> bool:
    """Whether a word only continues where another has not ended: `in` of `begin`."""
    return before.isascii() and before.isalpha() and word[0].isascii() and word[0].isalpha()


def _meaning(kinds: list[str]) -> Heading | None:
    sample, number = "sample" in kinds, "number" in kinds
    if "explain" in kinds:
        of_section = ("input" in kinds or "output" in kinds) and not sample
        return Heading("section" if of_section else "explain")
    if "after" in kinds:
        return Heading("after")
    if "format" in kinds:
        return Heading("section") if len(kinds) > 1 else None
    if "for" in kinds and kinds[0] != "for" and kinds[: kinds.index("for")] != ["sample"]:
        front = kinds[: kinds.index("for")]
        kinds = front if {"input", "output", "both"} & set(front) else kinds
    files = "in_file" in kinds or "out_file" in kinds
    inputs, outputs = "input" in kinds, "output" in kinds
    if not inputs and not outputs:
        inputs, outputs = "in_file" in kinds, "out_file" in kinds
    if "both" in kinds:
        inputs = outputs = True
    if inputs and outputs:
        return Heading("both", sample or number, files)
    if inputs or outputs:
        return Heading("input" if inputs else "output", sample or number, files)
    return Heading("samples", True) if sample else None
