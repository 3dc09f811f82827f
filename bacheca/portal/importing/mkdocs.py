"""A folder of MkDocs: its pages are what they are here, its settings mostly too.

Source: https://www.mkdocs.org/user-guide/configuration/, and of further languages in one folder
https://ultrabug.github.io/mkdocs-static-i18n/; of old addresses https://github.com/mkdocs/mkdocs-redirects.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import yaml

from bacheca.portal.content.heads import read_front_matter
from bacheca.portal.content.yaml_heads import LOADER
from bacheca.portal.importing.source_site import SourcePage, SourceSite, files_of, listed, placed_in, read_text

CONFIGS = ("mkdocs.yml", "mkdocs.yaml")
KEPT = ("repo_url", "repo_name", "edit_uri", "copyright", "exclude_docs", "not_in_nav", "use_directory_urls")
"""Settings that mean the same here."""


class Loader(LOADER):  # type: ignore[misc, valid-type]
    """Reads settings as words: what would run (`!!python/name:`, `!ENV`) is nothing."""


def _usual(loader: Any, node: yaml.Node) -> Any:
    """Give what `!ENV [NAME, usual]` says where the environment says nothing; none is read."""
    if isinstance(node, yaml.SequenceNode) and len(node.value) > 1:
        return loader.construct_object(node.value[-1], deep=True)
    return None


Loader.add_multi_constructor("", lambda loader, suffix, node: None)
Loader.add_constructor("!ENV", _usual)


def is_mkdocs(folder: Path) -> bool:
    """Tell whether a folder is one of MkDocs."""
    return any((folder / name).is_file() for name in CONFIGS)


def read_mkdocs(folder: Path) -> SourceSite:
    """Read a folder of MkDocs."""
    file = next(folder / name for name in CONFIGS if (folder / name).is_file())
    try:
        config = yaml.load(read_text(file), Loader)  # noqa: S506  a safe one
    except yaml.YAMLError:
        config = {}
    config = config if isinstance(config, dict) else {}
    plugins = _plugins(config.get("plugins"))
    site = SourceSite("mkdocs", folder, str(config.get("site_name") or folder.resolve().name))
    site.url = str(config.get("site_url") or "")
    theme = config.get("theme")
    main = str(theme.get("language") or "en") if isinstance(theme, dict) else "en"
    i18n = plugins.get("i18n") or {}
    named = [entry for entry in listed(i18n.get("languages")) if isinstance(entry, dict) and entry.get("locale")]
    default = next((str(entry["locale"]) for entry in named if entry.get("default")), main)
    site.languages = tuple(dict.fromkeys([default, *(str(entry["locale"]) for entry in named)]))
    site.settings = {key: config[key] for key in KEPT if config.get(key) not in (None, "")}
    folders = i18n.get("docs_structure") == "folder"
    root = folder / str(config.get("docs_dir") or "docs")
    maps = (plugins.get("redirects") or {}).get("redirect_maps") or {}
    before: dict[str, list[str]] = {}
    for old, new in maps.items() if isinstance(maps, dict) else ():
        before.setdefault(str(new).partition("#")[0], []).append(_address(str(old)))
    for found in files_of(root, folder):
        path = found.relative_to(root).as_posix()
        source = found.relative_to(folder).as_posix()
        language, target = _place(path, site.languages, folders=folders)
        if found.suffix not in (".md", ".markdown"):
            site.files[target] = found
            site.addresses[target] = f"/{path}"
            continue
        head, body = read_front_matter(read_text(found), source)
        for problem in head.problems:
            site.note("HEAD", source, problem.line)
        prefix = "" if language == site.languages[0] else f"/{language}"
        page = SourcePage(source, language, target, dict(head.values or {}), body, [prefix + _address(target)])
        page.addresses += before.get(path, [])
        site.pages.append(page)
    if isinstance(config.get("nav"), list):
        said = {str(entry["locale"]): entry.get("nav_translations") for entry in named}
        for code in site.languages:
            there = {page.target for page in site.pages if page.language == code}
            site.nav[code] = _nav(site, config["nav"], there, said.get(code) or {})
    for name in plugins:
        if name not in (
            "search",
            "tags",
            "blog",
            "redirects",
            "i18n",
            "material/search",
            "material/blog",
            "material/tags",
        ):
            site.note("PLUGIN", file.name, what=name)
    blog = plugins.get("blog", plugins.get("material/blog"))
    if blog is not None:
        site.settings["plugins"] = {"blog": dict(blog or {}), "search": {}, "tags": {}}
        place = placed_in(f"{blog.get('blog_dir') or 'blog'}/{blog.get('authors_file') or '.authors.yml'}")
        if place and (root / place).is_file() and (root / place).resolve().is_relative_to(folder.resolve()):
            site.always[place] = root / place
    return site


def _plugins(given: Any) -> dict[str, Mapping[str, Any]]:
    """Give the plugins by name, whether they are listed or mapped."""
    made: dict[str, Mapping[str, Any]] = {}
    entries = given if isinstance(given, list) else [given] if isinstance(given, dict) else []
    for entry in entries:
        if isinstance(entry, str):
            made[entry] = {}
        elif isinstance(entry, dict):
            made |= {str(name): options if isinstance(options, dict) else {} for name, options in entry.items()}
    return made


def _place(path: str, languages: tuple[str, ...], *, folders: bool) -> tuple[str, str]:
    """Give the language of a file and its path in the tree of that."""
    if folders:
        first, _, rest = path.partition("/")
        return (first, rest) if first in languages and rest else (languages[0], path)
    stem, ending = posixpath.splitext(path)
    name, _, code = stem.rpartition(".")
    return (code, name + ending) if name and code in languages else (languages[0], path)


def _address(path: str) -> str:
    """Give the address of a page by its path in the tree."""
    stem = posixpath.splitext(path)[0]
    folder, name = posixpath.split(stem)
    inner = folder if name in ("index", "README") else stem
    return f"/{inner}/" if inner else "/"


def _web(site: SourceSite, value: str) -> str:
    """Give the address that an entry of a menu leads to, where it is none of a page; empty where nobody can tell."""
    try:
        is_page = value.endswith(".md") and not urlsplit(value).netloc
        leads = urlsplit("" if is_page else urljoin(site.url, value))
    except ValueError:
        return ""
    return leads.geturl() if leads.scheme and (leads.netloc or leads.scheme == "mailto") else ""


def _nav(site: SourceSite, entries: list[Any], there: Collection[str], said: Mapping[str, Any]) -> list[Any]:
    """Give a menu with the pages that a language has.

    Args:
        site: is told of what leads nowhere.
        entries: the menu.
        there: the paths of the pages.
        said: what its labels are in that language.
    """
    made: list[Any] = []
    for entry in entries:
        for label, value in entry.items() if isinstance(entry, dict) else [("", entry)]:
            named = str(said.get(label, label) or "")
            if isinstance(value, list):
                if inner := _nav(site, value, there, said):
                    made.append({named: inner})
            elif isinstance(value, str) and (value in there or (leads := _web(site, value))):
                leads = value if value in there else leads
                made.append({named: leads} if named else leads)
            elif isinstance(value, str):
                site.note("MENU", CONFIGS[0], what=value)
    return made
