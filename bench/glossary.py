"""What the glossary's tooltips cost: 1,000 terms on 1,000 pages.

Peer: `abbr` of Python-Markdown with the same 1,000 names, which knows neither case, nor other names, nor links.
The aim is less than a fifth of the build without them. Times are the processor's, since machines are noisy.
"""

from __future__ import annotations

import random
import resource
import tempfile
import time
from pathlib import Path

import markdown

from bacheca.portal.build import finish
from bacheca.portal.build.pipeline import build
from bacheca.portal.cache.raw_site import raw_site
from bacheca.portal.postprocess.fingerprints import Names
from bacheca.portal.postprocess.glossary_terms import Term, read_terms
from bacheca.portal.postprocess.html_tree import Tree
from bacheca.portal.postprocess.pages import Rendered, Surroundings, dress_page
from bacheca.portal.settings import Portal, load_portal

PAGES = 1000
TERMS = 1000
WORDS = 500
"""Words a page: 20 of them are terms."""
AIM = 0.2

SETTINGS = """\
site_name: Banco
site_url: https://banco.example.org/
docs_dir: content/it
theme: {name: material, variant: classic, language: it, font: false, custom_dir: THEME}
plugins: {search: {lang: it}}
markdown_extensions: {attr_list: {}, toc: {}, bacheca.portal.markdown.glossary_aliases: {}}
nav: [{Glossario: glossario.md}]
validation: {omitted_files: ignore}
extra: {community: {name: Banco, email: banco@example.org}, alternate: [], words: {footer_links: [], licence_url: "."}}
"""
HEAD = "---\ntitle: {title}\ndescription: Una pagina.\ntranslation: {key}\n---\n"


def write_portal(folder: Path, theme: Path) -> tuple[list[str], list[str]]:
    """Write a portal with a glossary and many pages of text; give the bodies of the pages and the terms."""
    chance = random.Random(1)
    syllables = ["ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te"]
    words = ["".join(chance.choices(syllables, k=3)) + str(number) for number in range(25 * TERMS)]
    (folder / "content/it").mkdir(parents=True)
    (folder / "content/forms").mkdir()
    (folder / "mkdocs.yml").write_text(SETTINGS.replace("THEME", str(theme)), encoding="utf-8")
    entries = (
        f'## {word.title()} {{: aliases="{word} {words[-1]}, altro {word}" #{word} }}\n\nUna parola.\n\n'
        for word in words[:TERMS]
    )
    glossary = HEAD.format(title="Glossario", key="glossary") + "# Glossario\n\n" + "".join(entries)
    (folder / "content/it/glossario.md").write_text(glossary, encoding="utf-8")
    (folder / "content/it/index.md").write_text(HEAD.format(title="Banco", key="home") + "Ciao.\n", encoding="utf-8")
    bodies = []
    for number in range(PAGES):
        text = chance.choices(words, k=WORDS)
        parts = (text[start : start + 100] for start in range(0, WORDS, 100))
        told = (f"## {' '.join(part[:4])}\n\n{' '.join(part[4:50])}.\n\n- {' '.join(part[50:])}.\n" for part in parts)
        bodies.append(f"# Pagina {number}\n\n" + "\n".join(told))
        head = HEAD.format(title=f"Pagina {number}", key=f"p-{number}")
        (folder / f"content/it/pagina-{number}.md").write_text(head + bodies[-1], encoding="utf-8")
    return bodies, words[:TERMS]


def peer_seconds(bodies: list[str], names: dict[str, str]) -> float:
    """Give the time that `abbr` adds to the conversion of pages."""

    def converted(**configs: dict[str, object]) -> float:
        parser = markdown.Markdown(extensions=["attr_list", "toc", *configs], extension_configs=configs)
        start = time.process_time()
        for body in bodies:
            parser.reset().convert(body)
        return time.process_time() - start

    converted()  # the first is slower for both
    plain = converted()
    return converted(abbr={"glossary": names}) - plain


def _processor() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def dress_seconds(portal: Portal, terms: tuple[Term, ...]) -> float:
    """Give the time that dressing all pages takes."""
    around = Surroundings("it", Names(portal.url, {}), terms)
    raw = raw_site(portal.build / "it/site")
    pages = [Rendered(path, raw.read(path), "../glossario/") for path in raw.digests if path.endswith(".html")]
    start = time.process_time()
    for page in pages:
        dress_page(page, around)
    return time.process_time() - start


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bodies, words = write_portal(folder, Path(finish.__file__).parents[1] / "theme")
        portal = load_portal(folder / "mkdocs.yml")
        start = _processor()
        build(portal, folder / "site", lambda *_, **__: None, engine="mkdocs", full=True)
        whole = _processor() - start
        links = sum(file.read_text().count('class="term"') for file in (folder / "site").rglob("*.html"))
        terms = tuple(read_terms(Tree((portal.build / "it/site/glossario/index.html").read_text())))
        ours = dress_seconds(portal, terms) - dress_seconds(portal, ())
    peer = peer_seconds(bodies, dict.fromkeys(words, "Una parola."))
    without = whole - ours
    print(f"{TERMS} terms on {PAGES} pages, {links} tooltips: {ours:.2f} s in a build of {without:.1f} s without")
    print(f"ratio to the build: {ours / without:.3f} (aim: under {AIM})")
    print(f"abbr of Python-Markdown, the same names: {peer:.2f} s; ratio {ours / peer:.2f}")


if __name__ == "__main__":
    main()
