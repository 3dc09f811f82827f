"""The walls of the house, read from the imports (docs/architecture.md)."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bacheca.forms", "bacheca.portal", "forms_server")


@cache
def imports_of(file: Path) -> frozenset[str]:
    """Every module that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: write the import whole"
            found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Call):
            function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            named = node.args[0] if node.args else None
            if function in ("import_module", "__import__") and isinstance(named, ast.Constant):
                found.add(str(named.value))
    return frozenset(found)


def owner(module: str) -> str:
    """The package of ours, or the library, that a module belongs to."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "bacheca" else parts[0]


def imported_by(package: str) -> dict[str, set[str]]:
    """For each package or library that a package imports: the files that do."""
    users: dict[str, set[str]] = {}
    for file in (ROOT / package.replace(".", "/")).rglob("*.py"):
        for module in imports_of(file):
            users.setdefault(owner(module), set()).add(file.relative_to(ROOT).as_posix())
    return users


@pytest.mark.parametrize(
    ("package", "behind_the_wall"),
    [
        (
            "bacheca.forms",
            {"flask", "werkzeug", "mkdocs", "sqlalchemy", "sqlite3", "bacheca.portal", "forms_server"},
        ),
        ("bacheca.portal", {"flask", "werkzeug", "sqlalchemy", "sqlite3", "forms_server"}),
        ("forms_server", {"mkdocs", "markdown", "pymdownx", "bacheca.portal", "build"}),
    ],
)
def test_a_package_stays_behind_its_wall(package: str, behind_the_wall: set[str]) -> None:
    users = imported_by(package)
    assert users, f"{package} has no files"
    assert {module: files for module, files in users.items() if module in behind_the_wall} == {}


def test_the_command_of_the_portal_imports_only_the_portal_and_the_forms() -> None:
    own = {owner(module) for module in imports_of(ROOT / "build.py")} & set(PACKAGES)
    assert "bacheca.portal" in own
    assert own <= {"bacheca.portal", "bacheca.forms"}


def test_frictionless_is_imported_in_one_module_of_forms() -> None:
    users = {file for package in PACKAGES for file in imported_by(package).get("frictionless", ())}
    assert len(users) == 1
    assert next(iter(users)).startswith("bacheca/forms/")


def test_the_walls_see_every_way_to_import(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(
        "def f():\n    import flask.json\n    from sqlalchemy import x\n    importlib.import_module('mkdocs')\n"
    )
    assert imports_of(file) == {"flask.json", "sqlalchemy", "sqlalchemy.x", "mkdocs"}
