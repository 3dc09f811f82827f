"""What a page says of the other languages: that it is in one alone, or older than the page it translates."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bacheca.forms.locales import direction_of, language_name
from bacheca.portal.content.pages import Page
from bacheca.portal.messages import SAYINGS, say
from bacheca.portal.settings import Language, Portal


def language_notes(
    portal: Portal, language: Language, page: Page, alternates: Mapping[str, str], lagging: Collection[str]
) -> dict[str, Any]:
    """Give the notes of a page, as its template shows them.

    Args:
        portal: the portal, with the languages that are built.
        language: the page's language.
        page: the page.
        alternates: the path of the page in each language that has it; empty where it has no translation.
        lagging: the paths of the pages whose original has changed since they were translated.

    Returns:
        `only`: for whoever reads another language, in that language, that the page is not in it, with the way to the
        home page that is; `older`: that the original is newer, with the way there. Without either, nothing.
    """
    notes: dict[str, Any] = {}
    only = [
        _only(other, language) for other in portal.languages if other is not language and other.code not in alternates
    ]
    if only:
        notes["only"] = only
    if page.path in lagging and portal.main.code in alternates:
        original = language_name(portal.main.code, language.code)
        notes["older"] = {
            "text": say(SAYINGS["older_than"], language.code, language=original),
            "label": say(SAYINGS["read_in"], language.code, language=original),
            "href": alternates[portal.main.code],
        }
    return notes


def _only(other: Language, language: Language) -> dict[str, str]:
    return {
        "lang": other.code,
        "dir": direction_of(other.code),
        "text": say(SAYINGS["only_in"], other.code, language=language_name(language.code, other.code)),
        "label": say(SAYINGS["home_in"], other.code, language=language_name(other.code, other.code)),
        "href": other.path,
    }
