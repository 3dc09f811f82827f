"""Small portals to break."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bacheca.forms import Problem
from bacheca.portal.build.dressing import Wardrobe
from bacheca.portal.build.read import Content, read_content
from bacheca.portal.cache.raw_site import raw_site
from bacheca.portal.cache.store import Cache
from bacheca.portal.content.pages import Page
from bacheca.portal.postprocess.fingerprints import Names
from bacheca.portal.postprocess.pages import Surroundings
from bacheca.portal.settings import Language, Portal, load_portal
from tests.portal import PORTAL

os.environ.setdefault("BACHECA_ALLOW", "theme")  # small portals have small themes

SETTINGS: dict[str, Any] = {
    "site_name": "Prova",
    "site_url": "https://prova.example.org/",
    "docs_dir": "content/it",
    "theme": {"name": "material", "variant": "classic", "language": "it", "font": False, "custom_dir": "theme"},
    "plugins": {
        "search": {"lang": "it"},
        "blog": {
            "blog_dir": "articoli",
            "post_url_format": "{slug}",
            "post_excerpt": "required",
            "archive_url_format": "archivio/{date}",
            "categories_url_format": "temi/{slug}",
        },
        "tags": {"export": False},
    },
    "markdown_extensions": {
        "attr_list": {},
        "md_in_html": {},
        "def_list": {},
        "toc": {},
        "bacheca.portal.markdown.form_block": {},
        "bacheca.portal.markdown.results_block": {},
        "bacheca.portal.markdown.glossary_aliases": {},
    },
    "nav": [{"Modulo": "modulo.md"}, {"Articoli": ["articoli/index.md"]}],
    "not_in_nav": "*",  # a page that a test writes need not be led to
    "validation": {"omitted_files": "ignore"},
    "extra": {
        "community": {"name": "Prova", "email": "prova@example.org", "repository": None},
        "forms_url": "",
        "alternate": [
            {"name": "Italiano", "link": "/", "lang": "it"},
            {"name": "English", "link": "/en/", "lang": "en"},
        ],
    },
}
ENGLISH: dict[str, Any] = {
    "INHERIT": "mkdocs.yml",
    "site_url": "https://prova.example.org/en/",
    "docs_dir": "content/en",
    "theme": {"language": "en"},
    "plugins": {"blog": {"enabled": False}},
    "nav": [{"Form": "form.md"}],
}
FORM = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: prova
title: Una prova
description: Serve a provare.
form:kind: survey
form:publish: nothing
fields:
- name: commento
  title: Che cosa ne pensi?
  type: string
  form:widget: textarea
  form:privacy: free-text
  constraints: {maxLength: 2000}
"""
FORM_EN = """\
title: A trial
description: It serves to try.
fields:
- name: commento
  title: What do you think of it?
form:translates: {$form: "48aa19bc", commento: "4849fdb9"}
"""
ARTICLE = {
    "title": "Un articolo",
    "description": "Una frase.",
    "date": "2026-11-23",
    "authors": "[redazione]",
    "categories": "[Ascolto]",
    "tags": "[reclami]",
    "slug": "un-articolo",
    "numero": "1",
}
NOT_FOUND = """\
{% extends "main.html" %}
{% block site_meta %}{{ super() }}<meta name="description" content="x">{% endblock %}
{% block content %}<!-- shell:content --><h1>Non c’è</h1><!-- /shell:content -->
{% for other in config.extra.alternate %}{% if other.lang != config.theme.language %}
<a class="x" href="{{ other.link }}" hreflang="{{ other.lang }}">{{ other.name }}</a>
{% endif %}{% endfor %}{% endblock %}
"""


def as_yaml(settings: Mapping[str, Any]) -> str:
    """Write settings as an editor's file."""
    return yaml.safe_dump(settings, allow_unicode=True)


@cache
def sound_settings() -> Mapping[str, str]:
    """The settings that every small portal begins with, by their files."""
    return {"mkdocs.yml": as_yaml(SETTINGS), "mkdocs.en.yml": as_yaml(ENGLISH)}


class Sketch:
    """A small portal, sound until a test writes something else into it."""

    def __init__(self, root: Path):
        self.root = root
        for name, text in sound_settings().items():
            self.write(name, text)
        self.write("theme/404.html", NOT_FOUND)
        self.page("it/index.md", "Ciao.", translation="home")
        self.page("it/modulo.md", "# Modulo\n\n/// form | prova\n///\n", translation="form")
        self.page("it/privacy.md", "Scrivi a {{ community.email }}.", translation="privacy")
        self.page("it/articoli/index.md", "# Articoli\n", translation="articles")
        self.page("it/articoli/colophon.md", "# Colophon\n", translation="imprint")
        self.article("un-articolo")
        self.write(
            "content/it/articoli/.authors.yml", "authors:\n  redazione: {name: R, description: D, avatar: a.svg}\n"
        )
        self.write("content/it/a.svg", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>\n')
        self.page("en/index.md", "Hello.", translation="home")
        self.page("en/form.md", "# Form\n\n/// form | prova\n///\n", translation="form")
        self.page("en/privacy.md", "Write to us.", translation="privacy")
        self.write("content/forms/prova.yaml", FORM)
        self.write("content/forms/prova.en.yaml", FORM_EN)

    @property
    def config_file(self) -> Path:
        return self.root / "mkdocs.yml"

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def settings(self, name: str, settings: dict[str, Any]) -> Path:
        return self.write(name, as_yaml(settings))

    def page(self, path: str, body: str, **meta: str) -> Path:
        """Write a page; its front matter is given as YAML, and a key given as "" is left out."""
        keys = {"title": "Una pagina", "description": "Una frase.", "translation": "una-pagina"} | meta
        head = "".join(f"{key}: {value}\n" for key, value in keys.items() if value)
        return self.write(f"content/{path}", f"---\n{head}---\n{body or 'Testo.'}")

    def article(self, name: str, body: str = "Inizio.\n\n<!-- more -->\n\nFine.\n", **meta: str) -> Path:
        keys = {**ARTICLE, "slug": name, "translation": "", **meta}
        return self.page(f"it/articoli/posts/{name}.md", body, **keys)

    def portal(self, only: str = "") -> Portal:
        return load_portal(self.config_file, only)

    def language(self) -> Language:
        return self.portal().main

    def content(self) -> Content:
        return read_content(self.portal())[0]

    def problems(self) -> list[Problem]:
        return list(read_content(self.portal())[1])

    def said(self, language: str = "en") -> list[str]:
        """Every problem as its line, with paths from the portal's root."""
        return [problem.line_of_text(language).replace(f"{self.root}/", "") for problem in self.problems()]

    def places(self) -> list[tuple[str, int, str]]:
        """Every problem's file, line and code."""
        return [(p.path.replace(f"{self.root}/", ""), p.line, p.code) for p in self.problems()]


def with_our_theme(sketch: Sketch, **settings: Any) -> None:
    """Give a small portal the theme and the words of the product.

    Args:
        sketch: the portal.
        settings: what else its main settings say.
    """
    for name, content in (("mkdocs.yml", "it"), ("mkdocs.en.yml", "en")):
        whole: dict[str, Any] = yaml.safe_load((PORTAL / name).read_text(encoding="utf-8"))
        whole.pop("nav")
        whole["docs_dir"] = f"content/{content}"
        whole["extra"]["words"]["footer_links"] = []
        if name == "mkdocs.yml":
            whole["theme"]["custom_dir"] = os.path.relpath(PORTAL / whole["theme"]["custom_dir"], sketch.root)
            whole["plugins"]["blog"]["draft_if_future_date"] = True
            whole |= settings
        sketch.settings(name, whole)


def dress(language: Language, pages: Iterable[Page], folder: Path) -> Wardrobe:
    """Dress rendered pages where they are, as for a preview."""
    around = Surroundings(language.code, Names(language.url, {}))
    wardrobe = Wardrobe(language, pages, raw_site(folder), around, Cache(folder.with_name("kept")), code="")
    wardrobe.dress()
    for path, piece in wardrobe.pieces(""):
        (folder / path).write_bytes(piece.read())
    return wardrobe


def write_files(files: Mapping[str, str | bytes], folder: Path) -> None:
    """Write files by their paths."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode() if isinstance(text, str) else text)


def quiet(*_: object, **__: object) -> None:
    """Say nothing of how a build gets on."""


@pytest.fixture
def sketch(tmp_path: Path) -> Sketch:
    """A small portal in a folder of its own."""
    return Sketch(tmp_path)
