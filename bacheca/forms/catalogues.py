"""The sentences people read, from Babel catalogues read as they are written (`.po`)."""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path

import babel

from bacheca.forms.compiled.kept import get_kept, keep, name_within
from bacheca.forms.grammar.articles import with_articles
from bacheca.forms.grammar.quantities import quantities_in

LOCALE = Path(__file__).parent / "locale"

TYPED: Mapping[str, str] = (
    {}
    if (Path(__file__).parents[2] / "build.py").is_file()
    else {"python build.py": "bacheca", "python -m forms_server": "bacheca"}
)
"""What is typed instead of a command where Bacheca is installed, and has no `build.py` beside it."""


def marked(sentence: str) -> str:
    """Mark a sentence for the catalogue, as `_`; it is said in a language where somebody reads it."""
    return sentence


def as_typed(text: str, instead: Mapping[str, str] = TYPED) -> str:
    """Give a text with its commands as they are typed here."""
    for command, other in instead.items():
        text = text.replace(command, other)
    return text


class _Typed(gettext.NullTranslations):
    """A catalogue whose sentences name commands as they are typed here."""

    def __init__(self, told: gettext.NullTranslations):
        super().__init__()
        self._told = told

    def gettext(self, message: str) -> str:
        return as_typed(self._told.gettext(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return as_typed(self._told.ngettext(msgid1, msgid2, n))


@cache
def translations(language: str, folder: Path = LOCALE, domain: str = "forms") -> gettext.NullTranslations:
    """Load the catalogue of a language.

    Args:
        language: a language code such as `it`.
        folder: where the catalogues are, `LANGUAGE/LC_MESSAGES/DOMAIN.po` beneath it.
        domain: the catalogue's name.

    Returns:
        The catalogue, of the language alone where its country has none of its own; a sentence that it does not have,
        or whose translation is in doubt, stays in the code's English.
    """
    path = folder / language / "LC_MESSAGES" / f"{domain}.po"
    if not path.is_file():
        alone = language.partition("-")[0]
        return _Typed(gettext.NullTranslations()) if alone == language else translations(alone, folder, domain)
    written, name = path.read_text(encoding="utf-8"), name_within(path)
    made_of = f"{babel.__version__} {written}"
    compiled = name and get_kept(name, made_of)
    if not compiled:
        compiled = _compiled(written, language)
        if name:
            keep(name, made_of, compiled)
    return _Typed(gettext.GNUTranslations(BytesIO(compiled)))


def _compiled(written: str, language: str) -> bytes:
    from babel.messages.mofile import write_mo  # noqa: PLC0415  of a catalogue that was compiled nobody needs them
    from babel.messages.pofile import read_po  # noqa: PLC0415

    made = BytesIO()
    write_mo(made, read_po(StringIO(written), locale=language.replace("-", "_")))
    return made.getvalue()


CODE = re.compile(r"(`[^`]*`)")
"""What is to be typed as it stands."""


def filled(sentence: str, language: str, values: Mapping[str, object]) -> str:
    """Fill in what a sentence names in braces: quantities as the language writes them, and as they are within code."""
    known = quantities_in(values, language)
    sentence = with_articles(sentence, language, {**values, **known})
    if not known:
        return sentence.format(**values)
    parts = CODE.split(sentence)
    return "".join(
        part.format(**values) if number % 2 else part.format(**dict(values) | known)
        for number, part in enumerate(parts)
    )


@dataclass(frozen=True)
class Catalogue:
    """The sentences of one catalogue."""

    domain: str
    """Its name."""

    folder: Path = LOCALE
    """Where it is, in each language."""

    def of(self, language: str) -> gettext.NullTranslations:
        """Give it in a language."""
        return translations(language, self.folder, self.domain)

    def say(self, sentence: str, language: str, /, **values: object) -> str:
        """Say a sentence of it.

        Args:
            sentence: the sentence in English, with names in braces; an empty one says nothing.
            language: the language to say it in; English where there is no catalogue.
            values: what the braces name.
        """
        return filled(self.of(language).gettext(sentence), language, values) if sentence else ""
