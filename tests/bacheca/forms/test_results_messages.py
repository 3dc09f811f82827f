"""Everything that people read about results has its Italian."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from bacheca import forms
from bacheca.forms.results_messages import SENTENCES, say

ROOT = Path(forms.__file__).parent
I18N = "jinja2.ext.i18n"
PAGES = (
    ROOT / "html" / "templates" / "results.html",
    ROOT / "html" / "templates" / "results_parts.html",
    ROOT.parent / "portal" / "templates" / "pages" / "progress.html",
)


def catalogue() -> dict[str, str]:
    path = ROOT / "locale" / "it" / "LC_MESSAGES" / "results.po"
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale="it") if message.id}


def written() -> set[str]:
    found = {str(message) for _, message, *_ in extract_from_file("python", ROOT / "results_messages.py")}
    for page in PAGES:
        found |= {str(message) for _, message, *_ in extract_from_file("jinja2", page, options={"extensions": I18N})}
    return found


def test_every_sentence_is_translated_and_no_translation_is_left_over() -> None:
    assert len(written()) > 60
    assert written() - catalogue().keys() == set()
    assert catalogue().keys() - written() == set()
    assert all(catalogue().values())


@pytest.mark.parametrize("code", SENTENCES)
def test_a_translation_names_what_its_sentence_names(code: str) -> None:
    names = "value least allowed name pair file reason other form what created shown kept threshold url"
    values = dict.fromkeys(names.split(), "…")
    for sentence in SENTENCES[code]:
        assert say(sentence, "it", **values).count("…") == say(sentence, "en", **values).count("…")
