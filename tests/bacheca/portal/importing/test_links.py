"""`bacheca.portal.importing.links`: links and pictures lead where they led, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from bacheca.portal.importing.links import Links
from bacheca.portal.importing.source_site import SourcePage, SourceSite

PICTURE = "img/a b.png"


def rewritten(body: str, target: str = "guide/saw.md", *, folders: bool = True) -> str:
    """Give what a page is made of in a site of MkDocs with a few pages and a picture."""
    site = SourceSite("mkdocs", Path("there"), "Handbook")
    if not folders:
        site.settings["use_directory_urls"] = False
    for path in ("index.md", "about.md", "guide/index.md", "guide/saw.md", "blog/posts/hello.md"):
        address = f"/{path.removesuffix('.md').removesuffix('index').rstrip('/')}/".replace("//", "/")
        page = SourcePage(f"docs/{path}", "en", path, {}, body, [address], is_article=path.startswith("blog/"))
        site.pages.append(page)
    site.files[PICTURE] = Path("there/docs") / PICTURE
    site.addresses[PICTURE] = f"/{PICTURE}"
    return Links(site).rewrite(next(page for page in site.pages if page.target == target))


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ('<img src="../../img/a%20b.png">', '<img src="../../img/a%20b.png">'),
        ('<img src="/img/a%20b.png">', '<img src="../../img/a%20b.png">'),
        ('<a href="../../about/#who">', '<a href="../../about/#who">'),
        ('<a href="../../">', '<a href="../../">'),
        ('<a href="../">', '<a href="../">'),
        ("![a](../img/a%20b.png) [b](../about.md#who)", "![a](../img/a%20b.png) [b](../about.md#who)"),
    ],
)
def test_html_leads_from_address_to_address_and_markdown_from_file_to_file(written: str, made: str) -> None:
    assert rewritten(written) == made


def test_the_words_of_a_footnote_are_none_of_its_links() -> None:
    written = "A[^1] [b]\n\n[^1]: about the saw\n\n[b]: about\n"
    assert rewritten(written, "index.md") == written.replace("[b]: about", "[b]: about.md")


def test_html_leads_to_files_where_pages_have_no_folders_of_their_own() -> None:
    assert rewritten('<a href="/about/"><img src="/img/a%20b.png">', folders=False) == (
        '<a href="../about.html"><img src="../img/a%20b.png">'
    )


def test_html_of_a_page_that_stands_at_the_root_leads_down_from_there() -> None:
    assert rewritten('<a href="guide/saw/"><a href="./"><img src="img/a b.png">', "index.md") == (
        '<a href="guide/saw/"><a href="./"><img src="img/a%20b.png">'
    )


def test_html_leads_to_articles_and_from_them_by_the_addresses_that_they_have_here() -> None:
    site = SourceSite("hugo", Path("there"), "Club", blog="blog")
    article = SourcePage("content/posts/ciao.md", "it", "blog/posts/ciao.md", {}, "", ["/posts/ciao/"], is_article=True)
    about = SourcePage("content/about.md", "it", "about.md", {}, '<a href="/posts/ciao/">', ["/about/"])
    article.body = '<a href="/about/">'
    site.pages += [article, about]
    assert Links(site).rewrite(about) == '<a href="../blog/ciao/">'
    assert Links(site).rewrite(article) == '<a href="../../about/">'


def test_html_of_an_article_of_mkdocs_stays_for_its_address_does_and_follows_from_its_head() -> None:
    written = '<img src="../../../../../../img/a%20b.png"> <a href="../../../../../../about/">'
    assert rewritten(written, "blog/posts/hello.md") == written
