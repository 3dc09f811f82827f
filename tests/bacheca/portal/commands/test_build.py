"""`build.py`: the command, run as people run it, on a small portal."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bacheca.forms.results.package import write_results
from bacheca.portal.commands.build import main
from tests.bacheca.forms.samples import sample_form, sample_results
from tests.bacheca.portal.conftest import FORM, Sketch
from tests.journeys.service import ROOT

EPOCH = "1700000000"
"""The moment that builds take for now: a part of what they write."""


def run(sketch: Sketch, *arguments: str) -> Result:
    """Run the command in the sketch's folder, in this process."""
    before = Path.cwd()
    os.chdir(sketch.root)
    try:
        return CliRunner().invoke(main, arguments)
    finally:
        os.chdir(before)


def digests(site: Path) -> dict[str, str]:
    files = sorted(file for file in site.rglob("*") if file.is_file())
    return {str(file.relative_to(site)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def two_issues(root: Path) -> Sketch:
    sketch = Sketch(root)
    sketch.article("altro", categories="[Qualità del dialogo]", numero="2", date="2025-11-23")
    sketch.page("it/risultati.md", "# Risultati\n\n/// results | giudizi\n///\n", translation="results")
    form = sample_form(root / "content" / "forms", "giudizi")
    write_results(root / "data" / "results" / "giudizi", form, sample_results(form))
    return sketch


def drawing(site: Path) -> str:
    """Give the results that a page draws."""
    found = re.search(r'<section class="results".*?</section>', (site / "risultati/index.html").read_text(), re.DOTALL)
    assert found
    assert found[0].count("<svg") > 20
    return found[0].replace(' data-search-exclude=""', "")  # which one engine takes out once it has obeyed


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A small portal built once in both languages: its site, and what the command said."""
    sketch = two_issues(tmp_path_factory.mktemp("costruito"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
        result = run(sketch)
    assert result.exit_code == 0, result.output
    return sketch.root / "site", result.output


def test_a_build_makes_the_whole_site_and_tells_its_steps(built: tuple[Path, str]) -> None:
    site, said = built
    steps = ["controllo", "preparazione", "resa", "rifinitura", "fatto"]
    assert [line.split()[0] for line in said.splitlines()] == steps
    assert all(line.endswith(" s") for line in said.splitlines())
    for path in ("modulo/index.html", "en/form/index.html", "articoli/un-articolo/index.html", "shell.html"):
        assert (site / path).is_file(), path
    assert '<html lang="it"' in (site / "modulo/index.html").read_text()
    assert '<html lang="en"' in (site / "en/form/index.html").read_text()
    assert "Numero 1" in (site / "articoli/numeri/1/index.html").read_text()
    index = (site / "search/search_index.json").read_text()
    assert "Modulo" in index
    assert "pensi" not in index
    assert "commento" not in index
    assert "settore" not in index  # what results say is not a page's own


def test_where_nothing_has_changed_the_command_says_so_and_leaves(
    built: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = built[0]
    before = {file: file.stat().st_mtime_ns for file in site.rglob("*")}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    monkeypatch.chdir(site.parent)
    command = [sys.executable, "-X", "importtime", str(ROOT / "build.py")]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert said.stdout == "Non è cambiato niente: site è già come una nuova costruzione la farebbe.\n"
    loaded = {line.rpartition("|")[2].strip() for line in said.stderr.splitlines()}
    assert not loaded & {"mkdocs", "pandas", "PIL", "yaml", "bacheca.forms"}
    assert {file: file.stat().st_mtime_ns for file in site.rglob("*")} == before


def test_one_language_alone_can_be_built(sketch: Sketch) -> None:
    result = run(sketch, "--lang", "en", "--site-dir", "solo")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("check ")
    assert (sketch.root / "solo/form/index.html").is_file() is False
    assert (sketch.root / "solo/en/form/index.html").is_file()
    assert not (sketch.root / "solo/modulo").exists()


def test_problems_stop_the_build_before_it_touches_the_site(sketch: Sketch) -> None:
    sketch.page("it/a.md", "[x](y.md)", translation="a")
    result = run(sketch)
    assert result.exit_code == 1
    assert result.output.startswith("content/it/a.md:6: LINK_DEAD [errore] Il collegamento y.md non porta a niente")
    assert not (sketch.root / "site").exists()
    assert not (sketch.root / "build/it").exists()


def test_what_stops_the_build_is_counted_apart_from_what_does_not(sketch: Sketch) -> None:
    sketch.page("it/a.md", "[x](y.md)", translation="a")
    sketch.page("it/b.md", "\n", translation="b")
    said = run(sketch, "check").output
    assert "Da correggere: 1." in said
    assert "Da guardare" in said or "da guardare" in said
    for language, stops, warns in (
        ("en", "error", "warning"),
        ("it", "errore", "avviso"),
        ("de", "Fehler", "Warnung"),
        ("fr", "erreur", "avertissement"),
        ("es", "error", "aviso"),
    ):
        said = run(sketch, "check", "--lang", language).output
        marks = dict(re.findall(r"^content/it/[ab]\.md:\d+: ([A-Z_]+) \[(\w+)\] ", said, re.MULTILINE))
        assert marks == {"LINK_DEAD": stops, "PAGE_EMPTY": warns}


def test_a_check_against_the_past_says_what_it_can_beside_whatever_else_is_wrong(sketch: Sketch) -> None:
    sketch.write("content/forms/altra.yaml", FORM.replace("name: prova", "name: altra"))
    who = ["-c", "user.name=Prova", "-c", "user.email=prova@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "Prova"]):
        subprocess.run(["git", *who, *command], cwd=sketch.root, check=True)
    sketch.write("content/forms/prova.yaml", FORM.replace("maxLength: 2000", "maxLength: 1000"))
    sketch.write(
        "content/forms/altra.yaml", FORM.replace("name: prova", "name: altra").replace("type: string", "typo: x")
    )
    sketch.page("it/a.md", "[x](y.md)", translation="a")
    said = run(sketch, "check", "--against", "HEAD").output
    assert "content/forms/prova.yaml:8: new version" in said
    assert "content/forms/altra.yaml:10: PROPERTY_TYPO" in said
    assert "content/it/a.md:6: LINK_DEAD" in said
    sketch.write(
        "mkdocs.yml", sketch.config_file.read_text().replace("https://prova.example.org/", "prova.example.org")
    )
    said = run(sketch, "check", "--against", "niente").output
    assert {"SETTING_ADDRESS", "AGAINST", "LINK_DEAD"} <= set(re.findall("[A-Z]+_?[A-Z]+", said))


def test_what_the_engine_says_is_passed_on_and_the_site_stands(sketch: Sketch) -> None:
    assert run(sketch, "--lang", "it").exit_code == 0
    before = digests(sketch.root / "site")
    sketch.write("theme/main.html", '{% extends "base.html" %}{% block content %}{{ 1 / 0 }}{% endblock %}')
    result = run(sketch, "--lang", "it")
    assert result.exit_code == 1
    assert "ENGINE [errore] mkdocs non ha potuto fare le pagine (it)" in result.output
    assert "ZeroDivisionError" in result.output
    assert "Traceback" not in result.output
    assert "Traceback" in (sketch.root / "build/it/engine.log").read_text()
    assert digests(sketch.root / "site") == before


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--config-file", "altro.yml"], 2, "altro.yml:1: SETTINGS_FILE"),
        (["--lang", "de"], 2, "LANGUAGE_UNKNOWN"),
        (["--site-dir", "content"], 2, "SITE_DIR_TAKEN"),
        (["--site-dir", "mkdocs.yml"], 2, "SITE_DIR"),
        (["--site-dir", "mkdocs.yml/sotto"], 2, "SITE_DIR"),
        (["--engine", "hugo"], 2, "hugo"),
        (["check", "--config-file", "altro.yml"], 2, "SETTINGS_FILE"),
        (["new", "page", "Una Pagina"], 2, "NAME"),
        (["new", "poster", "uno"], 2, "poster"),
        (["serve", "--port", "0"], 2, "port"),
    ],
)
def test_what_is_asked_wrongly_is_a_sentence_and_not_a_traceback(
    sketch: Sketch, arguments: list[str], code: int, said: str
) -> None:
    result = run(sketch, *arguments)
    assert (result.exit_code, said in result.output) == (code, True), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert sketch.said() == []


def test_the_check_says_all_or_that_all_is_well(sketch: Sketch) -> None:
    result = run(sketch, "check")
    assert (result.exit_code, result.output) == (0, "Nessun problema: pagine 9, moduli 1.\n")
    sketch.page("it/a.md", "[x](y.md)", translation="a")
    sketch.write("content/forms/prova.yaml", "name: altro\n")
    result = run(sketch, "check", "--lang", "en")
    assert result.exit_code == 1
    assert "content/it/a.md:6: LINK_DEAD [error] The link y.md leads to nothing — write " in result.output
    assert "content/forms/prova.yaml:1: FORM_NAME" in result.output


def test_settings_given_before_a_command_hold_for_it(sketch: Sketch) -> None:
    (sketch.root / "mkdocs.yml").rename(sketch.root / "mio.yml")
    (sketch.root / "mkdocs.en.yml").unlink()
    assert run(sketch, "--config-file", "mio.yml", "check").exit_code == 0


def test_a_new_page_is_created_and_said(sketch: Sketch) -> None:
    result = run(sketch, "new", "page", "incontri", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "content/en/incontri.md" in result.output
    assert sketch.said() == []


def test_a_build_from_another_folder_is_the_same_byte_for_byte(
    built: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    sketch = two_issues(tmp_path)
    sketch.write("build/it/site/vecchio.html", "di un’altra volta")
    assert run(sketch, "--site-dir", "pubblica").exit_code == 0
    assert digests(sketch.root / "pubblica") == digests(built[0])


def test_two_builds_at_once_both_end_well(sketch: Sketch) -> None:
    command = [sys.executable, str(ROOT / "build.py"), "--lang", "it"]
    running = [
        subprocess.Popen(command, cwd=sketch.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(2)
    ]
    said = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    assert (sketch.root / "site/modulo/index.html").is_file()


def test_zensical_makes_the_same_pages(built: tuple[Path, str], tmp_path: Path) -> None:
    sketch = two_issues(tmp_path)
    result = run(sketch, "--engine", "zensical", "--site-dir", "con-zensical", "--full")
    assert result.exit_code == 0, result.output

    def pages(site: Path) -> set[str]:
        return {file.relative_to(site).as_posix() for file in site.rglob("*.html")}

    def pictures(site: Path) -> dict[str, str]:
        return {name: digest for name, digest in digests(site).items() if "cards/" in name or name.endswith("manifest")}

    assert pages(sketch.root / "con-zensical") == pages(built[0])
    assert pictures(sketch.root / "con-zensical") == pictures(built[0])
    assert len(pictures(built[0])) > 10
    assert drawing(sketch.root / "con-zensical") == drawing(built[0])
    page = (sketch.root / "con-zensical/modulo/index.html").read_text()
    assert 'action="/forms/prova"' in page
    assert '<html lang="it"' in page
