"""Spelling, by a Hunspell dictionary, the words of the community's own list and those of its glossary."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bacheca.forms.atomic_file import replaced
from bacheca.forms.errors import Problem
from bacheca.forms.text import digest
from bacheca.portal.content.pages import Page
from bacheca.portal.errors import PortalProblem
from bacheca.portal.setting_places import Places
from bacheca.portal.settings import Language
from bacheca.portal.settings_file import KNOWN

FOLDERS = ("/usr/share/hunspell", "/usr/share/myspell", "/opt/homebrew/share/hunspell", "/Library/Spelling")
"""Where systems keep dictionaries: `it_IT.aff` and `it_IT.dic`."""

ENDINGS = (".aff", ".dic")
MEMORY = Path(".cache") / "spelling"

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
        place = Places(language.config_file, KNOWN).of("extra", "spelling")
        yield PortalProblem("SPELLING_NONE", *place, values={"name": name})
        return
    words = language.content.parent / f"words.{language.code}.txt"
    pages = list(pages)
    own = _listed(words) | {word for page in pages for word in _terms(page)}
    knows = cache(lambda word: _is_known(word, spelled, own))
    sound = cache(lambda part: all(map(knows, _words(part))))
    for page in pages:
        for line, word in _unknown(page, sound, knows):
            yield page.problem("SPELLING", line, word=word, file=words.as_posix())
    spelled.remember()


class Dictionary:
    """A Hunspell dictionary, which is read when it is asked for a word that it was not asked for before.

    Args:
        base: its path without ending.
        memory: a folder for what it was asked; another dictionary, or another state of this one, has files of its own.
    """

    def __init__(self, base: Path, memory: Path):
        self._base = base
        files = [base.with_suffix(ending) for ending in ENDINGS]
        state = digest({str(file): [file.stat().st_size, file.stat().st_mtime_ns] for file in files})
        self._file = memory / f"{base.name}-{state[:16]}.json"
        self._known: dict[str, bool] = {}
        with suppress(OSError, ValueError, TypeError):
            self._known = dict(json.loads(self._file.read_text(encoding="utf-8")))
        self._had = len(self._known)

    def __call__(self, word: str) -> bool:
        """Tell whether a word is in it."""
        if word not in self._known:
            self._known[word] = bool(self._opened.spell(word))
        return self._known[word]

    @cached_property
    def _opened(self) -> Any:
        from hunspell import Hunspell  # noqa: PLC0415  a quarter of a second

        return Hunspell(self._base.name, hunspell_data_dir=str(self._base.parent))

    def remember(self) -> None:
        """Write down what it was asked, for the next time; where that cannot be, nothing is lost but time."""
        if len(self._known) == self._had:
            return
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            for old in self._file.parent.glob(f"{self._base.name}-*.json"):
                old.unlink()
            with replaced(self._file) as file:
                json.dump(self._known, file, ensure_ascii=False)


def dictionary(name: str, root: Path) -> Dictionary | None:
    """Find a Hunspell dictionary.

    Args:
        name: its name, such as `it_IT`, or its path without ending, from `root`.
        root: the folder of the settings.

    Returns:
        What tells whether a word is in it; `None` where it is not on this machine.
    """
    if find_spec("hunspell") is None:
        return None
    for folder in ((root / name).parent, *map(Path, FOLDERS)):
        base = folder / Path(name).name
        if all(base.with_suffix(ending).is_file() for ending in ENDINGS):
            return Dictionary(base, root / MEMORY)
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
