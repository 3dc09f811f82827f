"""`bacheca.portal.checks.front_matter`: what every page must say of itself."""

from __future__ import annotations

import pytest

from bacheca.portal.checks.front_matter import OF_ARTICLES, OF_HOME, OF_PAGES
from bacheca.portal.checks.key_names import ELSEWHERE, HERE, key_meant
from bacheca.portal.content.articles import articles_of
from tests.bacheca.portal.conftest import Sketch


def test_a_sound_portal_has_no_problem(sketch: Sketch) -> None:
    assert sketch.said() == []


@pytest.mark.parametrize("key", ["title", "translation"])
def test_a_page_needs_no_key_but_is_asked_for_a_description(sketch: Sketch, key: str) -> None:
    sketch.page("it/a.md", "Testo.", **{"translation": "a", key: ""})
    assert sketch.places() == []
    sketch.write("content/it/a.md", "# Una guida\n\nDi *questo* si [parla](modulo.md).\n")
    (problem,) = sketch.problems()
    assert (problem.code, problem.line, problem.stops) == ("DESCRIPTION_NONE", 1, False)
    assert '`description: "Di questo si parla."`' in problem.remedy("en")


def test_an_example_is_in_the_language_of_the_page(sketch: Sketch) -> None:
    sketch.page("it/a.md", "Testo.", translation="a", title="[1]")
    sketch.page("en/a.md", "Text.", translation="a", title="[1]")
    said = [problem.remedy("it") for problem in sketch.problems()]
    assert ["title: Il profilo professionale" in one for one in said].count(True) == 1
    assert ["title: What there is to do" in one for one in said].count(True) == 1


def test_an_article_needs_a_date_alone(sketch: Sketch) -> None:
    sketch.article("altro", authors="", categories="", tags="", slug="", numero="", title="")
    assert sketch.places() == []
    (found,) = [page for page in articles_of(sketch.content().pages["it"]) if page.page.path.endswith("altro.md")]
    assert (found.title, found.url, found.topic, found.issue) == ("Altro", "articoli/altro/", "", 0)
    sketch.article("altro", date="")
    assert sketch.places() == [("content/it/articoli/posts/altro.md", 1, "KEY_MISSING")]


def test_a_card_of_the_home_page_has_a_drawing_that_there_is(sketch: Sketch) -> None:
    def problems(drawing: str) -> list[str]:
        card = f"{{title: A, text: B, label: C, href: modulo/, drawing: {drawing}}}"
        meta = {"hero": "{title: A, text: B, actions: []}", "cards": f"[{card}]"}
        sketch.page("it/index.md", "", translation="home", **meta)
        return [code for file, _, code in sketch.places() if file.endswith("index.md")]

    assert problems("rules") == []
    assert problems("niente") == ["KEY_INVALID"]


def test_what_other_tools_write_of_a_page_means_nothing_here(sketch: Sketch) -> None:
    head = "authors: {a: b}\ncategories: 7\ndate: ieri\nslug: /x/\nnumero: [1]\nhero: true\ncards: x\n"
    sketch.write(
        "content/it/a.md",
        f"---\ntitle: A\ndescription: B\n{head}author: A\ntag: z\nupdated: 1\nlayout: post\n---\nX.\n",
    )
    assert sketch.said() == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("date", "ieri"),
        ("authors", "redazione"),
        ("tags", "reclami"),
        ("slug", "Un Altro"),
        ("numero", "uno"),
        ("numero", "0"),
        ("numero", "true"),
        ("title", "[uno]"),
        ("translation", "Una Pagina"),
        ("image", "{href: assets/foto.jpg}"),
    ],
)
def test_a_value_of_another_kind_is_a_problem_at_its_line(sketch: Sketch, key: str, value: str) -> None:
    file = sketch.article("altro", **{key: value})
    line = next(i for i, text in enumerate(file.read_text().split("\n"), 1) if text.startswith(f"{key}:"))
    assert ("content/it/articoli/posts/altro.md", line, "KEY_INVALID") in sketch.places()


def test_an_image_of_which_only_the_place_is_told_is_told_of_wherever_it_stands(sketch: Sketch) -> None:
    starts = {"starts": "2027-03-12 18:00", "ends": "2027-03-12 20:00", "place": "Biella"}
    sketch.article("altro", image="./a.svg")
    sketch.page("it/a.md", "", translation="a", image="/assets/una foto.jpg")
    sketch.page("it/b.md", "", translation="b", image="[a.svg, b.svg]", **starts)
    said = [problem for problem in sketch.problems() if problem.code == "IMAGE_TEXT"]
    assert {problem.stops for problem in said} == {False}
    assert [problem.values["example"] for problem in said] == [
        'image: {href: "assets/una foto.jpg", alt: Due persone davanti a una bacheca}',
        "image: {href: a.svg, alt: Due persone davanti a una bacheca}",
        "image: {href: a.svg, alt: Due persone davanti a una bacheca}",
    ]
    sketch.page("it/a.md", "", translation="a", image="{href: a.svg}")
    assert ("content/it/a.md", 5, "KEY_INVALID") in sketch.places()


def test_a_description_has_a_limit(sketch: Sketch) -> None:
    sketch.page("it/a.md", "", translation="a", description="x" * 155)
    assert sketch.places() == []
    sketch.page("it/a.md", "", translation="a", description="x" * 156)
    assert sketch.places() == [("content/it/a.md", 3, "DESCRIPTION_LONG")]


def test_a_misspelt_key_is_named_with_the_one_that_was_meant(sketch: Sketch) -> None:
    sketch.page("it/a.md", "", translation="a", tamplate="home.html")
    assert sketch.said() == ["content/it/a.md:5: KEY_TYPO tamplate is not known here — write `template` in its place"]


def test_a_key_of_the_editors_own_is_left_alone(sketch: Sketch) -> None:
    sketch.page("it/a.md", "", translation="a", revisione="3")
    assert sketch.said() == []


def test_an_article_says_where_its_summary_ends(sketch: Sketch) -> None:
    sketch.article("altro", "Tutto insieme.")
    assert [code for _, _, code in sketch.places()] == ["MORE_MISSING"]


def test_problems_are_said_in_italian(sketch: Sketch) -> None:
    sketch.page("it/a.md", "", translation="a", title="no")
    assert sketch.said("it") == [
        "content/it/a.md:2: KEY_QUOTE title è scritta no, che YAML legge come False — "
        'scrivi `title: "no"`, fra virgolette'
    ]


@pytest.mark.parametrize(
    ("key", "written", "meant"),
    [
        ("title", "2027", 'title: "2027"'),
        ("title", "no", 'title: "no"'),
        ("title", "2027-01-01", 'title: "2027-01-01"'),
        ("description", "8.10", 'description: "8.10"'),
        ("tags", "[1, 2]", 'tags: ["1", "2"]'),
        ("tags", "[8.6, python]", 'tags: ["8.6", python]'),
        ("tags", "[8.10]", 'tags: ["8.10"]'),
        ("tags", "\n- 8.10\n- no", 'tags: ["8.10", "no"]'),
        ("categories", "[2027]", 'categories: ["2027"]'),
        ("slug", "2027", 'slug: "2027"'),
    ],
)
def test_a_text_that_yaml_takes_for_something_else_wants_quotes(
    sketch: Sketch, key: str, written: str, meant: str
) -> None:
    file = sketch.article("altro", **{key: written})
    [problem] = sketch.problems()
    assert (problem.code, problem.remedy("en")) == ("KEY_QUOTE", f"write `{meant}`, with quotes")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(f"{key}: {written}", meant), encoding="utf-8")
    assert sketch.places() == []


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("descrption", "description"),
        ("titel", "title"),
        ("trnaslation", "translation"),
        ("bozza", "draft"),
        ("Titolo", "title"),
        *(
            (key, "")
            for key in ("author", "update", "status", "untranslated", "tag", "image", "data", "heroes", "topics")
        ),
    ],
)
def test_a_key_is_mistyped_only_where_it_is_one_slip_from_another(key: str, meant: str) -> None:
    assert key_meant(key) == meant


@pytest.mark.parametrize("key", sorted(ELSEWHERE))
def test_no_key_of_another_tool_is_a_mistyped_one(key: str) -> None:
    assert key_meant(key) == ""


@pytest.mark.parametrize("template", ["altro.html", "page.html", "5", "[a]", "blog-post.html"])
def test_a_page_asks_for_a_template_that_there_is(sketch: Sketch, template: str) -> None:
    sketch.page("it/a.md", "Testo.", translation="a", template=template)
    assert [(problem.code, problem.values["example"]) for problem in sketch.problems()] == [
        ("KEY_INVALID", "template: main.html")
    ]


@pytest.mark.parametrize(
    ("key", "written", "meant"),
    [
        ("title", "[Urgente]", 'title: "[Urgente]"'),
        ("date", "30/04/2027", "date: 2027-04-30"),
        ("date", "30 aprile 2027", "date: 2027-04-30"),
        ("date", "2027-02-31", "date: 2027-02-28"),
        ("authors", "redazione", "authors: [redazione]"),
        ("tags", "reclami, notte", "tags: [reclami, notte]"),
        ("categories", "Uno, Due", "categories: [Uno, Due]"),
        ("slug", "Un Altro", "slug: un-altro"),
        ("slug", "novità", "slug: novita"),
        ("numero", "n. 7", "numero: 7"),
    ],
)
def test_a_wrong_value_comes_with_the_line_that_was_meant(sketch: Sketch, key: str, written: str, meant: str) -> None:
    file = sketch.article("altro", **{key: written})
    [problem] = [problem for problem in sketch.problems() if problem.code == "KEY_INVALID"]
    assert problem.remedy("it") == f"scrivi `{meant}`"
    lines = [meant if line.startswith(f"{key}:") else line for line in file.read_text(encoding="utf-8").split("\n")]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert "KEY_INVALID" not in {code for _, _, code in sketch.places()}


@pytest.mark.parametrize(
    ("key", "written", "meant"),
    [
        ("starts", "30/04/2027 18.30", 'starts: "2027-04-30 18:30"'),
        ("starts", "30/04/2027", 'starts: "2027-04-30 18:00"'),
        ("online", "www.coro.it", "online: https://www.coro.it"),
        ("cancelled", "sì", "cancelled: true"),
    ],
)
def test_an_event_is_mended_in_the_same_way(sketch: Sketch, key: str, written: str, meant: str) -> None:
    when = {"starts": '"2027-03-12 18:00"', "ends": '"2029-03-12 20:00"', "place": "Biella", key: written}
    sketch.page("it/a.md", "Testo.", translation="a", **when)
    [problem] = sketch.problems()
    assert (problem.code, problem.remedy("en")) == ("KEY_INVALID", f"write `{meant}`")


@pytest.mark.parametrize(("slip", "meant"), [("imagee", "image"), ("redirect_form", "redirect_from")])
def test_a_slip_in_any_key_that_is_read_is_told(slip: str, meant: str) -> None:
    assert key_meant(slip) == meant
    assert {*OF_PAGES, *OF_ARTICLES, *OF_HOME} <= HERE
    assert HERE.isdisjoint(ELSEWHERE)
