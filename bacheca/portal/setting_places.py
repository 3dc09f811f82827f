"""Where each setting stands: the file, the one that it inherits included, and the line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from bacheca.forms.definition.text_file import read_text
from bacheca.forms.definition.yaml_mistakes import Composer, mistakes_of

Way = tuple[str, ...]
"""The keys that lead to a setting; in a list, an item that is a text leads on by itself."""


class Places:
    """The places of the settings of a file.

    Args:
        file: the file; what cannot be read of it has no place.
        known: the settings by which one that lacks its colon is known.
    """

    def __init__(self, file: Path, known: frozenset[str]):
        self._file = file
        text = read_text(file).text
        self._lines = dict(_ways(mistakes_of(text, known, tags=True)[1] or text))
        parent = next((way[1] for way in self._lines if way[:1] == ("INHERIT",) and len(way) == 2), "")
        inherits = parent and parent != file.name and (file.parent / parent).is_file()
        self._parent = Places(file.parent / parent, known) if inherits else None

    def of(self, *way: str) -> tuple[str, int]:
        """Give the file and the line of a setting; of one that is not there, of what it should stand in.

        Args:
            way: the keys that lead to it.
        """
        for length in range(len(way), 0, -1):
            place: Places | None = self
            while place:
                if way[:length] in place._lines:
                    return str(place._file), place._lines[way[:length]]
                place = place._parent
        return str(self._file), 1


def _ways(text: str) -> Iterator[tuple[Way, int]]:
    try:
        root = yaml.compose(text, Loader=Composer)
    except yaml.YAMLError:
        return
    if isinstance(root, yaml.MappingNode):
        found: dict[Way, int] = {}
        for way, line in _below(root, ()):
            found.setdefault(way, line)
            if len(way) > 2:  # what stands somewhere beneath a setting, such as a page in the navigation
                found.setdefault((way[0], way[-1]), line)
        yield from found.items()


def _below(node: yaml.Node, way: Way) -> Iterator[tuple[Way, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*way, str(key.value))
            yield inner, key.start_mark.line + 1
            yield from _below(value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _below(item, way)
    elif way:
        yield (*way, str(node.value)), node.start_mark.line + 1
