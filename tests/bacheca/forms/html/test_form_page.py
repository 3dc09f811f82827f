"""The page of a form.

One page: all of its states come from one template, and each test renders it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser

import pytest

from bacheca.forms import Form, Problem, render_answers, render_check, render_form
from bacheca.forms.definition.form import Kind, Publish
from bacheca.forms.html.form_page import TRAP, sources
from bacheca.forms.submission.read import read_response
from tests.bacheca.forms.conftest import HEAD
from tests.bacheca.forms.kinds.examples import EXAMPLES

Written = Callable[..., Form]
ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)",
    "</textarea><script>alert(1)</script>",
    "</title></style><svg onload=alert(1)>",
    "{{ 7 * 7 }} {% raw %}",
    "&lt;b&gt; &amp; <b>",
    "javascript:alert(1)",
]
attacks = pytest.mark.parametrize("attack", ATTACKS)
HARMLESS_TAGS = {"form", "fieldset", "legend", "label", "input", "textarea", "select", "option", "button", "pre"}
HARMLESS_TAGS |= {"div", "p", "span", "ul", "li", "h2", "section", "a", "dl", "dt", "dd", "em", "strong"}
HARMLESS_TAGS |= {"table", "thead", "tbody", "tr", "th", "td", "details", "summary", "bdi"}


class Tags(HTMLParser):
    """The tags and attributes of a page, and the text between them."""

    def __init__(self, html: str):
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def assert_harmless(html: str) -> Tags:
    page = Tags(html)
    assert page.tags <= HARMLESS_TAGS
    assert [name for _, name, _ in page.attributes if name.startswith("on") or name in ("style", "srcdoc")] == []
    assert [
        value for _, name, value in page.attributes if name == "href" and value.lower().startswith("javascript")
    ] == []
    return page


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@attacks
def test_whatever_an_editor_writes_stays_text(written: Written, attack: str) -> None:
    said = quoted(attack)
    fields = f"""
    - name: a
      title: {said}
      description: {said}
      type: string
      form:section: {{title: {said}, text: {said}}}
      categories: [{{value: x, label: {said}}}]
      missingValues: [{{value: "", label: {quoted(f"{attack} again")}}}]
      form:other: true
    - {{name: b, title: {said}, type: list, categories: [{{value: x, label: {said}}}], form:exclusive: x}}
    - {{name: c, title: {said}, type: list, form:widget: ranking, categories: [{{value: x, label: {said}}}]}}
    - {{name: d, title: {said}, type: integer, form:widget: scale, form:ends: {{low: {said}, high: {said}}}}}
    - {{name: e, title: {said}, type: boolean, form:widget: consent, form:notice: {said}}}
    - {{name: f, title: {said}, type: date, form:showIf: {{field: a, equals: x}}}}
    - {{name: g, title: {said}, description: {said}, type: string, form:widget: textarea, form:autocomplete: {said}}}
    - {{name: h, title: {said}, type: string, form:widget: select, categories: [{{value: x, label: {said}}}]}}
    - name: i
      title: {said}
      type: string
      form:stem: {said}
      form:matrix: m
      categoriesOrdered: true
      categories: [{{value: x, label: {said}}}]
    """
    form = written(fields, HEAD.replace("Una prova", said))
    response, problems = read_response(form, {"a": ["boh"], "f__day": ["x"], "d": ["99"], "h": ["boh"]}, "it")
    html = render_form(form, "it", action="/x", mail_to="a@example.org", problems=problems)
    page = assert_harmless(html)
    assert attack in page.text
    assert attack in unescape(html)
    cells = {**response.cells, "a": "x", "a__other": attack}
    assert_harmless(render_answers(form, "it", cells, masked=False))
    assert_harmless(render_check(form, "it", action="/x", posted={"a": ["x"]}, cells=cells, key=attack))


@attacks
@pytest.mark.parametrize("kind", EXAMPLES)
def test_whatever_somebody_posts_stays_text(written: Written, kind: str, attack: str) -> None:
    form = written(EXAMPLES[kind].written)
    posted = {name: [attack] for name in form.fields[0].inputs}
    response, problems = read_response(form, posted, "it")
    html = render_form(form, "it", action="/x", mail_to="a@example.org", posted=posted, problems=problems)
    assert_harmless(html)
    cells = {name: attack for name in response.cells} if kind in ("text", "long text") else response.cells
    assert_harmless(render_answers(form, "it", cells, masked=False))
    check = assert_harmless(render_check(form, "it", action="/x", posted=posted, cells=cells, key="k"))
    assert ("input", "value", attack) in check.attributes


SECTION = "- {{name: x, title: X, type: string, form:section: {{title: S, text: {text}}}}}"


@pytest.mark.parametrize(
    "text", ["[qui](javascript:alert(1))", "![x](data:text/html,x)", "<b>no</b>", "[x]: javascript:1\n[x]"]
)
def test_the_text_of_a_section_is_markdown_without_html_of_its_own(written: Written, text: str) -> None:
    html = render_form(
        written(SECTION.format(text=quoted(text))),
        "it",
        action="/",
    )
    page = assert_harmless(html.replace("<img", "<span"))
    assert "b" not in page.tags
    assert not any("javascript" in value or "data:" in value for _, _, value in page.attributes)


def test_the_text_of_a_section_may_link_to_the_portal(written: Written) -> None:
    text = quoted("Leggi **prima** [la pagina](/privacy/) e [scrivi](mailto:a@example.org).")
    html = render_form(written(SECTION.format(text=text)), "it", action="/")
    assert '<p>Leggi <strong>prima</strong> <a href="/privacy/">la pagina</a>' in html
    assert 'href="mailto:' in html or "&#109;" in html


TWO = """
- {name: nome, title: Nome, type: string, constraints: {required: true}}
- {name: eta, title: Età, type: integer, constraints: {maximum: 120}}
"""


def test_every_problem_stands_on_top_and_beside_its_field(written: Written) -> None:
    form = written(TWO)
    posted = {"eta": ["130"]}
    _, problems = read_response(form, posted, "it")
    html = render_form(form, "it", action="/x", posted=posted, problems=problems)
    summary, rest = html.split("</ul>\n</div>", 1)
    assert "Ci sono 2 problemi" in summary
    for name, sentence in (("nome", "Rispondi a «Nome»"), ("eta", "«Età»: il valore massimo è 120")):
        assert f'<a href="#f-{name}">{sentence}</a>' in summary
        assert f'id="f-{name}--problem"><span class="form-hidden">Errore:</span> {sentence}</p>' in rest
        assert re.search(rf'id="f-{name}"[^>]*aria-describedby="f-{name}--problem"[^>]*aria-invalid="true"', rest)
    assert 'value="130"' in rest


def test_a_problem_of_the_whole_form_stands_on_top_alone(written: Written) -> None:
    html = render_form(written(TWO), "it", action="/x", problems=[Problem("changed")])
    assert "Il modulo è cambiato" in html.split("</ul>\n</div>")[0]
    assert "form-field--problem" not in html


@pytest.mark.parametrize(
    ("typed", "constraints", "keyboard"),
    [
        ("integer", "{}", ""),
        ("number", "{}", ""),
        ("integer", "{maximum: 120}", ""),
        ("number", "{minimum: -0.5}", ""),
        ("integer", "{minimum: -1, maximum: 5}", ""),
        ("integer", "{minimum: 0}", "numeric"),
        ("number", "{minimum: 0.5}", "decimal"),
        ("year", "{}", "numeric"),
    ],
)
def test_only_a_number_that_cannot_be_negative_asks_for_a_keyboard_without_minus(
    written: Written, typed: str, constraints: str, keyboard: str
) -> None:
    form = written(f"- {{name: quanto, title: Quanto?, type: {typed}, constraints: {constraints}}}\n")
    control = re.search(r"<input class=\"form-input[^>]*f-quanto[^>]*>", render_form(form, "it", action="/x"))
    assert control
    assert re.findall(r'inputmode="(\w+)"', control[0]) == [keyboard] * bool(keyboard)
    assert "form-input--short" in control[0]


def test_what_is_optional_says_so_and_nothing_has_an_asterisk(written: Written) -> None:
    html = render_form(written(TWO), "it", action="/x")
    assert html.count("(facoltativo)") == 1
    assert "*" not in html
    assert html.count(" required") == 1


def test_a_closed_form_says_until_when_it_was_open_and_asks_nothing(written: Written) -> None:
    form = written(TWO, HEAD + "form:closes: '2027-06-30'\n")
    html = render_form(form, "it", action="/x", closed=True)
    assert "30 giugno 2027" in html
    assert "<form" not in html
    assert "data-after" not in html
    assert "data-until" not in html


@pytest.mark.parametrize("closes", ["", "form:closes: '2027-06-30'\n"])
def test_a_page_made_before_the_form_opens_says_when_and_knows_the_moment(written: Written, closes: str) -> None:
    form = written(TWO, HEAD + "form:opens: '2027-03-01'\n" + closes)
    html = render_form(form, "it", action="/forms/prova", early=True)
    note, rest = html.split('<div data-after="2027-03-01T00:00:00+01:00" hidden>')
    assert 'data-until="2027-03-01T00:00:00+01:00"' in note
    assert "risposte dal 1 marzo 2027" in note
    assert 'href="/forms/prova?lang=it"' in note  # where there is no script, the service decides
    assert "<form" not in note
    assert "<form" in rest
    assert html.count("<div") == html.count("</div>")
    assert "1 marzo" not in render_form(form, "it", action="/forms/prova")


def test_days_of_another_zone_say_whose_clocks_count(written: Written) -> None:
    days = HEAD + "form:opens: '2027-03-01'\nform:closes: '2027-06-30'\n"
    assert "ora di" not in render_form(written(TWO, days), "it", action="/x")
    abroad = written(TWO, days + "form:zone: Europe/London\n")
    assert '<li data-when="until">giorni secondo l’ora di Londra</li>' in render_form(abroad, "it", action="/x")
    early = render_form(abroad, "it", action="/x", early=True)
    assert "dal 1 marzo 2027. (giorni secondo l’ora di Londra)" in early
    assert 'data-after="2027-03-01T00:00:00+00:00"' in early


@pytest.mark.parametrize("day", ["2027-06-30", "2027-01-15"])
def test_an_open_form_knows_when_it_closes_even_if_its_page_is_read_later(written: Written, day: str) -> None:
    form = written(TWO, HEAD + f"form:closes: '{day}'\n")
    assert form.closes_at is not None
    assert form.is_closed(form.closes_at)
    assert not form.is_closed(form.closes_at - timedelta(seconds=1))
    html = render_form(form, "it", action="/x")
    moment = form.closes_at.isoformat()
    closed, rest = html.split(f'<div data-until="{moment}">')
    assert f'<div class="form-note" data-after="{moment}" hidden>' in closed
    assert "Ora è chiuso" in closed
    assert "<form" not in closed
    assert "risposte fino al" in rest
    assert rest.rstrip().endswith("</div>")
    assert rest.count("<div") + 1 == rest.count("</div>")
    shut = render_form(form, "it", action="/x", shut=True)
    assert f'<div class="form-note" data-after="{moment}">' in shut, "without a script it says that it is closed"
    assert f'<div data-until="{moment}" hidden>' in shut


def test_a_form_that_stays_open_for_ever_or_nearly_so_is_rendered(written: Written) -> None:
    assert "data-until" not in render_form(written(TWO), "it", action="/x")
    assert "data-until" not in render_form(written(TWO, HEAD + "form:closes: '9999-12-31'\n"), "it", action="/x")


@pytest.mark.parametrize(
    ("kind", "publish", "link"), [("survey", "results", True), ("signup", "results", False), ("poll", "nothing", False)]
)
def test_a_closed_form_leads_to_its_results_or_to_somebody(
    written: Written, kind: Kind, publish: Publish, link: bool
) -> None:
    form = written(TWO, HEAD + "form:closes: '2027-06-30'\n")
    form = replace(form, kind=kind, publish=publish)
    html = render_form(form, "it", action="/forms/x", mail_to="a@example.org", closed=True)
    assert ('<a href="/forms/x/results?lang=it">Guarda i risultati</a>' in html) is link
    assert ('<a href="mailto:a@example.org"' in html) is not link


def test_a_form_carries_its_version_its_language_and_a_trap(written: Written) -> None:
    form = written(TWO)
    html = render_form(form, "it", action="/x?a=1&b=2")
    assert f'name="_version" value="{form.version}"' in html
    assert 'name="_lang" value="it"' in html
    assert f'name="{TRAP}"' in html
    assert 'action="/x?a=1&amp;b=2"' in html
    assert "novalidate" in html


MATRIX = """
- name: orari
  title: Orari
  type: string
  form:matrix: accordo
  form:stem: Sei d’accordo?
  categoriesOrdered: true
  categories: &x [{value: no, label: Per niente}, {value: si, label: Del tutto}]
- name: luoghi
  title: Luoghi
  type: string
  form:matrix: accordo
  categoriesOrdered: true
  categories: [{value: no, label: Per niente}, {value: si, label: Del tutto}]
""".replace("&x ", "")


def test_a_matrix_is_one_table_of_radios_with_names_of_rows_and_columns(written: Written) -> None:
    form = written(MATRIX)
    html = render_form(form, "it", action="/x")
    assert html.count("<table") == html.count("Sei d’accordo?</legend>") == 1
    page = Tags(html)
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    named = [value.split() for tag, name, value in page.attributes if (tag, name) == ("input", "aria-labelledby")]
    assert len(named) == 2 * 3
    assert {reference for names in named for reference in names} <= set(ids)
    assert ["f-luoghi--row", "f-orari--column-si"] in named
    assert [column.name for column in form.columns] == ["orari", "luoghi"]


def test_a_problem_of_a_row_stands_in_its_row(written: Written) -> None:
    form = written(MATRIX)
    _, problems = read_response(form, {"luoghi": ["boh"]}, "it")
    html = render_form(form, "it", action="/x", problems=problems)
    assert '<a href="#f-luoghi-no">' in html
    assert 'id="f-luoghi-no"' in html
    row = html.split('id="f-luoghi--row"')[1].split("</tr>")[0]
    assert "Scegli una delle risposte" in row
    assert 'aria-describedby=" f-luoghi--problem"' in row


@pytest.mark.parametrize("of_type", ["string", "list"])
def test_without_a_script_a_sentence_says_when_to_write_another_choice(written: Written, of_type: str) -> None:
    fields = f"- {{name: x, title: X, type: {of_type}, form:other: true, categories: [{{value: a, label: A}}]}}"
    html = render_form(written(fields), "it", action="/x")
    assert '<p class="form-condition" id="f-x--other-condition">Scrivi qui solo se scegli «Altro».</p>' in html
    assert 'id="f-x--other" aria-describedby="f-x--other-condition"' in html


SECTIONS = """
- {name: da, title: Da dove, type: string, form:widget: hidden}
- {name: a, title: A, type: string, form:section: Prima}
- {name: b, title: B, type: string}
- {name: c, title: C, type: string, form:section: Seconda}
"""


def test_sections_have_headings_and_hidden_fields_make_none(written: Written) -> None:
    html = render_form(written(SECTIONS), "it", action="/x")
    assert re.findall(r'<h2[^>]*id="([^"]+)">([^<]+)</h2>', html) == [("s-a", "Prima"), ("s-c", "Seconda")]
    assert html.count('form-section"') == html.count('role="group" aria-labelledby="s-') == 2
    assert "</section>" not in html  # it would end what the search index leaves out
    assert "3 domande" in html


def test_what_steps_need_stands_there_hidden_until_a_script_shows_it(written: Written) -> None:
    steps = HEAD + "form:steps: true\n"
    html = render_form(written(SECTIONS, steps), "it", action="/x")
    assert '<div class="form-steps" hidden' in html
    assert "data-keep" in html
    signup = render_form(written(SECTIONS, steps.replace("survey", "signup")), "it", action="/x")
    assert "data-steps" in signup
    assert "data-keep" not in signup
    assert "data-steps" not in render_form(written(SECTIONS), "it", action="/x")


CONDITIONS = """
- {name: figli, title: Hai figli?, type: boolean}
- {name: quanti, title: Quanti?, type: integer, form:showIf: {field: figli, equals: true}}
- name: colore
  title: Colore
  type: string
  categories: [{value: r, label: Rosso}, {value: v, label: Verde}]
- {name: perche, title: Perché?, type: string, form:showIf: {field: colore, in: [r, v]}}
- {name: altro, title: Altro?, type: string, form:showIf: {field: perche, answered: true}}
- {name: niente, title: Niente?, type: string, form:showIf: {field: perche, answered: false}}
"""


def test_without_script_a_sentence_says_when_to_answer(written: Written) -> None:
    html = unescape(render_form(written(CONDITIONS), "it", action="/x"))
    for name, sentence in (
        ("quanti", "Rispondi solo se a «Hai figli?» hai risposto «Sì»."),
        ("perche", "Rispondi solo se a «Colore» hai risposto «Rosso» o «Verde»."),
        ("altro", "Rispondi solo se hai risposto a «Perché?»."),
        ("niente", "Rispondi solo se non hai risposto a «Perché?»."),
    ):
        assert f'<p class="form-condition" id="f-{name}--condition">{sentence}</p>' in html
        assert re.search(rf'aria-describedby="f-{name}--condition"', html)


def test_without_script_a_section_says_when_to_answer_it_and_its_questions_what_is_theirs(written: Written) -> None:
    section = "form:section: {title: Famiglia, form:showIf: {field: figli, equals: true}}"
    more = f"- {{name: scuola, title: Scuola?, type: string, {section}, form:showIf: {{field: quanti, atLeast: 2}}}}"
    html = unescape(render_form(written(CONDITIONS + more), "it", action="/x"))
    sentence = "Rispondi alle domande di questa sezione solo se a «Hai figli?» hai risposto «Sì»."
    assert f'<p class="form-condition" id="s-scuola--condition">{sentence}</p>' in html
    assert 'aria-labelledby="s-scuola" aria-describedby="s-scuola--condition"' in html
    own = "Rispondi solo se a «Quanti?» hai risposto 2 o più."
    assert f'<p class="form-condition" id="f-scuola--condition">{own}</p>' in html


def test_an_answer_that_was_not_asked_for_is_named_so(written: Written) -> None:
    form = written(CONDITIONS)
    response, _ = read_response(form, {"figli": ["false"], "quanti": ["3"]}, "it")
    html = render_answers(form, "it", response.cells, masked=False)
    assert "Non richiesta, viste le altre risposte" in html
    assert "not-shown" not in html


PERSONAL = """
- {name: nome, title: Nome, type: string, form:privacy: personal}
- {name: email, title: E-mail, type: string, format: email}
- {name: tel, title: Telefono, type: string, form:widget: tel}
- {name: idea, title: Idea, type: string}
- {name: sito, title: Sito, type: string, format: uri}
"""


def test_a_receipt_shows_only_how_personal_answers_begin(written: Written) -> None:
    form = written(PERSONAL)
    cells = {"nome": "Ada Rossi", "email": "ada@example.org", "tel": "+390612345678", "idea": "Un’idea"}
    cells["sito"] = "https://ada.example.org/"
    masked = render_answers(form, "it", cells, masked=True)
    assert re.findall(r"<dd><bdi>(.*?)</bdi></dd>", masked) == [
        "A•••",
        "a•••@example.org",
        "•••78",
        "Un’idea",
        "h•••",
    ]
    assert "Ada Rossi" in render_answers(form, "it", cells, masked=False)


def test_a_server_shuffles_by_a_seed_and_says_which(written: Written) -> None:
    options = ", ".join(f"{{value: c{n}, label: C{n}}}" for n in range(8))
    form = written(f"- {{name: x, title: X, type: string, form:shuffle: true, categories: [{options}]}}")
    orders = {
        seed: re.findall(r'type="radio" name="x" value="(c\d)"', render_form(form, "it", action="/", seed=seed))
        for seed in (None, 1, 2)
    }
    assert orders[None] == sorted(orders[None]) != orders[1] != orders[2]
    assert sorted(orders[1]) == sorted(orders[2]) == orders[None]
    html = render_form(form, "it", action="/", posted={"x__seed": ["2"]}, seed=1)
    assert re.findall(r'type="radio" name="x" value="(c\d)"', html) == orders[2]
    assert 'name="x__seed" value="2"' in html


def test_a_source_comes_from_the_address_when_it_looks_like_one(written: Written) -> None:
    form = written(SECTIONS)
    assert sources(form, {"da": ["news-11"], "a": ["no"]}) == {"da": ["news-11"]}
    assert sources(form, {"da": ["<script>"]}) == {}
    assert 'name="da" value="news-11"' in render_form(form, "it", action="/", posted=sources(form, {"da": ["news-11"]}))


def test_the_page_in_another_language_is_in_that_language(written: Written) -> None:
    english = "title: A test\nfields:\n- {name: nome, title: Name}\n- {name: eta, title: Age}\n"
    html = render_form(written(TWO, en=english), "en", action="/x", mail_to="a@example.org")
    assert "(optional)" in html
    assert ">Name</label>" in html
    assert "facoltativo" not in html
