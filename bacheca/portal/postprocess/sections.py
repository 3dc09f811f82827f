"""The sections of a rendered page: each heading of the second level with what stands under it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bacheca.portal.postprocess.html_tree import Node, Tree, text_of

EDIT = "page-edit"
"""The class of the paragraph with which the theme ends a page's text."""


@dataclass(frozen=True)
class Section:
    """A section of a page.

    Args:
        heading: its heading, which has an `id`.
        body: what stands under it.
    """

    heading: Node
    body: tuple[Node, ...]

    @property
    def attributes(self) -> Mapping[str, str]:
        """What the heading's tag says."""
        return {name: value or "" for name, value in self.heading.attributes.items()}

    @property
    def name(self) -> str:
        """The heading's `id`."""
        return self.attributes["id"]

    @property
    def title(self) -> str:
        """The heading's text."""
        return text_of(self.heading)

    @property
    def text(self) -> str:
        """What stands under the heading, as text."""
        return text_of(*self.body)

    @property
    def paragraphs(self) -> list[str]:
        """The text of its plain paragraphs."""
        inner = (node for part in self.body for node in part.traverse())
        return [text_of(node) for node in inner if node.tag == "p" and not node.attributes]

    @property
    def last(self) -> Node:
        """The node after which the section is over."""
        return self.body[-1] if self.body else self.heading


def sections(tree: Tree) -> Iterator[Section]:
    """Give the sections of a page, in their order; headings without an `id` are passed over."""
    for heading in tree.css("main h2[id]"):
        yield Section(heading, tuple(_under(heading)))


def _under(heading: Node) -> Iterator[Node]:
    node = heading.next
    while node and node.tag not in ("h2", "nav") and node.attributes.get("class") != EDIT:
        yield node
        node = node.next
