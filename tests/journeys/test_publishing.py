"""A site is published, edited, refused and brought back while people read and answer: nobody meets a fault or a mix."""

from __future__ import annotations

import itertools
import json
import re
import secrets
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bacheca.portal.errors import NotPublished
from tests.bacheca.portal.publishing.editions import Editors
from tests.bacheca.portal.publishing.test_service import SWAPPED
from tests.forms_server.test_posting import SURVEY
from tests.journeys.service import Service

EDITED = SURVEY.replace("title: Sondaggio", "title: Sondaggio nuovo") + (
    "- name: altro\n  title: E poi?\n  type: string\n  constraints: {maxLength: 50}\n"
)
NAMED = re.compile(r"<(?:title|p|b)>(\d+)<")


class Public:
    """People who read and answer all the time."""

    def __init__(self, url: str):
        self.url = url
        self.faults: list[str] = []
        self.seen: list[int] = []
        self.kept = 0
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._read), threading.Thread(target=self._answer)]
        for thread in self._threads:
            thread.start()

    def leave(self) -> None:
        """Let them go."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _read(self) -> None:
        for path in itertools.cycle(("/", "/pagina/", "/forms/sondaggio")):
            if self._over.is_set():
                return
            try:
                with urllib.request.urlopen(self.url + path, timeout=60) as answer:
                    text = answer.read().decode()
            except (OSError, urllib.error.URLError) as error:
                self.faults.append(f"{path}: {error}")
                continue
            if not path.startswith("/forms"):
                editions = set(map(int, NAMED.findall(text)))
                self.seen += editions
                if len(editions) != 1:
                    self.faults.append(f"{path}: {editions}")

    def _answer(self) -> None:
        while not self._over.is_set():
            status = answer(self.url, {"luogo": "casa"})
            if status == 201:
                self.kept += 1
            else:
                self.faults.append(f"an answer: {status}")


def answer(url: str, answers: dict[str, str]) -> int:
    """Answer as a program does; give the status."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": secrets.token_urlsafe(24)}
    asked = urllib.request.Request(f"{url}/forms/sondaggio", json.dumps(answers).encode(), headers)
    try:
        with urllib.request.urlopen(asked, timeout=60) as answered:
            return int(answered.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    Editors(tmp_path).publish(1)
    (tmp_path / "data").mkdir()
    running = Service(tmp_path / "site", tmp_path / "data", own_forms=True)
    yield running
    running.stop()


def test_site_and_forms_go_live_and_come_back_together_and_nobody_notices(service: Service, tmp_path: Path) -> None:
    editors = Editors(tmp_path, service.url)

    def is_asked(mark: str) -> bool:
        """Answer what the edited form alone asks, and look whether that was kept."""
        assert answer(service.url, {"luogo": "casa", "altro": mark}) == 201
        return len(service.stored("sondaggio", mark)) == 1

    assert not is_asked("uno")
    public = Public(service.url)
    try:
        editors.publish(2, EDITED)
        assert is_asked("due")
        with pytest.raises(NotPublished, match="FORM_REFUSED"):
            editors.publish(3, SWAPPED)
        assert editors.shown == "2"
        assert is_asked("tre")
        editors.publisher.roll_back(None)
        assert not is_asked("quattro")
        editors.publisher.roll_back(2)
        assert is_asked("cinque")
        for number in range(4, 24):  # more than are kept
            editors.publish(number, EDITED if number % 2 else SURVEY)
            assert is_asked(f"di {number}.") == bool(number % 2)
    finally:
        public.leave()
    assert public.faults == []
    assert set(public.seen) <= {1, 2, *range(4, 24)}
    assert len(set(public.seen)) > 2
    assert service.faults == []
    assert len(service.stored("sondaggio")) == public.kept + 25
