"""One saved page, shown before anything else is looked at: what the last build has loaded is enough to make it anew.

Only a page that says of itself what it said before can be made so, whose text alone has changed: whatever others show
of it is as it was. The build that follows looks at everything; here it is about the page that somebody waits for.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from filelock import Timeout

from bacheca.forms.atomic_file import overwrite
from bacheca.portal.build.dressing import Wardrobe
from bacheca.portal.build.finish import around_of
from bacheca.portal.build.pipeline import Built, lock_of
from bacheca.portal.build.read import check_texts, form_names, is_sound, made_files, unread_paths
from bacheca.portal.cache.code import code_digest
from bacheca.portal.cache.store import Cache
from bacheca.portal.checks.links import Links, Tree
from bacheca.portal.content.pages import Page, read_page
from bacheca.portal.content.sources import sources_of
from bacheca.portal.content.variables import filled
from bacheca.portal.postprocess.pages import GLOSSARY
from bacheca.portal.rendering.driver import EngineFailed
from bacheca.portal.rules import levelled
from bacheca.portal.settings import Language, Portal


class SavedPages:
    """Makes the pages of a portal anew, one at a time.

    Args:
        portal: the portal.
        built: what the last build has loaded.
        site: the folder of the preview's site.
    """

    def __init__(self, portal: Portal, built: Built, site: Path):
        self._portal, self._built, self._site = portal, built, site
        cache = Cache(portal.build / "cache")
        content = built.content
        code = code_digest(cache)
        self._pages: dict[Path, tuple[Language, Page]] = {}
        self._wardrobes: dict[str, Wardrobe] = {}
        self._trees: dict[str, Tree] = {}
        for language in portal.languages:
            pages = content.pages[language.code]
            folder = language.content.resolve()
            self._pages |= {folder / page.path: (language, page) for page in pages}
            raw = built.rendered[language.code]
            self._wardrobes[language.code] = Wardrobe(
                language, pages, raw, around_of(portal, language), cache, code=code
            )
            whole = (*pages, *content.drafts.get(language.code, ()), *content.written[language.code])
            lost = unread_paths(sources_of(language.content, language.config), pages)
            self._trees[language.code] = Tree(language, whole, lost, made_files(language, pages))
        self._names = form_names(portal.forms)

    def save(self, file: Path) -> str:
        """Bring a page of the site up to date.

        Args:
            file: what was saved.

        Returns:
            The code of its language; nothing where the whole build has to find out.
        """
        if file not in self._pages:
            return ""
        try:
            with lock_of(self._portal.build).acquire(blocking=False):
                return self._save(file)
        except Timeout:  # another build is at work on the staged pages
            return ""

    def _save(self, file: Path) -> str:
        language, before = self._pages[file]
        again = self._built.rendered[language.code].again
        page = self._read(language, before)
        if again is None or page is None or not self._is_sound(language, page):
            return ""
        staged = self._portal.build / language.code / "pages" / page.path
        known = page.reader.known
        head, mark, body = staged.read_text(encoding="utf-8").partition("\n---\n")
        if not mark or body != filled(before.body, known):
            return ""  # the build adds something to it
        overwrite(staged, f"{head}{mark}{filled(page.body, known)}")
        try:
            html = self._wardrobes[language.code].dressed_anew(page, again(page.path))
        except EngineFailed:
            return ""
        overwrite(self._site / language.prefix / page.destination, html)
        self._pages[file] = (language, page)
        return language.code

    def _read(self, language: Language, before: Page) -> Page | None:
        """Read a page; None where others may show something of what has changed in it."""
        if before.is_article or before.is_draft or before.key == GLOSSARY:
            return None
        page, problems = read_page(before.path, language, before.reader, held_back=False)
        if page is None or problems:
            return None
        if "translation" in before.assumed:
            page = replace(page, meta={**page.meta, "translation": before.key}, assumed=page.assumed | {"translation"})
        said = (page.meta, page.url, page.assumed, page.is_draft, page.rendered.blocks, page.rendered.headings[:1])
        told = (before.meta, before.url, before.assumed, False, before.rendered.blocks, before.rendered.headings[:1])
        return page if said == told and page.rendered.names >= before.rendered.names else None

    def _is_sound(self, language: Language, page: Page) -> bool:
        """Tell whether nothing in the text of a page stops a build."""
        self._trees[language.code].replace(page)
        problems = [
            *check_texts(language, [page], self._names, self._built.content.forms, page.reader.known),
            *Links(self._trees.values()).problems(page),
        ]
        return is_sound(levelled(problems, self._portal.levels))
