"""`bacheca.portal.own_settings`: every setting below `extra` is in one table, which the check and the page go by."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bacheca.portal.errors import PortalProblem
from bacheca.portal.messages import WORDS
from bacheca.portal.own_settings.shapes import check_shapes
from bacheca.portal.own_settings.table import OF_WORDS, OPEN, SETTINGS, STAGED, beneath
from bacheca.portal.setting_names import NAMES
from bacheca.portal.settings import EXAMPLES
from bacheca.portal.theme_defaults import with_words
from tests.bacheca.portal.conftest import SETTINGS as WHOLE
from tests.bacheca.portal.conftest import Sketch

ROOT = Path(__file__).parents[4]
PORTAL = ROOT / "bacheca/portal"
PAGE = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
BESIDE = ("own_settings", "__pycache__")


def keys_of(node: ast.AST) -> tuple[str, ...] | None:
    """Give the keys by which an expression reads below `extra`; none where it reads something else."""
    if isinstance(node, ast.Name | ast.Attribute):
        return () if (node.id if isinstance(node, ast.Name) else node.attr) == "extra" else None
    if isinstance(node, ast.BoolOp):
        return keys_of(node.values[0])
    if isinstance(node, ast.Subscript):
        inner, key = node.value, node.slice
    elif (
        isinstance(node, ast.Call)
        and node.args
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("get", "setdefault")
    ):
        inner, key = node.func.value, node.args[0]
    elif isinstance(node, ast.Call) and node.args:
        return keys_of(node.args[0])
    else:
        return None
    if not isinstance(key, ast.Constant):
        return None
    above = keys_of(inner)
    return (*above, str(key.value)) if above is not None else () if key.value == "extra" else None


def read_in_code() -> Iterator[tuple[str, ...]]:
    for file in PORTAL.rglob("*.py"):
        if not set(BESIDE) & set(file.parts):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call | ast.Subscript) and (keys := keys_of(node)):
                    yield keys


def read_in_templates() -> Iterator[tuple[str, ...]]:
    for file in (PORTAL / "theme").rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        yield from (tuple(found.split(".")) for found in re.findall(r"config\.extra\.([\w.]+)", text))
        if group := re.search(r"set words = config\.extra\.(words(?:\.\w+)?) ", text):
            yield from ((*group[1].split("."), word) for word in re.findall(r"(?<![./\w])words\.(\w+)", text))


def test_whatever_is_read_below_extra_is_in_the_table() -> None:
    known = {*SETTINGS, *OF_WORDS}
    read = {*read_in_code(), *read_in_templates()}
    assert ("community", "zone") in read  # the ways of reading are seen
    assert ("words", "event", "section") in read
    assert ("hero",) in read
    free = {keys for keys in read if keys[0] in STAGED or (keys[0] in OPEN and len(keys) > 1)}
    assert {".".join(keys) for keys in read - free} <= known


def test_whatever_is_in_the_table_is_read() -> None:
    names = {keys[0] for keys in (*read_in_code(), *read_in_templates())}
    assert names >= beneath()
    assert {"words", *with_words({}, "it"), "licence_url", "licence_code"} >= beneath("words") - {"words"}
    assert {key.rpartition(".")[2] for key in WORDS} == {
        path.rpartition(".")[2] for path in OF_WORDS if path.count(".") == 2
    } | {key for key in WORDS if "." not in key}


def test_every_example_fits_where_it_stands_and_so_does_what_is_usual() -> None:
    for path, setting in SETTINGS.items():
        key = path.rpartition(".")[2]
        assert setting.fits(yaml.safe_load(setting.example)[key]), path
        assert not setting.usual or setting.fits(yaml.safe_load(setting.usual)), path


def written(text: str) -> dict[str, str]:
    """Give what the rows of tables show as written, each with what is usual."""
    return dict(re.findall(r"^\| `(.+?)` \| \S.*?(?:; di solito `(.+?)`)? \|$", text, re.MULTILINE))


def test_the_page_of_settings_shows_the_table() -> None:
    needed, *groups = re.split(r"^#+ Sotto `extra\.?(.*)`$", PAGE, flags=re.MULTILINE)
    assert [*written(needed)] == [*EXAMPLES.values()]
    shown = {
        ".".join(filter(None, (group, example.partition(":")[0]))): (example, usual)
        for group, text in zip(groups[::2], groups[1::2], strict=True)
        for example, usual in written(text).items()
    }
    assert shown == {name: (setting.example, setting.usual) for name, setting in SETTINGS.items()}


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"community": ["La Bacheca"]}, "extra.community"),
    ({"community": {"phone": {"home": 1}}}, "extra.community.phone"),
    ({"facts": "molti"}, "extra.facts"),
    ({"facts": {"pay": [1, 2]}}, "extra.facts.pay"),
    ({"forms_url": "forms.example.org"}, "extra.forms_url"),
    ({"forms_url": "https://"}, "extra.forms_url"),
    ({"hero": "no"}, "extra.hero"),
    ({"progress": 1}, "extra.progress"),
    ({"spelling": ["it_IT"]}, "extra.spelling"),
    ({"words": ["Menu"]}, "extra.words"),
    ({"words": {"menu": ["Menu"]}}, "extra.words.menu"),
    ({"community": {"email": "info at example.org"}}, "extra.community.email"),
    ({"community": {"email": "a@example.org, b@example.org"}}, "extra.community.email"),
    ({"words": {"event": "Incontri"}}, "extra.words.event"),
    ({"words": {"event": {"when": {}}}}, "extra.words.event.when"),
    ({"words": {"footer_links": {"Privacy": "privacy/"}}}, "extra.words.footer_links"),
    ({"words": {"footer_links": [{"label": "Privacy"}]}}, "extra.words.footer_links"),
    ({"words": {"months": ["gennaio"]}}, "extra.words.months"),
    ({"words": {"licence_url": "CC BY"}}, "extra.words.licence_url"),
    ({"alternate": [{"name": "Italiano"}]}, "extra.alternate"),
    ({"scope": "bacheca"}, "extra.scope"),
]


@pytest.mark.parametrize(("extra", "key"), WRONG, ids=lambda value: value if isinstance(value, str) else None)
def test_what_cannot_be_read_is_told_with_an_example_and_left_out(extra: dict[str, Any], key: str) -> None:
    told: list[PortalProblem] = []

    def tell(code: str, way: tuple[str, ...], **values: object) -> None:
        assert ".".join(way) == values["key"]
        told.append(PortalProblem(code, "mkdocs.yml", 1, values=values))

    check_shapes(extra, tell)
    assert [(problem.code, problem.values["key"]) for problem in told] == [("SETTING_SHAPE", key)]
    check_shapes(extra, tell)
    assert len(told) == 1


def test_a_setting_that_is_needed_and_cannot_be_read_is_not_called_missing(sketch: Sketch) -> None:
    sketch.settings("mkdocs.yml", WHOLE | {"extra": {"community": {"name": "A", "email": "info at example.org"}}})
    with pytest.raises(Exception, match=r"SETTING_SHAPE extra\.community\.email cannot be info at example") as told:
        sketch.portal()
    assert "SETTING_MISSING" not in str(told.value)


def test_settings_of_the_wrong_shape_are_told_at_their_lines_and_stop_nothing_else(sketch: Sketch) -> None:
    extra = {"extra": {**WHOLE["extra"], "facts": 3, "alternate": "it", "words": {"footer_links": "privacy"}}}
    sketch.settings("mkdocs.yml", WHOLE | extra)
    with pytest.raises(
        Exception, match=r"SETTING_SHAPE extra\.facts cannot be 3 — write `facts: \{support: 24 ore\}`"
    ) as told:
        sketch.portal()
    assert str(told.value).count("SETTING_SHAPE") == 3
    lines = (sketch.root / "mkdocs.yml").read_text(encoding="utf-8").splitlines()
    places = [lines[problem.line - 1].strip() for problem in told.value.problems]  # type: ignore[attr-defined]
    assert {place.partition(":")[0] for place in places} == {"facts", "alternate", "footer_links"}


def test_a_name_that_nobody_reads_is_told_with_the_nearest_unless_a_template_of_ones_own_reads_it(
    sketch: Sketch,
) -> None:
    words = {"contentz_here": "In breve", "event": {"wenn": "Quando"}}
    extra = {**WHOLE["extra"], "shop": "https://shop.example", "version": {"provider": "mike"}, "words": words}
    theme = {**WHOLE["theme"], "shape": "round"}
    sketch.settings("mkdocs.yml", WHOLE | {"extra": extra, "theme": theme, "shop_window": True})
    told = {problem.values["key"]: problem.values["near"] for problem in sketch.problems()}
    assert told == {
        "extra.shop": told["extra.shop"],
        "extra.words.contentz_here": "extra.words.contents",
        "extra.words.event.wenn": "extra.words.event.when",
        "theme.shape": "theme.name",
        "shop_window": told["shop_window"],
    }
    assert str(told["extra.shop"]).removeprefix("extra.") in beneath()
    assert told["shop_window"] in NAMES[""]
    assert {problem.code for problem in sketch.problems()} == {"SETTING_UNREAD"}
    sketch.write(
        "content/theme/partials/footer.html",
        '<a href="{{ config.extra.shop }}">{{ config.extra.words.contentz_here }}</a>',
    )
    assert {p.values["key"] for p in sketch.problems() if p.code == "SETTING_UNREAD"} == {
        "extra.words.event.wenn",
        "shop_window",
        "theme.shape",
    }
