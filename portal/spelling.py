"""Spelling, by a Hunspell dictionary, the words of the community's own list and those of its glossary."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

from forms.errors import Problem
from portal.errors import PortalProblem
from portal.pages import Page
from portal.settings import Language

FOLDERS = ("/usr/share/hunspell", "/usr/share/myspell", "/opt/homebrew/share/hunspell", "/Library/Spelling")
"""Where systems keep dictionaries: `it_IT.aff` and `it_IT.dic`."""

NOT_PROSE = re.compile(
    r"<!--.*?-->|<[^>]*>|\{\{.*?\}\}|\{[:#.][^}]*\}|\]\([^)]*\)|\]\[[^\]]*\]"
    r"|[a-z]+://\S+|\S+@\S+|\b[\w-]+(?:\.[\w-]+)+\b|&\w+;|^[ \t]*(?:/{3,}|!{3}).*|^[ ]{0,3}\[[^\]]+\]:.*",
    re.MULTILINE,
)
FOREIGN = re.compile(r"\*[^*\n]+\*\{:[^}]*\blang=[^}]*\}|<(\w+)\b[^>]*\blang=[^>]*>.*?</\1>")
"""Words of another language, marked as such: `*Zeit*{: lang="de" }`."""

WORD = re.compile(r"[^\W\d_ºª]+(?:['’-][^\W\d_]+)*['’]?")
TERM = re.compile(r"##[ \t]+(.*?)(?:[ \t]*\{|$)|\baliases=\"([^\"]*)\"")

Spelled = Callable[[str], bool]
"""Whether a dictionary has a word."""


def check_spelling(language: Language, pages: Iterable[Page]) -> Iterator[Problem]:
    """Give each word of the pages that neither the dictionary nor the community knows, once a page.

    The dictionary is the setting `extra.spelling`, such as `it_IT`; without that setting nothing is checked.

    Args:
        language: the language.
        pages: its pages.
    """
    name = language.config.get("extra", {}).get("spelling")
    if not name:
        return
    spelled = dictionary(str(name), language.config_file.parent)
    if spelled is None:
        yield PortalProblem("SPELLING_NONE", language.config_file.as_posix(), 1, values={"name": name})
        return
    words = language.content.parent / f"words.{language.code}.txt"
    pages = list(pages)
    own = _listed(words) | {word for page in pages for word in _terms(page)}
    knows = cache(lambda word: _is_known(word, spelled, own))
    sound = cache(lambda part: all(map(knows, _words(part))))
    for page in pages:
        for line, word in _unknown(page, sound, knows):
            yield page.problem("SPELLING", line, word=word, file=words.as_posix())


def dictionary(name: str, root: Path) -> Spelled | None:
    """Open a Hunspell dictionary.

    Args:
        name: its name, such as `it_IT`, or its path without ending, from `root`.
        root: the folder of the settings.

    Returns:
        What tells whether a word is in it; `None` where it is not on this machine.
    """
    try:
        from hunspell import Hunspell  # noqa: PLC0415  a quarter of a second, for checks alone
    except ImportError:
        return None
    for folder in ((root / name).parent, *map(Path, FOLDERS)):
        base = folder / Path(name).name
        if base.with_suffix(".aff").is_file() and base.with_suffix(".dic").is_file():
            opened = Hunspell(base.name, hunspell_data_dir=str(folder))
            return lambda word: bool(opened.spell(word))
    return None


def _listed(file: Path) -> set[str]:
    if not file.is_file():
        return set()
    lines = (line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return {line.casefold() for line in lines if line}


def _terms(page: Page) -> Iterator[str]:
    if page.key != "glossary":
        return
    for _, text in page.text():
        for heading, aliases in TERM.findall(text):
            for word in WORD.findall(f"{heading} {aliases}"):
                yield word.casefold()


def _unknown(page: Page, sound: Callable[[str], bool], knows: Callable[[str], bool]) -> Iterator[tuple[int, str]]:
    titles = [(page.key_lines.get(key, 1), str(page.meta.get(key, ""))) for key in ("title", "description")]
    if all(map(sound, set(page.body.split()))) and all(sound(part) for _, text in titles for part in text.split()):
        return  # nearly every page: only the others are read line by line
    told: set[str] = set()
    for line, text in (*titles, *page.prose()):
        for word in _words(text):
            if word not in told and not knows(word):
                told.add(word)
                yield line, word


def _words(text: str) -> list[str]:
    found: list[str] = WORD.findall(NOT_PROSE.sub(" ", FOREIGN.sub(" ", text)))
    return found


def _is_known(word: str, spelled: Spelled, own: Collection[str]) -> bool:
    """Tell whether a word is known: as it stands, in parts (`e-mail`), after an elision (`dell'app`); acronyms are."""
    if word.isupper() or word.casefold() in own or spelled(word.replace("’", "'")):
        return True
    if "-" in word:
        return all(_is_known(part, spelled, own) for part in word.split("-") if len(part) > 1)
    head, apostrophe, tail = word.replace("’", "'").rpartition("'")
    if not apostrophe:
        return False
    if not tail and spelled(head):
        return True
    elided = any(spelled(f"{head}'{after}") for after in ("acqua", "oro"))
    return elided and (not tail or tail.casefold() in own or spelled(tail))
