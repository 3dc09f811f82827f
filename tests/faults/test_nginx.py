"""The nginx configuration that we ship, before the real service: private in its logs, agreeing with the code."""

from __future__ import annotations

import gzip
import http.client
import re
import secrets
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bacheca.forms.limits import BODY
from forms_server.http.security_headers import STRICT_TRANSPORT
from forms_server.http.static_site import ASK_FIRST, FOR_EVER
from forms_server.publishing.traffic import read_logs
from forms_server.serving.asgi_bridge import REFUSED_UNREAD
from tests.faults.house import PATIENCE, House, Launcher, Service, free_port
from tests.faults.nginx import HOST, SHIPPED, Nginx

PAGE = "<!doctype html><title>Bacheca</title><script>var a=1</script><p>La pagina."
ASSETS = ("assets/main.0123abcd.min.css", "assets/page.js", "en/assets/bundle.deadbeef.js", "search/search_index.json")
TOKEN = re.compile(r"/forms/\w+/receipt/([\w-]{43})")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small portal."""
    folder = tmp_path_factory.mktemp("site")
    for name in ("index.html", "pagina/index.html", "404.html", "shell.html"):
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(PAGE, encoding="utf-8")
    for name in ASSETS:
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text("a{}" * 1000, encoding="utf-8")
        Path(f"{folder / name}.gz").write_bytes(gzip.compress(b"precompressed"))
    return folder


@pytest.fixture(scope="module")
def house(launcher: Launcher, site: Path, tmp_path_factory: pytest.TempPathFactory) -> House:
    settings = {"FORMS_PROXIES": "1", "FORMS_SITE": str(site), "FORMS_RATE_LIMIT": "8/day"}
    return House(tmp_path_factory.mktemp("house"), launcher, settings=settings)


@pytest.fixture(scope="module")
def service(house: House) -> Iterator[Service]:
    started = house.serve(free_port())
    yield started
    started.stop()


@pytest.fixture(scope="module")
def nginx(service: Service, site: Path) -> Iterator[Nginx]:
    started = Nginx([service.port], site)
    yield started
    started.close()


def by_tls(nginx: Nginx) -> ssl.SSLSocket:
    """Come as a browser does, which knows the host by its certificate."""
    trusted = ssl.create_default_context(cafile=nginx.certificate)
    line = socket.create_connection(("127.0.0.1", nginx.tls_port), timeout=30)
    return trusted.wrap_socket(line, server_hostname=HOST)


class Answer:
    """What nginx answered to somebody who came by TLS."""

    def __init__(self, nginx: Nginx, method: str, path: str, body: str = "", **headers: str):
        connection = http.client.HTTPConnection(HOST)
        connection.sock = by_tls(nginx)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, sent)
        answered = connection.getresponse()
        self.status, self.headers, self.body = answered.status, answered.headers, answered.read()
        connection.close()


def post(nginx: Nginx, form: str = "gruppo", said: str = "", **headers: str) -> Answer:
    mark = secrets.token_hex(8)
    answers = {"segno": said or mark, "email": f"{mark}@example.org", "consenso": "true", "_lang": "it"}
    given = {"Content_Type": "application/x-www-form-urlencoded", "Origin": f"https://{HOST}"}
    body = urlencode({**answers, "_key": secrets.token_urlsafe(24)})
    return Answer(nginx, "POST", f"/forms/{form}", body, **given | headers)


def test_no_log_says_what_opens_a_receipt(nginx: Nginx, service: Service, house: House) -> None:
    sent = post(nginx)
    assert sent.status == 303, sent.body
    token = TOKEN.fullmatch(sent.headers["Location"])
    assert token
    secret = token[1]
    here = f"/forms/gruppo/receipt/{secret}"
    referer = {"Referer": f"https://{HOST}{here}?lang=it"}
    own = (here, f"{here}?lang=en", f"{here}/correct", f"{here}/withdraw", f"/forms/gruppo/confirm/{secret}")
    others = (  # what is not an address of ours is not written down either
        f"//forms/gruppo/receipt/{secret}",
        f"/%66orms/gruppo/receipt/{secret}",
        f"/forms/gruppo/receipt%2F{secret}",
        f"/forms/gruppo/receipt/%{ord(secret[0]):x}{secret[1:]}",
        f"/altrove/{secret}/x",
        f"/pagina/?da={secret}",
        "/pagina/?nome=canarino",
        "/forms/prova?testo=canarino",
        "/assets/page.js?nome=canarino",
    )
    for path in own:
        answer = Answer(nginx, "GET", path, **referer)
        assert answer.status in (200, 404)
        assert answer.headers["Referrer-Policy"] == "strict-origin"
    for path in others:
        Answer(nginx, "GET", path, **referer)
    for asked in (b"GET %b HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"GET %b HTTP/9.9\r\n\r\n", b"%b\r\n\r\n"):
        with by_tls(nginx) as line:  # what cannot be understood
            line.sendall(asked % here.encode())
            line.recv(4096)
    # Neither when the service is away or a file may not be read, which are faults that nginx tells of with the request.
    hidden = nginx.folder / "site" / "assets" / "page.js"
    hidden.chmod(0)
    service.program.kill()
    for path in (*own, *others):
        Answer(nginx, "GET", path, **referer)
    assert Answer(nginx, "GET", here, **referer).status == 503
    away = post(nginx, **referer)
    assert away.status == 503
    assert "si registrano una volta sola" in away.body.decode()
    pages = Answer(nginx, "GET", "/pagina/", **referer)
    assert (pages.status, pages.body.decode()) == (200, PAGE)  # the portal stays
    service.program = house.serve(service.port).program
    hidden.chmod(0o644)
    assert secret not in nginx.logs
    assert secret[1:] not in nginx.logs
    assert "canarino" not in nginx.logs
    assert "127.0.0.1" not in nginx.logs
    assert "upstream" not in nginx.logs
    assert 'GET /forms/gruppo/receipt/[token] HTTP/1.1" 200' in nginx.access_log
    assert "/forms/gruppo HTTP/1.1" in nginx.access_log
    sizes = re.findall(r'"\w+ (/forms|/pagina)/\S* HTTP/1.1" [25]\d\d (\d+) ', nginx.access_log)
    assert {size for page, size in sizes if page == "/forms"} == {"0"}
    assert "0" not in {size for page, size in sizes if page == "/pagina"}


def test_what_a_client_says_of_its_address_is_of_no_use(nginx: Nginx) -> None:
    statuses = [
        post(nginx, "prova", X_Forwarded_For=f"203.0.{number}.7", Forwarded=f"for=203.0.{number}.7").status
        for number in range(10)
    ]
    assert statuses == [303] * 8 + [429] * 2


def test_pages_come_with_their_policy_and_files_are_cached_by_their_names(nginx: Nginx) -> None:
    page = Answer(nginx, "GET", "/pagina/")
    assert "script-src 'self' 'sha256-" in page.headers["Content-Security-Policy"]
    assert page.headers["Strict-Transport-Security"]
    for name in ASSETS:
        plain = Answer(nginx, "GET", f"/{name}")
        small = Answer(nginx, "GET", f"/{name}", Accept_Encoding="gzip")
        fingerprinted = bool(re.search(r"\.[0-9a-f]{8}\.", name))
        assert plain.headers["Cache-Control"] == (FOR_EVER if fingerprinted else ASK_FIRST)
        assert plain.headers["X-Content-Type-Options"] == "nosniff"
        assert small.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(small.body) == b"precompressed"
    form = Answer(nginx, "GET", "/forms/prova", Accept_Encoding="gzip")
    assert form.status == 200
    assert "Content-Encoding" not in form.headers
    assert Answer(nginx, "GET", "/shell.html").status == 404


@pytest.mark.parametrize("away", [False, True], ids=["served", "away"])
def test_whoever_answers_a_browser_is_told_once_to_come_by_tls(
    nginx: Nginx, service: Service, house: House, away: bool
) -> None:
    if away:
        service.program.kill()
    asked = [("GET", path) for path in ("/", "/pagina", "/pagina/", "/niente", "/assets/page.js", "/assets/niente.js")]
    asked += [("GET", "/forms/prova"), ("GET", "/forms/niente"), ("GET", "/readyz"), ("GET", "/shell.html")]
    asked += [("POST", "/forms/prova"), ("POST", "/pagina/"), ("PUT", "/forms/gruppo/receipt/x")]
    for method, path in asked:
        answer = Answer(nginx, method, path)
        assert answer.headers.get_all(STRICT_TRANSPORT[0]) == [STRICT_TRANSPORT[1]], (method, path, answer.status)
    if away:
        service.program = house.serve(service.port).program


def test_the_limits_are_those_of_the_service(nginx: Nginx) -> None:
    assert f"client_max_body_size {REFUSED_UNREAD // 2**20}m;" in SHIPPED.read_text()
    long = post(nginx, said="a" * (BODY - 1000))
    assert long.status == 422
    assert b"a" * (BODY - 1000) in long.body
    longer = post(nginx, said="a" * (BODY + 1))
    assert longer.status == 413
    assert b"nginx" not in longer.body
    assert post(nginx, said="a" * REFUSED_UNREAD).status == 413


def test_a_program_of_http_1_0_that_names_no_host_is_answered(nginx: Nginx) -> None:
    with by_tls(nginx) as line:
        line.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        assert line.recv(4096).startswith(b"HTTP/1.1 200")


def test_what_a_client_says_of_its_own_way_here_is_not_passed_on(nginx: Nginx) -> None:
    page = Answer(nginx, "GET", "/forms/prova", X_Forwarded_Host="elsewhere.example", X_Forwarded_Proto="http")
    assert page.status == 200
    assert b"elsewhere.example" not in page.body
    refused = post(nginx, X_Forwarded_Host="elsewhere.example", Origin="https://elsewhere.example")
    assert refused.status == 403


def test_what_is_for_operators_is_shown_to_this_machine_alone(nginx: Nginx) -> None:
    assert Answer(nginx, "GET", "/readyz").status == 200
    text = SHIPPED.read_text()
    assert re.search(r"metrics\)\$ \{\n\s+allow 127.0.0.1;\n\s+allow ::1;\n\s+deny all;", text)


def test_plain_http_leads_to_https_and_is_written_down_as_little(nginx: Nginx) -> None:
    secret = secrets.token_urlsafe(32)
    connection = http.client.HTTPConnection("127.0.0.1", nginx.plain_port, timeout=30)
    connection.request("GET", f"/forms/gruppo/receipt/{secret}?da=ada", headers={"Host": HOST})
    moved = connection.getresponse()
    connection.close()
    assert moved.status == 308
    assert moved.headers["Location"] == f"https://{HOST}/forms/gruppo/receipt/{secret}?da=ada"
    assert STRICT_TRANSPORT[0] not in moved.headers  # which browsers believe by TLS alone
    assert secret not in nginx.logs
    assert "da=ada" not in nginx.logs


def test_what_certbot_shows_to_renew_a_certificate_is_seen_without_tls(nginx: Nginx) -> None:
    shown = nginx.folder / "webroot/.well-known/acme-challenge/word"
    shown.parent.mkdir(parents=True)
    shown.write_text("answer")
    for folder in (shown, *shown.parents[:3]):
        folder.chmod(0o755)
    connection = http.client.HTTPConnection("127.0.0.1", nginx.plain_port, timeout=30)
    connection.request("GET", "/.well-known/acme-challenge/word", headers={"Host": HOST})
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b"answer")
    connection.close()


def test_the_log_is_one_that_the_traffic_is_counted_from(nginx: Nginx, tmp_path: Path) -> None:
    log = nginx.folder / "bacheca.access.log"
    log.write_bytes(b"")
    for _ in range(2):
        Answer(nginx, "GET", "/pagina/", User_Agent="Mozilla/5.0", Referer="https://motore.example/cerca?q=a")
    deadline = time.monotonic() + PATIENCE
    while sum((read := read_logs([log])).pages.values()) < 2:
        assert time.monotonic() < deadline  # nginx writes a line once its answer is on its way
        time.sleep(0.02)
    assert read.unread == 0
    assert {site for _, site in read.referrers} == {"motore.example"}
