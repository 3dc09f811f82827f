"""The keys of front matter: those that mean something here, those of other tools, and what a mistyped one meant."""

from __future__ import annotations

from collections.abc import Collection

from bacheca.forms.definition.checks.nearest import MEANT, plain
from bacheca.portal.content.events import KEYS as EVENT_KEYS

SHORTEST = 5
"""The fewest letters of a key that is taken for another with a slip: of short ones too many are alike."""

HERE = frozenset(
    (
        *("title", "description", "translation", "date", "authors", "categories", "tags", "slug", "numero"),
        *EVENT_KEYS,
        *("image", "redirect_from", "template", "hero", "cards", "aside", "eyebrow", "occupation", "translates"),
        *("sample", "draft"),
        *("hide", "search", "robots", "readtime", "pin", "links", "icon", "status", "subtitle", "social", "comments"),
    )
)
"""The keys that mean something to the build, the theme or the engine."""

ELSEWHERE = frozenset(
    (
        *("abstract", "alias", "aliases", "archetype", "author", "banner", "blog", "body", "boost", "bibliography"),
        *("category", "class", "cover", "created", "created_at", "css", "cssclass", "cssclasses", "collection"),
        *(
            "custom_edit_url",
            "data",
            "date_created",
            "date_modified",
            "dek",
            "deck",
            "department",
            "discussion",
            "display",
        ),
        *("displayed_sidebar", "editor", "editurl", "edit_url", "end", "event", "excerpt", "expirydate", "expires"),
        *("extra", "exclude", "featured", "features", "file", "footer", "format", "generator", "head", "header"),
        *("headless", "hidden", "hide_title", "hide_table_of_contents", "home", "id", "images", "index"),
        *("isbn", "keywords", "kind", "label", "lang", "language", "last_modified_at", "last_updated", "last_update"),
        *("lastmod", "lastupdated", "layout", "level", "license", "link", "linktitle", "list", "locale", "location"),
        *("markup", "math", "menu", "meta", "metadata", "modified", "name", "navigation", "nav_order", "navtitle"),
        *("next", "noindex", "no_list", "order", "outline", "outputs", "owner", "page_id", "pagination_next", "parent"),
        *("path", "permalink", "picture", "position", "preview", "prev", "previous", "private", "public", "publish"),
        *("publishdate", "published", "publisher", "redirect", "redirect_to", "redirects", "related"),
        *("resources", "review", "reviewed", "revision", "revision_date", "row", "rss", "save_as", "schema", "section"),
        *("sections", "series", "shortdesc", "short_title", "show_date", "sidebar", "sidebar_label", "signature"),
        *("sidebar_position", "sitemap", "slides", "sort", "sort_by", "source", "sources", "splash", "start", "styles"),
        *("style", "subject", "summary", "tableofcontents", "tag", "taxonomies", "taxonomy", "teaser", "theme", "toc"),
        *("thumbnail", "time", "titles", "toc_depth", "topic", "topics", "translated", "translations", "translator"),
        *("translators", "transparent", "type", "types", "unlisted", "untranslated", "update", "updated", "updated_at"),
        *("url", "urls", "uuid", "version", "versions", "video", "videos", "views", "visible", "weight", "wip"),
    )
)
"""Keys of Hugo, Jekyll, Docusaurus, Zola, Obsidian, Pelican, Starlight, VitePress and of people's own programs."""


def key_meant(key: str, known: Collection[str] = HERE) -> str:
    """Give the key that was meant; empty where this one may well be meant as it stands.

    Args:
        key: a key that means nothing here.
        known: the keys that do.
    """
    word = plain(key)
    if key in known or word in ELSEWHERE:
        return ""
    if MEANT.get(word) in known:  # in the editor's own language
        return MEANT[word]
    return next((name for name in sorted(known) if len(name) >= SHORTEST and one_edit(word, name)), "")


def one_edit(one: str, other: str) -> bool:
    """Tell whether a letter left out, added or changed, or two in the wrong order, make one word of another."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    if len(a) != len(b):
        return (a[1:] == b) if len(a) > len(b) else (a == b[1:])
    return a[1:] == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])
