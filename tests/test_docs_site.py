"""The documentation as a site of its own, which Bacheca builds: every page has its place there, every link leads."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from bacheca.portal.build.read import read_content
from bacheca.portal.settings import load_portal

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def assembling() -> ModuleType:
    spec = importlib.util.spec_from_file_location("assemble", ROOT / "docs/site/assemble.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_page_of_the_documentation_is_in_one_menu_and_has_no_problem(
    assembling: ModuleType, tmp_path: Path
) -> None:
    assembling.assemble(tmp_path)
    _, problems = read_content(load_portal(tmp_path / "mkdocs.yml"))
    assert [problem.line_of_text("en") for problem in problems] == []
    menus = assembling.pages()
    assert {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")} <= menus.keys()
    assert len({*menus.values()}) == len(menus)


def test_a_link_leads_to_what_the_file_has_become(assembling: ModuleType) -> None:
    text = "[a](results.md#x) [b](privacy.md) [c](../deploy/nginx.conf) [d](../LICENSE) [e](https://a.example) `[f](g)`"
    assert assembling.linked(text, "docs/operators.md", "en") == (
        "[a](results.md#x) [b](/it/privacy/) [c](deploy.md#nginx-conf) [d](licence.md) [e](https://a.example) `[f](g)`"
    )
    assert assembling.linked("[a](results.md)", "docs/forms.md", "it") == "[a](/results/)"
    with pytest.raises(ValueError, match=r"\.\./setup\.py leads to no page"):
        assembling.linked("[a](../setup.py)", "docs/operators.md", "en")


def test_the_menu_names_each_section_of_the_long_page(assembling: ModuleType) -> None:
    text = (ROOT / "docs/problems.md").read_text(encoding="utf-8")
    begun, sections = assembling.split(text)
    assert begun.count("](problems/") == len(sections) == text.count("\n## ")
    with pytest.raises(ValueError, match="name each in"):
        assembling.split(text + "\n## Another\n")
