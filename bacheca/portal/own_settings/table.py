"""Every setting below `extra`: what may stand there, what counts where it does not, and an example.

`docs/settings.md` shows this table. What is read of `extra` anywhere in the portal is here, and in no other place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bacheca.forms.published import mail_address
from bacheca.portal.messages import WORDS


@dataclass(frozen=True)
class Setting:
    """A setting.

    Args:
        example: what one writes, where it stands.
        fits: tells whether a value can be read.
        usual: what counts where nothing is written; empty where that is nothing, or found out by the build.
        judged: whether a check of its own tells what is wrong with what stands there.
    """

    example: str
    fits: Callable[[object], bool]
    usual: str = ""
    judged: bool = False


def is_text(value: object) -> bool:
    """Tell whether a value is written out as it stands: a text, a number, a day."""
    return not isinstance(value, list | dict)


def is_mapping(value: object) -> bool:
    """Tell whether a value has settings of its own beneath it."""
    return isinstance(value, dict)


def is_switch(value: object) -> bool:
    """Tell whether a value is true or false."""
    return isinstance(value, bool)


def is_address(value: object) -> bool:
    """Tell whether a value is an address of the web, or empty."""
    return value == "" or (isinstance(value, str) and re.match(r"https?://[^\s/]", value) is not None)


def is_mailable(value: object) -> bool:
    """Tell whether a value is an address that letters can have in their headers, or empty."""
    return value == "" or (isinstance(value, str) and mail_address(value) != "")


def is_path(value: object) -> bool:
    """Tell whether a value is a path of the site."""
    return isinstance(value, str) and value.startswith("/")


def is_year(value: object) -> bool:
    """Tell whether a value names the twelve months."""
    return isinstance(value, list) and len(value) == 12 and all(map(is_text, value))


def lists(*keys: str) -> Callable[[object], bool]:
    """Give what tells whether a value is a list of mappings that each have some texts."""

    def fits(value: object) -> bool:
        items = value if isinstance(value, list) else [None]
        return all(isinstance(item, dict) and all(is_text(item.get(key, [])) for key in keys) for item in items)

    return fits


SETTINGS: Mapping[str, Setting] = MappingProxyType(
    {
        "community": Setting("community: {name: La Bacheca, email: info@bacheca.example.org}", is_mapping),
        "community.languages": Setting("languages: [it, en]", lambda value: True, judged=True),
        "community.zone": Setting("zone: Europe/Rome", is_text, "Europe/Rome", judged=True),
        "community.name": Setting("name: La Bacheca", is_text),
        "community.email": Setting("email: info@bacheca.example.org", is_mailable),
        "facts": Setting("facts: {support: 24 ore}", is_mapping),
        "forms_url": Setting("forms_url: https://forms.example.org", is_address),
        "colours": Setting('colours: {accent: "#a43c17"}', is_mapping, judged=True),
        "hero": Setting("hero: false", is_switch, "true"),
        "progress": Setting("progress: true", is_switch, "false"),
        "spelling": Setting("spelling: it_IT", is_text),
        "rules": Setting("rules: {PICTURE_WORDS: warning}", is_mapping, judged=True),
        "limits": Setting("limits: {picture: 300}", is_mapping, judged=True),
        "words": Setting("words: {contents: In breve}", is_mapping),
        "words.footer_links": Setting("footer_links: [{label: Privacy, href: privacy/}]", lists("label", "href")),
        "words.licence_url": Setting("licence_url: https://creativecommons.org/licenses/by-sa/4.0/", is_address),
        "words.licence_name": Setting("licence_name: CC BY-SA 4.0", is_text, "CC BY-SA 4.0"),
        "words.licence_code": Setting("licence_code: il codice con licenza MIT", is_text),
        "words.locale": Setting("locale: it_CH", is_text, judged=True),
        "words.day": Setting('day: "{day} {month} {year}"', is_text),
        "words.months": Setting(
            "months: [gennaio, febbraio, marzo, aprile, maggio, giugno, luglio, agosto, settembre, ottobre, novembre,"
            " dicembre]",
            is_year,
        ),
        "alternate": Setting("alternate: [{name: Italiano, link: /, lang: it}]", lists("name", "link", "lang")),
        "scope": Setting("scope: /", is_path),
    }
)
"""The settings by the keys that lead to them."""

GROUPS = tuple(dict.fromkeys(group for key in WORDS if (group := key.rpartition(".")[0])))

OF_WORDS: Mapping[str, Setting] = MappingProxyType(
    {
        **{f"words.{group}": Setting(f"{group}: {{}}", is_mapping) for group in GROUPS},
        **{f"words.{key}": Setting(f"{key.rpartition('.')[2]}: {said}", is_text) for key, said in WORDS.items()},
    }
)
"""The words of the theme, each of which a portal may say otherwise, and the groups that they stand in."""

OPEN = ("community", "facts")
"""Where a community writes names of its own, for its pages."""

THEIRS = frozenset(("analytics", "consent", "generator", "homepage", "social", "status", "tags", "version"))
"""Settings of Material for MkDocs without effect here: whoever comes from there may leave them."""

STAGED = frozenset(("blog", "card", "feed", "look", "origin", "searched", "spoken"))
"""What the build itself puts there, for the templates."""


def beneath(*way: str) -> frozenset[str]:
    """Give the names that may stand right below a setting, named by the keys that lead to it; without any, `extra`."""
    paths = (tuple(path.split(".")) for path in (*SETTINGS, *OF_WORDS))
    return frozenset(path[-1] for path in paths if path[:-1] == way)
