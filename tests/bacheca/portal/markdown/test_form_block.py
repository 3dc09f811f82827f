"""`bacheca.portal.markdown.form_block`: the form in the page."""

from __future__ import annotations

import datetime as dt
import re

import markdown
import pytest
from pymdownx.blocks import BlocksExtension  # type: ignore[import-untyped]

from bacheca.forms import load_forms, render_form
from bacheca.portal.markdown.form_block import FormBlockExtension
from bacheca.portal.markdown.results_block import ResultsBlockExtension
from tests.bacheca.portal.conftest import Sketch

BLOCK = "Prima.\n\n/// form | prova\n///\n\nDopo *tutto*.\n"


def convert(sketch: Sketch, text: str, **settings: str) -> str:
    folder = str(sketch.root / "content/forms")
    configs = {"bacheca.portal.markdown.form_block": {"folder": folder, **settings}}
    return markdown.markdown(
        text, extensions=["bacheca.portal.markdown.form_block", "attr_list", "md_in_html"], extension_configs=configs
    )


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_block_is_what_forms_renders_in_the_language_of_the_page(sketch: Sketch, language: str) -> None:
    form = load_forms(sketch.root / "content/forms")["prova"]
    expected = render_form(form, language, action="/forms/prova", mail_to="prova@example.org")
    html = convert(sketch, BLOCK, language=language, mail_to="prova@example.org")
    assert expected.strip() in html
    assert html.startswith("<p>Prima.</p>")
    assert html.endswith("<p>Dopo <em>tutto</em>.</p>")


@pytest.mark.parametrize(
    ("forms_url", "action"),
    [
        ("", "/forms/prova"),
        ("https://f.example.org", "https://f.example.org/forms/prova"),
        ("https://f.example.org/", "https://f.example.org/forms/prova"),
    ],
)
def test_it_posts_where_the_settings_say(sketch: Sketch, forms_url: str, action: str) -> None:
    assert f'action="{action}"' in convert(sketch, BLOCK, forms_url=forms_url)


def test_it_stays_out_of_the_search_index(sketch: Sketch) -> None:
    html = convert(sketch, BLOCK)
    assert re.search(r'<section[^>]*data-search-exclude[^>]*>\s*<ul class="form-meta">', html)
    assert html.count("<section") == 1, "Material would end the exclusion at the end of a section inside"


@pytest.mark.parametrize(("moment", "closed"), [("2027-06-30T21:59:59Z", False), ("2027-06-30T22:00:00Z", True)])
def test_a_page_made_after_the_last_day_says_that_the_form_is_closed(
    sketch: Sketch, monkeypatch: pytest.MonkeyPatch, moment: str, closed: bool
) -> None:
    form = (sketch.root / "content/forms/prova.yaml").read_text()
    sketch.write("content/forms/prova.yaml", form.replace("fields:", 'form:closes: "2027-06-30"\nfields:'))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(dt.datetime.fromisoformat(moment).timestamp())))
    assert ("<form" not in convert(sketch, BLOCK)) is closed


@pytest.mark.parametrize(("moment", "early"), [("2027-06-30T21:59:59Z", True), ("2027-06-30T22:00:00Z", False)])
def test_a_page_made_before_the_first_day_says_when_the_form_opens(
    sketch: Sketch, monkeypatch: pytest.MonkeyPatch, moment: str, early: bool
) -> None:
    form = (sketch.root / "content/forms/prova.yaml").read_text()
    sketch.write("content/forms/prova.yaml", form.replace("fields:", 'form:opens: "2027-07-01"\nfields:'))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(dt.datetime.fromisoformat(moment).timestamp())))
    assert ("dal 1 luglio 2027" in convert(sketch, BLOCK)) is early


@pytest.mark.parametrize("extension", [FormBlockExtension, ResultsBlockExtension])
def test_what_one_community_takes_for_granted_holds_for_no_other(extension: type[BlocksExtension]) -> None:
    before = extension().getConfig("usual_zone")
    assert extension(usual_zone="America/Halifax").getConfig("usual_zone") == "America/Halifax"
    assert extension().getConfig("usual_zone") == before


def test_a_question_is_shown_as_written(sketch: Sketch) -> None:
    form = (sketch.root / "content/forms/prova.yaml").read_text()
    sketch.write("content/forms/prova.yaml", form.replace("Che cosa ne pensi?", "Che cosa *ne* <b>pensi</b> & perché?"))
    assert "Che cosa *ne* &lt;b&gt;pensi&lt;/b&gt; &amp; perché?" in convert(sketch, BLOCK)


def test_an_unknown_form_stops_the_page(sketch: Sketch) -> None:
    with pytest.raises(KeyError, match="altra"):
        convert(sketch, BLOCK.replace("prova", "altra"))
