"""The page as text: what it says, and that nothing hostile gets through it."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import JsonValue

from medalist.agent.commands import report
from medalist.agent.journal import Journal
from medalist.agent.report.facts import read_facts
from medalist.agent.report.page import render
from medalist.errors import BadInput
from tests.agent.report.runs import Made, call, candidate, write_problem

ATTACKS = (
    "</script><script>alert(1)</script>",
    "</style><style>*{display:none}</style>",
    "\"><img src=x onerror=alert(1)>'",
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "]]><!-- <!DOCTYPE",
    "safe\u202egnp.exe\u2066\u200b\ufeff",
    "\x00\x07\x1b[31mred\r\x9b",
    "a lone surrogate \ud800",
    "https://example.org/?a=1&b=2&copy",
)
VOID = {"meta", "input", "link", "br", "img", "hr"}
ALLOWED = {"html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "h3", "h4",
           "p", "b", "strong", "cite", "nav", "ul", "ol", "li", "main", "section", "div", "span",
           "table", "caption", "thead", "tbody", "tr", "th", "td", "svg", "rect", "path", "text",
           "polygon", "polyline", "desc", "figure", "figcaption", "details", "summary", "form",
           "label", "input", "button", "output", "dl", "dt", "dd", "pre", "code", "footer",
           "script"}  # fmt: skip


class Seen(HTMLParser):
    """Collects what a page is made of, and that every element is closed where it should be."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.contents: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in self._open[-1:]:
            self.contents.setdefault(tag, []).append(data)

    def values(self, name: str) -> list[str]:
        return [value or "" for attribute, value in self.attributes if attribute == name]


def ordinary_run(run: Path) -> None:
    with Journal.open(run) as journal:
        programs = {
            "right": Made(3, (b"1", b"3"), "AC"),
            "wrong": Made(4, (b"1", b"2"), "WA"),
            "crash": Made(1, (b"1", None), "RTE"),
        }
        write_problem(journal, "sums", programs, refused=1, broken=1, submissions=3)
        write_problem(
            journal,
            "hard-one",
            {"dark": Made(2, (b"5", b"6"), None)},
            about={"difficulty": "hard", "kind": "interactive", "title": "A Hard One",
                   "source": "Cup 2022", "license": "CC BY-SA 4.0"},
        )  # fmt: skip


def hostile_run(run: Path, text: str) -> None:
    """Put a text wherever one from outside can stand."""
    raw = text.encode("utf-8", "surrogatepass")
    name = text.replace("\ud800", "").replace("/", "|")  # what a key of the journal can hold
    with Journal.open(run) as journal:
        journal.append_raw("plan", "solve", {"prompts": [text], "search": text, "model": text})
        programs = {
            f"right{name}": Made(2, (b"1", raw), "AC", source=text),
            f"wrong{name}": Made(3, (b"1", b"2"), "WA", source=text),
            f"odd{name}": Made(1, (b"2", b"2"), "RTE", source=text),
        }
        about = dict.fromkeys(("title", "difficulty", "kind", "source", "license"), text)
        write_problem(journal, f"p{name}", programs, submissions=9, inputs=(b"1", raw),
                      about=about, model=text)  # fmt: skip
        failed: dict[str, JsonValue] = {"message": f"{text} {text}", "tokens": 0, "usd": 0.0}
        journal.append_raw("call.failed", f"p{name}/x", failed)
        candidate(journal, f"q{name}", f"q{name}/x", None)
        journal.append_raw("failure", f"q{name}", {"error": text, "message": text, "attempt": 1})


def page_of(*runs: Path) -> str:
    return render(read_facts(runs))


def test_the_page_says_what_the_run_did(tmp_path: Path) -> None:
    ordinary_run(tmp_path)
    page = page_of(tmp_path)
    text = re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", " ", page))
    for expected in (
        "1 of 2 problems",
        "50.0\u202f%",
        "9.5 to 90.5\u202f%",  # Wilson
        "15.0 to 65.0\u202f%",  # pass@1: 3 of 10, and 0 to 2 of 2
        "A Hard One",
        "Source: Cup 2022; licence: CC BY-SA 4.0",
        "Cup 2022, CC BY-SA 4.0 A Hard One",
        "accepted (AC) 3",
        "does not compile 1",
        "no program 1",
        "not judged 2",
        "arXiv:2107.03374",
        "a-model",
    ):
        assert expected in text
    assert str(tmp_path.parent) not in page


def test_the_page_is_well_formed_and_its_links_lead_somewhere(tmp_path: Path) -> None:
    ordinary_run(tmp_path)
    seen = Seen(page_of(tmp_path))
    assert set(seen.tags) <= ALLOWED
    ids = seen.values("id")
    assert len(ids) == len(set(ids))
    links = seen.values("href")
    assert links
    assert {link.removeprefix("#") for link in links} <= set(ids)
    for name in ("for", "aria-labelledby"):
        assert {value for actual in seen.values(name) for value in actual.split()} <= set(ids)


def test_the_policy_allows_the_page_itself_and_nothing_else(tmp_path: Path) -> None:
    ordinary_run(tmp_path)
    seen = Seen(page_of(tmp_path))
    policy = seen.values("content")[0]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (content,) = seen.contents[tag]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_text_is_shown_and_never_obeyed(tmp_path: Path, attack: str) -> None:
    calm, hostile = tmp_path / "calm", tmp_path / "hostile"
    hostile_run(calm, "words")
    hostile_run(hostile, attack)
    page = page_of(hostile)
    actual, wanted = Seen(page), Seen(page_of(calm))
    # The same elements and attributes as with harmless words: nothing was read as markup.
    assert actual.tags == wanted.tags
    assert [name for name, _ in actual.attributes] == [name for name, _ in wanted.attributes]
    assert not [name for name, _ in actual.attributes if name.startswith("on") or name == "style"]
    assert set(actual.values("href")) == set(wanted.values("href"))
    assert actual.contents["script"] == wanted.contents["script"]
    assert not re.search(
        r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", page
    )
    assert "\ufeff" not in page
    page.encode("utf-8")


def test_several_runs_are_one_report(tmp_path: Path) -> None:
    first, second, other = (tmp_path / name for name in ("first", "second", "other"))
    right = {"right": Made(1, (b"1", b"3"), "AC")}
    for run, problem in ((first, "sums"), (second, "sums"), (other, "trees")):
        with Journal.open(run) as journal:
            write_problem(journal, problem, right)
    facts = read_facts([first, second, other, first])
    assert [problem.name for problem in facts.problems] == ["first/sums", "second/sums", "trees"]
    page = render(facts)
    assert "Report of 3 runs" in page
    assert "3 of 3" in page


def test_an_unfinished_run_has_a_page_too(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        journal.append_raw("plan", "batch", {"problems": [{"id": "a", "path": "/a"}, {"id": "b"}]})
        call(journal, "a/direct/python/0")
        candidate(journal, "a", "a/direct/python/0", "print(1)")
    facts = read_facts([tmp_path])
    assert [problem.state for problem in facts.problems] == ["unfinished", "unfinished"]
    page = render(facts)
    assert "0 of 2" in page
    assert "never came as far as choosing" in page


def test_long_programs_and_outputs_are_cut_with_a_note(tmp_path: Path) -> None:
    long = "x = 1  # " + "long " * 4000
    with Journal.open(tmp_path) as journal:
        for number in range(60):
            programs = {
                f"{kind}{number}": Made(1, (b"1", b"9" * 50_000 + kind.encode()), "WA", source=long)
                for kind in ("a", "b", "c")
            }
            write_problem(journal, f"p{number}", programs, submissions=3)
    page = page_of(tmp_path)
    assert "characters left out" in page
    assert len(page) / 60 < 30_000


def run_report(*arguments: object) -> None:
    app = typer.Typer()
    app.command()(report.report)
    app([str(argument) for argument in arguments], standalone_mode=False)


def test_the_command_writes_the_file_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, out = tmp_path / "run", tmp_path / "page.html"
    ordinary_run(run)
    run_report(run, "--out", out)
    assert out.read_text("utf-8") == page_of(run)
    assert "2 problems" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda run: None, "no such run"),
        (lambda run: run.mkdir(), "not a run directory"),
        (lambda run: Journal.open(run).close(), "holds no problem"),
    ],
)
def test_what_is_no_run_is_one_clear_line(tmp_path: Path, prepare: Any, message: str) -> None:
    prepare(tmp_path / "run")
    with pytest.raises(BadInput, match=message):
        run_report(tmp_path / "run", "--out", tmp_path / "page.html")
    assert not (tmp_path / "page.html").exists()


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    ordinary_run(tmp_path / "run")
    with pytest.raises(BadInput, match="No such file"):
        run_report(tmp_path / "run", "--out", tmp_path / "nowhere" / "page.html")
