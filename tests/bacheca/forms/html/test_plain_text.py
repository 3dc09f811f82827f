"""Markdown as those read it who read plain text."""

from __future__ import annotations

import pytest

from bacheca.forms.html.plain_text import mailed_text

SAID = [
    ("Ciao,\n\nvedi [il **programma**](https://e.org/p?a=1&b=2).", "Ciao,\n\nvedi il programma: https://e.org/p?a=1&b=2."),
    ("## Oggi\n\nuna riga\n*l’altra*", "Oggi\n\nuna riga\nl’altra"),
    ("- uno\n- [due](https://e.org)\n    - dentro\n- tre", "- uno\n- due: https://e.org\n  - dentro\n- tre"),
    ("1. primo\n\n    e poi\n\n2. secondo", "1. primo\n\n   e poi\n\n2. secondo"),
    ("> citato\n> due\n\n---\n\n    codice  qui", "> citato\n> due\n\n* * *\n\ncodice  qui"),
    ("<https://e.org> [a@b.org](mailto:a@b.org) [qui](/forms/x)", "https://e.org a@b.org qui"),
    ("<b>x</b> &amp; 2 < 3, nome_di_campo, 2 * 3 * 4 \\*no\\*", "<b>x</b> & 2 < 3, nome_di_campo, 2 * 3 * 4 *no*"),
    ("", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), SAID, ids=[text[:12] for text, _said in SAID])
def test_markdown_is_plain_text_with_whole_addresses_and_no_marks(text: str, said: str) -> None:
    assert mailed_text(text) == said
