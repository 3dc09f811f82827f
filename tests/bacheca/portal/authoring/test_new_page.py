"""`bacheca.portal.authoring.new_page`: what it begins passes the check, and nothing is overwritten."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from bacheca.forms import load_form
from bacheca.forms.definition.form import KINDS_OF_FORM
from bacheca.portal.authoring.new_form import QUESTIONS, Plan, as_understood, plan_by_asking
from bacheca.portal.authoring.new_page import MAKERS, new_form
from bacheca.portal.authoring.new_portal import Community, new_portal
from bacheca.portal.build.read import read_content
from bacheca.portal.errors import ContentProblems, SettingsProblems
from bacheca.portal.messages import SAYINGS, STARTS, say
from bacheca.portal.settings import load_portal
from tests.bacheca.portal.conftest import Sketch

TODAY = dt.date(2026, 12, 1)


@pytest.mark.parametrize(
    ("kind", "language", "name", "path"),
    [
        ("page", 0, "partecipa/incontri", "content/it/partecipa/incontri.md"),
        ("page", 1, "take-part/meetings", "content/en/take-part/meetings.md"),
        ("article", 0, "moderare-di-notte", "content/it/articoli/posts/moderare-di-notte.md"),
        ("event", 0, "pomeriggio-di-domande", "content/it/eventi/pomeriggio-di-domande.md"),
        ("form", 0, "iscrizione-2027", "content/forms/iscrizione-2027.yaml"),
    ],
)
def test_what_is_new_passes_the_check(sketch: Sketch, kind: str, language: int, name: str, path: str) -> None:
    portal = sketch.portal()
    file = MAKERS[kind](portal, portal.languages[language], name, TODAY)
    assert file == sketch.root / path
    assert {code for _, _, code in sketch.places()} == ({"FORM_NOWHERE"} if kind == "form" else set())
    written = file.read_text()
    with pytest.raises(SettingsProblems, match="EXISTS"):
        MAKERS[kind](portal, portal.languages[language], name, TODAY)
    assert file.read_text() == written


@pytest.mark.parametrize("language", ["de", "en", "es", "fr"])
def test_what_is_new_speaks_the_language_of_its_portal(tmp_path: Path, language: str) -> None:
    new_portal(tmp_path / "new", Community("Coro", (language,), sections=("articles",), today=TODAY))
    portal = load_portal(tmp_path / "new/mkdocs.yml")
    plan = Plan(kind="signup", questions=tuple(question for question in QUESTIONS if question != "choice"))
    form = new_form(portal, portal.main, "signup", TODAY, plan)
    made = [
        form,
        *(MAKERS[kind](portal, portal.main, f"a-{kind}", TODAY) for kind in ("page", "article", "event", "form")),
    ]
    said = "".join(file.read_text(encoding="utf-8") for file in made).replace("''", "'")
    words = {say(STARTS[key], language) for key in STARTS if key not in ("new_topic", "author_code")}
    assert [word for word in words if word not in said] == []
    assert {problem.code for problem in read_content(portal)[1]} == {"FORM_NOWHERE", "PAGE_ORPHAN"}


def test_a_new_article_is_a_draft_of_today_in_the_newest_issue(sketch: Sketch) -> None:
    sketch.article("altro", numero="7", categories="[Misure]", date="2026-11-30")
    portal = sketch.portal()
    MAKERS["article"](portal, portal.main, "nuovo", TODAY)
    page = next(page for page in sketch.content().drafts["it"] if page.path.endswith("nuovo.md"))
    assert (page.meta["draft"], page.meta["date"], page.meta["numero"]) == (True, TODAY, 7)
    assert page.meta["categories"] == ["Misure"]


def test_a_new_form_has_its_name(sketch: Sketch) -> None:
    portal = sketch.portal()
    assert load_form(MAKERS["form"](portal, portal.main, "iscrizione", TODAY)).name == "iscrizione"


@pytest.mark.parametrize("kind", ["page", "article", "event", "form"])
@pytest.mark.parametrize("name", ["Due Parole", "../fuori", "/etc/x", "a--b", "", "è"])
def test_a_name_is_one_that_an_address_can_have(sketch: Sketch, kind: str, name: str) -> None:
    portal = sketch.portal()
    with pytest.raises(SettingsProblems, match="NAME"):
        MAKERS[kind](portal, portal.main, name, TODAY)


@pytest.mark.parametrize("kind", KINDS_OF_FORM)
def test_a_form_begins_with_what_was_planned(sketch: Sketch, kind: str) -> None:
    portal = sketch.portal()
    plan = Plan("Sì: «davvero»?", kind, "2 years", "2027-06-30", "40" if kind == "signup" else "", QUESTIONS)
    form = load_form(new_form(portal, portal.main, "nuovo", TODAY, plan))
    assert {code for _, _, code in sketch.places()} == {"FORM_NOWHERE"}
    assert form.wording("it").title == "Sì: «davvero»?"
    assert (form.kind, form.closes, form.descriptor["form:keep"]) == (kind, dt.date(2027, 6, 30), "2 years")
    assert (len(form.fields), form.descriptor.get("form:places")) == ((11, 40) if kind == "signup" else (8, None))


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (Plan(kind="boh"), "NOT_ONE_OF"),
        (Plan(keep="sempre"), "FORM_KEEP"),
        (Plan(closes="domani"), "FORM_DATE"),
        (Plan(kind="signup", places="molti"), "FORM_PLACES"),
        (Plan(places="40"), "FORM_PLACES_KIND"),
        (Plan(questions=("text", "text")), "FIELD_TWICE"),
        (Plan(questions=()), "FORM_NO_FIELDS"),
    ],
)
def test_a_plan_that_cannot_be_leaves_no_file(sketch: Sketch, plan: Plan, code: str) -> None:
    portal = sketch.portal()
    with pytest.raises(ContentProblems, match=rf"forms/nuovo.yaml:\d+: {code} "):
        new_form(portal, portal.main, "nuovo", TODAY, plan)
    with pytest.raises(SettingsProblems, match="PLAN"):
        new_form(portal, portal.main, "nuovo", TODAY, Plan(questions=("boh",)))
    assert not (sketch.root / "content/forms/nuovo.yaml").exists()


def test_an_editor_is_asked_for_what_no_option_says() -> None:
    answers = {
        "ask_kind": "signup",
        "ask_keep": "90 days",
        "ask_closes": " ",
        "ask_places": "12",
        "ask_questions": "yes,date",
    }
    asked: list[str] = []

    def ask(what: str, usual: str) -> str:
        asked.append(what)
        return answers[what]

    plan = plan_by_asking(Plan(title="Festa"), ask)
    assert plan == Plan("Festa", "signup", "90 days", "", "12", ("yes", "date"))
    assert asked == list(answers)
    asked.clear()
    plan_by_asking(Plan("F", "poll", "1 year", "2027-06-30", "", ("yes",)), ask)
    assert asked == []


def test_a_new_term_stands_where_the_alphabet_wants_it(sketch: Sketch) -> None:
    written = "# Glossario\n\n## Alias {: #alias }\n\nUn nome.\n\n## Èlite\n\nPochi.\n\n## Zoom\n\nVideo.\n"
    file = sketch.page("it/glossario.md", written, translation="glossary")
    portal = sketch.portal()
    for name in ("Tag", "Abuso", "Zuffa", "Feed"):
        assert MAKERS["term"](portal, portal.main, name, TODAY) == file
    found = [line.removeprefix("## ") for line in file.read_text().splitlines() if line.startswith("## ")]
    assert found == ["Abuso", "Alias {: #alias }", "Èlite", "Feed", "Tag", "Zoom", "Zuffa"]
    assert sketch.said() == []
    before = file.read_text()
    with pytest.raises(SettingsProblems, match="EXISTS"):
        MAKERS["term"](portal, portal.main, "elite", TODAY)
    assert file.read_text() == before
    assert "\n\n\n" not in before
    assert before.endswith("## Zuffa\n\n[DA COMPILARE: che cosa vuol dire, in una frase.]\n")


def test_a_new_question_is_the_last(sketch: Sketch) -> None:
    file = sketch.page("en/faq.md", "# FAQ\n\n## Why?\n\nBecause.\n", translation="faq")
    portal = sketch.portal()
    MAKERS["faq"](portal, portal.languages[1], "How much is it?", TODAY)
    assert file.read_text().endswith("Because.\n\n## How much is it?\n\n[TO BE FILLED IN: the answer.]\n")
    assert sketch.said() == []


@pytest.mark.parametrize(
    ("name", "code"), [("# x", "NAME_ENTRY"), ("", "NAME_ENTRY"), ("a\n## b", "NAME_ENTRY"), ("Tag", "NO_PAGE")]
)
def test_an_entry_needs_a_name_and_a_page(sketch: Sketch, name: str, code: str) -> None:
    portal = sketch.portal()
    for kind in ("term", "faq"):
        with pytest.raises(SettingsProblems, match=code):
            MAKERS[kind](portal, portal.main, name, TODAY)


def test_each_answer_is_checked_when_it_is_given_and_the_others_are_kept() -> None:
    answers = {
        "ask_title": ["Festa"],
        "ask_kind": ["boh", "iscrizione"],
        "ask_keep": ["sempre", "24 mesi"],
        "ask_closes": ["domani", "30/06/2027"],
        "ask_places": ["molti", "40"],
        "ask_questions": ["boh", "sì, commento"],
    }
    again: list[str] = []
    plan = plan_by_asking(Plan(), lambda what, usual: answers[what].pop(0), again.append)
    assert plan == Plan("Festa", "signup", "24 months", "2027-06-30", "40", ("yes", "comment"))
    assert again == ["again_kind", "again_keep", "again_closes", "again_places", "again_questions"]


@pytest.mark.parametrize(("name", "near"), [("novità", "novita"), ("Due Parole", "due-parole"), ("x.md", "x")])
def test_a_name_that_cannot_be_comes_with_one_that_can(sketch: Sketch, name: str, near: str) -> None:
    portal = sketch.portal()
    with pytest.raises(SettingsProblems, match=f"NAME {name} cannot be a name — write {near}:"):
        MAKERS["page"](portal, portal.main, name, TODAY)


def test_options_are_understood_as_answers_are() -> None:
    plan = Plan("F", "iscrizione", "24 mesi", "30/06/2027", "40", ("sì", "commento"))
    assert as_understood(plan) == Plan("F", "signup", "24 months", "2027-06-30", "40", ("yes", "comment"))
    assert as_understood(Plan(kind="boh", keep="sempre")) == Plan(kind="boh", keep="sempre")


@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "it"])
def test_what_an_editor_is_told_to_write_is_understood(language: str) -> None:
    kinds = re.findall(r"\w[\w-]*", say(SAYINGS["again_kind"], language).partition(":")[2])[1:]
    plans = [as_understood(Plan(kind=word)) for word in kinds if word not in ("or", "o", "ou", "oder")]
    assert [plan.kind for plan in plans] == ["survey", "signup", "poll"]
    period = re.findall(r"24 \w+", say(SAYINGS["again_keep"], language))
    assert [as_understood(Plan(keep=said)).keep for said in period] == ["24 months"]
