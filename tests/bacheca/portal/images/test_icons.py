"""`bacheca.portal.images.icons`: the icons and the manifest that phones ask for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw

from bacheca.portal.appearance.colours import STYLES, usual
from bacheca.portal.images.icons import ICONS
from tests.bacheca.portal.test_site import Reader


@pytest.mark.parametrize(("folder", "language"), [("", "it"), ("en/", "en")])
def test_the_manifest_of_a_language_names_icons_of_the_stated_sizes(site: Path, folder: str, language: str) -> None:
    manifest = json.loads((site / folder / "site.webmanifest").read_text(encoding="utf-8"))
    assert (manifest["lang"], manifest["start_url"], manifest["scope"]) == (language, f"/{folder}", "/")
    assert manifest["name"] == "La Bacheca"
    assert len(manifest["short_name"]) <= 12
    assert manifest["theme_color"] == manifest["background_color"] == usual()["light"]["paper"]
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} == {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }
    for icon in manifest["icons"]:
        with Image.open(site / folder / icon["src"]) as image:
            assert icon["sizes"] == f"{image.width}x{image.height}"
            assert icon["type"] == Image.MIME[str(image.format)]


def test_a_maskable_icon_is_whole_within_the_circle_that_phones_leave(site: Path) -> None:
    with Image.open(site / "assets/images/icon-maskable.png") as file:
        icon = file.convert("RGB")
    paper = Image.new("RGB", icon.size, usual()["light"]["paper"])
    left, _, right, _ = ImageChops.difference(icon, paper).getbbox() or (0, 0, 0, 0)
    assert right - left > icon.width / 2
    ImageDraw.Draw(icon).ellipse([icon.width * 0.1] * 2 + [icon.width * 0.9] * 2, fill=usual()["light"]["paper"])
    assert ImageChops.difference(icon, paper).getbbox() is None


def test_every_page_and_what_the_service_shows_name_manifest_icons_and_colours(site: Path) -> None:
    styles = (STYLES / "tokens.css").read_text(encoding="utf-8")
    papers = re.findall(r"--paper: (#\w+);", styles)
    for file in site.rglob("*.html"):
        if file.name.endswith(".poster.html"):  # for paper
            continue
        page = Reader(file.read_text(encoding="utf-8"))
        for rel in ("manifest", "apple-touch-icon", "icon"):
            (link,) = page.all("link", rel=rel)
            target = site / link["href"].lstrip("/") if link["href"].startswith("/") else file.parent / link["href"]
            assert target.is_file(), (file, rel)
        assert [found["content"] for found in page.all("meta", name="theme-color")] == papers[:2]


def test_what_the_service_shows_is_not_shared_as_the_page_it_was_made_of(site: Path) -> None:
    for shell in ("shell.html", "en/shell.html"):
        said = Reader((site / shell).read_text(encoding="utf-8")).all("meta")
        assert not [found for found in said if found.get("property", found.get("name", ""))[:3] in ("og:", "twi")]


def test_the_icon_that_old_browsers_ask_for_is_at_the_root(site: Path) -> None:
    with Image.open(site / "favicon.ico") as icon:
        assert set(icon.info["sizes"]) == {(16, 16), (32, 32), (48, 48)}
    assert not (site / "en/favicon.ico").exists()
    assert "apple-touch-icon.png" in ICONS
