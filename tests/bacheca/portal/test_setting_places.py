"""`bacheca.portal.setting_places`: every problem of the settings says the line that it is about, and of which file."""

from __future__ import annotations

import pytest

from bacheca.portal.build.read import read_content
from bacheca.portal.setting_places import Places
from bacheca.portal.settings import read_portal
from bacheca.portal.settings_file import KNOWN
from tests.bacheca.portal.conftest import Sketch

MAIN = """\
site_name: Prova
site_url: https://prova.example.org/
docs_dir: content/it
# hooks, plugins, theme: words of a remark
theme:
  name: material
  language: it
  custom_dir: theme
plugins:
  search: {lang: it}
  blog:
    blog_dir: articoli
markdown_extensions:
  toc: {}
extra:
  community:
    name: plugins
    email: prova@example.org
nav:
  - index.md
  - Partecipa:
      - modulo.md
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("hooks, plugins", "x\nhooks: [a.py]", 5, "SETTING_CODE"),
        ("  toc: {}", "  toc: {}\n  altra.estensione: {}", 15, "SETTING_CODE"),
        ("  search: {lang: it}", "  search: {lang: it}\n  macros: {}", 11, "SETTING_CODE"),
        ("extra:", "extra_templates: [x.html]\nextra:", 15, "SETTING_CODE"),
        ("blog_dir: articoli", "blog_dir: ../fuori", 12, "SETTING_PATH"),
        ("docs_dir: content/it", "docs_dir: ../fuori", 3, "SETTING_PATH"),
        ("docs_dir: content/it", "docs_dir: content/xx", 3, "CONTENT_MISSING"),
        ("name: material", "name: readthedocs", 6, "SETTING_THEME"),
        ("language: it", "language: italiano", 7, "SETTING_LANGUAGE"),
        ("nav:", "navv:", 19, "SETTING_TYPO"),
        ("    email: prova@example.org\n", "", 16, "SETTING_MISSING"),
        ("site_url: https://prova", "site_url: prova", 2, "SETTING_ADDRESS"),
        ("modulo.md", "moduli.md", 22, "SETTING_NAV"),
        ("site_name: Prova", "site_name: [", 1, "YAML_BRACKET"),
        ("nav:", "  x: !!python/name:os.system\nnav:", 19, "SETTING_CODE"),
    ],
)
def test_a_problem_of_the_settings_stands_at_its_line(sketch: Sketch, old: str, new: str, line: int, code: str) -> None:
    (sketch.root / "mkdocs.en.yml").unlink()
    sketch.write("mkdocs.yml", MAIN.replace(old, new))
    portal, problems = read_portal(sketch.config_file)
    if portal and not problems:
        problems = list(read_content(portal)[1])
    assert (code, line) in [(problem.code, problem.line) for problem in problems]


@pytest.mark.parametrize(
    ("english", "file", "line", "code"),
    [
        ("theme:\n  language: inglese\n", "mkdocs.en.yml", 3, "SETTING_LANGUAGE"),
        ("site_url: https://altrove.example.org/\n", "mkdocs.en.yml", 2, "SETTING_SITE_URL"),
        ("nav:\n  - Uno:\n    - due.md\n", "mkdocs.en.yml", 4, "SETTING_NAV"),
        ("plugins:\n  macros: {}\n", "mkdocs.en.yml", 3, "SETTING_CODE"),
        ("", "mkdocs.yml", 20, "SETTING_NAV"),
        ("docs_dir: content/xx\n", "mkdocs.en.yml", 2, "CONTENT_MISSING"),
    ],
)
def test_what_a_further_language_inherits_stands_where_it_is_written(
    sketch: Sketch, english: str, file: str, line: int, code: str
) -> None:
    sketch.write("mkdocs.yml", MAIN)
    rest = "".join(
        f"{key}\n"
        for key in ("docs_dir: content/en", "site_url: https://prova.example.org/en/")
        if key.split(":")[0] not in english
    )
    rest += "" if "theme" in english else "theme: {language: en}\n"
    (sketch.root / "content/en/index.md").rename(sketch.root / "content/en/altra.md")
    sketch.write("mkdocs.en.yml", f"INHERIT: mkdocs.yml\n{english}{rest}")
    portal, problems = read_portal(sketch.config_file)
    if portal and not problems:
        problems = list(read_content(portal)[1])
    found = [(problem.path.rpartition("/")[2], problem.line, problem.code) for problem in problems]
    assert (file, line, code) in found


def test_what_cannot_be_read_has_no_places(sketch: Sketch) -> None:
    file = sketch.write("mkdocs.yml", "INHERIT: mkdocs.yml\n- [\n")
    assert Places(file, KNOWN).of("plugins", "blog") == (str(file), 1)
