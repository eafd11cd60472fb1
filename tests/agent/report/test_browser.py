"""The page in a real browser: nothing loaded, nothing refused, usable by keyboard."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from medalist.agent.report.facts import read_facts
from medalist.agent.report.page import render
from tests.agent.report.test_page import ATTACKS, hostile_run, ordinary_run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SCHEMES = ("light", "dark")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    sync_api = pytest.importorskip("playwright.sync_api")
    path = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of an ordinary run and of one full of hostile text."""
    folder = tmp_path_factory.mktemp("report")
    ordinary_run(folder / "ordinary")
    hostile_run(folder / "hostile", "".join(ATTACKS))
    out = folder / "page.html"
    out.write_text(render(read_facts([folder / "ordinary", folder / "hostile"])), "utf-8")
    return out


@pytest.fixture
def page(browser: Browser, page_file: Path) -> Iterator[Page]:
    """The page, loaded without one message, dialogue or request of its own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    trouble: list[str] = []
    opened.on("console", lambda message: trouble.append(message.text))
    opened.on("pageerror", lambda error: trouble.append(str(error)))
    opened.on("dialog", lambda dialog: trouble.append(dialog.message))
    opened.on("request", lambda request: trouble.append(request.url))
    opened.add_init_script(
        "addEventListener('securitypolicyviolation', one => console.error(one.violatedDirective))"
    )
    opened.goto(page_file.as_uri())
    yield opened
    context.close()
    assert trouble == [page_file.as_uri()]


def test_nothing_is_loaded_and_nothing_refused(page: Page) -> None:
    assert "problem" in page.inner_text(".lede")
    assert page.locator(".controls").is_visible()  # its own script has run
    assert page.locator("script").count() == 1


def test_every_link_leads_to_something_visible(page: Page) -> None:
    links = page.locator("a:visible")
    targets = [links.nth(place).get_attribute("href") or "" for place in range(links.count())]
    assert len(targets) > 10
    for target in targets:
        page.evaluate("where => { location.hash = where }", target)
        assert page.locator(target).is_visible()


def test_the_account_of_a_problem_opens_by_keyboard(page: Page) -> None:
    summary = page.locator("details.problem > summary").first
    account = page.locator("details.problem > .account").first
    assert not account.is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    assert account.is_visible()
    page.keyboard.press("Space")
    assert not account.is_visible()


def test_filter_sort_and_unfold(page: Page) -> None:
    rows = page.locator("#all tbody tr")
    page.get_by_label("Show problems with").fill("a hard one")
    assert page.locator("#all tbody tr:visible").count() == 1
    assert page.locator("#shown").inner_text() == f"1 of {rows.count()}"
    page.get_by_role("button", name="Unfold all").click()
    assert page.locator("details.problem[open]").count() == 1
    page.get_by_role("button", name="Fold all", exact=True).click()
    assert page.locator("details.problem[open]").count() == 0
    page.get_by_label("Show problems with").fill("")
    page.get_by_role("button", name="candidates").click()
    column = page.locator("#all tbody tr td:nth-child(6)").all_inner_texts()
    assert column == sorted(column, key=int)
    head = page.locator("#all thead th:nth-child(6)")
    assert head.get_attribute("aria-sort") == "ascending"


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_never_scrolls_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.get_by_role("button", name="Unfold all").click()
    wide = page.evaluate(
        """width => [...document.querySelectorAll("body *")]
            .filter(one => one.getBoundingClientRect().right > width + 1 && !one.closest(".scroll"))
            .map(one => one.outerHTML.slice(0, 120))""",
        width,
    )
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", SCHEMES)
def test_accessible_in_both_schemes(
    browser: Browser, page_file: Path, scheme: Literal["light", "dark"]
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce")
    opened = context.new_page()
    opened.goto(page_file.as_uri())
    opened.get_by_role("button", name="Unfold all").click()
    for details in opened.locator("details:not([open])").all():
        details.evaluate("one => { one.open = true }")
    report = axe.Axe().run(opened)
    background = opened.evaluate("getComputedStyle(document.body).backgroundColor")
    context.close()
    assert report.violations_count == 0, report.generate_report()
    assert (background == "rgb(20, 23, 26)") == (scheme == "dark")


def test_it_prints_without_controls(page: Page) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator("nav").is_visible()
    assert not page.locator(".controls").is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    page.set_viewport_size({"width": 700, "height": 990})  # A4 between its margins
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
    assert page.pdf().startswith(b"%PDF")
