"""Other names of a glossary's terms: `## Bannare {: aliases="bandire" }` says “Detto anche: bandire” beneath."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

from portal.sentences import SAYINGS, say

AFTER_ATTR_LIST = 7
"""The priority of our step: attr_list, which reads the attribute, has 8."""


class AliasLines(Treeprocessor):
    """Turns the attribute `aliases` of headings, which HTML does not know, into a line of text.

    Args:
        md: the parser.
        language: the language of the line.
    """

    def __init__(self, md: Markdown, language: str):
        super().__init__(md)
        self.language = language

    def run(self, root: ElementTree.Element) -> None:
        """Put the lines in place."""
        for parent in list(root.iter()):
            for heading in list(parent):
                aliases = heading.attrib.pop("aliases", None) if heading.tag == "h2" else None
                if aliases:
                    line = ElementTree.Element("p", {"class": "glossary-aliases"})
                    line.text = say(SAYINGS["aliases"], self.language, names=aliases)
                    line.tail = "\n"
                    parent.insert(list(parent).index(heading) + 1, line)


class GlossaryExtension(Extension):
    """The extension."""

    def __init__(self, **settings: Any):
        self.config = {"language": ["it", "the language of the line"]}
        super().__init__(**settings)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register the step."""
        md.treeprocessors.register(AliasLines(md, self.getConfig("language")), "glossary", AFTER_ATTR_LIST)


def makeExtension(**settings: Any) -> GlossaryExtension:  # noqa: N802
    """Make the extension, as Python-Markdown asks."""
    return GlossaryExtension(**settings)
