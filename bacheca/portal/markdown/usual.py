"""What the blocks are told of the community: the language and the time zone of forms that name none."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bacheca.forms import USUAL, Community

IN_USE = {"usual_language": USUAL.language, "usual_zone": USUAL.zone.key}
"""The settings of a block, and what holds where nobody says anything."""


def about_use() -> dict[str, list[str]]:
    """Give the same as Python-Markdown has them, which writes into the lists what an extension is told."""
    return {
        "usual_language": [USUAL.language, "the language of form files that name none"],
        "usual_zone": [USUAL.zone.key, "the time zone of forms that name none"],
    }


def community_of(config: Mapping[str, str]) -> Community:
    """Give what the settings of a block say of the community."""
    return Community(config["usual_language"], ZoneInfo(config["usual_zone"]))
