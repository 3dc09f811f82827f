"""The built portal is served as it stands, at once after a swap, and nothing else is."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, EnvironBuilder, TestResponse, run_wsgi_app

from bacheca.forms.published import kept_sites
from forms_server.http import static_site
from forms_server.http.security_headers import inline_of
from forms_server.http.static_site import PortalFiles

HOME = "<h1>Comunità</h1><script>home()</script>"


def service(environ: Any, start_response: Any) -> Iterable[bytes]:
    start_response("404 NOT FOUND", [("Content-Type", "text/plain")])
    return [b"service " + environ["PATH_INFO"].encode("latin-1")]


class Reader(Client):
    """A client that takes the whole answer and hangs up, as a server sees it."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return super().open(*args, **{"buffered": True, **kwargs})


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    files = {
        "index.html": HOME,
        "404.html": "<h1>Non c'è</h1>",
        "en/404.html": "<h1>Not here</h1>",
        "en/index.html": "<h1>Community</h1>",
        "profilo/index.html": "<h1>Profilo</h1>",
        "shell.html": "<!--bacheca:content-->",
        "en/shell.html": "<!--bacheca:content-->",
        "bacheca.json": "{}",
        ".secret": "x",
        ".well-known/security.txt": "Contact: x",
        "assets/main.57a0d79d.min.css": "a{}",
        "assets/form.js": "f()",
        "assets/a.woff2": "font",
        "assets/è.svg": "<svg/>",
        "assets/strano.xyz123": "?",
        "feed.xml": "<rss/>",
        "site.webmanifest": "{}",
        "assets/cards/card.57a0d79d57a0d79d.png": "picture",
        "assets/pictures/a.480.57a0d79d.avif": "lighter",
        "assets/pictures/a.480.57a0d79d.webp": "light",
    }
    for name, content in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(content)
    (tmp_path / "secret.txt").write_text("out of the site")
    return site


@pytest.fixture
def client(site: Path) -> Client:
    return Reader(PortalFiles(service, site, ["https://forms.example"]))


def raw(application: Any, path: str, method: str = "GET") -> tuple[str, dict[str, str], bytes]:
    """Ask for a path exactly as it stands, past a client that would mend it."""
    environ = EnvironBuilder(method=method).get_environ()
    environ["PATH_INFO"] = path
    body, status, headers = run_wsgi_app(application, environ, buffered=True)
    return status, dict(headers), b"".join(body)


@pytest.mark.parametrize(
    ("path", "kind", "content"),
    [
        ("/", "text/html; charset=utf-8", HOME),
        ("/en/", "text/html; charset=utf-8", "<h1>Community</h1>"),
        ("/profilo/", "text/html; charset=utf-8", "<h1>Profilo</h1>"),
        ("/profilo/index.html", "text/html; charset=utf-8", "<h1>Profilo</h1>"),
        ("/assets/form.js", "text/javascript; charset=utf-8", "f()"),
        ("/assets/main.57a0d79d.min.css", "text/css; charset=utf-8", "a{}"),
        ("/assets/a.woff2", "font/woff2", "font"),
        ("/site.webmanifest", "application/manifest+json", "{}"),
        ("/assets/cards/card.57a0d79d57a0d79d.png", "image/png", "picture"),
        ("/assets/pictures/a.480.57a0d79d.avif", "image/avif", "lighter"),
        ("/assets/pictures/a.480.57a0d79d.webp", "image/webp", "light"),
        ("/assets/%C3%A8.svg", "image/svg+xml; charset=utf-8", "<svg/>"),
        ("/assets/strano.xyz123", "application/octet-stream", "?"),
        ("/.well-known/security.txt", "text/plain; charset=utf-8", "Contact: x"),
    ],
)
def test_a_file_is_served_with_its_type(client: Client, path: str, kind: str, content: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.content_type, response.text) == (200, kind, content)
    assert response.content_length == len(content.encode())


@pytest.mark.parametrize("path", ["/", "/none", "/assets/form.js", "/profilo", "/none.css"])
def test_every_answer_is_sent_with_the_security_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin"


def test_a_page_runs_its_own_scripts_and_posts_where_it_may(client: Client, site: Path) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    (script,) = inline_of(HOME).scripts
    assert f"script-src 'self' {script};" in policy
    assert "form-action 'self' https://forms.example;" in policy
    (site / "index.html").write_text("<script>other()</script>")
    (other,) = inline_of("<script>other()</script>").scripts
    assert f"script-src 'self' {other};" in client.get("/").headers["Content-Security-Policy"]


def test_a_folder_is_given_its_slash(client: Client) -> None:
    response = client.get("/profilo")
    assert (response.status_code, response.headers["Location"]) == (301, "/profilo/")
    assert client.get("/assets").status_code == 404


@pytest.mark.parametrize("path", ["//profilo", "///profilo", "//profilo/"])
def test_a_slash_too_many_never_leads_to_another_host(site: Path, path: str) -> None:
    _, headers, _ = raw(PortalFiles(service, site), path)
    assert not headers.get("Location", "/profilo/").startswith("//")


@pytest.mark.parametrize(
    ("path", "words"),
    [("/none", "Non c'è"), ("/en/none/deep", "Not here"), ("/enx/none", "Non c'è"), ("/en", "Community")],
)
def test_what_is_not_there_is_said_in_the_language_of_its_address(client: Client, path: str, words: str) -> None:
    response = client.get(path, follow_redirects=True)
    assert words in response.text
    assert response.status_code == (200 if path == "/en" else 404)
    assert response.headers["Cache-Control"] == "no-cache"


def test_without_a_page_for_it_the_service_says_so(client: Client, site: Path) -> None:
    (site / "404.html").unlink()
    assert client.get("/none").text == "service /none"


@pytest.mark.parametrize(
    "path", ["/forms", "/forms/a", "/forms/a/receipt/b", "/healthz", "/readyz", "/metrics", "/desk/", "/desk"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_addresses_of_the_service_are_the_services(client: Client, path: str, method: str) -> None:
    assert client.open(path, method=method).text == f"service {path}"


def test_a_page_of_a_like_name_is_the_portals(client: Client, site: Path) -> None:
    (site / "formsandmore.html").write_text("a page")
    assert client.get("/formsandmore.html").text == "a page"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/..",
        "//../secret.txt",
        "/assets/..\\..\\secret.txt",
        "/./../secret.txt",
        "/%2e%2e/secret.txt",
        "/\0",
        "/profilo\0/",
        "/" + "a" * 5000,
        "/secret.txt",
        "/shell.html",
        "/en/shell.html",
        "//shell.html",
        "/bacheca.json",
        "/.secret",
        "/en/.hidden/x",
        "/assets/",
        "/index.html/",
        "/perch\xe9",
    ],
)
def test_nothing_but_the_portal_can_be_had(site: Path, path: str) -> None:
    status, _, body = raw(PortalFiles(service, site), path)
    assert status == "404 NOT FOUND"
    assert body in ("<h1>Non c'è</h1>".encode(), b"<h1>Not here</h1>")


@pytest.mark.parametrize("path", ["/", "/none", "/assets/form.js"])
def test_asking_for_the_head_gives_no_body(client: Client, path: str) -> None:
    whole, head = client.get(path), client.head(path)
    assert head.data == b""
    assert {k: v for k, v in head.headers if k != "Date"} == {k: v for k, v in whole.headers if k != "Date"}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "TRACE", "OPTIONS"])
def test_nothing_can_be_posted_to_the_portal(client: Client, method: str) -> None:
    response = client.open("/profilo/", method=method)
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")


def test_a_name_with_a_fingerprint_is_kept_and_all_else_is_asked_for_again(client: Client) -> None:
    assert client.get("/assets/main.57a0d79d.min.css").headers["Cache-Control"] == (
        "public, max-age=31536000, immutable"
    )
    for path in ("/", "/assets/form.js", "/feed.xml", "/assets/a.woff2"):
        assert client.get(path).headers["Cache-Control"] == "no-cache"


def again(client: Client, response: TestResponse) -> TestResponse:
    return client.get(response.request.path, headers={"If-None-Match": response.headers["ETag"]})


def test_what_has_not_changed_is_not_sent_again(client: Client, site: Path) -> None:
    first = client.get("/")
    second = again(client, first)
    assert (second.status_code, second.data) == (304, b"")
    assert "script-src" in second.headers["Content-Security-Policy"]
    (site / "index.html").write_text(HOME[::-1])  # the same length
    third = again(client, first)
    assert (third.status_code, third.text) == (200, HOME[::-1])


def test_part_of_a_file_can_be_had(client: Client) -> None:
    part = client.get("/assets/form.js", headers={"Range": "bytes=1-2"})
    assert (part.status_code, part.data, part.headers["Content-Range"]) == (206, b"()", "bytes 1-2/3")
    none = client.get("/assets/form.js", headers={"Range": "bytes=9-"})
    assert (none.status_code, none.headers["Content-Range"]) == (416, "bytes */3")


def test_a_portal_that_is_swapped_is_seen_at_once(client: Client, site: Path, tmp_path: Path) -> None:
    assert client.get("/nuova/").status_code == 404
    new = tmp_path / "new"
    (new / "nuova").mkdir(parents=True)
    (new / "nuova" / "index.html").write_text("nuova")
    (new / "index.html").write_text("longer than the page before, by far and without end" * 99)
    site.rename(tmp_path / "old")
    new.rename(site)
    assert client.get("/nuova/").text == "nuova"
    assert client.get("/").content_length == len(client.get("/").data) == 51 * 99
    assert client.get("/profilo/").text == "service /profilo/"


def test_no_file_is_left_open(client: Client) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for headers in ({}, {"Range": "bytes=0-1"}, {"Range": "bytes=99-"}, {"If-Modified-Since": "x"}):
        for method in ("GET", "HEAD"):
            for path in ("/", "/none", "/assets/form.js"):
                client.open(path, method=method, headers=headers).close()
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.fixture
def compressed(site: Path) -> Path:
    """The site with compressed copies, which here say what they are."""
    for name in ("index.html", "404.html", "shell.html", "assets/form.js"):
        for ending in (".br", ".gz"):
            (site / f"{name}{ending}").write_text(f"{name}{ending}")
    (site / "profilo/index.html.gz").write_text("profilo.gz")
    return site


@pytest.mark.parametrize(
    ("path", "accepted", "encoding", "content"),
    [
        ("/", "gzip, deflate, br, zstd", "br", "index.html.br"),
        ("/", "gzip", "gzip", "index.html.gz"),
        ("/", "br;q=0, gzip;q=0.5", "gzip", "index.html.gz"),
        ("/", "", None, HOME),
        ("/", "identity", None, HOME),
        ("/profilo/", "br, gzip", "gzip", "profilo.gz"),
        ("/en/", "br, gzip", None, "<h1>Community</h1>"),
        ("/nowhere/", "br", "br", "404.html.br"),
    ],
)
def test_a_browser_gets_the_smallest_copy_that_it_can_read(
    compressed: Path, client: Client, *, path: str, accepted: str, encoding: str | None, content: str
) -> None:
    answer = client.get(path, headers={"Accept-Encoding": accepted})
    assert (answer.content_encoding, answer.get_data(as_text=True)) == (encoding, content)
    assert answer.content_length == len(content.encode())
    assert "Accept-Encoding" in answer.vary
    assert answer.mimetype == "text/html"


def test_a_compressed_page_has_the_policy_of_its_own_scripts(compressed: Path, client: Client) -> None:
    plain, packed = client.get("/"), client.get("/", headers={"Accept-Encoding": "br"})
    assert plain.headers["Content-Security-Policy"] == packed.headers["Content-Security-Policy"]
    assert plain.headers["ETag"] != packed.headers["ETag"]
    again = client.get("/", headers={"Accept-Encoding": "br", "If-None-Match": packed.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/", headers={"If-None-Match": packed.headers["ETag"]}).status_code == 200


def test_a_part_is_a_part_of_the_file_itself(compressed: Path, client: Client) -> None:
    answer = client.get("/assets/form.js", headers={"Accept-Encoding": "br", "Range": "bytes=0-1"})
    assert (answer.status_code, answer.data) == (206, b"f(")
    assert not answer.content_encoding


def test_the_copies_of_what_is_hidden_are_hidden(compressed: Path, client: Client) -> None:
    for name in ("/shell.html.br", "/shell.html.gz"):
        assert client.get(name).status_code == 404


def test_a_copy_of_another_build_is_not_mixed_in(
    compressed: Path, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    opened = static_site._opened

    def swapped(folder: Path, name: str) -> Any:
        found = opened(folder, name)
        if name == "index.html.br":  # a new build takes the place of the old one, just now
            (compressed / "index.html").rename(compressed / "old.html")
            (compressed / "index.html").write_text("new")
        return found

    monkeypatch.setattr(static_site, "_opened", swapped)
    assert client.get("/", headers={"Accept-Encoding": "br"}).get_data(as_text=True) == HOME


def test_a_page_that_came_before_another_site_was_published_finds_what_it_needs_to_look_right(
    site: Path, client: Client
) -> None:
    kept = kept_sites(site)
    for number, text in ((9, "a"), (10, "b")):
        for name in ("old.57a0d79d.min.css", "card.57a0d79d57a0d79d.png", "plain.css", "sub/old.57a0d79d.js.br"):
            (kept / str(number) / "assets" / name).parent.mkdir(parents=True, exist_ok=True)
            (kept / str(number) / "assets" / name).write_text(text)
    found = client.get("/assets/old.57a0d79d.min.css")
    assert (found.status_code, found.text) == (200, "b")
    assert found.cache_control.immutable
    # A picture may have been taken out on purpose, and a name without a fingerprint says nothing of what it holds.
    for name in ("card.57a0d79d57a0d79d.png", "plain.css", "none.57a0d79d.css", "sub/old.57a0d79d.js.br"):
        assert client.get(f"/assets/{name}").status_code == 404
    assert client.get("/site.kept/10/assets/old.57a0d79d.min.css").status_code == 404
