"""`bacheca.portal.images.published_pictures`: what is seen, and nothing that cameras and programs note besides."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bacheca.portal.cache.store import Cache
from bacheca.portal.images.bare_files import bare_file
from bacheca.portal.images.published_pictures import published

SECRET = "Ada Rossi, via Roma 1"


def photo(kind: str, turn: int = 1) -> bytes:
    image = Image.linear_gradient("L").resize((64, 32)).convert("RGB")
    image.paste("red", (0, 0, 32, 32))
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = turn, SECRET
    exif.get_ifd(0x8825)[1] = "N"
    notes = PngInfo()
    notes.add_text("Author", SECRET)
    made = io.BytesIO()
    more = {"pnginfo": notes} if kind == "PNG" else {"comment": SECRET.encode()} if kind == "JPEG" else {}
    image.save(made, kind, exif=exif, **more)
    return made.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("turn", [1, 6])
def test_a_picture_is_published_upright_and_says_nothing_of_who_took_it_where(
    tmp_path: Path, kind: str, turn: int
) -> None:
    held, cache = photo(kind, turn), Cache(tmp_path)
    assert SECRET.encode() in held
    shown = published(held, cache)
    assert SECRET.encode() not in shown
    image = Image.open(io.BytesIO(shown))
    assert image.format == kind
    assert not image.getexif()
    assert image.size == ((64, 32) if turn == 1 else (32, 64))
    corner = image.convert("RGB").resize((1, 1), box=(4, 4, 12, 12)).tobytes()
    assert corner[0] > 200
    assert corner[1] < 60
    assert published(held, cache) == shown == published(held, Cache(tmp_path / "other"))


def test_what_has_no_notes_moves_or_is_no_picture_stays_as_it_is(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    plain, moving = io.BytesIO(), io.BytesIO()
    Image.new("P", (8, 8)).save(plain, "PNG", transparency=0)
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(moving, "WEBP", save_all=True, append_images=frames[1:])
    for held in (plain.getvalue(), moving.getvalue(), b"no picture", b""):
        assert published(held, cache) == held


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_what_moves_goes_on_moving_and_says_nothing_either(tmp_path: Path, kind: str) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "green")]
    exif, made, notes = Image.Exif(), io.BytesIO(), PngInfo()
    exif[0x013B] = SECRET
    notes.add_text("Author", SECRET)
    noted: dict[str, dict[str, Any]] = {"GIF": {"comment": SECRET.encode()}, "PNG": {"pnginfo": notes}}
    more = noted.get(kind, {"exif": exif})
    frames[0].save(made, kind, save_all=True, append_images=frames[1:], duration=70, loop=3, **more)
    assert SECRET.encode() in made.getvalue()
    shown = published(made.getvalue(), Cache(tmp_path))
    assert SECRET.encode() not in shown
    with Image.open(io.BytesIO(made.getvalue())) as before, Image.open(io.BytesIO(shown)) as after:
        assert (getattr(after, "n_frames", 1), after.info["loop"], after.info.get("duration")) == (
            3,
            3,
            before.info.get("duration"),
        )
        for number in range(3):
            before.seek(number)
            after.seek(number)
            assert after.convert("RGB").tobytes() == before.convert("RGB").tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_without_its_notes_every_pixel_is_as_it_was(kind: str) -> None:
    image, exif, made = Image.effect_noise((64, 64), 90).convert("L"), Image.Exif(), io.BytesIO()
    exif[0x013B] = SECRET
    more = {"comment": SECRET.encode()} if kind == "GIF" else {"exif": exif}
    image.save(made, kind, **({"progressive": True} if kind == "JPEG" else {}), **more)
    bare = bare_file(made.getvalue() + (SECRET.encode() if kind == "JPEG" else b""), kind)
    assert SECRET.encode() not in bare
    with Image.open(io.BytesIO(bare)) as after, Image.open(io.BytesIO(made.getvalue())) as before:
        assert after.convert("RGB").tobytes() == before.convert("RGB").tobytes()
    assert bare_file(bare, kind) == bare


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_file_that_is_built_otherwise_is_refused(kind: str) -> None:
    made = io.BytesIO()
    Image.effect_noise((64, 64), 90).convert("L").save(made, kind)
    for held in (b"", b"x" * 99, *(made.getvalue()[:size] for size in (3, 9, 15, 31, 200, -9))):
        with pytest.raises(ValueError):  # noqa: PT011  whatever is wrong with it
            bare_file(held, kind)
