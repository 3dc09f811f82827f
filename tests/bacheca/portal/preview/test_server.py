"""`build.py serve`: the preview follows what editors save, with forms that work."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from bacheca.portal.errors import RenderFailed
from bacheca.portal.preview import server
from tests.bacheca.portal.conftest import Sketch
from tests.journeys.service import ROOT, free_port

PATIENCE = 90
"""How many seconds a busy machine may take for a build."""


class Preview:
    def __init__(self, sketch: Sketch):
        self.log = sketch.root / "preview.log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, str(ROOT / "build.py"), "serve", "--lang", "it", "--port", str(self.port)]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, cwd=sketch.root, stdout=log, stderr=subprocess.STDOUT)

    def get(self, path: str) -> str:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, OSError):
            return ""

    def wait(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < deadline, self.log.read_text()
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=PATIENCE)


@pytest.fixture
def preview(sketch: Sketch) -> Iterator[Preview]:
    running = Preview(sketch)
    yield running
    if running.process.poll() is None:
        running.process.terminate()
        running.process.wait(timeout=PATIENCE)


def test_a_preview_follows_its_files_until_it_is_stopped(sketch: Sketch, preview: Preview) -> None:
    stamp = "/assets/javascripts/reload.json"
    preview.wait(lambda: "Modulo" in preview.get("/modulo/"))
    preview.wait(lambda: "assets/javascripts/reload.js" in preview.get("/modulo/"))
    preview.wait(lambda: "Che cosa ne pensi?" in preview.get("/forms/prova"))
    first = (sketch.root / f"build/preview/{preview.port}/site{stamp}").read_text()
    preview.wait(lambda: preview.get(stamp) == first)

    sketch.page("it/modulo.md", "# Modulo nuovo\n\n/// form | prova\n///\n", translation="form")
    preview.wait(lambda: "Modulo nuovo" in preview.get("/modulo/"))
    preview.wait(lambda: preview.get(stamp) not in ("", first))

    sketch.page("it/privacy.md", "[x](y.md)\n", translation="privacy")
    preview.wait(lambda: "LINK_DEAD" in preview.log.read_text())
    preview.wait(lambda: "prova@example.org" in preview.get("/privacy/"))
    sketch.page("it/privacy.md", "Tutto bene.\n", translation="privacy")

    form = (sketch.root / "content/forms/prova.yaml").read_text()
    sketch.write("content/forms/prova.yaml", "name: altro\n")
    preview.wait(lambda: "FORM_NAME" in preview.log.read_text())
    preview.wait(lambda: "Che cosa ne pensi?" in preview.get("/forms/prova"))
    sketch.write("content/forms/prova.yaml", form.replace("Che cosa ne pensi?", "Che ne dici?"))
    preview.wait(lambda: "Che ne dici?" in preview.get("/forms/prova") and "Che ne dici?" in preview.get("/modulo/"))

    preview.wait(lambda: "Tutto bene." in preview.get("/privacy/"))

    settings = sketch.config_file.read_text()
    sketch.write("mkdocs.yml", settings.replace("site_name:", "site_nome:"))
    preview.wait(lambda: "SETTING_" in preview.log.read_text())
    sketch.page("it/privacy.md", "Tutto benissimo.\n", translation="privacy")
    preview.wait(lambda: preview.log.read_text().count("SETTING_") > 1)
    assert "Tutto bene." in preview.get("/privacy/"), "settings that cannot be used are those of before"
    sketch.write("mkdocs.yml", settings.replace("site_name: Prova", "site_name: Altra"))
    preview.wait(lambda: "Altra" in preview.get("/privacy/") and "Tutto benissimo." in preview.get("/privacy/"))
    assert preview.stop() == 0
    said = preview.log.read_text()
    assert "Traceback" not in said
    assert re.search(r"Cambiato: .*modulo\.md", said)
    assert "preview.log" not in said, "the preview builds again for files that are not the portal's"
    assert preview.get("/modulo/") == ""
    assert not (sketch.root / "site").exists()
    assert not (sketch.root / "data").exists()


def test_the_open_page_shows_what_is_wrong_until_it_is_mended(
    sketch: Sketch, preview: Preview, browser: Browser
) -> None:
    preview.wait(lambda: "prova@example.org" in preview.get("/privacy/"))
    page = browser.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(f"{preview.url}/privacy/")
    told = page.locator("[role=status] .preview-problems")
    expect(told).to_have_count(0)

    sketch.page("it/privacy.md", "[x](y.md)\n", translation="privacy")
    expect(told).to_contain_text("Da correggere", timeout=PATIENCE * 1000)
    expect(told.get_by_role("listitem")).to_contain_text("LINK_DEAD")
    expect(told.locator("code")).to_contain_text("content/it/privacy.md:")
    assert "prova@example.org" in page.content(), "the page of before stays"
    assert page.evaluate("document.activeElement === document.body"), "it takes the focus"
    told.get_by_role("button", name="Chiudi").click()
    expect(told).to_have_count(0)

    sketch.page("it/privacy.md", "Una riga.\n\n" * 200 + "Tutto bene.\n", translation="privacy")
    expect(page.get_by_text("Tutto bene.")).to_be_visible(timeout=PATIENCE * 1000)
    expect(told).to_have_count(0)
    page.evaluate("scrollTo(0, 1500)")
    sketch.page("it/privacy.md", "Una riga.\n\n" * 200 + "Tutto benissimo.\n", translation="privacy")
    expect(page.get_by_text("Tutto benissimo.")).to_be_attached(timeout=PATIENCE * 1000)
    page.wait_for_function("scrollY === 1500")  # whoever reads on is not sent back to the top
    assert errors == [], "the policy of the page lets it in"
    page.close()


def test_a_port_that_something_else_has_is_told_before_anything_is_built(sketch: Sketch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        preview = server.Preview(sketch.portal(), port, "it", print, print)
        with pytest.raises(RenderFailed, match=rf"mkdocs.yml:1: PORT_BUSY .*\b{port}\b.*--port \d+"):
            preview.run()
    assert not (sketch.root / "build/cache").exists()


def test_two_previews_of_one_portal_are_two_and_one_port_has_one(sketch: Sketch) -> None:
    first = Preview(sketch)
    try:
        first.wait(lambda: "Modulo" in first.get("/modulo/"))
        command = [sys.executable, str(ROOT / "build.py"), "serve", "--lang", "it", "--port", str(first.port)]
        second = subprocess.run(command, cwd=sketch.root, capture_output=True, text=True, check=False)
        assert second.returncode == 1
        assert f"PORT_TAKEN [errore] Sulla porta {first.port} c’è già" in second.stdout
        assert "Modulo" in first.get("/modulo/")
        other = Preview(sketch)
        other.wait(lambda: "Modulo" in other.get("/modulo/"))
        sketch.page("it/modulo.md", "# Per tutti e due\n", translation="form")
        for preview in (first, other):
            preview.wait(lambda preview=preview: "Per tutti e due" in preview.get("/modulo/"))  # type: ignore[misc]
        assert other.stop() == 0
    finally:
        assert first.stop() == 0


def test_a_preview_that_cannot_begin_says_why_and_begins_once_it_can(sketch: Sketch, browser: Browser) -> None:
    form = sketch.root / "content/forms/prova.yaml"
    sound = form.read_text()
    form.write_text("name: altro\n")
    sketch.page("it/a.md", "[x](y.md)", translation="a")
    preview = Preview(sketch)
    try:
        preview.wait(lambda: "Da correggere" in preview.get("/"))
        page = browser.new_page()
        page.goto(f"{preview.url}/")
        for told in ("LINK_DEAD", "content/it/a.md:", "FORM_", "content/forms/prova.yaml:"):
            expect(page.locator("main")).to_contain_text(told)
        assert preview.get("/forms/prova") == ""
        sketch.page("it/a.md", "Eccola.", translation="a")
        expect(page.locator("main")).not_to_contain_text("LINK_DEAD", timeout=PATIENCE * 1000)
        expect(page.locator("main")).to_contain_text("FORM_")
        form.write_text(sound)
        expect(page.locator("main")).not_to_contain_text("FORM_", timeout=PATIENCE * 1000)
        preview.wait(lambda: "Che cosa ne pensi?" in preview.get("/forms/prova"))
        page.close()
    finally:
        assert preview.stop() == 0
