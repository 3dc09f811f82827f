"""`bacheca.portal.postprocess.fingerprints`: a name changes with what the file holds, and whatever names it follows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bacheca.portal.postprocess.fingerprints import Names, fingerprint
from bacheca.portal.postprocess.html_tree import Tree, written

PAGE = (
    '<link rel="stylesheet" href="../assets/stylesheets/tokens.css">'
    '<script src="../assets/javascripts/form.js"></script>'
    '<script type="text/plain" class="search-part" src="../assets/javascripts/search.js"></script>'
    '<script src="../assets/javascripts/bundle.a5f9d56c.min.js"></script><p>form.js, javascripts/other.js</p>'
)
URL = "https://prova.example.org/portale/"
STYLE = 'src: url("../fonts/fraunces-600.woff2")'


def rename(site: Path, *roots: str) -> Names:
    """Rename the assets of a folder."""
    assets = {file: file.relative_to(site).as_posix() for file in site.glob("**/assets/*/*")}
    contents = {path: file.read_bytes() for file, path in assets.items()}
    names = fingerprint(contents, roots, URL)
    for file in assets:
        file.unlink()
    for path, content in contents.items():
        (site / path).write_bytes(content)
    return names


def mark(site: Path, *roots: str) -> None:
    """Rename the assets, and let the pages follow."""
    names = rename(site, *roots)
    for page in site.rglob("*.html"):
        tree = Tree(page.read_text())
        names.rename_in(tree, page.relative_to(site).as_posix())
        page.write_text(written(tree))


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
    mark(site, "", "en/")
    for root in (site, site / "en"):
        page = (root / "a/index.html").read_text()
        named = re.findall(r"\.\./(assets/[\w./-]+\.(?:css|js))", page)
        assert len(named) == 4
        assert all(re.search(r"\.[0-9a-f]{8}\.(min\.)?(css|js)$", name) and (root / name).is_file() for name in named)
        assert "<p>form.js, javascripts/other.js</p>" in page
        style = next(root.glob("assets/stylesheets/*.css")).read_text()
        font = style.partition("../")[2].rstrip('")')
        assert (root / "assets" / font).is_file()


def test_a_name_changes_with_what_the_file_holds_and_only_then(site: Path) -> None:
    (site / "en/assets/javascripts/form.js").write_text("f(1)")
    rename(site, "", "en/")
    one, other = ({file.name for file in (root / "assets").rglob("*.*")} for root in (site, site / "en"))
    assert len(one - other) == len(other - one) == 1
    assert next(iter(other - one)).startswith("form.")


def test_a_page_names_the_file_of_its_own_language(site: Path) -> None:
    for number, root in enumerate((site, site / "en")):
        (root / "assets/stylesheets/tokens.css").write_text(STYLE + f"/* {number} */")
    (site / "en/b.html").write_text('<script src="../assets/javascripts/form.js"></script>')
    (site / "en/404.html").write_text('<link href="/portale/en/assets/stylesheets/tokens.css">')
    (site / "404.html").write_text('<link href="/portale/assets/stylesheets/tokens.css">')
    mark(site, "", "en/")
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
    rename(tmp_path, "")
    for name in "abc":
        text = next(styles.glob(f"{name}.*.css")).read_text()
        named = re.findall(r"\w\.\w+\.css", text)
        assert len(named) == 2
        assert all((styles / other).is_file() for other in named)


SAID = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *("../assets/stylesheets/tokens.css", "assets/javascripts/form.js", "/portale/assets/fonts/f.woff2"),
                *('<link href="../assets/stylesheets/tokens.css">', "url(../assets/stylesheets/tokens.css)"),
                *('{"search": "../assets/javascripts/search.js"}', '"', "'", "(", "=", "\n", "<pre>", "&amp;", "-->"),
            ]
        ),
        st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=5),
    ),
    max_size=6,
).map("".join)
"""What an editor may say, names of the portal's own files among it."""

SPEAKING = ("alt", "title", "value", "data-x", "aria-label", "id", "class", "content", "placeholder")


def spoken(page: str) -> list[object]:
    """Every text and attribute of a page, as a browser has them."""
    root = Tree(page).root
    assert root
    return [
        node.text_content if node.is_text_node else (node.tag, dict(node.attributes))
        for node in root.traverse(include_text=True)
    ]


@given(words=SAID, more=SAID, where=st.sampled_from(["p", "pre", "code", "textarea", "title", "button"]))
def test_whatever_a_page_says_stays_as_it_was_written(words: str, more: str, where: str) -> None:
    new = {f"assets/{name}": "nuovo.0badcafe.x" for name in ("stylesheets/tokens.css", "javascripts/form.js")}
    names = Names(URL, new | {"assets/javascripts/search.js": "x.js", "assets/fonts/f.woff2": "y.woff2"})
    attributes = Markup(" ").join(Markup('{}="{}"').format(name, more) for name in SPEAKING)
    script = "x = '../assets/javascripts/form.js'"
    before = Markup("<div {0}><{1}>{2}</{1}></div><script>{3}</script>").format(
        attributes, Markup(where), words, Markup(script)
    )
    tree = Tree(before)
    names.rename_in(tree, "a/index.html")
    assert spoken(written(tree)) == spoken(before)


OLD, NEW = "assets/stylesheets/tokens.css", "assets/stylesheets/n.css"


@pytest.mark.parametrize(
    ("said", "after"),
    [
        (f'<link href="../{OLD}?v=1#x">', f'<link href="../{NEW}?v=1#x">'),
        (f'<a href="/portale/{OLD}">', f'<a href="/portale/{NEW}">'),
        (f'<a href="{URL}{OLD}">', f'<a href="{URL}{NEW}">'),
        (f'<a href="https://x.org/portale/{OLD}">', ""),
        (f'<a href="/altro/{OLD}">', ""),
        ('<a href="http://[/tokens.css">', ""),
        ('<a href="../assets/stylesheets/altro.css">', ""),
        (f'<img srcset="../{OLD} 2x, b.png">', f'<img srcset="../{NEW} 2x, b.png">'),
        (f'<p style="top: url(../{OLD})">', f'<p style="top: url(&quot;../{NEW}&quot;)">'),
        (
            f'<style>@import "../{OLD}"; a{{content:"../{OLD}"}}</style>',
            f'<style>@import "../{NEW}"; a{{content:"../{OLD}"}}</style>',
        ),
        (f'<base href="/portale/"><a href="{OLD}">', f'<a href="{NEW}">'),
    ],
)
def test_every_reference_follows_and_leads_to_the_same_place(said: str, after: str) -> None:
    names = Names(URL, {OLD: "n.css"})
    tree = Tree(said)
    names.rename_in(tree, "a/index.html")
    assert (after or said) in written(tree)


def test_a_style_sheet_says_what_it_said(tmp_path: Path) -> None:
    styles = tmp_path / "assets/stylesheets"
    styles.mkdir(parents=True)
    (styles / "a.css").write_text("a{}")
    (styles / "b.css").write_text('/* url(a.css) */ p::before{content:"a.css";background:url(a.css)}')
    rename(tmp_path, "")
    name = next(styles.glob("a.*.css")).name
    text = next(styles.glob("b.*.css")).read_text()
    assert text == f'/* url(a.css) */ p::before{{content:"a.css";background:url("{name}")}}'
