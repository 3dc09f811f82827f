"""`bacheca.forms.compiled`: a template is compiled once, and again when anything of it changed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from jinja2 import DictLoader, Environment

from bacheca.forms.catalogues import translations
from bacheca.forms.compiled import kept
from bacheca.forms.compiled.templates import CompiledTemplates
from bacheca.forms.jinja import bare_environment


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have Python keep what it compiles in a folder of its own."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path


class Counting(Environment):
    """An environment that counts what it compiles."""

    compiled = 0

    def compile(self, *given: Any, **named: Any) -> Any:
        """Count a template."""
        self.compiled += 1
        return super().compile(*given, **named)


def shown(text: str, code: str = "1", **filters: Any) -> tuple[str, int]:
    """Render a template as a new build would; give what it says and how many had to be compiled."""
    environment = Counting(loader=DictLoader({"a.html": text}))
    environment.filters |= filters
    environment.bytecode_cache = CompiledTemplates("it", code)
    return environment.get_template("a.html").render(), environment.compiled


def test_a_template_is_compiled_once() -> None:
    assert [shown("{{ 1 + 1 }}"), shown("{{ 1 + 1 }}")] == [("2", 1), ("2", 0)]


def test_another_text_other_filters_and_other_code_compile_it_again() -> None:
    shown("{{ 1 + 1 }}")
    assert shown("{{ 1 + 2 }}") == ("3", 1)
    assert shown("{{ 1 + 2 }}", louder=str.upper) == ("3", 1)
    assert shown("{{ 1 + 2 }}", code="2", louder=str.upper) == ("3", 1)


def test_what_was_compiled_without_escaping_is_not_shown_where_all_is_escaped() -> None:
    for escaped, said in ((False, "<b>"), (True, "&lt;b&gt;")):
        environment = Environment(loader=DictLoader({"a.html": "{{ word }}"}), autoescape=escaped)
        environment.bytecode_cache = CompiledTemplates("it", "1")
        assert environment.get_template("a.html").render(word="<b>") == said


@pytest.mark.parametrize("spoilt", [b"", b"other", "cut", "changed"])
def test_what_is_not_what_was_kept_is_not_run(elsewhere: Path, spoilt: bytes | str) -> None:
    shown("{{ 1 + 1 }}")
    (file,) = elsewhere.rglob("kept-*")
    kept = file.read_bytes()
    broken = {"cut": kept[:-5], "changed": kept[:-1] + bytes([kept[-1] ^ 1])}
    file.write_bytes(spoilt if isinstance(spoilt, bytes) else broken[spoilt])
    assert shown("{{ 1 + 1 }}") == ("2", 1)
    assert shown("{{ 1 + 1 }}") == ("2", 0)


def test_another_kind_of_python_keeps_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    shown("{{ 1 + 1 }}")
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(sys.implementation, "cache_tag", "pypy311")
        assert shown("{{ 1 + 1 }}") == ("2", 1)
    assert shown("{{ 1 + 1 }}") == ("2", 0)


def test_nothing_is_kept_where_python_keeps_nothing(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    shown("{{ 1 + 1 }}")
    assert not [*elsewhere.rglob("kept-*")]


def test_a_folder_that_cannot_be_made_stops_nothing(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / "file").touch()
    monkeypatch.setattr(sys, "pycache_prefix", str(elsewhere / "file"))
    assert shown("{{ 1 + 1 }}") == ("2", 1)


def test_templates_and_catalogues_of_the_program_are_kept_and_follow_what_they_are_made_of(
    tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "PROGRAM", tmp_path)
    catalogue = tmp_path / "locale" / "it" / "LC_MESSAGES" / "forms.po"
    catalogue.parent.mkdir(parents=True)
    template = tmp_path / "a.html"

    def said(sentence: str, filtered: str) -> tuple[str, str]:
        """Say what a new process would."""
        translations.cache_clear()
        environment = bare_environment(tmp_path)
        environment.filters["other"] = lambda _: filtered
        spoken = translations("it", tmp_path / "locale").gettext("Yes")
        return environment.get_template("a.html").render(), spoken

    try:
        for text, sentence, filtered in (("{{ 'a'|other }}", "Sì", "1"), ("{{ 'a'|other }}", "Certo", "2")):
            template.write_text(text)
            catalogue.write_text(f'msgid "Yes"\nmsgstr "{sentence}"\n', encoding="utf-8")
            assert said(sentence, filtered) == (filtered, sentence)
            files = {file: file.read_bytes() for file in elsewhere.rglob("kept-*")}
            assert len(files) == 2
            assert said(sentence, "3") == ("3", sentence), "what a filter gives is not in what was compiled"
            assert {file: file.read_bytes() for file in elsewhere.rglob("kept-*")} == files
        shown_elsewhere = bare_environment(Path(__file__).parent)
        assert shown_elsewhere.bytecode_cache is None, "of what is not the program's nothing is kept"
    finally:
        translations.cache_clear()
