"""Icons and emoji that nobody has to fetch: `:octicons-bell-16:` is drawn in the page, `:bell:` is its character."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.util import AtomicString
from material.extensions.emoji import to_svg, twemoji  # type: ignore[import-untyped]


class _Index(dict[str, Any]):
    """An index of icons and emoji, read once something is looked up in it: it has thousands."""

    def __init__(self, options: dict[str, Any], md: Markdown):
        super().__init__()
        self._asked = options, md

    def __missing__(self, key: str) -> Any:
        self.update(twemoji(*self._asked))
        return self[key]


def icon_index(options: dict[str, Any], md: Markdown) -> dict[str, Any]:
    """Give what is looked up between colons: the icons of the theme, and emoji.

    Args:
        options: those of the extension.
        md: the parser.
    """
    return _Index(options, md)


def inline_icon(  # noqa: PLR0917  what `pymdownx.emoji` hands to whatever draws its finds
    index: str,
    shortname: str,
    alias: str,
    uc: str | None,
    alt: str,
    title: str,
    category: str,
    options: dict[str, Any],
    md: Markdown,
) -> Element | str:
    """Draw what stands between colons.

    Args:
        index: the name of the index it was found in.
        shortname: its name there.
        alias: what was written, if that is another name.
        uc: its code points; None for an icon, which is no character.
        alt: the character itself.
        title: its name as a title.
        category: its group.
        options: those of the extension.
        md: the parser.

    Returns:
        The character, which screen readers name in their own language, or the drawing, which they pass over.
    """
    if uc:
        sign = Element("span")  # an element, so that `{ .large }` after it is its class and no word of the page
        sign.text = AtomicString(alt)
        return sign
    icon: Element = to_svg(index, shortname, alias, uc, alt, title, category, options, md)
    icon.set("aria-hidden", "true")
    return icon
