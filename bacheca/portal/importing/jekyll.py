"""A folder of Jekyll: `_posts`, collections, pages with front matter anywhere, Liquid.

Source: https://jekyllrb.com/docs/ (structure, posts, collections, permalinks, front-matter-defaults, liquid/tags).
"""

from __future__ import annotations

import datetime as dt
import fnmatch
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bacheca.portal.content.heads import read_front_matter
from bacheca.portal.importing.front_matter import day_of, number_of, texts
from bacheca.portal.importing.markdown_text import box, line_of, outside_code
from bacheca.portal.importing.source_site import SourcePage, SourceSite, files_of, listed, mapping, read_data, read_text

CONFIG = "_config.yml"
PAGES = (".md", ".markdown", ".mkd")
POST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})-(.+)")
LEFT_OUT = ("node_modules", "vendor", "_site", "_includes", "_layouts", "_data", "_sass", "_plugins", "test", "script")
NAMED_PERMALINKS = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "none": "/:categories/:title.html",
}

TAG = re.compile(r"\{%-?\s*(?P<name>\w+)\s*(?P<given>[^%]*?)-?%\}")
VALUE = re.compile(r"\{\{-?\s*(?P<said>[^{}]*?)\s*-?\}\}")
RAW = re.compile(r"\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}", re.DOTALL)
COMMENT = re.compile(r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}", re.DOTALL)
HIGHLIGHT = re.compile(r"\{%-?\s*highlight\s+(\w+)[^%]*-?%\}\n?(.*?)\{%-?\s*endhighlight\s*-?%\}", re.DOTALL)
BOX = re.compile(r"\{%-?\s*(alert|note|warning|tip|info)\s*([^%]*?)-?%\}\n?(.*?)\{%-?\s*end\1\s*-?%\}", re.DOTALL)
CONTENTS = re.compile(r"^(?:[*-]|1\.) .*\n\{:\s*toc[^}]*\}\n?|^\{:\s*toc[^}]*\}\n?", re.MULTILINE)
LIST_AFTER = re.compile(r"^\{:\s*\.no_toc\s*\}\n?", re.MULTILINE)


def is_jekyll(folder: Path) -> bool:
    """Tell whether a folder is one of Jekyll."""
    return (folder / CONFIG).is_file()


def read_jekyll(folder: Path) -> SourceSite:
    """Read a folder of Jekyll."""
    config = read_data(folder / CONFIG)
    config = config if isinstance(config, dict) else {}
    name = str(config.get("title") or config.get("name") or folder.resolve().name)
    site = SourceSite("jekyll", folder, name, str(config.get("url") or ""))
    given = config.get("collections")
    collections = given if isinstance(given, dict) else {str(key): {} for key in listed(given)}
    published = {key for key, said in collections.items() if isinstance(said, dict) and said.get("output")} | {"posts"}
    main = str(config.get("lang") or config.get("locale") or "en")[:2].lower()
    excluded = texts(config.get("exclude")) if isinstance(config.get("exclude"), list) else []
    for file in files_of(folder, folder):
        path = file.relative_to(folder).as_posix()
        parts = path.split("/")
        if parts[0] in LEFT_OUT or any(_is_under(path, pattern) for pattern in excluded):
            continue
        collection = next((part[1:] for part in parts[:-1] if part.startswith("_")), "")
        if collection and collection not in published:
            if file.suffix in PAGES and collection != "drafts":
                site.note("COLLECTION", path, what=f"_{collection}")
            continue
        text = read_text(file) if file.suffix in (*PAGES, ".html") else ""
        if not text.startswith("---"):
            if file.suffix in (*PAGES, ".html") or path == CONFIG or parts[-1].startswith(("Gemfile", "Rakefile")):
                if file.suffix == ".html":
                    site.note("HTML_PAGE", path)
                continue
            site.files[path] = file
            site.addresses[path] = f"/{path}"
            continue
        if file.suffix == ".html":
            site.note("HTML_PAGE", path)
            continue
        _add_page(site, (path, text), collection, config, main)
    codes = dict.fromkeys(page.language for page in site.pages)
    site.languages = tuple(dict.fromkeys((main, *sorted(codes))))
    for page in site.pages:
        page.body = _without_liquid(site, page)
    return site


def _is_under(path: str, pattern: str) -> bool:
    return fnmatch.fnmatch(path, pattern) or path.startswith(pattern.rstrip("/") + "/")


def _add_page(
    site: SourceSite, written: tuple[str, str], collection: str, config: Mapping[str, Any], main: str
) -> None:
    path, text = written
    head, body = read_front_matter(text, path)
    for problem in head.problems:
        site.note("HEAD", path, problem.line)
    meta = {**_defaults(config, path, collection), **dict(head.values or {})}
    inner = path.removeprefix(f"_{collection}/") if collection else path
    dated = POST.fullmatch(Path(path).stem) if collection == "posts" else None
    if dated:
        year, month, day, _name = dated.groups()
        if day_of(meta.get("date")) is None and day_of(f"{year}-{month:0>2}-{day:0>2}"):
            meta["date"] = dt.date(int(year), int(month), int(day))
    language = str(meta.get("lang") or main).lower()
    address = _address(meta, inner, collection, config)
    here = address.strip("/").removesuffix(".html")
    tree = here.removeprefix(f"{language}/") if language != main else here
    is_list = Path(path).stem in ("index", "README") or address.endswith("/index.html")
    target = f"{tree}/index.md" if is_list and tree and tree != "index" else f"{tree or 'index'}.md"
    page = SourcePage(path, language, target, meta, body, [address], is_article=dated is not None)
    page.addresses += [said if said.startswith("/") else f"/{said}" for said in texts(meta.get("redirect_from"))]
    order = meta.get("order", meta.get("nav_order", meta.get("weight")))
    page.order = (number_of(order), str(meta.get("title") or here).casefold())
    if dated:
        site.blog = "blog"
    site.pages.append(page)


def _defaults(config: Mapping[str, Any], path: str, collection: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for entry in map(mapping, listed(config.get("defaults"))):
        scope = mapping(entry.get("scope"))
        kind = scope.get("type", "")
        under = str(scope.get("path") or "")
        if kind in ("", collection or "pages") and (not under or _is_under(path, under)):
            made |= mapping(entry.get("values"))
    return {key: made[key] for key in made if key in ("permalink", "lang", "tags", "categories", "published")}


def _address(meta: Mapping[str, Any], inner: str, collection: str, config: Mapping[str, Any]) -> str:
    stem = posixpath.splitext(inner)[0]
    title = str(meta.get("slug") or POST.sub(r"\4", posixpath.basename(stem)))
    collections = config.get("collections")
    own = collections.get(collection) if isinstance(collections, dict) else None
    pattern = meta.get("permalink") or (own or {}).get("permalink") or config.get("permalink")
    if not collection and not meta.get("permalink"):
        pattern = config.get("permalink") if config.get("permalink") in ("pretty",) else None
        ending = "/" if pattern == "pretty" or "/:path/" in str(config.get("permalink")) else ".html"
        if posixpath.basename(stem) in ("index", "README"):
            folder = posixpath.dirname(stem)
            return f"/{folder}/" if folder else "/"
        return f"/{stem}{ending}"
    if collection == "posts":
        pattern = NAMED_PERMALINKS.get(str(pattern or "date"), str(pattern))
    day = day_of(meta.get("date")) or dt.date(1970, 1, 1)
    values = {
        "categories": "/".join(texts(meta.get("categories") or meta.get("category"))).lower(),
        "year": f"{day.year:04}",
        "month": f"{day.month:02}",
        "i_month": str(day.month),
        "day": f"{day.day:02}",
        "i_day": str(day.day),
        "y_day": f"{day.timetuple().tm_yday:03}",
        "title": title,
        "slug": title,
        "name": posixpath.basename(stem),
        "path": stem,
        "collection": collection,
        "output_ext": ".html",
    }
    pattern = str(pattern or f"/{collection}/:path.html")
    made = "/" + re.sub(r":(\w+)", lambda found: values.get(found[1], found[0]), pattern)
    return re.sub(r"/+", "/", made)


def _without_liquid(site: SourceSite, page: SourcePage) -> str:
    kept: list[str] = []

    def raw(found: re.Match[str]) -> str:
        kept.append(found[1])
        return f"\x01{len(kept) - 1}\x01"

    def change(text: str) -> str:
        text = COMMENT.sub("", RAW.sub(raw, text))
        text = BOX.sub(lambda found: "\n" + box(_kind(found), "", found[3].strip("\n")) + "\n", text)
        text = LIST_AFTER.sub("", CONTENTS.sub("", text))
        text = TAG.sub(lambda found: _tag(site, page, text, found), text)
        return VALUE.sub(lambda found: _value(site, page, text, found), text)

    body = HIGHLIGHT.sub(lambda found: f"```{found[1]}\n{found[2].rstrip(chr(10))}\n```", page.body)
    body = outside_code(body, change)
    return re.sub("\x01(\\d+)\x01", lambda found: kept[int(found[1])], body)


def _kind(found: re.Match[str]) -> str:
    given = re.search(r"type\s*[=:]\s*[\"']?(\w+)", found[2])
    return given[1] if given else found[1]


def _tag(site: SourceSite, page: SourcePage, text: str, found: re.Match[str]) -> str:
    given = found["given"].strip().strip("\"'")
    if found["name"] == "link":
        linked = next((other for other in site.pages if other.file == given.lstrip("/")), None)
        return linked.addresses[0] if linked else f"/{given.lstrip('/')}"
    if found["name"] == "post_url":
        name = posixpath.basename(given)
        linked = next((other for other in site.pages if Path(other.file).stem == name), None)
        return linked.addresses[0] if linked else given
    site.note("LIQUID", page.file, line_of(text, found.start()), found[0])
    return ""


def _value(site: SourceSite, page: SourcePage, text: str, found: re.Match[str]) -> str:
    said = found["said"]
    quoted = re.match(r"[\"']([^\"']*)[\"']\s*\|\s*(?:relative_url|absolute_url|prepend)", said)
    if quoted:
        return quoted[1]
    if said.split("|")[0].strip() in ("site.baseurl", "site.url", "base.baseurl", "site.base_url"):
        return ""
    if said.startswith("page.") and isinstance(page.meta.get(said[5:].split("|")[0].strip()), str | int):
        return str(page.meta[said[5:].split("|")[0].strip()])
    if said == "site.title":
        return site.name
    site.note("LIQUID", page.file, line_of(text, found.start()), found[0])
    return ""
