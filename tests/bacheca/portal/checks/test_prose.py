"""`bacheca.portal.checks.prose`: headings in order, pictures with words and light enough."""

from __future__ import annotations

import os
import signal
import struct
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from bacheca.portal.rendering import workers
from bacheca.portal.rules import LIMITS
from tests.bacheca.portal.conftest import Sketch


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("# A\n\n## B\n\n### C\n\n## D\n", []),
        ("## B\n\n### C\n\n#### D\n\n## E\n", []),
        ("### C\n", [6]),
        ("# A\n\n### C\n\n#### D\n", [8]),
        ("## B\n\n# A\n", [8]),
        ("# A\n\n# B\n", [8]),
        ("## B\n\n```\n#### not a heading\n```\n", []),
        ("#hashtag\n\n## B\n", []),
    ],
)
def test_a_heading_is_at_most_one_level_deeper_than_the_one_before(sketch: Sketch, body: str, lines: list[int]) -> None:
    sketch.page("it/a.md", body, translation="a")
    assert sketch.places() == [("content/it/a.md", line, "HEADING_LEVEL") for line in lines]


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("![](a.png)", True),
        ("![ ][a]\n\n[a]: a.png", True),
        ('<img src="../a.png">', True),
        ('<img src="../a.png" alt="">', False),
        ("![Una scala](a.png)", False),
        ("`![](a.png)`", False),
    ],
)
def test_a_picture_says_in_words_what_it_shows(sketch: Sketch, written: str, wrong: bool) -> None:
    Image.new("L", (1, 1)).save(sketch.root / "content/it/a.png")
    sketch.page("it/a.md", f"Ecco:\n{written}\n", translation="a")
    found = [place for place in sketch.places() if place[2] != "PICTURE_UNUSED"]
    assert found == ([("content/it/a.md", 9 if "]:" in written else 7, "PICTURE_WORDS")] if wrong else [])


def test_a_drawing_is_light_enough_for_a_phone(sketch: Sketch) -> None:
    picture = sketch.write("content/it/articoli/a b.svg", "x" * LIMITS["picture"] * 1000)
    sketch.page("it/articoli/a.md", "![Una scala](a%20b.svg)\n", translation="a")
    assert {code for _, _, code in sketch.places()} <= {"ADDRESS_NAME"}
    picture.write_text("x" * (LIMITS["picture"] + 1) * 1000)
    assert [said for said in sketch.said() if "ADDRESS_NAME" not in said] == [
        "content/it/articoli/a.md:6: PICTURE_HEAVY The picture a b.svg weighs 151 kB"
        " — make it smaller: 150 kB at most, since many read on a phone"
    ]


def test_a_photo_may_weigh_what_it_likes_and_what_moves_may_not(sketch: Sketch) -> None:
    noise = Image.frombytes("L", (500, 500), os.urandom(250_000))
    sketch.page("it/a.md", "![Una scala](a.webp)\n", translation="a")
    file = sketch.root / "content/it/a.webp"
    noise.save(file, lossless=True)
    assert file.stat().st_size > LIMITS["picture"] * 1000
    assert sketch.places() == []
    noise.save(file, lossless=True, save_all=True, append_images=[noise.transpose(Image.Transpose.ROTATE_90)])
    assert sketch.places() == [("content/it/a.md", 6, "PICTURE_HEAVY")]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_picture_that_is_cut_off_or_another_thing_is_named(sketch: Sketch, kind: str) -> None:
    sketch.page("it/a.md", "![Una scala](a.jpg)\n", translation="a")
    file = sketch.root / "content/it/a.jpg"
    Image.frombytes("L", (60, 60), os.urandom(3600)).convert("RGB").save(file, kind)
    assert sketch.places() == []
    whole = file.read_bytes()
    if kind == "AVIF":  # whole, and another picture's pixels
        place = whole.index(b"mdat") + 4
        file.write_bytes(whole[:place] + bytes(len(whole) - place))
        assert sketch.places() == [("content/it/a.jpg", 1, "PICTURE_BROKEN")]
    file.write_bytes(whole[:-400])
    assert sketch.places() == [("content/it/a.jpg", 1, "PICTURE_BROKEN")]
    for held in (b"", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", b"GIF89a", b"\x89PNG\r\n\x1a\n"):
        file.write_bytes(held)
        assert sketch.places() == [("content/it/a.jpg", 1, "PICTURE_BROKEN")]


def test_a_picture_that_its_library_crashes_with_is_named_and_the_others_are_read(
    sketch: Sketch, monkeypatch: pytest.MonkeyPatch
) -> None:
    sketch.page("it/a.md", "![Una scala](a.png) ![Una porta](b.png) ![Un muro](c.png)\n", translation="a")
    for name in ("a", "b"):
        Image.new("L", (60, 60)).save(sketch.root / f"content/it/{name}.png")
    (sketch.root / "content/it/c.png").write_bytes(b"")
    verify, me = PngImageFile.verify, os.getpid()

    def crash(image: PngImageFile) -> None:
        if os.path.basename(image.filename) == "a.png" and os.getpid() != me:
            os.kill(os.getpid(), signal.SIGKILL)
        verify(image)

    monkeypatch.setattr(PngImageFile, "verify", crash)
    monkeypatch.setattr(workers, "can_fork", lambda: True)  # whatever threads run the tests
    assert sketch.places() == [(f"content/it/{name}.png", 1, "PICTURE_BROKEN") for name in ("a", "c")]


def test_a_picture_that_would_take_the_memory_of_the_machine_is_named_and_not_opened(sketch: Sketch) -> None:
    # Beyond our limit alone, beyond that of Pillow's warning, beyond that of its error.
    for name, width in (("a.png", 8_000), ("b.png", 10_000), ("c.png", 20_000)):
        header = struct.pack(">IIBBBBB", width, width, 8, 2, 0, 0, 0)
        chunk = b"IHDR" + header
        held = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
        held += struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
        (sketch.root / "content/it" / name).write_bytes(held)
    sketch.page("it/a.md", "![Una scala](a.png) ![Una scala](b.png) ![Una scala](c.png)\n", translation="a")
    assert [(path, code) for path, _, code in sketch.places()] == [
        (f"content/it/{name}.png", "PICTURE_LARGE") for name in "abc"
    ]


def test_a_picture_in_the_texts_of_a_form_says_what_it_shows_too(sketch: Sketch) -> None:
    said = '  form:section: {title: A, text: "%s"}\n'
    form = sketch.root / "content/forms/prova.yaml"
    before = form.read_text(encoding="utf-8")
    for written, wrong in (("![](/a.svg)", True), ("![ ][/a.svg]", True), ("![Una scala](/a.svg)", False)):
        form.write_text(before + said % written, encoding="utf-8")
        codes = [(line, code) for path, line, code in sketch.places() if path.endswith("prova.yaml")]
        assert codes == ([(before.count("\n") + 1, "FORM_PICTURE_WORDS")] if wrong else [])
