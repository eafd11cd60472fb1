"""The scoreboard in a real browser: live, through a restart, frozen, resolved, hostile.

Skipped where there is no Chromium (`apt-get install chromium`).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from tests.agent.command import medalist, start
from tests.agent.web.contests import DURATION_S, FREEZE_S, HOSTILE, setting, submit, write

from medalist.agent.contest.events import ContestEvent, Ended, Finalized, Froze, Unfroze

PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
NAMES = ("Alpha", "Beta", "Gamma", *HOSTILE)

BEFORE = [*submit(1, 0, 0, 600, "AC"), *submit(2, 1, 0, 1200, "WA"), *submit(3, 1, 0, 1500, "AC")]
LATER = [*submit(4, 1, 1, 3000, "AC"), *submit(5, 2, 2, 3600, "AC")]
AFTER_RESTART = [*submit(6, 2, 0, 4200, "AC"), *submit(7, 0, 1, 4800, "WA")]
FROZEN: list[ContestEvent] = [
    Froze(at_s=FREEZE_S),
    *submit(8, 0, 2, FREEZE_S + 100, "AC"),
    *submit(9, 2, 1, FREEZE_S + 200, "WA"),
]
ENDING: list[ContestEvent] = [
    Ended(at_s=DURATION_S),
    Unfroze(at_s=DURATION_S + 30),
    Finalized(at_s=DURATION_S + 60),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


class Watched:
    """A page and whatever it complained about."""

    def __init__(self, browser: Browser, *, width: int = 1280, dark: bool = False) -> None:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda one: self.complaints.append(f"{one.type}: {one.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(f"dialog {dialog.message}"))

    def rows(self, table: str = "#standings") -> list[str]:
        """Each row as `rank name cells`, from the top."""
        script = """table => [...document.querySelectorAll(table + ' tbody tr')].map(tr =>
            [...tr.children].map(td => td.innerText.replace(/\\s+/g, ' ')).join(' | '))"""
        result: list[str] = self.page.evaluate(script, table)
        return result


@contextmanager
def serving(run: Path, *options: str) -> Iterator[list[str]]:
    """Serve a run as a user does; yields the addresses that the command prints."""
    process = start("contest", "serve", run, *options, cwd=run)
    assert process.stderr is not None
    try:
        lines = iter(process.stderr.readline, "")
        result = []
        for line in lines:
            result += re.findall(r"http\S+", line)
            if "Contest API" in line:
                break
        assert result, "the server did not start"
        yield result
    finally:
        ended = process.poll()
        process.terminate()
        _, said = process.communicate(timeout=300)
        assert ended is None, f"the server ended by itself: {said}"


def _cell(page: Page, name: str, q: int, table: str = "#standings") -> Locator:
    named = page.locator("bdi", has_text=re.compile(f"^{name}$"))
    return page.locator(f"{table} tbody tr").filter(has=named).locator("td.cell").nth(q)


def test_live_standings_survive_a_restart_and_hide_what_is_frozen(
    browser: Browser, tmp_path: Path
) -> None:
    write(tmp_path, [*setting(participants=NAMES), *BEFORE])
    written: list[ContestEvent] = [*setting(participants=NAMES), *BEFORE]

    def happen(events: list[ContestEvent]) -> None:
        written.extend(events)
        write(tmp_path, written)

    with serving(tmp_path, "--port", "0") as (address, *_):
        watched = Watched(browser)
        page = watched.page
        page.goto(address)
        expect(page.locator("#connection")).to_have_text("live")
        expect(_cell(page, "Beta", 0)).to_have_text(re.compile(r"\+1\s*25"))
        page.evaluate("window.untouched = true")
        assert watched.rows()[0].startswith("1 | Alpha")
        happen(LATER)
        expect(page.locator("#standings tbody tr").first).to_contain_text("Beta")
        expect(_cell(page, "Gamma", 2)).to_have_class(re.compile("solved first"))
        port = re.search(r":(\d+)/", address)
        assert port is not None
    expect(page.locator("#connection")).to_have_text("reconnecting")
    happen(AFTER_RESTART)
    with serving(tmp_path, "--port", port[1]):
        expect(_cell(page, "Gamma", 0)).to_have_text(re.compile(r"\+\s*70"))
        expect(_cell(page, "Alpha", 1)).to_have_text("\u22121")
        expect(page.locator("#connection")).to_have_text("live")
        happen(FROZEN)
        expect(page.locator("#phase")).to_have_text("frozen")
        expect(_cell(page, "Alpha", 2)).to_have_class(re.compile("pending"))
        expect(_cell(page, "Gamma", 1)).to_have_text("?")
        happen(ENDING)
        expect(page.locator("#phase")).to_have_text("final")
        expect(_cell(page, "Alpha", 2)).to_have_class(re.compile("solved"))
        assert page.evaluate("window.untouched") is True
        # What was put together piece by piece is what a page that comes late is told at once.
        late = Watched(browser)
        late.page.goto(address)
        expect(late.page.locator("#phase")).to_have_text("final")
        assert late.rows() == watched.rows()
        # The one complaint allowed is the browser's own, that the server was away.
        assert [complaint for complaint in watched.complaints if "net::ERR_" not in complaint] == []
        assert late.complaints == []


def test_the_resolver_reveals_step_by_step(browser: Browser, tmp_path: Path) -> None:
    write(tmp_path, [*setting(participants=NAMES), *BEFORE, *LATER, *FROZEN, *ENDING])
    with serving(tmp_path, "--port", "0", "--ceremony") as (address, presenter, *_):
        viewer = Watched(browser)
        viewer.page.goto(f"{address}#resolver")
        step = viewer.page.locator("#resolver-step")
        expect(step).to_contain_text("Only the presenter")
        watched = Watched(browser)
        page = watched.page
        page.goto(presenter)
        assert "presenter=" not in page.url
        step = page.locator("#resolver-step")
        expect(step).to_have_text("2 cells to reveal.")
        hidden = _cell(page, "Alpha", 2, "#resolver-table")
        expect(hidden).to_have_text("?")
        while not (step.text_content() or "").startswith("Alpha: problem C is next"):
            page.keyboard.press("Space")
        expect(hidden).to_have_text("?")
        expect(hidden).to_have_class(re.compile("marked"))
        page.keyboard.press("ArrowRight")
        expect(hidden).to_have_text(re.compile(r"\+\s*241"))
        expect(step).to_contain_text("solved")
        page.keyboard.press("ArrowLeft")
        expect(hidden).to_have_text("?")
        page.keyboard.press("End")
        expect(hidden).to_have_class(re.compile("solved"))
        expect(step).to_contain_text("final standings")
        expect(page.locator("#resolver-table td.pending")).to_have_count(0)
        page.keyboard.press("Home")
        expect(page.locator("#resolver-table td.pending")).to_have_count(2)
        # All the while the public board tells nothing.
        viewer.page.goto(f"{address}#board")
        expect(_cell(viewer.page, "Alpha", 2)).to_have_text("?")
        assert watched.complaints == []
        assert [complaint for complaint in viewer.complaints if "403" not in complaint] == []


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (390, False)])
def test_hostile_text_is_shown_and_everybody_can_use_the_page(
    browser: Browser, tmp_path: Path, width: int, dark: bool
) -> None:
    opening = setting("ioi", participants=NAMES, problems=HOSTILE[:4])
    scored = submit(1, 0, 0, 60, "PAC", score=30.0) + submit(2, 3, 1, 90, "AC", score=100.0)
    run, page_file = tmp_path / "run", tmp_path / "board.html"
    write(run, [*opening, *scored, *ENDING])
    assert medalist("contest", "export", run, page_file, cwd=tmp_path).returncode == 0
    watched = Watched(browser, width=width, dark=dark)
    page = watched.page
    page.goto(page_file.as_uri())
    expect(page.locator("#connection")).to_have_text("recorded")
    assert page.locator("#standings tbody tr").count() == len(NAMES)
    assert page.locator("#standings tbody").get_by_text(HOSTILE[0]).count() == 1
    assert page.locator("main script, main img, main svg").count() == 0
    for view in ("board", "participant/t3", "problem/p0", "resolver"):
        page.goto(f"{page_file.as_uri()}#{view}")
        report = Axe().run(page)
        assert report.violations_count == 0, report.generate_report()
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
    # The policy holds: what would run elsewhere is refused here.
    assert page.evaluate("""() => { try { document.body.innerHTML = '<b>x</b>'; return false; }
        catch (error) { return error instanceof TypeError; } }""")
    assert [complaint for complaint in watched.complaints if "TrustedHTML" not in complaint] == []


def test_the_keyboard_alone_finds_the_way_and_back(browser: Browser, tmp_path: Path) -> None:
    run, page_file = tmp_path / "run", tmp_path / "board.html"
    write(run, [*setting(participants=NAMES), *BEFORE, *LATER, *ENDING])
    assert medalist("contest", "export", run, page_file, cwd=tmp_path).returncode == 0
    watched = Watched(browser)
    page = watched.page
    page.goto(page_file.as_uri())
    expect(page.locator("#connection")).to_have_text("recorded")
    page.locator("#standings tbody a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#account-title")).to_be_focused()
    expect(page.locator("#account-title")).to_have_text("Beta")
    expect(page.locator("#view-account svg circle")).to_have_count(3)
    page.go_back()
    expect(page.locator("#standings tbody a").first).to_be_focused()
    # Back in time: before its second problem Beta was behind Alpha.
    page.locator("#seek").fill("2000")
    expect(page.locator("#standings tbody tr").first).to_contain_text("Alpha")
    page.locator("#follow").click()
    expect(page.locator("#standings tbody tr").first).to_contain_text("Beta")
    page.locator("#filter").fill("human")
    shown = page.locator("#standings tbody tr:visible")
    expect(shown).to_have_count(len(NAMES) // 2)
    assert watched.complaints == []
