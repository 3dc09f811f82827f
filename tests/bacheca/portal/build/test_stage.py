"""`bacheca.portal.build.stage`: the tree and the settings that the engine gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from mkdocs.utils.yaml import yaml_load
from PIL import Image

from bacheca.portal.build.stage import stage, staged_settings, without
from bacheca.portal.settings import load_portal
from tests.bacheca.portal.conftest import SETTINGS, Sketch


def staged(sketch: Sketch, path: str) -> tuple[dict[str, Any], str]:
    stage(sketch.portal(), sketch.content())
    _, head, body = (sketch.root / "build" / path).read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(head), body


def test_settings_are_filled_in_text_and_front_matter(sketch: Sketch) -> None:
    sketch.page(
        "it/a.md", "{{ community.name }}, {{community.email}}.\n", translation="a", title='"Di {{ community.name }}"'
    )
    meta, body = staged(sketch, "it/pages/a.md")
    assert (meta["title"], body) == ("Di Prova", "Prova, prova@example.org.\n")


def test_the_engine_is_given_no_setting_that_it_would_stop_at(sketch: Sketch) -> None:
    sketch.settings("mkdocs.yml", SETTINGS | {"zzz": 1})
    assert ("SETTING_UNREAD", "zzz") in [(found.code, found.values.get("key")) for found in sketch.problems()]
    staged(sketch, "it/pages/index.md")
    assert "zzz" not in yaml_load((sketch.root / "build/it/mkdocs.yml").read_text(encoding="utf-8"))


def test_a_page_knows_its_translations(sketch: Sketch) -> None:
    meta, _ = staged(sketch, "it/pages/modulo.md")
    assert meta["alternates"] == {"it": "/modulo/", "en": "/en/form/"}
    assert staged(sketch, "en/pages/form.md")[0]["alternates"] == meta["alternates"]
    assert staged(sketch, "it/pages/index.md")[0]["alternates"] == {"it": "/", "en": "/en/"}
    assert "alternates" not in staged(sketch, "it/pages/articoli/colophon.md")[0]


def test_translations_have_the_path_of_the_host(sketch: Sketch) -> None:
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        file = sketch.root / name
        file.write_text(file.read_text().replace("prova.example.org/", "example.org/prova/"))
    assert staged(sketch, "it/pages/modulo.md")[0]["alternates"]["en"] == "/prova/en/form/"


def test_pictures_are_staged_without_what_their_camera_noted_and_written_once(sketch: Sketch) -> None:
    file = sketch.write("content/it/assets/foto.jpg", "")
    exif = Image.Exif()
    exif[0x013B] = "Ada Rossi"
    Image.new("RGB", (64, 32)).save(file, exif=exif)
    stage(sketch.portal(), sketch.content())
    shown = sketch.root / "build/it/pages/assets/foto.jpg"
    assert b"Ada Rossi" in file.read_bytes()
    assert b"Ada Rossi" not in shown.read_bytes()
    before = shown.stat().st_mtime_ns
    stage(sketch.portal(), sketch.content())
    assert shown.stat().st_mtime_ns == before


def test_an_article_has_its_own_picture_where_it_names_one(sketch: Sketch) -> None:
    file = sketch.write("content/it/assets/foto.png", "")
    Image.new("RGB", (64, 32)).save(file)
    sketch.article("uno", date="2026-11-24", image="{href: assets/foto.png, alt: Una bacheca}")
    picture = {"src": "assets/foto.png", "alt": "Una bacheca", "width": 64, "height": 32}
    assert staged(sketch, "it/pages/articoli/posts/uno.md")[0]["picture"] == picture
    assert staged(sketch, "it/pages/index.md")[0]["latest"][0]["picture"] == picture


def test_the_home_page_knows_the_three_newest_articles(sketch: Sketch) -> None:
    for day in ("25", "26", "24"):
        sketch.article(f"del-{day}", date=f"2026-11-{day}", title=f"Del {day}")
    latest = staged(sketch, "it/pages/index.md")[0]["latest"]
    assert [article["title"] for article in latest] == ["Del 26", "Del 25", "Del 24"]
    assert latest[0] == {
        "title": "Del 26",
        "url": "articoli/del-26/",
        "date": "2026-11-26",
        "topic": "Ascolto",
        "minutes": 1,
        "text": "Una frase.",
        "picture": {},
    }
    assert staged(sketch, "en/pages/index.md")[0]["latest"] == []


def test_an_article_says_how_long_it_takes(sketch: Sketch) -> None:
    sketch.article("lungo", "parola " * 660 + "\n\n<!-- more -->\n")
    assert staged(sketch, "it/pages/articoli/posts/lungo.md")[0]["readtime"] == 3


def test_other_files_and_the_script_of_forms_are_staged(sketch: Sketch) -> None:
    sketch.write("content/it/assets/a.svg", "<svg/>")
    stage(sketch.portal(), sketch.content())
    pages = sketch.root / "build/it/pages"
    assert (pages / "assets/a.svg").read_text() == "<svg/>"
    assert (pages / "articoli/.authors.yml").is_file()
    assert (pages / "assets/javascripts/form.js").is_file()


def test_a_page_that_is_gone_is_staged_no_more(sketch: Sketch) -> None:
    gone = sketch.page("it/a.md", "", translation="a")
    stage(sketch.portal(), sketch.content())
    gone.unlink()
    stage(sketch.portal(), sketch.content())
    assert not (sketch.root / "build/it/pages/a.md").exists()


def test_only_a_preview_reloads(sketch: Sketch) -> None:
    scripts = sketch.root / "build/it/pages/assets/javascripts"
    stage(sketch.portal(), sketch.content(), live=True)
    assert {file.name for file in scripts.glob("reload.*")} == {"reload.css", "reload.js"}
    assert "reload.js" in (sketch.root / "build/it/mkdocs.yml").read_text()
    stage(sketch.portal(), sketch.content())
    assert not list(scripts.glob("reload.*"))
    assert "reload.js" not in (sketch.root / "build/it/mkdocs.yml").read_text()


def test_the_engine_gets_settings_without_inheritance(sketch: Sketch) -> None:
    stage(sketch.portal(), sketch.content())
    english = yaml_load((sketch.root / "build/en/mkdocs.yml").read_text())
    assert "INHERIT" not in english
    assert english["nav"] == [{"Form": "form.md"}]
    assert english["theme"]["custom_dir"] == "../../theme"
    assert (english["docs_dir"], english["site_dir"]) == ("pages", "site")
    assert english["extra"]["origin"] == "https://prova.example.org"
    assert english["markdown_extensions"]["bacheca.portal.markdown.form_block"] == {
        "folder": str((sketch.root / "content/forms").resolve()),
        "results": str((sketch.root / "build/results").resolve()),
        "language": "en",
        "forms_url": "",
        "mail_to": "prova@example.org",
        "beside": {"prova": "/en/form/prova"},
        "usual_language": "it",
        "usual_zone": "Europe/Rome",
    }


def test_issues_and_labels_join_the_section_of_the_articles(sketch: Sketch) -> None:
    content, language = sketch.content(), sketch.language()
    settings = staged_settings(sketch.portal(), language, content)
    names = ["index", "numeri/1", "autori/redazione", "indice", "etichette"]
    assert settings["nav"][1] == {"Articoli": [f"articoli/{name}.md" for name in names]}
    assert language.config["nav"] == SETTINGS["nav"]


def test_no_setting_moves_what_is_staged(sketch: Sketch) -> None:
    sketch.settings("mkdocs.yml", {**SETTINGS, "config_file_path": "/etc/x.yml", "site_dir": "/tmp/x"})
    settings = staged_settings(sketch.portal(), sketch.language(), sketch.content())
    assert "config_file_path" not in settings
    assert (settings["docs_dir"], settings["site_dir"]) == ("pages", "site")


def test_one_language_alone_offers_no_other(sketch: Sketch) -> None:
    portal = sketch.portal("it")
    settings = staged_settings(portal, portal.main, sketch.content())
    assert [other["lang"] for other in settings["extra"]["alternate"]] == ["it"]


@pytest.mark.parametrize("folder", [".", ".."])
def test_settings_hold_from_wherever_the_command_runs(
    sketch: Sketch, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sketch.root / folder)
    file = Path("mkdocs.yml") if folder == "." else Path(sketch.root.name, "mkdocs.yml")
    portal = load_portal(file)
    settings = staged_settings(portal, portal.main, sketch.content())
    assert (portal.build / "it" / settings["theme"]["custom_dir"]).resolve() == (sketch.root / "theme").resolve()


def test_a_navigation_loses_drafts_and_what_is_left_empty() -> None:
    nav = ["a.md", {"B": "b.md"}, {"C": ["c.md", {"D": "d.md"}]}, {"E": [{"F": ["b.md"]}]}]
    assert without(nav, {"b.md", "c.md"}) == ["a.md", {"C": [{"D": "d.md"}]}]


def test_a_portal_is_written_the_way_its_language_is(sketch: Sketch) -> None:
    (sketch.root / "content/it").rename(sketch.root / "content/ar")
    written = sketch.config_file.read_text(encoding="utf-8")
    written = written.replace("content/it", "content/ar").replace("language: it", "language: ar")
    sketch.write("mkdocs.yml", written.replace("lang: it", "lang: ar"))
    portal = sketch.portal()
    settings = {language.code: staged_settings(portal, language, sketch.content()) for language in portal.languages}
    assert {code: said["theme"]["direction"] for code, said in settings.items()} == {"ar": "rtl", "en": "ltr"}
    assert [other["dir"] for other in settings["en"]["extra"]["alternate"]] == ["rtl", "ltr"]
