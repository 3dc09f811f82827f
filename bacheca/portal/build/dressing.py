"""The pages of a language, dressed: those that a build before dressed alike are taken from the cache.

What a page becomes depends on its own text and on what all pages of its language are dressed with. All that is its key.
Only the glossary's page depends on the others: it names those that use its terms, and is dressed last.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from sys import intern
from typing import Any

from bacheca.portal.build.site_files import Piece
from bacheca.portal.build.verify import Followed, keep_followed
from bacheca.portal.cache.digests import digest_of
from bacheca.portal.cache.raw_site import RawSite
from bacheca.portal.cache.store import Cache
from bacheca.portal.content.pages import Page
from bacheca.portal.files import is_photo
from bacheca.portal.images.site_pictures import FOLDER, SitePictures
from bacheca.portal.postprocess.glossary_terms import Term, read_terms
from bacheca.portal.postprocess.html_tree import Tree
from bacheca.portal.postprocess.json_ld import FAQ, data_of
from bacheca.portal.postprocess.pages import GLOSSARY, Dressed, Index, Rendered, Surroundings, dress_page
from bacheca.portal.postprocess.pictures import addresses_of_pictures, paths_of
from bacheca.portal.rendering.workers import WorkFailed, spread
from bacheca.portal.settings import Language

NOT_FOUND, SHELL = "404.html", "shell.html"
DRESSED, KNOWN, TERMS, SHOWN = "dressed", "known-pages", "terms", "shown-pictures"
"""The kinds of what is kept: a page, what is known of all pages of a language, a glossary's terms, pages' pictures."""


@dataclass(frozen=True)
class Traits:
    """What the whole site has to know of a dressed page.

    Args:
        indexable: its address, as it says itself; none where it keeps search engines out.
        uses: the terms of the glossary that it uses.
        classes: the classes of the theme's parts that it has.
        has_diagram: whether it has a diagram.
        pictures: the pictures that it leads to as they are, by where they stand in the site.
    """

    indexable: tuple[str, ...]
    uses: tuple[str, ...]
    classes: tuple[str, ...]
    has_diagram: bool
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """A page to be dressed.

    Args:
        key: tells all that it is made of.
        raw: the file that it is made of, among what the engine left.
        rendered: the page, without what it holds.
    """

    key: str
    raw: str
    rendered: Rendered


class Wardrobe:
    """Dresses the pages of a language.

    Args:
        language: the language.
        pages: the pages that editors wrote in it.
        raw: what the engine made of them.
        around: what they are dressed with, but for the terms of the glossary.
        cache: where dressed pages are kept.
        code: a digest of the code that dresses them.
        pictures: the pictures of the site; None where pages show them as they are.
    """

    def __init__(
        self,
        language: Language,
        pages: Iterable[Page],
        raw: RawSite,
        around: Surroundings,
        cache: Cache,
        *,
        code: str,
        pictures: SitePictures | None = None,
    ):
        self._language, self._raw, self._cache = language, raw, cache
        self._pages = {page.destination: page for page in pages if page.destination in raw.digests}
        self._glossary = next((page for page in self._pages.values() if page.key == GLOSSARY), None)
        self.terms = self._read_terms(code)
        self._around = replace(around, terms=self.terms)
        self._shared = digest_of(code, language.code, self._around)
        self._name = digest_of(language.prefix, around.sheet)
        self._code, self._pictures = code, pictures
        self._pictured: dict[str, tuple[str, ...]] = {}
        self._wanted: dict[str, Wanted] = {}
        self.traits: dict[str, Traits] = {}
        """What is known of each page, by its path in the site; the glossary's own comes last."""

    @property
    def home(self) -> str:
        """The address of the glossary under the language's root."""
        return self._glossary.url if self._glossary else ""

    @property
    def classes(self) -> frozenset[str]:
        """The classes of the theme's parts that some page has."""
        return frozenset().union(*{traits.classes for traits in self.traits.values()})

    @property
    def indexable(self) -> list[str]:
        """The addresses of the pages that search engines may show, as the pages say them."""
        return [address for traits in self.traits.values() for address in traits.indexable]

    @property
    def pictured(self) -> frozenset[str]:
        """The pictures that pages show, by where they stand in the site."""
        return frozenset().union(*self._pictured.values())

    @property
    def linked(self) -> frozenset[str]:
        """The pictures that pages lead to as they are, by where they stand in the site."""
        return frozenset().union(*(traits.pictures for traits in self.traits.values()))

    def dress(self) -> None:
        """Dress all pages.

        Raises:
            RenderFailed: the page for missing addresses lacks the marks that the shell needs.
        """
        known = self._known()
        files = sorted(path for path in self._raw.digests if path.endswith(".html"))
        own = self._glossary.destination if self._glossary else ""
        if self._pictures and self._pictures.paths:
            self._pictured = dict(self._look_for_pictures(files, self._pictures.paths))
            self._pictures.make(self.pictured)
        self._dress([wanted for path in files if path != own for wanted in self._wants(path)], known)
        if own:
            self._dress(list(self._wants(own, self._index())), known)
        self._keep()

    def dressed_anew(self, page: Page, html: bytes) -> bytes:
        """Dress a page whose text has changed with what the others are dressed with; its style sheet is the whole one.

        Args:
            page: the page.
            html: what the engine makes of it now.
        """
        wanted = next(self._wants(page.destination))
        return b"".join(dress_page(replace(wanted.rendered, html=html), self._around).parts)

    def pieces(self, styles: str) -> Iterator[tuple[str, Piece]]:
        """Give the files of all pages, by their paths in the site.

        Args:
            styles: the name of what is left of the theme's style sheet; empty where all of it stays.
        """
        for path, wanted in self._wanted.items():
            yield path, Piece(wanted.key, self._reads(wanted, styles.encode()), styles, is_page=True)

    def _reads(self, wanted: Wanted, styles: bytes) -> Callable[[], bytes]:
        return lambda: styles.join(self._parts(wanted))

    def _parts(self, wanted: Wanted) -> Iterable[bytes]:
        kept = self._cache.get(DRESSED, wanted.key)
        return _unpacked(kept)[1] if kept else self._dress_one(wanted).parts  # it may have been damaged since

    def _read_terms(self, code: str) -> tuple[Term, ...]:
        if self._glossary is None:
            return ()
        path = self._glossary.destination
        key = digest_of(code, self._raw.digests[path])
        kept = self._cache.get_json(TERMS, key)
        if kept is None:
            terms = read_terms(Tree(self._raw.read(path).decode("utf-8", "replace")))
            kept = [[*vars(term).values()] for term in terms]
            self._cache.put_json(TERMS, key, [[*row[:-1], sorted(row[-1])] for row in kept])
        return tuple(
            Term(name, title, definition, tuple(aliases), tuple(forms), frozenset(unlinked))
            for name, title, definition, aliases, forms, unlinked in kept
        )

    def _wants(self, raw: str, index: Index | None = None) -> Iterator[Wanted]:
        """Give the pages that are made of a file: of the page for missing addresses, the shell besides."""
        page = self._pages.get(raw)
        shown = self._pictures.of(self._pictured.get(raw, ())) if self._pictures else {}
        rendered = Rendered(self._language.prefix + raw, b"", index=index, pictures=shown)
        if page:
            is_linked = self._glossary is not None and index is None
            rendered = replace(
                rendered,
                glossary=page.way_to(self._glossary) if self._glossary and is_linked else None,
                data=tuple(data_of(page, self._language)),
                questions=self._language.url + page.url if page.key == FAQ else "",
            )
        if raw == NOT_FOUND:
            yield self._want(raw, replace(rendered, path=self._language.prefix + SHELL, is_shell=True))
        yield self._want(raw, rendered)

    def _want(self, raw: str, rendered: Rendered) -> Wanted:
        return Wanted(digest_of(self._shared, self._raw.digests[raw], rendered), raw, rendered)

    def _look_for_pictures(self, files: Iterable[str], there: frozenset[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Give where the pictures stand that each page shows; pages that did not change need not be read again."""
        name = digest_of(self._language.prefix, self._code)
        kept: dict[str, list[str]] = self._cache.get_json(SHOWN, name) or {}
        missing = [path for path in files if self._raw.digests[path] not in kept]
        try:
            found = spread(missing, self._addresses)
        except WorkFailed:  # said here in its own words
            found = list(map(self._addresses, missing))
        new = {self._raw.digests[path]: addresses for path, addresses in zip(missing, found, strict=True)}
        now = {digest: {**kept, **new}[digest] for digest in map(self._raw.digests.__getitem__, files)}
        if now != kept:
            self._cache.put_json(SHOWN, name, now)
        for path in files:
            addresses = now[self._raw.digests[path]]
            if addresses:
                places = paths_of(addresses, self._language.prefix + path, self._around.names.url).values()
                yield path, tuple(sorted(there.intersection(places)))

    def _addresses(self, path: str) -> list[str]:
        html = self._raw.read(path).decode("utf-8", "replace")
        return addresses_of_pictures(html)

    def _index(self) -> Index:
        """Give what the glossary's page says of the others."""
        assert self._glossary  # noqa: S101  it is its page that is completed
        uses: dict[str, list[tuple[str, str]]] = {}
        for path, traits in self.traits.items():
            page = self._pages.get(self._wanted[path].raw) if traits.uses else None
            if page is None:
                continue
            entry = (str(page.meta.get("title") or page.url), self._glossary.way_to(page))
            for name in traits.uses:
                uses.setdefault(name, []).append(entry)
        return Index(str(self._glossary.meta["title"]), self._language.url + self._glossary.url, uses)

    def _dress(self, wanted: list[Wanted], known: Mapping[str, tuple[str, Traits]]) -> None:
        """Dress what no build dressed before, and note what there is to know of each page."""
        missing: list[Wanted] = []
        for page in wanted:
            path = page.rendered.path
            self._wanted[path] = page
            key, traits = known.get(path, ("", None))
            if key != page.key:
                kept = self._cache.get(DRESSED, page.key)
                traits = _unpacked(kept)[0] if kept else None
            if traits is None:
                missing.append(page)
            else:
                self.traits[path] = traits
        try:
            found = spread(missing, self._keep_page)
        except WorkFailed:  # said here in its own words
            found = list(map(self._keep_page, missing))
        alike: dict[str, tuple[str, ...]] = {}
        for page, (indexable, uses, written, has_diagram, pictures) in zip(missing, found, strict=True):
            classes = alike.setdefault(written, tuple(written.split()))
            self.traits[page.rendered.path] = Traits(
                tuple(indexable), tuple(map(intern, uses)), classes, has_diagram, tuple(pictures)
            )
        for page in wanted:  # in the order of their paths, whichever were dressed now
            self.traits[page.rendered.path] = self.traits.pop(page.rendered.path)

    def _keep_page(self, wanted: Wanted) -> list[Any]:
        """Dress a page and keep it; give its traits, its classes as one text: many pages have the same."""
        page = self._dress_one(wanted)
        traits = Traits(page.indexable, page.uses, page.classes, page.has_diagram, tuple(_pictures(page)))
        keep_followed(self._cache, wanted.key, Followed(page.targets, frozenset(page.names), page.fault))
        self._cache.put(DRESSED, wanted.key, _packed(traits, page.parts))
        return [traits.indexable, traits.uses, " ".join(traits.classes), traits.has_diagram, traits.pictures]

    def _dress_one(self, wanted: Wanted) -> Dressed:
        return dress_page(replace(wanted.rendered, html=self._raw.read(wanted.raw)), self._around)

    def _known(self) -> dict[str, tuple[str, Traits]]:
        """Give key and traits of the pages of the last build."""
        kept = self._cache.get_json(KNOWN, self._name)
        if kept is None:
            return {}
        classes = [tuple(names) for names in kept["classes"]]
        return {
            path: (key, Traits(tuple(indexable), tuple(uses), classes[number], has_diagram, tuple(pictures)))
            for path, (key, indexable, uses, number, has_diagram, pictures) in kept["pages"].items()
        }

    def _keep(self) -> None:
        """Keep key and traits of all pages; they have few sets of classes."""
        classes: dict[tuple[str, ...], int] = {}
        pages = {
            path: [
                self._wanted[path].key,
                traits.indexable,
                traits.uses,
                classes.setdefault(traits.classes, len(classes)),
                traits.has_diagram,
                traits.pictures,
            ]
            for path, traits in self.traits.items()
        }
        self._cache.put_json(KNOWN, self._name, {"classes": list(classes), "pages": pages})
        self._cache.keep(DRESSED, (wanted.key for wanted in self._wanted.values()))


def _packed(traits: Traits, parts: Iterable[bytes]) -> bytes:
    parts = list(parts)
    said = [*vars(traits).values(), list(map(len, parts))]
    return json.dumps(said).encode() + b"\n" + b"".join(parts)


def _unpacked(kept: bytes) -> tuple[Traits, list[bytes]]:
    head, _, rest = kept.partition(b"\n")
    indexable, uses, classes, has_diagram, pictures, lengths = json.loads(head)
    parts: list[bytes] = []
    for length in lengths:
        parts.append(rest[:length])
        rest = rest[length:]
    return Traits(tuple(indexable), tuple(uses), tuple(classes), has_diagram, tuple(pictures)), parts


def _pictures(page: Dressed) -> Iterator[str]:
    """Give the pictures that a page leads to as they are, by where they stand in the site."""
    for path in sorted({target.path for target in page.targets if target.kind == "site"}):
        if is_photo(path) and not path.startswith(f"{FOLDER}/"):
            yield path
