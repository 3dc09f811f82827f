"""Finishing: languages merged into one site, with what only the whole can say (search, sitemap), swapped in at once.

First it is told of every file what it is made of; then every reference is followed; only then are files written, and of
those only the ones that the site of before does not have.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache as once
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from bacheca.forms.jinja import bare_environment
from bacheca.forms.published import COLOURS, FORMS_FOLDER, METADATA, THEMES, Event, Onward, Site, form_files
from bacheca.portal.build.assets import (
    drop_diagrams,
    drop_scripts,
    has_search,
    put_renditions,
    rename_assets,
    slim_styles,
    theme_sheet,
)
from bacheca.portal.build.dressing import NOT_FOUND, SHELL, Wardrobe
from bacheca.portal.build.read import Content
from bacheca.portal.build.site_files import Piece, SiteFiles, piece_of
from bacheca.portal.build.stage import translations_of
from bacheca.portal.build.verify import verify
from bacheca.portal.cache.digests import digest_of
from bacheca.portal.cache.raw_site import RawSite
from bacheca.portal.cache.store import Cache
from bacheca.portal.clock import build_moment
from bacheca.portal.content.articles import articles_of
from bacheca.portal.content.events import events_of, is_event, told
from bacheca.portal.content.pages import Page, forms_in
from bacheca.portal.disk.discard import discard
from bacheca.portal.disk.exchange import exchange
from bacheca.portal.errors import PortalProblem, RenderFailed, SettingsProblems, is_full, problem_of_system
from bacheca.portal.generated.feeds import feeds
from bacheca.portal.generated.icalendar import calendars, opening_calendars
from bacheca.portal.generated.redirects import redirects
from bacheca.portal.images.icons import MANIFEST, icons, manifest_text
from bacheca.portal.images.scenes import scene
from bacheca.portal.images.site_pictures import SitePictures
from bacheca.portal.images.social_cards import cards_of, draw_cards, read_card
from bacheca.portal.invitations.posters import Posters
from bacheca.portal.invitations.signups import event_of_form, onward_of
from bacheca.portal.postprocess.fingerprints import Names
from bacheca.portal.postprocess.json_ld import FAQ
from bacheca.portal.postprocess.page_shell import lacks
from bacheca.portal.postprocess.pages import Surroundings
from bacheca.portal.rendering.plain_entries import PLAIN_ENTRIES, PlainEntry, engine_entries, kept_entries
from bacheca.portal.rules import levelled
from bacheca.portal.search.index import ENGINE_INDEXES, INDEX, Known, search_index
from bacheca.portal.search.synonyms import synonyms_of
from bacheca.portal.settings import Language, Portal
from bacheca.portal.theme_defaults import searched_in

TEMPLATES = Path(__file__).parents[1] / "templates" / "site"

SITEMAPS = ("sitemap.xml", "sitemap.xml.gz")
"""The engine's: one sitemap speaks for all languages."""

SPARE = "spare-site"
"""The folder, among those of builds, of the site before the last one, of which the next one is made."""

ICON, WRITTEN = "icon", "site-files"
"""The kinds of what is kept: icons, and what was written of each file of a site."""


def finish(
    portal: Portal,
    content: Content,
    rendered: Mapping[str, RawSite],
    site_dir: Path,
    cache: Cache,
    *,
    code: str,
    publish: bool = True,
    before: Path | None = None,
) -> int:
    """Make the site of the rendered languages and put it in the place of the one before.

    Args:
        portal: the portal.
        content: what editors wrote.
        rendered: what the engine made of each language, by its code.
        site_dir: where the site goes: absent, empty, or a site built before.
        cache: what builds before have kept.
        code: a digest of the code that takes part.
        publish: whether to make its files small and lasting, and swap them in together. A preview has no use for that:
            its site is brought up to date where it is, file by file.
        before: the site that files which did not change are taken from, where that is not the one in `site_dir`.

    Returns:
        How many files the site has.

    Raises:
        SettingsProblems: `site_dir` cannot be replaced.
        RenderFailed: a page that the site needs was not rendered as it should, or something that the site refers to
            is not there.
    """
    check_site_dir(site_dir)
    site_dir = site_dir.absolute()
    try:
        pieces = _pieces(portal, content, rendered, cache, code=code, publish=publish)
        found = verify(pieces, portal.url, content.forms, cache, code)
        if holes := [hole for hole in levelled(found, portal.levels) if hole.stops]:
            raise RenderFailed(*holes)
        put_site(pieces, site_dir, before or site_dir, cache, publish=publish, spare=portal.build / SPARE)
    except OSError as error:
        if is_full(error):
            folders = (site_dir.parent, portal.build)
            raise RenderFailed(problem_of_system(error, portal.main.config_file, *folders)) from None
        raise _cannot_replace(site_dir, error.strerror or str(error)) from None
    return len(pieces)


def put_site(
    pieces: Mapping[str, Piece],
    site_dir: Path,
    before: Path,
    cache: Cache,
    *,
    publish: bool,
    spare: Path | None = None,
) -> None:
    """Write a site: beside the one before, whose place it takes, or over that of a preview.

    Args:
        pieces: its files, by their paths.
        site_dir: where it goes.
        before: the site that files which did not change are taken from.
        cache: remembers what was written.
        publish: whether it is swapped in whole, with compressed copies.
        spare: where the site that was replaced waits to become the next one: most of its files are right already.

    Raises:
        OSError: the disk refuses; the site of before stays whole.
    """
    key = digest_of(before.absolute(), publish)
    files = SiteFiles(pieces, before, cache.get_json(WRITTEN, key) or {}, compressed=publish)
    if publish:
        new = site_dir.with_name(f".{site_dir.name}.new")
        try:
            discard(new)
            if spare and spare.is_dir() and not spare.is_symlink() and os.path.isdir(site_dir):
                with suppress(OSError):  # another disk
                    spare.rename(new)
            files.make(new)
            _swap(new, site_dir)
            if spare and files.is_shared and not new.is_symlink():
                with suppress(OSError):
                    new.rename(spare)
        finally:
            discard(new)  # what is there now was the site before
    else:
        cache.put_json(WRITTEN, key, {})  # whoever kills this leaves files that nobody knows: all will be looked at
        files.update()
    with suppress(OSError):  # the site is there; the next build has more to do
        cache.put_json(WRITTEN, key, files.written)


def _pieces(
    portal: Portal, content: Content, rendered: Mapping[str, RawSite], cache: Cache, *, code: str, publish: bool
) -> dict[str, Piece]:
    """Tell of every file of the site what it is made of."""
    pieces: dict[str, Piece] = {}
    for language in portal.languages:
        raw = rendered[language.code]
        for path, digest in raw.digests.items():
            if path not in SITEMAPS and not path.endswith(".html"):
                pieces[language.prefix + path] = Piece(digest, raw.folder / path)
        for path, piece in _generated(portal, language, content, cache, code).items():
            pieces[language.prefix + path] = piece
    roots = [language.prefix for language in portal.languages]
    names = rename_assets(pieces, roots, portal.url, cache, code) if publish else Names(portal.url, {})
    indexable: list[str] = []
    whole = {language.prefix: rendered[language.code] for language in portal.languages}
    pictures = SitePictures(whole if publish else {}, cache)  # a preview shows them as they are
    wardrobes: list[Wardrobe] = []
    for language in portal.languages:
        root = language.prefix
        around = around_of(portal, language)
        if publish:
            around = replace(around, names=names, sheet=os.path.basename(theme_sheet(pieces, root)))
        written = content.pages[language.code]
        wardrobe = Wardrobe(language, written, rendered[language.code], around, cache, code=code, pictures=pictures)
        wardrobe.dress()
        wardrobes.append(wardrobe)
        indexable += wardrobe.indexable
        if not any(traits.has_diagram for traits in wardrobe.traits.values()):
            drop_diagrams(pieces, root)
        if has_search(pieces, root):
            drop_scripts(pieces, root, searched_in(language.config.get("plugins") or {}))
        styles = slim_styles(pieces, root, wardrobe.classes, cache, code) if publish else ""
        pieces.update(wardrobe.pieces(styles))
        for path in ENGINE_INDEXES if has_search(pieces, root) else ():
            if index := pieces.pop(root + path, None):
                pieces[root + INDEX] = _searched(index, _known(language, content, wardrobe), code)
        if root + SHELL not in pieces:
            raise RenderFailed(lacks(NOT_FOUND))
        for path, text in redirects(language, written).items():
            pieces.setdefault(path, piece_of(text))  # what is there now comes first
    pieces[METADATA] = piece_of(told_to_service(portal, content).as_text())
    pieces |= {path: piece_of(text) for path, text in _sitemap(portal, content, indexable).items()}
    pieces |= {f"{FORMS_FOLDER}/{file.name}": piece_of(file.read_bytes()) for file in form_files(portal.forms)}
    shown_pictures = frozenset().union(*(wardrobe.pictured for wardrobe in wardrobes))
    linked = frozenset().union(*(wardrobe.linked for wardrobe in wardrobes))
    put_renditions(pieces, pictures, shown_pictures, linked)
    return pieces


def around_of(portal: Portal, language: Language) -> Surroundings:
    """Give what the pages of a language are dressed with in a preview, whose files keep their names."""
    return Surroundings(language.code, Names(portal.url, {}), sheet="")


def _generated(portal: Portal, language: Language, content: Content, cache: Cache, code: str) -> dict[str, Piece]:
    """Give the files of a language that no engine makes."""
    pages = content.pages[language.code]
    texts: dict[str, str | bytes] = {
        **feeds(language, articles_of(pages)),
        **calendars(language, events_of(pages), build_moment()),
        **dict(Posters(language, pages, content.forms, build_moment()).files()),
        **opening_calendars(language, pages, content.forms, build_moment()),
        MANIFEST: manifest_text(portal, language),
    }
    found = {path: piece_of(text) for path, text in texts.items()}
    look = language.look.digest
    for path, draw in icons(language).items():
        key = digest_of(code, path, look)
        icon = cache.get(ICON, key)
        if icon is None:
            icon = draw()
            cache.put(ICON, key, icon)
        found[path] = piece_of(icon)
    cards = cards_of(language, content.all_pages(language.code), content.forms)
    for path, card in draw_cards(cards, cache).items():
        found[path] = Piece(card.key, partial(read_card, card, cache))
    return found


def _searched(index: Piece, known: Known, code: str) -> Piece:
    """Give the search's index, made of the engine's."""
    made = digest_of(code, index.made, known)
    return Piece(made, once(lambda: search_index(_plain_entries(index), known)))


def _plain_entries(index: Piece) -> Iterator[PlainEntry]:
    """Give the entries of an engine's index without their HTML, which a build may have left beside it."""
    beside = index.content.with_name(PLAIN_ENTRIES) if isinstance(index.content, Path) else None
    return kept_entries(beside) if beside and beside.is_file() else engine_entries(index.read())


def _known(language: Language, content: Content, wardrobe: Wardrobe) -> Known:
    """Give what the search is told besides what the engine reads in pages."""
    pages = content.all_pages(language.code)
    also = dict(synonyms_of(language, pages))
    descriptions = {page.url: str(page.meta["description"]) for page in pages if page.meta.get("description")}
    entries = {f"{wardrobe.home}#{term.name}": term for term in wardrobe.terms}
    for place, term in entries.items():
        also[place] = (*term.aliases, *term.forms, *also.get(place, ()))
        descriptions[place] = term.definition
    return Known(
        language.code,
        {page.url: kind for page in pages if (kind := _kind(page))},
        descriptions,
        {place: words for place, words in also.items() if words},
        tuple(entries),
        tuple(page.url for page in pages if page.key == FAQ),
        scene("search"),
    )


def _kind(page: Page) -> str:
    """Tell what the search calls a page, where it is more than one."""
    if page.is_article:
        return "article"
    return "event" if is_event(page) else "form" if forms_in(page) else ""


def check_site_dir(site_dir: Path) -> None:
    """Make sure that a folder may be replaced by a site.

    Raises:
        SettingsProblems: it holds files that no build wrote, or cannot be made where it should be.
    """
    if site_dir.is_dir() and any(site_dir.iterdir()) and not (site_dir / METADATA).is_file():
        raise SettingsProblems(PortalProblem("SITE_DIR_TAKEN", str(site_dir), 1, values={"folder": site_dir}))
    whole = site_dir.absolute()
    nearest = next(folder for folder in (whole, *whole.parents) if folder.exists())
    if not nearest.is_dir():
        raise _cannot_replace(site_dir, os.strerror(errno.ENOTDIR))
    if not os.access(whole.parent if nearest == whole else nearest, os.W_OK):
        raise _cannot_replace(site_dir, os.strerror(errno.EACCES))


def told_to_service(portal: Portal, content: Content) -> Site:
    """Give what the service needs to know about the portal."""
    languages: dict[str, dict[str, str]] = {}
    forms: dict[str, dict[str, str]] = {}
    events: dict[str, dict[str, Event]] = {}
    onward: dict[str, dict[str, Onward]] = {}
    for language in portal.languages:
        root = urlsplit(language.url).path
        languages[language.code] = {"shell": f"{language.prefix}{SHELL}", "home": root}
        for page in content.pages[language.code]:
            if page.key == "privacy":
                languages[language.code]["privacy"] = root + page.url
            for name in forms_in(page):
                forms.setdefault(name, {}).setdefault(language.code, root + page.url)
        for name, event in event_of_form(content.pages[language.code], build_moment()).items():
            events.setdefault(name, {})[language.code] = told(event, language)
        for name, onto in onward_of(language, content.pages[language.code], content.forms).items():
            onward.setdefault(name, {})[language.code] = onto
    community, look = portal.main.community, portal.main.look
    colours = {theme: {name: look.themes[theme][name] for name in COLOURS} for theme in THEMES if look.given}
    return Site(community["name"], community["email"], languages, forms, events, onward, portal.usual, colours)


def _sitemap(portal: Portal, content: Content, indexable: Iterable[str]) -> dict[str, str]:
    """Give the sitemap, and what tells programs where it is."""
    url = urlsplit(portal.url)
    translations: dict[str, dict[str, str]] = {}
    for paths in translations_of(portal, content).values():
        absolute = {code: f"{url.scheme}://{url.netloc}{path}" for code, path in paths.items()}
        translations |= dict.fromkeys(absolute.values(), absolute)
    environment = bare_environment(TEMPLATES)
    pages = [(url, translations.get(url, {})) for url in sorted(indexable)]
    return {
        name: environment.get_template(name).render(pages=pages, url=portal.url, root=url.path) + "\n"
        for name in ("sitemap.xml", "robots.txt")
    }


def _swap(new: Path, site_dir: Path) -> None:
    """Let a folder and the site, or the link to a published one, change places: at no moment there is none."""
    if os.path.lexists(site_dir):
        exchange(new, site_dir)
    else:
        new.rename(site_dir)


def _cannot_replace(site_dir: Path, reason: str) -> SettingsProblems:
    return SettingsProblems(PortalProblem("SITE_DIR", str(site_dir), 1, values={"folder": site_dir, "reason": reason}))
