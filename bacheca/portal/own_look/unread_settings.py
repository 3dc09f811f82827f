"""Settings below `extra` that nobody reads: neither the portal nor a template of the community's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bacheca.forms.definition.checks.nearest import nearest
from bacheca.forms.definition.text_file import read_text
from bacheca.forms.errors import Problem
from bacheca.portal.errors import PortalProblem
from bacheca.portal.files import is_own
from bacheca.portal.own_look.overrides import own_templates
from bacheca.portal.own_settings.shapes import names_in
from bacheca.portal.own_settings.table import THEIRS, beneath
from bacheca.portal.setting_places import Places
from bacheca.portal.settings import Portal
from bacheca.portal.settings_file import KNOWN, THEME


def check_unread(portal: Portal) -> Iterator[Problem]:
    """Give the settings whose name is none of the table's, each with the nearest one."""
    read = " ".join(read_text(file).text for file in _templates(portal))
    told: set[tuple[str, int]] = set()
    for language in portal.languages:
        places = Places(language.config_file, KNOWN)
        for way in names_in(language.config["extra"]):
            known = beneath(*way[:-1])
            is_theirs = way[:-1] == () and way[-1] in THEIRS
            if way[-1] in known or is_theirs or re.search(rf"\b{re.escape(way[-1])}\b", read):
                continue
            place = places.of("extra", *way)
            if place not in told:  # what is inherited is told of once
                told.add(place)
                values = {"key": ".".join(("extra", *way)), "near": nearest(way[-1], known, 0.0)}
                yield PortalProblem("SETTING_UNREAD", *place, values=values)


def _templates(portal: Portal) -> Iterator[Path]:
    """Give the templates of the community's own, and of a theme in the place of ours."""
    yield from own_templates(portal.main).values()
    named = {str(name) for language in portal.languages if (name := language.config["theme"].get("custom_dir"))}
    for theme in (portal.root / name for name in named):
        if theme.resolve() != THEME.resolve() and is_own(theme, portal.root):
            yield from theme.rglob("*.html")
