"""The portal and the service mean the same by what is kept with a site."""

from __future__ import annotations

import pytest

from bacheca.forms.published import Site, site_of

SITE = Site("Bacheca", "a@example.org", {"it": {"shell": "shell.html", "home": "/"}}, {"b": {"it": "/b/"}, "a": {}})


def test_what_the_portal_writes_the_service_reads() -> None:
    assert site_of(SITE.as_text()) == SITE
    assert SITE.home("it") == SITE.home("de") == "/"
    assert (SITE.form_page("b", "it"), SITE.form_page("b", "en"), SITE.form_page("c", "it")) == ("/b/", "", "")
    assert list(SITE.places()) == ["shell.html", "/", "/b/"]


@pytest.mark.parametrize("text", ["{", "[]", '{"community": {}}', SITE.as_text().replace('{\n  "it"', '["it"')])
def test_what_no_portal_wrote_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        site_of(text)
