"""`glossary_terms`, `sections`, `glossary_index`: a glossary's page, read and completed."""

from __future__ import annotations

from bacheca.portal.postprocess.glossary_index import add_index, term_set
from bacheca.portal.postprocess.glossary_terms import read_terms
from bacheca.portal.postprocess.html_tree import Tree, written
from bacheca.portal.postprocess.sections import sections

PAGE = (
    "<main><article><h1>Glossario</h1><p>Prima.</p>"
    '<h2 data-aliases="fake" data-unlinked="alias" id="alias">Alias<a class="headerlink" href="#alias">&para;</a></h2>'
    '<p class="glossary-aliases">Detto anche: fake</p><p>Identità <em>falsa</em> &amp; finta. Altro.</p>'
    '<h2 data-forms="eterì" id="e">Èra</h2><p>' + "Una frase. " * 40 + "</p>"
    '<h2 id="w">Web 2.0</h2><p>Il web.</p></article></main>'
)


def test_every_heading_is_a_term_with_its_names_and_its_definition() -> None:
    alias, era, web = read_terms(Tree(PAGE))
    assert (alias.name, alias.title, alias.definition) == ("alias", "Alias", "Identità falsa & finta. Altro.")
    assert alias.aliases == ("fake",)
    assert alias.names == ("fake",)
    assert era.names == ("Èra", "eterì")
    assert (web.title, web.definition, web.names) == ("Web 2.0", "Il web.", ("Web 2.0",))


def test_a_definition_keeps_whole_sentences_that_fit() -> None:
    definition = read_terms(Tree(PAGE))[1].definition
    assert 180 < len(definition) <= 200
    assert definition.endswith("frase.")


def test_the_last_section_ends_where_the_text_does() -> None:
    page = Tree('<main><article><h2 id="a">A</h2><p>x</p><p class="page-edit">y</p></article><nav>z</nav></main>')
    assert [section.text for section in sections(page)] == ["x"]


def test_the_page_gains_an_index_of_letters_and_the_pages_that_use_each_term() -> None:
    tree = Tree(PAGE)
    add_index(tree, read_terms(tree), {"w": [("Il <b>", "../p/")], "alias": [("A", "../a/"), ("B", "../b/")]}, "it")
    page = written(tree)
    assert page.index("Prima.") < page.index('aria-label="Indice per lettera"') < page.index('<h2 id="alias">')
    assert '<a href="#alias">A</a>' in page
    assert '<a href="#e">E</a>' in page
    assert page.index("Si trova in 2 pagine") < page.index('<a href="../b/">B</a>') < page.index('<h2 id="e">')
    assert page.index("Il web.") < page.index("Si trova in una pagina") < page.index('<a href="../p/">Il &lt;b&gt;</a>')
    assert "data-" not in page


def test_terms_stand_beside_their_letter_each_in_a_box_with_the_pages_that_use_it() -> None:
    tree = Tree(PAGE.replace("</article>", '<h2 id="b">Blog</h2><p>x</p><h2 id="bot">Bot</h2><p>y</p></article>'))
    add_index(tree, read_terms(tree), {"alias": [("A", "../a/")]}, "it")
    groups = [
        (box.css_first("p").text(), [term.attributes["id"] for term in box.css(".glossary-term > h2:first-child")])
        for box in tree.css("h1 ~ .glossary-letter")
    ]
    assert groups == [("A", ["alias"]), ("E", ["e"]), ("W", ["w"]), ("B", ["b", "bot"])]
    assert tree.css_first(".glossary-term details") is not None
    assert len(tree.css("h2")) == 5
    assert {name.attributes["aria-hidden"] for name in tree.css(".glossary-letter__name")} == {"true"}


def test_the_glossary_is_linked_data_with_an_address_for_each_term() -> None:
    data = term_set(read_terms(Tree(PAGE)), "Il glossario", "https://x.example.org/glossario/", "it")
    assert data["@type"] == "DefinedTermSet"
    first = data["hasDefinedTerm"][0]
    assert first["@id"] == "https://x.example.org/glossario/#alias"
    assert first["alternateName"] == ["fake"]
    assert "alternateName" not in data["hasDefinedTerm"][2]
