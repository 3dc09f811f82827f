"""The links that settings put on every page: those of its foot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from bacheca.forms.definition.checks.nearest import nearest
from bacheca.forms.errors import Problem
from bacheca.portal.checks.links import Tree
from bacheca.portal.errors import PortalProblem
from bacheca.portal.setting_places import Places
from bacheca.portal.settings_file import KNOWN


def check_footer(trees: Sequence[Tree]) -> Iterator[Problem]:
    """Give the links of the foot that lead to none of the portal's pages or files; those out of it are passed over.

    Args:
        trees: what there is in each language, the main one first.
    """
    told: set[tuple[str, int]] = set()
    for tree in trees:
        places = Places(tree.language.config_file, KNOWN)
        for href in _hrefs(tree.language.config["extra"].get("words")):
            place = places.of("extra", href)
            if not _leads(href, tree, trees) and place not in told:  # what is inherited is told of once
                told.add(place)
                near = nearest(href, [page.url for page in tree.pages.values() if page.url], 0.0)
                yield PortalProblem("SETTING_LINK", *place, values={"href": href, "near": near})


def _hrefs(words: Any) -> Iterator[str]:
    links = words.get("footer_links") if isinstance(words, dict) else ()
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("href"):
            yield str(link["href"])


def _leads(href: str, tree: Tree, trees: Sequence[Tree]) -> bool:
    home, main = urlsplit(tree.language.url), trees[0].language.path
    try:
        whole = urlsplit(urljoin(tree.language.url, href))
    except ValueError:
        return False
    if (whole.scheme, whole.netloc) != (home.scheme, home.netloc) or not f"{whole.path}/".startswith(main):
        return True
    path = unquote(whole.path)
    there = [other for other in trees if f"{path}/".startswith(other.language.path)]
    for other in there:
        place = path[len(other.language.path) :]
        if place in other.files or place in other.made or {place, f"{place}/"} & other.by_url.keys():
            return True
    return path.startswith("/forms/")
