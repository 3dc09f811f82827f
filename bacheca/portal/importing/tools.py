"""The tools whose folders are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bacheca.portal.importing.docusaurus import is_docusaurus, read_docusaurus
from bacheca.portal.importing.hugo import is_hugo, read_hugo
from bacheca.portal.importing.jekyll import is_jekyll, read_jekyll
from bacheca.portal.importing.mkdocs import is_mkdocs, read_mkdocs
from bacheca.portal.importing.source_site import SourceSite


@dataclass(frozen=True)
class Tool:
    """A tool.

    Args:
        name: what it is called.
        known_by: the file or folder that it is known by.
        knows: tells whether a folder is one of its.
        read: reads such a folder.
    """

    name: str
    known_by: str
    knows: Callable[[Path], bool]
    read: Callable[[Path], SourceSite]


TOOLS: Mapping[str, Tool] = {
    "mkdocs": Tool("MkDocs", "mkdocs.yml", is_mkdocs, read_mkdocs),
    "docusaurus": Tool("Docusaurus", "docusaurus.config.js", is_docusaurus, read_docusaurus),
    "hugo": Tool("Hugo", "hugo.toml", is_hugo, read_hugo),
    "jekyll": Tool("Jekyll", "_config.yml", is_jekyll, read_jekyll),
}
"""Every tool, the surest to be known first."""


def read_site(folder: Path) -> SourceSite | None:
    """Read the folder of another tool; None where it is of none of them."""
    for tool in TOOLS.values():
        if tool.knows(folder):
            return tool.read(folder)
    return None
