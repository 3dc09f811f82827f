"""`bacheca.portal.settings_file`: settings are data, and whatever in them would be more needs the operator's word."""

from __future__ import annotations

from typing import Any

import pytest

from bacheca.portal.build.pipeline import build
from bacheca.portal.errors import SettingsProblems
from bacheca.portal.settings import load_portal
from tests.bacheca.portal.conftest import SETTINGS, Sketch
from tests.portal import PORTAL


def refused(sketch: Sketch) -> list[tuple[str, str]]:
    with pytest.raises(SettingsProblems) as raised:
        sketch.portal()
    return [
        (problem.code, str(problem.values.get("what", problem.values.get("key")))) for problem in raised.value.problems
    ]


def changed(sketch: Sketch, **settings: Any) -> None:
    sketch.settings("mkdocs.yml", {**SETTINGS, **settings})


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.system ['touch {ran}']",
        "!!python/object/new:os.system ['touch {ran}']",
        "!!python/object/apply:pymdownx.slugs.slugify ['x']",
        "!!python/name:os.system",
        "!!python/name:bacheca.portal.settings.load_portal",
        "!!python/module:os",
        "!!python/tuple [1, 2]",
        "!ENV FORMS_SECRET_KEY",
        "!ENV [FORMS_SECRET_KEY, x]",
        "!relative $config_dir/data",
        "!include data/secret.key",
    ],
)
def test_a_tag_that_would_run_code_is_refused_and_runs_nothing(
    sketch: Sketch, monkeypatch: pytest.MonkeyPatch, tag: str
) -> None:
    monkeypatch.setenv("BACHECA_ALLOW", "tag,theme,hooks,templates,plugins,extensions")  # everything but tags
    ran = sketch.root / "ran"
    for file in ("mkdocs.en.yml", "mkdocs.yml"):
        with (sketch.root / file).open("a", encoding="utf-8") as settings:
            settings.write(f"copyright: {tag.format(ran=ran)}\n")
        assert {code for code, _ in refused(sketch)} == {"SETTING_CODE"}, file
    assert not ran.exists()


def test_the_operator_may_allow_tags(sketch: Sketch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACHECA_ALLOW", "theme,tags")
    monkeypatch.setenv("NOME", "Da fuori")
    changed(sketch)
    with sketch.config_file.open("a", encoding="utf-8") as settings:
        settings.write("copyright: !ENV NOME\n")
    assert sketch.portal().main.config["copyright"] == "Da fuori"


HARMLESS = """\
pymdownx.emoji:
    emoji_index: !!python/name:material.extensions.emoji.twemoji
    emoji_generator: !!python/name:material.extensions.emoji.to_svg
pymdownx.superfences:
    custom_fences:
    - name: mermaid
      class: mermaid
      format: !!python/name:pymdownx.superfences.fence_code_format
"""


def test_what_materials_handbook_names_may_stay(sketch: Sketch) -> None:
    text = sketch.config_file.read_text(encoding="utf-8").replace(
        "markdown_extensions:\n", "markdown_extensions:\n  " + HARMLESS.replace("\n", "\n  ").rstrip() + "\n"
    )
    text = text.replace("    attr_list: {}\n", "").replace(
        "  toc: {}\n", "  toc:\n    slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}\n"
    )
    sketch.config_file.write_text(text, encoding="utf-8")
    sketch.page("it/a.md", "## Un Titolo\n\n:smile:\n", translation="a")
    build(sketch.portal("it"), sketch.root / "site", lambda *_, **__: None, engine="mkdocs", full=False)
    page = (sketch.root / "site/a/index.html").read_text(encoding="utf-8")
    assert "😄" in page
    assert "cdn." not in page
    assert 'id="un-titolo"' in page


NEEDS_A_WORD: dict[str, tuple[str, dict[str, Any]]] = {
    "hooks": ("hooks", {"hooks": ["content/it/assets/hook.py"]}),
    "extra_templates": ("templates", {"extra_templates": ["a.html"]}),
    "theme.custom_dir: content/it": ("theme", {"theme": {**SETTINGS["theme"], "custom_dir": "content/it"}}),
    "theme.custom_dir: data": ("theme", {"theme": {**SETTINGS["theme"], "custom_dir": "data"}}),
    "plugins: social": ("plugins", {"plugins": {**SETTINGS["plugins"], "social": {}}}),
    "plugins: macros": ("plugins", {"plugins": {**SETTINGS["plugins"], "macros": {}}}),
    "markdown_extensions: pymdownx.snippets": ("extensions", {"markdown_extensions": {"pymdownx.snippets": {}}}),
    "markdown_extensions: pymdownx.b64": ("extensions", {"markdown_extensions": {"pymdownx.b64": {}}}),
    "markdown_extensions: content.it.assets.own": (
        "extensions",
        {"markdown_extensions": {"content.it.assets.own": {}}},
    ),
    "markdown_extensions: markdown_include.include": (
        "extensions",
        {"markdown_extensions": {"markdown_include.include": {}}},
    ),
}


@pytest.mark.parametrize("what", NEEDS_A_WORD)
def test_what_runs_code_needs_the_operators_word(sketch: Sketch, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    word, settings = NEEDS_A_WORD[what]
    sketch.write("content/it/assets/hook.py", "")
    changed(sketch, **settings)
    others = {"hooks", "templates", "theme", "plugins", "extensions", "tags"} - {word}
    monkeypatch.setenv("BACHECA_ALLOW", ",".join(others))
    assert refused(sketch) == [("SETTING_CODE", what)]
    monkeypatch.setenv("BACHECA_ALLOW", ",".join((*others, word)))
    assert sketch.portal().languages


def test_the_word_is_not_read_from_a_file_of_the_portal(sketch: Sketch) -> None:
    changed(sketch, hooks=["a.py"], extra={**SETTINGS["extra"], "BACHECA_ALLOW": "hooks"})
    sketch.write(".env", "BACHECA_ALLOW=hooks\n")
    assert refused(sketch) == [("SETTING_CODE", "hooks")]


@pytest.mark.parametrize(
    ("key", "settings"),
    [
        ("docs_dir", {"docs_dir": "data"}),
        ("docs_dir", {"docs_dir": "."}),
        ("docs_dir", {"docs_dir": "../altro"}),
        ("docs_dir", {"docs_dir": "/etc"}),
        ("plugins.tags", {"plugins": {**SETTINGS["plugins"], "tags": {"export_file": "../../../x.json"}}}),
        ("plugins.blog", {"plugins": {"blog": {"authors_file": "/etc/passwd"}}}),
        (
            "markdown_extensions.pymdownx.emoji",
            {"markdown_extensions": {"pymdownx.emoji": {"options": {"custom_icons": ["../.."]}}}},
        ),
    ],
)
def test_no_setting_leads_out_of_the_portal(sketch: Sketch, key: str, settings: dict[str, Any]) -> None:
    sketch.write("data/x", "x")
    changed(sketch, **settings)
    assert refused(sketch) == [("SETTING_PATH", key)]


@pytest.mark.parametrize(
    "parent", ["../altro.yml", "/etc/passwd", "content/it/x.yml", "data/secret.key", "mkdocs.en.yml"]
)
def test_settings_inherit_from_beside_them_alone(sketch: Sketch, parent: str) -> None:
    sketch.settings("mkdocs.en.yml", {"INHERIT": parent, "docs_dir": "content/en"})
    assert refused(sketch) == [("SETTING_PATH", "INHERIT")]


def test_the_settings_of_a_whole_portal_need_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BACHECA_ALLOW", raising=False)
    portal = load_portal(PORTAL / "mkdocs.yml")
    assert [language.code for language in portal.languages][:2] == ["it", "en"]


def test_a_file_with_two_documents_or_an_unknown_alias_is_a_sentence(sketch: Sketch) -> None:
    for text in ("a: 1\n---\nb: 2\n", "a: *b\n", "a: [\n", "\x00", "- a\n", "? [a]\n: b\n"):
        sketch.config_file.write_text(text, encoding="utf-8")
        found = [code for code, _ in refused(sketch)]
        assert found, text
        assert all(code.startswith(("SETTING", "YAML_", "PAGE_YAML", "CONTENT_MISSING")) for code in found), text
