"""`bacheca.portal.postprocess.fingerprints`: a name changes with what the file holds, and whatever names it follows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bacheca.portal.postprocess.fingerprints import fingerprint

PAGE = (
    '<link rel="stylesheet" href="../assets/stylesheets/tokens.css">'
    '<script src="../assets/javascripts/form.js"></script>'
    '<script>{"search": "../assets/javascripts/search.js?workers/search.a7633da7.min.js"}</script>'
    '<script src="../assets/javascripts/bundle.a5f9d56c.min.js"></script><p>form.js, javascripts/other.js</p>'
)
STYLE = 'src: url("../fonts/fraunces-600.woff2")'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    files = {
        "fonts/fraunces-600.woff2": "font",
        "stylesheets/tokens.css": STYLE,
        "javascripts/form.js": "f()",
        "javascripts/search.js": "s()",
        "javascripts/bundle.a5f9d56c.min.js": "b()",
    }
    for root in ("", "en/"):
        for name, text in {**{f"assets/{name}": text for name, text in files.items()}, "a/index.html": PAGE}.items():
            (tmp_path / root / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / root / name).write_text(text)
    return tmp_path


def test_everything_that_a_page_names_is_there_under_its_new_name(site: Path) -> None:
    fingerprint(site, [site, site / "en"])
    for root in (site, site / "en"):
        page = (root / "a/index.html").read_text()
        named = re.findall(r"\.\./(assets/[\w./-]+\.(?:css|js))", page)
        assert len(named) == 4
        assert all(re.search(r"\.[0-9a-f]{8}\.(min\.)?(css|js)$", name) and (root / name).is_file() for name in named)
        assert page.endswith("<p>form.js, javascripts/other.js</p>")
        assert "?workers/search.a7633da7.min.js" in page
        style = next(root.glob("assets/stylesheets/*.css")).read_text()
        font = style.partition("../")[2].rstrip('")')
        assert (root / "assets" / font).is_file()


def test_a_name_changes_with_what_the_file_holds_and_only_then(site: Path) -> None:
    (site / "en/assets/javascripts/form.js").write_text("f(1)")
    fingerprint(site, [site])
    fingerprint(site, [site / "en"])
    one, other = ({file.name for file in (root / "assets").rglob("*.*")} for root in (site, site / "en"))
    assert len(one - other) == len(other - one) == 1
    assert next(iter(other - one)).startswith("form.")


def test_a_page_names_the_file_of_its_own_language(site: Path) -> None:
    for number, root in enumerate((site, site / "en")):
        (root / "assets/stylesheets/tokens.css").write_text(STYLE + f"/* {number} */")
    (site / "en/b.html").write_text('<script src="../assets/javascripts/form.js"></script>')
    (site / "en/404.html").write_text('<link href="/portale/en/assets/stylesheets/tokens.css">')
    (site / "404.html").write_text('<link href="/portale/assets/stylesheets/tokens.css">')
    fingerprint(site, [site, site / "en"], "/portale/")
    named = {}
    for root in (site, site / "en"):
        (style,) = re.findall(r"tokens\.\w+\.css", (root / "a/index.html").read_text())
        assert (root / "assets/stylesheets" / style).is_file()
        assert style in (root / "404.html").read_text()
        named[root] = style
    assert len(set(named.values())) == 2
    (script,) = re.findall(r'"\.\./(\S+)"', (site / "en/b.html").read_text())
    assert (site / script).is_file()  # another language's own file may be named too


def test_a_style_sheet_names_those_that_it_imports_by_their_new_names(tmp_path: Path) -> None:
    styles = tmp_path / "assets/stylesheets"
    styles.mkdir(parents=True)
    for name, imported in (("a", "c"), ("b", "a"), ("c", "d"), ("d", "e")):
        (styles / f"{name}.css").write_text(f'@import "{imported}.css"; @import url({imported}.css);')
    fingerprint(tmp_path, [tmp_path])
    for name in "abc":
        text = next(styles.glob(f"{name}.*.css")).read_text()
        named = re.findall(r"\w\.\w+\.css", text)
        assert len(named) == 2
        assert all((styles / other).is_file() for other in named)
