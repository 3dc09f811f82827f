"""How a portal looks, whole: its colours and the files of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bacheca.portal.appearance.colours import LIGHT, Given, Tokens, palette


@dataclass(frozen=True)
class Look:
    """The look of a portal.

    Args:
        given: the colours that it gives.
        files: its own files, each with its name.
        has_hero: whether there is a drawing on the home page.
        digest: that of all that it is made of; empty for the product's own.
    """

    given: Given = ()
    files: tuple[tuple[str, Path], ...] = ()
    has_hero: bool = True
    digest: str = ""

    @property
    def themes(self) -> Mapping[str, Tokens]:
        """The colours of both themes."""
        return palette(self.given)

    @property
    def tokens(self) -> Tokens:
        """The colours of the light theme, which pictures have."""
        return self.themes[LIGHT]

    def file(self, *names: str) -> Path | None:
        """Give the first of its own files that there is.

        Args:
            names: how they are called, without their endings.
        """
        own = dict(self.files)
        return next((own[name] for name in names if name in own), None)


def read_look(given: Given, files: Mapping[str, Path], *, has_hero: bool) -> Look:
    """Read a look as its files are now.

    Args:
        given: the colours that it gives.
        files: its own files by their names.
        has_hero: whether there is a drawing on the home page.
    """
    own = tuple(sorted(files.items()))
    held = [(name, file.name, file.read_bytes()) for name, file in own]
    digest = hashlib.sha256(repr((given, has_hero, held)).encode()).hexdigest() if given or held else ""
    return Look(given, own, has_hero, digest)


USUAL = Look()
"""The product's own."""
