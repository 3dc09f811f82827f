"""`bacheca.portal.images.renditions`: a picture in a few widths and light formats, and what is seen of it the same."""

from __future__ import annotations

import io
from random import Random

import pytest
from PIL import Image, ImageCms

from bacheca.portal.images.renditions import Renditions, renditions_of, widths_of


def painted(width: int, height: int) -> Image.Image:
    """A picture with something in it, its upper left red."""
    spots = Image.frombytes("L", (48, 48), Random(1).randbytes(48 * 48))
    image = spots.resize((width, height), Image.Resampling.BICUBIC).convert("RGB")
    image.paste("red", (0, 0, width // 2, height // 2))
    return image


def held(image: Image.Image, kind: str = "JPEG", **more: object) -> bytes:
    made = io.BytesIO()
    image.save(made, kind, **more)
    return made.getvalue()


def made_of(content: bytes) -> tuple[Renditions, dict[tuple[str, int], Image.Image]]:
    told, files = renditions_of(content, "0123abcd")
    assert told is not None
    return told, {file: Image.open(io.BytesIO(data)) for file, data in files.items()}


@pytest.mark.parametrize(
    ("width", "widths"),
    [(4000, (480, 960, 1600)), (1700, (480, 960, 1600)), (1200, (480, 960, 1200)), (1000, (480, 1000)), (300, (300,))],
)
def test_a_rendition_is_never_wider_than_the_picture_nor_nearly_as_wide_as_the_next(
    width: int, widths: tuple[int, ...]
) -> None:
    assert widths_of(width) == widths


@pytest.mark.parametrize(
    ("kind", "plain", "turn"), [("JPEG", "jpg", 6), ("JPEG", "jpg", 1), ("PNG", "png", 1), ("WEBP", "webp", 8)]
)
def test_a_photo_becomes_avif_and_webp_upright_and_in_proportion(kind: str, plain: str, turn: int) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = turn, "Ada Rossi"
    content = held(painted(320, 160), kind, exif=exif)
    told, files = made_of(content)
    size = (320, 160) if turn == 1 else (160, 320)
    assert (told.width, told.height) == size
    assert [kind for kind, _ in told.sources] == ["avif", "webp"]
    assert set(files) == {*told.files}
    assert told.plain[0] == plain
    for (_, width), image in files.items():
        assert image.size == (width, round(size[1] * width / size[0]))
        assert not image.getexif()
        red = {1: (0.2, 0.2), 6: (0.8, 0.2), 8: (0.2, 0.8)}[turn]
        pixel = image.convert("RGB").getpixel((round(image.width * red[0]), round(image.height * red[1])))
        assert isinstance(pixel, tuple)
        assert pixel[0] > 200
        assert pixel[1] < 60
    assert renditions_of(content, "")[1] == renditions_of(content, "")[1], "it is the same each time, byte for byte"


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "PA", "RGBA", "I;16", "CMYK"])
def test_pictures_of_every_sort_of_colour_are_seen_as_they_were(mode: str) -> None:
    grey = Image.linear_gradient("L").resize((320, 160))
    if mode == "I;16":
        image = grey.convert("I").point(lambda value: value * 257).convert("I;16")
    else:
        image = (grey if mode in {"1", "L", "LA"} else painted(320, 160)).convert(mode)
    if "A" in mode:
        image.putalpha(Image.linear_gradient("L").resize((320, 160)).rotate(180))
    kind = "TIFF" if mode == "PA" else "JPEG" if mode == "CMYK" else "PNG"
    if kind == "TIFF":
        assert renditions_of(held(painted(320, 160), kind), "") == (None, {}), "no browser shows it"
        return
    content = held(image, kind)
    told, files = made_of(content)
    for file in files.values():
        assert file.mode in {"L", "RGB", "RGBA"}
        assert ("A" in file.mode) == ("A" in mode)
        before = Image.open(io.BytesIO(content))
        seen = before.convert("I").point(lambda value: value / 256).convert("L") if mode == "I;16" else before
        left, right = (seen.convert("RGBA").resize((6, 3)), file.convert("RGBA").resize((6, 3)))
        if mode != "CMYK":  # whose colours are a matter of taste
            pairs = zip(left.tobytes(), right.tobytes(), strict=True)
            assert max(abs(one - other) for one, other in pairs) < 24
    assert (told.width, told.height) == (320, 160)


def test_what_moves_is_tiny_or_light_already_stays_as_it_is_and_has_its_size() -> None:
    frames = [painted(300, 200), painted(300, 200).rotate(180)]
    moving = [held(frames[0], kind, save_all=True, append_images=frames[1:]) for kind in ("GIF", "WEBP", "PNG")]
    flat = held(Image.new("P", (320, 160)), "PNG")
    for content, size in [*((content, (300, 200)) for content in moving), (flat, (320, 160))]:
        assert renditions_of(content, "x") == (Renditions(*size), {})
    assert renditions_of(held(painted(256, 20)), "x") == (Renditions(256, 20), {})
    assert renditions_of(b"no picture", "x") == (None, {})
    assert renditions_of(held(painted(900, 900))[:-900], "x") == (None, {})


def test_a_photo_in_the_colours_of_another_device_is_shown_in_those_of_screens() -> None:
    wide = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    told, files = made_of(held(painted(300, 300), icc_profile=wide))
    assert told.sources
    for file in files.values():
        assert "icc_profile" not in file.info


def test_a_picture_longer_than_a_format_can_be_has_the_others() -> None:
    told, _ = made_of(held(painted(20, 17_000)))
    assert [kind for kind, _ in told.sources] == ["avif"]


def test_a_picture_much_larger_than_its_widest_rendition_is_the_same_in_small() -> None:
    large = painted(3300, 130).convert("RGBA")
    large.putalpha(Image.linear_gradient("L").resize((3300, 130)))
    _, files = made_of(held(large, "PNG", compress_level=1))
    seen, expected = (image.convert("RGBA").resize((33, 4)) for image in (files["webp", 1600], large))
    assert files["webp", 1600].size == (1600, 63)
    pairs = zip(seen.tobytes(), expected.tobytes(), strict=True)
    assert max(abs(one - other) for one, other in pairs) < 16


def test_a_picture_that_is_longer_than_any_photo_stays_as_it_is() -> None:
    long = Image.new("1", (1, 65_536))
    assert renditions_of(held(long, "PNG"), "0123abcd") == (Renditions(1, 65_536), {})
