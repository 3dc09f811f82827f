"""Settings that nobody reads: neither the engine, nor the portal, nor a template of the community's own."""

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
from bacheca.portal.setting_names import NAMES
from bacheca.portal.setting_places import Places
from bacheca.portal.settings import Language, Portal
from bacheca.portal.settings_file import KNOWN, THEME

THEIR_WAYS = frozenset(("extra", name) for name in THEIRS)


def check_unread(portal: Portal) -> Iterator[Problem]:
    """Give the settings whose name is none of the table's, each with the nearest one."""
    read = " ".join(read_text(file).text for file in _templates(portal))
    told: set[tuple[str, int]] = set()
    for language in portal.languages:
        places = Places(language.config_file, KNOWN)
        for way, known in _ways(language):
            if way[-1] in known or way in THEIR_WAYS or re.search(rf"\b{re.escape(way[-1])}\b", read):
                continue
            place = places.of(*way)
            if place not in told:  # what is inherited is told of once
                told.add(place)
                values = {"key": ".".join(way), "near": ".".join((*way[:-1], nearest(way[-1], known, 0.0)))}
                yield PortalProblem("SETTING_UNREAD", *place, values=values)


def _ways(language: Language) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
    """Give the keys that lead to each setting of a language, and the names that may stand there."""
    for place in ("", "theme"):
        settings = language.config.get(place) if place else language.config
        for name in settings if isinstance(settings, dict) else ():
            yield ((place, str(name)) if place else (str(name),)), NAMES[place]
    for way in names_in(language.config["extra"]):
        yield ("extra", *way), beneath(*way[:-1])


def _templates(portal: Portal) -> Iterator[Path]:
    """Give the templates of the community's own, and of a theme in the place of ours."""
    yield from own_templates(portal.main).values()
    named = {str(name) for language in portal.languages if (name := language.config["theme"].get("custom_dir"))}
    for theme in (portal.root / name for name in named):
        if theme.resolve() != THEME.resolve() and is_own(theme, portal.root):
            yield from theme.rglob("*.html")
