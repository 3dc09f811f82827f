"""The desk is at one origin: the one that is set, or this machine by its name."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from forms_server.accounts.place import Place, by_name, kept_port, origin_of, place_here, place_of, running_here
from forms_server.data_folder import PORT
from forms_server.errors import AccountProblem
from forms_server.settings import Settings

HTTPS = Place("https://desk.example:8443", "desk.example:8443", "desk.example")


@pytest.mark.parametrize(
    ("settings", "place", "origin"),
    [
        (Settings(), None, "http://localhost:8000"),
        (Settings(public_url="http://127.0.0.1:9000"), None, "http://localhost:8000"),
        (Settings(public_url="http://[::1]:9000"), None, "http://localhost:8000"),
        (Settings(public_url="https://desk.example:8443"), HTTPS, "https://desk.example:8443"),
        (
            Settings(public_url="https://forms.example", desk_origin="https://desk.example:8443"),
            HTTPS,
            "https://desk.example:8443",
        ),
        (
            Settings(desk_origin="http://localhost:9000"),
            Place("http://localhost:9000", "localhost:9000", "localhost"),
            "http://localhost:9000",
        ),
    ],
)
def test_the_desk_is_where_it_is_set_or_on_this_machine(settings: Settings, place: Place | None, origin: str) -> None:
    assert place_of(settings) == place
    assert origin_of(settings, 8000) == origin


def test_the_port_of_the_running_service_is_known_as_long_as_it_runs(tmp_path: Path) -> None:
    assert running_here(tmp_path) == ""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with kept_port(tmp_path, port):
            assert running_here(tmp_path) == f"http://localhost:{port}"
            with kept_port(tmp_path, 1):  # another one that has just begun
                assert running_here(tmp_path) == ""
        assert running_here(tmp_path) == ""
    for said in ("x", "99999999", "-1", "", "\u00b2"):
        (tmp_path / PORT).write_text(said, encoding="utf-8")
        assert running_here(tmp_path) == ""


def test_there_is_no_desk_where_browsers_make_no_passkeys() -> None:
    settings = Settings(desk_origin="http://desk.example")
    with pytest.raises(
        AccountProblem, match=r"^The desk needs https, and http://desk\.example is not: set FORMS_DESK_O"
    ):
        place_of(settings)
    assert origin_of(settings, 8000) == ""


def test_on_this_machine_the_desk_goes_by_a_name_and_is_led_to_from_a_number() -> None:
    assert place_here("localhost:8000") == Place("http://localhost:8000", "localhost:8000", "localhost")
    assert place_here("localhost") == Place("http://localhost", "localhost", "localhost")
    assert [place_here(host) for host in ("127.0.0.1:8000", "localhost.example", "")] == [None] * 3
    named = ["127.0.0.1:8000", "[::1]:8000", "127.0.0.1", "localhost:8000", "127.0.0.10", "desk.example:127.0.0.1"]
    assert [by_name(host) for host in named] == ["localhost:8000", "localhost:8000", "localhost", "", "", ""]
