"""What a form says of an event and of a page, held against the pages that there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

from bacheca.forms import Form, Problem
from bacheca.forms.definition.own_words import OF_THE_EVENT, placeholders_in
from bacheca.forms.definition.yaml_source import read_source
from bacheca.portal.checks.links import Tree
from bacheca.portal.content.events import Event
from bacheca.portal.content.pages import Page
from bacheca.portal.errors import PortalProblem
from bacheca.portal.invitations.posters import Posters
from bacheca.portal.invitations.signups import events_by_form


def check_invitations(
    folder: Path,
    forms: Mapping[str, Form],
    trees: Iterable[Tree],
    sound: Mapping[str, Iterable[Page]],
    now: dt.datetime,
) -> Iterator[Problem]:
    """Give the events that forms need and nobody tells of, and the pages they lead on to that are not there.

    Args:
        folder: the folder of the form files.
        forms: the forms, by name.
        trees: the pages and files of every language.
        sound: the pages of each language whose front matter is sound, drafts included.
        now: the moment that tells which events are over.
    """
    trees = list(trees)
    for tree in trees:
        pages = sound[tree.language.code]
        posters = Posters(tree.language, pages, forms, now)
        for page in pages:
            for block in page.rendered.blocks:
                if block.kind == "poster" and posters.find(block.name) is None:
                    near = posters.nearest(block.name)
                    yield page.problem("POSTER_UNKNOWN", block.line, name=block.name, near=near)
    events = {code: events_by_form(pages, now) for code, pages in sound.items()}
    for name, form in forms.items():
        yield from _check_event(folder, form, [found[name] for found in events.values() if name in found])
        for tree in trees:
            if tree.language.code in form.languages:
                yield from _check_page(folder, form, tree)


def _check_event(folder: Path, form: Form, told: list[list[Event]]) -> Iterator[Problem]:
    needs: list[tuple[str, tuple[str, ...], str]] = []
    if form.remind:
        needs.append((form.language, ("form:remind",), "form:remind"))
    for language in form.languages:
        words = form.wording(language)
        for key, text in (("subject", words.mail_subject), ("text", words.mail_text)):
            asked = [name for name in placeholders_in(text) if name in OF_THE_EVENT]
            needs += [(language, ("form:mail", key), f"{{{name}}}") for name in asked]
    for language, place, key in needs:
        if not told:
            yield _problem("EVENT_NONE", folder, form, language, *place, key=key)
        elif several := next((events for events in told if len(events) > 1), None):
            titles = ", ".join(f"“{event.title}”" for event in several)
            yield _problem("EVENT_SEVERAL", folder, form, language, *place, key=key, titles=titles)


def _check_page(folder: Path, form: Form, tree: Tree) -> Iterator[Problem]:
    language = tree.language.code
    written = form.wording(language).after_page
    address = written.partition("#")[0]
    page = tree.by_url.get(address)
    place = ("form:afterwards", "page")
    if written and page is None:
        near = tree.near_urls.nearest(address.strip("/") + "/", 0.0) or next(chain(tree.by_url), "")
        yield _problem("AFTERWARDS_PAGE", folder, form, language, *place, target=written, near=near)
    elif written and page and page.is_draft:
        yield _problem("LINK_DRAFT", folder, form, language, *place, target=written, file=page.file)


def _problem(code: str, folder: Path, form: Form, language: str, *place: str, **values: object) -> PortalProblem:
    path = folder / (f"{form.name}.yaml" if language == form.language else f"{form.name}.{language}.yaml")
    return PortalProblem(code, path.as_posix(), read_source(path).line(*place), values=values)
