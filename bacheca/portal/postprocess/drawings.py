"""The drawings of a page: where a template says which one is wanted, it is put."""

from __future__ import annotations

from bacheca.portal.images.covers import cover
from bacheca.portal.postprocess.html_tree import Tree, nodes_of


def draw_covers(tree: Tree) -> None:
    """Put covers in the place of the boxes that ask for them, with a shape, a topic and an address."""
    for box in tree.css("[data-cover]"):
        name = (box.attributes.get("data-name") or "").rstrip("/").rpartition("/")[2]
        for node in nodes_of(cover(box.attributes.get("data-topic") or "", name, box.attributes["data-cover"] or "")):
            box.insert_before(node)
        box.remove()
