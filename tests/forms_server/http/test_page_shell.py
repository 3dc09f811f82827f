"""What the service says stands in the portal's own page, and nothing said there can change that page."""

import json
import logging
import os
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import Markup

from forms_server.http.page_shell import Shell
from forms_server.http.security_headers import inline_of

METADATA = {
    "community": {"name": "La Bacheca", "email": "info@bacheca.example.org"},
    "languages": {
        "it": {"shell": "shell.html", "home": "/", "privacy": "/privacy/"},
        "en": {"shell": "en/shell.html", "home": "/en/", "privacy": "/en/privacy/"},
    },
    "forms": {"gruppo": {"it": "/partecipa/gruppo/", "en": "/en/take-part/group/"}},
}
SHELL = (
    '<html lang="{language}"><title>bacheca:title</title><script>{language}()</script>'
    '<a href="bacheca:alternate" hreflang="{other}" lang="{other}">x</a>'
    '<main><!--bacheca:content--></main><a class="menu" href="bacheca:alternate" hreflang="{other}">y</a>'
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    (site / "en").mkdir(parents=True)
    (site / "bacheca.json").write_text(json.dumps(METADATA))
    (site / "shell.html").write_text(SHELL.format(language="it", other="en"))
    (site / "en" / "shell.html").write_text(SHELL.format(language="en", other="it"))
    return site


def page(shell: Shell, language: str = "it", title: str = "T", content: str = "", **alternates: str) -> str:
    return shell.page(language, title=title, content=Markup(content), alternates=alternates)


def test_a_page_is_the_shell_of_its_language_with_its_marks_filled(site: Path) -> None:
    assert page(Shell(site), "it", "Ricevuta", "<p>Grazie</p>", en="/forms/gruppo?lang=en&x") == (
        '<html lang="it"><title>Ricevuta</title><script>it()</script>'
        '<a href="/forms/gruppo?lang=en&amp;x" hreflang="en" lang="en">x</a>'
        '<main><p>Grazie</p></main><a class="menu" href="/forms/gruppo?lang=en&amp;x" hreflang="en">y</a>'
    )
    assert page(Shell(site), "en").startswith('<html lang="en"><title>T</title><script>en()')


def test_a_page_without_a_translation_switches_to_the_home(site: Path) -> None:
    assert '<a href="/en/" hreflang="en"' in page(Shell(site), "it")
    assert '<a href="/" hreflang="it"' in page(Shell(site), "en")


def test_marks_in_what_is_said_are_only_text(site: Path) -> None:
    said = "bacheca:title <!--bacheca:content--> bacheca:alternate"
    made = page(Shell(site), title=said, content=f'<a href="bacheca:alternate" hreflang="en">{said}</a>', en="/x")
    assert f'<main><a href="bacheca:alternate" hreflang="en">{said}</a></main>' in made
    assert "<title>bacheca:title" in made


def test_what_is_not_marked_as_html_is_escaped(site: Path) -> None:
    for shell in (Shell(site), Shell(None)):
        made = shell.page(
            "it",
            title="</title><script>1",
            content="<script>2",  # type: ignore[arg-type]  # what a view could do by mistake
            alternates={"en": '"><script>3'},
        )
        assert "<script>1" not in made
        assert "<script>2" not in made
        assert "<script>3" not in made


def test_what_the_build_says_of_the_portal_is_known(site: Path) -> None:
    portal = Shell(site).portal
    assert (portal.name, portal.email) == ("La Bacheca", "info@bacheca.example.org")
    assert [portal.home(language) for language in ("it", "en", "fr")] == ["/", "/en/", "/"]
    assert portal.form_page("gruppo", "en") == "/en/take-part/group/"
    assert (portal.form_page("gruppo", "fr"), portal.form_page("altro", "it")) == ("", "")


def test_a_rebuilt_portal_is_seen_at_once(site: Path, tmp_path: Path) -> None:
    shell = Shell(site)
    assert "<main>" in page(shell)
    new = tmp_path / "new"
    (new / "en").mkdir(parents=True)
    said = json.loads(json.dumps(METADATA))
    said["community"]["name"] = "Altra"
    (new / "bacheca.json").write_text(json.dumps(said))
    (new / "shell.html").write_text("<article><!--bacheca:content--></article>")
    (new / "en" / "shell.html").write_text("<script>neu()</script><!--bacheca:content-->")
    site.rename(tmp_path / "old")
    new.rename(site)
    assert page(shell, content="x") == "<article>x</article>"
    assert shell.portal.name == "Altra"
    assert shell.inline.scripts == inline_of("<script>neu()</script>").scripts


def test_while_the_portal_is_swapped_the_one_before_is_used(site: Path, tmp_path: Path) -> None:
    shell = Shell(site)
    before = page(shell)
    page(shell, "en")
    site.rename(tmp_path / "old")
    assert page(shell) == before
    assert page(shell, "en").startswith('<html lang="en"><title>')


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bacheca.json", b"{"),
        ("bacheca.json", b"[]"),
        ("bacheca.json", b'{"community": {}}'),
        ("bacheca.json", json.dumps({**METADATA, "languages": ["it"]}).encode()),
        ("shell.html", b"<html>no place for content"),
        ("shell.html", b"<!--bacheca:content--><!--bacheca:content-->"),
        ("shell.html", b"\xff\xfe"),
    ],
)
def test_a_broken_file_is_told_once_and_the_one_before_is_used(
    site: Path, caplog: pytest.LogCaptureFixture, name: str, content: bytes
) -> None:
    shell = Shell(site)
    before = page(shell)
    (site / name).write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert [page(shell), page(shell)] == [before, before]
    assert [record.getMessage().rsplit(" ", 1)[1] for record in caplog.records] == [name]
    assert page(Shell(site)).startswith("<!doctype html>")  # without one before: the plain one


def test_the_same_time_and_size_do_not_hide_another_file(site: Path) -> None:
    shell = Shell(site)
    page(shell)
    path = site / "shell.html"
    status = path.stat()
    other = site / "other.html"
    other.write_text(path.read_text().replace("it()", "is()"))
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)
    assert "is()" in page(shell)


class Elements(HTMLParser):
    """Gathers the start tags of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("folder", [None, "not-built"])
def test_without_a_portal_there_is_a_plain_page(tmp_path: Path, folder: str | None) -> None:
    shell = Shell(tmp_path / folder if folder else None)
    made = page(shell, "it", "Errore & altro", '<h1 id="x">Ciao</h1>', en="/forms/a?lang=en", it="/forms/a")
    elements = Elements(made).found
    assert ("html", {"lang": "it", "dir": "ltr"}) in elements
    assert ("a", {"href": "/forms/a?lang=en", "hreflang": "en", "lang": "en", "dir": "ltr"}) in elements
    assert "English</a>" in made
    assert not any(attributes.get("hreflang") == "it" for _, attributes in elements)
    assert "<title>Errore &amp; altro</title>" in made
    assert '<main>\n<h1 id="x">Ciao</h1>\n</main>' in made
    assert not any("style" in attributes or tag == "script" for tag, attributes in elements)
    assert shell.portal.email == ""


def test_the_policy_of_the_plain_page_knows_its_style(tmp_path: Path) -> None:
    shell = Shell(None)
    assert shell.inline.styles == inline_of(page(shell, "it", "T", "x", en="/")).styles != frozenset()
    assert shell.inline.scripts == frozenset()


def test_a_language_the_portal_is_not_built_in_has_the_plain_page(site: Path) -> None:
    made = page(Shell(site), "fr", it="/forms/a")
    assert '<html lang="fr" dir="ltr">' in made
    assert "La Bacheca" in made
    assert "italiano</a>" in made


def test_the_policy_knows_the_scripts_of_every_shell(site: Path) -> None:
    wanted = inline_of("<script>it()</script><script>en()</script>").scripts
    assert Shell(site).inline.scripts == wanted


def test_a_plain_page_is_written_the_way_its_language_is() -> None:
    assert page(Shell(None), "ar", en="/x").startswith('<!doctype html>\n<html lang="ar" dir="rtl">')
    assert 'hreflang="en" lang="en" dir="ltr"' in page(Shell(None), "ar", en="/x")
