"""A page as the theme renders it, of a navigation that a test writes: the engine's own objects, without a build."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment
from mkdocs.commands.build import get_context
from mkdocs.config.base import load_config
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.structure.toc import TableOfContents
from selectolax.lexbor import LexborHTMLParser

from bacheca.portal.theme_defaults import with_parts, with_words
from tests.portal import PORTAL

WORDS = yaml.safe_load((PORTAL / "mkdocs.yml").read_text(encoding="utf-8"))["extra"]["words"]
ADDRESS = "https://prova.example.org/"
COMPILED: dict[str, Environment] = {}
"""The theme's templates, compiled once for all tests."""


class Theme:
    """The portal's theme over some pages.

    Args:
        folder: an empty one.
        paths: the pages that there are; each is called as its path is, `guide/linux.md` *linux*.
        nav: the navigation; None leaves it to the engine.
        features: those of the theme that are switched on.
    """

    def __init__(self, folder: Path, paths: list[str], nav: list[Any] | None = None, features: tuple[str, ...] = ()):
        extra = {
            "words": with_words({}, "it"),
            "alternate": [],
            "blog": "articoli/",
            "card": {},
            "community": {},
        }
        theme = {"name": "material", "language": "it", "features": list(features), **with_parts({}, folder)}
        settings = {"site_name": "Prova", "site_url": ADDRESS, "docs_dir": "pages", "theme": theme, "extra": extra}
        (folder / "pages").mkdir(exist_ok=True)
        written = folder / "mkdocs.yml"
        written.write_text(yaml.safe_dump({**settings, "nav": nav, "plugins": []}), encoding="utf-8")
        self.config = load_config(str(written))
        made = [
            File(path, "pages", "site", use_directory_urls=True, inclusion=InclusionLevel.INCLUDED) for path in paths
        ]
        self.files = Files(made)
        self.nav: Navigation = get_navigation(self.files, self.config)
        for file in made:
            assert file.page
            file.page.title = file.page.title or Path(file.src_uri).stem
            file.page.content, file.page.toc = "<h1>Titolo</h1><p>Testo.</p>", TableOfContents([])
        self.environment = COMPILED.setdefault("classic", self.config.theme.get_env())

    def page(self, path: str, **meta: Any) -> LexborHTMLParser:
        """Render a page, whose front matter says something."""
        file = self.files.get_file_from_path(path)
        assert file
        assert file.page
        file.page.meta = meta
        file.page.active = True
        html = self.environment.get_template("main.html").render(
            get_context(self.nav, self.files, self.config, file.page)
        )
        file.page.active = False
        return LexborHTMLParser(html)

    def missing(self) -> LexborHTMLParser:
        """Render the page of an address that is not there."""
        context = get_context(self.nav, self.files, self.config, base_url="/")
        return LexborHTMLParser(self.environment.get_template("404.html").render(context))


def links(page: LexborHTMLParser, within: str) -> list[tuple[str, str]]:
    """Give the links of a part of a page: what each says, and where it leads."""
    return [(link.text().strip(), link.attributes["href"] or "") for link in page.css(f"{within} a")]
