"""A handbook of any size, the same words for each of the builders that are measured with it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bacheca.portal.markdown_defaults import DEFAULTS

TERMS = 300
PAGES_A_SECTION = 40
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo")
TAGS = tuple(f"tema-{number}" for number in range(20))
ADDRESS = "https://banco.example.org/"

SETTINGS: Mapping[str, Any] = {
    "site_name": "Banco",
    "site_url": ADDRESS,
    "docs_dir": "content/it",
    "theme": {"name": "material", "language": "it"},
    "plugins": {"search": {"lang": "it"}, "tags": {"export": False}},
}
COMMUNITY = {"community": {"name": "Banco", "email": "banco@example.org"}}
OURS = "bacheca."
FETCHED = "pymdownx.emoji"
"""What would let plain pages fetch drawings from another host: the peers go without."""

HUGO = f"""\
baseURL = "{ADDRESS}"
languageCode = "it"
title = "Banco"
[markup.goldmark.renderer]
unsafe = true
[taxonomies]
tag = "tags"
"""
BASE = """\
<!doctype html>
<html lang="it"><head><meta charset="utf-8"><title>{{ .Title }}</title></head>
<body><nav><ul>{{ range .Site.Sections }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul></nav>
<main>{{ block "main" . }}{{ end }}</main></body></html>
"""
SINGLE = '{{ define "main" }}<h1>{{ .Title }}</h1>{{ .TableOfContents }}{{ .Content }}{{ end }}\n'
LIST = (
    '{{ define "main" }}<h1>{{ .Title }}</h1>{{ .Content }}<ul>{{ range .Pages }}'
    '<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}\n'
)


@dataclass(frozen=True)
class Handbook:
    """What a corpus is made of.

    Args:
        pages: how many pages it has, beside the home page, the glossary and one index a section.
        terms: how many terms the glossary has; none: there is no glossary.
    """

    pages: int
    terms: int = TERMS

    def section(self, number: int) -> str:
        """Name the section of a page."""
        return f"sezione-{number // PAGES_A_SECTION:03}"

    def file(self, number: int) -> str:
        """Give the path of a page among the pages."""
        return f"{self.section(number)}/pagina-{number:05}.md"

    def address(self, number: int) -> str:
        """Give the address of a page on its host."""
        return f"/{self.file(number).removesuffix('.md')}/"


def write_portal(folder: Path, book: Handbook) -> None:
    """Write a handbook as a portal of ours: `mkdocs.yml` and what every portal has."""
    _write_pages(folder / "content/it", book)
    (folder / "content/forms").mkdir(parents=True)
    _write_yaml(folder / "mkdocs.yml", {**SETTINGS, "extra": COMMUNITY})


def write_plain(folder: Path, book: Handbook) -> None:
    """Write it for plain MkDocs, or what reads the same settings: the same theme, and the same extensions but ours."""
    _write_pages(folder / "content/it", book)
    extensions = {
        name: {"use_align_attribute": True} if name == "tables" else {}
        for name in (*DEFAULTS, "toc")
        if not name.startswith(OURS) and name != FETCHED
    }
    theme = {**SETTINGS["theme"], "variant": "classic", "font": False}
    _write_yaml(folder / "mkdocs.yml", {**SETTINGS, "theme": theme, "markdown_extensions": extensions})


def write_hugo(folder: Path, book: Handbook) -> None:
    """Write it for Hugo, with a theme of four files whose menu lists every section."""
    _write_pages(folder / "content", book, hugo=True)
    (folder / "hugo.toml").write_text(HUGO, encoding="utf-8")
    layouts = folder / "layouts/_default"
    layouts.mkdir(parents=True)
    for name, text in (("baseof.html", BASE), ("single.html", SINGLE), ("list.html", LIST)):
        (layouts / name).write_text(text, encoding="utf-8")


def _write_yaml(file: Path, settings: Mapping[str, Any]) -> None:
    file.write_text(yaml.safe_dump(dict(settings), allow_unicode=True, sort_keys=False), encoding="utf-8")


def _write_pages(folder: Path, book: Handbook, *, hugo: bool = False) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    chance = random.Random(1)
    words = ["".join(chance.choices(SYLLABLES, k=3)) for _ in range(3000)]
    terms = [f"{word}{number}" for number, word in enumerate(chance.choices(words, k=book.terms))]
    _page(folder / ("_index.md" if hugo else "index.md"), "Banco", "home", "Si comincia di qui.\n")
    if terms:
        entries = (f"## {term.title()} {{: #{term} }}\n\nUna parola del mestiere.\n" for term in terms)
        if hugo:
            entries = (f"## {term.title()}\n\nUna parola del mestiere.\n" for term in terms)
        _page(folder / "glossario.md", "Glossario", "glossary", "\n".join(entries))
    for number in range(0, book.pages, PAGES_A_SECTION):
        name = book.section(number)
        index = folder / name / ("_index.md" if hugo else "index.md")
        _page(index, name.title().replace("-", " "), name, "Che cosa c’è qui.\n")
    for number in range(book.pages):
        body = _body(book, number, words, terms, chance, hugo=hugo)
        title = f"Pagina {number}, {' '.join(chance.choices(words, k=3))}"
        _page(folder / book.file(number), title, f"pagina-{number}", body, tags=chance.sample(TAGS, 2))


def _page(file: Path, title: str, key: str, body: str, **more: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    head = yaml.safe_dump({"title": title, "description": f"Di {title}.", "translation": key, **more}, sort_keys=False)
    file.write_text(f"---\n{head}---\n\n{body}", encoding="utf-8")


def _body(book: Handbook, number: int, words: list[str], terms: list[str], chance: random.Random, *, hugo: bool) -> str:
    parts = []
    for part in range(5):
        text = chance.choices(words, k=70)
        for place in range(0, 70, 20):
            text[place] = chance.choice(terms or words)
        other = chance.randrange(book.pages)
        link = book.address(other) if hugo else f"../{book.file(other)}"
        parts.append(f"## {' '.join(text[:3]).capitalize()} {part}\n\n{' '.join(text[3:40])} [altra]({link}).")
        parts.append(f"- {' '.join(text[40:50])}\n- **{text[50]}** {' '.join(text[51:60])}\n- `{text[60]}`")
    few = chance.choices(words, k=12)
    rows = "\n".join(f"| {few[row]} | {few[row + 4]} | {row} |" for row in range(4))
    parts.insert(3, f"| Nome | Cosa | Quanti |\n|---|---|---|\n{rows}")
    noted = f"> [!NOTE]\n> {few[8]} {few[9]}" if hugo else f'!!! note "Nota"\n\n    {few[8]} {few[9]}'
    parts.insert(6, noted)
    parts.append(f"```python\ndef {few[10]}(x: int) -> int:\n    return x + {number}  # {few[11]}\n```")
    return "\n\n".join(parts) + "\n"
