"""What must not stand in a portal that is published: texts still to be filled in, sample addresses, sample pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from mkdocs.utils import is_markdown_file

from bacheca.forms.errors import Problem
from bacheca.portal.content.pages import read_pages
from bacheca.portal.errors import PortalProblem
from bacheca.portal.messages import LOCALE, SAYINGS, say
from bacheca.portal.settings import Portal

SAMPLE_ADDRESS = re.compile(r"(?:[\w.+-]+@)?(?:[\w-]+\.)*example\.(?:org|com|net)\b")
SAMPLE_PAGE = re.compile(r"^sample:[ \t]*true[ \t]*$")
COMMENT = re.compile(r"(?:^|\s)#.*")


@cache
def reasons() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Give each problem, and how it is recognised in a line; what is to be filled in says so in any language."""
    languages = ("en", *sorted(folder.name for folder in LOCALE.iterdir()))
    said = (say(SAYINGS["fill"], language).partition(":")[0].strip() for language in languages)
    fill = "|".join(re.escape(words) for words in dict.fromkeys(said))
    placeholder = re.compile(rf"\[(?:{fill})\b[^\]\n]*\]|\b[Ll]orem ipsum\b")
    return (
        ("RELEASE_PLACEHOLDER", placeholder),
        ("RELEASE_ADDRESS", SAMPLE_ADDRESS),
        ("RELEASE_SAMPLE", SAMPLE_PAGE),
    )


def check_release(portal: Portal) -> Iterator[Problem]:
    """Give what is to be filled in before the portal is published: in settings, pages and published forms."""
    for file in _files(portal):
        settings = not is_markdown_file(file.name)
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            text = COMMENT.sub("", line) if settings else line
            for code, pattern in reasons():
                for found in pattern.finditer(text):
                    yield PortalProblem(code, file.as_posix(), number, values={"written": found[0]})


def _files(portal: Portal) -> Iterator[Path]:
    for language in portal.languages:
        yield language.config_file
        drafts = {Path(page.file) for page in read_pages(language)[0] if page.is_draft}
        found = (path for path in language.content.rglob("*") if is_markdown_file(path.name) or path.suffix == ".yml")
        yield from sorted(path for path in found if path not in drafts)
    yield from sorted(portal.forms.glob("*.yaml"))
