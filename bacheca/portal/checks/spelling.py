"""Spelling, by a Hunspell dictionary, the words of the community's own list and those of its glossary."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from functools import cache, cached_property, lru_cache
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

EDGES = "*_~`\"'“”‘’«»()[]{}.,;:!?…–—-|>#"
"""What stands around a word in Markdown."""

CLOSING = "*_~`\"'”’»)]}"
SENTENCE_ENDS = frozenset((".", "!", "?", "…", ":", "|", "#", "-", "*", ">"))
STRANGE = re.compile(r"[\d_@/\\=<>#$%^*+~|.\[\](){}]")
"""What is in names of files, in code and in formulas."""

ENGLISH = ("en_GB", "en_US")
"""Dictionaries that are asked everywhere: English words stand in all languages."""

SHORTEST = 5
"""The fewest letters of a word that one slip can explain: too many short ones are alike."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"
VOWELS = "aeiou"
ACCENTS = ("aàáâä", "eèéêë", "iìíîï", "oòóôö", "uùúûü", "nñ", "cç")
ENDED = ("s", "es", "d", "ed", "ing", "er", "ers", "ly", "n", "able")
REGIONS = (
    ("or", "our"),
    ("er", "re"),
    ("iz", "is"),
    ("is", "iz"),
    ("yz", "ys"),
    ("og", "ogue"),
    ("ense", "ence"),
    *(("l", "ll"), ("ll", "l"), ("ered", "red"), ("ering", "ring"), ("lties", "lities"), ("lty", "lity")),
)
"""How one country writes, and another."""

Spelled = Callable[[str], bool]
"""Whether a dictionary has a word."""


def check_spelling(language: Language, pages: Iterable[Page], others: Iterable[str] = ()) -> Iterator[Problem]:
    """Give each word of the pages that is likely to be a slip, once a page, with the word that was meant.

    A word that stands in no dictionary is mostly a name, a term or another language. So nothing is said of what is
    written with capitals inside a sentence, of what another dictionary of the portal or the English one has, nor of
    what somebody writes again and again; and of the rest only where one slip of the fingers explains it.

    The dictionary is the setting `extra.spelling`, such as `it_IT`; without that setting nothing is checked.

    Args:
        language: the language.
        pages: its pages.
        others: the dictionaries of the portal's other languages.
    """
    name = language.config.get("extra", {}).get("spelling")
    if not name:
        return
    root = language.config_file.parent
    spelled = dictionary(str(name), root)
    if spelled is None:
        place = Places(language.config_file, KNOWN).of("extra", "spelling")
        yield PortalProblem("SPELLING_NONE", *place, values={"name": name})
        return
    names = [other for other in dict.fromkeys((*others, *ENGLISH)) if other != name]
    known_elsewhere = [other for other in (dictionary(each, root) for each in names) if other]
    words = language.content.parent / f"words.{language.code}.txt"
    pages = list(pages)
    own = _listed(words) | {word for page in pages for word in _terms(page)}
    knows = cache(
        lambda word: _is_known(word, spelled, own) or any(_is_known(word, other, ()) for other in known_elsewhere)
    )
    found = [(page, line, word) for page in pages for line, word in _unknown(page, knows)]
    often = Counter(word.casefold() for _, _, word in found)
    told: set[tuple[str, str]] = set()
    for page, line, word in found:
        near = meant(word, spelled.has, once=often[word.casefold()] == 1)
        if near and (page.path, word.casefold()) not in told:
            told.add((page.path, word.casefold()))
            yield page.problem("SPELLING", line, word=word, near=near, file=words.as_posix())
    for used in (spelled, *known_elsewhere):
        used.remember()


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
        self._state = state
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

    def has(self, word: str) -> bool:
        """Tell whether a word is in it, and remember nothing: for the many that nobody wrote."""
        return bool(self._opened.spell(word))

    @cached_property
    def _opened(self) -> Any:
        return open_dictionary(self._base, self._state)

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


@lru_cache(2)
def open_dictionary(base: Path, state: str) -> Any:
    """Open a dictionary, once for each state of its files."""
    from hunspell import Hunspell  # noqa: PLC0415  slow to load, as a dictionary is to open

    return Hunspell(base.name, hunspell_data_dir=str(base.parent))


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


def _unknown(page: Page, knows: Spelled) -> Iterator[tuple[int, str]]:
    titles = [(page.key_lines.get(key, 1), str(page.meta.get(key, ""))) for key in ("title", "description")]
    for line, text in (*titles, *page.prose()):
        for word in words_of(text):
            if not knows(word) and not knows(word[:1].lower() + word[1:]):
                yield line, word


def words_of(text: str) -> Iterator[str]:
    """Give the words of a line that may be looked up: names, numbers, paths and what has capitals are none."""
    starts = True
    for token in NOT_PROSE.sub(" ", FOREIGN.sub(" ", text)).split():
        bare = token.strip(EDGES)
        for word in [] if STRANGE.search(bare) else WORD.findall(bare):
            if word.islower() or (starts and word[1:].islower()):
                yield word
            starts = False
        if token.rstrip(CLOSING)[-1:] in SENTENCE_ENDS:
            starts = True


def meant(word: str, spelled: Spelled, *, once: bool) -> str:
    """Give the word that was meant, by one slip; empty where this one may well be meant as it stands.

    Args:
        word: a word that no dictionary has.
        spelled: whether the dictionary of its language has a word.
        once: whether it stands there once: what is written again and again is meant, but for its accents.
    """
    low = word.casefold()
    near = next((other for other in accented(low) if spelled(other)), "")
    if not near and once and len(low) >= SHORTEST and low.isalpha() and not _is_inflected(low, spelled):
        near = next((other for other in slips(low) if spelled(other)), "")
    return near.capitalize() if word[:1].isupper() else near


def accented(word: str) -> Iterator[str]:
    """Give a word with another accent, one more or one less, in this order."""
    for i, letter in enumerate(word):
        for group in ACCENTS:
            others = (other for other in group[1:] + group[0] if letter in group and other != letter)
            yield from (word[:i] + other + word[i + 1 :] for other in others)


def slips(word: str) -> Iterator[str]:
    """Give the words of which one slip makes this: not at its first letter, nor at its last, where words inflect."""
    for i in range(1, len(word) - 2):
        yield word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    for i in range(1, len(word) - 1):
        yield word[:i] + word[i + 1 :]
        yield from (word[:i] + letter + word[i:] for letter in LETTERS)
        yield from (word[:i] + vowel + word[i + 1 :] for vowel in VOWELS if word[i] in VOWELS)


def _is_inflected(word: str, spelled: Spelled) -> bool:
    """Tell whether a word is a known one with an ending, or one as another country writes it."""
    stems = (word.removesuffix(ending) for ending in ENDED if word.endswith(ending))
    countries = (word.replace(here, there) for here, there in REGIONS if here in word)
    return any(map(spelled, (*stems, *countries)))


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
