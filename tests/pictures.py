"""The pictures of the guides, taken from the real portal: `python -m tests.pictures` writes them into `docs/`."""

from __future__ import annotations

import html
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser import CHROMIUM
from tests.journeys.service import ROOT, Service, build_once

DOCS = ROOT / "docs"
MISTAKE = "\n#### Un titolo che salta un livello\n\nUn colloqiuo con la [redazione](colofon.md).\n"
TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 24px; background: #1d1f24; color: #e8e6df; font: 15px/1.6 monospace;
       white-space: pre-wrap; }}
b {{ color: #f0b429; }}</style><b>$ python build.py check</b>
{output}"""


def main() -> None:
    """Take every picture."""
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        folder = Path(made)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        service = Service(build_once(folder, ROOT), folder, FORMS_CONTENT=str(ROOT / "content/forms"))
        try:
            take(browser, service.url, DOCS / "home.png", 1280, 800)
            take(browser, f"{service.url}/partecipa/sondaggio/#rispondi", DOCS / "editors-preview.png", 1000, 760)
            page = browser.new_page(viewport={"width": 1000, "height": 240})
            page.set_content(TERMINAL.format(output=html.escape(output_of_check(folder / "copy"))))
            page.screenshot(path=DOCS / "editors-check.png")
        finally:
            service.stop()
            browser.close()


def take(browser: Browser, address: str, picture: Path, width: int, height: int) -> None:
    """Take a picture of the top of a page."""
    page = browser.new_page(viewport={"width": width, "height": height}, locale="it-IT")
    page.goto(address, wait_until="networkidle")
    page.screenshot(path=picture)
    page.close()


def output_of_check(copy: Path) -> str:
    """Give what the check says of a copy of the content with a mistake in it."""
    copy.mkdir()
    shutil.copytree(ROOT / "content", copy / "content")
    for settings in ROOT.glob("mkdocs*.yml"):
        shutil.copy(settings, copy)
    with (copy / "content/it/contatti.md").open("a", encoding="utf-8") as page:
        page.write(MISTAKE)
    command = [sys.executable, str(ROOT / "build.py"), "check"]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout
    return done.stdout + done.stderr


if __name__ == "__main__":
    main()
