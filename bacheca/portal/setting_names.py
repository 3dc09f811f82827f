"""Settings that nobody would read: names that were mistyped, another theme, a language that does not exist."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import mergedeep  # type: ignore[import-untyped]
from babel import Locale, UnknownLocaleError
from mkdocs.config.defaults import get_schema

from bacheca.forms import USUAL
from bacheca.forms.definition.checks.localities import is_zone, zone_meant
from bacheca.forms.definition.checks.nearest import nearest
from bacheca.portal.own_settings.table import THEIRS, beneath
from bacheca.portal.renamed.settings import follow_renames

THEME = "material"
"""The one theme that the templates of a portal are written for."""

ALIKE = 0.75
"""How much a name must resemble one that there is to be a mistake: others may stand there for tools of their own."""

NAMES: Mapping[str, frozenset[str]] = {
    "": frozenset(("INHERIT", *(name for name, _ in get_schema()))),
    "theme": frozenset(
        (
            *("name", "custom_dir", "locale", "static_templates", "language", "direction", "variant"),
            *("features", "palette", "font", "icon", "logo", "favicon"),
        )
    ),
    "extra": beneath() | THEIRS,
}
"""The settings by where they stand."""


def put_right(config: dict[str, Any], assumed: str, problem: Callable[..., None]) -> None:
    """Say what is mistyped, and put it right, so that what stands under it is checked too.

    Args:
        config: the settings; changed.
        assumed: the code of the language that is assumed where none is named.
        problem: takes a code, the keys that lead to the setting, and the values of the sentence.
    """
    follow_renames(config, problem)
    for place, known in NAMES.items():
        _names(config if not place else config.get(place), place, known, problem)
    if config.get("theme") is None:
        config["theme"] = {}
    theme = config["theme"]
    whole = not isinstance(theme, dict)
    name = theme if whole else theme.get("name") or THEME
    if name != THEME:
        near = f"theme: {{name: {THEME}, language: {assumed}}}" if whole else f"name: {THEME}"
        problem("SETTING_THEME", ("theme", "name"), value=name, near=near)
    if whole:
        config["theme"] = {"name": THEME} if name == THEME else {"name": THEME, "language": assumed}
    words = config.get("extra", {}).get("words") if isinstance(config.get("extra"), dict) else None
    for settings, key, near in ((config["theme"], "theme.language", assumed), (words, "extra.words.locale", "")):
        last = key.rpartition(".")[2]
        if not isinstance(settings, dict) or not settings.get(last):
            continue
        if meant := language_meant(settings[last], near):
            problem("SETTING_LANGUAGE", tuple(key.split(".")), key=key, value=settings[last], near=f"{last}: {meant}")
            settings[last] = meant


def leave_to_main(config: dict[str, Any], main: Mapping[str, Any], url: str, code: str) -> None:
    """Take out of the settings of a further language what is the main one's alone, and was inherited.

    Args:
        config: the settings; changed.
        main: those of the main language, as they are written.
        url: the address of the main language, under which the further one has its place.
        code: the code of the further one.
    """
    for key in ("docs_dir", "site_url"):
        if config.get(key) == main.get(key):
            config.pop(key, None)
    config.setdefault("site_url", f"{url}{code}/")
    theme, was = config.get("theme"), main.get("theme")
    if isinstance(theme, dict) and isinstance(was, dict) and theme.get("language") == was.get("language"):
        theme.pop("language", None)


def name_language(config: dict[str, Any], code: str, problem: Callable[..., None]) -> None:
    """Fill in what a language that is listed need not say again: its code and the folder of its pages.

    Args:
        config: the settings; changed.
        code: its code; empty for the main language, which is the first of the list.
        problem: as `put_right` takes it.
    """
    code = code or next(iter(_listed(config, problem)), "")
    if not code:
        return
    config.setdefault("docs_dir", f"content/{code}")
    if isinstance(config.setdefault("theme", {}), dict):
        config["theme"].setdefault("language", code)


def _listed(config: Mapping[str, Any], problem: Callable[..., None]) -> list[str]:
    """Give the languages that settings list, the main one first; none where they list none."""
    extra = config.get("extra")
    community = extra.get("community") if isinstance(extra, dict) else None
    listed = community.get("languages") if isinstance(community, dict) else None
    if community is None or listed is None:
        return []
    texts = [str(code) for code in listed] if isinstance(listed, list) else re.findall(r"[\w-]+", str(listed))
    meant = list(dict.fromkeys(language_meant(code, "") or code for code in texts)) or ["en"]
    if not isinstance(listed, list) or meant != texts:
        near = f"languages: [{', '.join(meant)}]"
        problem("SETTING_LANGUAGES", ("extra", "community", "languages"), value=listed, near=near)
        community["languages"] = meant
    return meant


def put_zone_right(community: dict[str, Any], problem: Callable[..., None]) -> None:
    """Say where the time zone of a community is none, and put it right."""
    zone = community.get("zone")
    if zone is not None and not is_zone(str(zone)):
        near = zone_meant(str(zone), USUAL.zone)
        problem("SETTING_ZONE", ("extra", "community", "zone"), value=zone, near=near)
        community["zone"] = near


def _names(settings: Any, place: str, known: frozenset[str], problem: Callable[..., None]) -> None:
    for key in [str(key) for key in settings if key not in known] if isinstance(settings, dict) else []:
        near = nearest(key, known, ALIKE)
        if not near:
            continue
        said = {"key": f"{place}.{key}".strip("."), "near": f"{place}.{near}".strip(".")}
        problem("SETTING_TYPO", tuple(filter(None, (place, key))), **said)
        value = settings.pop(key)
        if isinstance(value, dict) and isinstance(settings.get(near), dict):
            settings[near] = dict(mergedeep.merge({}, value, settings[near]))
        else:
            settings.setdefault(near, value)


def language_meant(written: object, folder: str) -> str:
    """Give the code of a language that was meant; empty where it was written as it should be.

    Args:
        written: what is written.
        folder: the folder of its pages, mostly named for it.
    """
    text = str(written)
    if is_language(text):
        return ""
    return next(
        (code for code in (text.strip().lower(), folder, text.strip().lower()[:2]) if is_language(code)), USUAL.language
    )


def is_language(code: str) -> bool:
    """Tell whether a language is called so: small letters, and its country or script where it needs one."""
    if not re.fullmatch(r"[a-z]{2,3}([-_][A-Za-z]{2,4})?", code):
        return False
    try:
        Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return False
    return True
