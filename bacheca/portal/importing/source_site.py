"""What is found in the folder of another tool, as all four tell it."""

from __future__ import annotations

import json
import posixpath
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bacheca.portal.content.yaml_heads import LOADER

POSTS = "posts"
"""The folder of articles in that of their blog."""


@dataclass(frozen=True, order=True)
class Note:
    """Something that could not be kept, or was kept otherwise.

    Args:
        code: a key of `bacheca.portal.importing.report.NOTES`.
        file: the file of the other tool, as seen from its folder.
        line: the line; 0 where it is about the whole file.
        what: the words there.
    """

    code: str
    file: str
    line: int = 0
    what: str = ""


@dataclass
class SourcePage:
    """A page of the other tool.

    Args:
        file: its file, as seen from the folder of the tool.
        language: the code of its language.
        target: where it goes in the tree of its language, such as `posts/hello.md`.
        meta: its front matter, as it stands there.
        body: its Markdown.
        addresses: where it could be read, the present address first, from the root of the site on: `/posts/hello/`.
        is_article: whether it is one of a series of dated articles.
        order: what it is ordered by in its folder.
        label: what it is called in menus; empty where that is its title.
    """

    file: str
    language: str
    target: str
    meta: dict[str, Any]
    body: str
    addresses: list[str] = field(default_factory=list)
    is_article: bool = False
    order: tuple[float, str] = (float("inf"), "")
    label: str = ""


@dataclass
class SourceSite:
    """A site of another tool.

    Args:
        tool: what made it: a key of `TOOLS`.
        folder: its folder.
        name: what it is called.
        url: where it can be read; empty where nobody says.
        languages: the codes of its languages, the main one first.
        pages: its pages.
        files: its pictures and other files, by where they go in the tree of the main language.
        addresses: where each such file could be had, from the root of the site on.
        nav: the menu of a language where the other tool says one that can be kept, by its code.
        labels: what folders are called and how they are ordered, by language and folder.
        blog: the folder of its articles; empty where it has none.
        authors: who writes articles, by key.
        settings: further settings of the portal that follow from its own.
        always: files that come over though no page leads to them, by where they go in the tree of the main language.
        notes: what could not be kept.
    """

    tool: str
    folder: Path
    name: str = ""
    url: str = ""
    languages: tuple[str, ...] = ("en",)
    pages: list[SourcePage] = field(default_factory=list)
    files: dict[str, Path] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    nav: dict[str, list[Any]] = field(default_factory=dict)
    labels: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)
    blog: str = ""
    authors: dict[str, Mapping[str, str]] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    always: dict[str, Path] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def note(self, code: str, file: str, line: int = 0, what: str = "") -> None:
        """Write down what could not be kept."""
        self.notes.append(Note(code, file, line, " ".join(what.split())[:80]))


def listed(value: object) -> list[Any]:
    """Give a list; an empty one where settings have something else."""
    return value if isinstance(value, list) else []


def mapping(value: object) -> Mapping[str, Any]:
    """Give a mapping; an empty one where settings have something else."""
    return value if isinstance(value, Mapping) else {}


def placed_in(path: str) -> str:
    """Give a path as it stands within a tree; empty where it would lead out of it."""
    plain = posixpath.normpath(path.strip("/"))
    return "" if plain in (".", "..") or plain.startswith("../") or set(plain) & set("\\\0") else plain


def files_of(folder: Path, root: Path) -> Iterator[Path]:
    """Give the files of a folder and of those in it, without links and what is hidden.

    Args:
        folder: the folder, as settings may name it.
        root: the folder of the tool: of what lies outside of it there are none.
    """
    if folder.is_dir() and folder.resolve().is_relative_to(root.resolve()):
        for file in sorted(folder.rglob("*")):
            hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
            if file.is_file() and not file.is_symlink() and not hidden:
                yield file


def read_data(file: Path) -> Any:
    """Read a file of settings, YAML, TOML or JSON by its ending; nothing where it is none."""
    text = file.read_text("utf-8", "replace") if file.is_file() else ""
    try:
        if file.suffix == ".toml":
            return tomllib.loads(text)
        return json.loads(text) if file.suffix == ".json" else yaml.load(text, LOADER) or {}  # noqa: S506  a safe one
    except (tomllib.TOMLDecodeError, ValueError, yaml.YAMLError):
        return {}


def read_text(file: Path) -> str:
    """Read a text as people wrote it, whatever their system ends lines with."""
    return file.read_text("utf-8-sig", "replace").replace("\r\n", "\n")
