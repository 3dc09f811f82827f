"""Articles before what a sentence names: in Italian *il 7 novembre*, and *l’8 novembre*."""

from __future__ import annotations

import re
from collections.abc import Mapping

ELIDED = {
    "il ": "l’", "Il ": "L’", "al ": "all’", "Al ": "All’", "dal ": "dall’", "Dal ": "Dall’",
    "del ": "dell’", "Del ": "Dell’", "nel ": "nell’", "Nel ": "Nell’", "sul ": "sull’", "Sul ": "Sull’",
}  # fmt: skip
"""Italian articles, by themselves or in one word with what stands before them, and what they are before a vowel."""

ARTICLE = re.compile(rf"\b(?P<article>{'|'.join(ELIDED)})(?=%\((?P<percent>\w+)\)s|\{{(?P<brace>\w+)\}})")
"""One of them ahead of what a sentence names."""

SPOKEN_WITH_A_VOWEL = re.compile(r"8|11(?!\d)")
"""How the numbers begin that are *otto*, *ottanta* or *undici* in Italian."""


def with_articles(sentence: str, language: str, values: Mapping[str, object]) -> str:
    """Write the articles of a sentence as what it names asks for, *dal 7 all’11*; Italian alone does.

    Args:
        sentence: the sentence, which names values as `%(name)s` or `{name}`.
        language: its language.
        values: what is going to be filled in.
    """
    if language.partition("-")[0] != "it":
        return sentence

    def written(found: re.Match[str]) -> str:
        said = str(values.get(found["percent"] or found["brace"], ""))
        return ELIDED[found["article"]] if SPOKEN_WITH_A_VOWEL.match(said) else found[0]

    return ARTICLE.sub(written, sentence)
