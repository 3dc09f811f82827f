"""The block `/// results | NAME`, which draws the results of a form, for any engine that runs Python-Markdown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from pymdownx.blocks import BlocksExtension, BlocksProcessor  # type: ignore[import-untyped]
from pymdownx.blocks.block import Block  # type: ignore[import-untyped]

from bacheca.forms import USUAL, load_form
from bacheca.forms.results.charts import Place, render_results
from bacheca.forms.results.package import DESCRIPTOR, open_results
from bacheca.forms.set_days import SetDays, days_in
from bacheca.portal.clock import build_moment
from bacheca.portal.markdown.reads import tell_read
from bacheca.portal.markdown.usual import IN_USE, about_use, community_of

KEPT_RESULTS = "kept.json"
"""Beside the packages taken for a build, the names of those that could not be had anew."""


class ResultsBlock(Block):  # type: ignore[misc]
    """The block: its argument names the form, its content is left out."""

    NAME = "results"
    ARGUMENT = True
    CONFIG = {  # noqa: RUF012
        "folder": "content/forms",
        "results": "build/results",
        "language": USUAL.language,
        **IN_USE,
        "forms_url": "",
        "origin": "",
        "publisher": "",
    }

    def on_create(self, parent: Element) -> Element:
        """Put the results in place, or when they will come, out of the reach of Markdown.

        Raises:
            FormProblems: there is no such form; `build.py check` says so with its place.
            PackageProblems: the results are not those of the form; the build has looked before.
        """
        community = community_of(self.config)
        read = (self.config["folder"], self.config["results"], self.argument)
        tell_read("results", *read, community.language, community.zone.key)
        taken = Path(self.config["results"])
        filed = load_form(Path(self.config["folder"]) / f"{self.argument}.yaml", community)
        form = days_in(taken).get(filed.name, SetDays()).of(filed)
        results = open_results(taken / form.name, form) if (taken / form.name / DESCRIPTOR).is_file() else None
        listed = taken / KEPT_RESULTS
        kept = json.loads(listed.read_text(encoding="utf-8")) if listed.is_file() else []
        place = Place(self.config["forms_url"], self.config["origin"], self.config["publisher"], form.name in kept)
        closed = form.is_closed(build_moment())
        html = render_results(form, self.config["language"], results, place, closed=closed)
        around = SubElement(parent, "div", {"class": "results-block"})
        around.text = self.md.htmlStash.store(html)
        return around


class ResultsBlockExtension(BlocksExtension):  # type: ignore[misc]
    """The extension, with the settings that the block reads."""

    def __init__(self, **settings: Any):
        self.config = {
            "folder": ["content/forms", "the folder of the form files"],
            "results": ["build/results", "the folder of the packages of results, one a form"],
            "language": [USUAL.language, "the language to show them in"],
            **about_use(),
            "forms_url": ["", "where the packages can be had, if not on the portal's own address"],
            "origin": ["", "the portal's scheme and host"],
            "publisher": ["", "who publishes the results"],
        }
        super().__init__(**settings)

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: N802
        """Register the block."""
        block_mgr.register(ResultsBlock, self.getConfigs())


def makeExtension(**settings: Any) -> ResultsBlockExtension:  # noqa: N802
    """Make the extension, as Python-Markdown asks."""
    return ResultsBlockExtension(**settings)
