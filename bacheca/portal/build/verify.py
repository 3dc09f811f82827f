"""Every reference of every page of the built site, followed before the site takes the place of the one before.

`links` follows what editors wrote; here is what readers would get, whoever made it. Addresses of other hosts, and
those of this one outside the portal, are not asked for.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import posixpath
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from bacheca.forms.errors import Problem
from bacheca.portal.errors import PortalProblem
from bacheca.portal.postprocess import references
from bacheca.portal.postprocess.references import READERS, References, references_of

READ = frozenset((".html", ".svg", *(f".{ending}" for ending in READERS if "." not in ending)))
ANYWHERE = frozenset(("404.html", "shell.html"))
"""Pages that are sent for addresses at any depth: nothing in them may depend on where they are."""

SERVICE = ("/forms/", "/desk/", "/healthz", "/readyz", "/metrics")
"""Where the addresses of the service begin, under the root of the host."""


def verify(site: Path, url: str, forms: Collection[str], kept: Path) -> Iterator[Problem]:
    """Follow every reference of every file of a site.

    Args:
        site: the folder of the site.
        url: the address of its root.
        forms: the names of the forms that the service answers for.
        kept: the file that remembers what was read of which content; written anew when something else was read.

    Returns:
        A problem for each thing that is referred to and not there, with the first file that does.
    """
    paths = frozenset(file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file())
    held, problems = _read(site, sorted(paths), kept)
    yield from problems
    names = {path: found.names for path, found in held.items() if path.endswith((".html", ".svg"))}
    tree = Tree(url, paths, frozenset(forms), names)
    missing: dict[Hole, list[tuple[str, str]]] = {}
    for path, found in held.items():
        for address in found.addresses:
            hole = tree.hole(path, address)
            if hole:
                missing.setdefault(hole, []).append((path, address))
    for hole, named in missing.items():
        path, address = named[0]
        values = {"reference": address or '""', "target": hole.target, "near": hole.near, "pages": len(named)}
        yield PortalProblem(hole.code, path, _line(site / path, address), values=values)


@dataclass(frozen=True)
class Hole:
    """Something that is referred to and not there.

    Args:
        code: the code of the problem.
        target: what is missing, as an address on the host.
        near: what comes nearest to it, or nothing.
    """

    code: str
    target: str
    near: str


class Tree:
    """The files of a site, as references see them.

    Args:
        url: the address of its root.
        paths: its files, by their paths.
        forms: the names of the forms that the service answers for.
        names: the names in each page and drawing.
    """

    def __init__(self, url: str, paths: frozenset[str], forms: frozenset[str], names: Mapping[str, frozenset[str]]):
        whole = urlsplit(url)
        self.url, self.host, self.root = url, whole.netloc, whole.path
        self.paths, self.forms, self.names = paths, forms, names

    def hole(self, path: str, address: str) -> Hole | None:
        """Follow a reference.

        Args:
            path: the file it stands in.
            address: what is written there.

        Returns:
            What is missing; None where it leads somewhere, or out of the portal.
        """
        try:
            parts = urlsplit(urljoin(self._base(path, address), address))
        except ValueError:
            return Hole("REFERENCE_DEAD", address, "")
        if parts.scheme not in ("http", "https") or parts.netloc != self.host:
            return None
        if parts.path.startswith(SERVICE):
            return self._form_hole(unquote(parts.path))
        if f"{parts.path}/".startswith(self.root):
            return self._site_hole(unquote(parts.path)[len(self.root) :], unquote(parts.fragment.partition(":~:")[0]))
        return None

    def _site_hole(self, target: str, name: str) -> Hole | None:
        file = next((file for file in (target, posixpath.join(target, "index.html")) if file in self.paths), None)
        if file is None:
            return Hole("REFERENCE_DEAD", f"{self.root}{target}", f"{self.root}{self._near(target)}")
        names = self.names.get(file)
        if not name or name == "top" or names is None or name in names:
            return None
        return Hole("REFERENCE_NAME", f"{self.root}{target}#{name}", _nearest(name, names))

    def _form_hole(self, path: str) -> Hole | None:
        """Tell whether the service answers for an address: those of a form need that form."""
        _, first, *rest = path.split("/")
        name = rest[0] if rest else ""
        if first != "forms" or name in self.forms or name == "openapi.json":
            return None
        return Hole("REFERENCE_DEAD", path, f"/forms/{_nearest(name, self.forms)}")

    def _base(self, path: str, address: str) -> str:
        if posixpath.basename(path) in ANYWHERE and not address.startswith("#"):
            return urljoin(self.url, posixpath.join(posixpath.dirname(path), "any/where/"))
        return urljoin(self.url, path.removesuffix("index.html"))

    def _near(self, target: str) -> str:
        addresses = sorted(path.removesuffix("index.html") for path in self.paths)
        name = posixpath.basename(target.rstrip("/")).lower()
        same = (address for address in addresses if posixpath.basename(address.rstrip("/")).lower() == name)
        return next(same, "") or _nearest(target, addresses)


def _read(site: Path, paths: list[str], kept: Path) -> tuple[dict[str, References], list[Problem]]:
    """Read the files; what is known by its content is not read again."""
    try:
        known: dict[str, tuple[list[str], list[str]]] = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    seen: dict[str, tuple[list[str], list[str]]] = {}
    held: dict[str, References] = {}
    problems: list[Problem] = []
    for path in paths:
        if posixpath.splitext(path)[1] not in READ and posixpath.basename(path) not in READERS:
            continue
        data = (site / path).read_bytes()
        mark = hashlib.sha256(_reader() + path.encode() + b"\0" + data).hexdigest()
        if mark not in known:
            try:
                found = references_of(path, data.decode("utf-8-sig"))
            except (ValueError, RecursionError) as error:
                values = {"reason": str(error).replace("\n", " ")[:200]}
                problems.append(PortalProblem("SITE_FILE", path, 1, values=values))
                continue
            known[mark] = list(found.addresses), sorted(found.names)
        seen[mark] = known[mark]
        addresses, names = known[mark]
        held[path] = References(tuple(addresses), frozenset(names))
    _keep(kept, seen)
    return held, problems


@cache
def _reader() -> bytes:
    """Give a mark of the code that reads: what other code has read is read again."""
    return hashlib.sha256(Path(references.__file__).read_bytes()).digest()


def _keep(kept: Path, seen: Mapping[str, object]) -> None:
    text = json.dumps(seen, ensure_ascii=False, separators=(",", ":"))
    new = kept.with_name(f"{kept.name}.new")
    kept.parent.mkdir(parents=True, exist_ok=True)
    new.write_text(text, encoding="utf-8")
    new.replace(kept)


def _line(file: Path, address: str) -> int:
    """Find the line of a file on which an address stands."""
    before, found, _ = file.read_text(encoding="utf-8-sig").partition(address or 'href=""')
    return before.count("\n") + 1 if found else 1


def _nearest(written: str, names: Collection[str]) -> str:
    return next(iter(difflib.get_close_matches(written, sorted(names), 1, 0.0)), "")
