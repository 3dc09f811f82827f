"""`bacheca.portal.postprocess.references`: whatever a file can refer to is read, as those who read it would."""

from __future__ import annotations

from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bacheca.forms.published import Site
from bacheca.portal.postprocess.references import SERVICE, Target, references_of, target_of

READ = [
    ("a.html", '<a href=" x/ ">', ["x/"]),
    ("a.html", "<area href=x><iframe src=y></iframe><embed src=z><track src=w>", ["x", "y", "z", "w"]),
    ("a.html", '<img src="a.png" srcset="b.png, c,d.png 2x,e.png 300w">', ["a.png", "b.png", "c,d.png", "e.png"]),
    ("a.html", '<picture><source srcset="a.avif 1x"></picture>', ["a.avif"]),
    ("a.html", '<link rel="preload" imagesrcset="a.png 1x, b.png 2x" href="c">', ["a.png", "b.png", "c"]),
    ("a.html", '<video src="a" poster="b"></video><audio src="c"></audio>', ["a", "b", "c"]),
    ("a.html", '<object data="a"></object><div data="b" action="c"></div><form action="d"></form>', ["a", "d"]),
    ("a.html", '<svg><use href="a.svg#x"/><image xlink:href="b.png"/></svg>', ["a.svg#x", "b.png"]),
    (
        "a.html",
        '<p style="background: url(a.png)"><style>@import "b.css";p{background:url( \'c.png\' )}</style>',
        ["a.png", "b.css", "c.png"],
    ),
    ("a.html", '<meta http-equiv="refresh" content="0; url=a/">', ["a/"]),
    (
        "a.html",
        '<meta property="og:image" content="https://h/a.png"><meta name="description" content="a/">',
        ["https://h/a.png"],
    ),
    ("a.html", '<base href="/b/"><a href="c">', ["/b/c"]),
    ("a.html", '<!-- <a href="a"> --><pre>&lt;a href="b"></pre><textarea><a href="c"></textarea>', []),
    ("a.html", '<noscript><img src="a"></noscript>', ["a"]),
    ("a.html", '<a href="a&amp;b?c=%C3%A0">', ["a&b?c=%C3%A0"]),
    (
        "a.html",
        '<script id="__config" type="application/json">{"search": "../js/workers/w.js"}</script>',
        ["../js/workers/w.js"],
    ),
    (
        "a.html",
        '<script type="application/ld+json">{"@id": "_:b", "url": "/a/", "name": "b/", "sameAs": ["https://h/c"]}</script>',
        ["/a/", "https://h/c"],
    ),
    ("a.svg", '<svg><a href="x.html"/></svg>', ["x.html"]),
    ("a.xml", "\n", []),
    ("a.json", "", []),
    ("a.webmanifest", "", []),
    (
        "a.css",
        '@import "a.css"; @import url(b.css) print; p{x:url("c.png"),image-set("d.png" 1x);content:"e"}',
        ["a.css", "b.css", "c.png", "d.png"],
    ),
    ("site.webmanifest", '{"name": "a", "start_url": "/", "icons": [{"src": "b.png", "type": "c"}]}', ["/", "b.png"]),
    (
        "search/search_index.js",
        """searchIndex(JSON.parse('{"entries":[{"location":"a/#b","text":"https://h/x"}]}'));\n""",
        ["../a/#b"],
    ),
    (
        "feed.json",
        '{"feed_url": "https://h/f", "items": [{"id": "https://h/a", "title": "b"}]}',
        ["https://h/f", "https://h/a"],
    ),
    (
        "bacheca.json",
        Site("a", "b", {"it": {"shell": "shell.html"}}, {"p": {"it": "/m/"}}).as_text(),
        ["shell.html", "/m/"],
    ),
    (
        "a.xml",
        '<rss><link>https://h/a</link><b href="c"/><enclosure url="d"/><t>https://h/e f</t></rss>',
        ["https://h/a", "c", "d"],
    ),
    (
        "a.ics",
        "URL:https://h/\r\n a\r\nDESCRIPTION:https://h/b\r\nATTACH;FMTTYPE=x:https://h/c\r\n",
        ["https://h/a", "https://h/c"],
    ),
    ("robots.txt", "User-agent: *\nDisallow: /forms/\nSitemap: https://h/s.xml\n", ["https://h/s.xml"]),
    ("note.txt", "https://h/a", []),
    ("a.js", 'import "./b.js"', []),
]


@pytest.mark.parametrize(("path", "text", "addresses"), READ)
def test_what_a_file_refers_to_is_read(path: str, text: str, addresses: list[str]) -> None:
    assert list(references_of(path, text).addresses) == addresses


def test_names_are_ids_and_old_anchors() -> None:
    page = '<h2 id="a b">x</h2><a name="c"></a><input name="d"><template><p id="e"></p></template>'
    assert {"a b", "c"} <= references_of("a.html", page).names
    assert "d" not in references_of("a.html", page).names


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.xml", "<a>\x07</a>"),
        ("a.xml", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
        ("feed.json", "{"),
        ("a.html", '<script type="application/ld+json">{</script>'),
    ],
)
def test_what_is_not_what_its_ending_says_is_a_problem(path: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        references_of(path, text)


PART = st.sampled_from(
    ["a", "b-1", "à", "%C3%A0", "x.html", ".", "..", ".x", "forms", "healthzine", "p;q", "a:b", "?a", ""]
)


@given(
    st.sampled_from(
        [
            "index.html",
            "a/index.html",
            "b/c.html",
            "forms/x/index.html",
            "à;b/index.html",
            "c#/%41?.html",
            "search.json",
        ]
    ),
    st.lists(PART, max_size=4).map("/".join),
    st.sampled_from(["", "https://h/", "https://h/p/", "https://h/p", "https://other/", "/", "//h/"]),
    st.sampled_from(["https://h/", "https://h/p/", "https://h/p", "https://h/forms/"]),
)
def test_an_address_leads_where_browsers_go(path: str, address: str, before: str, url: str) -> None:
    given = urlsplit(urljoin(urljoin(url, quote(path.removesuffix("index.html"))), before + address))
    whole = urlsplit(url)
    place = unquote(given.path)
    expected = None
    if given.netloc == whole.netloc and given.scheme == "https" and given.path.startswith(SERVICE):
        expected = Target("service", place)
    elif given.netloc == whole.netloc and given.scheme == "https" and f"{given.path}/".startswith(whole.path):
        expected = Target("site", place[len(whole.path) :])
    assert target_of(path, before + address, url) == expected
