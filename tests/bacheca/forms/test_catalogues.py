from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bacheca import forms
from bacheca.forms.catalogues import LOCALE, translations
from bacheca.forms.messages import CHANGES, SENTENCES

PACKAGE = Path(forms.__file__).parent
Catalogue = Mapping[str, str | Sequence[str] | None]
METHODS = [("**.py", "python"), ("html/templates/**.html", "jinja2.ext.babel_extract")]
DOMAINS = {
    "results": ("results", "html/templates/results"),
    "codebook": ("package/codebook", "html/templates/codebook"),
    "copies": ("package/formats",),
    "xlsform": ("xlsform",),
    "schema": ("form_files/json_schema",),
}
"""How the modules and folders begin that speak from a catalogue of their own."""

OPTIONS = {"html/templates/**.html": {"newstyle_gettext": "true"}}


ITALIAN = LOCALE / "it" / "LC_MESSAGES"


def extracted(domain: str) -> set[str]:
    """Give the sentences of the code: those of the modules named for a catalogue, or all the others."""
    keywords: dict[str, tuple[int, ...] | None] = {"_": None, "say": None, "gettext": None, "ngettext": (1, 2)}
    found = extract_from_dir(PACKAGE, METHODS, OPTIONS, keywords=keywords)
    return {
        message if isinstance(message, str) else message[0]
        for name, _, message, _, _ in found
        if domain_of(name) == domain
    }


def domain_of(name: str) -> str:
    """Give the catalogue that a file speaks from."""
    return next((domain for domain, begins in DOMAINS.items() if name.startswith(begins)), "forms")


def catalogue(domain: str) -> Catalogue:
    with (ITALIAN / f"{domain}.po").open("rb") as file:
        read = read_po(file, locale="it")
    assert not list(read.obsolete)
    sentences = [message for message in read if message.id and not message.fuzzy]
    return {said.id if isinstance(said.id, str) else said.id[0]: said.string for said in sentences}


@pytest.fixture(scope="module")
def italian() -> Catalogue:
    return catalogue("forms")


@pytest.mark.parametrize("domain", [path.stem for path in ITALIAN.glob("*.po")])
def test_every_sentence_has_an_italian_one_and_none_is_stale(domain: str) -> None:
    italian = catalogue(domain)
    assert extracted(domain) == set(italian)
    assert all(said and all(said) for said in italian.values())


def test_every_sentence_names_the_same_things_in_italian(italian: Catalogue) -> None:
    for sentence in (text for said in [*SENTENCES.values(), (*CHANGES.values(),)] for text in said if text):
        said = italian[sentence]
        assert isinstance(said, str)
        assert named(said) == named(sentence), sentence


def test_a_language_without_a_catalogue_speaks_english() -> None:
    assert translations("pt").gettext("No answer") == "No answer"
    assert translations("it").gettext("No answer") == "Nessuna risposta"


def named(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
