"""Every limit on what people send, stated once. Lengths are in characters, unless they say bytes.

A text far beyond its limit is refused before any pattern, normalisation or parser sees it (`typed`, `Field.oversize`);
one that is longer by a little, once it is normalised (`kinds/cells/cell_checks.py`).
"""

from __future__ import annotations

BODY = 1024 * 1024
"""The longest body that is read, in bytes."""

PARTS = 500
"""The most pairs of name and value in a body."""

OWN_PARTS = 20
"""How many of them are kept for the controls that every page has (`_key`, `_lang`…)."""

TEXTS = BODY // 16
"""The most that the texts of one form may hold together: percent-encoded, a character takes up to 12 bytes, and a
quarter of the body is left for names and choices."""

SHORT_ANSWER = 100
"""The longest that a number, a day, a phone number or a code can be typed: a phone number fills a third of it."""

CODE = SHORT_ANSWER
"""The longest code of a choice."""

LINE = 200
"""The longest text of one line, unless the form says another limit."""

PAGE = 2000
"""The longest text of several lines, unless the form says another limit."""

EMAIL = 254
"""The longest e-mail address (RFC 5321)."""

URI = 2000
"""The longest web address: no browser shows more."""

PATTERN = 500
"""The longest pattern that an editor may write."""

DECOMPOSED = 4
"""How many characters NFC may make one of: U+1F82 is typed as an alpha and three marks."""

LETTER = 10 * 1024 * 1024
"""The longest e-mail that is read, in bytes: a form is far shorter, what is attached to it may not be."""

LETTER_LINES = 150_000
"""The most lines of an e-mail, what is attached to it included."""

LETTER_PARTS = 100
"""The most parts of an e-mail, whichever lies in whichever."""

LETTER_DEPTH = 10
"""How deep the parts of an e-mail may lie in one another."""

LETTER_HEADER = 16_000
"""The longest header of an e-mail: one that names hundreds of recipients fits."""

LETTER_HEADERS = 500
"""The most headers of one part of an e-mail."""

LETTER_TEXT = 1_000_000
"""The longest text, or HTML, in which a form is looked for."""

LETTER_TEXT_LINES = 20_000
"""The most lines of such a text."""

LETTER_TAGS = 20_000
"""The most elements of such HTML: a parser's work grows with the square of how deep they may lie in one another."""

LETTER_ATTRIBUTES = 100
"""The most attributes of an element of it: the same holds of their number."""

LETTER_TAG = 20_000
"""The longest tag of it, the picture that may stand in an attribute included."""

LETTER_FORMS = 20
"""The most forms that are looked at in an e-mail."""

LETTER_SECONDS = 60
"""How long a process may read one e-mail that keeps to all limits: then it is ended."""

LETTER_MEMORY = 1024 * 1024 * 1024
"""The most memory, in bytes, of the process that reads e-mails."""

WORKBOOK = 10 * 1024 * 1024
"""The longest workbook that is read as a form, in bytes, the pictures in it included."""

WORKBOOK_UNPACKED = 20 * 1024 * 1024
"""The most bytes that its texts may unpack to."""

WORKBOOK_PARTS = 1_000
"""The most parts of a workbook."""

WORKBOOK_ELEMENTS = 500_000
"""The most XML elements of a part of a workbook."""

WORKBOOK_DEPTH = 50
"""How deep they may lie in one another."""

WORKBOOK_CELLS = 400_000
"""The most cells of a sheet, empty ones between others included."""

CELL = 32_767
"""The longest text of a cell, as Excel has it."""

STYLE = 255
"""The longest text in the styles of a workbook: the format of a number."""

RESULTS = 8 * 1024 * 1024
"""The longest file of published results, in bytes."""

RESULTS_SECONDS = 30
"""How long a package of them may take to come, from the first byte asked for to the last."""


def typed(kept: int) -> int:
    """Give how long an answer can be as it is typed, of which at most `kept` characters are kept.

    Args:
        kept: the most characters of the answer in its kept form.
    """
    return max(SHORT_ANSWER, kept * DECOMPOSED)


PROVIDER_ANSWER = 256 * 1024
"""The longest answer of a provider of OpenID Connect that is read, in bytes."""
