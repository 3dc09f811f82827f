"""`bacheca.portal.build.finish`: the languages become one site, put in place at once or not at all."""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from random import Random
from types import MappingProxyType

import pytest
from PIL import Image

from bacheca.forms.published import Site, site_of
from bacheca.portal.build.finish import finish, told_to_service
from bacheca.portal.build.read import read_content
from bacheca.portal.cache.raw_site import RawSite, raw_site
from bacheca.portal.cache.store import Cache
from bacheca.portal.errors import PortalError, RenderFailed, SettingsProblems
from bacheca.portal.settings import Portal
from tests.bacheca.portal.conftest import SETTINGS, Sketch

NOT_FOUND = "<html><head><title>x</title></head><body><!-- shell:content -->x<!-- /shell:content --></body></html>"

PAGE = '<link rel="canonical" href="{}">'


def rendered(portal: Portal, more: Mapping[str, str] = MappingProxyType({})) -> dict[str, RawSite]:
    """Write what an engine would have: the pages of each language.

    Args:
        portal: the portal.
        more: what else stands in the folders, by the path from that of all.
    """
    folders = {language.code: portal.build / language.code / "site" for language in portal.languages}
    content = read_content(portal)[0]
    for code, folder in folders.items():
        home = next(language.url for language in portal.languages if language.code == code)
        files = {page.destination: PAGE.format(home + page.url) for page in content.all_pages(code)}
        for path, text in {**files, "404.html": NOT_FOUND, "sitemap.xml": "", "sitemap.xml.gz": ""}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
    for path, text in more.items():
        (portal.build / path).write_text(text)
    return {code: raw_site(folder) for code, folder in folders.items()}


def finished(
    sketch: Sketch, site: Path, more: Mapping[str, str] = MappingProxyType({}), only: str = "", *, publish: bool = True
) -> int:
    portal = sketch.portal(only)
    cache = Cache(portal.build / "cache")
    content = read_content(portal)[0]
    return finish(portal, content, rendered(portal, more), site, cache, code="", publish=publish)


def test_languages_are_merged_and_old_files_are_gone(sketch: Sketch) -> None:
    site = sketch.root / "site"
    finished(sketch, site)
    (site / "vecchia").mkdir()
    count = finished(sketch, site)
    written = {file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file()}
    files = {name for name in written if not name.endswith((".br", ".gz"))}
    pictures = {name for name in files if name.endswith(".png")}
    assert {name.rpartition("/")[0] for name in pictures} == {
        f"{root}assets/{kind}" for root in ("", "en/") for kind in ("cards", "images")
    }
    assert files - pictures == {
        ".forms/prova.en.yaml",  # what the pages were made from, for the service
        ".forms/prova.yaml",
        "404.html",
        *(
            f"{page.url}index.html"
            for pages in (sketch.content().pages["it"], sketch.content().written["it"])
            for page in pages
        ),
        "articoli/atom.xml",
        "articoli/feed.json",
        "articoli/feed.xml",
        "bacheca.json",
        "en/404.html",
        "en/form/index.html",
        "en/form/prova.poster.html",
        "en/index.html",
        "en/privacy/index.html",
        "en/shell.html",
        "en/site.webmanifest",
        "favicon.ico",
        "modulo/prova.poster.html",
        "robots.txt",
        "shell.html",
        "site.webmanifest",
        "sitemap.xml",
    }
    assert count == len(files)
    assert not (site / "vecchia").exists()
    assert [path.name for path in sketch.root.glob(".site*")] == []


def test_the_service_learns_what_it_needs(sketch: Sketch) -> None:
    finished(sketch, sketch.root / "site")
    assert json.loads((sketch.root / "site/bacheca.json").read_text()) == {
        "community": {"name": "Prova", "email": "prova@example.org", "language": "it", "zone": "Europe/Rome"},
        "languages": {
            "it": {"shell": "shell.html", "home": "/", "privacy": "/privacy/"},
            "en": {"shell": "en/shell.html", "home": "/en/", "privacy": "/en/privacy/"},
        },
        "forms": {"prova": {"it": "/modulo/", "en": "/en/form/"}},
        "events": {},
        "onward": {},
    }


def test_the_service_learns_the_colours_of_a_portal_that_has_its_own(sketch: Sketch) -> None:
    sketch.settings("mkdocs.yml", {**SETTINGS, "extra": {**SETTINGS["extra"], "colours": {"accent": "#0b5cad"}}})
    told = told_to_service(sketch.portal(), sketch.content()).colours
    assert site_of(Site("Prova", "prova@example.org", colours=told).as_text()).colours == told
    assert {theme: told[theme]["accent"] for theme in told} == {
        "light": "#0b5cad",
        "dark": sketch.language().look.themes["dark"]["accent"],
    }


def test_the_sitemap_names_every_page_with_its_translations(sketch: Sketch) -> None:
    finished(sketch, sketch.root / "site")
    lines = (sketch.root / "site/sitemap.xml").read_text().split("\n")
    located = [line for line in lines if "<loc>" in line]
    assert (
        '<url><loc>https://prova.example.org/en/</loc><xhtml:link rel="alternate" hreflang="it" '
        'href="https://prova.example.org/"/><xhtml:link rel="alternate" hreflang="en" '
        'href="https://prova.example.org/en/"/></url>'
    ) in located
    assert "<url><loc>https://prova.example.org/articoli/un-articolo/</loc></url>" in located
    assert len(located) == len(list((sketch.root / "site").rglob("index.html")))
    robots = (sketch.root / "site/robots.txt").read_text()
    assert "Disallow: /forms/\n" in robots
    assert "Sitemap: https://prova.example.org/sitemap.xml\n" in robots


@pytest.mark.parametrize("name", ["mia", "mia.txt"])
def test_a_folder_of_somebody_else_is_never_replaced(sketch: Sketch, name: str) -> None:
    own = sketch.root / "mia"
    own.mkdir()
    (own / "tesi.txt").write_text("unica copia")
    (sketch.root / "mia.txt").write_text("unica copia")
    with pytest.raises(SettingsProblems, match="SITE_DIR"):
        finished(sketch, sketch.root / name)
    assert (own / "tesi.txt").read_text() == (sketch.root / "mia.txt").read_text() == "unica copia"


def test_an_empty_folder_is_taken(sketch: Sketch) -> None:
    (sketch.root / "vuota").mkdir()
    finished(sketch, sketch.root / "vuota")
    assert (sketch.root / "vuota/index.html").is_file()


def test_when_it_fails_the_site_of_before_stands(sketch: Sketch) -> None:
    site = sketch.root / "site"
    finished(sketch, site)
    before = {file: file.read_bytes() for file in site.rglob("*") if file.is_file()}
    with pytest.raises(RenderFailed, match="SHELL_MARKS"):
        finished(sketch, site, {"en/site/404.html": "<html></html>"})
    assert {file: file.read_bytes() for file in site.rglob("*") if file.is_file()} == before
    assert [path.name for path in sketch.root.glob(".site*")] == []


def test_a_site_with_a_hole_is_not_put_in_place(sketch: Sketch) -> None:
    site = sketch.root / "site"
    finished(sketch, site)
    page = '<a href="../assets/x.pdf">x</a><a href="../privacy/#chi">y</a>'
    with pytest.raises(RenderFailed) as raised:
        finished(sketch, site, {"en/site/form/index.html": page})
    assert [(problem.path, problem.code) for problem in raised.value.problems] == [
        ("en/form/index.html", "REFERENCE_DEAD"),
        ("en/form/index.html", "REFERENCE_NAME"),
    ]
    assert "../assets/x.pdf leads to /en/assets/x.pdf, which the site does not have" in str(raised.value)
    assert (site / "en/form/index.html").read_text() == PAGE.format("https://prova.example.org/en/form/")
    assert [path.name for path in sketch.root.glob(".site*")] == []


def test_one_language_alone_has_its_own_addresses_in_the_sitemap(sketch: Sketch) -> None:
    finished(sketch, sketch.root / "site", only="en")
    sitemap = (sketch.root / "site/sitemap.xml").read_text()
    assert "<loc>https://prova.example.org/en/form/</loc>" in sitemap
    assert "/en/en/" not in sitemap


@pytest.mark.parametrize(
    ("code", "said"), [(errno.ENOSPC, "DISK_FULL"), (errno.EDQUOT, "DISK_FULL"), (errno.EROFS, "SITE_DIR")]
)
def test_a_disk_that_refuses_is_a_sentence(
    sketch: Sketch, monkeypatch: pytest.MonkeyPatch, code: int, said: str
) -> None:
    site = sketch.root / "site"
    finished(sketch, site)

    def refuse(one: Path, other: Path) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("bacheca.portal.build.finish.exchange", refuse)
    with pytest.raises(PortalError, match=said):
        finished(sketch, site)
    assert (site / "index.html").read_text() == PAGE.format("https://prova.example.org/")


def test_pages_show_renditions_and_a_photo_that_nothing_leads_to_is_not_published(
    sketch: Sketch, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = sketch.portal().build / "it/site/foto.jpg"
    photo.parent.mkdir(parents=True)
    spots = Image.frombytes("L", (48, 48), Random(1).randbytes(48 * 48))
    spots.resize((800, 300), Image.Resampling.BICUBIC).save(photo)
    site = sketch.root / "site"
    shown = {"it/site/index.html": '<main><img src="foto.jpg"></main>', "en/site/index.html": "<main></main>"}

    def pictures() -> set[str]:
        found = {file.relative_to(site).as_posix() for file in site.rglob("*") if "foto" in file.name}
        return {re.sub(r"\.[0-9a-f]{8}\.", ".#.", name) for name in found}

    finished(sketch, site, shown)
    made = {f"assets/pictures/foto.{width}.#.{kind}" for width in (480, 800) for kind in ("avif", "webp")}
    made |= {"assets/pictures/foto.800.#.jpg"}
    assert pictures() == made
    page = (site / "index.html").read_text(encoding="utf-8")
    assert 'width="800" height="300"' in page
    assert "<picture><source" in page
    monkeypatch.setattr("bacheca.portal.images.site_pictures.renditions_of", None)  # nothing is encoded any more
    before = {file: file.stat().st_mtime_ns for file in site.rglob("*") if file.is_file()}
    finished(sketch, site, shown)
    assert {file: file.stat().st_mtime_ns for file in site.rglob("*") if file.is_file()} == before
    for more in (
        {"en/site/index.html": '<main><a href="/foto.jpg">La foto</a></main>'},
        {"en/site/index.html": "<main><p style=\"background: url('/foto.jpg')\"></p></main>"},
        {"it/site/stile.css": "p { background: url('foto.jpg') }"},
    ):
        finished(sketch, site, shown | more)
        assert pictures() == {*made, "foto.jpg"}
        (sketch.portal().build / "it/site/stile.css").unlink(missing_ok=True)
    finished(sketch, site, {"it/site/index.html": "<main></main>", "en/site/index.html": '<img src="/foto.jpg">'})
    assert pictures() == made
    assert "/assets/pictures/foto.480." in (site / "en/index.html").read_text(encoding="utf-8")
    finished(sketch, sketch.root / "anteprima", shown, publish=False)
    assert '<img src="foto.jpg">' in (sketch.root / "anteprima/index.html").read_text(encoding="utf-8")
    assert (sketch.root / "anteprima/foto.jpg").is_file()
