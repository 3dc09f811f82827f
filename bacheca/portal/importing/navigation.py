"""The menu of a site as its folders and the order of its pages have it."""

from __future__ import annotations

import posixpath
from typing import Any

from bacheca.portal.importing.source_site import SourcePage, SourceSite

LAST = float("inf")


def navigation(site: SourceSite, pages: list[SourcePage], language: str, *, always: bool) -> list[Any]:
    """Give the `nav` of a language; empty where the other tool orders nothing, so that folders are all there is.

    Args:
        site: the site.
        pages: its pages of that language.
        language: its code.
        always: whether to give one in any case: it would inherit that of another language.
    """
    listed = [page for page in pages if not page.is_article]
    placed = any(page.order[0] != LAST for page in listed) or any(page.label for page in listed)
    if not placed and not always:
        return []
    menu = _menu(site, listed, language, "")
    has_blog = len(listed) < len(pages) and not any(page.target == f"{site.blog}/index.md" for page in listed)
    return [*menu, f"{site.blog}/index.md"] if has_blog else menu


def _menu(site: SourceSite, pages: list[SourcePage], language: str, folder: str) -> list[Any]:
    inside = [page for page in pages if not folder or page.target.startswith(f"{folder}/")]
    rest = {page.target: page for page in inside}
    folders: dict[str, list[SourcePage]] = {}
    entries: list[tuple[tuple[float, str], Any]] = []
    first: list[Any] = []
    for target, page in rest.items():
        inner = target.removeprefix(f"{folder}/") if folder else target
        if "/" in inner:
            folders.setdefault(posixpath.join(folder, inner.split("/")[0]), []).append(page)
        elif inner in ("index.md", "README.md"):
            if folder:
                first.append(target)
        else:
            entries.append((page.order, {page.label: target} if page.label else target))
    for path, found in folders.items():
        place, label = site.labels.get((language, path), (LAST, ""))
        index = next((page for page in found if page.target in (f"{path}/index.md", f"{path}/README.md")), None)
        label = label or (index and (index.label or str(index.meta.get("title") or ""))) or _name(path)
        order = place if place != LAST else min((page.order[0] for page in found), default=LAST)
        below = _menu(site, found, language, path)
        alone = below == [f"{path}/index.md"]
        entries.append(((order, label.casefold()), {label: below[0] if alone else below}))
    return [*first, *(entry for _order, entry in sorted(entries, key=lambda entry: entry[0]))]


def _name(path: str) -> str:
    return posixpath.basename(path).replace("-", " ").replace("_", " ").capitalize()
