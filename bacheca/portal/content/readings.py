"""What was read of pages, kept for the builds after: a page is parsed again once its text changes, or what fills it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any

from bacheca.portal.cache.code import code_digest
from bacheca.portal.cache.digests import digest_of
from bacheca.portal.cache.json_values import as_json, of_json
from bacheca.portal.cache.store import Cache
from bacheca.portal.content.rendered import Heading, MarkdownReader, NamedBlock, Reference, Rendered
from bacheca.portal.content.variables import FILLING
from bacheca.portal.content.yaml_heads import Head
from bacheca.portal.settings_file import EXTENSIONS, SNIPPETS, appended

KIND = "readings"
Spread = Callable[[list[tuple[str, int]], Callable[[tuple[str, int]], list[Any]]], list[list[Any]]]

UNFIT = "unfit"
"""The key of the extensions that cannot be loaded; those of pages are digests."""

HEAD = "head "
"""What the keys of front matter begin with; the text of it follows."""


class Readings:
    """What was read of pages, by the builds before too.

    Args:
        cache: where it is kept.
        name: of which pages, such as the code of their language.
        code: the digest of the code that reads.
    """

    def __init__(self, cache: Cache, name: str, code: str):
        self._cache = cache
        self._key = digest_of(name, code)
        kept = cache.get_json(KIND, self._key)
        self._kept: dict[str, list[Any]] = kept if isinstance(kept, dict) else {}
        self._now: dict[str, list[Any]] = {}

    def get_head(self, written: str) -> Head | None:
        """Give what was read in front matter; None where nothing was."""
        key = HEAD + written
        kept = self._kept.get(key)
        if kept is None:
            return None
        self._now[key] = kept
        return Head(of_json(kept[0]), kept[1], kept[2])

    def put_head(self, written: str, head: Head) -> None:
        """Keep what was read in front matter, where nothing is wrong with it."""
        if head.values is not None and not head.problems:
            with suppress(TypeError):  # a value that is none of JSON's is read anew
                self._now[HEAD + written] = [as_json(head.values), head.lines, head.written]

    def get(self, key: str) -> Rendered | None:
        """Give what was read under a key; None where nothing was."""
        kept = self._now.get(key) or self._kept.get(key)
        if kept is None:
            return None
        self._now[key] = kept
        references, headings, names, blocks, fillings, included, executable, refused, refused_line = kept
        return Rendered(
            tuple(Reference(*each) for each in references),
            tuple(Heading(*each) for each in headings),
            frozenset(names),
            tuple(NamedBlock(*each) for each in blocks),
            tuple(fillings),
            tuple(included),
            tuple((written, line) for written, line in executable),
            refused,
            refused_line,
        )

    def has(self, key: str) -> bool:
        """Tell whether something was read under a key."""
        return key in self._kept or key in self._now

    def put(self, key: str, told: list[Any]) -> None:
        """Keep what was read, as `told_of` tells it."""
        self._now[key] = told

    def unfit(self, state: str) -> dict[str, str] | None:
        """Give the extensions that could not be loaded; None where nobody tried.

        Args:
            state: the digest of the extensions and their options.
        """
        kept = self._kept.get(UNFIT)
        if kept is None or kept[0] != state:
            return None
        self._now[UNFIT] = kept
        return dict(kept[1])

    def put_unfit(self, state: str, unfit: Mapping[str, str]) -> None:
        """Keep which extensions could not be loaded."""
        self._now[UNFIT] = [state, dict(unfit)]

    def save(self) -> None:
        """Write down what this build had to do with, and let go of it; where that cannot be, only time is lost."""
        if self._now.keys() != self._kept.keys() or self._now.get(UNFIT) != self._kept.get(UNFIT):
            with suppress(OSError):
                self._cache.put_json(KIND, self._key, self._now)
        self._kept, self._now = {}, {}


def told_of(read: Rendered) -> list[Any]:
    """Give what was read of a page as a value of JSON."""
    return [
        [[r.target, r.line, r.is_picture, r.is_html, r.words, r.says_itself] for r in read.references],
        [[h.level, h.text, h.name, h.line] for h in read.headings],
        sorted(read.names),
        [[b.kind, b.name, b.line] for b in read.blocks],
        read.fillings,
        read.included,
        read.executable,
        read.refused,
        read.refused_line,
    ]


class KeepingReader(MarkdownReader):
    """Reads pages as the engine will, and none that was read before.

    Args:
        extensions: the Markdown extensions of the settings, each with its options; all of them may be loaded.
        known: what takes the place of what stands between double braces.
        readings: what was read before.
    """

    def __init__(self, extensions: Mapping[str, Any], known: Mapping[str, str], readings: Readings):
        super().__init__(extensions, known)
        self.heads = self._readings = readings
        self._state = _state(extensions)
        self._includes = SNIPPETS in extensions
        self._keys: dict[tuple[str, int], str] = {}
        """The keys of what was read ahead and not asked for yet."""

    @cached_property
    def unfit(self) -> dict[str, str]:
        """The extensions that cannot be loaded with their options, and why; pages are read without them."""
        if not self._state:
            return self.tried()
        kept = self._readings.unfit(self._state)
        if kept is None:
            kept = self.tried()
            self._readings.put_unfit(self._state, kept)
        return kept

    def read(self, body: str, first_line: int = 1) -> Rendered:
        """Read a page, unless it was read before with all that it names."""
        key = self._keys.pop((body, first_line), None)
        if key is None:
            key = self._key(body, first_line)
        if not key:
            return super().read(body, first_line)
        found = self._readings.get(key)
        if found is None:
            found = super().read(body, first_line)
            self._readings.put(key, told_of(found))
        return found

    def read_ahead(self, texts: Iterable[tuple[str, int]], spread: Spread) -> None:
        """Read all pages that were not read before.

        Args:
            texts: the Markdown of each, and the line on which it begins.
            spread: does something with each of many items, at once for several of them.
        """
        self._keys |= (keys := {text: self._key(*text) for text in texts})
        missing = [text for text, key in keys.items() if key and not self._readings.has(key)]
        for text in missing[:1]:  # what reads is loaded once, for all
            self.read(*text)
            self._keys[text] = keys[text]
        told = spread(missing[1:], lambda text: told_of(super(KeepingReader, self).read(*text)))
        for text, found in zip(missing[1:], told, strict=True):
            self._readings.put(keys[text], found)

    def _key(self, body: str, first_line: int) -> str:
        """Give what tells all that a page is read with; empty where nobody can tell."""
        used = {name: self.known[name] for name in FILLING.findall(body) if name in self.known}
        if not self._state or (self._includes and any("8<-" in text for text in (body, *used.values()))):
            return ""
        return digest_of(self._state, used, first_line, body)


def _state(extensions: Mapping[str, Any]) -> str:
    """Give the digest of what pages are read with; empty where that may read whatever it likes."""
    names = {str(name).removeprefix("markdown.extensions.") for name in extensions}
    added = appended(extensions.get(SNIPPETS) or {})
    if names - EXTENSIONS - {SNIPPETS} or added is None or any("8<-" in text or "{{" in text for text in added):
        return ""
    try:
        return digest_of(extensions, added)
    except TypeError:
        return ""


def readings_of(cache: Cache, languages: tuple[str, ...]) -> dict[str, Readings]:
    """Give what was read of the pages of each language, by its code."""
    code = code_digest(cache)
    return {language: Readings(cache, language, code) for language in languages}
