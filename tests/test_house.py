"""How the house is built: which folder may import which, how large a folder is, which test is about what."""

from __future__ import annotations

import ast
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOPS = ("bacheca", "bacheca.forms", "bacheca.portal", "forms_server")
LONG = 400
"""The lines past which a file says what makes it one thing."""

MOST_MODULES = 14
"""How many modules a folder may have, beside its `__init__`."""


def name_of(file: Path) -> str:
    """Give the dotted name of a module, or of a folder by its `__init__`."""
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


FILES = {name_of(file): file for top in ("bacheca", "forms_server") for file in (ROOT / top).rglob("*.py")}
FOLDERS = sorted({file.parent for file in FILES.values()})


def imported_by(file: Path) -> Iterator[str]:
    """Give the modules of ours that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in FILES)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found = whole if whole in FILES else str(node.module)
                if found in FILES:
                    yield found


def place_of(module: str) -> str:
    """Give what a module is layered as: its folder, or itself where it lies loose in a package."""
    folder = name_of(FILES[module].parent / "__init__.py")
    return module if folder in TOPS else folder


def ways(imports: Mapping[str, set[str]], start: str) -> set[str]:
    """Give all that can be reached from a place, along any number of imports."""
    reached: set[str] = set()
    left = [start]
    while left:
        for there in imports.get(left.pop(), set()) - reached:
            reached.add(there)
            left.append(there)
    return reached


def circles(imports: Mapping[str, set[str]]) -> set[frozenset[str]]:
    """Give the sets of places each of which can be reached from all others of its set."""
    reached = {place: ways(imports, place) for place in imports}
    found = (frozenset(there for there in reached[place] if place in reached.get(there, ())) for place in imports)
    return {circle for circle in found if circle}


def test_folders_are_layered_and_no_two_modules_import_each_other() -> None:
    modules = {module: set(imported_by(file)) - {module} for module, file in FILES.items()}
    assert circles(modules) == set(), "where only types are imported, too"
    places: dict[str, set[str]] = defaultdict(set)
    for module, imported in modules.items():
        places[place_of(module)] |= {place_of(found) for found in imported} - {place_of(module)}
    assert len(places) > 50
    assert circles(places) == set()


def test_a_circle_is_seen_however_long_it_is() -> None:
    chain = {"a": {"b"}, "b": {"c"}, "c": {"d"}, "d": set()}
    assert circles(chain) == set()
    assert circles(chain | {"d": {"b"}}) == {frozenset("bcd")}


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_a_folder_is_small_and_says_in_a_sentence_what_it_holds(folder: Path) -> None:
    assert len(list(folder.glob("*.py"))) - 1 <= MOST_MODULES
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert said.endswith(".")
    assert "\n" not in said
    assert ". " not in said


RAW = ("bacheca/forms/definition", "bacheca/forms/kinds")
"""Who may read a form, a field or a column as it is written; all others ask its attributes."""


def test_what_a_form_is_is_asked_of_its_attributes_and_not_of_its_file() -> None:
    files = [file for top in ("bacheca", "forms_server") for file in (ROOT / top).rglob("*")]
    read = set()
    for file in files:
        if file.suffix == ".py":
            nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            found = any(isinstance(node, ast.Attribute) and node.attr == "descriptor" for node in nodes)
        else:
            found = file.suffix == ".html" and ".descriptor" in file.read_text(encoding="utf-8")
        if found and not file.relative_to(ROOT).as_posix().startswith(RAW):
            read.add(file.relative_to(ROOT).as_posix())
    assert read == set()


PRIVATE_TESTS = {
    "tests/faults/launcher.py": "it stops the service at points inside of it",
    "tests/forms_server/database/test_migrate.py": "which types of SQLAlchemy are alike",
    "tests/forms_server/http/test_static_site.py": "a file that goes away between two steps",
    "tests/forms_server/http/views/test_receipts.py": "a form that is served no more",
    "tests/forms_server/serving/test_pulse.py": "a pulse that is late, without waiting for it",
    "tests/forms_server/submission/test_mail_import.py": "the process that reads letters, ended from outside",
    "tests/forms_server/test_backups.py": "what is handed to the programs of PostgreSQL",
    "tests/forms_server/test_form_watch.py": "a form that changes between two steps",
}
"""The tests that reach into private members, each with its reason. Take out what is mended; add none."""


NAMED = re.compile(r"`([\w./-]+\.py)`")


def test_each_package_has_one_clock() -> None:
    clocks = {
        name for name, file in FILES.items() if re.search(r"\b(?:datetime\.now|utcnow)\(", file.read_text("utf-8"))
    }
    assert clocks == {"bacheca.portal.clock", "forms_server.clock"}


def test_a_module_that_is_named_is_there() -> None:
    paths = [
        file.as_posix()
        for folder in ("bacheca", "forms_server", "tests", "bench")
        for file in (ROOT / folder).rglob("*.py")
    ]
    paths += ["/build.py"]
    gone = {
        (file.relative_to(ROOT).as_posix(), named)
        for file in FILES.values()
        for named in NAMED.findall(file.read_text(encoding="utf-8"))
        if not any(path.endswith(f"/{named}") for path in paths)
    }
    assert gone == set()


def privates_in(file: Path) -> Iterator[str]:
    """Give the private members of others that a file of tests names."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) not in ("self", "cls", "os"):
            names = [node.attr]
        elif isinstance(node, ast.ImportFrom) and str(node.module).partition(".")[0] in ("bacheca", "forms_server"):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("attr", "patch", "patch.object")):
            names = [str(given.value).rpartition(".")[2] for given in node.args if isinstance(given, ast.Constant)]
        yield from (name for name in names if name.startswith("_") and not name.startswith("__"))


def test_tests_use_the_public_face_of_what_they_test() -> None:
    tests = (ROOT / "tests").rglob("*.py")
    found = {file.relative_to(ROOT).as_posix() for file in tests if any(privates_in(file))}
    assert found == set(PRIVATE_TESTS)


def test_a_test_is_beside_what_it_tests_or_says_what_it_is_about() -> None:
    astray = []
    for test in (ROOT / "tests").rglob("test_*.py"):
        mirrored = ROOT / test.parent.relative_to(ROOT / "tests") / test.name.removeprefix("test_")
        if not mirrored.exists() and not ast.get_docstring(ast.parse(test.read_text(encoding="utf-8"))):
            astray.append(test.relative_to(ROOT).as_posix())
    assert astray == []


def test_a_long_file_of_tests_says_why_it_is_one() -> None:
    for test in (ROOT / "tests").rglob("test_*.py"):
        text = test.read_text(encoding="utf-8")
        if text.count("\n") > LONG:
            assert "\n\nOne " in (ast.get_docstring(ast.parse(text)) or ""), test


OF_THE_COMMUNITY = re.compile(
    r"""(?:ROOT|parents\[\d\])(?: / |\.r?glob\()"(?:content|mkdocs)"""
    r"""|\(Path\("(?:content|mkdocs)|Path\("content[^"]*"\)\."""
)
"""Code that reads what the community wrote, or its settings."""


def test_only_the_tests_of_the_community_read_what_it_wrote() -> None:
    own = [ROOT / "tests" / name for name in ("community", "pictures.py")]
    files = [file for file in (ROOT / "tests").rglob("*.py") if not {file, *file.parents} & set(own)]
    reading = {file.relative_to(ROOT).as_posix(): OF_THE_COMMUNITY.findall(file.read_text("utf-8")) for file in files}
    assert {name: found for name, found in reading.items() if found} == {}
    assert OF_THE_COMMUNITY.search((own[0] / "test_told_once.py").read_text("utf-8"))


QUICK_LINES = (ROOT / "tests/quick.txt").read_text(encoding="utf-8").splitlines()
QUICK = [line.partition("::")[0] for line in QUICK_LINES]


@pytest.mark.parametrize(
    "folder", [folder for folder in FOLDERS if name_of(folder / "__init__.py") != "bacheca"], ids=name_of
)
def test_the_quick_tests_cover_every_folder(folder: Path) -> None:
    mirrored = ROOT / "tests" / folder.relative_to(ROOT)
    while not list(mirrored.glob("**/test_*.py")):  # what has no tests of its own is tested by those above it
        mirrored = mirrored.parent
    own = mirrored.relative_to(ROOT).as_posix()
    assert any(line == own or line.startswith(f"{own}/") or own.startswith(f"{line}/") for line in QUICK)


def test_what_the_quick_tests_name_is_there() -> None:
    for line in QUICK_LINES:
        path, _, test = re.sub("^--[a-z]+=", "", line).partition("::")
        if "tests/" in path:
            assert (ROOT / path).exists(), line
            assert not test or f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), line


def test_no_folder_is_left_without_anything_in_it() -> None:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("no git here")
    files = [Path(name) for name in done.stdout.split("\0") if name]
    holding = {folder for file in files if file.name != "__init__.py" for folder in file.parents}
    assert [file for file in files if file.name == "__init__.py" and file.parent not in holding] == []
    packages = {file.parts[0] for file in files if file.name == "__init__.py"}
    assert packages == {"bacheca", "bench", "forms_server", "tests"}


def test_no_file_holds_what_git_writes_where_two_edits_meet() -> None:
    marks = ["git", "grep", "-nE", "^(<{7}|>{7}) "]
    done = subprocess.run(marks, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == ""


MARKUP = re.compile(r"(?<!\?)<(?:/?[A-Za-z]|!--|\[\^>)")
"""What begins like HTML, or like a pattern of it."""

OF_MARKDOWN = {
    "bacheca/portal/checks/front_matter.py": "the remark with which an editor ends an article's first part",
    "bacheca/portal/checks/links.py": "Markdown, read line by line",
    "bacheca/portal/checks/prose.py": "Markdown, read line by line",
    "bacheca/portal/checks/spelling.py": "Markdown, read line by line",
    "bacheca/portal/content/articles.py": "Markdown, whose words are counted",
    "bacheca/portal/importing/docusaurus.py": "Markdown of another tool, with its components",
    "bacheca/portal/importing/frames.py": "Markdown of another tool, with HTML in it",
    "bacheca/portal/importing/hugo.py": "Markdown of another tool, with its shortcodes",
    "bacheca/portal/importing/jekyll.py": "Markdown of another tool, with its Liquid",
    "bacheca/portal/messages.py": "sentences that quote what an editor writes",
    "bacheca/portal/postprocess/page_shell.py": "the mark that the service replaces, and those that the theme lacks",
}
"""The modules of the portal whose strings may look like HTML, each with its reason. Add none."""


def strings_of(file: Path) -> Iterator[str]:
    """Give the strings of a file that are no docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def test_html_is_read_by_a_parser_and_made_by_templates() -> None:
    found = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "bacheca/portal").rglob("*.py")
        if any(map(MARKUP.search, strings_of(file)))
    }
    assert found <= set(OF_MARKDOWN)


@pytest.mark.parametrize("string", ["<p>", "</p>", "<!-- x", r"<[^>]+>", r"<h2\b([^>]*)>"])
def test_what_looks_like_html_is_seen(tmp_path: Path, string: str) -> None:
    file = tmp_path / "a.py"
    file.write_text(f'"""A <p>."""\nx = {string!r}\ny = 1 < 2\n')
    assert [bool(MARKUP.search(said)) for said in strings_of(file)] == [True]
