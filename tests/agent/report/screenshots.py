"""Pictures of a report as browsers show it: `python -m tests.agent.report.screenshots PAGE FOLDER`.

Writes report-light.png, report-dark.png and report-narrow.png, and report-account.png, the account
with most clusters (needs playwright and Chromium).
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright


def shoot(
    browser: Browser, page_file: Path, picture: Path, scheme: Literal["light", "dark"], width: int
) -> None:
    """Photograph the upper part of a page."""
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 1500})
    page.goto(page_file.resolve().as_uri())
    page.screenshot(path=picture)
    page.close()


def shoot_account(browser: Browser, page_file: Path, picture: Path) -> None:
    """Photograph the account with most clusters."""
    page = browser.new_page(color_scheme="light", viewport={"width": 1240, "height": 1500})
    page.goto(page_file.resolve().as_uri())
    accounts = page.locator("details.problem").all()
    account = max(accounts, key=lambda one: one.locator("tbody tr").count())
    account.locator("summary").click()
    account.screenshot(path=picture)
    page.close()


def main(page_file: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        shoot(browser, page_file, folder / "report-light.png", "light", 1240)
        shoot(browser, page_file, folder / "report-dark.png", "dark", 1240)
        shoot(browser, page_file, folder / "report-narrow.png", "light", 400)
        shoot_account(browser, page_file, folder / "report-account.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
