"""A word longer than a phone is wide, in every place where somebody can write one: no page grows wider for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from markupsafe import Markup
from playwright.sync_api import Browser, Page, expect

from bacheca.forms import load_form, render_form
from bacheca.forms.results.package import write_results
from bacheca.portal.build.pipeline import build
from forms_server.http.page_shell import Shell
from tests.bacheca.forms.samples import sample_form, sample_results
from tests.bacheca.portal.archive import archive, event
from tests.journeys.conftest import Picture, Visit
from tests.journeys.respondent import SEND, send
from tests.journeys.service import Service

LONG = "donaudampfschifffahrt" * 6
WIDTHS = (320, 360)
FORM = f"""\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: lungo
title: {LONG}
description: {LONG}
form:kind: survey
fields:
- name: testo
  title: {LONG}
  description: {LONG}
  type: string
  form:section: {LONG}
  constraints: {{required: true, maxLength: 500}}
- {{name: parere, title: {LONG}, type: string, form:widget: textarea, constraints: {{maxLength: 2000}}}}
- {{name: prezzo, title: {LONG}, type: number}}
- {{name: giorno, title: {LONG}, type: date}}
- name: scelta
  title: {LONG}
  type: string
  form:other: true
  categories: [{{value: a, label: {LONG}}}, {{value: b, label: B}}]
  missingValues: [{{value: "", label: N}}, {{value: non-so, label: non{LONG}}}]
- name: elenco
  title: {LONG}
  type: string
  form:widget: select
  categories: [{{value: a, label: {LONG}}}, {{value: b, label: B}}]
- name: molte
  title: {LONG}
  type: list
  categories: [{{value: a, label: {LONG}}}, {{value: b, label: B}}]
- name: ordine
  title: {LONG}
  type: list
  form:widget: ranking
  categories: [{{value: a, label: {LONG}}}, {{value: b, label: B}}]
- {{name: voto, title: {LONG}, type: integer, form:widget: scale, form:ends: {{low: {LONG}, high: {LONG}}}}}
- name: riga
  title: {LONG}
  type: string
  form:matrix: giudizi
  form:stem: {LONG}
  categoriesOrdered: true
  categories: [{{value: a, label: {LONG}}}, {{value: b, label: B}}]
- name: altra
  title: {LONG}
  type: string
  form:matrix: giudizi
  categoriesOrdered: true
  categories: [{{value: a, label: {LONG}}}, {{value: b, label: B}}]
- {{name: perche, title: {LONG}, type: string, form:showIf: {{field: scelta, equals: a}}}}
"""
PAGE = f"""\
# {LONG}

{LONG} **{LONG}** [{LONG}](index.md) `{LONG}`

## {LONG}

| {LONG} | b |
|---|---|
| {LONG} | c |

- {LONG}

> {LONG}

{LONG}
:   {LONG}

!!! note "{LONG}"

    {LONG}

/// form | lungo
///
"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def lengthy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A portal of long words, and its service."""
    root = tmp_path_factory.mktemp("parole")
    sketch = archive(root, articles=1, events=0)
    settings = yaml.safe_load(sketch.config_file.read_text(encoding="utf-8"))
    settings |= {"site_name": LONG, "site_description": LONG}
    settings["nav"] = [{LONG: "lunga.md"}, {"Articoli": ["articoli/index.md", "articoli/colophon.md"]}]
    sketch.settings("mkdocs.yml", settings)
    sketch.write("content/forms/lungo.yaml", FORM)
    sketch.page("it/lunga.md", PAGE, title=LONG, translation="lunga", eyebrow=LONG)
    link = f"{{label: {LONG}, href: lunga/}}"
    sketch.page(
        "it/index.md",
        f"## {LONG}\n\n{LONG}\n",
        translation="home",
        template="home.html",
        hero=f"{{title: {LONG}, text: {LONG}, actions: [{link}]}}",
        cards=f"[{{title: {LONG}, text: {LONG}, label: {LONG}, href: lunga/}}]",
        aside=f"{{eyebrow: {LONG}, title: {LONG}, text: {LONG}, links: [{link}]}}",
    )
    sketch.article("a", f"# {LONG}\n\n{LONG}\n\n<!-- more -->\n\n{LONG}\n", title=LONG, categories=f"[{LONG}]")
    event(sketch, "e", "2027-03-12 18:00", "2027-03-12 20:00", title=LONG, place=LONG, address=LONG)
    build(sketch.portal(), root / "site", lambda *_, **__: None, engine="mkdocs", full=False)
    form = sample_form(root / "content/forms", "giudizi", f"description: {LONG}\n")
    path = root / "content/forms/giudizi.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("label: Forum", f"label: {LONG}"), encoding="utf-8")
    form = load_form(path)
    write_results(root / "results" / form.name, form, sample_results(form, quotations=(LONG,)))
    running = Service(root / "site", root, FORMS_CONTENT=str(root / "content/forms"))
    yield running
    running.stop()
    assert running.faults == []


def fits(page: Page, what: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(TOO_WIDE) <= 0, (what, width)


def test_pages_with_long_words_fit_a_phone(visit: Visit, lengthy: Service, picture: Picture) -> None:
    page = visit(base=lengthy.url, width=360)
    for address in ("", "lunga/", "articoli/", "articoli/a/", "eventi/", "eventi/e/", "articoli/indice/", "non-c-e/"):
        page.goto(f"/{address}")
        fits(page, address)
        picture(page, f"long-{address.strip('/').replace('/', '-') or 'home'}", full_page=True)
    page.goto("/forms/giudizi/results")
    expect(page.locator(".results-quotation")).to_have_text(LONG)
    fits(page, "results")
    page.goto("/")
    page.click(".site-menu-button")
    fits(page, "menu")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_form_of_long_words_and_what_answers_it_fit_a_phone(
    visit: Visit, lengthy: Service, picture: Picture, script: bool
) -> None:
    page = visit("/lunga/", base=lengthy.url, script=script, width=360)
    for place in ("#f-testo", "#f-parere"):
        page.fill(place, LONG)
    page.fill("#f-prezzo", LONG)
    page.check("#f-scelta-a")
    assert send(page).status == 422
    fits(page, "problems")
    picture(page, f"long-problems-{script}", full_page=True)
    page.fill("#f-prezzo", "-3")
    send(page)
    if not script:
        expect(page.locator("dl.form-answers")).to_contain_text(LONG)
        fits(page, "check")
        picture(page, "long-check", full_page=True)
        page.click(f"{SEND} >> nth=0")
    expect(page.locator(".form-reference")).to_be_visible()
    fits(page, "receipt")
    picture(page, f"long-receipt-{script}", full_page=True)


def test_without_a_portal_too_a_form_of_long_words_fits_a_phone(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "lungo.yaml").write_text(FORM, encoding="utf-8")
    content = render_form(load_form(tmp_path / "lungo.yaml"), "it", action="/x", mail_to="a@example.org")
    page = browser.new_page()
    page.set_content(Shell(None).page("it", title=LONG, content=Markup(content), alternates={}))
    fits(page, "fallback")
    page.close()


def test_the_rows_of_a_scale_are_as_long_as_each_other_or_nearly_so(
    visit: Visit, lengthy: Service, picture: Picture
) -> None:
    page = visit("/lunga/", base=lengthy.url)
    scale = page.locator(".form-scale")
    for steps in range(11, 1, -1):
        for width in (320, 360, 480, 700, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            tops = scale.evaluate("box => [...box.children].map(option => option.offsetTop)")
            rows = [tops.count(top) for top in sorted(set(tops))]
            assert len(tops) == steps
            assert max(rows) - min(rows) <= 1, (steps, width, rows)
            assert len(rows) == 1 or (steps > 6 and width < 768), (steps, width, rows)
        if steps == 11:
            page.set_viewport_size({"width": 360, "height": 800})
            picture(scale, "scale-360")
        scale.evaluate("box => box.lastElementChild.remove()")
