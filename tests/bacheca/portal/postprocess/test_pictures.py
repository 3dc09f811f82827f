"""`bacheca.portal.postprocess.pictures`: browsers choose among renditions, and nothing moves while they load."""

from __future__ import annotations

import pytest

from bacheca.portal.images.renditions import Renditions
from bacheca.portal.postprocess.html_tree import Tree
from bacheca.portal.postprocess.pictures import addresses_of_pictures, show_renditions

URL = "https://prova.example.org/qui/"
LARGE = Renditions(1600, 1200, "0123abcd", (("avif", (480, 960, 1600)), ("webp", (480, 960, 1600))), ("jpg", 960))
SMALL = Renditions(300, 150, "4567cdef", (("avif", (300,)),), ("png", 300))
ICON = Renditions(16, 16)
PICTURES = {"assets/la foto.jpg": LARGE, "assets/b.png": SMALL, "assets/icona.png": ICON}


def shown(body: str, page: str = "guida/index.html") -> Tree:
    tree = Tree(f"<html><body><header></header><main>{body}</main></body></html>")
    show_renditions(tree, page, URL, PICTURES)
    return tree


def test_a_photo_is_offered_in_its_widths_and_keeps_its_place() -> None:
    tree = shown('<h1>T</h1><h2>U</h2><p><img alt="A" src="../assets/la%20foto.jpg#only-dark"></p>')
    at = "../assets/pictures/la%20foto.{}.0123abcd.{}"
    first, second = tree.css("picture > source")
    assert first.attributes == {
        "type": "image/avif",
        "srcset": ", ".join(f"{at.format(width, 'avif')} {width}w" for width in (480, 960, 1600)),
        "sizes": "(min-width: 791px) 720px, 91vw",
    }
    assert second.attributes["type"] == "image/webp"
    assert tree.css_first("p > picture > source + source + img").attributes == {
        "alt": "A",
        "src": at.format(960, "jpg") + "#only-dark",
        "width": "1600",
        "height": "1200",
        "loading": "lazy",
        "decoding": "async",
    }


@pytest.mark.parametrize(
    ("address", "page", "written"),
    [
        ("/qui/assets/b.png", "guida/index.html", "/qui/assets/pictures/b.300.4567cdef.png"),
        (f"{URL}assets/b.png", "guida/index.html", f"{URL}assets/pictures/b.300.4567cdef.png"),
        ("assets/b.png", "index.html", "assets/pictures/b.300.4567cdef.png"),
        ("../assets/b.png", "en/guide.html", "../assets/pictures/b.300.4567cdef.png"),
        ("/qui/assets/b.png", "404.html", "/qui/assets/pictures/b.300.4567cdef.png"),
        ("https://altri.example.org/assets/b.png", "index.html", ""),
        ("assets/c.png", "index.html", ""),
    ],
)
def test_an_address_is_written_as_it_was(address: str, page: str, written: str) -> None:
    tree = shown(f'<img alt="" src="{address}">', page)
    assert tree.css_first("img").attributes["src"] == (written or address)
    assert bool(tree.css("picture")) == bool(written)


def test_the_first_picture_of_a_page_is_loaded_at_once_and_a_cover_before_all_else() -> None:
    first, second = shown('<h1>T</h1><img src="../assets/b.png"><img src="../assets/b.png">').css("img")
    assert not {"loading", "decoding", "fetchpriority"} & first.attributes.keys()
    assert (second.attributes["loading"], second.attributes["decoding"]) == ("lazy", "async")
    cover = '<img class="cover cover--wide" src="../assets/la foto.jpg" width="4000" height="3000">'
    tree = shown(f"<h1>T</h1>{cover}<h2>U</h2>{cover}")
    assert [img.attributes.get("fetchpriority") for img in tree.css("img")] == ["high", None]
    assert {img.attributes["width"] for img in tree.css("img")} == {"4000"}
    assert "1200px" in (tree.css_first("source").attributes["sizes"] or "")
    assert [box.attributes["class"] for box in tree.css("main > picture")] == ["cover cover--wide"] * 2
    assert not tree.css("img.cover"), "the box is what the styles of covers speak of"
    thumbs = shown(
        f'<div class="entries">{"<article class=entry>" + cover.replace("wide", "card") + "</article>"}</div>'
    )
    assert "92vw" in (thumbs.css_first("source").attributes["sizes"] or "")


def test_what_an_editor_says_of_a_picture_holds() -> None:
    tree = shown('<h2>U</h2><img src="../assets/la foto.jpg" width="300" loading="eager" decoding="sync">')
    said = tree.css_first("img").attributes
    assert (said["width"], said["height"], said["loading"], said["decoding"]) == ("300", "225", "eager", "sync")
    assert (tree.css_first("source").attributes["sizes"] or "").startswith("(min-width: 330px) 300px")
    percent = shown('<h2>U</h2><img src="../assets/la foto.jpg" width="50%">').css_first("img")
    assert (percent.attributes["width"], percent.attributes.get("height")) == ("50%", None)


def test_what_has_one_width_needs_no_sizes_and_an_icon_only_its_place() -> None:
    tree = shown('<h2>U</h2><img src="../assets/b.png"><img src="../assets/icona.png">')
    assert [source.attributes for source in tree.css("source")] == [
        {"type": "image/avif", "srcset": "../assets/pictures/b.300.4567cdef.avif"}
    ]
    icon = tree.css("img")[1].attributes
    assert (icon["src"], icon["width"], icon["height"]) == ("../assets/icona.png", "16", "16")


def test_a_choice_that_an_editor_wrote_and_drawings_are_left_alone() -> None:
    body = (
        '<h2>U</h2><picture><source srcset="../assets/b.png 2x"><img src="../assets/b.png"></picture>'
        '<img src="../assets/b.png" srcset="../assets/b.png 2x"><img src="../assets/a.svg"><img>'
    )
    before = Tree(f"<html><body><header></header><main>{body}</main></body></html>").html
    assert shown(body).html == before
    assert addresses_of_pictures(body) == []
    assert addresses_of_pictures('img <svg role="img"/> a.png < img') == []
    assert addresses_of_pictures('<img src="a.JPG"><IMG SRC="a.JPG"><img src="b.png?x#y">') == [
        "a.JPG",
        "b.png?x#y",
    ]
