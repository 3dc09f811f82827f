"""`redirect_from`: the addresses that a page had before lead to it, and to nothing else."""

from __future__ import annotations

import re

import pytest

from bacheca.portal.build.pipeline import build
from bacheca.portal.generated.redirects import file_at
from tests.bacheca.portal.conftest import Sketch, quiet, with_our_theme


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/guida/vecchia/", "guida/vecchia/index.html"),
        ("guida/vecchia", "guida/vecchia/index.html"),
        ("/2019/03/12/ciao.html", "2019/03/12/ciao.html"),
        ("/caff%C3%A8/", "caffè/index.html"),
        *[
            (wrong, "")
            for wrong in ("https://a.example/b/", "//a.example/", "/a//b/", "/../a/", "/a/%2e%2e/b/", "/a?b")
        ],
        *[(wrong, "") for wrong in ("/", "", "/a#b", "/a b/", "/a\\b", "/a%5Cb", "/a/./b")],
    ],
)
def test_an_old_address_is_one_of_this_site(address: str, file: str) -> None:
    assert file_at(address) == file


@pytest.mark.parametrize("written", ["3", "{a: /b/}", "[1, {a: b}]", "2020-01-01"])
def test_what_is_no_address_at_all_is_told_of_as_any_key_is(sketch: Sketch, written: str) -> None:
    sketch.page("it/a.md", "Testo.", translation="a", redirect_from=written)
    assert {code for _, _, code in sketch.places()} & {"KEY_INVALID", "KEY_QUOTE"}


def test_two_pages_cannot_have_had_one_address_nor_one_that_a_page_has(sketch: Sketch) -> None:
    sketch.page("it/a.md", "Testo.", translation="a", redirect_from="[/vecchia/, /b/]")
    sketch.page("it/b.md", "Testo.", translation="b", redirect_from="/vecchia")
    sketch.page("en/c.md", "Text.", translation="c", redirect_from="/en/c/")
    found = [(path, code) for path, _, code in sketch.places() if code.startswith("REDIRECT")]
    assert sorted(found) == [
        ("content/en/c.md", "REDIRECT_TAKEN"),
        ("content/it/a.md", "REDIRECT_TAKEN"),
        ("content/it/b.md", "REDIRECT_TAKEN"),
    ]


def test_whoever_opens_an_old_address_is_led_on_and_search_engines_learn_the_new_one(sketch: Sketch) -> None:
    with_our_theme(sketch)
    sketch.page("it/a.md", "Testo.", translation="a", title="Le & lettere", redirect_from="[/vecchia.html, /prima/]")
    sketch.page("en/b.md", "Text.", translation="a", redirect_from="/b-before/")
    sketch.page("it/bozza.md", "Testo.", translation="bozza", draft="true", redirect_from="/bozza-prima/")
    build(sketch.portal(), sketch.root / "site", quiet, engine="mkdocs", full=False)
    site = sketch.root / "site"
    url = sketch.portal().url
    for file, address in (("vecchia.html", "a/"), ("prima/index.html", "a/"), ("b-before/index.html", "en/b/")):
        text = (site / file).read_text(encoding="utf-8")
        assert f'<link rel="canonical" href="{url}{address}">' in text
        assert f'content="0; url={url}{address}"' in text
        assert re.search(r'name="robots" content="noindex"', text)
        assert f"{url}{file.removesuffix('index.html')}<" not in (site / "sitemap.xml").read_text(encoding="utf-8")
    assert "<h1>Le &amp; lettere</h1>" in (site / "vecchia.html").read_text(encoding="utf-8")
    assert not (site / "bozza-prima").exists()
