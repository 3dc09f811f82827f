"""Finishing: the languages merged into one site, with what only the whole site can say, swapped in at once."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bacheca.forms.published import METADATA, Site, keep_with_site
from bacheca.portal.build.read import Content
from bacheca.portal.build.stage import translations_of
from bacheca.portal.build.verify import verify
from bacheca.portal.cache.raw_site import RawSite
from bacheca.portal.clock import build_moment
from bacheca.portal.content.articles import articles_of
from bacheca.portal.content.events import events_of
from bacheca.portal.content.pages import forms_in
from bacheca.portal.errors import PortalProblem, RenderFailed, SettingsProblems
from bacheca.portal.generated.feeds import write_feeds
from bacheca.portal.generated.icalendar import write_calendars
from bacheca.portal.images.icons import write_icons
from bacheca.portal.images.social_cards import cards_of, draw_cards
from bacheca.portal.postprocess.compression import compress
from bacheca.portal.postprocess.fingerprints import fingerprint
from bacheca.portal.postprocess.page_shell import lacks
from bacheca.portal.postprocess.pages import NOT_FOUND, SHELL, dress
from bacheca.portal.rules import levelled
from bacheca.portal.settings import Portal

TEMPLATES = Path(__file__).parents[1] / "templates" / "site"
"""What the service reads about the portal; its presence says that a folder was built here."""


def finish(
    portal: Portal, content: Content, rendered: Mapping[str, RawSite], site_dir: Path, *, publish: bool = True
) -> int:
    """Make the site of the rendered languages and put it in the place of the one before.

    Args:
        portal: the portal.
        content: what editors wrote.
        rendered: what the engine made of each language, by its code; its folder is moved away.
        site_dir: where the site goes: absent, empty, or a site built before.
        publish: whether to make its files small and lasting, which a preview has no use for.

    Returns:
        How many files the site has.

    Raises:
        SettingsProblems: `site_dir` cannot be replaced.
        RenderFailed: a page that the site needs was not rendered as it should, or something that the site refers to
            is not there.
    """
    check_site_dir(site_dir)
    site_dir = site_dir.absolute()
    new = site_dir.with_name(f".{site_dir.name}.new")
    try:
        new.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(new, ignore_errors=True)
        for language in portal.languages:
            target = new / language.prefix
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(rendered[language.code].folder, target)
            for name in ("sitemap.xml", "sitemap.xml.gz"):  # one sitemap speaks for all
                (target / name).unlink(missing_ok=True)
            pages = content.pages[language.code]
            write_feeds(language, articles_of(pages), target)
            write_calendars(language, events_of(pages), target, build_moment())
            write_icons(portal, language, target)
            draw_cards(
                cards_of(language, content.all_pages(language.code), content.forms),
                portal.build / "cards" / language.code,
                target,
            )
        roots = [new / language.prefix for language in portal.languages]
        shown: list[str] = []
        names = fingerprint(new, roots, portal.url) if publish else None
        for language, root in zip(portal.languages, roots, strict=True):
            inner = [other for other in roots if other != root and other.is_relative_to(root)]
            shown += dress(language, content.pages[language.code], root, inner, names)
            if not (root / SHELL).is_file():
                raise RenderFailed(lacks(NOT_FOUND))
        _write(new / METADATA, told_to_service(portal, content).as_text())
        _write_sitemap(portal, content, shown, new)
        keep_with_site(portal.forms, new)
        count = sum(1 for file in new.rglob("*") if file.is_file())
        found = verify(new, portal.url, content.forms, portal.build / "verified.json")
        if holes := [hole for hole in levelled(found, portal.levels) if hole.stops]:
            raise RenderFailed(*holes)
        if publish:
            compress(new, portal.build / "compressed")
        _swap(new, site_dir)
    except OSError as error:
        raise _cannot_replace(site_dir, error.strerror or str(error)) from None
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return count


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
    for language in portal.languages:
        root = urlsplit(language.url).path
        languages[language.code] = {"shell": f"{language.prefix}{SHELL}", "home": root}
        for page in content.pages[language.code]:
            if page.key == "privacy":
                languages[language.code]["privacy"] = root + page.url
            for name in forms_in(page):
                forms.setdefault(name, {}).setdefault(language.code, root + page.url)
    community = portal.main.community
    return Site(community["name"], community["email"], languages, forms)


def _write_sitemap(portal: Portal, content: Content, shown: Iterable[str], new: Path) -> None:
    url = urlsplit(portal.url)
    translations: dict[str, dict[str, str]] = {}
    for paths in translations_of(portal, content).values():
        absolute = {code: f"{url.scheme}://{url.netloc}{path}" for code, path in paths.items()}
        translations |= dict.fromkeys(absolute.values(), absolute)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    for name in ("sitemap.xml", "robots.txt"):
        text = environment.get_template(name).render(
            pages=[(url, translations.get(url, {})) for url in sorted(shown)], url=portal.url, root=url.path
        )
        _write(new / name, text + "\n")


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


def _swap(new: Path, site_dir: Path) -> None:
    """Put a folder in the place of another by renaming."""
    old = site_dir.with_name(f".{site_dir.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if site_dir.exists():
        site_dir.rename(old)
    try:
        new.rename(site_dir)
    except OSError:
        if old.exists():
            old.rename(site_dir)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _cannot_replace(site_dir: Path, reason: str) -> SettingsProblems:
    return SettingsProblems(PortalProblem("SITE_DIR", str(site_dir), 1, values={"folder": site_dir, "reason": reason}))
