"""Names that change with what a file holds, so that browsers may keep styles, scripts and fonts for a year."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

ORDER = (("fonts", "woff2"), ("stylesheets", "css"), ("javascripts", "js"))
"""The folders of `assets/` and what they hold; a style names fonts, so that fonts come first."""

FINGERPRINTED = re.compile(r"\.[0-9a-f]{8,}\.(?:min\.)?\w+$")
NAMED = re.compile(r"(fonts|stylesheets|javascripts)/([\w-]+(?:\.[\w-]+)*\.(?:woff2|css|js))\b")


def fingerprint(site: Path, roots: Iterable[Path]) -> None:
    """Rename the assets that are the portal's own, and whatever names them; the engine's have such names already.

    Args:
        site: the folder of the site.
        roots: the folder of each language in it, with its `assets/`.
    """
    names: dict[str, str] = {}
    roots = list(roots)
    for folder, ending in ORDER:
        for root in roots:
            for file in sorted((root / "assets" / folder).glob(f"*.{ending}")):
                if FINGERPRINTED.search(file.name):
                    continue
                if ending == "css":
                    _rename_in(file, names)
                mark = hashlib.sha256(file.read_bytes()).hexdigest()[:8]
                new = file.with_name(f"{file.stem}.{mark}.{ending}")
                names[f"{folder}/{file.name}"] = f"{folder}/{new.name}"
                file.rename(new)
    for page in site.rglob("*.html"):
        _rename_in(page, names)


def _rename_in(file: Path, names: Mapping[str, str]) -> None:
    text = file.read_text(encoding="utf-8")
    renamed = NAMED.sub(lambda found: names.get(found[0], found[0]), text)
    if renamed != text:
        file.write_text(renamed, encoding="utf-8")
