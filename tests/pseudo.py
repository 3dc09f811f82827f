"""A language in which every sentence of the catalogues is marked: whatever stands there unmarked stands in the code."""

from __future__ import annotations

import gettext
import re
import sys
from collections.abc import Iterator

import pytest
from selectolax.lexbor import LexborHTMLParser

from bacheca.forms import catalogues

LANGUAGE = "eo"
"""A language that has no catalogue, and in which dates and numbers can be written."""

INNERMOST = re.compile(r"⟦[^⟦⟧]*⟧|\[[^\[\]⟦⟧]*\]|[^\s⟦⟧]+@[^\s⟦⟧]+|https?://[^\s⟦⟧]+|\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")
"""What is marked; and what is for programs: names in square brackets, addresses, references."""

SAID = ("title", "aria-label", "placeholder", "alt", "data-failed", "data-sending")
"""The attributes that people read or hear."""


class Marked(gettext.NullTranslations):
    """A catalogue that marks what it is asked for."""

    def gettext(self, message: str) -> str:
        """Mark a sentence."""
        return f"⟦{message}⟧" if message else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Mark the sentence for a number."""
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


def speak_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every module that is loaded read marked sentences, in whatever language."""
    real, marked = catalogues.translations, Marked()
    for module in [module for name, module in sys.modules.items() if name.startswith(("bacheca", "forms_server"))]:
        if getattr(module, "translations", None) is real:
            monkeypatch.setattr(module, "translations", lambda *asked, **named: marked)


def unmarked(page: str) -> list[str]:
    """Give what people read in a page that no catalogue says and that nobody marked."""
    return [text for text in map(without_marks, texts_of(page)) if re.search(r"[^\W\d_]{2,}", text)]


def without_marks(text: str) -> str:
    """Take out of a text whatever is marked, one mark inside another too."""
    while (shorter := INNERMOST.sub("", text)) != text:
        text = shorter
    return " ".join(text.split())


def texts_of(page: str) -> Iterator[str]:
    """Give the text of each element, and what its attributes say; a sentence may have elements in it."""
    tree = LexborHTMLParser(page)
    tree.strip_tags(["script", "style", "textarea"])
    yield tree.root.text() if tree.root else ""
    for element in tree.css("*"):
        yield from (said for name in SAID if (said := element.attributes.get(name)))
