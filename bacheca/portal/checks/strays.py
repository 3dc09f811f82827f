"""Files that the build leaves aside without a word, and what nobody can find: forms on no page, names with blanks."""

from __future__ import annotations

import difflib
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain
from pathlib import Path
from urllib.parse import quote

from bacheca.forms import Form, Problem
from bacheca.forms.definition.checks.nearest import plain, slug
from bacheca.forms.published import RECIPIENTS
from bacheca.portal.checks.links import Links, Tree
from bacheca.portal.content.events import is_event
from bacheca.portal.content.pages import Page
from bacheca.portal.content.sources import patterns
from bacheca.portal.errors import PortalProblem
from bacheca.portal.files import files_in
from bacheca.portal.settings import Portal

DOCUMENTS = frozenset((".docx", ".doc", ".odt", ".rtf", ".pages", ".txt", ".html", ".htm"))
"""What people write pages in that the build cannot read."""

PICTURES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg"))
UNNAMED = frozenset(("robots.txt", "humans.txt", "security.txt", "ads.txt", "llms.txt"))
"""Files that programs ask for by their names, and no page needs to."""

PART = re.compile(r"[\w.%-]+")
"""A part of a path, as it stands in a text: what is named by no such part is looked for letter by letter."""

NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
ALIKE = 0.84
"""How much a topic must resemble another to be a misspelling of it, from 0 to 1."""


class Said:
    """All that pages and settings say, asked whether it names a file.

    Args:
        texts: the texts.
    """

    def __init__(self, texts: Iterable[str]):
        self._texts = texts

    @cached_property
    def _text(self) -> str:
        """All of it: nobody has to look where no file has to be named."""
        return "\n".join(self._texts)

    @cached_property
    def _parts(self) -> frozenset[str]:
        parts = set(PART.findall(self._text))
        return frozenset(parts | {part.strip("._-") for part in parts})

    def names(self, name: str) -> bool:
        """Tell whether a file is named, by the last part of its path."""
        return name in self._parts or (not PART.fullmatch(name) and name in self._text)


def check_strays(portal: Portal, pages: Mapping[str, tuple[Page, ...]], *, all_read: bool) -> Iterator[Problem]:
    """Give the files among pages and forms that nothing is made of.

    Args:
        portal: the portal.
        pages: the pages of each language.
        all_read: whether every page could be read: one that could not may show any picture.
    """
    said = Said(_texts(portal, pages))
    for language in portal.languages:
        for path in _files(language.content):
            for problem in _check_file(path, language.content, said):
                if all_read or problem.code != "PICTURE_UNUSED":
                    yield problem
    for file in (portal.forms / path for path in _files(portal.forms)):
        if file.suffix != ".yaml" and file != portal.forms / RECIPIENTS:
            near = f"{file.name.split('.')[0]}.yaml" if file.suffix.lower() in (".yaml", ".yml") else ""
            code = "FORM_STRAY_NAME" if near else "FORM_STRAY"
            yield PortalProblem(code, file.as_posix(), 1, values={"file": file.name, "near": near})


def _texts(portal: Portal, pages: Mapping[str, tuple[Page, ...]]) -> Iterator[str]:
    """Give every text in which a file may be named."""
    for language in portal.languages:
        yield language.config_file.read_text(encoding="utf-8", errors="replace")
        for page in pages[language.code]:
            yield page.body
            yield str(page.meta)
        for file in language.content.rglob("*.yml"):
            if file.is_file() and not file.is_symlink():
                yield file.read_text(encoding="utf-8", errors="replace")


def _files(folder: Path) -> list[str]:
    """Name the files under a folder, hidden ones and those of other programs left out."""
    return [path for path in files_in(folder) if not any(part[0] in ".~" for part in path.split("/"))]


def _check_file(path: str, content: Path, said: Said) -> Iterator[Problem]:
    name = posixpath.basename(path)
    stem, written = posixpath.splitext(name)
    ending, file = written.lower(), f"{content.as_posix()}/{path}"
    is_asked = (ending in DOCUMENTS and name not in UNNAMED) or ending in PICTURES
    named = is_asked and (said.names(name) or said.names(quote(name)))
    if ending == ".md" and written != ".md":
        yield PortalProblem("PAGE_NAME", file, 1, values={"file": name, "near": f"{stem}.md"})
    elif ending in DOCUMENTS and is_asked and not named:
        near = f"{slug(name.split('.')[0]) or 'pagina'}.md"
        yield PortalProblem("PAGE_STRAY", file, 1, values={"file": name, "near": near})
    elif ending in PICTURES and not named:
        yield PortalProblem("PICTURE_UNUSED", file, 1, values={"file": name})
    parts = path.split("/")
    if not all(map(NAME.fullmatch, parts)):
        near = posixpath.join(*map(_name, parts))
        yield PortalProblem("ADDRESS_NAME", file, 1, values={"file": path, "near": near})


def _name(part: str) -> str:
    stem, dot, ending = part.rpartition(".")
    return f"{slug(stem) or 'file'}.{ending.lower()}" if dot and stem else slug(part) or "pagine"


def check_shown(forms: Mapping[str, Form], folder: Path, pages: Iterable[Page]) -> Iterator[Problem]:
    """Give the forms that no page shows or leads to.

    Args:
        forms: the forms, by name.
        folder: the folder of their files.
        pages: the pages of all languages.
    """
    said = "\n".join(f"{page.body}\n{page.meta}" for page in pages) if forms else ""
    for name in forms:
        shown = re.search(
            rf"/{{3,}}\s*(?:form|results)\s*\|\s*{re.escape(name)}\s*$|forms/{re.escape(name)}\b", said, re.MULTILINE
        )
        if not shown:
            yield PortalProblem("FORM_NOWHERE", (folder / f"{name}.yaml").as_posix(), 1, values={"name": name})


def check_orphans(trees: Iterable[Tree], pages: Mapping[str, tuple[Page, ...]]) -> Iterator[Problem]:
    """Give the pages that neither a navigation that somebody wrote names nor any page leads to.

    Lists lead to articles and events, the switch of languages to translations, the footer to what it names.

    Args:
        trees: the pages and files of every language.
        pages: the pages that are published, by their language; what they lead to is asked of all.
    """
    trees = list(trees)
    navigated = [tree for tree in trees if isinstance(tree.language.config.get("nav"), list)]
    if not navigated:  # nobody wants to follow every link for nothing
        return
    followed = Links(trees)
    led_to = {
        (target.language, target.path)
        for tree in trees
        for page in tree.pages.values()
        for target in followed.targets(page)
        if target is not page
    }
    keys = Counter(page.key for page in chain(*pages.values()))
    for tree in navigated:
        config = tree.language.config
        named = set(_strings(config["nav"])) | set(_strings(config["extra"].get("words") or {}))
        left = patterns(config.get("not_in_nav"))
        for page in pages[tree.language.code]:
            home = page.url in {"", "index.html"}  # every page's header leads to it
            reached = home or page.path in named or page.url in named or (page.language, page.path) in led_to
            listed = page.is_article or is_event(page) or keys[page.key] > 1
            if not (reached or listed or (left and left.match_file(page.path))):
                yield page.problem("PAGE_ORPHAN", 1, file=page.path)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def check_topics(pages: Iterable[Page]) -> Iterator[Problem]:
    """Give the topics and labels of one article that are almost those of an earlier one, or of several."""
    articles = sorted(
        (page for page in pages if page.is_article), key=lambda page: (str(page.meta.get("date")), page.path)
    )
    for key in ("categories", "tags"):
        counts = Counter(str(item) for page in articles for item in _listed(page, key))
        known = Words(item for item, count in counts.items() if count > 1)
        for page in articles:
            for item in map(str, _listed(page, key)):
                if counts[item] == 1:
                    if near := known.almost(item):
                        yield page.problem("TOPIC_TYPO", key, value=item, near=near)
                    known.add(item)


class Words:
    """Words among which the one is found that another almost is.

    Of hundreds nearly all are ruled out by their letters: each that one of two words lacks makes them less alike.

    Args:
        words: the first of them.
    """

    def __init__(self, words: Iterable[str]):
        self._words: dict[str, str] = {}
        self._letters: list[tuple[int, int, str]] = []
        self._bits: dict[str, int] = {}
        for word in words:
            self.add(word)

    def add(self, word: str) -> None:
        """Let a word be found; of those that differ in capitals and accents alone the last one is."""
        bare = plain(word)
        if bare not in self._words:
            self._letters.append((len(bare), self._mask(bare), bare))
        self._words[bare] = word

    def almost(self, word: str) -> str:
        """Give the word that another almost is; empty where none is."""
        bare = plain(word)
        size, letters, most = len(bare), self._mask(bare), 1 - ALIKE
        near = [
            other for length, mask, other in self._letters if (letters ^ mask).bit_count() <= most * (size + length)
        ]
        found = difflib.get_close_matches(bare, near, 1, ALIKE)
        return self._words[found[0]] if found else ""

    def _mask(self, word: str) -> int:
        """Give the letters of a word as the bits of a number."""
        return sum(1 << self._bits.setdefault(letter, len(self._bits)) for letter in set(word))


def _listed(page: Page, key: str) -> list[object]:
    value = page.meta.get(key)
    return value if isinstance(value, list) else []


def check_empty(page: Page) -> Iterator[Problem]:
    """Say so of a page that has no text, unless its template makes one."""
    if not page.body.strip() and not {"template", "hero", "cards", "starts"} & page.meta.keys():
        yield page.problem("PAGE_EMPTY", page.body_line)
