"""Every sentence of the service and its mails has an Italian one, and none is left from before."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import forms_server

PACKAGE = Path(forms_server.__file__).parent
METHODS = [
    ("**.py", "python"),
    ("templates/**.html", "jinja2.ext.babel_extract"),
    ("templates/**.jinja", "jinja2.ext.babel_extract"),
    ("templates/**.txt", "jinja2.ext.babel_extract"),
]
OPTIONS = {pattern: {"newstyle_gettext": "true"} for pattern, _ in METHODS[1:]}
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "say": (2,),
    "gettext": None,
    "_gettext": None,
    "ngettext": (1, 2),
}


@pytest.fixture(scope="module")
def italian() -> Catalog:
    with (PACKAGE / "locale" / "it" / "LC_MESSAGES" / "forms_server.po").open("rb") as file:
        return read_po(file, locale="it")


@pytest.fixture(scope="module")
def said() -> set[str]:
    """The sentences of the code and of the templates."""
    found = extract_from_dir(PACKAGE, METHODS, OPTIONS, keywords=KEYWORDS)
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


def test_every_sentence_names_the_same_things_in_italian(italian: Catalog) -> None:
    for message in sentences(italian):
        translated = [message.string] if isinstance(message.string, str) else list(message.string or ())
        for text in translated:
            assert named(text) == named(english(message)), message.id


def named(sentence: str) -> set[str]:
    """Give what is filled in: `{name}`, or `%(name)s` in templates."""
    fields = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
    return fields | {part.partition(")")[0] for part in sentence.split("%(")[1:]}
