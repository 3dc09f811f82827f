"""Every reference of every page of a site, followed before the site takes the place of the one before.

`links` follows what editors wrote; here is what readers would get, whoever made it. Addresses of other hosts, and
those of this one outside the portal, are not asked for. What was sound in the last site without a hole is sound still
as long as its files, and the names in them, are there: only what changed is followed again, unless something went.
"""

from __future__ import annotations

import difflib
import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from bacheca.forms.errors import Problem
from bacheca.portal.build.site_files import Piece
from bacheca.portal.cache.digests import digest_of
from bacheca.portal.cache.store import Cache
from bacheca.portal.errors import PortalProblem
from bacheca.portal.postprocess.references import READERS, Target, references_of, target_of

READ = frozenset((".html", ".svg", *(f".{ending}" for ending in READERS if "." not in ending)))
NAMED = (".html", ".svg")
"""The files in which names can be referred to."""

PROPOSED = 50
"""For how many holes what comes nearest is looked up: that takes a while, and whoever has more made one mistake."""

FOLLOWED, SOUND = "followed", "sound"
"""The kinds of what is kept: where the references of a file lead, and the files of the last site without a hole."""


class Followed(NamedTuple):
    """Where the references of a file lead.

    Args:
        targets: each place once.
        names: the names that others can refer to.
        fault: why it cannot be read; empty where it can.
    """

    targets: tuple[Target, ...] = ()
    names: frozenset[str] = frozenset()
    fault: str = ""


@dataclass(frozen=True)
class Hole:
    """Something that is referred to and not there.

    Args:
        code: the code of the problem.
        target: what is missing, as an address on the host.
        place: where it was looked for.
    """

    code: str
    target: str
    place: Target


def verify(
    pieces: Mapping[str, Piece], url: str, forms: Collection[str], cache: Cache, code: str = ""
) -> Iterator[Problem]:
    """Follow every reference of every file of a site.

    Args:
        pieces: its files, by their paths.
        url: the address of its root.
        forms: the names of the forms that the service answers for.
        cache: remembers where the references of which content lead, and what was sound last.
        code: a digest of the code that reads: what other code has read is read again.

    Returns:
        A problem for each thing that is referred to and not there, with the first file that does.
    """
    tree = Tree(pieces, url, frozenset(forms), cache, code)
    holes: dict[Target, Hole | None] = {}
    missing: dict[Hole, set[str]] = {}
    faults: dict[str, str] = {}
    for path in tree.to_follow():
        found = tree.followed(path)
        if found.fault:
            faults[path] = found.fault
        for target in tree.unsure(path, found):
            if target not in holes:
                holes[target] = tree.hole(target)
            if hole := holes[target]:
                missing.setdefault(hole, set()).add(path)
    for path, reason in faults.items():
        yield PortalProblem("SITE_FILE", path, 1, values={"reason": reason})
    for number, (hole, referring) in enumerate(missing.items()):
        path = min(referring)
        address, line = tree.place(path, hole)
        near = tree.near(hole.place) if number < PROPOSED else ""
        values = {"reference": address or '""', "target": hole.target, "near": near, "pages": len(referring)}
        yield PortalProblem(hole.code, path, line, values=values)
    if not faults and not missing:
        tree.keep()


def keep_followed(cache: Cache, key: str, found: Followed) -> None:
    """Keep where the references of a file lead.

    Args:
        cache: where.
        key: tells what the file holds; of a page that was dressed, its piece's `made`.
        found: what was found.
    """
    cache.put_json(FOLLOWED, key, [found.targets, sorted(found.names), found.fault])


class Tree:
    """The files of a site, as references see them.

    Args:
        pieces: its files, by their paths.
        url: the address of its root.
        forms: the names of the forms that the service answers for.
        cache: where it is kept what was followed.
        code: a digest of the code that reads.
    """

    def __init__(self, pieces: Mapping[str, Piece], url: str, forms: frozenset[str], cache: Cache, code: str):
        self._pieces, self._forms, self._cache, self._code = pieces, forms, cache, code
        self._url, self._root = url, urlsplit(url).path
        self._named: dict[str, Followed] = {}
        self._before: dict[str, str] = {}
        self._marks = {path: self._mark(path, piece) for path, piece in pieces.items()}

    def to_follow(self) -> list[str]:
        """Give the files whose references have to be followed: all, where something went that others may lead to."""
        paths = sorted(path for path in self._pieces if is_read(path))
        kept = self._cache.get_json(SOUND, digest_of(self._url, self._code))
        if kept is None or kept["files"].keys() - self._pieces.keys() or set(kept["forms"]) - self._forms:
            return paths
        before: dict[str, str] = kept["files"]
        changed = [path for path in paths if before.get(path) != self._marks[path]]
        for path in changed:
            if path in before and path.endswith(NAMED):
                last = self._known(before[path].partition(" ")[0])
                if last is None or last.names - self.followed(path).names:
                    return paths
        self._before = before
        return changed

    def unsure(self, path: str, found: Followed) -> Iterable[Target]:
        """Give the places of which nobody knows whether something is there: those that the file did not lead to before.

        Args:
            path: a file whose references have to be followed.
            found: where they lead.
        """
        mark = self._before.get(path, "")
        last = self._known(mark.partition(" ")[0]) if mark else None
        if last is None:
            return found.targets
        sound = frozenset(_with_styles(last, mark).targets)
        return [target for target in found.targets if target not in sound]

    def keep(self) -> None:
        """Keep that nothing is missing."""
        said = {"forms": sorted(self._forms), "files": self._marks}
        self._cache.put_json(SOUND, digest_of(self._url, self._code), said)
        self._cache.keep(FOLLOWED, (self._marks[path].partition(" ")[0] for path in self._pieces if is_read(path)))

    def followed(self, path: str) -> Followed:
        """Give where the references of a file lead."""
        key = self._marks[path].partition(" ")[0]
        found = self._known(key)
        if found is None:
            found = self._follow(path)
            if not self._pieces[path].is_page:  # it names the styles of today, and is kept without
                keep_followed(self._cache, key, found)
        return _with_styles(found, self._marks[path])

    def hole(self, target: Target) -> Hole | None:
        """Give what is missing where a reference leads; None where something is there."""
        if target.kind == "nowhere":
            return Hole("REFERENCE_DEAD", target.path, target)
        return self._site_hole(target) if target.kind == "site" else self._form_hole(target)

    def near(self, place: Target) -> str:
        """Give what comes nearest to a place where nothing is; empty where nothing can."""
        if place.kind == "nowhere":
            return ""
        if place.kind == "service":
            return f"/forms/{_nearest(_form(place), self._forms)}"
        if file := self._file(place):
            return _nearest(place.name, self._named[file].names)
        addresses = sorted(path.removesuffix("index.html") for path in self._pieces)
        name = posixpath.basename(place.path.rstrip("/")).lower()
        same = (address for address in addresses if posixpath.basename(address.rstrip("/")).lower() == name)
        return f"{self._root}{next(same, '') or _nearest(place.path, addresses)}"

    def place(self, path: str, hole: Hole) -> tuple[str, int]:
        """Find the reference of a file that leads into a hole, and its line."""
        text = self._pieces[path].read().decode("utf-8-sig")
        found = (address for address in references_of(path, text).addresses if self._leads(path, address, hole))
        address = next(found, "")
        before, there, _ = text.partition(address or 'href=""')
        return address, before.count("\n") + 1 if there else 1

    def _leads(self, path: str, address: str, hole: Hole) -> bool:
        target = target_of(path, address, self._url)
        return target is not None and self.hole(target) == hole

    def _mark(self, path: str, piece: Piece) -> str:
        """Tell what a file holds; in front stands the key of where it leads."""
        made = piece.made if piece.is_page or not is_read(path) else digest_of(path, piece.made, self._url, self._code)
        return f"{made} {piece.styles}" if piece.styles else made

    def _known(self, key: str) -> Followed | None:
        kept = self._cache.get_json(FOLLOWED, key)
        return kept and Followed(tuple(Target(*target) for target in kept[0]), frozenset(kept[1]), kept[2])

    def _follow(self, path: str) -> Followed:
        try:
            found = references_of(path, self._pieces[path].read().decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            return Followed(fault=str(error).replace("\n", " ")[:200])
        targets = (target_of(path, address, self._url) for address in found.addresses)
        return Followed(tuple(dict.fromkeys(target for target in targets if target)), found.names)

    def _file(self, place: Target) -> str | None:
        files = (place.path, posixpath.join(place.path, "index.html"))
        return next((file for file in files if file in self._pieces), None)

    def _site_hole(self, place: Target) -> Hole | None:
        file = self._file(place)
        if file is None:
            return Hole("REFERENCE_DEAD", f"{self._root}{place.path}", place)
        if place.name in {"", "top"} or not file.endswith(NAMED):
            return None
        if file not in self._named:
            self._named[file] = self.followed(file)._replace(targets=())  # of all pages they take much memory
        if place.name in self._named[file].names or self._named[file].fault:
            return None
        return Hole("REFERENCE_NAME", f"{self._root}{place.path}#{place.name}", place)

    def _form_hole(self, place: Target) -> Hole | None:
        """Tell whether the service answers for an address: those of a form need that form."""
        name = _form(place)
        if not place.path.startswith("/forms/") or name in self._forms or name == "openapi.json":
            return None
        return Hole("REFERENCE_DEAD", place.path, place)


def _with_styles(found: Followed, mark: str) -> Followed:
    """Give where a file leads, its mark telling to which styles."""
    styles = mark.partition(" ")[2]
    if not styles:
        return found
    targets = (Target("site", target.path + styles) if target.kind == "styles" else target for target in found.targets)
    return found._replace(targets=tuple(targets))


def _form(place: Target) -> str:
    """Give the name of a form from an address of the service: empty where that is none of a form."""
    return place.path.removeprefix("/forms/").partition("/")[0]


def is_read(path: str) -> bool:
    """Tell whether a file refers to others."""
    return posixpath.splitext(path)[1] in READ or posixpath.basename(path) in READERS


def _nearest(written: str, names: Collection[str]) -> str:
    return next(iter(difflib.get_close_matches(written, sorted(names), 1, 0.0)), "")
