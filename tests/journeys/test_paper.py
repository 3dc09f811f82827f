"""On paper: every form page is an A4 form to fill in by hand, whatever a script had hidden on the screen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markupsafe import Markup
from playwright.sync_api import Browser, expect

from bacheca.forms import ASSETS, load_form, render_form
from forms_server.http.page_shell import Shell
from tests.journeys.conftest import Visit
from tests.journeys.service import ROOT

A4 = b"0 0 594.95996 841.91998"
FORM = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: carta
title: Carta
form:kind: survey
form:steps: true
fields:
- name: citta
  title: Dove abiti?
  type: string
  form:widget: select
  form:other: true
  categories: [{value: to, label: Torino}, {value: ba, label: Bari}]
- name: ordine
  title: In che ordine?
  type: list
  form:widget: ranking
  categories: [{value: a, label: Uno}, {value: b, label: Due}]
- {name: perche, title: Perché?, type: string, form:showIf: {field: citta, equals: to}}
- {name: fine, title: Che altro?, type: string, form:widget: textarea, form:section: Alla fine}
"""
STYLES = ("tokens", "text", "page", "forms", "questions", "print")


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize(
    "address", ["/partecipa/sondaggio/", "/en/take-part/group/", "/forms/gruppo-community-manager"]
)
def test_a_form_page_prints_on_a_few_sheets_of_a4(visit: Visit, address: str, script: bool) -> None:
    page = visit(address, script=script)
    printed = page.pdf(prefer_css_page_size=True)
    assert set(re.findall(rb"/MediaBox \[([^\]]*)\]", printed)) == {A4}
    assert 1 <= len(re.findall(rb"/Type /Page\b", printed)) <= 3
    if script:
        foot = page.evaluate("document.adoptedStyleSheets[0].cssRules[0].cssText")
        brand = page.locator(".site-brand").inner_text().strip()
        assert re.search(f'"{brand} · {re.escape(page.url)} · [^"]*20[0-9]{{2}} · " counter', foot), "on every sheet"
    page.emulate_media(media="print")
    for field in page.locator(".form-field").all():
        expect(field).to_be_visible()
    expect(page.locator(".form-paper").last).to_be_visible()
    expect(page.locator(".form-send")).to_be_hidden()
    expect(page.locator(".form-mail")).to_be_hidden()
    expect(page.locator(".site-brand")).to_be_visible()
    expect(page.locator(".site-footer__printed")).to_contain_text(re.compile(r"20\d\d$" if script else "^(http|$)"))


@pytest.mark.parametrize("dressed", [True, False])
def test_steps_conditions_and_lists_that_open_stand_whole_on_paper(
    browser: Browser, tmp_path: Path, dressed: bool
) -> None:
    (tmp_path / "carta.yaml").write_text(FORM, encoding="utf-8")
    form = load_form(tmp_path / "carta.yaml")
    content = render_form(form, "it", action="/x", mail_to="a@example.org")
    page = browser.new_page()
    page.set_content(
        Shell(None).page("it", title="Carta", content=Markup(f"<div class='md-typeset'>{content}</div>"), alternates={})
    )
    if dressed:
        page.eval_on_selector("style", "style => style.remove()")
        for name in STYLES:
            css = (ROOT / "bacheca/portal/theme/assets/stylesheets" / f"{name}.css").read_text(encoding="utf-8")
            page.add_style_tag(content=f"@media print {{ {css} }}" if name == "print" else css)
    page.add_script_tag(path=ASSETS / "form.js")
    hidden = ["#f-perche", "#f-fine", "#f-citta--other", ".form-paper >> nth=0", "#f-perche--condition"]
    for selector in hidden:
        expect(page.locator(selector)).to_be_hidden()
    page.emulate_media(media="print")
    for selector in hidden:
        expect(page.locator(selector)).to_be_visible()
    expect(page.locator(".form-paper").first).to_have_text("Torino · Bari · Altro")
    expect(page.locator(".form-paper").last).to_contain_text(f"[carta it {form.version}]")
    expect(page.locator("[data-next]")).to_be_hidden()
    assert page.eval_on_selector(".form-rank select", "e => getComputedStyle(e).color") == "rgba(0, 0, 0, 0)"
    page.close()
