"""`posters`: what is printed says what, when and where, and its code leads there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import segno
from click.testing import CliRunner
from icalendar import Calendar

from bacheca.portal.build.stage import stage
from bacheca.portal.commands.build import main as portal_command
from bacheca.portal.generated.icalendar import opening_calendars
from bacheca.portal.invitations.posters import FILE, Posters, code_file, code_of
from tests.bacheca.portal.conftest import SETTINGS, Sketch
from tests.bacheca.portal.invitations.conftest import SIGNUP, event, said

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
URL = "https://prova.example.org/modulo/"


def posters(sketch: Sketch) -> Posters:
    content = sketch.content()
    return Posters(sketch.language(), content.pages["it"], content.forms, NOW)


def dark(svg: str) -> set[tuple[int, int]]:
    """Give the dark squares of a code as it is drawn: strokes along rows."""
    path = re.search(r'stroke="#000"[^>]* d="([^"]+)"|d="([^"]+)"[^>]* stroke="#000"', svg)
    assert path
    found, x, y = set(), 0.0, 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", path[1] or path[2]):
        steps = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if command == "h":
            found |= {(round(x) + step, round(y - 0.5)) for step in range(round(steps[0]))}
            x += steps[0]
        elif command == "M":
            x, y = steps
        else:
            x, y = x + steps[0], y + steps[1]
    return found


@pytest.mark.parametrize("svg", [code_of(URL), code_file(URL).decode()])
def test_a_code_is_dark_on_light_with_its_quiet_zone(svg: str) -> None:
    rows = segno.make(URL, error="m", micro=False).matrix
    assert dark(svg) == {(x + 4, y + 4) for y, row in enumerate(rows) for x, square in enumerate(row) if square}
    assert 'fill="#fff"' in svg


def test_a_file_of_a_code_is_a_picture_of_its_own() -> None:
    assert code_file(URL).startswith(b"<?xml")
    assert b'xmlns="http://www.w3.org/2000/svg"' in code_file(URL)


def test_each_form_has_a_poster_beside_its_page(sketch: Sketch) -> None:
    found = dict(posters(sketch).files())
    assert list(found) == ["modulo/prova.poster.html"]
    page = found["modulo/prova.poster.html"]
    assert '<h1 class="poster__title">Una prova</h1>' in page
    assert '<p class="poster__address" dir="ltr">prova.example.org/modulo</p>' in page
    assert 'aria-label="Codice QR di prova.example.org/modulo"' in page
    assert code_of(URL) in page
    assert 'href="./"' in page
    assert "<script" not in page
    assert "--accent: #a43c17 }" in page


def test_the_page_of_a_poster_has_the_colours_of_the_community(sketch: Sketch) -> None:
    extra = {**SETTINGS["extra"], "colours": {"accent": {"light": "#0b5cad", "dark": "#6bb4ff"}}}
    sketch.settings("mkdocs.yml", {**SETTINGS, "extra": extra})
    page = dict(posters(sketch).files())["modulo/prova.poster.html"]
    assert re.findall("--accent: (#[0-9a-f]{6})", page) == ["#0b5cad", "#6bb4ff"]


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        ('form:opens: "2027-03-01"\nform:closes: "2027-06-30"', ("Dal 1 marzo 2027 al 30 giugno 2027",)),
        ('form:opens: "2027-03-01"', ("Dal 1 marzo 2027",)),
        ('form:closes: "2027-06-30"', ("Fino al 30 giugno 2027",)),
        ("form:publish: nothing", ()),
    ],
)
def test_a_poster_says_when(sketch: Sketch, lines: str, shown: tuple[str, ...]) -> None:
    form = SIGNUP.replace("form:publish: nothing\n", "")
    sketch.write("content/forms/prova.yaml", said(form, lines))
    found = posters(sketch).find("prova")
    assert found is not None
    assert found.lines == shown


def test_a_poster_of_a_form_for_an_event_says_the_events_day_and_place(sketch: Sketch) -> None:
    event(sketch, "festa", "2027-05-01", address="Via Roma 1, Biella", cancelled="true")
    found = posters(sketch)
    of_form, of_page = found.find("prova"), found.find("eventi/festa/")
    assert of_form is not None
    assert of_page is not None
    assert of_form.lines == of_page.lines
    assert of_form.lines == (
        "L’evento è annullato.",
        "sabato 1 maggio 2027, dalle 18:00 alle 20:00",
        "Il cortile, Via Roma 1, Biella",
    )
    assert (of_form.url, of_page.url) == (URL, "https://prova.example.org/eventi/festa/")


def test_a_poster_is_of_a_form_or_of_a_page(sketch: Sketch) -> None:
    found = posters(sketch)
    assert {found.find(name) for name in ("privacy/", "privacy", "privacy.md")} == {found.find("privacy/")}
    assert found.find("niente") is None
    assert found.nearest("privaci") == "privacy/"


def test_what_somebody_writes_is_text_on_a_poster(sketch: Sketch) -> None:
    sketch.write("content/forms/prova.yaml", SIGNUP.replace("Una prova", '"<b>Una</b> & prova"'))
    (page,) = dict(posters(sketch).files()).values()
    assert "&lt;b&gt;Una&lt;/b&gt; &amp; prova" in page


def test_the_block_of_a_poster_finds_it_ready(sketch: Sketch) -> None:
    sketch.page("it/locandina.md", "/// poster | prova\n///\n\n/// poster | privacy/\n///\n", translation="locandina")
    assert "POSTER_UNKNOWN" not in {code for _, _, code in sketch.places()}
    portal = sketch.portal()
    stage(portal, sketch.content(), NOW)
    ready = (portal.build / "it" / FILE).read_text(encoding="utf-8")
    assert ready.count("poster__title") == 2
    sketch.page("it/locandina.md", "/// poster | prov\n///\n", translation="locandina")
    assert ("content/it/locandina.md", 6, "POSTER_UNKNOWN") in sketch.places()


def test_a_form_that_opens_on_a_day_has_a_calendar_file_beside_its_page(sketch: Sketch) -> None:
    def made() -> Mapping[str, bytes]:
        content = sketch.content()
        return opening_calendars(sketch.language(), content.pages["it"], content.forms, NOW)

    assert made() == {}
    sketch.write("content/forms/prova.yaml", said(SIGNUP, 'form:opens: "2027-03-01"'))
    (found,) = made().items()
    assert found[0] == "modulo/prova.opens.ics"
    (entry,) = Calendar.from_ical(found[1]).walk("VEVENT")
    assert str(entry["url"]) == URL
    assert b"DTSTART;VALUE=DATE:20270301" in found[1]


@pytest.mark.parametrize(
    ("page", "leads"),
    [
        ("prova", "modulo/"),
        ("modulo/", "modulo/"),
        ("content/it/privacy.md", "privacy/"),
        ("en/form/", "en/form/"),
        ("https://prova.example.org/privacy/", "privacy/"),
    ],
)
def test_the_command_writes_the_code_of_a_page(
    sketch: Sketch, monkeypatch: pytest.MonkeyPatch, page: str, leads: str
) -> None:
    monkeypatch.chdir(sketch.root)
    done = CliRunner().invoke(portal_command, ["qr", page, "--to", "codice.svg"])
    assert done.exit_code == 0, done.output
    url = f"https://prova.example.org/{leads}"
    assert done.output == f"Scritto codice.svg.\n{url}\n"
    assert Path("codice.svg").read_bytes() == code_file(url)


def test_the_command_says_which_page_was_meant(sketch: Sketch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sketch.root)
    done = CliRunner().invoke(portal_command, ["qr", "privaci"])
    assert done.exit_code == 2
    assert "scrivi privacy/" in done.output
    assert list(sketch.root.glob("*.svg")) == []
