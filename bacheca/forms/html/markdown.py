"""The text of a section: Markdown without HTML of one's own, and with links that lead somewhere harmless."""

from __future__ import annotations

from functools import lru_cache
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

HARMLESS = ("https://", "http://", "mailto:", "tel:", "/", "#", "./", "../")


class HarmlessLinks(Treeprocessor):
    """Takes the address off a link or an image that is neither of the web nor of the portal."""

    def run(self, root: Element) -> None:
        """Look at every element."""
        for element in root.iter():
            for key in ("href", "src"):
                if not element.get(key, "/").startswith(HARMLESS):
                    del element.attrib[key]


class PlainMarkdown(Extension):
    """Markdown in which HTML is text like any other."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Take out what lets HTML through."""
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.treeprocessors.register(HarmlessLinks(md), "harmless_links", 0)


@lru_cache(maxsize=512)
def static_html(text: str) -> str:
    """Render the text of a section.

    Returns:
        HTML in which nothing of the text is markup but Markdown's own.
    """
    return Markdown(extensions=[PlainMarkdown()]).convert(text)


OF_THE_WEB = ("https://", "http://", "mailto:", "tel:")


class WholeLinks(Treeprocessor):
    """Takes the address off a link that leads nowhere out of a mail."""

    def run(self, root: Element) -> None:
        """Look at every link."""
        for element in root.iter("a"):
            if not element.get("href", "").startswith(OF_THE_WEB):
                element.attrib.pop("href", None)


class MailedMarkdown(Extension):
    """Markdown without pictures, which would tell who sees them when, and with whole links alone."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Take out what brings pictures."""
        for pattern in ("image_link", "image_reference", "short_image_ref"):
            md.inlinePatterns.deregister(pattern)
        md.treeprocessors.register(WholeLinks(md), "whole_links", 0)


@lru_cache(maxsize=64)
def mailed_html(text: str) -> str:
    """Render the text of a mail.

    Returns:
        HTML in which nothing of the text is markup but Markdown's own, and that asks nothing of anybody.
    """
    return Markdown(extensions=[PlainMarkdown(), MailedMarkdown()]).convert(text)
