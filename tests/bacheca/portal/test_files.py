"""`bacheca.portal.files`: nothing is published that does not stand in the content itself."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from bacheca.portal.build.pipeline import build
from bacheca.portal.build.read import read_content
from bacheca.portal.build.stage import stage
from bacheca.portal.disk.plain_files import read_file
from bacheca.portal.errors import ContentProblems
from bacheca.portal.files import check_files, copy_files, is_own
from bacheca.portal.settings import read_portal
from tests.bacheca.portal.conftest import SETTINGS, Sketch

SECRET = "la chiave di tutto"


@pytest.fixture
def secret(sketch: Sketch) -> Path:
    """A file that nobody may publish."""
    return sketch.write("data/secret.key", SECRET)


LINKS: dict[str, str] = {
    "content/it/assets/leak.txt": "data/secret.key",
    "content/it/leak.md": "data/secret.key",
    "content/it/assets/dati": "data",
    "content/it/sotto/dati": "data",
    "content/en/leak.txt": "data/secret.key",
    "content/forms/leak.yaml": "data/secret.key",
    "content/forms/dati": "data",
    "content/it/articoli/posts/leak.md": "data/secret.key",
    "content/it/assets/vuoto": "data/non-c-e",
    "content/it/assets/casa.md": "content/it/index.md",
    "content/it/assets/se-stesso": "content/it/assets/se-stesso",
    "content/words.it.txt": "data/secret.key",
    "content/it/.nascosto": "data/secret.key",
    "theme/leak.txt": "data/secret.key",
    "theme/dati": "data",
}


@pytest.mark.parametrize("absolute", [True, False])
def test_a_link_is_refused_wherever_it_leads(sketch: Sketch, secret: Path, absolute: bool) -> None:
    for place, leads in LINKS.items():
        link, target = sketch.root / place, sketch.root / leads
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target if absolute else os.path.relpath(target, link.parent))
        assert sketch.places() == [(place, 1, "FILE_LINK")]
        link.unlink()
    link.symlink_to(target)
    with pytest.raises(ContentProblems):
        build(sketch.portal(), sketch.root / "site", lambda *_, **__: None, engine="mkdocs", full=False)
    kept = {file.relative_to(sketch.root / "build").as_posix() for file in (sketch.root / "build").rglob("*")}
    assert kept <= {"lock", "cache", "cache/format", "cache/builds"}


@pytest.mark.parametrize("folder", ["content/it", "content/en", "content/forms", "content", "theme"])
def test_a_folder_of_the_content_is_no_link_itself(sketch: Sketch, folder: str) -> None:
    shutil.move(sketch.root / folder, sketch.root / "altrove")
    (sketch.root / folder).symlink_to(sketch.root / "altrove")
    assert {(path, code) for path, _, code in sketch.places()} == {(folder, "FILE_LINK")}


@pytest.mark.parametrize("name", ["mkdocs.yml", "mkdocs.en.yml", "base.yml"])
def test_a_file_of_settings_is_no_link_nor_a_pipe(sketch: Sketch, name: str) -> None:
    settings = sketch.root / "mkdocs.yml"
    if name == "base.yml":
        settings.write_text(f"INHERIT: {name}\n{settings.read_text(encoding='utf-8')}", encoding="utf-8")
    file = sketch.root / name
    kept = file.read_bytes() if file.exists() else b"extra: {facts: {chiave: la chiave di tutto}}\n"
    file.unlink(missing_ok=True)
    file.symlink_to(sketch.write("data/settings.yml", kept.decode()))
    assert [(Path(found.path).name, found.code) for found in read_portal(settings)[1]] == [(name, "FILE_LINK")]
    file.unlink()
    os.mkfifo(file)
    assert [(Path(found.path).name, found.code) for found in read_portal(settings)[1]] == [(name, "FILE_KIND")]


def test_what_is_no_file_is_refused_and_not_waited_for(sketch: Sketch) -> None:
    os.mkfifo(sketch.root / "content/it/tubo.md")
    os.mkfifo(sketch.root / "content/forms/tubo.yaml")
    with socket.socket(socket.AF_UNIX) as server:
        before = Path.cwd()
        os.chdir(sketch.root / "content/it")  # the name of a socket has to be short
        try:
            server.bind("presa")
        finally:
            os.chdir(before)
    assert {(path, code) for path, _, code in sketch.places()} == {
        ("content/it/tubo.md", "FILE_KIND"),
        ("content/forms/tubo.yaml", "FILE_KIND"),
        ("content/it/presa", "FILE_KIND"),
    }
    with pytest.raises(OSError, match="no file"):
        read_file(sketch.root / "content/it/tubo.md")


NAMES = {
    "due\nrighe.txt": "FILE_NAME",
    "con\x1b[31m.txt": "FILE_NAME",
    "al\u202econtrario.txt": "FILE_NAME",
    "barra\\rovescia.txt": "FILE_NAME",
    "due:punti.txt": "FILE_NAME",
    "citt\u00e0.txt": "",
    "con spazio.txt": "",
    ".nascosto": "",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_not_every_system_can_write_is_said_in_letters_that_harm_nobody(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x")
    problems = list(check_files(tmp_path, 25))
    assert [problem.code for problem in problems] == [NAMES[name]] * bool(NAMES[name])
    assert all(problem.line_of_text("it").isprintable() for problem in problems)


def test_names_that_differ_by_capitals_or_accents_alone_are_refused(tmp_path: Path) -> None:
    for name in ("Foto.png", "foto.png", "a/e\u0301.txt", "a/\u00e9.txt", "b/foto.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [problem.code for problem in check_files(tmp_path, 25)] == ["FILE_CASE", "FILE_CASE"]


def test_a_file_too_large_to_be_copied_about_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "film.mp4").open("wb") as film:
        film.truncate(25_000_001)  # with nothing in it
    assert [problem.code for problem in check_files(tmp_path, 25)] == ["FILE_HEAVY"]


def replaced_file(content: Path, data: Path) -> None:
    (content / "a.svg").unlink()
    (content / "a.svg").symlink_to(data / "secret.key")


def replaced_folder(content: Path, data: Path) -> None:
    shutil.rmtree(content / "immagini")
    (content / "immagini").symlink_to(data)


def replaced_by_a_pipe(content: Path, data: Path) -> None:
    (content / "a.svg").unlink()
    os.mkfifo(content / "a.svg")


@pytest.mark.parametrize("replaced", [replaced_file, replaced_folder, replaced_by_a_pipe])
def test_a_link_that_comes_after_the_check_is_not_followed(
    sketch: Sketch, secret: Path, replaced: Callable[[Path, Path], None]
) -> None:
    sketch.write("content/it/immagini/b.svg", "<svg/>")
    portal = sketch.portal()
    content, problems = read_content(portal)
    assert {problem.code for problem in problems} == {"PICTURE_UNUSED"}
    replaced(sketch.root / "content/it", sketch.root / "data")
    with pytest.raises(ContentProblems, match=r"FILE_LINK|FILE_KIND"):
        stage(portal, content)
    staged = [file for file in (sketch.root / "build").rglob("*") if file.is_file()]
    assert not any(SECRET in file.read_text(errors="replace") for file in staged)


def test_a_page_is_never_read_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(SECRET)
    (tmp_path / "b.md").symlink_to(tmp_path / "a.md")
    assert read_file(tmp_path / "a.md") == SECRET.encode()
    with pytest.raises(OSError, match=r"symbolic|links"):
        read_file(tmp_path / "b.md")


def test_files_are_copied_with_their_folders_and_pages_are_not(tmp_path: Path) -> None:
    for name in ("a.txt", "b/c.txt", "b/d.md", "e/.authors.yml"):
        (tmp_path / "da" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "da" / name).write_text(name)
    copy_files(tmp_path / "da", tmp_path / "a")
    copied = {file.relative_to(tmp_path / "a").as_posix() for file in (tmp_path / "a").rglob("*") if file.is_file()}
    assert copied == {"a.txt", "b/c.txt", "e/.authors.yml"}


@pytest.mark.parametrize("folder", ["data", "data/it", "build/it", ".git", "site/it", ".", "..", "/etc"])
def test_only_a_folder_of_the_portal_is_its_content(
    tmp_path: Path, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not is_own(tmp_path / folder, tmp_path)
    assert is_own(tmp_path / "content/it", tmp_path)
    monkeypatch.setenv("FORMS_DATA", str(tmp_path / "content"))
    assert not is_own(tmp_path / "content/it", tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        '--8<-- "../../data/secret.key"',
        '--8<-- "https://example.org/x.md"',
        "  -8<- /etc/passwd",
        "--8<--",
        "----8<---- 'a.md'",
    ],
)
def test_a_page_includes_nothing(sketch: Sketch, secret: Path, line: str) -> None:
    sketch.page("it/a.md", f"Una frase.\n\n{line}\n", translation="a")
    assert ("content/it/a.md", 8, "PAGE_INCLUDE") in sketch.places()


def test_what_the_operator_allows_to_be_included_comes_from_the_portals_own_folders_alone(
    sketch: Sketch, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACHECA_ALLOW", "theme, extensions")
    loose = {"base_path": [str(sketch.root)], "restrict_base_path": False, "url_download": True}
    extensions = {**SETTINGS["markdown_extensions"], "pymdownx.snippets": loose}
    sketch.settings("mkdocs.yml", {**SETTINGS, "markdown_extensions": extensions})
    sketch.page("it/a.md", '--8<-- "data/secret.key"\n', translation="a")
    with pytest.raises(Exception, match=r"PAGE_MARKDOWN"):
        build(sketch.portal("it"), sketch.root / "site", lambda *_, **__: None, engine="mkdocs", full=False)
    sketch.write("content/it/nota.txt", "Una nota da includere.\n")
    sketch.page("it/a.md", '--8<-- "nota.txt"\n', translation="a")
    build(sketch.portal("it"), sketch.root / "site", lambda *_, **__: None, engine="mkdocs", full=False)
    assert "Una nota da includere." in (sketch.root / "site/a/index.html").read_text()


def test_what_settings_name_is_looked_for_where_the_settings_are(
    sketch: Sketch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACHECA_ALLOW", "theme, extensions, hooks")
    extensions = {**SETTINGS["markdown_extensions"], "pymdownx.snippets": {"base_path": ["pezzi", "content/it"]}}
    hook = "def on_page_markdown(markdown, **kwargs):\n    return markdown.replace('qui', 'dal gancio')\n"
    sketch.settings("mkdocs.yml", {**SETTINGS, "markdown_extensions": extensions, "hooks": ["ganci/qui.py"]})
    sketch.page("it/a.md", '--8<-- "nota.md"\n\nScritto qui.\n', translation="a")
    sketch.write("pezzi/nota.md", "Una nota da includere.\n")
    assert [problem.code for problem in read_portal(sketch.config_file)[1]] == ["SETTING_HOOK"]
    sketch.write("ganci/qui.py", hook)
    build(sketch.portal("it"), sketch.root / "site", lambda *_, **__: None, engine="mkdocs", full=False)
    html = (sketch.root / "site/a/index.html").read_text(encoding="utf-8")
    assert "Una nota da includere." in html
    assert "Scritto dal gancio." in html
    (sketch.root / "pezzi/altra.md").symlink_to("/etc/passwd")
    assert {code for _, _, code in sketch.places()} == {"FILE_LINK"}


@pytest.mark.parametrize("target", ["../../data/secret.key", "../../../etc/passwd", "/data/secret.key", "/etc/passwd"])
def test_a_picture_or_a_link_leads_nowhere_outside(sketch: Sketch, secret: Path, target: str) -> None:
    sketch.page("it/a.md", f"![foto]({target})\n\n[x]({target})\n", translation="a")
    assert {code for _, _, code in sketch.places()} <= {"LINK_DEAD", "LINK_NOTHING"}
    assert sketch.places()
