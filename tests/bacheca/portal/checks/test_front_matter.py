"""`bacheca.portal.checks.front_matter`: what every page must say of itself."""

from __future__ import annotations

import pytest

from tests.bacheca.portal.conftest import Sketch


def test_a_sound_portal_has_no_problem(sketch: Sketch) -> None:
    assert sketch.said() == []


@pytest.mark.parametrize("key", ["title", "description", "translation"])
def test_a_page_needs_each_of_its_keys(sketch: Sketch, key: str) -> None:
    sketch.page("it/a.md", "", **{"translation": "a", key: ""})
    assert sketch.places() == [("content/it/a.md", 1, "KEY_MISSING")]
    assert f"{key} is missing" in sketch.said()[0]


@pytest.mark.parametrize("key", ["title", "description", "date", "authors", "categories", "tags", "slug", "numero"])
def test_an_article_needs_each_of_its_keys(sketch: Sketch, key: str) -> None:
    sketch.article("altro", **{key: ""})
    assert [place for place in sketch.places() if place[2] == "KEY_MISSING"] == [
        ("content/it/articoli/posts/altro.md", 1, "KEY_MISSING")
    ]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("date", "ieri"),
        ("authors", "redazione"),
        ("categories", "[Uno, Due]"),
        ("tags", "reclami"),
        ("tags", "[1, 2]"),
        ("slug", "Un Altro"),
        ("numero", "uno"),
        ("numero", "0"),
        ("numero", "true"),
        ("title", "[uno]"),
        ("translation", "Una Pagina"),
    ],
)
def test_a_value_of_another_kind_is_a_problem_at_its_line(sketch: Sketch, key: str, value: str) -> None:
    file = sketch.article("altro", **{key: value})
    line = next(i for i, text in enumerate(file.read_text().split("\n"), 1) if text.startswith(f"{key}:"))
    assert ("content/it/articoli/posts/altro.md", line, "KEY_INVALID") in sketch.places()


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
    sketch.page("it/a.md", "", translation="a", title="")
    assert sketch.said("it") == [
        "content/it/a.md:1: KEY_MISSING title manca o è vuota — "
        "scrivila nell’intestazione, per esempio `title: Il profilo professionale`"
    ]


@pytest.mark.parametrize(
    ("key", "written", "meant"),
    [
        ("title", "2027", 'title: "2027"'),
        ("title", "no", 'title: "no"'),
        ("title", "[Urgente]", 'title: "[Urgente]"'),
        ("date", "30/04/2027", "date: 2027-04-30"),
        ("date", "30 aprile 2027", "date: 2027-04-30"),
        ("date", "2027-02-31", "date: 2027-02-28"),
        ("authors", "redazione", "authors: [redazione]"),
        ("tags", "reclami, notte", "tags: [reclami, notte]"),
        ("tags", "[1, 2]", 'tags: ["1", "2"]'),
        ("categories", "[Uno, Due]", "categories: [Uno]"),
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
