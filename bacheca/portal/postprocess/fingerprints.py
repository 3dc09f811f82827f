"""Names that change with what a file holds, so that browsers may keep styles, scripts and fonts for a year."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from bacheca.portal.postprocess.html_tree import Tree
from bacheca.portal.postprocess.references import References, address_of, base_of, change_style, follow_page

ORDER = (("fonts", "woff2"), ("stylesheets", "css"), ("javascripts", "js"))
"""The folders of `assets/` and what they hold; a style names fonts, so that fonts come first."""

ENDINGS = tuple(f".{ending}" for _, ending in ORDER)

FINGERPRINTED = re.compile(r"\.[0-9a-f]{8,}\.(?:min\.)?\w+$")


@dataclass(frozen=True)
class Names:
    """The new names of a site's assets.

    Args:
        url: the address of the site.
        names: the new name of each file, by the path it had.
    """

    url: str
    names: Mapping[str, str]

    def rename_in(self, page: Tree, path: str) -> References:
        """Let every reference of a page follow what it names; of all else that the page says, nothing changes.

        Args:
            page: the page.
            path: where it stands in the site.

        Returns:
            What the page refers to now.

        Raises:
            ValueError: its linked data, or the settings of a script, are not what they should be.
        """
        base = urljoin(address_of(self.url, path), base_of(page))
        return follow_page(page, lambda address: self.renamed(address, base))

    def renamed(self, address: str, base: str) -> str:
        """Give an address under its new name.

        Args:
            address: what is written.
            base: the address of the page or style that it is written in.
        """
        path = address.partition("#")[0].partition("?")[0]
        if not path.endswith(ENDINGS):
            return address
        try:
            whole = urljoin(base, path)
        except ValueError:
            return address
        new = self.names.get(unquote(urlsplit(whole).path.removeprefix(urlsplit(self.url).path)))
        if new is None or urlsplit(whole).netloc != urlsplit(self.url).netloc:
            return address
        return posixpath.join(posixpath.dirname(path), new) + address[len(path) :]


def fingerprint(files: MutableMapping[str, bytes], roots: Iterable[str], url: str) -> Names:
    """Rename the assets that are the portal's own, also in the styles that name them.

    The engine's have such names already. Each language has assets of its own, and what they hold may differ: a name is
    followed to its very file.

    Args:
        files: the assets, by their paths in the site; in the end, as they are to be.
        roots: where each language begins in the site: `""`, `en/`.
        url: the address of the site.

    Returns:
        The new names, for the pages.
    """
    found: dict[str, str] = {}
    names = Names(url, found)
    roots = list(roots)
    for folder, ending in ORDER:
        for root in roots:
            for path in list(_imported_first(files, f"{root}assets/{folder}", ending)):
                if ending == "css":
                    files[path] = _followed(files[path], f"{url}{path}", names)
                if not FINGERPRINTED.search(path):
                    content = files.pop(path)
                    found[path] = marked(posixpath.basename(path), content)
                    files[posixpath.join(posixpath.dirname(path), found[path])] = content
    return names


def is_asset(path: str, roots: Iterable[str]) -> bool:
    """Tell whether a file of a site lies among the styles, scripts and fonts of a language."""
    return any(posixpath.dirname(path) == f"{root}assets/{folder}" for root in roots for folder, _ in ORDER)


def marked(name: str, content: bytes) -> str:
    """Give the name of a file with a mark of what it holds."""
    stem, ending = posixpath.splitext(name)
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:8]}{ending}"


def _imported_first(files: Mapping[str, bytes], folder: str, ending: str) -> Iterator[str]:
    """Put each style sheet after those that it imports, whose new names it is to take."""
    waiting = sorted(path for path in files if posixpath.dirname(path) == folder and path.endswith(f".{ending}"))
    while waiting:
        ready = [path for path in waiting if not any(_names(files, path, other) for other in waiting if other != path)]
        for path in ready or waiting[:1]:  # imports in a circle keep somebody's old name, and are found to be dead
            waiting.remove(path)
            yield path


def _names(files: Mapping[str, bytes], path: str, other: str) -> bool:
    return path.endswith(".css") and posixpath.basename(other).encode() in files[path]


def _followed(style: bytes, address: str, names: Names) -> bytes:
    """Give a style sheet that names what it names by its new name."""
    try:
        text = style.decode()
    except UnicodeDecodeError:
        return style  # `verify` says so
    after = change_style(text, lambda written: names.renamed(written, address))
    return style if after == text else after.encode()
