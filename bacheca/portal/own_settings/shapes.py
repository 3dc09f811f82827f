"""Holding what is written below `extra` against the table of what may stand there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from bacheca.portal.own_settings.table import OF_WORDS, OPEN, SETTINGS, Setting, is_text

Tell = Callable[..., None]
"""Tells of a problem: its code, the keys that lead to the setting, and the values of its sentence."""


def check_shapes(extra: Any, tell: Tell) -> None:
    """Tell of the values that nobody can read, and take them out: the rest is checked as if they were not there.

    Args:
        extra: the settings; changed. Where they are no mapping, what is needed of them is missed elsewhere.
        tell: is told of each problem.
    """
    for path, setting in (*SETTINGS.items(), *OF_WORDS.items()):
        if not setting.judged:
            _check(extra, path, setting, tell)
    for name in OPEN:
        given = extra.get(name) if isinstance(extra, dict) else None
        own = [key for key in given if f"{name}.{key}" not in SETTINGS] if isinstance(given, dict) else []
        for key in own:
            _check(extra, f"{name}.{key}", Setting(f"{key}: …", is_text), tell)


def _check(extra: Any, path: str, setting: Setting, tell: Tell) -> None:
    *above, key = path.split(".", 1) if path.split(".", maxsplit=1)[0] in OPEN else path.split(".")
    within = extra
    for part in above:
        within = within.get(part) if isinstance(within, dict) else None
    if not isinstance(within, dict) or within.get(key) is None or setting.fits(within[key]):
        return
    way = ("extra", *above, key)
    tell("SETTING_SHAPE", way, key=".".join(way), value=within.pop(key), example=setting.example)


def names_in(extra: Any) -> Iterator[tuple[str, ...]]:
    """Give the keys that lead to each setting whose name must be one of the table's."""
    for key, value in extra.items() if isinstance(extra, dict) else ():
        yield (str(key),)
        if key == "words" and isinstance(value, dict):
            for word, inner in value.items():
                yield key, str(word)
                yield from ((key, str(word), str(name)) for name in inner) if isinstance(inner, dict) else ()
