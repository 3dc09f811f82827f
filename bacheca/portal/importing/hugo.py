"""A folder of Hugo: `content/`, one tree a language or one file a language, shortcodes, `static/`, page bundles.

Source: https://gohugo.io/content-management/ (organization, urls, multilingual, shortcodes).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bacheca.portal.content.heads import read_front_matter
from bacheca.portal.importing.front_matter import day_of, number_of, texts
from bacheca.portal.importing.markdown_text import box, line_of, outside_code
from bacheca.portal.importing.source_site import SourcePage, SourceSite, files_of, mapping, read_data

CONFIGS = ("hugo", "config")
DATED = ("blog", "post", "posts", "news", "articles", "artikel", "notizie", "actualites", "noticias")
"""Sections that are series of articles, where their pages have dates."""

PAGES = (".md", ".markdown")

SHORTCODE = re.compile(
    r"\{\{(?P<mark>[<%])\s*(?P<end>/?)\s*(?P<name>\w[\w./-]*)(?P<given>[^{}]*?)(?P<alone>/?)\s*[>%]\}\}"
)
ESCAPED = re.compile(r"\{\{([<%])/\*(.*?)\*/([>%])\}\}")
GIVEN = re.compile(r"(?:([\w-]+)\s*=\s*)?(?:\"((?:[^\"\\]|\\.)*)\"|`([^`]*)`|([^\s\"=]+))")
BOXES = frozenset(
    ("alert", "hint", "notice", "note", "tip", "info", "warning", "callout", "admonition", "caution", "danger")
)
"""What themes call the shortcode of a box."""


def is_hugo(folder: Path) -> bool:
    """Tell whether a folder is one of Hugo."""
    return (folder / "content").is_dir() and _config_file(folder) is not None


def read_hugo(folder: Path) -> SourceSite:
    """Read a folder of Hugo."""
    config = _config(folder)
    given = {code: mapping(said) for code, said in mapping(config.get("languages")).items()}
    main = str(config.get("defaultcontentlanguage") or ("" if given else _said_to_readers(config)) or "en").lower()
    named = sorted(given, key=lambda code: (code.lower() != main, number_of(given[code].get("weight"), 0.0), code))
    languages = tuple(dict.fromkeys([main, *(code.lower() for code in named)]))
    name = str(config.get("title") or given.get(main, {}).get("title") or folder.resolve().name)
    site = SourceSite("hugo", folder, name, str(config.get("baseurl") or ""), languages)
    own_folder = bool(config.get("defaultcontentlanguageinsubdir"))
    trees = {
        code: str(given.get(code, {}).get("contentdir") or config.get("contentdir") or "content") for code in languages
    }
    for tree in dict.fromkeys(trees.values()):
        _read_tree(site, tree, [code for code in languages if trees[code] == tree], config, own_folder=own_folder)
    for top in ("static", "assets"):
        for file in files_of(folder / top, folder):
            path = file.relative_to(folder / top).as_posix()
            site.files.setdefault(path, file)
            site.addresses.setdefault(path, f"/{path}")
    for page in site.pages:
        page.body = _without_shortcodes(site, page)
    return site


def _said_to_readers(config: Mapping[str, Any]) -> str:
    """Give the language that a site of one language tells browsers, such as `fr` of `fr-FR`; empty where it is none."""
    code = str(config.get("languagecode") or "").lower().partition("-")[0]
    return code if re.fullmatch(r"[a-z]{2,3}", code) else ""


def _read_tree(
    site: SourceSite, tree: str, languages: list[str], config: Mapping[str, Any], *, own_folder: bool
) -> None:
    root = site.folder / tree
    for file in files_of(root, site.folder):
        path = file.relative_to(root).as_posix()
        source = file.relative_to(site.folder).as_posix()
        if file.suffix not in PAGES:
            site.files.setdefault(path, file)
            site.addresses.setdefault(path, f"/{path}")
            continue
        stem, _, ending = file.stem.rpartition(".")
        language = ending if stem and ending in site.languages else languages[0]
        name = stem if stem and ending in site.languages else file.stem
        head, body = read_front_matter(file.read_text("utf-8", "replace").replace("\r\n", "\n"), source)
        meta = dict(head.values or {})
        for problem in head.problems:
            site.note("HEAD", source, problem.line)
        if meta.get("headless") is True or str(meta.get("build", "")).lower() == "never":
            continue
        folder = posixpath.dirname(path)
        section = path.split("/")[0] if folder else ""
        is_list, is_bundle = name == "_index", name == "index"
        address = _address(meta, folder, name, section, config)
        prefix = f"/{language}" if language != site.languages[0] or own_folder else ""
        dated = section in DATED and not is_list and day_of(meta.get("date")) is not None
        here = address.strip("/")
        target = f"{here}/index.md" if (is_list or is_bundle) and here else f"{here or 'index'}.md"
        page = SourcePage(source, language, target, meta, body, [f"{prefix}{address}"], is_article=dated)
        page.addresses += [
            alias if alias.startswith("/") else posixpath.join(prefix + address, "..", alias)
            for alias in texts(meta.get("aliases"))
        ]
        page.order = (number_of(meta.get("weight") or None), str(meta.get("title") or name).casefold())
        page.label = str(meta.get("linkTitle") or meta.get("linktitle") or "")
        if is_list:
            site.labels[language, here] = (page.order[0], page.label or str(meta.get("title") or ""))
        if dated:
            site.blog = site.blog or section
        site.pages.append(page)


def _address(meta: Mapping[str, Any], folder: str, name: str, section: str, config: Mapping[str, Any]) -> str:
    """Give the address of a page under the root of its language."""
    if isinstance(meta.get("url"), str):
        return _clean("/" + meta["url"].lstrip("/"))
    slug = str(meta.get("slug") or ("" if name in ("_index", "index") else name))
    permalinks = config.get("permalinks")
    pattern = permalinks.get(section) if isinstance(permalinks, dict) else None
    day = day_of(meta.get("date"))
    if isinstance(pattern, str) and name != "_index" and day:
        last = slug or posixpath.basename(folder)
        parts = {
            "section": section,
            "year": f"{day.year:04}",
            "month": f"{day.month:02}",
            "day": f"{day.day:02}",
            **dict.fromkeys(("slug", "slugorfilename", "filename", "contentbasename", "slugorcontentbasename"), last),
            "title": str(meta.get("title") or last),
        }
        return _clean(
            "/" + re.sub(r":(\w+)", lambda found: parts.get(found[1].lower(), found[1]), pattern).strip("/") + "/"
        )
    return _clean("/" + "/".join(part for part in (folder, slug) if part) + "/")


def _clean(address: str) -> str:
    """Give an address as Hugo makes it: small letters, hyphens for blanks."""
    made = re.sub(r"-+", "-", re.sub(r"[^\w/.\-~+]", "-", address.lower().replace(" ", "-")))
    return re.sub(r"/+", "/", made)


def _without_shortcodes(site: SourceSite, page: SourcePage) -> str:
    return outside_code(page.body, lambda text: ESCAPED.sub(r"{{\1\2\3}}", _Shortcodes(site, page, text).text()))


class _Shortcodes:
    """The shortcodes of a text, the inner ones before those around them."""

    def __init__(self, site: SourceSite, page: SourcePage, text: str):
        self._site, self._page, self._text = site, page, text
        self._found = list(SHORTCODE.finditer(text))

    def text(self) -> str:
        """Give the text without them."""
        ends = self._ends()
        return self._between(0, len(self._found), 0, len(self._text), ends)

    def _ends(self) -> dict[int, int]:
        """Give for each that is opened the one that closes it."""
        opened: list[int] = []
        ends = {}
        for at, found in enumerate(self._found):
            if not found["end"]:
                opened.append(at)
                continue
            while opened:
                start = opened.pop()
                if self._found[start]["name"] == found["name"]:
                    ends[start] = at
                    break
        return ends

    def _between(self, first: int, last: int, start: int, end: int, ends: Mapping[int, int]) -> str:
        made, at, position = [], first, start
        while at < last:
            found = self._found[at]
            made.append(self._text[position : found.start()])
            if at in ends:
                close = self._found[ends[at]]
                inner = self._between(at + 1, ends[at], found.end(), close.start(), ends)
                made.append(self._made(found, inner))
                position, at = close.end(), ends[at] + 1
            else:
                made.append("" if found["end"] else self._made(found, None))
                position, at = found.end(), at + 1
        return "".join([*made, self._text[position:end]])

    def _made(self, found: re.Match[str], inner: str | None) -> str:
        name = found["name"]
        places, named = _given(found["given"])
        first = places[0] if places else ""
        if name in ("ref", "relref"):
            return first or named.get("path", "")
        if name in ("figure", "img", "image"):
            source = named.get("src") or first
            words = named.get("alt") or named.get("caption") or named.get("title") or ""
            return f"![{words}]({source})" if source else ""
        if name in ("youtube", "vimeo"):
            host = "https://www.youtube.com/watch?v=" if name == "youtube" else "https://vimeo.com/"
            return f"<{host}{named.get('id') or first}>"
        if name == "highlight" and inner is not None:
            return f"```{first}\n{inner.strip(chr(10))}\n```"
        if name in BOXES and inner is not None:
            kind = named.get("type") or named.get("color") or named.get("style") or first or name
            return "\n" + box(kind, named.get("title", ""), inner.strip("\n"))
        self._site.note("SHORTCODE", self._page.file, line_of(self._text, found.start()), found[0])
        return inner or ""


def _given(text: str) -> tuple[list[str], dict[str, str]]:
    places, named = [], {}
    for found in GIVEN.finditer(text):
        value = next((part for part in found.groups()[1:] if part is not None), "").replace('\\"', '"')
        if found[1]:
            named[found[1].lower()] = value
        else:
            places.append(value)
    return places, named


def _config_file(folder: Path) -> Path | None:
    places = [folder / f"{stem}.{ending}" for stem in CONFIGS for ending in ("toml", "yaml", "yml", "json")]
    places += [folder / "config" / "_default" / place.name for place in places]
    return next((place for place in places if place.is_file()), None)


def _config(folder: Path) -> dict[str, Any]:
    """Read the settings, those of `config/_default/` too, with keys in small letters."""
    file = _config_file(folder)
    config = _lowered(read_data(file)) if file else {}
    if file and file.parent.name == "_default":
        for other in sorted(file.parent.iterdir()):
            if other.stem in ("languages", "permalinks", "params"):
                config.setdefault(other.stem, _lowered(read_data(other)))
    return config


def _lowered(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key).lower(): _lowered(inner) for key, inner in value.items()}
    return value
