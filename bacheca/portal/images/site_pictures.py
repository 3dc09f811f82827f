"""The pictures of a whole site: which of them pages show, and the renditions that are made of those, once.

Renditions are kept under the digest of the picture and of what encodes it, so that no other change makes them anew.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import cached_property, partial

from bacheca.portal.cache.digests import digest_of
from bacheca.portal.cache.raw_site import RawSite
from bacheca.portal.cache.store import Cache
from bacheca.portal.errors import ContentProblems, PortalProblem
from bacheca.portal.files import is_photo
from bacheca.portal.images.own_pictures import made_by
from bacheca.portal.images.renditions import File, Renditions, renditions_of
from bacheca.portal.rendering.workers import WorkerDied, WorkFailed, spread

FOLDER = "assets/pictures"
"""Where renditions stand in the site."""

TOLD, MADE = "renditions", "rendition"
"""The kinds of what is kept: what the renditions of a picture are, and each of them."""

LONGEST_STEM = 120
"""Bytes of the name of a picture that those of its renditions begin with: no file system takes more than 255."""


class SitePictures:
    """The pictures of a site.

    Args:
        rendered: what the engine made of each language, by where it begins in the site; nothing where pictures are to
            be shown as they are.
        cache: where renditions are kept.
    """

    def __init__(self, rendered: Mapping[str, RawSite], cache: Cache):
        self._cache = cache
        self._files = {
            root + path: (raw, path) for root, raw in rendered.items() for path in raw.digests if is_photo(path)
        }
        self._told: dict[str, Renditions | None] = {}

    @cached_property
    def paths(self) -> frozenset[str]:
        """Where pictures stand in the site."""
        return frozenset(self._files)

    def make(self, paths: Iterable[str]) -> None:
        """Make the renditions of pictures that no build made before, over all processors.

        Args:
            paths: where the pictures stand in the site; what stands nowhere is left out.

        Raises:
            ContentProblems: what encodes a picture crashed with it.
        """
        wanted = sorted(self.paths.intersection(paths) - self._told.keys())
        missing = {self._key(path): path for path in wanted if not self._is_kept(self._key(path))}
        work = sorted(missing.values(), key=self._weight, reverse=True)  # the largest last would be waited for
        try:
            spread(work, self._encode, least=1, apart=True)
        except WorkerDied as death:
            path = work[death.place]
            values = {"file": posixpath.basename(path)}
            raise ContentProblems(PortalProblem("PICTURE_BROKEN", path, 1, values=values)) from None
        except WorkFailed:  # said here in its own words
            for path in work:
                self._encode(path)
        for path in wanted:
            self._told[path] = self._read(self._key(path))

    def of(self, paths: Iterable[str]) -> dict[str, Renditions]:
        """Give the renditions of pictures, by their paths; those alone of what is a picture."""
        found = {path: self._told.get(path) for path in paths}
        return {path: told for path, told in found.items() if told}

    def files(self, paths: Iterable[str]) -> Iterator[tuple[str, str, Callable[[], bytes]]]:
        """Give the files of renditions: where each stands in the site, what it is made of, and what reads it.

        Args:
            paths: where the pictures stand.
        """
        for path, told in self.of(sorted(set(paths))).items():
            for file in told.files:
                key = self._key_of(path, file)
                self._cache.has(MADE, key)
                yield place_of(path, told, file), key, partial(self._bytes, path, file)

    def _key(self, path: str) -> str:
        raw, inner = self._files[path]
        return digest_of(made_by("renditions"), raw.digests[inner])

    def _key_of(self, path: str, file: File) -> str:
        return digest_of(self._key(path), file)

    def _weight(self, path: str) -> tuple[int, str]:
        raw, inner = self._files[path]
        return (raw.folder / inner).stat().st_size, path

    def _is_kept(self, key: str) -> bool:
        kept = self._cache.get_json(TOLD, key)
        if kept is None:
            return False
        told = _renditions(kept)
        return told is None or all(self._cache.has(MADE, digest_of(key, file)) for file in told.files)

    def _read(self, key: str) -> Renditions | None:
        kept = self._cache.get_json(TOLD, key)
        return None if kept is None else _renditions(kept)

    def _encode(self, path: str) -> None:
        raw, inner = self._files[path]
        key = self._key(path)
        told, made = renditions_of(raw.read(inner), key[:8])
        for file, content in made.items():
            self._cache.put(MADE, digest_of(key, file), content)
        self._cache.put_json(TOLD, key, asdict(told) if told else {})

    def _bytes(self, path: str, file: File) -> bytes:
        """Give a rendition; where it was damaged since, it is made anew."""
        kept = self._cache.get(MADE, self._key_of(path, file))
        if kept is None:
            raw, inner = self._files[path]
            kept = renditions_of(raw.read(inner), "")[1][file]
        return kept


def place_of(path: str, told: Renditions, file: File) -> str:
    """Give where a rendition of a picture stands in the site.

    Args:
        path: where the picture stands.
        told: its renditions.
        file: which of them.
    """
    kind, width = file
    own = posixpath.splitext(posixpath.basename(path))[0]
    stem = own.encode()[:LONGEST_STEM].decode(errors="ignore")
    return f"{FOLDER}/{stem}.{width}.{told.mark}.{kind}"


def _renditions(kept: dict[str, object]) -> Renditions | None:
    """Read what was kept."""
    if not kept:
        return None
    made = Renditions(**kept)  # type: ignore[arg-type]  # as JSON has it: lists for tuples
    sources = tuple((str(kind), tuple(widths)) for kind, widths in made.sources)
    return Renditions(made.width, made.height, made.mark, sources, (made.plain[0], made.plain[1]))
