"""The block `/// form | NAME`, which puts a form into a page, for any engine that runs Python-Markdown."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from markdown import Markdown
from pymdownx.blocks import BlocksExtension, BlocksProcessor  # type: ignore[import-untyped]
from pymdownx.blocks.block import Block  # type: ignore[import-untyped]

from bacheca.forms import USUAL, Community, Form, load_forms, render_form
from bacheca.forms.set_days import SetDays, days_in
from bacheca.portal.clock import build_moment
from bacheca.portal.markdown.reads import tell_read
from bacheca.portal.markdown.usual import IN_USE, about_use, community_of

OPENS, POSTER = ".opens.ics", ".poster.html"
"""How files beside a form's page end: a calendar with its first day, a poster to print. No page has such a name."""


@cache
def _forms(folder: Path, community: Community) -> dict[str, Form]:
    return load_forms(folder, community)


def forget_forms() -> None:
    """Have forms read again: another build may have others."""
    _forms.cache_clear()


class FormBlock(Block):  # type: ignore[misc]
    """The block: its argument names the form, its content is left out."""

    NAME = "form"
    ARGUMENT = True
    CONFIG = {  # noqa: RUF012
        "folder": "content/forms",
        "results": "build/results",
        "language": USUAL.language,
        "forms_url": "",
        "mail_to": "",
        "beside": {},
        **IN_USE,
    }

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Put the form's HTML in place, or that it is not open, out of the reach of Markdown and of the search index.

        Raises:
            KeyError: there is no such form; `build.py check` says so with its place.
        """
        community = community_of(self.config)
        read = (self.config["folder"], self.config["results"], self.argument)
        tell_read("form", *read, community.language, community.zone.key)
        filed = _forms(Path(self.config["folder"]), community)[self.argument]
        form = days_in(Path(self.config["results"])).get(filed.name, SetDays()).of(filed)
        action = f"{self.config['forms_url'].rstrip('/')}/forms/{form.name}"
        beside = self.config["beside"].get(form.name, "")
        now = build_moment()
        html = render_form(
            form,
            self.config["language"],
            action=action,
            mail_to=self.config["mail_to"],
            early=form.is_early(now),
            opens_calendar=f"{beside}{OPENS}" if beside else "",
            poster=f"{beside}{POSTER}" if beside else "",
            closed=form.is_closed(now) and not form.is_shut_meanwhile(now),
            shut=form.is_shut_meanwhile(now),
        )
        # Material's search leaves an element out up to the first end of any element of the same name.
        around = ElementTree.SubElement(parent, "section", {"class": "form-block", "data-search-exclude": ""})
        around.text = self.md.htmlStash.store(html)
        return around


class FormBlockExtension(BlocksExtension):  # type: ignore[misc]
    """The extension, with the settings that the block reads."""

    def __init__(self, **settings: Any):
        self.config = {
            "folder": ["content/forms", "the folder of the form files"],
            "results": ["build/results", "the folder in which the days stand that were set for forms"],
            "language": [USUAL.language, "the language to show them in"],
            "forms_url": ["", "where they are answered, if not on the portal's own address"],
            "mail_to": ["", "the address for answers by e-mail"],
            "beside": [{}, "of each form, where the addresses of the files begin that are beside its page"],
            **about_use(),
        }
        super().__init__(**settings)

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: N802
        """Register the block."""
        block_mgr.register(FormBlock, self.getConfigs())


def makeExtension(**settings: Any) -> FormBlockExtension:  # noqa: N802
    """Make the extension, as Python-Markdown asks."""
    return FormBlockExtension(**settings)
