"""Settings that are called otherwise than they were: `check` tells of the old name, `upgrade` writes the new one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from bacheca.forms.definition.yaml_mistakes import Composer


@dataclass(frozen=True)
class Renamed:
    """A setting that got another name; what it may say is as before.

    Args:
        place: the keys that lead to the mapping that it stands in.
        old: what it was called.
        new: what it is called.
        since: the version from which on.
    """

    place: tuple[str, ...]
    old: str
    new: str
    since: str


RENAMED = (Renamed(("extra",), "check", "rules", "0.3.0"),)
"""All of them, the first renamed first."""


def follow_renames(config: dict[str, Any], problem: Callable[..., None]) -> None:
    """Tell of settings under an old name, and read them under the new one, so that what they say is checked too.

    Args:
        config: the settings; changed.
        problem: takes a code, the keys that lead to the setting, and the values of the sentence.
    """
    for renamed in RENAMED:
        settings: Any = config
        for key in renamed.place:
            settings = settings.get(key) if isinstance(settings, dict) else None
        if not isinstance(settings, dict) or renamed.old not in settings:
            continue
        key, near = (".".join((*renamed.place, name)) for name in (renamed.old, renamed.new))
        problem("SETTING_RENAMED", (*renamed.place, renamed.old), key=key, near=near, since=renamed.since)
        settings.setdefault(renamed.new, settings.pop(renamed.old))


def with_new_names(text: str) -> str:
    """Give the text of a file of settings with the new names in it, all else as it was: comments, order, quotes.

    Where both names stand, a person has to join what they say: the text stays, and `check` goes on telling of it.
    """
    try:
        root = yaml.compose(text, Loader=Composer)
    except yaml.YAMLError:
        return text
    places = [place for renamed in RENAMED for place in _keys(root, renamed)]
    for start, end, name in sorted(places, reverse=True):
        text = text[:start] + name + text[end:]
    return text


def _keys(root: yaml.Node | None, renamed: Renamed) -> Iterator[tuple[int, int, str]]:
    """Give where the old name of a setting begins and ends, and what is to stand there."""
    node = root
    for key in renamed.place:
        below = node.value if isinstance(node, yaml.MappingNode) else []
        node = next((value for name, value in below if name.value == key), None)
    keys = {key.value: key for key, _ in node.value} if isinstance(node, yaml.MappingNode) else {}
    if renamed.old in keys and renamed.new not in keys:
        key = keys[renamed.old]
        yield key.start_mark.index, key.end_mark.index, renamed.new
