"""The page around what the service has to say: the portal's own look, or a plain one where it is not built.

The build writes `bacheca.json` and a shell in each language; they are read again when they change, so that
a rebuilt portal needs no restart. While they are missing or broken, the last whole ones are used.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from markupsafe import Markup, escape

from bacheca.forms.jinja import bare_environment
from bacheca.forms.locales import language_name
from bacheca.forms.published import ALTERNATE, CONTENT, METADATA, TITLE, Site, site_of
from forms_server.http.security_headers import Inline, inline_of

log = logging.getLogger(__name__)
T = TypeVar("T")

MARKS = re.compile(rf'({CONTENT}|(?<=<title>){TITLE}(?=</title>)|{ALTERNATE}(?="[^>]*?\bhreflang="([\w-]+)"))')


class Shell:
    """Puts content into the portal's page.

    Args:
        site: the folder of the built portal, if there is one.
    """

    def __init__(self, site: Path | None):
        self._site = site
        self._read: dict[Path, tuple[object, Any]] = {}

    @property
    def portal(self) -> Site:
        """What the build says of the portal now."""
        return (self._site and self._fresh(self._site / METADATA, site_of)) or Site()

    @property
    def inline(self) -> Inline:
        """The inline scripts and styles of every shell there is."""
        found = PLAIN_INLINE
        for language in self.portal.languages:
            template = self._template(language)
            found |= template.inline if template else Inline()
        return found

    def page(self, language: str, *, title: str, content: Markup, alternates: Mapping[str, str]) -> str:
        """Make a page.

        Args:
            language: the language it is in.
            title: what it is called, without the portal's name.
            content: its HTML; plain text is escaped.
            alternates: the address of the same page in other languages; the home stands in for a missing one.

        Returns:
            The HTML of the page.
        """
        portal = self.portal
        template = self._template(language)
        if template:
            homes = {code: portal.home(code) for code in portal.languages}
            return template.fill(title, content, {**homes, **alternates})
        return _plain(language, title, content, alternates, portal.name)

    def _template(self, language: str) -> _Template | None:
        file = self.portal.languages.get(language, {}).get("shell")
        return self._fresh(self._site / file, _Template) if self._site and file else None

    def _fresh(self, path: Path, parse: Callable[[str], T]) -> T | None:
        signature, value = self._read.get(path, (None, None))
        try:
            status = path.stat()
            now = (status.st_mtime_ns, status.st_size, status.st_ino)
            if now != signature:
                # Noted before it is parsed: a broken file is complained of once.
                self._read[path] = (now, value)
                value = parse(path.read_text(encoding="utf-8"))
                self._read[path] = (now, value)
        except (FileNotFoundError, NotADirectoryError):
            pass  # not built, or about to be swapped in
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            log.warning("a file of the portal cannot be used, and the one before it stays: %s", path.name)
        found: T | None = value
        return found


class _Template:
    """A shell taken apart at its marks, so that nothing put into it is ever read as a mark."""

    def __init__(self, html: str):
        if html.count(CONTENT) != 1:
            raise ValueError("a shell has one place for content")
        # Text, mark, language, text, … : the language is that of an `alternate` and None elsewhere.
        self._parts = MARKS.split(html)
        self.inline = inline_of(html)

    def fill(self, title: str, content: Markup, alternates: Mapping[str, str]) -> str:
        filling = {CONTENT: escape(content), TITLE: escape(title)}
        parts: list[str] = []
        for text, mark, language in zip(
            self._parts[::3], [*self._parts[1::3], ""], [*self._parts[2::3], ""], strict=True
        ):
            parts += [text, filling.get(mark) or escape(alternates.get(language or "", "/")) if mark else ""]
        return "".join(parts)


_ENVIRONMENT = bare_environment(Path(__file__).parents[1] / "templates")


def _plain(language: str, title: str, content: Markup, alternates: Mapping[str, str], name: str) -> str:
    return _ENVIRONMENT.get_template("shell.html").render(
        language=language,
        title=title,
        content=content,
        name=name,
        alternates=[
            (code, address, language_name(code, code)) for code, address in alternates.items() if code != language
        ],
    )


PLAIN_INLINE = inline_of(_plain("en", "", Markup(), {}, ""))
