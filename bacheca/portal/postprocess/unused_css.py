"""The theme's style sheet without the rules for parts of the theme that no page has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tinycss2

STYLES = "assets/stylesheets"
SLIM = "material.css"
"""The name of what is left: what it holds depends on the pages, and `fingerprint` says so in its name."""

NAMED = re.compile(r"stylesheets/main\.[0-9a-f]{8}\.min\.css")
SHIPPED = re.compile(r"(?:main|palette)\.[0-9a-f]{8}\.min\.css(?:\.map)?")
CLASSES = re.compile(r'\bclass="?([^">]*)')
WORD = re.compile(r"[\w-]+")
CLASS = re.compile(r"\.((?:\\.|[\w-])+)")
UNLESS = re.compile(r":not\((?:[^()]|\([^()]*\))*\)")
PARTS = ("md-", "tabbed-", "highlight")
"""How the classes of the theme's parts begin: rules for other classes stay, since the service's pages may need them."""


def slim(roots: Iterable[Path]) -> None:
    """Take from the theme's style sheet what nothing uses, and let the pages name what is left.

    Args:
        roots: the folder of each language, with its `assets/`; that of the main language holds the others, and each
            has a style sheet for its own pages.
    """
    roots = list(roots)
    for root in roots:
        sheet = next((file for file in (root / STYLES).glob("main.*.min.css") if SHIPPED.fullmatch(file.name)), None)
        if sheet is None:
            continue
        within = [other for other in roots if other != root and other.is_relative_to(root)]
        pages = [file for file in root.rglob("*.html") if not any(map(file.is_relative_to, within))]
        used: set[str] = set()
        for file in pages:
            for names in CLASSES.findall(file.read_text(encoding="utf-8")):
                used.update(names.split())
        for script in (root / "assets/javascripts").glob("*.js"):
            used.update(WORD.findall(script.read_text(encoding="utf-8")))
        (root / STYLES / SLIM).write_text(slimmed(sheet.read_text(encoding="utf-8"), used), encoding="utf-8")
        for file in (root / STYLES).iterdir():
            if SHIPPED.fullmatch(file.name):
                file.unlink()
        for file in pages:
            text = file.read_text(encoding="utf-8")
            file.write_text(NAMED.sub(f"stylesheets/{SLIM}", text), encoding="utf-8")


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
