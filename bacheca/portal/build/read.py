"""Everything that editors wrote, read once, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from bacheca.forms import Form, Problem
from bacheca.forms.form_files.loading import read_forms
from bacheca.forms.set_days import days_in, with_set_days
from bacheca.portal.cache.store import Cache
from bacheca.portal.checks.blocks import (
    check_authors,
    check_blocks,
    check_extensions,
    check_includes,
    check_markdown,
    check_navigation,
    check_once,
    check_roots,
    check_settings,
)
from bacheca.portal.checks.code import check_code, check_drawings
from bacheca.portal.checks.front_matter import check_excerpt, check_front_matter, check_template, templates_of
from bacheca.portal.checks.links import Tree, check_links
from bacheca.portal.checks.prose import check_form_pictures, check_headings, check_pictures
from bacheca.portal.checks.settings_links import check_footer
from bacheca.portal.checks.spelling import check_spelling
from bacheca.portal.checks.strays import check_empty, check_orphans, check_shown, check_strays, check_topics
from bacheca.portal.checks.translations import check_translations
from bacheca.portal.clock import build_moment
from bacheca.portal.content.events import events_of
from bacheca.portal.content.pages import Page, paired, read_pages, reader_of
from bacheca.portal.content.readings import KeepingReader, readings_of
from bacheca.portal.content.rendered import MarkdownReader
from bacheca.portal.content.sources import Sources, sources_of
from bacheca.portal.content.variables import fillings_of
from bacheca.portal.files import check_files, check_way, is_photo
from bacheca.portal.generated.feeds import FEEDS
from bacheca.portal.generated.listings import written_pages
from bacheca.portal.generated.progress import progress_page
from bacheca.portal.generated.redirects import check_old_addresses
from bacheca.portal.invitations.check import check_invitations
from bacheca.portal.own_look.check_files import check_look
from bacheca.portal.own_look.check_overrides import check_overrides
from bacheca.portal.own_look.unread_settings import check_unread
from bacheca.portal.rendering.workers import WorkFailed, spread
from bacheca.portal.rules import levelled
from bacheca.portal.search.synonyms import check_synonyms
from bacheca.portal.settings import Language, Portal


@dataclass(frozen=True)
class Content:
    """What editors wrote.

    Args:
        pages: the pages of each language, by its code.
        written: the pages that the build writes about them, by the code of the language.
        forms: the forms that can be used, by name.
        examples: those in the folders under the forms' own, which are checked and not published.
        warnings: problems that stop nothing.
        drafts: the pages of each language that nothing shows yet, by its code.
        rescheduled: the names of the forms for which other days were set than their files say.
    """

    pages: Mapping[str, tuple[Page, ...]]
    written: Mapping[str, tuple[Page, ...]]
    forms: Mapping[str, Form]
    examples: Mapping[str, Form]
    warnings: tuple[Problem, ...] = ()
    drafts: Mapping[str, tuple[Page, ...]] = field(default_factory=dict)
    rescheduled: tuple[str, ...] = ()

    def all_pages(self, language: str) -> tuple[Page, ...]:
        """Give the pages of a language, with those that the build writes."""
        return (*self.pages[language], *self.written[language])

    def sound(self, language: str) -> tuple[Page, ...]:
        """Give the pages of a language whose front matter has no problem."""
        return tuple(page for page in self.pages[language] if is_sound(check_front_matter(page)))


def is_sound(problems: Iterable[Problem]) -> bool:
    """Tell whether none of some problems stops anything."""
    return not any(problem.stops for problem in problems)


def read_content(
    portal: Portal, *, spelling: bool = False, drafts: bool = False, kept: Cache | None = None
) -> tuple[Content, tuple[Problem, ...]]:
    """Read every page and form of a portal and check them all.

    Args:
        portal: the portal.
        spelling: whether to look its words up, which a build has no use for.
        drafts: whether drafts are shown. Where they are not, they are checked all the same, and stop nothing.
        kept: where what was read of pages is kept from one build to the next.

    Returns:
        What was read, and every problem in the order of files and lines. Pages with problems in their
        front matter are left out of the lists of articles. Where there is a link, or something else that is no plain
        file, nothing is read and that is the only problem.
    """
    if refused := tuple(_check_files(portal)):  # nothing of them may even be opened
        nothing: dict[str, tuple[Page, ...]] = {language.code: () for language in portal.languages}
        return Content(nothing, nothing, {}, {}), refused
    forms, examples, problems = _read_all_forms(portal)
    days = days_in(portal.told)
    forms = with_set_days(forms, days)
    names = form_names(portal.forms)
    pages: dict[str, tuple[Page, ...]] = {}
    shown: dict[str, tuple[Page, ...]] = {}
    written: dict[str, tuple[Page, ...]] = {}
    unread: dict[str, tuple[Problem, ...]] = {}
    known = {language.code: fillings_of(language, names, forms) for language in portal.languages}
    readings = readings_of(kept, tuple(known)) if kept else {}
    readers = {
        language.code: reader_of(language, known[language.code], readings.get(language.code))
        for language in portal.languages
    }
    sources: dict[str, Sources] = {}
    trees: list[Tree] = []
    whole: dict[str, list[Page]] = {}
    for language in portal.languages:
        sources[language.code] = there = sources_of(language.content, language.config)
        pages[language.code], unread[language.code] = read_pages(language, readers[language.code], there)
        _read_ahead(readers[language.code], pages[language.code])
    pages = paired(pages)
    for language in portal.languages:
        code = language.code
        shown[code] = tuple(page for page in pages[code] if drafts or not page.is_draft)
        longest = language.limits["description"]
        wrong = {page.path: list(levelled(check_front_matter(page, longest), portal.levels)) for page in pages[code]}
        sound = [page for page in pages[code] if is_sound(wrong[page.path])]
        whole[code] = sound
        public = [page for page in sound if drafts or not page.is_draft]
        made = (*written_pages(language, public), *progress_page(portal, language, public, forms))
        written[code] = tuple(replace(page, reader=readers[code]) for page in made)
        problems += [*unread[code], *(problem for found in wrong.values() for problem in found)]
        lost = unread_paths(sources[code], pages[code])
        problems += check_extensions(language, readers[code])
        problems += check_texts(language, pages[code], names, forms, known[code])
        problems += _check_language(language, pages[code], written[code], lost)
        trees.append(Tree(language, (*pages[code], *written[code]), lost, made_files(language, public)))
        problems += check_once(shown[code])
        problems += check_spelling(language, sound, _dictionaries(portal)) if spelling else ()
        problems += check_translations(pages[code], pages[portal.main.code])
    all_read = not {problem.code for problem in problems} & {"AUTHORS_FILE", "PAGE_FILE", "PAGE_TOML", "PAGE_YAML"}
    problems += [
        *_check_photos(trees, kept),
        *check_form_pictures(sorted(portal.forms.rglob("*.yaml"))),
        *check_links(trees, chain(*pages.values())),
        *check_footer(trees),
        *check_synonyms(trees),
        *check_strays(portal, pages, all_read=all_read),
        *check_orphans(trees, shown),
        *check_shown(forms, portal.forms, chain(*pages.values())),
        *check_roots(portal, shown),
        *check_old_addresses((page, language.prefix) for language in portal.languages for page in pages[language.code]),
        *check_look(portal),
        *check_unread(portal),
        *check_overrides(portal, chain(*pages.values())),
        *check_invitations(portal.forms, forms, trees, whole, build_moment()),
    ]
    for read in readings.values():
        read.save()
    held = {code: tuple(page for page in pages[code] if page.is_draft and not drafts) for code in pages}
    unpublished = {page.file for page in chain(*held.values())}
    problems = list(levelled(problems, portal.levels))
    problems = [replace(problem, level="warning") if problem.path in unpublished else problem for problem in problems]
    ordered = sorted(problems, key=lambda problem: (problem.path, problem.line, problem.code))
    warnings = tuple(problem for problem in ordered if not problem.stops)
    rescheduled = tuple(sorted(forms.keys() & days.keys()))
    return Content(shown, written, forms, examples, warnings, held, rescheduled), tuple(ordered)


def _read_ahead(reader: MarkdownReader, pages: Iterable[Page]) -> None:
    """Read the Markdown of pages over all processors, where that is kept."""
    if isinstance(reader, KeepingReader):
        with suppress(WorkFailed):  # it will be said of the page that it fails with
            reader.read_ahead(((page.body, page.body_line) for page in pages), spread)


def _check_photos(trees: Iterable[Tree], kept: Cache | None) -> Iterator[Problem]:
    """Give what is wrong with the files of pictures made of pixels."""
    photos = [tree.language.content / path for tree in trees for path in sorted(tree.files) if is_photo(path)]
    if photos:
        from bacheca.portal.images.check_pictures import check_pixels  # noqa: PLC0415  many portals have none

        yield from check_pixels(photos, kept)


def _dictionaries(portal: Portal) -> list[str]:
    """Give the dictionaries of all the languages of a portal."""
    named = (language.config.get("extra", {}).get("spelling") for language in portal.languages)
    return [str(name) for name in named if name]


def _read_all_forms(portal: Portal) -> tuple[dict[str, Form], dict[str, Form], list[Problem]]:
    """Read the forms, and the examples in the folders under theirs."""
    forms, problems = read_forms(portal.forms, portal.usual)
    examples: dict[str, Form] = {}
    for folder in sorted(path for path in portal.forms.rglob("*") if path.is_dir()):
        found, wrong_examples = read_forms(folder, portal.usual)
        examples |= found
        problems += wrong_examples
    return forms, examples, problems


def _check_files(portal: Portal) -> Iterator[Problem]:
    """Give what may not stand among the files of the content, nor in the themes and snippets of the portal's own."""
    content = portal.main.content.parent
    whole = [content] if content.resolve() != portal.root.resolve() else []
    folders = whole or [*(language.content for language in portal.languages), portal.forms]
    themes = {language.config["theme"].get("custom_dir") for language in portal.languages}
    own = [portal.root / theme for theme in themes if theme]
    own += [folder for language in portal.languages for folder in language.included]
    if not whole:
        own += [folder for part in ("assets", "theme") if (folder := portal.main.own / part).is_dir()]
    for folder in (*folders, *(theme for theme in own if theme.resolve().is_relative_to(portal.root.resolve()))):
        if links := list(check_way(portal.root, folder)):
            yield from links
        elif folder.is_dir():
            yield from check_files(folder, portal.main.limits["file"])


def unread_paths(sources: Sources, pages: tuple[Page, ...]) -> frozenset[str]:
    """Give the paths of the pages that are there and cannot be read: links may lead to them."""
    return frozenset(sources.pages) - {page.path for page in pages}


ENGINE_FILES = ("sitemap.xml", "sitemap.xml.gz", "robots.txt", "404.html", "search/search_index.js")
"""What every build has, whatever its pages are."""


def made_files(language: Language, pages: Iterable[Page]) -> list[str]:
    """Give the addresses of the files that the build makes and links may lead to: pages are not among them."""
    feeds = [f"{language.blog['blog_dir']}/{name}" for name in FEEDS.values()] if language.blog else []
    return [*ENGINE_FILES, *feeds, *(event.calendar for event in events_of(pages))]


def form_names(folder: Path) -> list[str]:
    """Give the names of the form files of a folder, usable or not."""
    return sorted(file.stem for file in folder.glob("*.yaml") if "." not in file.stem)


def check_texts(
    language: Language, pages: Iterable[Page], names: list[str], forms: Mapping[str, Form], known: Mapping[str, str]
) -> Iterator[Problem]:
    """Give what is wrong in the text of pages."""
    templates = templates_of(language)
    for page in pages:
        yield from check_template(page, templates)
        yield from check_excerpt(page, language)
        yield from check_markdown(page)
        yield from check_settings(page, known)
        yield from check_blocks(page, names, forms)
        yield from check_includes(page)
        yield from check_code(page)
        yield from check_headings(page)
        yield from check_empty(page)
        yield from check_pictures(page, language.content, language.limits["picture"])


def _check_language(
    language: Language, pages: tuple[Page, ...], written: tuple[Page, ...], unread: frozenset[str]
) -> Iterator[Problem]:
    """Give what is wrong with the pages of a language together."""
    yield from check_drawings(language.content)
    yield from check_topics(pages)
    yield from check_authors(language, pages)
    yield from check_navigation(language, (*pages, *written), unread)
