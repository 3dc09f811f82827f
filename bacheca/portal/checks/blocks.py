"""What can be wrong with pages beside their front matter and their links."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from bacheca.forms import Form, Problem
from bacheca.forms.definition.checks.nearest import nearest
from bacheca.forms.definition.text_file import read_text
from bacheca.portal.content.pages import Page
from bacheca.portal.content.rendered import TANGLED, MarkdownReader
from bacheca.portal.content.variables import FILLING
from bacheca.portal.content.yaml_heads import read_head
from bacheca.portal.errors import PortalProblem
from bacheca.portal.setting_places import Places
from bacheca.portal.settings import Language, Portal
from bacheca.portal.settings_file import KNOWN

KEYS_OF_AUTHORS = frozenset(("authors", "name", "description", "avatar", "url", "slug"))


def check_markdown(page: Page) -> Iterator[Problem]:
    """Say so of a page that the engine cannot read, or not in time."""
    rendered = page.rendered
    if rendered.refused == TANGLED:
        yield page.problem("PAGE_TANGLED", rendered.refused_line)
    elif rendered.refused:
        yield page.problem("PAGE_MARKDOWN", rendered.refused_line, reason=rendered.refused)


def check_extensions(language: Language, reader: MarkdownReader) -> Iterator[Problem]:
    """Give the Markdown extensions that cannot be loaded with the options of the settings."""
    places = Places(language.config_file, KNOWN)
    for name, reason in reader.unfit.items():
        values = {"name": name, "reason": reason}
        yield PortalProblem("SETTING_EXTENSION", *places.of("markdown_extensions", name), values=values)


def check_settings(page: Page, known: Collection[str]) -> Iterator[Problem]:
    """Give each `{{ … }}` that nothing takes the place of."""
    found = [(_line_of_filling(page, name), name) for name in page.rendered.fillings]
    for key, value in page.meta.items():
        found += [(page.key_lines.get(key, 1), name) for name in FILLING.findall(str(value))]
    for line, name in found:
        if name not in known:
            yield page.problem("SETTING_UNKNOWN", line, written=name, allowed=", ".join(known))


def _line_of_filling(page: Page, name: str) -> int:
    lines = enumerate(page.body.split("\n"), page.body_line)
    return next((line for line, text in lines if name in FILLING.findall(text)), page.body_line)


def check_blocks(page: Page, names: Sequence[str], forms: Mapping[str, Form]) -> Iterator[Problem]:
    """Give what is wrong with the blocks that put a form, or its results, into a page.

    Args:
        page: the page.
        names: the names of the form files.
        forms: the forms that can be used, by name.
    """
    lines = page.body.split("\n")
    for block in page.rendered.blocks:
        at = block.line - page.body_line
        mark = lines[at].strip(" \t>").partition(block.kind)[0].strip()
        after = next((line for line in lines[at + 1 :] if line.strip()), "")
        if after.strip(" \t>") != mark:
            yield page.problem("BLOCK_OPEN", block.line, mark=mark)
        if block.kind == "poster":  # of whatever there is: what else leads people there looks at it
            continue
        if block.name not in names:
            yield page.problem("FORM_UNKNOWN", block.line, name=block.name, allowed=", ".join(names) or "—")
        elif block.name in forms and page.language not in forms[block.name].languages:
            file = f"content/forms/{block.name}.{page.language}.yaml"
            yield page.problem("FORM_LANGUAGE", block.line, name=block.name, language=page.language, file=file)


def check_includes(page: Page) -> Iterator[Problem]:
    """Give the lines that would put another file, or what an address answers, into a page."""
    lines = page.body.split("\n")
    for line in page.rendered.included:
        yield page.problem("PAGE_INCLUDE", line, written=lines[line - page.body_line].strip())


def check_once(pages: tuple[Page, ...]) -> Iterator[Problem]:
    """Give the translation keys and the addresses that two pages of a language share."""
    keys: dict[str, Page] = {}
    urls: dict[str, Page] = {}
    for page in pages:
        if page.key and keys.setdefault(page.key, page) is not page:
            yield page.problem("TRANSLATION_TWICE", "translation", value=page.key, other=keys[page.key].file)
        if urls.setdefault(page.url, page) is not page:
            yield page.problem("ADDRESS_TWICE", "slug", value=page.url, other=urls[page.url].file)


def check_roots(portal: Portal, pages: Mapping[str, Iterable[Page]]) -> Iterator[Problem]:
    """Give the pages, or else the folder of files, that lie where another language has its place."""
    for language in portal.languages:
        for other in portal.languages:
            if other is language or not other.prefix.startswith(language.prefix):
                continue
            place, values = other.prefix.removeprefix(language.prefix), {"other": other.content.as_posix()}
            there = [page for page in pages[language.code] if page.url.startswith(place)]
            yield from (page.problem("ADDRESS_TWICE", "slug", value=page.url, **values) for page in there)
            if not there and (folder := language.content / place).exists():
                yield PortalProblem("ADDRESS_TWICE", folder.as_posix(), 1, values={"value": place, **values})


def check_authors(language: Language, pages: tuple[Page, ...]) -> Iterator[Problem]:
    """Give the authors of articles that the authors' file does not know."""
    if language.blog is None:
        return
    file = language.content / language.blog["blog_dir"] / ".authors.yml"
    read = read_text(file)
    head = read_head(read.text, file.as_posix(), KEYS_OF_AUTHORS)
    yield from (problem for problem in head.problems if problem.code != "PAGE_YAML")
    known = (head.values or {}).get("authors")
    if read.reason or not isinstance(known, dict):
        lost = [problem.line for problem in head.problems if problem.code == "PAGE_YAML"]
        yield PortalProblem("AUTHORS_FILE", file.as_posix(), lost[0] if lost else read.line)
    if not isinstance(known, dict):
        return
    for page in pages:
        written = page.meta.get("authors") if page.is_article else ()
        for author in written if isinstance(written, list) else ():
            if author not in known:
                near = nearest(author, [str(name) for name in known], 0.0)
                allowed = ", ".join(map(str, known))
                values = {"value": author, "file": file, "allowed": allowed, "near": near}
                yield page.problem("AUTHOR_UNKNOWN", "authors", **values)


def check_navigation(language: Language, pages: tuple[Page, ...], unread: Collection[str]) -> Iterator[Problem]:
    """Give the entries of the navigation that name none of the pages.

    Args:
        language: the language.
        pages: its pages.
        unread: the paths of those that cannot be read, which are problems already.
    """
    known = {page.path for page in pages} | set(unread)
    places = Places(language.config_file, KNOWN)

    def targets(entry: Any) -> Iterator[str]:
        if isinstance(entry, str):
            yield entry
        elif isinstance(entry, dict):
            for value in entry.values():
                yield from targets(value)
        elif isinstance(entry, list):
            for value in entry:
                yield from targets(value)

    drafts = {page.path: page.file for page in pages if page.is_draft}
    for target in targets(language.config.get("nav")):
        if target in drafts:  # the build leaves it out
            values = {"target": target, "file": drafts[target]}
            yield PortalProblem("LINK_DRAFT", *places.of("nav", target), values=values, level="warning")
        if target not in known and "://" not in target:
            values = {"target": target, "near": nearest(target, known, 0.0)}
            yield PortalProblem("SETTING_NAV", *places.of("nav", target), values=values)
