"""Samples in two columns of a PDF."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from medalist.agent.commands.main import app
from medalist.problems.formats.pdf_samples import column_samples

pytest.importorskip("pypdf")
FONT = "/Resources<</Font<</F1 5 0 R>>>>"
LINES = [
    (50, "Problem A. Twice"),
    (50, "Time limit: 2 seconds"),
    (50, "Memory limit: 64 megabytes"),
    (50, "Print the double of each number. It took Ann 90 seconds."),
    (50, "Examples"),
]


def pdf(rows: list[tuple[int, str]]) -> bytes:
    """Make a page of text lines: where each begins in points from the left; "\\v" stays in line."""
    content, y = ["BT /F1 10 Tf"], 780
    for x, text in rows:
        y -= 0 if text.startswith("\v") else 14
        shown = (
            text.removeprefix("\v").replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        )
        content.append(f"1 0 0 1 {x} {y} Tm ({shown}) Tj")
    stream = "\n".join([*content, "ET"])
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R{FONT}>>",
        f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Courier>>",
    ]
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    out += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}"
    out += f"trailer<</Size {len(places) + 1}/Root 1 0 R>>\nstartxref\n{out.index('xref')}\n%%EOF"
    return out.encode("latin-1")


def test_columns_are_cut_where_they_stand(tmp_path: Path) -> None:
    rows = [
        *LINES,
        (120, "standard input"), (400, "\vstandard output"),
        (60, "3"), (330, "\v2"),
        (60, "1 2 30"), (330, "\v4 60"),
        (120, "standard input"), (400, "\vstandard output"),
        (60, "1"), (330, "\v14"),
        (60, "7"),
        (50, "Note"),
        (50, "The double of 7 is 14."),
    ]  # fmt: skip
    path = tmp_path / "twice.pdf"
    path.write_bytes(pdf(rows))
    result = CliRunner().invoke(app, ["problems", "show", str(path), "--json"])
    assert result.exit_code == 0, result.output
    facts = json.loads(result.stdout)
    assert [(s["input"], s["output"]) for s in facts["sample_data"]] == [
        ("3\n1 2 30\n", "2\n4 60\n"),
        ("1\n7\n", "14\n"),
    ]
    assert (facts["title"], facts["time_s"], facts["memory_mb"]) == ("Problem A. Twice", 2, 64)
    assert len(facts["doubts"]) == 1
    assert "two columns of the PDF" in facts["doubts"][0]


@pytest.mark.parametrize(
    ("text", "samples"),
    [
        (" Sample Input 1    Sample Output 1\n 5 5               9\n 1  2              4\n",
         [("5 5\n1 2\n", "9\n4\n")]),
        ("   sum.in        sum.out\n 1              2\n\n\n\n\n\n 3\n", [("1\n", "2\n")]),
        ("   sum.in        sum.out\n A text over the whole width of the page\n", []),
        ("   sum.in        sum.out\n", []),
        ("  入力例 1       出力例 1\n  3              4\n  制約\n", [("3\n", "4\n")]),
        ("  a          b\n  1      2\n", []),
    ],
)  # fmt: skip
def test_layouts_of_columns(text: str, samples: list[tuple[str, str]]) -> None:
    assert column_samples(text.splitlines()) == samples
