"""`bacheca.portal.verification.markup`: what browsers would have to put right is found, where it stands."""

from __future__ import annotations

import pytest

from bacheca.portal.verification.markup import faults_of_page

HEAD = "<!doctype html>\n<title>x</title>\n"
SOUND = [
    "<p>a<p>b<ul><li>c<li>d</ul><table><tr><td>e</table><img src=a><br>",
    '<svg><path d="M0"/><g><a/></g></svg><math><mi>x</mi></math>',
    "<h1>x</h1><template><p>x</template><noscript><p>a</p></noscript><select><option>a</select>",
    '<textarea></div></textarea><script>"</div><b>"</script><style>a::after{content:"</b>"}</style>',
    "<p>Città 𝄞 &amp; co</p><b>x</b>",
    '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Event"}</script>',
]
WRONG = [
    ("<div>", "HTML_OPEN", "div"),
    ("<b><p>x</b></p>", "HTML_OPEN", "b"),
    ("<a><a></a></a>", "HTML_OPEN", "a"),
    ("<svg><g></svg>", "HTML_OPEN", "g"),
    ("<div/>", "HTML_OPEN", "div"),
    ("</span>", "HTML_CLOSE", "span"),
    ("<p><div></div></p>", "HTML_CLOSE", "p"),
    ("<em><strong>x</em></strong>", "HTML_CLOSE", "strong"),
    ("<table><p>x</p></table>", "HTML_MOVED", "table"),
    ('<a href="x" href="y">z</a>', "HTML_ERROR", "duplicate-attribute"),
    ('<p a"b>z</p>', "HTML_ERROR", "unexpected-character-in-attribute-name"),
    ("&nosuch;", "HTML_ERROR", "unknown-named-character-reference"),
    ('<script type="application/ld+json">{"@type": </script>', "SITE_FILE", ""),
    ('<script type="application/ld+json">{"@type": "Event"}</script>', "DATA_VALUE", ""),
    ('<script type="application/ld+json">{"@context": "https://schema.org"}</script>', "DATA_LACKS", ""),
    ('<script type="application/ld+json">[1]</script>', "DATA_VALUE", ""),
]


@pytest.mark.parametrize("body", SOUND)
def test_a_page_that_needs_no_guessing_is_well_formed(body: str) -> None:
    assert list(faults_of_page(HEAD + body)) == []


@pytest.mark.parametrize(("body", "code", "named"), WRONG)
def test_what_browsers_would_put_right_is_named_at_its_line(body: str, code: str, named: str) -> None:
    found = list(faults_of_page(f"{HEAD}\n{body}\n"))
    assert code in {fault.code for fault in found}
    if named:
        assert (code, 4, named) in {
            (fault.code, fault.line, fault.values.get("tag", fault.values.get("error"))) for fault in found
        }


def test_a_page_without_its_doctype_is_read_as_one_of_long_ago() -> None:
    assert [fault.values for fault in faults_of_page("<title>x</title><p>x</p>")] == [{"error": "missing-doctype"}]
