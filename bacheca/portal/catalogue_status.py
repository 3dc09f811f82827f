"""How far the catalogues of a language are: which of the sentences that people read it says, and which stay English."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bacheca.forms.catalogues import LOCALE as FORMS
from bacheca.portal.messages import LOCALE as PORTAL

SOURCE = "it"
"""The language whose catalogues have every sentence of the code, which tests hold them to."""

ENGLISH = "en"
"""The language of the code, which needs no catalogue."""


@dataclass(frozen=True)
class Status:
    """How far a catalogue is.

    Args:
        language: its language.
        domain: its name.
        done: how many sentences it says.
        fuzzy: how many it says in words that somebody has to look over, and that nobody reads until then.
        missing: how many it does not say.
        stale: how many it says that nothing asks for any more.
    """

    language: str
    domain: str
    done: int
    fuzzy: int
    missing: int
    stale: int

    @property
    def total(self) -> int:
        """How many sentences there are."""
        return self.done + self.fuzzy + self.missing

    @property
    def english(self) -> int:
        """How many of them are said in English."""
        return self.fuzzy + self.missing


def folders() -> tuple[Path, ...]:
    """Give the folders of catalogues, those of the service too, of which nothing is imported."""
    service = find_spec("forms_server")
    places = service.submodule_search_locations if service else None
    return (FORMS, PORTAL, *(Path(place) / "locale" for place in places or ()))


def languages() -> tuple[str, ...]:
    """Name the languages that have a catalogue."""
    found = {path.name for folder in folders() for path in folder.iterdir() if (path / "LC_MESSAGES").is_dir()}
    return tuple(sorted(found))


def status_of(language: str) -> Iterator[Status]:
    """Tell how far each catalogue of a language is; one that is not there has nothing done.

    Args:
        language: its code; where its country has no catalogue, that of the language alone is looked at.
    """
    for folder in folders():
        for path in sorted((folder / SOURCE / "LC_MESSAGES").glob("*.po")):
            named = [folder / code / "LC_MESSAGES" / path.name for code in (language, language.partition("-")[0])]
            own = next((_read(file) for file in named if file.is_file()), Catalog())
            wanted = {message.id for message in _read(path) if message.id}
            written = {message.id: message for message in own if message.id}
            said = {key for key in wanted if (found := written.get(key)) and all(_wordings(found.string))}
            fuzzy = {key for key in said if written[key].fuzzy}
            stale = len(written.keys() - wanted) + len(own.obsolete)
            done = len(said) - len(fuzzy)
            yield Status(language, path.stem, done, len(fuzzy), len(wanted) - len(said), stale)


def said_in_english(language: str) -> tuple[int, int]:
    """Count the sentences that people who read a language get in English, and all there are."""
    if language.partition("-")[0] == ENGLISH:
        return 0, 0
    found = list(status_of(language))
    return sum(status.english for status in found), sum(status.total for status in found)


@cache
def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3].replace("-", "_"))


def _wordings(string: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string or ("",))
