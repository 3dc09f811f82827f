"""A generated portal, in the portal's own theme: 120 articles and four events, or as many as a test asks for."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml

from tests.bacheca.portal.conftest import Sketch
from tests.journeys.service import ROOT
from tests.portal import PORTAL

ARTICLES = 120
TOPICS = ("Ascolto", "Formazione", "Incontri", "Marketing", "Mestiere", "Misure", "Regole")
TAGS = [f"tema {number}" for number in range(40)]
EVENTS: list[tuple[str, str, str, dict[str, str]]] = [
    ("passato", "2025-03-12 18:00", "2025-03-12 20:00", {"title": "Passato", "place": "Una sala"}),
    (
        "prossimo",
        "2027-03-12 18:00",
        "2027-03-12 20:00",
        {
            "title": "Prossimo",
            "place": "Biblioteca civica",
            "address": "Via Roma 1, Biella",
            "online": "https://video.example.org/stanza",
            "signup": "modulo/",
        },
    ),
    ("lontano", "2027-06-01 09:00", "2027-06-02 13:00", {"title": "Lontano", "online": "https://v.example.org/x"}),
    ("saltato", "2027-01-10 10:00", "2027-01-10 11:00", {"title": "Saltato", "place": "X", "cancelled": "true"}),
]


def archive(root: Path, articles: int = ARTICLES, events: int = 4, *, english: bool = False) -> Sketch:
    """Write the portal; its moment is taken to be 23 November 2026.

    Args:
        root: where to write it.
        articles: how many articles it has.
        events: how many events, four at most: a past one, then some to come.
        english: whether it has a few pages in English too.
    """
    sketch = Sketch(root)
    settings: dict[str, Any] = copy.deepcopy(yaml.safe_load((PORTAL / "mkdocs.yml").read_text(encoding="utf-8")))
    settings["theme"]["custom_dir"] = str(ROOT / "bacheca/portal/theme")
    settings["nav"] = [{"Modulo": "modulo.md"}, {"Articoli": ["articoli/index.md", "articoli/colophon.md"]}]
    settings["not_in_nav"] = "privacy.md"
    settings["extra"]["words"]["footer_links"] = []
    sketch.settings("mkdocs.yml", settings)
    if english:
        further: dict[str, Any] = yaml.safe_load((PORTAL / "mkdocs.en.yml").read_text(encoding="utf-8"))
        further["nav"] = [{"Form": "form.md"}]
        further["extra"]["words"]["footer_links"] = []
        sketch.settings("mkdocs.en.yml", further)
    else:
        (root / "mkdocs.en.yml").unlink()
    (root / "content/it/articoli/posts/un-articolo.md").unlink()
    sketch.page(
        "it/index.md",
        "Ciao.",
        translation="home",
        template="home.html",
        hero="{title: Ciao, text: Prova., actions: []}",
    )
    for number in range(articles):
        sketch.article(
            f"titolo-{number:03}",
            f"# Titolo {number:03}\n\nUn post.\n\n<!-- more -->\n\nAltro.\n",
            title=f"Titolo {number:03}",
            date=f"{2022 + number % 5}-{1 + number % 12:02}-{1 + number % 28:02}",
            categories=f"[{TOPICS[number % len(TOPICS)]}]",
            tags=f"[{TAGS[number % 40]}, {TAGS[number * 7 % 40]}]",
            numero=str(1 + number // 30),
        )
    for name, starts, ends, meta in EVENTS[:events]:
        event(sketch, name, starts, ends, **meta)
    return sketch


def event(sketch: Sketch, name: str, starts: str, ends: str, **meta: str) -> None:
    """Write an event."""
    keys = {"translation": name, "starts": f'"{starts}"', "ends": f'"{ends}"', **meta}
    sketch.page(f"it/eventi/{name}.md", f"# {meta.get('title', name)}\n\nParole.\n", **keys)
