"""What a built site tells the service: the form files that its pages were made from, its addresses, its shells.

The portal writes it and the service reads it, both with this module and nothing else.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bacheca.forms.community import FIRST, USUAL, Community
from bacheca.forms.text import canonical_text

METADATA = "bacheca.json"
"""The file that says where things are."""

CONTENT = "<!--bacheca:content-->"
"""The mark in a shell, the page around what the service has to say, in whose place that is put."""

TITLE = "bacheca:title"
"""The mark in whose place the title is put."""

ALTERNATE = "bacheca:alternate"
"""The mark in whose place the address of the same page in another language is put."""

FORMS_FOLDER = ".forms"
"""Their folder in the site: swapped in with the pages, and hidden from readers as whatever begins with a dot."""

RECIPIENTS = "recipients.txt"
"""The file of the public keys that answers are sealed to, in the folder of the form files: one a line."""


THEMES = ("light", "dark")
COLOURS = ("paper", "card", "ink", "soft", "line", "accent", "on-accent")
"""The colours of letters, as the portal's style sheets call them: the ground, the sheet on it, text, small text, lines,
links and buttons, the words of buttons."""

COLOUR = re.compile("#[0-9a-f]{6}")

NUMBER = re.compile("[1-9][0-9]{0,8}")
"""How the folder of a published site is called among those that are kept."""


def kept_sites(site: Path) -> Path:
    """Give the folder of the sites published so far; the path of the site is then a link to one of them."""
    return site.with_name(f"{site.name}.kept")


def sites_in(folder: Path) -> list[Path]:
    """Give the sites in such a folder, the first published first: each is named by its number."""
    names = os.listdir(folder) if folder.is_dir() else []
    return [folder / name for name in sorted(filter(NUMBER.fullmatch, names), key=int)]


def form_files(folder: Path) -> list[Path]:
    """Give what makes forms in a folder: their files, their translations and the public keys; examples are left out."""
    return sorted(path for path in (*folder.glob("*.yaml"), folder / RECIPIENTS) if path.is_file())


def keep_with_site(folder: Path, site: Path) -> None:
    """Copy what makes forms into a site, with its times, so that what did not change is not read again."""
    kept = site / FORMS_FOLDER
    kept.mkdir()
    for path in form_files(folder):
        shutil.copy2(path, kept / path.name)


@dataclass(frozen=True)
class Event:
    """The event that people sign up for with a form, as its page tells it in a language.

    Args:
        title: its title.
        description: its description.
        starts: when it starts, with its zone.
        ends: when it ends; of whole days, when the last one is over.
        zone: the zone by whose clocks it takes place.
        all_day: whether it lasts whole days.
        when: its day and its hours, in words.
        where: its place, in words.
        place: the name of the place; empty for an event that is only online.
        address: the place's address; may be empty.
        online: where it is followed online; may be empty.
        page: the address of its page on the host.
        url: the whole address of its page.
        cancelled: whether it will not take place.
    """

    title: str
    description: str
    starts: datetime
    ends: datetime
    zone: str
    all_day: bool
    when: str
    where: str
    place: str
    address: str
    online: str
    page: str
    url: str
    cancelled: bool

    def as_json(self) -> dict[str, object]:
        """Give it as JSON types."""
        return {**asdict(self), "starts": self.starts.isoformat(), "ends": self.ends.isoformat()}


def event_of(said: Mapping[str, Any]) -> Event:
    """Read what `Event.as_json` gave.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it did not give this.
    """
    moments = {key: datetime.fromisoformat(said[key]) for key in ("starts", "ends")}
    if any(moment.tzinfo is None for moment in moments.values()):
        raise ValueError("a moment has a zone")
    return Event(**{**said, **moments})


@dataclass(frozen=True)
class Onward:
    """The page to go on to once a form was sent: its title, its address on the host, the whole one."""

    title: str
    page: str
    url: str


@dataclass(frozen=True)
class Site:
    """What the build says of the portal; empty where none is built."""

    name: str = ""
    """The community's name."""

    email: str = ""
    """Its address, where people write and mail comes from."""

    languages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Of each language, the `shell` file and the addresses of `home` and `privacy`."""

    forms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Of each form, the address of its page in each language."""

    events: Mapping[str, Mapping[str, Event]] = field(default_factory=dict)
    """Of each form that people sign up to an event with, the event in each language that tells of it."""

    onward: Mapping[str, Mapping[str, Onward]] = field(default_factory=dict)
    """Of each form that leads on to a page, that page in each language."""

    usual: Community = USUAL
    """What its forms take for granted."""

    colours: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Of each theme, the community's own colours of letters; empty for the product's."""

    def home(self, language: str) -> str:
        """Give the address of the home page in a language."""
        return self.languages.get(language, {}).get("home", "/")

    def form_page(self, form: str, language: str) -> str:
        """Give the address of the page in which a form stands; empty where there is none."""
        return self.forms.get(form, {}).get(language, "")

    def event(self, form: str, language: str) -> Event | None:
        """Give the event that people sign up for with a form, in a language or in the first that tells of it."""
        told = self.events.get(form, {})
        return told.get(language) or next(iter(told.values()), None)

    def places(self) -> Iterator[str]:
        """Give every file and address that it names."""
        for places in (*self.languages.values(), *self.forms.values()):
            yield from places.values()
        for told in self.events.values():
            yield from (event.page for event in told.values())
        for pages in self.onward.values():
            yield from (onward.page for onward in pages.values())

    def as_text(self) -> str:
        """Write it as it is kept with the site."""
        community = {
            "name": self.name,
            "email": self.email,
            "language": self.usual.language,
            "zone": self.usual.zone.key,
        }
        said = {
            "community": community,
            "languages": self.languages,
            "forms": dict(sorted(self.forms.items())),
            "events": {
                form: {language: event.as_json() for language, event in told.items()}
                for form, told in sorted(self.events.items())
            },
            "onward": {
                form: {language: asdict(page) for language, page in pages.items()}
                for form, pages in sorted(self.onward.items())
            },
            **({"colours": self.colours} if self.colours else {}),
        }
        return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def site_of(text: str) -> Site:
    """Read what `Site.as_text` wrote.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it did not write this.
    """
    said = json.loads(text)  # a site that was built before there were events goes on being served
    community = said["community"]
    usual = Community(community.get("language", FIRST.language), ZoneInfo(community.get("zone", FIRST.zone.key)))
    return Site(
        name=" ".join(canonical_text(str(community["name"])).split()),
        email=mail_address(str(community["email"])),
        usual=usual,
        languages={str(code): dict(language) for code, language in said["languages"].items()},
        forms={str(name): dict(pages) for name, pages in said["forms"].items()},
        events={
            str(name): {str(code): event_of(event) for code, event in told.items()}
            for name, told in said.get("events", {}).items()
        },
        onward={
            str(name): {str(code): Onward(**page) for code, page in pages.items()}
            for name, pages in said.get("onward", {}).items()
        },
        colours=dict(_colours(said.get("colours", {}))),
    )


def mail_address(text: str) -> str:
    """Give an address as letters have it in their headers; empty where they cannot."""
    try:
        return Address(addr_spec=text.strip()).addr_spec
    except (MessageError, ValueError, IndexError):
        return ""


def _colours(said: object) -> Iterator[tuple[str, dict[str, str]]]:
    """Give the themes that have every colour: beside one of another look it might not be read."""
    for theme in THEMES:
        told = said.get(theme) if isinstance(said, dict) else None
        own = {name: str(told.get(name)) for name in COLOURS} if isinstance(told, dict) else {}
        if own and all(map(COLOUR.fullmatch, own.values())):
            yield theme, own


def built_site(folder: Path) -> Site:
    """Read what the build says of the portal in a folder, as it is now; empty where none is built."""
    path = folder / METADATA
    try:
        status = path.stat()
        return _built_site(path, (status.st_mtime_ns, status.st_size, status.st_ino))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Site()


@lru_cache(maxsize=8)
def _built_site(path: Path, signature: object) -> Site:
    return site_of(path.read_text(encoding="utf-8"))
