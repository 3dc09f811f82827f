"""The portal and the service mean the same by what is kept with a site."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bacheca.forms.published import COLOURS, Event, Onward, Site, site_of

EVENT = Event(
    title="La festa",
    description="Di maggio.",
    starts=datetime(2027, 5, 1, 16, tzinfo=UTC),
    ends=datetime(2027, 5, 1, 18, tzinfo=UTC),
    zone="Europe/Rome",
    all_day=False,
    when="sabato 1 maggio 2027, dalle 18:00 alle 20:00",
    where="Il cortile",
    place="Il cortile",
    address="",
    online="",
    page="/eventi/festa/",
    url="https://example.org/eventi/festa/",
    cancelled=False,
)
SITE = Site(
    "Bacheca",
    "a@example.org",
    {"it": {"shell": "shell.html", "home": "/"}},
    {"b": {"it": "/b/"}, "a": {}},
    {"b": {"it": EVENT}},
    {"b": {"it": Onward("Grazie", "/grazie/", "https://example.org/grazie/")}},
    colours={"light": dict.fromkeys(COLOURS, "#0b5cad")},
)


def test_what_the_portal_writes_the_service_reads() -> None:
    assert site_of(SITE.as_text()) == SITE
    assert SITE.home("it") == SITE.home("de") == "/"
    assert (SITE.form_page("b", "it"), SITE.form_page("b", "en"), SITE.form_page("c", "it")) == ("/b/", "", "")
    assert list(SITE.places()) == ["shell.html", "/", "/b/", "/eventi/festa/", "/grazie/"]
    assert SITE.event("b", "it") == SITE.event("b", "en") == EVENT, "in another language rather than not at all"
    assert SITE.event("a", "it") is None


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"community": {}}',
        SITE.as_text().replace('{\n  "it"', '["it"'),
        SITE.as_text().replace("+00:00", ""),
    ],
)
def test_what_no_portal_wrote_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        site_of(text)


@pytest.mark.parametrize(
    "told",
    [
        {},
        [],
        "#0b5cad",
        {"light": {}},
        {"light": ["#0b5cad"]},
        {"sepia": dict.fromkeys(COLOURS, "#0b5cad")},
        {"light": dict.fromkeys(COLOURS[1:], "#0b5cad")},
        *(
            {"light": {**dict.fromkeys(COLOURS, "#0b5cad"), "paper": colour}}
            for colour in ("#fff", "red", "#0b5cad\n", "#0b5cad;}</style><script>", "url(https://example.org)", None, 7)
        ),
    ],
)
def test_of_colours_only_a_whole_theme_of_plain_ones_is_taken(told: object) -> None:
    said = json.loads(Site("Bacheca", "a@example.org").as_text())
    assert site_of(json.dumps({**said, "colours": told})).colours == {}


@pytest.mark.parametrize(
    ("email", "read"),
    [
        ("a@example.org", "a@example.org"),
        (" a@example.org\n", "a@example.org"),
        *(
            (wrong, "")
            for wrong in ("", "a", "a b@c", "è@b.org", "a..b@x.org", "a@b.org,c@d.org", "a@b.org\nBcc: c@d.org")
        ),
    ],
)
def test_an_address_that_no_letter_can_have_in_its_headers_is_none(email: str, read: str) -> None:
    assert site_of(Site("Bacheca", email).as_text()).email == read


@pytest.mark.parametrize("name", ["La  Bacheca\n", "La\r\nBacheca", "\u202eLa\x00 Bacheca\u2028"])
def test_the_name_of_a_community_is_a_line(name: str) -> None:
    assert site_of(Site(name, "a@example.org").as_text()).name == "La Bacheca"
