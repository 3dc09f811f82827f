"""`glossary_links`: the first use of each term is a link, and nothing else of a page changes."""

from __future__ import annotations

import re

import pytest

from bacheca.portal.postprocess.glossary_links import Linked, Matcher, link_terms
from bacheca.portal.postprocess.glossary_terms import Term
from bacheca.portal.postprocess.html_tree import Tree, written

TERMS = (
    Term("bannare", "Bannare", "Vietare l’accesso.", ("bandire",), ("bannato", "bannata")),
    Term("identita", "Identità", "I dati di una persona.", ("profilo", "account"), (), frozenset({"profilo"})),
    Term("influencer", "Influencer", "Persona ascoltata."),
    Term("social", "Social network", "Servizio.", ("rete sociale",)),
    Term("care", "Social care", "Assistenza.", ("social customer care",)),
    Term("condizioni", "Condizioni d’uso", "Regole."),
    Term("post", "Post", "Messaggio."),
    Term("ricerca", "R&D", "Ricerca."),
)


def linked(body: str) -> tuple[str, Linked]:
    """The page after its terms were linked, and what is said of them."""
    page = Tree(f"<nav>bannare</nav><main>{body}</main>")
    done = link_terms(page, Matcher(TERMS), "../glossario/")
    return written(page), done


def words(body: str) -> list[str]:
    """The words that became links, with the entry each leads to."""
    link = r'<a class="term" href="\.\./glossario/#([^"]+)" aria-describedby="term-\1">([^<]*)</a>'
    found = re.findall(link, linked(body)[0])
    return [f"{text} → {name}" for name, text in found]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<p>Lo ha BANNATO.</p>", ["BANNATO → bannare"]),
        ("<p>l’influencer e dell'influencer</p>", ["influencer → influencer"]),
        ("<p>condizioni d'uso</p>", ["condizioni d'uso → condizioni"]),
        ("<p>Condizioni\nd’uso</p>", ["Condizioni\nd’uso → condizioni"]),
        ("<p>rete&nbsp;sociale</p>", ["rete&nbsp;sociale → social"]),
        ("<p>R&amp;D</p>", ["R&amp;D → ricerca"]),
        ("<p>il social customer care</p>", ["social customer care → care"]),
        ("<p>il <em>post</em></p><table><tr><td>account</td></tr></table>", ["post → post", "account → identita"]),
    ],
)
def test_a_name_links_in_any_case_after_an_elision_and_across_blanks(body: str, found: list[str]) -> None:
    assert words(body) == found


@pytest.mark.parametrize(
    "body",
    [
        "<h2>Bannare</h2>",
        "<p><a href='x'>un <b>post</b></a></p>",
        "<p><code>post</code></p><pre>post</pre>",
        "<form><p>post</p></form><button>post</button>",
        '<p lang="en">the post</p>',
        '<section data-search-exclude=""><p>post</p></section>',
        '<div class="hero no-terms"><p>post</p><div>post</div></div>',
        "<svg><text>post</text></svg><!-- post -->",
        "<p>Il tuo profilo.</p>",
        "<p>postare, il post-it, post@example.org, www.post.org, impost</p>",
    ],
)
def test_headings_links_code_forms_other_languages_and_parts_of_words_are_left_alone(body: str) -> None:
    assert words(body) == []
    assert linked(body)[0] == written(Tree(f"<nav>bannare</nav><main>{body}</main>"))


def test_only_the_first_use_of_a_term_under_any_of_its_names_is_linked() -> None:
    assert words("<p>bandire</p><h3>x</h3><p>bannato, post, POST</p>") == ["bandire → bannare", "post → post"]


def test_text_after_what_is_left_alone_is_linked_again() -> None:
    assert words("<div class='no-terms'><div>a</div></div><p><br>un post</p>") == ["post → post"]


def test_an_editors_own_link_to_the_entry_gets_the_tooltip() -> None:
    page, done = linked('<p><a href="../glossario/#post">scrivi</a> un post</p>')
    assert '<a href="../glossario/#post" class="term" aria-describedby="term-post">scrivi</a> un post</p>' in page
    assert [term.name for term in done.noted] == ["post"]


def test_a_page_tells_which_terms_it_uses() -> None:
    _, done = linked("<p>post e account</p>")
    assert done.used == {"post", "identita"}
    assert [term.title for term in done.noted] == ["Post", "Identità"]


def test_outside_the_main_part_nothing_is_linked() -> None:
    page = Tree("<p>post</p>")
    assert link_terms(page, Matcher(TERMS), "g/") == Linked((), frozenset())
    assert "<p>post</p>" in written(page)
    assert "<nav>bannare</nav>" in linked("")[0]


def beside(body: str) -> list[tuple[str, str]]:
    """The terms that the margin tells of, each with the beginning of the paragraph or the item it stands beside."""
    done = linked(f'<div class="page-text page-text--margins">{body}</div>')[1]
    return [(term.name, f"{line.tag} {line.text()[:9]}") for line, term in done.beside]


FAR = f"<p>{'parola ' * 100}</p>"
NOTED = '<div class="admonition note inline end"><p>Nota.</p></div>'


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<p>Lo ha <em>bannato</em>.</p>", [("bannare", "p Lo ha ban")]),
        ("<ul><li>Un post.</li></ul>", [("post", "li Un post.")]),
        ("<ol><li><p>Un post.</p></li></ol>", [("post", "p Un post.")]),
        ('<p>Il <a href="../glossario/#post">messaggio</a></p>', [("post", "p Il messag")]),
        ("<p>post e account</p><p>influencer</p>", [("post", "p post e ac")]),
        (f"<p>post</p>{FAR}<p>account</p>", [("post", "p post"), ("identita", "p account")]),
        ("<blockquote><p>post</p></blockquote>", []),
        ("<table><tr><td>post</td></tr></table>", []),
        ('<p class="lead">post</p>', []),
        ('<div class="admonition"><p>post</p></div>', []),
        (f"<p>post</p><h2>x</h2>{NOTED}", []),
        (f"{NOTED}<ul><li>uno</li></ul><p>post</p>", []),
        (f"{NOTED}<p>uno</p><p>due</p><p>post</p>", [("post", "p post")]),
        ("post", []),
    ],
)
def test_the_margin_tells_of_a_term_beside_a_plain_line_and_not_too_near(
    body: str, found: list[tuple[str, str]]
) -> None:
    assert beside(body) == found


def test_a_margin_has_a_handful_of_notes_and_a_page_without_margins_none() -> None:
    body = FAR.join(
        f"<p>{word}</p>" for word in ("bannato", "account", "influencer", "post", "R&amp;D", "rete sociale")
    )
    assert len(beside(body)) == 5
    assert linked(body)[1].beside == ()
