"""Names that change with what a file holds, so that browsers may keep styles, scripts and fonts for a year."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ORDER = (("fonts", "woff2"), ("stylesheets", "css"), ("javascripts", "js"))
"""The folders of `assets/` and what they hold; a style names fonts, so that fonts come first."""

FINGERPRINTED = re.compile(r"\.[0-9a-f]{8,}\.(?:min\.)?\w+$")
NAMED = re.compile(r"""(?<=["'(=])[\w./-]+\.(?:woff2|css|js)\b""")


def fingerprint(site: Path, roots: Iterable[Path], path: str = "/") -> None:
    """Rename the assets that are the portal's own, and whatever names them; the engine's have such names already.

    Each language has assets of its own, and what they hold may differ: a name is followed to its very file.

    Args:
        site: the folder of the site.
        roots: the folder of each language in it, with its `assets/`.
        path: the path of the site on its host.
    """
    names: dict[str, str] = {}
    roots = list(roots)
    for folder, ending in ORDER:
        for root in roots:
            for file in _imported_first((root / "assets" / folder).glob(f"*.{ending}")):
                if ending == "css":
                    _rename_in(file, site, path, names)
                if FINGERPRINTED.search(file.name):
                    continue
                mark = hashlib.sha256(file.read_bytes()).hexdigest()[:8]
                new = file.with_name(f"{file.stem}.{mark}.{ending}")
                names[file.relative_to(site).as_posix()] = new.name
                file.rename(new)
    for page in site.rglob("*.html"):
        _rename_in(page, site, path, names)


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


def _rename_in(file: Path, site: Path, path: str, names: Mapping[str, str]) -> None:
    """Let a file name what it names by its new name."""
    folder = path + file.parent.relative_to(site).as_posix()

    def renamed(found: re.Match[str]) -> str:
        whole = posixpath.normpath(posixpath.join(folder, found[0])).removeprefix(path)
        return found[0] if whole not in names else posixpath.join(posixpath.dirname(found[0]), names[whole])

    text = file.read_text(encoding="utf-8")
    after = NAMED.sub(renamed, text)
    if after != text:
        file.write_text(after, encoding="utf-8")
