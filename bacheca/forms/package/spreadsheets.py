"""What a spreadsheet makes of the cells of a CSV file, and the one rule that keeps a text a text.

A spreadsheet runs a text that looks like a formula (OWASP ASVS 1.2.10) and turns one that looks like a number or a
date into it: the postal code 00184 becomes 184. An apostrophe in front stops both in Excel and in LibreOffice. Files
that everybody may open get it before formulas alone, and `restored` takes it away; the copy for Excel gets it before
both. The package's own `responses.csv` is verbatim: it is for programs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from babel import Locale

from bacheca.forms.kinds.cells.cell_types import NUMBER

UNSEEN = r" \u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2069\u3000\ufeff"
"""What may stand before a formula without stopping every program, and is not seen."""

MARKS = r"=+@＝＋－＠﹦﹢﹣﹫−\-"
"""How a formula begins, in full width and as the small signs of East Asian fonts too."""

FORMULA = rf"(?='*[{UNSEEN}\n]*[{MARKS}\t\r\0])"
FORMULA_AFTER = rf"(?<=[\n\r\t;,])[{UNSEEN}]*'*(?=[{MARKS}])"
"""Where a program that was told another separator, or reads no quotes, would begin another cell."""

AT_START = re.compile(FORMULA)
AFTER_SEPARATOR = re.compile(FORMULA_AFTER)

WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")
"""What is the same number wherever it is read."""

WORD = re.compile(r"[^\W\d_]+")
LONGEST_READ = 60
"""A text longer than this is never read as a number or a date."""


def defused(text: str) -> str:
    """Put an apostrophe wherever a spreadsheet may take what follows for a formula."""
    quoted = f"'{text}" if AT_START.match(text) else text
    return AFTER_SEPARATOR.sub(lambda found: f"{found[0]}'", quoted)


def restored(text: str) -> str:
    """Take away the apostrophes that `defused` put."""
    quoted = AFTER_SEPARATOR.sub(lambda found: found[0].removesuffix("'"), text)
    return quoted[1:] if quoted.startswith("'") and AT_START.match(quoted) else quoted


def public_row(cells: Iterable[object]) -> list[str]:
    """Make a row of a file that everybody may open: numbers as they are, texts defused."""
    texts = map(str, cells)
    return [text if NUMBER.fullmatch(text) else defused(text) for text in texts]


def kept_as_text(text: str) -> str:
    """Write a text so that a spreadsheet in any of `LANGUAGES` keeps it a text, figure by figure."""
    return f"'{text}" if looks_like_a_value(text) else defused(text)


def looks_like_a_value(text: str) -> bool:
    """Tell whether a spreadsheet may read another value out of a text: a number, a date, a time, a yes or no."""
    text = text.strip()
    if not text or (len(text) > LONGEST_READ and not text.isdecimal()):
        return False
    words = {word.casefold() for word in WORD.findall(text)}
    if not any(character.isdecimal() for character in text):
        return text.casefold() in TRUTHS
    return not WHOLE_NUMBER.fullmatch(text) and words <= words_in_values()


LANGUAGES = ("en", "it", "de", "fr", "es")
"""The languages of spreadsheets whose words are known."""

TRUTHS = frozenset(["true", "false", "vero", "falso", "wahr", "falsch", "vrai", "faux", "verdadero"])
"""What they read as yes or no."""


@cache
def words_in_values() -> frozenset[str]:
    """Give the words that may stand in a number, a date or a time."""
    said = {"e", "am", "pm", "a", "p", "t", "z", "eur", "usd"}
    for locale in map(Locale, LANGUAGES):
        for names in (locale.months, locale.days):
            said.update(
                name.rstrip(".").casefold()
                for width in ("wide", "abbreviated")
                for name in names["format"][width].values()
            )
    return frozenset(said)
