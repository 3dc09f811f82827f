"""Suggestions of what to leave out of a comment before it is quoted; an editor decides."""

from __future__ import annotations

import re

from bacheca.forms.kinds.contact import COUNTRY

LEFT_OUT = "[…]"
"""What stands in the place of what is left out."""

ADDRESSES = re.compile(
    r"""
    https?://\S+ | www\.\S+                                   # web
    | (?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+  # e-mail
    | (?<!\w)@\w{2,}                                          # accounts
    | \b(?:[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso|[Ll]argo|[Vv]icolo)\s{1,3}
      [A-ZÀ-Ý][\w’']*(?:\s{1,3}[A-ZÀ-Ý][\w’']*)*(?:,?\s{0,3}(?:n\.?\s?)?\d+\w?)?\s?  # streets
    | \b[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]\b              # tax codes
    | \bIT\d{2}[A-Z]\d{10}[0-9A-Z]{12}\b                      # bank accounts
    """,
    re.VERBOSE,
)
TITLED = re.compile(
    r"\b(?:[Ss]ig(?:\.(?:ra|na)?|nora|nor)|[Dd]ott(?:\.(?:ssa)?|oressa|ore)|[Pp]rof\.(?:ssa)?|[Ii]ng\.|[Aa]vv\.|Mr|Mrs|Ms|Dr)"
    r"\.?\s{1,3}[A-ZÀ-Ý][\w’'-]+(?:\s[A-ZÀ-Ý][\w’'-]+)*\s?"
)
NAMES = re.compile(r"\b[A-ZÀ-Ý][a-zà-ÿ’']+(?:\s{1,3}(?:(?:[Dd][aei]l?|[Dd]e)\s{0,3})?[A-ZÀ-Ý][a-zà-ÿ’']+)+")
"""Two words or more that begin with a capital letter: a person, mostly."""

INSIDE = re.compile(r"(?<=[a-zà-ÿ,;:] )[A-ZÀ-Ý][a-zà-ÿ’']+")
"""A capital letter inside a sentence: a name of something."""


def suggest(text: str) -> str:
    """Give a text with what may tell who somebody is left out: names, addresses, numbers, accounts."""
    import phonenumbers  # noqa: PLC0415  slow to load, and few need it

    for match in reversed(list(phonenumbers.PhoneNumberMatcher(text, COUNTRY))):
        text = text[: match.start] + LEFT_OUT + text[match.end :]
    for pattern in (ADDRESSES, TITLED, NAMES, INSIDE):
        text = pattern.sub(lambda found: LEFT_OUT + (" " if found[0].endswith(" ") else ""), text)
    return re.sub(rf"(?:{re.escape(LEFT_OUT)}\s*)+{re.escape(LEFT_OUT)}", LEFT_OUT, text)
