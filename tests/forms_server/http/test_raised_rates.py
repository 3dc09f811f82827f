"""A class on one network: an operator raises the limit of a form for a while, and the running service notices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import URL

from forms_server.__main__ import main
from forms_server.app import make_app
from forms_server.context import Service
from forms_server.http.raised_rates import FILE, RaisedRates
from tests.forms_server.samples import running
from tests.forms_server.test_posting import GOOD, KEY, OWN

NOW = datetime.now(UTC)
Command = Callable[..., Result]


@pytest.fixture
def service(tmp_path: Path, sqlite_url: URL) -> Iterator[Service]:
    with running(tmp_path, sqlite_url, lambda: NOW, FORMS_RATE_LIMIT="2/day") as made:
        yield made


@pytest.fixture
def command(service: Service) -> Command:
    settings = service.settings
    environ = {
        "FORMS_DATABASE_URL": settings.database_url.render_as_string(),
        "FORMS_CONTENT": str(settings.content),
        "FORMS_DATA": str(settings.data),
        "FORMS_RATE_LIMIT": "2/day",
    }
    return lambda *words: CliRunner().invoke(main, ["raise-rate-limit", *words], env=environ)


def sent(service: Service, times: int, form: str = "sondaggio") -> list[int]:
    browser = make_app(service).test_client()
    return [
        browser.post(f"/forms/{form}", data=GOOD | {"_key": f"{KEY}{number}"}, headers=OWN).status_code
        for number in range(times)
    ]


def test_a_raised_limit_holds_for_its_form_and_its_time_alone(service: Service, command: Command) -> None:
    assert sent(service, 3) == [303, 303, 429]
    done = command("--form", "sondaggio", "--to", "6/day", "--for", "30m")
    assert done.exit_code == 0, done.output
    assert "sondaggio: 6/day from one network until" in done.output
    assert sent(service, 4) == [303, 303, 303, 429]  # those that were refused have been counted
    assert sent(service, 3, "gruppo")[2] == 429
    RaisedRates(service.settings.data).put("sondaggio", 6, until=int(NOW.timestamp()), moment=0)  # its time is over
    assert sent(service, 1) == [429]


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (("--form", "niente", "--to", "6/day"), "The forms are"),
        (("--form", "sondaggio", "--to", "6/minute"), "200/day"),
        (("--form", "sondaggio", "--to", "1/day"), "200/day"),
        (("--form", "sondaggio", "--to", "off"), "200/day"),
        (("--form", "sondaggio", "--to", "many"), "write 30/minute"),
        (("--form", "sondaggio", "--to", "6/day", "--for", "25h"), "30m"),
        (("--form", "sondaggio", "--to", "6/day", "--for", "an hour"), "30m"),
    ],
)
def test_what_cannot_be_raised_is_refused_with_a_remedy(
    service: Service, command: Command, words: tuple[str, ...], remedy: str
) -> None:
    done = command(*words)
    assert done.exit_code == 2
    assert remedy in done.output
    assert not (service.settings.data / FILE).exists()


def test_what_is_over_is_forgotten_and_a_broken_file_raises_nothing(tmp_path: Path) -> None:
    raised = RaisedRates(tmp_path)
    raised.put("a", 9, until=10, moment=0)
    raised.put("b", 8, until=99, moment=20)
    assert (raised.count("a", 5), raised.count("b", 98), raised.count("b", 99)) == (0, 8, 0)
    for text in ("", "[]", '{"b": 1}', '{"b": [1]}', "\0"):
        (tmp_path / FILE).write_text(text)
        assert raised.count("b", 1) == 0
