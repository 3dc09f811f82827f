"""Every sentence of the service and its mails has an Italian one, and none is left from before."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import forms_server
from bacheca.forms.definition.privacy import DAYS_TO_CONFIRM
from forms_server.http.pages import remedy_of

PACKAGE = Path(forms_server.__file__).parent
OF_THE_DESK = [("desk/**.py", "python"), ("accounts/**.py", "python")]
METHODS = {
    "forms_server": [
        *((pattern, "ignore") for pattern, _ in OF_THE_DESK),
        ("**.py", "python"),
        ("templates/**.html", "jinja2.ext.babel_extract"),
        ("templates/**.jinja", "jinja2.ext.babel_extract"),
        ("templates/**.txt", "jinja2.ext.babel_extract"),
    ],
    "desk": [*OF_THE_DESK, ("desk/templates/**.html", "jinja2.ext.babel_extract")],
}
"""Where the sentences of each catalogue stand."""

OPTIONS = {
    pattern: {"newstyle_gettext": "true"}
    for methods in METHODS.values()
    for pattern, method in methods
    if method.startswith("jinja2")
}
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "say": (1,),
    "gettext": None,
    "_gettext": None,
    "ngettext": (1, 2),
}


@pytest.fixture(scope="module", params=METHODS)
def domain(request: pytest.FixtureRequest) -> str:
    """The name of a catalogue."""
    return str(request.param)


@pytest.fixture(scope="module")
def italian(domain: str) -> Catalog:
    with (PACKAGE / "locale" / "it" / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        return read_po(file, locale="it")


@pytest.fixture(scope="module")
def said(domain: str) -> set[str]:
    """The sentences of the code and of the templates."""
    found = extract_from_dir(PACKAGE, METHODS[domain], OPTIONS, keywords=KEYWORDS)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def sentences(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def english(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def test_every_sentence_has_an_italian_one_and_none_is_stale(italian: Catalog, said: set[str]) -> None:
    assert {english(message) for message in sentences(italian)} == said
    assert not italian.obsolete
    for message in sentences(italian):
        assert not message.fuzzy, message.id
        assert message.string, message.id
        assert all(message.string), message.id


def test_how_many_days_a_link_is_good_for_stands_in_no_sentence(said: set[str]) -> None:
    assert [sentence for sentence in said if f"{DAYS_TO_CONFIRM} day" in sentence] == []
    assert "good for 14 days" in remedy_of("no-link", "en", None)
    assert "Vale per 14 giorni" in remedy_of("no-link", "it", None)


def test_every_sentence_names_the_same_things_in_italian(italian: Catalog) -> None:
    for message in sentences(italian):
        translated = [message.string] if isinstance(message.string, str) else list(message.string or ())
        for text in translated:
            assert named(text) == named(english(message)), message.id


def named(sentence: str) -> set[str]:
    """Give what is filled in: `{name}`, or `%(name)s` in templates."""
    fields = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
    return fields | {part.partition(")")[0] for part in sentence.split("%(")[1:]}
