"""What is plain of the entries of an engine's index: it is told once, when the page is made, and kept with it."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

PLAIN_TEXTS = "plain_texts.json"
"""The file that may stand beside an engine's index: of each entry a list, in the order of the index."""

PLAIN = ("title", "text")
"""The parts of an entry that are told, in the order of such a list."""


def plain_text(html: str) -> str:
    """Give the text of what the engine left in HTML."""
    if "<" not in html and "&" not in html:
        return " ".join(html.split())
    body = LexborHTMLParser(html).body
    return " ".join(body.text(separator=" ").split()) if body else ""
