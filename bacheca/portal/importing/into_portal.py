"""A portal made of the site of another tool: first files as `init` writes them, and in their midst its pages."""

from __future__ import annotations

import posixpath
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from bacheca.forms.definition.checks.nearest import plain
from bacheca.portal.authoring.new_portal import Community, new_portal
from bacheca.portal.build.read import read_content
from bacheca.portal.content.pages import SLUG
from bacheca.portal.errors import PortalProblem, SettingsProblems
from bacheca.portal.generated.redirects import KEY as OLD_ADDRESSES
from bacheca.portal.generated.redirects import file_at
from bacheca.portal.importing.frames import without_frames
from bacheca.portal.importing.front_matter import mapped, texts
from bacheca.portal.importing.links import Links
from bacheca.portal.importing.navigation import navigation
from bacheca.portal.importing.report import report
from bacheca.portal.importing.source_site import POSTS, Note, SourcePage, SourceSite, listed, placed_in
from bacheca.portal.importing.tools import TOOLS, read_site
from bacheca.portal.messages import SAYINGS, say
from bacheca.portal.rules import FOLLOWS, RULES
from bacheca.portal.setting_names import is_language
from bacheca.portal.settings import read_portal

REPORT = "import-report.md"
ROUNDS = 4
"""How often what stops a build is looked for: what is held back may leave links that lead nowhere."""

TRANSLATION = re.compile(r"^translation: .+$", re.MULTILINE)
NAV = re.compile(r"^nav:\n(?:[ \t]+.*\n)*", re.MULTILINE)


@dataclass(frozen=True)
class Imported:
    """What came over.

    Args:
        tool: what the other tool is called.
        pages: how many pages.
        drafts: how many of them were held back.
        files: how many pictures and other files.
        redirects: how many old addresses lead on.
        notes: what could not be kept.
    """

    tool: str
    pages: int
    drafts: int
    files: int
    redirects: int
    notes: tuple[Note, ...]


def import_site(source: Path, folder: Path, given: Mapping[str, Any], language: str) -> Imported:
    """Make a portal of the site in a folder of another tool, whole or not at all.

    Args:
        source: the folder of the other tool; nothing in it is run or changed.
        folder: where the portal goes: a folder that is not there, or is empty.
        given: what is to be otherwise than the other tool says, by the names of `Community`.
        language: the language of the report.

    Raises:
        SettingsProblems: `source` is of no tool that is known, `folder` holds something, something given cannot be.
    """
    site = read_site(source) if source.is_dir() else None
    if site is None:
        named = ", ".join(f"{tool.name} ({tool.known_by})" for tool in TOOLS.values())
        raise SettingsProblems(
            PortalProblem("IMPORT_SOURCE", str(source), 1, values={"folder": source, "tools": named})
        )
    _drop_strange_languages(site)
    community = replace(_community(site), **given)
    site.languages = community.languages
    made: list[Imported] = []
    new_portal(folder, community, lambda new: made.append(_write(site, community, new, language)))
    return made[0]


def _community(site: SourceSite) -> Community:
    usual = Community("")
    alias = site.folder / "CNAME"
    if not site.url and alias.is_file() and (named := alias.read_text("utf-8", "replace").split()):
        site.url = f"https://{named[0]}/"
    url = site.url if re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", site.url) else usual.url
    return Community(name=site.name, languages=site.languages, url=url, sections=())


def _drop_strange_languages(site: SourceSite) -> None:
    known = tuple(code for code in site.languages if is_language(_code(code)))
    for code in site.languages:
        if code not in known:
            site.note("LANGUAGE", "", what=code)
    site.languages = tuple(dict.fromkeys(map(_code, known))) or ("en",)
    for page in site.pages:
        page.language = _code(page.language)
    site.pages = [page for page in site.pages if page.language in site.languages]
    site.nav = {_code(code): nav for code, nav in site.nav.items()}
    site.labels = {(_code(code), path): said for (code, path), said in site.labels.items()}


def _code(code: str) -> str:
    """Give a language as it is called here, such as `pt-BR`."""
    first, _, rest = code.replace("_", "-").partition("-")
    return f"{first.lower()}-{rest.title() if len(rest) == 4 else rest.upper()}" if rest else first.lower()


def _write(site: SourceSite, community: Community, new: Path, language: str) -> Imported:
    pages = _placed(site)
    links = Links(site, urlsplit(site.url).path or "/")
    redirects = 0
    for page in pages:
        meta = _meta(site, page)
        redirects += len(listed(meta.get(OLD_ADDRESSES)))
        target = new / "content" / page.language / page.target
        if target.is_file() and (found := TRANSLATION.search(target.read_text("utf-8"))):
            meta.setdefault("translation", found[0].partition(": ")[2])
        body = without_frames(site, page, links.rewrite(page))
        _put(target, _page(meta, body))
    kept = {(site.languages[0], path): file for path, file in site.always.items()}
    for (code, path), file in (links.used | kept).items():
        copy = new / "content" / code / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    _note_unused(site, {path for _code, path in links.used})
    _write_blog(site, pages, community, new)
    for code in community.languages:
        _settle(site, [page for page in pages if page.language == code], code, community, new)
    drafts = _let_it_build(site, {page.language + "/" + page.target: page for page in pages}, new)
    title = say(SAYINGS["import_report"], language, tool=TOOLS[site.tool].name)
    _put(new / REPORT, report(title, site.notes, language))
    return Imported(TOOLS[site.tool].name, len(pages), drafts, len(links.used), redirects, tuple(site.notes))


def _placed(site: SourceSite) -> list[SourcePage]:
    """Give the pages with the places that they have here; of two at one address only the first."""
    site.files = {target: file for path, file in site.files.items() if (target := placed_in(path))}
    placed: dict[tuple[str, str], SourcePage] = {}
    for page in site.pages:
        if page.is_article and site.blog and site.tool != "mkdocs":
            last = page.addresses[0].strip("/").removesuffix(".html").rpartition("/")[2]
            page.target = f"{site.blog}/{POSTS}/{SLUG(last, '-') or SLUG(Path(page.file).stem, '-')}.md"
        target = placed_in(page.target.replace(" ", "-"))
        if not target:
            site.note("OUTSIDE", page.file, what=page.target)
        page.target = target or f"{_slug(page.file.rpartition('.')[0])}.md"
        stem = page.target.removesuffix(".md").removesuffix("/index").removesuffix("/README")
        if (other := placed.setdefault((page.language, stem.casefold()), page)) is not page:
            site.note("TWICE", page.file, what=other.file)
    return list(placed.values())


def _meta(site: SourceSite, page: SourcePage) -> dict[str, Any]:
    if site.tool == "mkdocs":
        meta, address = {key: value for key, value in page.meta.items() if key != "template"}, page.addresses[0]
    else:
        meta = mapped(page.meta)
        address = _address(site, page)
        if page.is_article:
            meta["slug"] = Path(page.target).stem
            named = texts([*_listed(page.meta.get("authors")), *_listed(page.meta.get("author"))])
            if keys := [_author(site, said) for said in named]:
                meta["authors"] = keys
        else:
            meta.pop("date", None)
    file = file_at(address) if address != "/" else "index.html"
    old = [said for said in dict.fromkeys(page.addresses) if file_at(said) not in ("", file, "index.html")]
    if old:
        meta[OLD_ADDRESSES] = [*texts(meta.get(OLD_ADDRESSES)), *old]
    return meta


def _address(site: SourceSite, page: SourcePage) -> str:
    """Give the address that a page has here, from the root of the site on."""
    prefix = "" if page.language == site.languages[0] else f"/{page.language}"
    stem = page.target.removesuffix(".md")
    if page.is_article:
        return f"{prefix}/{site.blog}/{Path(stem).name}/"
    inner = posixpath.dirname(stem) if posixpath.basename(stem) in ("index", "README") else stem
    return f"{prefix}/{inner}/" if inner else f"{prefix}/"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _author(site: SourceSite, said: str) -> str:
    key = said if said in site.authors else _slug(said) or "author"
    site.authors.setdefault(key, {"name": said})
    return key


def _slug(said: str) -> str:
    """Give words as an address and a key have them."""
    return re.sub("[^a-z0-9]+", "-", plain(SLUG(said, "-"))).strip("-")


def _page(meta: Mapping[str, Any], body: str) -> str:
    if not meta:
        return body
    head = yaml.safe_dump(dict(meta), allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{head}---\n\n{body.lstrip(chr(10))}"


def _put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


def _note_unused(site: SourceSite, used: Iterable[str]) -> None:
    left = Counter(posixpath.dirname(path) for path in site.files.keys() - set(used))
    for place, count in left.items():
        site.note("UNUSED", f"{place}/" if place else "./", what=str(count))


def _write_blog(site: SourceSite, pages: Iterable[SourcePage], community: Community, new: Path) -> None:
    if not site.blog or site.tool == "mkdocs":
        return
    written = {page.language for page in pages if page.is_article}
    for code in written:
        index = new / "content" / code / site.blog / "index.md"
        if not index.is_file():
            _put(index, _page({"title": say(SAYINGS["init_articles"], code)}, ""))
        authors = {
            key: {
                "name": said["name"],
                "description": said.get("title") or said["name"],
                "avatar": "https://example.org/",
            }
            for key, said in site.authors.items()
        }
        _put(index.parent / ".authors.yml", yaml.safe_dump({"authors": authors}, allow_unicode=True, sort_keys=False))


def _settle(site: SourceSite, pages: list[SourcePage], code: str, community: Community, new: Path) -> None:
    """Write what of the settings of a language follows from the other tool."""
    main = code == community.languages[0]
    file = new / ("mkdocs.yml" if main else f"mkdocs.{code}.yml")
    more: dict[str, Any] = dict(site.settings) if main else {}
    if site.blog and site.tool != "mkdocs":
        has_articles = any(page.is_article for page in pages)
        blog = (
            {"blog_dir": site.blog, "post_url_format": "{slug}", "post_excerpt": "optional"}
            if has_articles
            else {"enabled": False}
        )
        more["plugins"] = {"search": {}, "tags": {}, "blog": blog} if main else {"blog": blog}
    inherits = not main and "\nnav:\n" in (new / "mkdocs.yml").read_text("utf-8")
    if nav := site.nav.get(code) or navigation(site, pages, code, always=inherits):
        more["nav"] = nav
    text = NAV.sub("", file.read_text("utf-8"))
    said = yaml.safe_dump(more, allow_unicode=True, sort_keys=False, width=10_000) if more else ""
    before, mark, after = text.partition("\nextra:\n")
    _put(file, f"{before.rstrip()}\n{said}{mark}{after}" if said else text)


def _let_it_build(site: SourceSite, pages: Mapping[str, SourcePage], new: Path) -> int:
    """Let what stops a build stop none: rules that may be judged become warnings, other pages drafts.

    Returns:
        How many pages are drafts.
    """
    rules: dict[str, str] = {}
    held: set[str] = set()
    for _round in range(ROUNDS):
        portal, problems = read_portal(new / "mkdocs.yml")
        found = [*problems, *(read_content(portal)[1] if portal and not problems else ())]
        stopping = [problem for problem in found if problem.stops]
        if not stopping:
            break
        codes = [problem.code for problem in stopping if problem.code in RULES]
        judged = {FOLLOWS.get(code, code) for code in codes} - rules.keys()
        for code in sorted(judged):
            rules[code] = "warning"
            site.note("RULE", code)
        if judged:
            _judge(new / "mkdocs.yml", rules)
        for problem in stopping:
            path = problem.path.removeprefix(f"{new.as_posix()}/content/")
            if problem.code not in RULES and path in pages and path not in held:
                held.add(path)
                site.note("HELD_BACK", f"content/{path}", problem.line, problem.sentence("en"))
                _hold_back(new / "content" / path)
    return len(held)


def _judge(file: Path, rules: Mapping[str, str]) -> None:
    text = re.sub(r"\n  rules:\n(?:    .*\n)*", "\n", file.read_text("utf-8"))
    said = "".join(f"    {code}: {level}\n" for code, level in rules.items())
    _put(file, text.replace("\nextra:\n", f"\nextra:\n  rules:\n{said}", 1))


def _hold_back(file: Path) -> None:
    text = file.read_text("utf-8")
    if text.startswith("---\n"):
        _put(file, text.replace("---\n", "---\ndraft: true\n", 1))
    else:
        _put(file, f"---\ndraft: true\n---\n\n{text}")
