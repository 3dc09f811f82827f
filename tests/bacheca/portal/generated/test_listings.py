"""`articles` and `listings`: articles in order, and the pages about them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import markdown

from bacheca.portal.content.articles import NEVER, Article, RelatedArticles, articles_of, reading_minutes
from bacheca.portal.content.pages import Page
from bacheca.portal.generated.listings import author_pages, browse
from tests.bacheca.portal.conftest import Sketch


@pytest.fixture
def three(sketch: Sketch) -> Sketch:
    sketch.article("un-articolo", date="2025-12-31", title="Primo")
    sketch.article("altro", title="Secondo", categories="[Qualità del dialogo]", numero="2", date="2026-02-01")
    sketch.article("bozza", title="Bozza", draft="true", date="2026-03-01")
    sketch.article("terzo", title='"Terzo *con* [segni]"', numero="2", date="2026-02-01")
    return sketch


def written(sketch: Sketch) -> dict[str, Page]:
    return {page.path: page for page in sketch.content().written["it"]}


def test_articles_come_newest_first_without_drafts(three: Sketch) -> None:
    titles = [article.title for article in articles_of(three.content().pages["it"])]
    assert titles == ["Secondo", "Terzo *con* [segni]", "Primo"]


def test_issues_topics_years_and_labels_have_their_pages(three: Sketch) -> None:
    pages = written(three)
    assert list(pages) == [
        "articoli/numeri/2.md",
        "articoli/numeri/1.md",
        "articoli/temi/ascolto.md",
        "articoli/temi/qualità-del-dialogo.md",
        "articoli/archivio/2026.md",
        "articoli/archivio/2025.md",
        "articoli/autori/redazione.md",
        "articoli/indice.md",
        "articoli/etichette.md",
    ]
    assert pages["articoli/numeri/2.md"].url == "articoli/numeri/2/"
    assert all(page.meta["title"] and page.meta["description"] for page in pages.values())


def test_an_issue_lists_its_articles_by_topic_with_the_date_and_the_imprint(three: Sketch) -> None:
    body = written(three)["articoli/numeri/2.md"].body
    lines = [line for line in body.split("\n") if line]
    assert lines[:3] == ["# Numero 2", "febbraio 2026", "{: .issue-date }"]
    assert [line for line in lines if line.startswith("## ")] == ["## Ascolto", "## Qualità del dialogo"]
    assert "[Secondo](../posts/altro.md)" in lines
    assert r"[Terzo \*con\* \[segni\]](../posts/terzo.md)" in lines
    assert "    <small>1 febbraio 2026 · 1 min</small>" in lines
    assert "[Chi lo pubblica: il colophon](../colophon.md)" in lines
    assert "Primo" not in body
    assert "Bozza" not in body


def test_a_page_that_an_editor_wrote_is_kept(three: Sketch) -> None:
    three.page("it/articoli/temi/ascolto.md", "# Ascolto\n\nParole nostre.\n", translation="listening")
    assert "articoli/temi/ascolto.md" not in written(three)


def test_without_articles_nothing_is_written(sketch: Sketch) -> None:
    (sketch.root / "content/it/articoli/posts/un-articolo.md").unlink()
    assert sketch.content().written == {"it": (), "en": ()}


def test_an_article_with_problems_is_in_no_list(three: Sketch) -> None:
    three.article("rotto", numero="zero")
    assert "rotto" not in "".join(page.body for page in written(three).values())


def test_the_list_of_articles_leads_to_issues_and_labels(three: Sketch) -> None:
    content = three.content()
    text = browse(three.language(), content.pages["it"])
    assert "**Numeri**: [Numero 2](numeri/2.md), [Numero 1](numeri/1.md)" in text
    assert "[Titoli per tema](indice.md)" in text
    assert "[Parole chiave](etichette.md)" in text
    assert "<li>\n<p>" not in markdown(text, extensions=["md_in_html"])  # one list, all of its items alike


def test_an_author_has_a_page_with_all_of_their_articles(sketch: Sketch) -> None:
    names = "authors:\n  redazione: {name: La redazione}\n  ada: {name: Ada}\n"
    sketch.write("content/it/articoli/.authors.yml", names)
    sketch.article("altro", title="Secondo", authors="[ada, redazione]", date="2026-12-01")
    pages = written(sketch)
    ada, both = pages["articoli/autori/ada.md"], pages["articoli/autori/redazione.md"]
    assert (ada.meta["title"], ada.url) == ("Ada", "articoli/autori/ada/")
    assert "[Secondo](../posts/altro.md)" in ada.body
    assert "Un articolo" not in ada.body
    assert both.body.index("Secondo") < both.body.index("Un articolo")
    (newest, _) = articles_of(sketch.content().pages["it"])
    assert author_pages(sketch.language(), newest, {"ada": "Ada"})[0] == {"name": "Ada", "url": "articoli/autori/ada/"}
    shelf = browse(sketch.language(), sketch.content().pages["it"])
    assert "**Autori**: [Ada](autori/ada.md), [La redazione](autori/redazione.md)" in shelf


def test_related_articles_share_rarer_labels_first_then_the_topic(sketch: Sketch) -> None:
    sketch.article("un-articolo", tags="[comune, raro]", date="2026-01-01")
    sketch.article("a", tags="[comune]", categories="[Altro]", date="2026-01-02")
    sketch.article("b", tags="[raro]", categories="[Altro]", date="2026-01-03")
    sketch.article("c", tags="[solo]", date="2026-01-04")
    sketch.article("d", tags="[nulla]", categories="[Altro]", date="2026-01-05")
    sketch.article("e", tags="[comune]", categories="[Altro]", date="2026-01-06")
    articles = articles_of(sketch.content().pages["it"])
    one = next(article for article in articles if article.url.endswith("un-articolo/"))
    names = [article.url.split("/")[1] for article in RelatedArticles(articles, 9).of(one)]
    assert names == ["b", "e", "a", "c"]


ARTICLES = st.lists(st.tuples(st.sets(st.sampled_from("abcd")), st.sets(st.sampled_from("xy"))), max_size=12)


@given(ARTICLES, st.integers(1, 4))
def test_related_articles_are_those_that_each_would_find_by_looking_at_every_other(
    subjects: list[tuple[set[str], set[str]]], most: int
) -> None:
    articles = [
        Article(Page("it", f"{i}.md", {}, "", ""), "", "", NEVER, (), (*topics,), 0, (*tags,), "", 1)
        for i, (tags, topics) in enumerate(subjects)
    ]
    spread = Counter(tag for article in articles for tag in article.tags)

    def nearness(one: Article, other: Article) -> float:
        shared = sum(1 / spread[tag] for tag in sorted({*one.tags} & {*other.tags}))
        return shared + (0.1 if {*one.topics} & {*other.topics} else 0)

    related = RelatedArticles(articles, most)
    for one in articles:
        others = [(nearness(one, other), other) for other in articles if other is not one]
        expected = [other for score, other in sorted(others, key=lambda pair: -pair[0]) if score]
        assert related.of(one) == expected[:most]


def test_reading_takes_at_least_a_minute_and_markup_does_not_count() -> None:
    assert reading_minutes("Ciao.") == 1
    words = "parola " * 660
    assert reading_minutes(words) == 3
    assert reading_minutes(words + "[parola](uno/due/tre/quattro.md)" + "<div class='x y z'>") == 3
