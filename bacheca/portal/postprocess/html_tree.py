"""Pages as trees: how a file is read into one, what transforms make and ask of it, how it is written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode, create_tag

Tree = LexborHTMLParser
Node = LexborNode

PERMALINK = "headerlink"
"""The class of the sign that the engine puts behind a heading: no part of its words."""

FIRST_LINE_LOST = "pre, textarea, listing"
"""Elements whose first line break no parser keeps, and no serializer gives back."""


def read_tree(file: Path) -> Tree:
    """Read a page.

    Raises:
        UnicodeDecodeError: it is not in UTF-8.
    """
    return Tree(file.read_text(encoding="utf-8"))


def written(tree: Tree) -> str:
    """Give the HTML of a page; whoever reads it gets the same tree."""
    for element in tree.css(FIRST_LINE_LOST):
        first = element.first_child
        if first and first.is_text_node and (first.text_content or "").startswith("\n"):
            first.insert_before("\n")
    return tree.html or ""


def element(tag: str, attributes: Mapping[str, str], text: str = "") -> Node:
    """Make an element; where it is put, a copy of it is."""
    made = create_tag(tag)
    for name, value in attributes.items():
        made.attrs[name] = value
    if text:
        made.insert_child(text)
    return made


def nodes_of(html: str) -> list[Node]:
    """Give the nodes that a template made."""
    root = Tree(html, is_fragment=True).root
    found: list[Node] = []
    while root is not None:
        found.append(root)
        root = root.next
    return found


def wrap(node: Node, *classes: str) -> None:
    """Put a node into boxes with these classes, the outermost first."""
    inner = node
    for name in reversed(classes):
        box = element("div", {"class": name})
        box.insert_child(inner)
        inner = box
    node.insert_before(inner)
    node.remove()


def text_of(*nodes: Node) -> str:
    """Give the text of nodes on one line, without the signs behind headings."""
    parts = (
        inner.text_content or ""
        for node in nodes
        for inner in node.traverse(include_text=True)
        if inner.is_text_node and not (inner.parent and inner.parent.attributes.get("class") == PERMALINK)
    )
    return " ".join("".join(parts).split())
