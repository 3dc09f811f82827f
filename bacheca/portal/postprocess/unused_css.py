"""The theme's style sheet without the rules for parts of the theme that no page has."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Any

import tinycss2

from bacheca.portal.postprocess.html_tree import Tree

STYLES, SCRIPTS = "assets/stylesheets", "assets/javascripts"
SLIM = "material.css"
"""The name of what is left, before a mark of what it holds: that depends on the pages."""

ENGINES = ("mermaid.",)
"""Scripts that write no class of the theme, and are long."""

SHIPPED = re.compile(r"(?:main|palette)\.[0-9a-f]{8}\.min\.css(?:\.map)?")
WORD = re.compile(r"[\w-]+")
CLASS = re.compile(r"\.((?:\\.|[\w-])+)")
UNLESS = re.compile(r":not\((?:[^()]|\([^()]*\))*\)")
PARTS = ("md-", "tabbed-", "highlight")
"""How the classes of the theme's parts begin: rules for other classes stay, since the service's pages may need them."""


def shipped(paths: Iterable[str], root: str) -> list[str]:
    """Give the theme's own style sheets of a language, that with the rules for all its parts first.

    Args:
        paths: the files of the site.
        root: where the language begins in it.
    """
    folder = f"{root}{STYLES}/"
    names = (path.removeprefix(folder) for path in paths if path.startswith(folder))
    found = sorted(name for name in names if SHIPPED.fullmatch(name))
    return [folder + name for name in sorted(found, key=lambda name: (not name.startswith("main."), len(name)))]


def classes_of(page: Tree) -> Iterator[str]:
    """Give the classes of the theme's parts that a page has, each as often as it has them."""
    for node in page.css("[class]"):
        yield from (name for name in (node.attributes["class"] or "").split() if name.startswith(PARTS))


def classes_in(script: str) -> Iterator[str]:
    """Give whatever a script says that may be a class of the theme's parts."""
    return (word for word in WORD.findall(script) if word.startswith(PARTS))


def writes_classes(path: str, root: str) -> bool:
    """Tell whether a file of a language is a script that may give elements classes of the theme."""
    folder, name = posixpath.split(path)
    return folder == f"{root}{SCRIPTS}" and name.endswith(".js") and not name.startswith(ENGINES)


def name_slim(page: Tree, sheet: str, name: str) -> None:
    """Let a page name what will be left of the theme's style sheet.

    Args:
        page: the page.
        sheet: the name of the file that the theme ships.
        name: what to call it instead.
    """
    for link in page.css("link[href]"):
        folder, named = posixpath.split(link.attributes["href"] or "")
        if named == sheet:
            link.attrs["href"] = posixpath.join(folder, name)


def slimmed(sheet: str, used: set[str]) -> str:
    """Give a style sheet without the rules for parts of the theme that are not used.

    Args:
        sheet: the style sheet.
        used: the classes that pages and scripts name.
    """
    return _kept(tinycss2.parse_stylesheet(sheet, skip_whitespace=True, skip_comments=True), used)


def _kept(rules: Iterable[Any], used: set[str]) -> str:
    kept: list[str] = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [selector for selector in _selectors(rule.prelude) if _is_used(selector, used)]
            if selectors:
                kept.append(f"{','.join(selectors)}{{{tinycss2.serialize(rule.content)}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports"):
            inner = _kept(tinycss2.parse_rule_list(rule.content, skip_whitespace=True, skip_comments=True), used)
            if inner:
                kept.append(f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}")
        elif rule.type == "at-rule":
            kept.append(rule.serialize())
    return "".join(kept)


def _selectors(prelude: Iterable[Any]) -> list[str]:
    """Part a list of selectors at its commas, those inside brackets left alone."""
    parts: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [tinycss2.serialize(part).strip() for part in parts]


def _is_used(selector: str, used: set[str]) -> bool:
    names = (name.replace("\\", "") for name in CLASS.findall(UNLESS.sub("", selector)))
    return all(name in used or not name.startswith(PARTS) for name in names)
