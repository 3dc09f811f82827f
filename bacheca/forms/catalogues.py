"""The sentences people read, from Babel catalogues read as they are written (`.po`)."""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "locale"


def marked(sentence: str) -> str:
    """Mark a sentence for the catalogue, as `_`; it is said in a language where somebody reads it."""
    return sentence


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
        return gettext.NullTranslations() if alone == language else translations(alone, folder, domain)
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language.replace("-", "_")))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


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
        return self.of(language).gettext(sentence).format(**values) if sentence else ""
