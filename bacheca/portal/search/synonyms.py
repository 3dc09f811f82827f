"""The community's own words for what is looked for: `content/synonyms.LANG.yml`, read and checked.

Each line names a page, or a section of one, as links do from the language's root, and what people type to find it:
`profilo.md#retribuzione: [stipendio, quanto si guadagna]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bacheca.forms.definition.text_file import read_text
from bacheca.forms.errors import Problem
from bacheca.portal.checks.links import Tree
from bacheca.portal.content.pages import Page
from bacheca.portal.content.yaml_heads import Head, read_head
from bacheca.portal.errors import PortalProblem
from bacheca.portal.nearest_path import Names
from bacheca.portal.settings import Language

EXAMPLE = "profilo.md#retribuzione: [stipendio, quanto si guadagna]"

LONGEST = 80
"""The most characters of what somebody types to find a place."""


def synonyms_file(language: Language) -> Path:
    """Give the file of a language's synonyms, which need not be there."""
    return language.content.parent / f"synonyms.{language.code}.yml"


def synonyms_of(language: Language, pages: Iterable[Page]) -> Mapping[str, tuple[str, ...]]:
    """Give the words that lead to each place; of lines that are not written well, none: `check` tells.

    Args:
        language: the language.
        pages: the pages that are published.

    Returns:
        The words by the address of the place under the language's root.
    """
    file = synonyms_file(language)
    if not file.is_file() or (head := _read(file)) is None:
        return {}
    by_path = {page.path: page for page in pages}
    found: dict[str, tuple[str, ...]] = {}
    for place, written in (head.values or {}).items():
        path, mark, name = str(place).partition("#")
        words = _words(written)
        if path in by_path and words:
            found[f"{by_path[path].url}{mark}{name}"] = words
    return found


def check_synonyms(trees: Iterable[Tree]) -> Iterator[Problem]:
    """Give what is wrong with the synonyms of each language.

    Args:
        trees: the pages and files of every language.
    """
    for tree in trees:
        file = synonyms_file(tree.language)
        if file.is_file():
            yield from _check(file, tree)


def _check(file: Path, tree: Tree) -> Iterator[Problem]:
    head = _read(file)
    if head is None or head.values is None:
        lost = [problem.line for problem in head.problems] if head else []
        yield PortalProblem("SYNONYMS_FILE", file.as_posix(), lost[0] if lost else 1, values={"example": EXAMPLE})
        return
    yield from head.problems
    for place, written in head.values.items():
        line = head.lines.get(str(place), 1)
        path, _, name = str(place).partition("#")
        if path in tree.unread:
            continue
        page = tree.pages.get(path)
        if page is None or (name and not page.rendered.refused and name not in page.rendered.names):
            near = f"{path}#{Names(page.rendered.names).nearest(name, 0.0)}" if page else tree.nearest_page(path)
            yield PortalProblem("SYNONYMS_PLACE", file.as_posix(), line, values={"place": place, "near": near})
        if not _words(written):
            values = {"place": place, "limit": LONGEST, "example": f"{place}: [{EXAMPLE.partition('[')[2]}"}
            yield PortalProblem("SYNONYMS_WORDS", file.as_posix(), line, values=values)


def _read(file: Path) -> Head | None:
    """Read the file; None where it is no text."""
    read = read_text(file)
    return None if read.reason else read_head(read.text, file.as_posix(), ())


def _words(written: object) -> tuple[str, ...]:
    """Give the words that lead to a place; none where what is written is no list of words."""
    listed = [written] if isinstance(written, str) else written
    if not isinstance(listed, list) or not listed:
        return ()
    words = [" ".join(word.split()) if isinstance(word, str) else "" for word in listed]
    return tuple(words) if all(0 < len(word) <= LONGEST for word in words) else ()
