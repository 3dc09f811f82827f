"""Staging: what editors wrote, made ready for the engine, in the folder `build/`.

Each language gets `build/LANG/`: `pages/`, the Markdown tree with settings filled in and the pages that
the build writes, and `mkdocs.yml`, its configuration with every inheritance resolved.
"""

from __future__ import annotations

import copy
import datetime as dt
import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from bacheca.forms import ASSETS
from bacheca.forms.locales import direction_of
from bacheca.portal.build.read import Content
from bacheca.portal.build.reload import LIVE, SCRIPTS
from bacheca.portal.build.staged_tree import StagedTree, write_anew
from bacheca.portal.cache.code import code_digest
from bacheca.portal.cache.digests import digest_of
from bacheca.portal.cache.store import Cache
from bacheca.portal.checks.links import from_root
from bacheca.portal.checks.translations import lagging
from bacheca.portal.clock import build_moment
from bacheca.portal.content.articles import Article, RelatedArticles, articles_of, reading_minutes
from bacheca.portal.content.authors import author_names
from bacheca.portal.content.closings import closed_with_results, closings_of, ways_that_close, with_results_first
from bacheca.portal.content.events import events_of, folder_of, next_event
from bacheca.portal.content.pages import Page, beside_forms, forms_in
from bacheca.portal.content.variables import filled, fillings_of
from bacheca.portal.disk.plain_files import cleared_for_folder
from bacheca.portal.files import copied_files, copy_files, is_photo
from bacheca.portal.generated.event_pages import aside, events_text, facts, signup_facts
from bacheca.portal.generated.feeds import FEEDS
from bacheca.portal.generated.language_notes import language_notes
from bacheca.portal.generated.listings import LISTINGS, author_pages, browse, page_of
from bacheca.portal.generated.progress import counts_of
from bacheca.portal.images.own_pictures import NoPicture, told_size
from bacheca.portal.images.published_pictures import published
from bacheca.portal.images.social_cards import cards_of
from bacheca.portal.invitations.posters import FILE as POSTERS
from bacheca.portal.invitations.posters import Posters, posters_in
from bacheca.portal.invitations.signups import event_of_form
from bacheca.portal.messages import SAYINGS, WORDS, say
from bacheca.portal.own_look.overrides import staged_theme
from bacheca.portal.own_look.staged import look_files, look_of
from bacheca.portal.setting_names import NAMES
from bacheca.portal.settings import Language, Portal
from bacheca.portal.settings_file import SNIPPETS, within
from bacheca.portal.theme_defaults import searched_in, spoken_by_material

LINK_RULES = ("LINK_DEAD", "LINK_DRAFT", "LINK_ADDRESS", "LINK_SLASH", "LINK_ELSEWHERE", "LINK_NOTHING", "LINK_LETTERS")
"""The rules of `check` that the engine has of its own too."""

LATEST = 3
"""How many articles the home page shows."""


def stage(
    portal: Portal, content: Content, now: dt.datetime | None = None, cache: Cache | None = None, *, live: bool = False
) -> int:
    """Bring the tree and the configuration of every language up to date.

    Args:
        portal: the portal.
        content: what editors wrote, without problems.
        now: the moment that tells events to come from those of the past; the build's where none is given.
        cache: what builds keep; the portal's own where none is given.
        live: whether pages are to reload when there are new ones, as in a preview.

    Returns:
        How many pages were staged.
    """
    count = 0
    now = now or build_moment()
    cache = cache or Cache(portal.build / "cache")
    code = code_digest(cache)
    addresses = translations_of(portal, content)
    for language in portal.languages:
        folder = portal.build / language.code
        if cleared_for_folder(folder):
            cache.dropped(folder)
        settings = staged_settings(portal, language, content)
        if live:
            settings["extra_javascript"] = [*settings.get("extra_javascript", []), f"{SCRIPTS}/reload.js"]
        drawn = cards_of(language, content.all_pages(language.code), content.forms)
        cards = {path: {"file": card.file, "alt": card.alt} for path, card in drawn.items()}
        settings["extra"]["card"] = cards.pop("")
        look = language.look
        settings["extra"]["look"] = look_of(look)
        if theme := staged_theme(language):
            settings["theme"]["custom_dir"] = "theme"
            StagedTree(folder / "theme", cache).clear_out(theme)
            for path, file in theme.items():
                write_anew(folder / "theme" / path, file.read_bytes())
        added = additions(language, content, now)
        home = next((page for page in content.pages[language.code] if page.key == "home"), None)
        if home and (counts := counts_of(portal, language, content.forms)):
            added[home.path]["counts"] = counts
        late = {page.path for page in lagging(content.pages[language.code], content.pages[portal.main.code])}
        for path, card in cards.items():
            added.setdefault(path, {})["card"] = card
        known = fillings_of(language, content.forms, content.forms)
        pages = content.all_pages(language.code)
        tree = StagedTree(folder / "pages", cache)
        scripts = {file.name: file.read_bytes() for file in (*_files(ASSETS), *(_files(LIVE) if live else ()))}
        own = {**look_files(look), **{f"{SCRIPTS}/{name}": script for name, script in scripts.items()}}
        tree.clear_out(
            (
                *copied_files(language.content),
                *own,
                *(page.path for page in pages),
            )
        )
        copy_files(language.content, folder / "pages", partial(published, cache=cache))
        for path, held in own.items():
            write_anew(folder / "pages" / path, published(held, cache) if is_photo(path) else held)
        for page in pages:
            alternates = addresses.get(page.key, {})
            own = ({"alternates": dict(alternates)} if alternates else {}) | added.get(page.path, {})
            if notes := language_notes(portal, language, page, alternates, late):
                own["language_notes"] = notes
            if closed_with_results(page, content.forms, now):
                own["body"] = with_results_first(page, content.forms, now)
            meta, body = _staged(page, language, content, own, known)
            tree.write(page.path, _digest(code, meta, body), partial(_text, meta, body))
            count += 1
        tree.close()
        posters = Posters(language, content.pages[language.code], content.forms, now)
        write_anew(folder / POSTERS, posters_in(content.pages[language.code], posters))
        engines = {name: value for name, value in settings.items() if name in NAMES[""]}  # it stops at any other
        written = yaml.dump(engines, allow_unicode=True, sort_keys=False)
        write_anew(folder / "mkdocs.yml", written.encode())
    return count


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.is_file())


def _digest(code: str, meta: Mapping[str, Any], body: str) -> str:
    """Give the digest of what a staged page is made of; empty where its front matter has something strange."""
    try:
        return digest_of(code, meta, body)
    except TypeError:
        return ""


def _text(meta: Mapping[str, Any], body: str) -> str:
    return f"---\n{yaml.safe_dump(meta, allow_unicode=True, sort_keys=False)}---\n{body}"


def translations_of(portal: Portal, content: Content) -> dict[str, dict[str, str]]:
    """Give, for each translation key in several languages, the page's path on the host in each language."""
    found: dict[str, dict[str, str]] = {}
    for language in portal.languages:
        root = urlsplit(language.url).path
        for page in content.all_pages(language.code):
            if page.key:
                found.setdefault(page.key, {})[language.code] = root + page.url
    return {key: paths for key, paths in found.items() if len(paths) > 1}


def additions(language: Language, content: Content, now: dt.datetime) -> dict[str, dict[str, Any]]:
    """Give what the build adds to the front matter of pages, by the path of the page.

    Args:
        language: the language of the pages.
        content: what editors wrote.
        now: the moment that tells events to come from those of the past.
    """
    pages = content.pages[language.code]
    articles, events = articles_of(pages), events_of(pages)
    names = author_names(language)
    added: dict[str, dict[str, Any]] = {}
    related = RelatedArticles(articles)
    for article in articles:
        near = related.of(article)
        added[article.page.path] = {
            "related": [{"title": other.title, "url": other.url} for other in near],
            "signed": author_pages(language, article, names),
            "issue": page_of(language, "issue", article.issue),
            "picture": _picture(article, language),
        }
    closings = closings_of(pages, content.forms)
    for event in events:
        added[event.page.path] = {"event": facts(event, language, now, folder_of(events), closings)}
    signups = event_of_form(pages, now)
    for page in pages:
        leads = [signups[name] for name in forms_in(page) if name in signups and signups[name].page is not page]
        if leads:
            added.setdefault(page.path, {})["signup_events"] = [signup_facts(event, language, now) for event in leads]
        if ways := ways_that_close(page, closings, now):
            added.setdefault(page.path, {}).update(ways)
    home = next((page for page in pages if page.key == "home"), None)
    if home:
        added.setdefault(home.path, {})["latest"] = [_entry(article, language) for article in articles[:LATEST]]
        coming = next_event(events, now)
        if coming and "aside" not in home.meta:
            added[home.path]["aside"] = aside(coming, language, now, closings)
    for page in content.written[language.code]:
        if "events" in page.meta:
            added[page.path] = {"body": events_text(page, events, now)}
    return added


def _not_found(language: str) -> dict[str, str]:
    """Give what a page that is not there says to people who read another language."""
    return {key: say(WORDS[f"not_found_{said}"], language) for key, said in (("not_found", "title"), ("home", "home"))}


def _validation(given: Any, levels: Mapping[str, str]) -> dict[str, Any]:
    """Give what the engine is to find in pages: nothing that `check` lets pass."""
    validation = dict(given) if isinstance(given, dict) else {}
    if any(levels.get(code, "error") != "error" for code in LINK_RULES):
        quiet = dict.fromkeys(("not_found", "absolute_links", "unrecognized_links"), "info")
        links = validation.get("links")
        validation |= {**quiet, "links": {**(links if isinstance(links, dict) else {}), **quiet}}
    if levels.get("ANCHOR_DEAD", "error") != "error":
        links = validation.get("links")
        validation |= {"anchors": "info", "links": {**(links if isinstance(links, dict) else {}), "anchors": "info"}}
    return validation


def without(nav: Any, paths: Collection[str]) -> Any:
    """Give a navigation without some of its pages, and without the sections that are left empty."""
    if isinstance(nav, list):
        kept = [without(entry, paths) for entry in nav if not _is_in(entry, paths)]
        return [entry for entry in kept if entry not in ([], {})]
    if isinstance(nav, dict):
        kept_by_title = {title: without(entry, paths) for title, entry in nav.items() if not _is_in(entry, paths)}
        return {title: entry for title, entry in kept_by_title.items() if entry != []}
    return nav


def _is_in(entry: Any, paths: Collection[str]) -> bool:
    return isinstance(entry, str) and entry in paths


def _picture(article: Article, language: Language) -> dict[str, Any]:
    """Give the picture that an article has instead of a drawn cover; nothing where it has none."""
    told = article.page.meta.get("image")
    if not isinstance(told, Mapping):
        return {}
    found = {"src": str(told["href"]), "alt": str(told["alt"])}
    file = (language.content / found["src"]).resolve()
    with suppress(NoPicture, OSError):
        if file.is_relative_to(language.content.resolve()):
            width, height = told_size(file)
            return {**found, "width": width, "height": height}
    return found


def _entry(article: Article, language: Language) -> dict[str, Any]:
    return {
        "title": article.title,
        "url": article.url,
        "date": article.day.isoformat(),
        "topic": article.topic,
        "minutes": article.minutes,
        "text": article.description,
        "picture": _picture(article, language),
    }


def _staged(
    page: Page, language: Language, content: Content, added: dict[str, Any], known: Mapping[str, str]
) -> tuple[dict[str, Any], str]:
    """Give a page's front matter and its Markdown, as the engine gets them."""
    pages = content.pages[language.code]
    body = added.pop("body", page.body)
    if page.is_article:
        added["readtime"] = reading_minutes(page.body)
    if language.blog and page.path == f"{language.blog['blog_dir']}/index.md" and articles_of(pages):
        body += browse(language, pages)
    if page.is_draft:
        added |= {"draft": False, "draft_note": say(SAYINGS["draft"], language.code)}
    return filled({**page.meta, **_lists(page), **added}, known), filled(body, known)


def _lists(page: Page) -> dict[str, list[str]]:
    """Give what a page may write as one text, and the engine needs as a list."""
    found = {key: page.meta[key] for key in ("hide", "tags") if isinstance(page.meta.get(key), str)}
    return {key: [item.strip() for item in text.split(",") if item.strip()] for key, text in found.items()}


def validation_of(language: Language) -> dict[str, str]:
    """Give what the engine is to say of links: nothing, since the check has followed them, and further than it does."""
    silent = ("omitted_files", "not_found", "unrecognized_links", "anchors")
    return {
        **dict.fromkeys(silent, "ignore"),
        "absolute_links": "relative_to_docs" if from_root(language) else "ignore",
    }


def staged_settings(portal: Portal, language: Language, content: Content) -> dict[str, Any]:
    """Give the engine's settings for a language, whole: engines merge inherited lists differently.

    Args:
        portal: the portal.
        language: the language.
        content: what editors wrote. The pages that the build writes about it join the navigation, where the engine
            does not place them there by itself; only where there are articles are there feeds of them.
    """
    written = content.written[language.code]
    settings: dict[str, Any] = copy.deepcopy(dict(language.config))
    folder = portal.build / language.code
    settings |= {"docs_dir": "pages", "site_dir": "site", "validation": validation_of(language)}
    settings.pop("config_file_path", None)  # it would move both
    settings["validation"] = _validation(settings.get("validation"), portal.levels)
    if any(page.is_draft for page in content.pages[language.code]):
        settings.pop("draft_docs", None)  # a preview shows them
    if settings.get("nav"):
        settings["nav"] = without(settings["nav"], {page.path for page in content.drafts.get(language.code, ())})
    if settings.get("hooks"):
        settings["hooks"] = [str((language.config_file.parent / hook).resolve()) for hook in settings["hooks"]]
    custom = settings["theme"].get("custom_dir")
    if custom:
        settings["theme"]["custom_dir"] = os.path.relpath(language.config_file.parent / custom, folder)
    settings["theme"]["features"] = []  # what they ask for is there anyway, or has no part here
    settings["theme"].setdefault("direction", direction_of(language.code))
    url = urlsplit(language.url)
    extra = settings["extra"]
    extra["searched"] = searched_in(settings.get("plugins") or {})
    extra["spoken"] = spoken_by_material(language.code)
    extra["origin"] = f"{url.scheme}://{url.netloc}"
    homes = [{"name": other.name, "link": other.path, "lang": other.code} for other in portal.languages]
    paths = {built.code: built.path for built in portal.languages}
    extra["alternate"] = [
        {**other, "link": paths[other["lang"]], "dir": direction_of(other["lang"]), **_not_found(other["lang"])}
        for other in extra.get("alternate") or homes
        if other["lang"] in paths
    ]
    extra.setdefault("scope", portal.main.path)  # one choice of theme for all languages
    usual = {"usual_language": portal.usual.language, "usual_zone": portal.usual.zone.key}
    ours = {
        "bacheca.portal.markdown.form_block": {
            **usual,
            "folder": str(portal.forms.resolve()),
            "results": str(portal.told.resolve()),
            "language": language.code,
            "forms_url": extra.get("forms_url") or "",
            "mail_to": language.community["email"],
            "beside": {
                name: language.path + place for name, (_, place) in beside_forms(content.pages[language.code]).items()
            },
        },
        "bacheca.portal.markdown.results_block": {
            **usual,
            "folder": str(portal.forms.resolve()),
            "results": str(portal.told.resolve()),
            "language": language.code,
            "forms_url": extra.get("forms_url") or "",
            "origin": extra["origin"],
            "publisher": language.community["name"],
        },
        "bacheca.portal.markdown.poster_block": {"posters": str((folder / POSTERS).resolve())},
        "bacheca.portal.markdown.glossary_aliases": {"language": language.code},
    }
    extensions = settings["markdown_extensions"]
    if SNIPPETS in extensions:  # the operator has allowed it
        included = (str(folder.resolve()) for folder in language.included)
        extensions[SNIPPETS] = {**(extensions[SNIPPETS] or {}), **within(*included, "pages")}
    for name in ours.keys() & extensions.keys():
        extensions[name] = ours[name]
    events = [{str(page.meta["title"]): page.path} for page in written if "events" in page.meta]
    if events and settings.get("nav"):
        settings["nav"] += events
    if language.blog and articles_of(content.pages[language.code]):
        extra["feed"] = {kind: f"{language.blog['blog_dir']}/{name}" for kind, name in FEEDS.items()}
    if language.blog:
        extra["blog"] = f"{language.blog['blog_dir']}/"
        for entry in settings.get("nav") or []:
            for section in entry.values() if isinstance(entry, dict) else ():
                if isinstance(section, list) and f"{language.blog['blog_dir']}/index.md" in section:
                    section += [
                        page.path
                        for page in written
                        if "listing" in page.meta and not LISTINGS[page.meta["listing"]].engine
                    ]
    return settings
