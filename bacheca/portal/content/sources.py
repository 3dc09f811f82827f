"""Which files of a language become pages, by the engine's own rules: some are left out, some are held back."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from mkdocs.structure.files import File, InclusionLevel, set_exclusions
from mkdocs.utils import is_markdown_file
from pathspec.gitignore import GitIgnoreSpec

PATTERNS = ("exclude_docs", "draft_docs", "not_in_nav")
"""The engine's settings that hold patterns of files."""


@dataclass(frozen=True)
class Sources:
    """The Markdown files of a language, by their paths in its tree.

    Args:
        pages: those that become pages, in order, drafts included.
        held_back: those of them that `draft_docs` names.
        unasked: those that the engine leaves out although no setting says so.
        hidden: those that another file of the same address hides, with that file.
    """

    pages: tuple[str, ...]
    held_back: frozenset[str]
    unasked: tuple[str, ...]
    hidden: Mapping[str, str]


def sources_of(content: Path, config: Mapping[str, Any]) -> Sources:
    """Sort the Markdown files of a folder.

    Args:
        content: the folder of a language's files.
        config: its settings.
    """
    files = _sorted_out(content, {key: patterns(config.get(key)) for key in PATTERNS})
    asked = patterns(config.get("exclude_docs"))
    hidden = _hidden(files)
    left = {file.src_uri for file in files if file.inclusion is InclusionLevel.EXCLUDED}
    usual = left
    if asked:
        usual = {file.src_uri for file in _sorted_out(content, {}) if file.inclusion is InclusionLevel.EXCLUDED}
    pages = [file for file in files if file.src_uri not in left and file.src_uri not in hidden]
    return Sources(
        tuple(file.src_uri for file in pages),
        frozenset(file.src_uri for file in pages if file.inclusion is InclusionLevel.DRAFT),
        tuple(sorted(path for path in left & usual if not (asked and asked.match_file(path)))),
        {path: other for path, other in hidden.items() if path not in left},
    )


def patterns(written: object) -> GitIgnoreSpec | None:
    """Read patterns of files, one a line; None where there are none, or no such text."""
    if not isinstance(written, str):
        return None
    try:
        return GitIgnoreSpec.from_lines(written.splitlines())
    except ValueError:
        return None


def _markdown(content: Path) -> Iterator[str]:
    root = len(os.path.join(content, ""))
    for folder, _, names in os.walk(content):
        yield from (os.path.join(folder, name)[root:] for name in names if is_markdown_file(name))


def _sorted_out(content: Path, settings: Mapping[str, GitIgnoreSpec | None]) -> list[File]:
    files = [File(path, None, "", use_directory_urls=True) for path in sorted(_markdown(content))]
    set_exclusions(files, cast(Any, settings))  # it only looks settings up
    return files


def _hidden(files: Iterable[File]) -> dict[str, str]:
    """Give the files that another of the same address hides, such as a `README.md` beside an `index.md`."""
    first: dict[tuple[str, str], File] = {}
    hidden: dict[str, str] = {}
    for file in files:
        other = first.setdefault((posixpath.dirname(file.src_uri), file.dest_uri), file)
        if other is not file:
            wins = file.inclusion.value > InclusionLevel.DRAFT.value
            hidden |= {other.src_uri: file.src_uri} if wins else {file.src_uri: other.src_uri}
    return hidden
