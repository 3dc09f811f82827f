"""The styles, scripts, fonts and pictures of a site: their lasting names, and what pages leave of them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, MutableMapping
from typing import Any
from urllib.parse import quote

from bacheca.portal.build.site_files import Piece, piece_of
from bacheca.portal.cache.digests import digest_of
from bacheca.portal.cache.store import Cache
from bacheca.portal.checks.strays import Said
from bacheca.portal.images.site_pictures import SitePictures
from bacheca.portal.postprocess.fingerprints import Names, fingerprint, is_asset, marked
from bacheca.portal.postprocess.unused_css import SCRIPTS, SLIM, STYLES, classes_in, shipped, slimmed, writes_classes
from bacheca.portal.search.index import INDEX

NAMES, SLIMMED = "asset-names", "slim-styles"
"""The kinds of what is kept: the names of assets with the styles that name them, and what is left of the theme's."""

THEIRS = re.compile(r"(?:lunr|workers)/|bundle\.[0-9a-f]{8}\.min\.js")
"""How the scripts of the engine's theme are called, which our pages do without."""

WORDS = re.compile(r"words\.([a-z]{2,3})\.min\.")
"""How the words of a language are called, by which the search takes other words apart."""

TEXTS = (".css", ".js", ".svg", ".html", ".xml", ".json", ".webmanifest", ".yaml")
"""The endings of files that may name a picture; the service shows those of forms."""

DIAGRAMS = ("mermaid.", "diagrams.")
"""How the scripts that draw diagrams are called: they weigh more than all the rest."""


def rename_assets(pieces: MutableMapping[str, Piece], roots: Iterable[str], url: str, cache: Cache, code: str) -> Names:
    """Give the assets of a site names that change with what they hold.

    Args:
        pieces: the files of the site, by their paths.
        roots: where each language begins in it.
        url: its address.
        cache: where it is kept what came of the same assets.
        code: a digest of the code that renames them.

    Returns:
        The new names.
    """
    roots = list(roots)
    assets = {path: piece for path, piece in sorted(pieces.items()) if is_asset(path, roots)}
    key = digest_of(code, url, roots, {path: piece.made for path, piece in assets.items()})
    kept: dict[str, Any] | None = cache.get_json(NAMES, key)
    if kept is None:
        before = {path: piece.read() for path, piece in assets.items()}
        after = dict(before)
        names = dict(fingerprint(after, roots, url).names)
        now = {path: after[_renamed(path, names)] for path in assets}
        changed = {path: content.decode() for path, content in now.items() if content != before[path]}
        kept = {"names": names, "changed": changed}
        cache.put_json(NAMES, key, kept)
    for path, piece in assets.items():
        del pieces[path]
        changed_to = kept["changed"].get(path)
        pieces[_renamed(path, kept["names"])] = piece if changed_to is None else piece_of(changed_to)
    return Names(url, kept["names"])


def _renamed(path: str, names: dict[str, str]) -> str:
    return posixpath.join(posixpath.dirname(path), names.get(path, posixpath.basename(path)))


def drop_diagrams(pieces: MutableMapping[str, Piece], root: str) -> None:
    """Take out what draws diagrams, where no page of a language has any."""
    for path in [path for path in pieces if posixpath.dirname(path) == f"{root}{SCRIPTS}"]:
        if posixpath.basename(path).startswith(DIAGRAMS):
            del pieces[path]


def has_search(paths: Iterable[str], root: str) -> bool:
    """Tell whether a language has the product's own theme, and so its search.

    Args:
        paths: the files of the site.
        root: where the language begins in it.
    """
    return any(path.startswith(f"{root}{SCRIPTS}/ranking.") for path in paths)


def drop_scripts(pieces: MutableMapping[str, Piece], root: str, language: str) -> None:
    """Take out the scripts that no page asks for: those of the engine's theme, and words of other languages.

    Args:
        pieces: the files of the site, by their paths.
        root: where the language begins in it.
        language: the language whose words the search takes apart; empty where it knows none.
    """
    folder = f"{root}{SCRIPTS}/"
    for path in [path for path in pieces if path.startswith(folder)]:
        name = path.removeprefix(folder)
        words = WORDS.match(name)
        if THEIRS.match(name) or (words and words[1] != language):
            del pieces[path]


def theme_sheet(paths: Iterable[str], root: str) -> str:
    """Give the theme's style sheet of a language, by its path; empty for another theme's."""
    found = shipped(paths, root)
    return found[0] if found and posixpath.basename(found[0]).startswith("main.") else ""


def slim_styles(pieces: MutableMapping[str, Piece], root: str, classes: Iterable[str], cache: Cache, code: str) -> str:
    """Put what the pages of a language leave of the theme's style sheet in its place.

    Args:
        pieces: the files of the site, by their paths.
        root: where the language begins in it.
        classes: the classes that its pages have.
        cache: where it is kept what was left before.
        code: a digest of the code that says what is left.

    Returns:
        The name of what is left; empty where the theme's is not there.
    """
    sheet = theme_sheet(pieces, root)
    if not sheet:
        return ""
    scripts = sorted(path for path in pieces if writes_classes(path, root))
    key = digest_of(code, pieces[sheet].made, [pieces[path].made for path in scripts], sorted(classes))
    left: str | None = cache.get_json(SLIMMED, key)
    if left is None:
        used = set(classes).union(*(classes_in(pieces[path].read().decode()) for path in scripts))
        left = slimmed(pieces[sheet].read().decode(), used)
        cache.put_json(SLIMMED, key, left)
    for path in shipped(pieces, root):
        del pieces[path]
    name = marked(SLIM, left.encode())
    pieces[f"{root}{STYLES}/{name}"] = piece_of(left)
    return name


def put_renditions(
    pieces: MutableMapping[str, Piece], pictures: SitePictures, shown: Iterable[str], linked: Collection[str]
) -> None:
    """Put the renditions of pictures into a site, and take out the pictures that nothing leads to any more.

    Args:
        pieces: the files of the site, by their paths.
        pictures: its pictures.
        shown: those that pages show, by their paths.
        linked: those that pages lead to as they are.
    """
    replaced = {path for path, told in pictures.of(shown).items() if told.sources}
    for path, key, read in pictures.files(replaced):
        pieces[path] = Piece(key, read)
    unlinked = sorted(replaced - set(linked))
    if not unlinked:
        return
    said = Said(
        piece.read().decode("utf-8", "replace")
        for path, piece in pieces.items()
        if path.endswith(TEXTS) and not piece.is_page and not path.endswith(INDEX)
    )
    for path in unlinked:
        name = posixpath.basename(path)
        if not said.names(name) and not said.names(quote(name)):
            del pieces[path]
