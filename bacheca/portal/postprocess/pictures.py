"""Pictures in pages: the place of each is kept free, and browsers choose among its renditions what suits the screen."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import quote, urlsplit

from bacheca.portal.files import is_photo
from bacheca.portal.images.renditions import File, Renditions
from bacheca.portal.images.site_pictures import place_of
from bacheca.portal.postprocess.html_tree import Node, Tree, element
from bacheca.portal.postprocess.references import ANYWHERE, target_of

TYPES: Mapping[str, str] = {"avif": "image/avif", "webp": "image/webp", "png": "image/png", "jpg": "image/jpeg"}

COLUMN, NARROW = 720, "91vw"
"""How wide a picture stands in a text at most, in pixels of CSS, and how wide where the screen is narrower."""

SLOTS = (
    (".cover--card", "(min-width: 720px) 400px, 92vw"),
    (".news .entry:nth-child(2) .cover--card", "(min-width: 1280px) 730px, (min-width: 720px) 58vw, 92vw"),
    (".news .entry:nth-child(n + 3) .cover--card", "(min-width: 720px) 430px, 104px"),
    (".entries .entry:nth-child(n + 2) .cover--card", "(min-width: 720px) 400px, 104px"),
    (".neighbours .cover--card", "(min-width: 720px) 180px, 104px"),
    (".cover--wide", "(min-width: 1280px) 1200px, 92vw"),
    (".hero__art", "(min-width: 620px) 560px, 91vw"),
)
"""How wide the theme shows its own pictures, by what selects them; the last that does counts."""

COVER = "cover"
"""The class of what stands in the box of a cover, whether it is drawn, a picture or one of several."""

FIRST_SEEN = frozenset(("cover--wide", "hero__art"))
"""What stands in the first view of a page, and is waited for."""


def asked_pictures(page: Tree) -> list[Node]:
    """Give the pictures of a page that browsers are given no choice of so far."""
    found = page.css("img[src]")
    return [img for img in found if not (img.parent and img.parent.tag == "picture") and "srcset" not in img.attributes]


def addresses_of_pictures(html: str) -> list[str]:
    """Give the addresses of a page's pictures that are made of pixels, each once, as they are written."""
    if not _may_show_any(html):  # most pages show none, and need not be read for that
        return []
    found = (img.attributes.get("src") or "" for img in asked_pictures(Tree(html)))
    return list(dict.fromkeys(address for address in found if _is_raster(address)))


def _may_show_any(html: str) -> bool:
    """Tell whether some element is called as a picture is, in a small part of the time that reading the page takes."""
    lower = html.lower()
    place = lower.find("img")
    while place > 0:
        if lower[place - 1] == "<":
            return True
        place = lower.find("img", place + 1)
    return False


def paths_of(addresses: Iterable[str], page: str, url: str) -> dict[str, str]:
    """Give where pictures stand in the site, by their addresses; of what is elsewhere nothing.

    Args:
        addresses: what is written.
        page: where the page stands in the site.
        url: the address of the site.
    """
    found = {address: target_of(page, address.strip(), url) for address in addresses}
    return {address: target.path for address, target in found.items() if target and target.kind == "site"}


def show_renditions(tree: Tree, page: str, url: str, pictures: Mapping[str, Renditions]) -> None:
    """Let browsers choose among the renditions of a page's pictures, and keep the place of each free.

    What an editor has said of a picture (its size, when it is loaded) stays.

    Args:
        tree: the page.
        page: where it stands in the site.
        url: the address of the site.
        pictures: the renditions, by where the pictures stand in the site.
    """
    if not pictures:
        return
    seen = _in_first_view(tree)
    slots = {img.mem_id: slot for selector, slot in SLOTS for img in tree.css(selector)}
    for img in asked_pictures(tree):
        address = img.attributes.get("src") or ""
        path = paths_of([address], page, url).get(address, "")
        told = pictures.get(path)
        if told is None:
            continue

        def written(file: File, path: str = path, told: Renditions = told, address: str = address) -> str:
            return _written(place_of(path, told, file), address, page, url)

        slot = slots.get(img.mem_id) or _slot(img, told)
        _keep_free(img, told)
        _load(img, is_seen=img.mem_id in seen)
        if told.sources:
            _offer(img, told, written, slot)


def _is_raster(address: str) -> bool:
    return is_photo(address.partition("#")[0].partition("?")[0].strip())


def _in_first_view(tree: Tree) -> set[int]:
    """Tell the picture that stands before the first heading but the title."""
    main = tree.css_first("main")
    first = main.css_first("img, h2") if main else None
    return {first.mem_id} if first and first.tag == "img" else set()


def _classes(img: Node) -> list[str]:
    return (img.attributes.get("class") or "").split()


def _keep_free(img: Node, told: Renditions) -> None:
    """Say how large a picture is; of one whose width or height somebody gave, in the same proportion."""
    width, height = img.attributes.get("width"), img.attributes.get("height")
    if width is None and height is None:
        img.attrs["width"], img.attrs["height"] = str(told.width), str(told.height)
    elif height is None and (given := _pixels(width)):
        img.attrs["height"] = str(max(1, round(given * told.height / told.width)))
    elif width is None and (given := _pixels(height)):
        img.attrs["width"] = str(max(1, round(given * told.width / told.height)))


def _load(img: Node, *, is_seen: bool) -> None:
    if "loading" in img.attributes:
        pass
    elif not is_seen:
        img.attrs["loading"] = "lazy"
    elif FIRST_SEEN & {*_classes(img)} and "fetchpriority" not in img.attributes:
        img.attrs["fetchpriority"] = "high"
    if "decoding" not in img.attributes and not is_seen:
        img.attrs["decoding"] = "async"


def _slot(img: Node, told: Renditions) -> str:
    """Say how wide a picture is shown in a text."""
    width = min(_pixels(img.attributes.get("width")) or told.width, told.width, COLUMN)
    return f"(min-width: {round(width / 0.91)}px) {width}px, {NARROW}"


def _pixels(given: str | None) -> int:
    said = (given or "").strip().removesuffix("px")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 6 else 0


def _offer(img: Node, told: Renditions, written: Callable[[File], str], slot: str) -> None:
    """Put a picture into an element in which browsers choose."""
    _, mark, fragment = (img.attributes.get("src") or "").partition("#")
    img.attrs["src"] = f"{written(told.plain)}{mark}{fragment}"
    box = element("picture", {})
    if COVER in _classes(img):
        box.attrs["class"] = img.attributes["class"]
        del img.attrs["class"]
    for kind, widths in told.sources:
        box.insert_child(element("source", dict(_source(kind, widths, written, slot))))
    box.insert_child(img)
    img.insert_before(box)
    img.remove()


def _source(kind: str, widths: tuple[int, ...], written: Callable[[File], str], slot: str) -> Iterator[tuple[str, str]]:
    yield "type", TYPES[kind]
    if len(widths) == 1:
        yield "srcset", written((kind, widths[0]))
    else:
        yield "srcset", ", ".join(f"{written((kind, width))} {width}w" for width in widths)
        yield "sizes", slot


def _written(path: str, address: str, page: str, url: str) -> str:
    """Write the address of a file of the site as that of another was written: from the page on, or whole."""
    if urlsplit(address).netloc:
        return f"{url}{quote(path)}"
    if address.startswith("/") or posixpath.basename(page) in ANYWHERE:
        return f"{urlsplit(url).path}{quote(path)}"
    return quote(posixpath.relpath(path, posixpath.dirname(page) or "."))
