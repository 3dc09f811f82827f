"""Suggestions of what to leave out of a comment before it is quoted; an editor decides."""

from __future__ import annotations

import re
from collections.abc import Iterator

LEFT_OUT = "[…]"
"""What stands in the place of what is left out."""

ADDRESSES = re.compile(
    r"""
    https?://\S+ | www\.\S+                                   # web
    | (?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+  # e-mail
    | (?<!\w)@\w{2,}                                          # accounts
    | \b(?:[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso|[Ll]argo|[Vv]icolo)\s{1,3}
      [A-ZÀ-Ý][\w’']*(?:\s{1,3}[A-ZÀ-Ý][\w’']*)*(?:,?\s{0,3}(?:n\.?\s?)?\d+\w?)?\s?  # streets
    | \b[A-ZÀ-Ý][\w’'-]{1,60}(?:straße|strasse|gasse|weg|platz)\s{1,3}\d+\w?
    | \b[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]\b              # tax codes
    | \b(?:IT\d{2}[A-Z]\d{10}[0-9A-Z]{12}|[A-Z]{2}\d{2}(?:\s?[0-9A-Z]{4}){3,7})\b                      # bank accounts
    """,
    re.VERBOSE,
)
TITLED = re.compile(
    r"\b(?:[Ss]ig(?:\.(?:ra|na)?|nora|nor)|[Dd]ott(?:\.(?:ssa)?|oressa|ore)|[Pp]rof\.(?:ssa)?|[Ii]ng\.|[Aa]vv\.|Mr|Mrs|Ms|Dr|Herr|Herrn|Frau|Prof|Mme|Mlle|M\.|Sr\.?|Sra\.?)"
    r"\.?\s{1,3}[A-ZÀ-Ý][\w’'-]+(?:\s[A-ZÀ-Ý][\w’'-]+)*\s?"
)
NAMES = re.compile(r"\b[A-ZÀ-Ý][a-zà-ÿ’']+(?:\s{1,3}(?:(?:[Dd][aei]l?|[Dd]e)\s{0,3})?[A-ZÀ-Ý][a-zà-ÿ’']+)+")
"""Two words or more that begin with a capital letter: a person, mostly."""

CAPITALS = ("de", "lb")
"""Languages that write every noun with a capital letter, which there says nothing of a name."""

INSIDE = re.compile(r"(?<=[a-zà-ÿ,;:] )[A-ZÀ-Ý][a-zà-ÿ’']+")
"""A capital letter inside a sentence: a name of something."""


def suggest(text: str, country: str, language: str) -> str:
    """Give a text with what may tell who somebody is left out: names, addresses, numbers, accounts.

    Args:
        text: the text.
        country: the code of the country whose phone numbers need no prefix; empty for none.
        language: the language that it is written in.
    """
    import phonenumbers  # noqa: PLC0415  slow to load, and few need it

    for match in reversed(list(phonenumbers.PhoneNumberMatcher(text, country or None))):
        text = text[: match.start] + LEFT_OUT + text[match.end :]
    named = () if language.partition("-")[0] in CAPITALS else (NAMES, INSIDE)
    for pattern in (ADDRESSES, TITLED, *named):
        text = pattern.sub(lambda found: LEFT_OUT + (" " if found[0].endswith(" ") else ""), text)
    return re.sub(rf"(?:{re.escape(LEFT_OUT)}\s*)+{re.escape(LEFT_OUT)}", LEFT_OUT, text)


def parts_of(text: str, suggested: str) -> Iterator[tuple[str, bool]]:
    """Part a text into what a suggestion keeps and what it leaves out.

    Args:
        text: the text.
        suggested: what `suggest` made of it.

    Returns:
        Each part in its order, and whether it is left out.
    """
    kept = suggested.split(LEFT_OUT)
    at = 0
    for number, part in enumerate(kept):
        last = number == len(kept) - 1
        found = len(text) - len(part) if last and number else text.find(part, at)
        if found < at:  # the text itself has the sign of what is left out
            break
        if found > at:
            yield text[at:found], True
        if part:
            yield part, False
        at = found + len(part)
    if at < len(text):
        yield text[at:], False
