"""The pages are on any host and the service elsewhere, as `extra.forms_url` says: forms are answered all the same."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.journeys.conftest import Visit
from tests.journeys.respondent import PAGES, SURVEY, answer_survey, reference, send
from tests.journeys.service import Service

PAGE = PAGES[SURVEY, "it"]


class Quiet(SimpleHTTPRequestHandler):
    """A host that shows files and knows nothing else: no headers of ours, no addresses but those of files."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def host(tmp_path: Path) -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "pages"))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_form_of_a_page_on_another_host_is_kept_with_script_and_without_and_from_no_third_host(
    visit: Visit, host: ThreadingHTTPServer, site: Path, tmp_path: Path, mark: str
) -> None:
    pages, own = tmp_path / "pages", f"http://127.0.0.1:{host.server_port}"
    (tmp_path / "data").mkdir()
    service = Service(site, tmp_path / "data", FORMS_ORIGINS=own)
    try:
        shutil.copytree(site, pages)
        page = pages / PAGE.strip("/") / "index.html"
        written = page.read_text(encoding="utf-8")
        moved = written.replace(f'action="/forms/{SURVEY}"', f'action="{service.url}/forms/{SURVEY}"')
        assert moved != written
        page.write_text(moved, encoding="utf-8")
        for script in (True, False):
            opened = visit(PAGE, base=own, script=script)
            answer_survey(opened, f"{mark}{script}")
            assert send(opened).status == (303 if script else 200)
            if not script:  # the check page, which is the service's own
                send(opened)
            reference(opened, SURVEY)
            assert opened.url.startswith(service.url)
        stranger = visit(PAGE, base=f"http://localhost:{host.server_port}")
        answer_survey(stranger, f"{mark}altrove")
        assert send(stranger).status == 403
        assert len(service.stored(SURVEY, mark)) == 2
        assert service.faults == []
    finally:
        service.stop()
