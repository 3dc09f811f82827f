"""A folder of Docusaurus: `docs/`, `blog/`, `static/`, `i18n/`, MDX.

Its settings and menus are programs, which nobody runs here: what stands in them as plain words is read, the rest
follows from the folders. Source: https://docusaurus.io/docs (create-doc, sidebar, blog, markdown-features, i18n).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bacheca.portal.content.heads import read_front_matter
from bacheca.portal.importing.front_matter import day_of, number_of
from bacheca.portal.importing.markdown_text import box, line_of, outside_code
from bacheca.portal.importing.source_site import SourcePage, SourceSite, files_of, read_data, read_text

CONFIGS = tuple(f"docusaurus.config.{ending}" for ending in ("js", "ts", "mjs", "cjs", "mts"))
PAGES = (".md", ".mdx")
NUMBER = re.compile(r"^(\d+)\s*[-_.]+\s*(?=[^\d\s])")
DATED = re.compile(r"(\d{4})[-/](\d{2})[-/](\d{2})[-/](.+)")
DOCS_BLOCK = re.compile(r"\bdocs\s*:\s*\{(?:[^{}]|\{[^{}]*\})*\}")
DOCS, BLOG = "docusaurus-plugin-content-docs/current", "docusaurus-plugin-content-blog"

IMPORT = re.compile(
    r"^(?:import\s[^\n]*?from\s+[\"'][^\"'\n]+[\"'];?|import\s+[\"'][^\"'\n]+[\"'];?)[ \t]*\n", re.MULTILINE
)
EXPORT = re.compile(r"^export\s+(?:const|default|function|let)\b(?:[^\n]+\n?)+", re.MULTILINE)
REMARK = re.compile(r"\{/\*.*?\*/\}", re.DOTALL)
OPENED = re.compile(r"^(?P<margin>[ \t]*):::+[ \t]*(?P<kind>\w+)(?P<given>[^\n]*)$")
CLOSED = re.compile(r"^[ \t]*:::+[ \t]*$")
ANCHOR = re.compile(r"^(#{1,6} .*?)[ \t]*\{#([\w-]+)\}[ \t]*$", re.MULTILINE)
TAB = re.compile(r"<TabItem\b([^>]*)>(.*?)</TabItem>", re.DOTALL)
TABS = re.compile(r"</?Tabs\b[^>]*>")
LABEL = re.compile(r"\b(?:label|value)=[\"']([^\"']+)[\"']")
COMPONENT = re.compile(r"</?[A-Z]\w*(?:\.\w+)?\b[^<>]*/?>")


def is_docusaurus(folder: Path) -> bool:
    """Tell whether a folder is one of Docusaurus."""
    return any((folder / name).is_file() for name in CONFIGS)


def read_docusaurus(folder: Path) -> SourceSite:
    """Read a folder of Docusaurus."""
    file = next(folder / name for name in CONFIGS if (folder / name).is_file())
    config = read_text(file)
    base = "/" + _said(config, "baseUrl").strip("/")
    site = SourceSite("docusaurus", folder, _said(config, "title") or folder.resolve().name)
    site.url = (_said(config, "url") + base).rstrip("/") + "/" if _said(config, "url") else ""
    main = _said(config, "defaultLocale") or "en"
    listed = re.search(r"locales\s*:\s*\[([^\]]*)\]", config)
    locales = re.findall(r"[\"']([\w-]+)[\"']", listed[1]) if listed else []
    there = [code for code in locales if code != main and (folder / "i18n" / code).is_dir()]
    site.languages = (main, *there)
    site.note("PROGRAM", file.name)
    block = found[0] if (found := DOCS_BLOCK.search(config)) else ""
    docs = _said(block, "path") or "docs"
    route = _said(block, "routeBasePath").strip("/") if "routeBasePath" in block else "docs"
    order = _sidebar(folder)
    for code in site.languages:
        own = folder / "i18n" / code
        _read_docs(site, folder / docs if code == main else own / DOCS, code, route, order)
        _read_blog(site, folder / "blog" if code == main else own / BLOG, code)
    for file in files_of(folder / "static", folder):
        path = file.relative_to(folder / "static").as_posix()
        site.files[path] = file
        site.addresses[path] = f"/{path}"
    for page in site.pages:
        page.body = _plain_markdown(site, page)
    for left in sorted((folder / "src" / "pages").glob("*.[jt]s*")) if (folder / "src" / "pages").is_dir() else ():
        site.note("PROGRAM", left.relative_to(folder).as_posix())
    return site


def _said(config: str, key: str) -> str:
    """Give a setting that stands in the program as plain words; empty where it does not."""
    found = re.search(rf"\b{key}\s*:\s*(?:[^,\n]*\?[^,\n]*:\s*)?([\"'`])([^\"'`\n]*)\1", config)
    return found[2] if found else ""


def _sidebar(folder: Path) -> dict[str, int]:
    """Give the place of each page in the menu, by its name there: the order in which the program names them."""
    files = [folder / f"sidebars.{ending}" for ending in ("js", "ts", "json", "cjs")]
    text = next((read_text(file) for file in files if file.is_file()), "")
    names = re.findall(r"[\"']([\w./ -]+)[\"']", text)
    return {name: at for at, name in reversed(list(enumerate(names)))}


def _read_docs(site: SourceSite, root: Path, language: str, route: str, order: Mapping[str, int]) -> None:
    for file in files_of(root, site.folder):
        path = file.relative_to(root).as_posix()
        source = file.relative_to(site.folder).as_posix()
        if file.name in ("_category_.json", "_category_.yml"):
            folder = posixpath.join(route, _unnumbered(posixpath.dirname(path)))
            said = read_data(file)
            said = said if isinstance(said, dict) else {}
            site.labels[language, folder] = (number_of(said.get("position")), str(said.get("label") or ""))
            continue
        if file.suffix not in PAGES:
            site.files[posixpath.join(route, path)] = file
            continue
        if any(part.startswith("_") for part in path.split("/")):
            continue
        meta, body = _read(site, file, source)
        stem = _unnumbered(posixpath.splitext(path)[0])
        folder, name = posixpath.split(stem)
        last = str(meta.get("id") or name)
        is_list = name.lower() in ("index", "readme") or (bool(folder) and name == posixpath.basename(folder))
        slug = meta.get("slug")
        if isinstance(slug, str):
            inner = slug.strip("/") if slug.startswith("/") else posixpath.join(folder, slug.strip("/"))
        else:
            inner = folder if is_list else posixpath.join(folder, last)
        here = posixpath.join(route, inner).strip("/")
        target = f"{here}/index.md" if is_list and here else f"{here or 'index'}.md"
        prefix = "" if language == site.languages[0] else f"/{language}"
        page = SourcePage(source, language, target, meta, body, [f"{prefix}/{here}/" if here else f"{prefix}/"])
        place = order.get(posixpath.join(folder, last), order.get(stem))
        numbered = NUMBER.match(posixpath.basename(path))
        given = meta.get("sidebar_position", numbered[1] if numbered else place)
        page.order = (number_of(given), str(meta.get("title") or name).casefold())
        page.label = str(meta.get("sidebar_label") or "")
        site.pages.append(page)


def _read_blog(site: SourceSite, root: Path, language: str) -> None:
    for file in files_of(root, site.folder):
        path = file.relative_to(root).as_posix()
        source = file.relative_to(site.folder).as_posix()
        if file.name in ("authors.yml", "authors.yaml"):
            said = read_data(file)
            for key, author in said.items() if isinstance(said, dict) else ():
                if isinstance(author, dict):
                    site.authors[str(key)] = {
                        "name": str(author.get("name") or key),
                        "title": str(author.get("title") or ""),
                    }
            continue
        if file.suffix not in PAGES:
            if file.suffix not in (".yml", ".yaml", ".json", ".js", ".css"):
                site.files[f"blog/{path}"] = file
            continue
        meta, body = _read(site, file, source)
        stem = posixpath.splitext(path)[0].removesuffix("/index")
        dated = DATED.fullmatch(stem) or DATED.fullmatch(posixpath.basename(stem))
        if dated:
            meta.setdefault("date", day_of("-".join(dated.groups()[:3])))
        slug = str(meta.get("slug") or "").strip("/") or (
            "/".join(dated.groups()[:3]) + "/" + dated[4] if dated else stem
        )
        prefix = "" if language == site.languages[0] else f"/{language}"
        is_article = day_of(meta.get("date")) is not None
        page = SourcePage(
            source, language, f"blog/{slug}.md", meta, body, [f"{prefix}/blog/{slug}/"], is_article=is_article
        )
        if is_article:
            site.blog = "blog"
        site.pages.append(page)


def _read(site: SourceSite, file: Path, source: str) -> tuple[dict[str, Any], str]:
    head, body = read_front_matter(read_text(file), source)
    for problem in head.problems:
        site.note("HEAD", source, problem.line)
    return dict(head.values or {}), body


def _unnumbered(path: str) -> str:
    return "/".join(NUMBER.sub("", part) for part in path.split("/"))


def _plain_markdown(site: SourceSite, page: SourcePage) -> str:
    def change(text: str) -> str:
        text = REMARK.sub("", EXPORT.sub("", IMPORT.sub("", text)))
        text = ANCHOR.sub(r"\1 {: #\2 }", text)
        text = TABS.sub("", TAB.sub(_tab, text))
        text = _boxes(text)

        def component(found: re.Match[str]) -> str:
            site.note("COMPONENT", page.file, line_of(text, found.start()), found[0])
            return ""

        return COMPONENT.sub(component, text)

    return outside_code(page.body, change)


def _tab(found: re.Match[str]) -> str:
    labels = dict(re.findall(r"\b(label|value)=[\"']([^\"']+)[\"']", found[1]))
    label = labels.get("label") or labels.get("value") or ""
    lines = found[2].strip("\n").split("\n")
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    inner = "\n".join(f"    {line[margin:]}" if line.strip() else "" for line in lines)
    return f'\n=== "{label.replace(chr(34), "”")}"\n\n{inner}\n'


def _boxes(text: str) -> str:
    """Make boxes between colons, which may hold others, into those that are read here."""
    levels: list[list[str]] = [[]]
    heads: list[re.Match[str]] = []

    def close() -> None:
        made = _box(heads.pop(), levels.pop())
        levels[-1].extend(["", *made.split("\n")])

    for line in text.split("\n"):
        if opened := OPENED.match(line):
            heads.append(opened)
            levels.append([])
        elif CLOSED.match(line) and heads:
            close()
        else:
            levels[-1].append(line)
    while heads:  # one that nobody closed goes on to the end
        close()
    return "\n".join(levels[0])


def _box(opened: re.Match[str], lines: list[str]) -> str:
    title = opened["given"].strip().strip("[]")
    return box(opened["kind"], title, "\n".join(lines), opened["margin"])
