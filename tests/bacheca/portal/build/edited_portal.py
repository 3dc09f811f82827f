"""A small portal that editors work on: two languages and every kind of input a build reads, and what can be edited.

It is one thing: the portal as values, how these are written as files, and one function for each kind of edit. An edit
leaves the portal sound: links follow the pages they lead to, and what is shown of a form goes with it.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import yaml
from PIL import Image

from bacheca.forms import load_form
from bacheca.forms.results.package import write_results
from bacheca.forms.set_days import SET_DAYS, SetDays, as_text
from bacheca.portal.settings_file import THEME
from tests.bacheca.forms.samples import FORM as SURVEY
from tests.bacheca.forms.samples import sample_results
from tests.bacheca.portal.conftest import FORM, FORM_EN

WORDS = ("ascolto", "bando", "calma", "dialogo", "esempio", "forum", "gruppo", "invito", "lettera", "moderare", "notte")
SECTIONS = ("", "guide", "guide/prime", "regole")
TOPICS = ("Ascolto", "Incontri", "Regole")
START = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
SEEN = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)
TOLD_DAYS = f"data/results/{SET_DAYS}"
ALWAYS = {"base_path": ["pezzi"], "auto_append": ["sempre.md"]}
"""The options of snippets where a text is added to every page."""
LEFT_OUT = "mermaid"
"""What of the theme would only take time: two megabytes that every whole build would compress."""


@cache
def taken(shows: int) -> bytes:
    """Take a photo of something, with a note of who did."""
    image, exif, made = Image.linear_gradient("L").resize((300, 200)).convert("RGB"), Image.Exif(), BytesIO()
    image.paste("red", (shows % 200, 20, shows % 200 + 60, 90))
    exif[0x013B] = "Ada Rossi"
    image.save(made, "JPEG", exif=exif)
    return made.getvalue()


@dataclass(eq=False)
class Page:
    """A page as its editors see it.

    Args:
        language: the code of its language.
        path: where it stands among the pages of its language.
        meta: its front matter.
        body: its text; links, blocks and an end are added when it is written.
        links: the pages that it leads to.
        block: the block that it shows, such as `form | prova`.
    """

    language: str
    path: str
    meta: dict[str, Any]
    body: str
    links: list[Page] = field(default_factory=list)
    block: str = ""

    @property
    def file(self) -> str:
        """Where it stands in the portal."""
        return f"content/{self.language}/{self.path}"

    @property
    def is_draft(self) -> bool:
        """Whether it is not shown."""
        return bool(self.meta.get("draft"))


@dataclass
class Edited:
    """The portal: all that a build reads, the moment included.

    Args:
        pages: the pages of both languages.
        terms: the glossary, as `(name, aliases, definition)`.
        forms: the form files by name, and whether a page shows each.
        results: how many people have answered, and when that was counted.
        settings: what is changed in `mkdocs.yml`.
        english: whether there is a second language, and what is changed in its settings.
        nav: whether the navigation is written, and the sections in it.
        files: other files: pictures, includes, styles, the theme.
        folder: the folder of the Italian pages, beside that of the forms.
        links: what is no file but a link, and where it leads.
        version: that of a package that what builds imports; none is installed at 0.
        photo: the name of the photo that both home pages show, what is on it (nothing where there is none), and whether
            they lead to it as well.
        now: the moment of the build.
        made: how many numbers were given.
    """

    pages: list[Page] = field(default_factory=list)
    terms: list[tuple[str, str, str]] = field(default_factory=list)
    forms: dict[str, str] = field(default_factory=dict)
    results: tuple[int, dt.datetime] = (300, SEEN)
    settings: dict[str, Any] = field(default_factory=dict)
    english: dict[str, Any] | None = field(default_factory=dict)
    nav: list[str] | None = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    folder: str = "it"
    links: dict[str, str] = field(default_factory=dict)
    version: int = 0
    photo: tuple[str, int, bool] = ("foto.jpg", 1, False)
    now: dt.datetime = START
    made: int = 0

    def shown(self, language: str = "") -> list[Page]:
        """Give the plain pages, those of one language where one is named."""
        return [page for page in self.pages if language in ("", page.language) and "date" not in page.meta]

    def free(self) -> list[Page]:
        """Give the pages that may go anywhere: no home, no index, no glossary."""
        kept = ("home", "privacy", "articles", "glossary", "survey", "results")
        return [page for page in self.shown() if page.meta.get("translation") not in kept]

    def articles(self) -> list[Page]:
        """Give the articles."""
        return [page for page in self.pages if "date" in page.meta]

    def number(self) -> int:
        """Give a number that was not given before."""
        self.made += 1
        return self.made

    def written(self) -> dict[str, bytes]:
        """Give every file of the portal, by its path."""
        pages = [page for page in self.pages if page.language == "it" or self.english is not None]
        texts = {page.file: self._text(page) for page in pages}
        texts |= {f"content/forms/{name}.yaml": text for name, text in self.forms.items()}
        texts["content/it/glossario.md"] = self._glossary()
        texts["mkdocs.yml"] = yaml.safe_dump(self._settings(), allow_unicode=True, sort_keys=False)
        if self.english is not None:
            texts["mkdocs.en.yml"] = yaml.safe_dump({**ENGLISH, **self.english}, allow_unicode=True, sort_keys=False)
        found = self.files | {path: text.encode() for path, text in texts.items()}
        if self.photo[1]:
            found[f"content/it/{self.photo[0]}"] = taken(self.photo[1])
        if "giudizi" in self.forms:
            found |= package(self.forms["giudizi"], *self.results)
        if self.version:
            found[f"{PACKAGES}/{PACKAGE}-{self.version}.dist-info/METADATA"] = b""
        here = f"content/{self.folder}/"
        return {
            path.replace("content/it/", here) if path.startswith("content/it/") else path: found[path] for path in found
        }

    def _text(self, page: Page) -> str:
        head = yaml.safe_dump(page.meta, allow_unicode=True, sort_keys=False)
        here = posixpath.dirname(page.path)
        there = [other for other in page.links if other in self.pages and not other.is_draft]
        links = [f"[{other.meta['title']}]({posixpath.relpath(other.path, here or '.')})" for other in there]
        kind, _, name = page.block.partition(" | ")
        block = f"/// {kind} | {name}\n///\n" if name in self.forms else ""
        text = f"---\n{head}---\n\n# {page.meta['title']}\n\n{page.body}\n\n{' '.join(links)}\n\n{block}"
        return f"{text}\n{self._photo(page)}\n" if page.path == "index.md" and self.photo[1] else text

    def _photo(self, page: Page) -> str:
        name, _, is_linked = self.photo
        if page.language != "it":
            return f'<img alt="" src="../{name}">'
        return f"[![Una foto]({name})]({name})" if is_linked else f"![Una foto]({name})"

    def _glossary(self) -> str:
        head = "---\ntitle: Glossario\ndescription: Le parole.\ntranslation: glossary\n---\n\n# Glossario\n"
        terms = (f'\n## {name.title()} {{: aliases="{more}" #{name} }}\n\n{said}\n' for name, more, said in self.terms)
        return head + "".join(terms)

    def _settings(self) -> dict[str, Any]:
        settings = {**SETTINGS, "docs_dir": f"content/{self.folder}", **self.settings}
        if self.nav is not None:
            free = [page for page in self.shown("it") if not page.is_draft and page.meta["translation"] != "home"]
            nav: list[Any] = [{"Articoli": ["articoli/index.md"]}, {"Glossario": "glossario.md"}]
            for section in self.nav:
                inside = [page.path for page in free if posixpath.dirname(page.path) == section]
                nav += [{section.title(): inside}] if inside and section else inside
            settings["nav"] = nav
        return settings


SETTINGS: Mapping[str, Any] = {
    "site_name": "Prova",
    "site_url": "https://prova.example.org/",
    "docs_dir": "content/it",
    "theme": {
        "name": "material",
        "variant": "classic",
        "language": "it",
        "font": False,
        "favicon": "assets/images/favicon.svg",
        "custom_dir": "theme",
        "palette": [{"media": "(prefers-color-scheme: light)", "scheme": "default", "primary": "custom"}],
    },
    "plugins": {
        "search": {"lang": "it"},
        "blog": {"blog_dir": "articoli", "post_url_format": "{slug}", "post_excerpt": "required"},
        "tags": {"export": False},
    },
    "markdown_extensions": {"toc": {"permalink": True}, "pymdownx.snippets": {"base_path": ["pezzi"]}},
    "not_in_nav": "*",
    "validation": {"omitted_files": "ignore"},
    "extra": {
        "community": {"name": "Prova", "email": "prova@example.org"},
        "facts": {"pay": "poco"},
        "forms_url": "",
        "progress": True,
        "words": {"footer_links": [{"label": "Privacy", "href": "privacy/"}]},
        "rules": {"LINK_DEAD": "error"},
    },
}
ENGLISH: Mapping[str, Any] = {
    "INHERIT": "mkdocs.yml",
    "site_url": "https://prova.example.org/en/",
    "docs_dir": "content/en",
    "theme": {"language": "en"},
    "plugins": {"search": {"lang": "en"}, "blog": {"enabled": False}},
    "nav": None,
}
PACKAGES, PACKAGE = "pacchetti", "parole"
"""A folder of installed packages, and the one in it, whose version every text shows that Markdown is made of."""

TRIAL = FORM.replace("name: prova", "name: trial")
MORE = "\n\n<!-- more -->\n\n## Il resto\n\nE ancora."
ALLOWED = "theme, extensions"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="{}" height="9"/></svg>\n'


def beginning() -> Edited:
    """Make the portal that editing begins with."""
    portal = Edited(nav=["", "guide", "regole"])
    portal.forms = {"prova": FORM, "giudizi": SURVEY.format(name="giudizi", more=""), "trial": TRIAL}
    portal.terms = [("forum", "bacheca", "Un luogo."), ("moderare", "moderazione", "Tenere in ordine.")]
    chance = Random(1)

    def page(language: str, path: str, title: str, key: str, body: str = "", *, block: str = "", **meta: Any) -> Page:
        whole = {"title": title, "description": f"Che cosa sia {title}.", "translation": key, **meta}
        made = Page(language, path, whole, body or prose(chance), block=block)
        portal.pages.append(made)
        return made

    page("it", "index.md", "Ciao", "home", template="home.html", hero={"title": "Ciao", "text": "Qui.", "actions": []})
    page("it", "privacy.md", "Privacy", "privacy", "## Chi\n\nScrivi a {{ community.email }}.\n\n{{ forms.promises }}")
    page("it", "articoli/index.md", "Articoli", "articles")
    first = page("it", "guide/uno.md", "Guida uno", "uno", "Il forum costa {{ fact.pay }}.\n\n![](../a.svg){ alt=A }")
    second = page("it", "guide/due.md", "Guida due", "due", '--8<-- "nota.md"', tags=["cura"])
    page("it", "regole/index.md", "Regole", "regole").links += [first, second]
    page("it", "modulo.md", "Modulo", "survey", block="form | prova", hide=["toc"])
    page("it", "risultati.md", "Risultati", "results", block="results | giudizi")
    page("it", "giudizi.md", "Giudizi", "giudizi", block="form | giudizi")
    page("it", "bozza.md", "Bozza", "bozza", draft=True)
    starts, ends = "2026-12-01 18:00", "2026-12-01 20:00"
    page("it", "eventi/incontro.md", "Incontro", "incontro", starts=starts, ends=ends, place="Biella", signup="modulo/")
    page("en", "index.md", "Hello", "home").links.append(page("en", "guide/one.md", "Guide one", "uno"))
    page("en", "privacy.md", "Privacy", "privacy")
    page("en", "form.md", "Form", "survey", block="form | trial")
    first.links.append(second)
    for number in range(3):
        add_article(portal, Random(number))
    people = "authors:\n  redazione: {name: R, description: D, avatar: a.svg}\n"
    portal.files = {
        "content/it/articoli/.authors.yml": people.encode(),
        "content/forms/trial.en.yaml": FORM_EN.encode(),
        "content/it/a.svg": PICTURE.format(9).encode(),
        "pezzi/sempre.md": b"*[forum]: Un luogo\n",
        "pezzi/nota.md": b"Una nota da includere, con il suo forum.\n",
    }
    for file in THEME.rglob("*"):
        if file.is_file() and LEFT_OUT not in file.name:
            portal.files[f"theme/{file.relative_to(THEME).as_posix()}"] = file.read_bytes()
    portal.files["theme/assets/javascripts/mermaid.js"] = b"/* nothing */\n"
    return portal


@cache
def package(text: str, people: int, counted: dt.datetime) -> dict[str, bytes]:
    """Give the files of a package of results."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "giudizi.yaml").write_text(text, encoding="utf-8")
        form = load_form(folder / "giudizi.yaml")
        write_results(folder / "results", form, sample_results(form, people, created=counted))
        return {f"data/results/giudizi/{file.name}": file.read_bytes() for file in (folder / "results").iterdir()}


def prose(chance: Random) -> str:
    """Make up some text: a heading, a list, a table or code now and then, and words of the glossary."""
    parts = [" ".join(chance.choices(WORDS, k=12)) + "."]
    kinds: tuple[str, ...] = (
        "## {}\n\n{}",
        "- {}\n- {}",
        "| {} | {} |\n|---|---|\n| a | b |",
        "```python\n{} = '{}'\n```",
    )
    kinds += ('!!! note "{}"\n\n    {}', "{}[^1]\n\n[^1]: {}", "=={}== {}")
    for _ in range(chance.randrange(3)):
        parts.append(chance.choice(kinds).format(*chance.choices(WORDS, k=2)))
    return "\n\n".join(parts)


def add_page(portal: Edited, chance: Random) -> None:
    """A page is written; some others lead to it."""
    number, language = portal.number(), chance.choice(("it", "it", "en"))
    path = posixpath.join(chance.choice(SECTIONS), f"pagina-{number}.md")
    meta = {"title": f"Pagina {number}", "description": f"La {number}.", "translation": f"pagina-{number}"}
    page = Page(language, path, meta, prose(chance))
    neighbours = portal.shown(language)
    page.links = chance.sample(neighbours, min(2, len(neighbours)))
    chance.choice(neighbours).links.append(page)
    portal.pages.append(page)


def delete_page(portal: Edited, chance: Random) -> None:
    """A page goes; so do the links to it."""
    if free := portal.free():
        portal.pages.remove(chance.choice(free))


def rename_page(portal: Edited, chance: Random) -> None:
    """A page gets another name."""
    if free := portal.free():
        page = chance.choice(free)
        page.path = posixpath.join(posixpath.dirname(page.path), f"nome-{portal.number()}.md")


def rename_letters(portal: Edited, chance: Random) -> None:
    """The name of a page changes in its capitals alone."""
    if free := portal.free():
        page = chance.choice(free)
        folder, name = posixpath.split(page.path)
        page.path = posixpath.join(folder, name.swapcase().replace(".MD", ".md"))


def move_page(portal: Edited, chance: Random) -> None:
    """A page goes to another section."""
    if free := [page for page in portal.free() if "starts" not in page.meta and "index" not in page.path]:
        page = chance.choice(free)
        path = posixpath.join(chance.choice(SECTIONS), posixpath.basename(page.path))
        if path not in {other.path for other in portal.shown(page.language)}:
            page.path = path


def exchange_pages(portal: Edited, chance: Random) -> None:
    """Two pages get the name of each other."""
    free = [page for page in portal.free() if page.language == "it" and "starts" not in page.meta]
    if len(free) > 1:
        one, other = chance.sample(free, 2)
        one.path, other.path = other.path, one.path


def edit_body(portal: Edited, chance: Random) -> None:
    """The text of a page changes."""
    page = chance.choice(portal.pages)
    page.body = prose(chance) + (MORE if "date" in page.meta else "")


def edit_word(portal: Edited, chance: Random) -> None:
    """One word of a page is replaced by another as long: its file keeps its size."""
    page = chance.choice(portal.pages)
    was = chance.choice(WORDS)
    page.body = page.body.replace(was, was[::-1], 1)


def edit_title(portal: Edited, chance: Random) -> None:
    """A page gets another title; others show it in menus and links."""
    chance.choice(portal.pages).meta["title"] = f"Titolo {portal.number()}"


def edit_front_matter(portal: Edited, chance: Random) -> None:
    """Something else of the front matter changes."""
    page = chance.choice(portal.shown())
    key, value = chance.choice(
        [
            ("description", f"Altra frase {portal.number()}."),
            ("tags", chance.sample(WORDS, 2)),
            ("hide", ["navigation"]),
            ("search", {"exclude": True}),
            ("eyebrow", "Sopra"),
        ]
    )
    page.meta[key] = value


def edit_links(portal: Edited, chance: Random) -> None:
    """A page leads to other pages."""
    page = chance.choice(portal.shown())
    others = portal.shown(page.language)
    page.links = chance.sample(others, min(chance.randrange(4), len(others)))


def pair_pages(portal: Edited, chance: Random) -> None:
    """A page becomes the translation of another, or no longer is."""
    english = [page for page in portal.free() if page.language == "en"]
    taken = {page.meta["translation"] for page in english}
    left = [page for page in portal.free() if page.language == "it" and page.meta["translation"] not in taken]
    if english:
        page = chance.choice(english)
        alone = f"sola-{portal.number()}"
        page.meta["translation"] = chance.choice(left).meta["translation"] if left and chance.random() < 0.7 else alone


def turn_draft(portal: Edited, chance: Random) -> None:
    """A page becomes a draft, or a draft a page."""
    free = [page for page in (*portal.free(), *portal.articles()) if not page.block and page.path != "index.md"]
    if free:
        page = chance.choice(free)
        page.meta["draft"] = not page.is_draft


def add_article(portal: Edited, chance: Random) -> None:
    """An article is written."""
    number = portal.number()
    meta = {
        "title": f"Articolo {number}",
        "description": f"Di che cosa parla il {number}.",
        "date": dt.date(2022 + chance.randrange(5), 1 + chance.randrange(11), 1 + chance.randrange(28)),
        "authors": ["redazione"],
        "categories": [chance.choice(TOPICS)],
        "tags": chance.sample(WORDS, 2),
        "slug": f"articolo-{number}",
        "numero": 1 + chance.randrange(3),
    }
    portal.pages.append(Page("it", f"articoli/posts/articolo-{number}.md", meta, f"{prose(chance)}{MORE}"))


def edit_article(portal: Edited, chance: Random) -> None:
    """An article gets another day, topic, word, address or beginning, or goes."""
    articles = portal.articles()
    if len(articles) < 2:
        return add_article(portal, chance)
    article = chance.choice(articles)
    fresh = Edited(made=portal.number() + 1000)
    add_article(fresh, chance)
    key = chance.choice(("date", "categories", "tags", "slug", "numero", "body", "gone"))
    if key == "gone":
        portal.pages.remove(article)
    elif key == "body":
        article.body = fresh.pages[0].body
    else:
        article.meta[key] = fresh.pages[0].meta[key]
    return None


def edit_author(portal: Edited, chance: Random) -> None:
    """Who wrote the articles is called something else."""
    people = f"authors:\n  redazione: {{name: R{portal.number()}, description: D, avatar: a.svg}}\n"
    portal.files["content/it/articoli/.authors.yml"] = people.encode()


def edit_event(portal: Edited, chance: Random) -> None:
    """An event is moved to another day, called off, or another is announced."""
    events = [page for page in portal.pages if "starts" in page.meta]
    day = portal.now.date() + dt.timedelta(days=chance.randrange(-30, 60))
    times = {"starts": f"{day} 18:00", "ends": f"{day} 20:00"}
    if events and chance.random() < 0.7:
        page = chance.choice(events)
        page.meta |= {"cancelled": True} if chance.random() < 0.3 else times
    else:
        name = f"incontro-{portal.number()}"
        meta = {"title": name.title(), "description": "Ci si vede.", "translation": name, **times, "place": "Biella"}
        portal.pages.append(Page("it", f"eventi/{name}.md", meta, prose(chance)))


def edit_term(portal: Edited, chance: Random) -> None:
    """The glossary gets a term, loses one, or says something else of one."""
    free = [word for word in WORDS if word not in {name for name, _, _ in portal.terms}]
    kind = chance.randrange(4)
    place = chance.randrange(len(portal.terms)) if portal.terms else 0
    if (kind == 0 and free) or not portal.terms:
        portal.terms.insert(place, (chance.choice(free), "", f"Definizione {portal.number()}."))
    elif kind == 1 and len(portal.terms) > 1:
        del portal.terms[place]
    else:
        name, more, said = portal.terms[place]
        changed = [(name, chance.choice(free), said), (name, more, f"Altra definizione {portal.number()}.")]
        portal.terms[place] = changed[kind % 2]


def edit_form(portal: Edited, chance: Random) -> None:
    """A form says something else, closes on another day, or asks more."""
    name = chance.choice(sorted(portal.forms.keys() - {"trial"}) or ["prova"])
    portal.forms.setdefault(name, FORM)
    text, number = portal.forms[name], portal.number()
    title = next(line for line in text.splitlines() if line.startswith("title:"))
    day = portal.now.date() + dt.timedelta(days=chance.randrange(-3, 9))
    question = f"- name: altra_{number}\n  title: E poi {number}?\n  type: string\n  form:widget: textarea\n"
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith(("form:opens:", "form:closes:"))]
    edited = [
        text.replace(title, f"title: Titolo {number}"),
        "".join(lines).replace("fields:\n", f'form:{chance.choice(("opens", "closes"))}: "{day}"\nfields:\n', 1),
        text + question + "  form:privacy: free-text\n",
    ]
    portal.forms[name] = chance.choice(edited[: 3 if name == "prova" else 2])
    count_again(portal, chance)


def turn_form(portal: Edited, chance: Random) -> None:
    """A form goes with its blocks, or comes back."""
    name, text = chance.choice([("prova", FORM), ("giudizi", SURVEY.format(name="giudizi", more=""))])
    if name in portal.forms:
        del portal.forms[name]
    else:
        portal.forms[name] = text
        count_again(portal, chance)


def show_form(portal: Edited, chance: Random) -> None:
    """A page shows a form, its results, or nothing of it any more."""
    blocks = ["form | prova", "form | giudizi", "results | giudizi"]
    page = chance.choice([page for page in portal.shown("it") if page.path != "index.md"])
    page.block = "" if page.block else chance.choice(blocks)


def count_again(portal: Edited, chance: Random) -> None:
    """Newer results of a form are published."""
    _, counted = portal.results
    portal.results = (200 + chance.randrange(200), counted + dt.timedelta(hours=1))


def edit_picture(portal: Edited, chance: Random) -> None:
    """A picture is drawn anew, as large as before or not."""
    portal.files["content/it/a.svg"] = PICTURE.format(chance.randrange(12)).encode()


def edit_photo(portal: Edited, chance: Random) -> None:
    """The photo is taken anew, is called something else, is led to, or goes; or there is one again."""
    name, shows, is_linked = portal.photo
    portal.photo = chance.choice(
        [
            (name, portal.number(), is_linked),
            (f"foto-{portal.number()}.jpg", shows or 1, is_linked),
            (name, shows or 1, not is_linked),
            (name, 0, is_linked),
        ]
    )


def edit_file(portal: Edited, chance: Random) -> None:
    """A file that nothing shows comes or goes."""
    name = "content/it/allegato.txt"
    if portal.files.pop(name, None) is None:
        portal.files[name] = f"{chance.random()}\n".encode()


def edit_include(portal: Edited, chance: Random) -> None:
    """A text that pages include, and one that may be added to all, say something else."""
    portal.files["pezzi/nota.md"] = f"Una nota: {prose(chance)}\n".encode()
    portal.files["pezzi/sempre.md"] = f"*[forum]: Un luogo {portal.number()}\n".encode()


def edit_theme(portal: Edited, chance: Random) -> None:
    """A template, a style or the icon of the theme is another one."""
    number = portal.number()
    name, more = chance.choice(
        [
            ("partials/footer.html", f"<p>Piede {number}</p>\n"),
            ("partials/entry.html", f"<p>Voce {number}</p>\n"),
            ("partials/trail.html", f"<p>Sentiero {number}</p>\n"),
            ("assets/stylesheets/page.css", f".md-typeset {{ --n: {number}; }}\n"),
            ("assets/stylesheets/print.css", f"@media print {{ p {{ --n: {number}; }} }}\n"),
            ("assets/javascripts/page.js", f"// {number}\n"),
            ("assets/images/favicon.svg", f"<!-- {number} -->\n"),
        ]
    )
    portal.files[f"theme/{name}"] = portal.files[f"theme/{name}"] + more.encode()


def edit_settings(portal: Edited, chance: Random) -> None:
    """A setting says something else."""
    number = portal.number()
    extra = {**SETTINGS["extra"], **portal.settings.get("extra", {})}
    extensions, plugins = SETTINGS["markdown_extensions"], SETTINGS["plugins"]
    portal.settings |= chance.choice(
        [
            {"site_name": f"Prova {number}"},
            {"site_description": f"La prova {number}."},
            {"copyright": f"Di tutti, {number}"},
            {"site_url": f"https://prova{number}.example.org/"},
            {"use_directory_urls": not portal.settings.get("use_directory_urls", True)},
            {"extra": extra | {"community": {"name": f"Prova {number}", "email": f"p{number}@example.org"}}},
            {"extra": extra | {"facts": {"pay": f"{number} euro"}}},
            {"extra": extra | {"progress": not extra["progress"]}},
            {"extra": extra | {"words": {"contents": f"Parola {number}"}}},
            {"extra": extra | {"forms_url": f"https://moduli{number}.example.org"}},
            {"markdown_extensions": {**extensions, "toc": {"permalink": False, "title": f"Qui {number}"}}},
            {"markdown_extensions": {**extensions, "smarty": {}, "pymdownx.mark": False}},
            {"markdown_extensions": {**extensions, "abbr": {}, "pymdownx.snippets": ALWAYS}},
            {"plugins": {**plugins, "blog": {**plugins["blog"], "pagination_per_page": 1 + number % 3}}},
            {"plugins": {**plugins, "search": {"lang": "it", "separator": "[a-c]"}}},
            {"repo_url": f"https://git.example.org/prova{number}"},
        ]
    )
    if portal.english is not None:
        site = str(portal.settings.get("site_url", SETTINGS["site_url"]))
        portal.english["site_url"] = f"{site}en/"


def edit_english(portal: Edited, chance: Random) -> None:
    """The settings of the second language say something else; or it goes, or comes back."""
    if portal.english is None:
        portal.english = {"site_url": f"{portal.settings.get('site_url', SETTINGS['site_url'])}en/"}
    elif chance.random() < 0.4:
        portal.english = None
    else:
        portal.english |= {"site_name": f"Trial {portal.number()}"}


def edit_nav(portal: Edited, chance: Random) -> None:
    """The menu gets another order, other sections, or is left to the folders."""
    sections = ["", "guide", "guide/prime", "regole", "eventi"]
    kind = chance.randrange(4)
    if portal.nav is None:
        portal.nav = chance.sample(sections, 3)
    elif kind == 0:
        portal.nav = None
    elif kind == 1:
        portal.nav = portal.nav[::-1]
    else:
        portal.nav = chance.sample(sections, chance.randrange(1, 5))


def set_days(portal: Edited, chance: Random) -> None:
    """A form is closed at the desk, opened for good or prolonged; or its file holds again."""
    now, day = portal.now - dt.timedelta(minutes=5), portal.now.date() + dt.timedelta(days=chance.randrange(1, 9))
    said = chance.choice([SetDays(shut_at=now), SetDays(closes=dt.date.max), SetDays(opens=now.date(), closes=day)])
    name = chance.choice(("prova", "giudizi"))
    if portal.files.pop(TOLD_DAYS, None) is None or chance.random() < 0.6:
        portal.files[TOLD_DAYS] = as_text({name: said}).encode()


def another_moment(portal: Edited, chance: Random) -> None:
    """Time goes on, or the clock is put back."""
    portal.now += dt.timedelta(hours=chance.choice((-200, -1, 1, 13, 24, 100, 24 * 40)))


def edit_look(portal: Edited, chance: Random) -> None:
    """The community has other colours, another logo, a drawing or none on its home page."""
    extra = portal.settings.get("extra", SETTINGS["extra"])
    accent = chance.choice(("#0b5cad", "#7a1f6b", "#005f4b"))
    portal.settings["extra"] = {**extra, "colours": {"accent": accent}, "hero": chance.random() < 0.5}
    portal.files["content/assets/logo.svg"] = PICTURE.format(chance.randrange(2, 9)).encode()
    portal.files["content/assets/hero.svg"] = PICTURE.format(chance.randrange(2, 9)).encode()


def edit_override(portal: Edited, chance: Random) -> None:
    """A template of the community's own takes the place of the theme's, shows another page, or goes."""
    name = "content/theme/partials/neighbours.html"
    said = f"<p>{portal.number()} {{{{ page.next_page.title if page.next_page }}}}</p>"
    if portal.files.pop(name, None) is None or chance.random() < 0.6:
        portal.files[name] = said.encode()


def edit_package(portal: Edited, chance: Random) -> None:
    """A package is installed in another version, or goes."""
    portal.version = 0 if portal.version and chance.random() < 0.3 else portal.number()


def edit_folder(portal: Edited, chance: Random) -> None:
    """The pages stand in another folder, which the settings name."""
    portal.folder = "italiano" if portal.folder == "it" else "it"


def edit_link(portal: Edited, chance: Random) -> None:
    """A link stands among the contents, which nobody may publish; or no longer does."""
    links = {
        "content/forms/legata.yaml": "prova.yaml",
        "content/allegato.svg": f"{portal.folder}/a.svg",
        "pezzi/legata.md": "nota.md",
    }
    if portal.links:
        portal.links = {}
    elif chance.random() < 0.6:
        path = chance.choice(sorted(links))
        portal.links = {path: links[path]}


def mistake(portal: Edited, chance: Random) -> None:
    """A page leads nowhere, or no longer does."""
    dead = "\n\n[niente](non-c-e.md)"
    wrong = [page for page in portal.pages if dead in page.body]
    for page in wrong:
        page.body = page.body.replace(dead, "")
    if not wrong and chance.random() < 0.6:
        chance.choice(portal.shown("it")).body += dead


Edit = Callable[[Edited, Random], None]
EDITS: Mapping[str, Edit] = {
    edit.__name__: edit
    for edit in (
        *(edit_body, edit_word, edit_title, edit_front_matter, edit_links, add_page, delete_page, rename_page),
        *(rename_letters, move_page, exchange_pages, pair_pages, turn_draft, add_article, edit_article, edit_author),
        *(
            edit_event,
            edit_term,
            edit_form,
            turn_form,
            show_form,
            count_again,
            edit_picture,
            edit_photo,
            edit_file,
            edit_include,
        ),
        *(edit_theme, edit_settings, edit_english, edit_nav, another_moment, mistake),
        set_days,
        *(edit_look, edit_override, edit_package, edit_folder, edit_link),
    )
}
"""Each kind of edit, by its name."""
