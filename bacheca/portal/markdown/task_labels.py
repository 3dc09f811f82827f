"""Lists of tasks, `- [x] done`, whose boxes bear the words beside them as their label."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

BEFORE_INLINE = 22
"""The priority of our step: `pymdownx.tasklist`, which makes the boxes, has 25; what reads the words has 20."""


class TaskLabels(Treeprocessor):
    """Puts the box of a task and its words into a label."""

    def run(self, root: Element) -> None:
        """Put the labels in place."""
        for item in root.iter("li"):
            if "task-list-item" not in item.get("class", "").split():
                continue
            around = item if item.text else item[0]
            label = Element("label")
            label.text, around.text = around.text, None
            around.insert(0, label)


class TaskLabelsExtension(Extension):
    """The extension."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register the step."""
        md.treeprocessors.register(TaskLabels(md), "task-labels", BEFORE_INLINE)


def makeExtension(**settings: Any) -> TaskLabelsExtension:  # noqa: N802
    """Make the extension, as Python-Markdown asks."""
    return TaskLabelsExtension(**settings)
