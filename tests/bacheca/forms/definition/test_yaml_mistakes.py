"""`yaml_mistakes`: what beginners get wrong, at the line where it began, and a line that mends it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bacheca.forms.definition.checks.form import EVERY_KEY
from bacheca.forms.definition.yaml_mistakes import WORK, Parser, mistakes_of
from bacheca.forms.definition.yaml_source import open_source

HEAD = "name: prova\nform:kind: survey\n"
MISTAKES = {
    "a tab at the left": (HEAD + "fields:\n- name: a\n\ttitle: A\n", "YAML_TAB", 5, "  title: A"),
    "a tab after a hyphen": ("fields:\n-\tname: a\n  title: A\n", "YAML_TAB", 2, "- name: a"),
    "a colon in a title": (HEAD + "title: Scegli: sì o no\n", "YAML_COLON", 3, 'title: "Scegli: sì o no"'),
    "a colon between braces": (
        "categories:\n- {value: a, label: Scegli: uno}\n- {value: b, label: B}\n",
        "YAML_COLON",
        2,
        '- {value: a, label: "Scegli: uno"}',
    ),
    "a quote that never closes": (HEAD + 'title: "Un esempio\nx: y\n', "YAML_QUOTE", 3, 'title: "Un esempio"'),
    "a quote closed by one of nineteen lines later": (
        HEAD + 'title: "Un esempio\n' + "".join(f"k{i}: v\n" for i in range(19)) + 'last: "2027-06-30"\n',
        "YAML_QUOTE",
        3,
        'title: "Un esempio"',
    ),
    "an apostrophe in single quotes": (
        HEAD + "title: 'L'associazione'\n",
        "YAML_AFTER_QUOTES",
        3,
        'title: "L\'associazione"',
    ),
    "text after quotes": (
        HEAD + 'title: "Bacheca" è bello\n',
        "YAML_AFTER_QUOTES",
        3,
        "title: '\"Bacheca\" è bello'",
    ),
    "too far to the right": (HEAD + " title: A\n", "YAML_INDENT", 3, "title: A"),
    "too far to the left": ("fields:\n- name: a\n  title: A\n type: string\n", "YAML_INDENT", 4, "  type: string"),
    "items of a list out of line": ("fields:\n- name: a\n  title: A\n - name: b\n", "YAML_INDENT", 4, "- name: b"),
    "curly quotes": (HEAD + "title: “Scegli: sì”\n", "YAML_CURLY", 3, 'title: "Scegli: sì"'),
    "curly quotes around a quote": (HEAD + "title: „Ja: nein“\n", "YAML_CURLY", 3, 'title: "Ja: nein"'),
    "no colon": (HEAD + "title Un esempio\nfields: []\n", "YAML_COLON_MISSING", 3, "title: Un esempio"),
    "no colon before a list": (HEAD + "fields\n- name: a\n", "YAML_COLON_MISSING", 3, "fields:"),
    "an equals sign": (HEAD + "title = Un esempio\nfields: []\n", "YAML_COLON_MISSING", 3, "title: Un esempio"),
    "no space after a colon": (HEAD + "title:Un esempio\nfields: []\n", "YAML_COLON_SPACE", 3, "title: Un esempio"),
    "no space after the colon of a namespace": (
        "title: A\nform:kind:survey\nname: a\n",
        "YAML_COLON_SPACE",
        2,
        "form:kind: survey",
    ),
    "no space after a colon, in the whole file": ("title:Un esempio\n", "YAML_COLON_SPACE", 1, "title: Un esempio"),
    "no space after a hyphen": ("fields:\n-name: a\n  title: A\n", "YAML_DASH", 2, "- name: a"),
    "bullets": ("tags:\n• uno\n- due\n", "YAML_DASH", 2, "- uno"),
    "asterisks": ("tags:\n* uno\n- due\n", "YAML_DASH", 2, "- uno"),
    "a dash of a word processor": ("tags:\n– uno\n- due\n", "YAML_DASH", 2, "- uno"),
    "a list under a value": ("tags: reclami\n- moderazione\n", "YAML_LIST", 1, "tags:"),
    "a comma of a bracket left open": ("tags: [a, b\nname: x\n", "YAML_BRACKET", 1, "tags: [a, b]"),
    "a brace left open": ("c:\n- {value: a, label: A\n- b\n", "YAML_BRACKET", 2, "- {value: a, label: A}"),
    "a brace never opened": ("c:\n- value: a, label: A}\n", "YAML_BRACKET", 2, "- {value: a, label: A}"),
    "a hash that cuts": (HEAD + "title: Riunione #3\n", "YAML_HASH", 3, 'title: "Riunione #3"'),
    "a blank that does not break": (HEAD + "title:\u00a0Un esempio\n", "YAML_BLANK", 3, "title: Un esempio"),
    "an end of document": (HEAD + "---\ntitle: A\n", "YAML_MARKER", 3, ""),
    "front matter's last line": ("---\ntitle: A\n---\n", "YAML_MARKER", 3, ""),
    "a character nobody sees": (HEAD + "title: A\x07B\n", "YAML_CONTROL", 3, "title: AB"),
    "a text that goes on at the left": (HEAD + "title: Uno\ndue tre\n", "YAML_CONTINUES", 4, "  due tre"),
} | {
    f"a text that begins with {sign}": (HEAD + f"title: {sign}uno due\n", "YAML_SIGN", 3, f'title: "{sign}uno due"')
    for sign in ("@", "`", "%", "&", "*", "!", "| ", "> ", "[", "{", "- ", "? ", "]", "}")
    if sign not in ("[", "{")
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_where_it_began_with_a_line_that_mends_it(name: str) -> None:
    text, code, line, mended = MISTAKES[name]
    mistakes, meant = mistakes_of(text, EVERY_KEY)
    assert [(found.code, found.line, found.mended) for found in mistakes] == [(code, line, mended)]
    assert mistakes[0].written == text.split("\n")[line - 1].replace("\x07", "")
    lines = text.split("\n")
    lines[line - 1] = mended
    assert "\n".join(lines) == meant
    assert yaml.safe_load(meant)
    assert mistakes_of(meant, EVERY_KEY) == ([], meant)


def test_brackets_around_the_first_word_are_part_of_the_text() -> None:
    mistakes, _ = mistakes_of("title: [Urgente] Riunione\nname: x\n", EVERY_KEY)
    assert [(found.code, found.mended) for found in mistakes] == [("YAML_SIGN", 'title: "[Urgente] Riunione"')]


@pytest.mark.parametrize(
    "text",
    [
        "description: |\n  uno #due\n  tre: quattro\n\n  -cinque: x\ntitle: A\n",
        "title: A  # una nota\ndraft: true #bozza\n",
        "description: 'una riga\n  e un’altra'\n",
        "description: una riga\n  e un’altra\n",
        "tags: [a,\n  b]\n",
        "title: Città\r\nname: x\r\n".replace("\r\n", "\n"),
        "---\ntitle: A\n",
        "title: “Bacheca” si presenta\n",
        "url: https://example.org/#parte\n",
        "",
    ],
)
def test_what_is_right_is_left_alone(text: str) -> None:
    assert mistakes_of(text, EVERY_KEY) == ([], text)


WRONG_TITLES = ("Scegli: sì", '"Un esempio', "'L'associazione'", '"Bacheca" è bello', "@uno due", "%due", "Riunione #3")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(("Giusto", *WRONG_TITLES)), min_size=1, max_size=5))
def test_one_mistake_hides_no_other(titles: list[str]) -> None:
    text = "".join(f"- name: n\n  title: {title}\n" for title in titles)
    found, meant = mistakes_of(f"fields:\n{text}", EVERY_KEY)
    assert [mistake.line for mistake in found] == [3 + 2 * i for i, title in enumerate(titles) if title != "Giusto"]
    assert len(yaml.safe_load(meant)["fields"]) == len(titles)


def test_the_work_has_an_end() -> None:
    parser = Parser()
    assert parser.left == WORK
    text = "a: [\n" * 3000 + "}" * 300
    mistakes, meant = mistakes_of(text, EVERY_KEY)
    assert mistakes
    assert len(mistakes) <= 41
    assert meant == ""


def test_a_file_with_windows_line_ends_and_a_mark_of_utf8_is_read(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(b"\xef\xbb\xbftitle: Citt\xc3\xa0\r\nname: x\r\n")
    source, problems = open_source(file)
    assert (source.data if source else None, problems) == ({"title": "Città", "name": "x"}, [])


def test_a_file_in_another_encoding_is_checked_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes("name: x\ntitle: Citt\xe0\nname: y\n".encode("latin-1"))
    source, problems = open_source(file)
    assert [(problem.code, problem.line) for problem in problems] == [("FORM_FILE", 2), ("FORM_REPEATED_KEY", 3)]
    assert "title: Città" in str(problems[0].values["reason"])
    assert source
    file.write_bytes("name: x\n".encode("utf-16"))
    assert [problem.code for problem in open_source(file)[1]] == ["FORM_FILE"]
