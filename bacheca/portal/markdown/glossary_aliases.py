"""Other names of a glossary's terms: `## Bannare {: aliases="bandire" }` says “Detto anche: bandire” beneath.

`forms="bannato, bannata"` are inflected forms: they lead to the entry and are not shown. `unlinked="profilo"`
keeps a name from leading to the entry, since elsewhere it often means something else.
"""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

from bacheca.forms import USUAL
from bacheca.portal.messages import SAYINGS, say

AFTER_ATTR_LIST = 7
"""The priority of our step: attr_list, which reads the attributes, has 8."""

ATTRIBUTES = ("aliases", "forms", "unlinked")
"""What an entry's heading may say; HTML does not know them."""


class AliasLines(Treeprocessor):
    """Turns the attributes of headings that HTML does not know into a line of text and `data-` attributes.

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
                if heading.tag != "h2":
                    continue
                for name in ATTRIBUTES:
                    written = heading.attrib.pop(name, None)
                    if written:
                        heading.set(f"data-{name}", written)
                if "data-aliases" in heading.attrib:
                    line = ElementTree.Element("p", {"class": "glossary-aliases"})
                    line.text = say(SAYINGS["aliases"], self.language, names=heading.attrib["data-aliases"])
                    line.tail = "\n"
                    parent.insert(list(parent).index(heading) + 1, line)


class GlossaryExtension(Extension):
    """The extension."""

    def __init__(self, **settings: Any):
        self.config = {"language": [USUAL.language, "the language of the line"]}
        super().__init__(**settings)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register the step."""
        md.treeprocessors.register(AliasLines(md, self.getConfig("language")), "glossary", AFTER_ATTR_LIST)


def makeExtension(**settings: Any) -> GlossaryExtension:  # noqa: N802
    """Make the extension, as Python-Markdown asks."""
    return GlossaryExtension(**settings)
