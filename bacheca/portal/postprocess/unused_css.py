"""The theme's style sheet without the rules for parts of the theme that no page has."""

from __future__ import annotations

import posixpath
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tinycss2

from bacheca.portal.postprocess.fingerprints import marked
from bacheca.portal.postprocess.html_tree import Tree

STYLES = "assets/stylesheets"
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


class ThemeStyles:
    """The theme's style sheet of one language: pages are shown to it, then it is written.

    What is left of it, and so its name, is known when the last page was seen: until then pages name it by a mark that
    nobody can have written.

    Args:
        root: the folder of the language, with its `assets/`.
    """

    def __init__(self, root: Path):
        self._root = root
        sheets = (root / STYLES).glob("main.*.min.css")
        self._sheet = next((file for file in sheets if SHIPPED.fullmatch(file.name)), None)
        self._mark = f"{secrets.token_hex(16)}.css"
        self._used: set[str] = set()
        self.name = self._mark

    def see(self, page: Tree) -> None:
        """Note what a page uses, and let it name what will be left."""
        for node in page.css("[class]"):
            self._used.update((node.attributes["class"] or "").split())
        for link in page.css("link[href]") if self._sheet else ():
            folder, name = posixpath.split(link.attributes["href"] or "")
            if self._sheet and name == self._sheet.name:
                link.attrs["href"] = posixpath.join(folder, self._mark)

    def write(self) -> None:
        """Write what is left, under its `name`, in the place of what the theme ships."""
        if not self._sheet:
            return
        for script in (self._root / "assets/javascripts").glob("*.js"):
            if not script.name.startswith(ENGINES):
                self._used.update(WORD.findall(script.read_text(encoding="utf-8")))
        left = self._root / STYLES / SLIM
        left.write_text(slimmed(self._sheet.read_text(encoding="utf-8"), self._used), encoding="utf-8")
        self.name = marked(left)
        left.rename(left.with_name(self.name))
        for file in (self._root / STYLES).iterdir():
            if SHIPPED.fullmatch(file.name):
                file.unlink()

    def named_in(self, html: str) -> str:
        """Give a page with the name instead of the mark."""
        return html.replace(self._mark, self.name)


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
