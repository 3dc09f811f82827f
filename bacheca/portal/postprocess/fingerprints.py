"""Names that change with what a file holds, so that browsers may keep styles, scripts and fonts for a year."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from bacheca.portal.postprocess.html_tree import Tree
from bacheca.portal.postprocess.references import base_of, change_page, change_style

ORDER = (("fonts", "woff2"), ("stylesheets", "css"), ("javascripts", "js"))
"""The folders of `assets/` and what they hold; a style names fonts, so that fonts come first."""

FINGERPRINTED = re.compile(r"\.[0-9a-f]{8,}\.(?:min\.)?\w+$")


@dataclass(frozen=True)
class Names:
    """The new names of a site's assets.

    Args:
        site: the folder of the site.
        url: its address.
        names: the new name of each file, by the path it had.
    """

    site: Path
    url: str
    names: Mapping[str, str]

    def rename_in(self, page: Tree, file: Path) -> None:
        """Let every reference of a page follow what it names; of all else that the page says, nothing changes."""
        base = urljoin(f"{self.url}{file.relative_to(self.site).as_posix()}", base_of(page))
        change_page(page, lambda address: self.renamed(address, base))

    def renamed(self, address: str, base: str) -> str:
        """Give an address under its new name.

        Args:
            address: what is written.
            base: the address of the page or style that it is written in.
        """
        path = address.partition("#")[0].partition("?")[0]
        if not path.endswith(tuple(f".{ending}" for _, ending in ORDER)):
            return address
        try:
            whole = urljoin(base, path)
        except ValueError:
            return address
        new = self.names.get(unquote(urlsplit(whole).path.removeprefix(urlsplit(self.url).path)))
        if new is None or urlsplit(whole).netloc != urlsplit(self.url).netloc:
            return address
        return posixpath.join(posixpath.dirname(path), new) + address[len(path) :]


def fingerprint(site: Path, roots: Iterable[Path], url: str) -> Names:
    """Rename the assets that are the portal's own, also in the styles that name them.

    The engine's have such names already. Each language has assets of its own, and what they hold may differ: a name is
    followed to its very file.

    Args:
        site: the folder of the site.
        roots: the folder of each language in it, with its `assets/`.
        url: the address of the site.

    Returns:
        The new names, for the pages.
    """
    found: dict[str, str] = {}
    names = Names(site, url, found)
    roots = list(roots)
    for folder, ending in ORDER:
        for root in roots:
            for file in _imported_first((root / "assets" / folder).glob(f"*.{ending}")):
                path = file.relative_to(site).as_posix()
                if ending == "css":
                    _follow(file, f"{url}{path}", names)
                if not FINGERPRINTED.search(file.name):
                    found[path] = marked(file)
                    file.rename(file.with_name(found[path]))
    return names


def marked(file: Path) -> str:
    """Give the name of a file with a mark of what it holds."""
    return f"{file.stem}.{hashlib.sha256(file.read_bytes()).hexdigest()[:8]}{file.suffix}"


def _imported_first(files: Iterable[Path]) -> Iterator[Path]:
    """Put each style sheet after those that it imports, whose new names it is to take."""
    waiting = sorted(files)
    while waiting:
        ready = [file for file in waiting if not any(_names(file, other) for other in waiting if other != file)]
        for file in ready or waiting[:1]:  # imports in a circle keep somebody's old name, and are found to be dead
            waiting.remove(file)
            yield file


def _names(file: Path, other: Path) -> bool:
    return file.suffix == ".css" and other.name in file.read_text(encoding="utf-8")


def _follow(style: Path, address: str, names: Names) -> None:
    """Let a style sheet name what it names by its new name."""
    text = style.read_text(encoding="utf-8")
    after = change_style(text, lambda written: names.renamed(written, address))
    if after != text:
        style.write_text(after, encoding="utf-8")
