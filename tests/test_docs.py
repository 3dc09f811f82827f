"""The documentation, held against the code: what exists is documented, and what is documented happens."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
import yaml

from bacheca.forms import messages as sentences
from bacheca.forms import results_messages as results_sentences
from bacheca.forms.catalogues import translations
from bacheca.forms.form_files.json_schema_messages import ABOUT
from bacheca.forms.form_files.loading import load_form
from bacheca.forms.kinds import KINDS, kind_of
from bacheca.portal.commands.build import main as portal_command
from bacheca.portal.messages import LOCALE
from bacheca.portal.messages import SENTENCES as PORTAL
from forms_server.__main__ import main as service
from forms_server.settings import READERS
from tests.bacheca.portal.conftest import Sketch
from tests.documented import (
    Example,
    codes_found,
    examples,
    mended_by,
    named,
    problems_found,
    problems_in,
    sections,
    shown_by,
)

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDES = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md")))
COMMANDS = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
CATALOGUES = (
    (sentences.SENTENCES, translations("it")),
    (results_sentences.SENTENCES, translations("it", domain="results")),
    (PORTAL, translations("it", LOCALE, "portal")),
)
SAID = {
    code: (pair, tuple(italian.gettext(text) if text else "" for text in pair))
    for catalogue, italian in CATALOGUES
    for code, pair in catalogue.items()
    if code[0].isupper()
}
EXAMPLES = list(examples())
OF_THE_PORTAL = [example for example in EXAMPLES if not example.is_of_forms]
"""Those of forms alone: `tests/bacheca/forms/definition/checks/test_documented.py`."""

WITHOUT_EXAMPLE = frozenset(
    (
        "FILE",
        "DISK_FULL",
        "PACKAGE",
        "FORM_TOO_MANY",
        "PACKAGE_CHANGED",
        "STORED_RESPONSE",
        "LANGUAGE_UNKNOWN",
        "TRANSLATION_NONE",
        "SITE_DIR",
        "SITE_DIR_TAKEN",
        "ENGINE",
        "ENGINE_MISSING",
        "SHELL_MARKS",
        "FILE_LINK",
        "FILE_KIND",
        "FILE_NAME",
        "FILE_CASE",
        *("FILE_HEAVY", "PICTURE_LARGE"),
        "REFERENCE_DEAD",
        "REFERENCE_NAME",
        "SITE_FILE",
        *("HTML_OPEN", "HTML_CLOSE", "HTML_MOVED", "HTML_ERROR", "DATA_LACKS", "DATA_VALUE"),
        *("SITE_PAGE_HEAVY", "SITE_HEAVY", "FORM_REFUSED", "FORM_NOT_TAKEN", "SERVICE_AWAY"),
        *("SITE_NONE_BEFORE", "SITE_NOT_KEPT", "SITE_CHANGED"),
        "NAME",
        "NAME_ENTRY",
        *("FOLDER_NEWER", "FOLDER_RECORD"),
        "INIT_FOLDER",
        "INIT_VALUE",
        "EVENT_SEVERAL",
        "NO_PAGE",
        "PLAN",
        "EXISTS",
        "PORT",
        "PORT_TAKEN",
        "PORT_BUSY",
        "IMPORT_SOURCE",
        "RESULTS_FILE",
        "RESULTS_INVALID",
        "RESULTS_FORM",
        "RESULTS_STRANGE",
        "RESULTS_TORN",
        "RESULTS_OLDER",
        "RESULTS_COUNT",
        "RESULTS_SOURCE",
        "SPELLING_NONE",
        "SETTING_HOOK",
        "PAGE_NO_ORIGINAL",
        "RELEASE_PLACEHOLDER",
        "RELEASE_ADDRESS",
        "RELEASE_SAMPLE",
    )
)
"""Problems that other commands than `check` tell of, one of the machine, one of a form of hundreds of lines, and
one of three files together."""

MENDED_BY_A_NAME = frozenset(
    [
        "TRANSLATION_LANGUAGE",
        "TRANSLATION_ALONE",
        "TRANSLATION_NAME",
        "FORM_FILE_NAME",
        "SETTINGS_FILE",
        "PAGE_NAME",
        "PAGE_LEFT_OUT",
        "PAGE_HIDDEN",
        "PAGE_STRAY",
        "ADDRESS_NAME",
        *("PICTURE_UNUSED", "PICTURE_BROKEN"),
        "FORM_NOWHERE",
        "FORM_STRAY",
        "FORM_STRAY_NAME",
        "LOOK_FILE",
        "THEME_UNKNOWN",
    ]
)
"""Problems without a good example: the remedy is another name, or another file altogether."""


SHOWN_OTHERWISE = frozenset(
    ["AGAINST", "AUTHORS_FILE", "PICTURE_UNUSED", "PICTURE_WORDS", "FORM_PICTURE_WORDS", "IMAGE_TEXT", "LINK_HOME"]
)
"""Problems whose remedy shows a part of a line, several lines, or a line of another file."""


@pytest.fixture
def sketch(tmp_path: Path) -> Sketch:
    """A small portal for examples to be put into."""
    return Sketch(tmp_path)


def test_every_problem_is_documented_once() -> None:
    assert set(sections()) == set(SAID)


def test_every_problem_of_the_check_has_an_example_of_each_sort() -> None:
    assert {example.code for example in EXAMPLES if example.wrong} == set(SAID) - WITHOUT_EXAMPLE
    right = {example.code for example in EXAMPLES if not example.wrong}
    assert right == set(SAID) - WITHOUT_EXAMPLE - MENDED_BY_A_NAME


@pytest.mark.parametrize("code", SAID)
def test_a_problem_is_documented_in_its_own_words(code: str) -> None:
    english, italian = SAID[code]
    words = " ".join(sections()[code].split())
    assert " ".join(" — ".join(italian).split()) in words
    assert " ".join(" — ".join(english).split()) in words


ALONG = {"LINK_LETTERS": {"ADDRESS_NAME"}, "PICTURE_BROKEN": {"PICTURE_UNUSED"}}
"""Problems that cannot be had without a warning of another sort: a name with accents, a picture on no page."""


@pytest.mark.parametrize("example", [e for e in OF_THE_PORTAL if e.wrong], ids=named)
def test_a_wrong_example_has_that_problem_and_no_other(sketch: Sketch, example: Example) -> None:
    assert codes_found(sketch, example) - ALONG.get(example.code, frozenset()) == {example.code}


@pytest.mark.parametrize("example", [e for e in OF_THE_PORTAL if e.wrong and "`" in SAID[e.code][0][1]], ids=named)
def test_the_line_that_a_remedy_shows_takes_the_problem_away(sketch: Sketch, example: Example) -> None:
    if example.code in SHOWN_OTHERWISE:
        return
    problems = [found for found in problems_found(sketch, example) if found.code == example.code]
    shown = shown_by(problems[0])
    if shown is None:
        return
    for text in mended_by(problems[0], shown):
        Path(problems[0].path).write_text(text, encoding="utf-8")
        if len([found for found in problems_in(sketch) if found.code == example.code]) < len(problems):
            return
    pytest.fail(problems[0].line_of_text("en"))


@pytest.mark.parametrize("example", [e for e in OF_THE_PORTAL if not e.wrong], ids=named)
def test_a_right_example_has_no_problem(sketch: Sketch, example: Example) -> None:
    assert codes_found(sketch, example) == set()


def test_every_file_that_a_guide_shows_or_names_is_there() -> None:
    for guide in (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))):
        prose = re.sub(r"^```.*?^```$|`[^`]*`", "", guide.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", prose):
            known = "://" in target or target.startswith("content/")  # a community's own: tests/community
            assert known or (guide.parent / target).exists(), f"{guide.name}: {target}"


def test_what_a_forge_runs_is_what_editors_run() -> None:
    steps = yaml.safe_load((ROOT / ".github/workflows/check.yml").read_text(encoding="utf-8"))["jobs"]
    run = [step["run"] for job in steps.values() for step in job["steps"] if "run" in step]
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    assert hook["entry"] in run
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {command.split()[1] for command in run if command.startswith("make ")} <= made


def commands_of(group: click.Command) -> set[str]:
    assert isinstance(group, click.Group)
    context = click.Context(group)
    commands = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {name for name, command in commands.items() if command and not command.hidden}


@pytest.mark.parametrize(("program", "group"), [("build.py", portal_command), ("-m forms_server", service)])
def test_every_command_is_documented_and_every_documented_one_exists(program: str, group: click.Command) -> None:
    written = set(re.findall(rf"python {re.escape(program)} ([a-z][a-z-]*)", README + GUIDES))
    listed = set(re.findall(rf"^\| `python {re.escape(program)} ([a-z][a-z-]*)", COMMANDS, re.MULTILINE))
    assert listed == commands_of(group)
    assert written <= listed


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    documented = set(re.findall(r"^\| `(FORMS_[A-Z_]+)` \|", README, re.MULTILINE))
    assert documented == {f"FORMS_{name.upper()}" for name in READERS}
    assert set(re.findall(r"FORMS_[A-Z]+(?:_[A-Z]+)*", README + GUIDES)) <= documented


FENCE = re.compile(r"^```yaml\n(.*?\n)```$", re.MULTILINE | re.DOTALL)
GUIDE = (ROOT / "docs/forms.md").read_text(encoding="utf-8")
BLOCKS = FENCE.findall(GUIDE)
HEAD = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: guida
title: La guida
form:kind: survey
fields:
"""


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_a_form_of_the_guide_can_be_used(tmp_path: Path, block: str) -> None:
    path = tmp_path / "guida.yaml"
    path.write_text(HEAD + block if block.startswith("- ") else block, encoding="utf-8")
    assert load_form(path).fields


def test_the_guide_shows_every_kind(tmp_path: Path) -> None:
    shown = set()
    for block in BLOCKS:
        path = tmp_path / "guida.yaml"
        path.write_text(HEAD + block if block.startswith("- ") else block, encoding="utf-8")
        shown |= {kind_of(field.descriptor) for field in load_form(path).fields}
    assert shown == set(KINDS.values())


def test_the_guide_names_every_property() -> None:
    for key in set(ABOUT) - {"field.name", "$schema"}:
        assert re.search(rf"{re.escape(key)}\b", GUIDE), key


RECIPES = ("docs/architecture.md", "CONTRIBUTING.md")
PATH = re.compile(r"(?:[\w.-]+/)+(?:[\w.-]+\.\w+)?|[\w.-]+\.(?:py|md|toml|lock|yml)|Makefile")


@pytest.mark.parametrize("page", RECIPES)
def test_whatever_a_recipe_says_to_touch_is_there(page: str) -> None:
    quoted = re.findall(r"`([^`\n]+)`", (ROOT / page).read_text(encoding="utf-8"))
    named = [name for name in quoted if PATH.fullmatch(name) and "LANG" not in name and name != "locale/"]
    assert len(named) > 3
    for name in named:
        assert (ROOT / name).exists(), f"{page}: {name}"


@pytest.mark.parametrize("page", RECIPES)
def test_whatever_name_a_recipe_says_a_file_holds_is_in_it(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    held = re.findall(r"`(\w+)` of `([\w./-]+\.(?:py|js))`", text)
    held += re.findall(r"`(\w+)` and `\w+` of `([\w./-]+\.py)`", text)
    held += [
        (name, file)
        for file, names in re.findall(r"`([\w./-]+\.py)` \(([^)]*)\)", text)
        for name in re.findall(r"`(\w+)`", names)
    ]
    assert page != "docs/architecture.md" or len(held) > 10
    for name, file in held:
        assert re.search(rf"\b{name}\b", (ROOT / file).read_text(encoding="utf-8")), f"{page}: {name} of {file}"


def test_whatever_command_a_recipe_names_is_there() -> None:
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = "".join((ROOT / page).read_text(encoding="utf-8") for page in RECIPES)
    asked = set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE))
    assert {"quick", "check", "test"} <= asked <= made
    for module, command in re.findall(r"python -m ([\w.]+) ([a-z-]+)", text):
        assert module != "forms_server" or command in commands_of(service)
    locks = re.findall(r"^uv pip compile (\S+) .*-o (\S+)$", text, re.MULTILINE)
    assert {lock for _, lock in locks} == {path.name for path in ROOT.glob("*.lock")}
    assert all((ROOT / source).exists() for source, _ in locks)


def test_the_readme_leads_to_the_recipes() -> None:
    assert all(f"]({page})" in README for page in RECIPES)
