"""The block `/// poster | NAME`, which puts the poster of a form or of a page into a page to print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from markdown import Markdown
from pymdownx.blocks import BlocksExtension, BlocksProcessor  # type: ignore[import-untyped]
from pymdownx.blocks.block import Block  # type: ignore[import-untyped]

from bacheca.portal.markdown.reads import tell_read


class PosterBlock(Block):  # type: ignore[misc]
    """The block: its argument names a form or the address of a page, its content is left out."""

    NAME = "poster"
    ARGUMENT = True
    CONFIG = {"posters": ""}  # noqa: RUF012

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Put the poster in place, out of the reach of Markdown and of the search index.

        Raises:
            KeyError: there is none; `build.py check` says so with its place.
        """
        tell_read("poster", self.config["posters"], self.argument)
        drawn = json.loads(Path(self.config["posters"]).read_text(encoding="utf-8"))[self.argument]
        around = ElementTree.SubElement(parent, "div", {"class": "poster-block", "data-search-exclude": ""})
        around.text = self.md.htmlStash.store(drawn)
        return around


class PosterBlockExtension(BlocksExtension):  # type: ignore[misc]
    """The extension, with the setting that the block reads."""

    def __init__(self, **settings: Any):
        self.config = {"posters": ["", "the file of the posters that pages show"]}
        super().__init__(**settings)

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: N802
        """Register the block."""
        block_mgr.register(PosterBlock, self.getConfigs())


def makeExtension(**settings: Any) -> PosterBlockExtension:  # noqa: N802
    """Make the extension, as Python-Markdown asks."""
    return PosterBlockExtension(**settings)
