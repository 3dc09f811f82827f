"""The Caddy configuration that we ship, before the real service, by TLS. It needs Debian's caddy: `make server`."""

from __future__ import annotations

import http.client
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.house import PATIENCE, ROOT, House, Launcher, Service, free_port

SHIPPED = ROOT / "deploy" / "Caddyfile"
HOST = "portal.example"
CADDY = shutil.which("caddy")

pytestmark = pytest.mark.skipif(CADDY is None, reason="Debian's caddy is not here: `make server` installs it")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    (folder / "pagina").mkdir()
    for name in ("index.html", "pagina/index.html", "404.html", "shell.html"):
        (folder / name).write_text("<!doctype html><title>Bacheca</title><p>La pagina.", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def service(launcher: Launcher, site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    settings = {"FORMS_PROXIES": "1", "FORMS_SITE": str(site), "FORMS_RATE_LIMIT": "3/day"}
    started = House(tmp_path_factory.mktemp("house"), launcher, settings=settings).serve(free_port())
    yield started
    started.stop()


@pytest.fixture(scope="module")
def caddy(service: Service, site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port where Caddy speaks TLS, with a certificate of its own making."""
    folder = tmp_path_factory.mktemp("caddy")
    port, plain = free_port(), free_port()
    text = SHIPPED.read_text(encoding="utf-8")
    changes = {
        "127.0.0.1:8000": f"127.0.0.1:{service.port}",
        "/srv/bacheca/site": str(site),
        "\tservers {": f"\tadmin off\n\tskip_install_trust\n\thttp_port {plain}\n\thttps_port {port}\n\tservers {{",
        "\trequest_body {": "\ttls internal\n\n\trequest_body {",
    }
    for found, put in changes.items():
        assert found in text, f"{SHIPPED.name} has no {found} any more"
        text = text.replace(found, put)
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    kept = {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    with (folder / "said").open("wb") as said:
        command = [str(CADDY), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
        server = subprocess.Popen(command, env=kept, stdout=said, stderr=said)
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            ask(port, "GET", "/")
            break
        except (OSError, ssl.SSLError):
            assert server.poll() is None, (folder / "said").read_text()
            assert time.monotonic() < deadline, "Caddy does not answer"
            time.sleep(0.05)
    yield port
    server.terminate()
    server.wait(PATIENCE)
    assert "canarino" not in (folder / "said").read_text()


def ask(port: int, method: str, path: str, body: str = "", **headers: str) -> tuple[int, http.client.HTTPMessage, str]:
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPConnection(HOST)
    connection.sock = trusting.wrap_socket(socket.create_connection(("127.0.0.1", port), 30), server_hostname=HOST)
    connection.request(method, path, body or None, {name.replace("_", "-"): said for name, said in headers.items()})
    answered = connection.getresponse()
    text = answered.read().decode()
    connection.close()
    return answered.status, answered.headers, text


def test_pages_come_through_the_service_with_one_word_on_transport(caddy: int) -> None:
    status, headers, text = ask(caddy, "GET", "/pagina/")
    assert status == 200
    assert "La pagina." in text
    assert headers.get_all("Strict-Transport-Security") == ["max-age=31536000"]
    assert headers["Content-Security-Policy"]
    assert headers["Server"] is None


def post(port: int, **headers: str) -> int:
    given = {"Content_Type": "application/x-www-form-urlencoded", "Origin": f"https://{HOST}"} | headers
    return ask(port, "POST", "/forms/gruppo", "segno=canarino&_lang=it", **given)[0]


def test_answers_come_from_the_portals_own_pages_and_nobody_says_where_they_are(caddy: int) -> None:
    assert post(caddy, Origin="https://altrove.example") == 403
    assert [post(caddy, X_Forwarded_For=f"203.0.113.{number}") for number in range(5)] == [422, 422, 422, 429, 429]


def test_while_the_service_is_away_pages_stay_and_forms_say_so(caddy: int, service: Service) -> None:
    service.stop()
    status, headers, text = ask(caddy, "GET", "/pagina/?nome=canarino")
    assert (status, "La pagina." in text, headers["X-Frame-Options"]) == (200, True, "DENY")
    status, headers, text = ask(caddy, "POST", "/forms/gruppo", "segno=canarino")
    assert (status, headers["Retry-After"], headers["Cache-Control"]) == (503, "10", "no-store")
    assert "kept only once" in text
    assert ask(caddy, "GET", "/shell.html")[0] == 404
