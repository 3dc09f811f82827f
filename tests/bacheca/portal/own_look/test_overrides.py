"""`bacheca.portal.own_look.overrides`: a community's own templates, by blocks, with the operator's word."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from bacheca.portal.authoring.new_override import new_override
from bacheca.portal.build.pipeline import build
from bacheca.portal.errors import PortalError, SettingsProblems
from bacheca.portal.own_look.overrides import (
    comment_of,
    own_templates,
    product_names,
    product_template,
    staged_theme,
)
from tests.bacheca.portal.conftest import Sketch, with_our_theme

FOOTER = "partials/footer.html"
DAY = dt.date(2026, 11, 23)


def override(sketch: Sketch, name: str, text: str) -> Path:
    original = product_template(name)
    comment = comment_of(name, original) if original else ""
    return sketch.write(f"content/theme/{name}", f"{comment}\n{text}")


def found(sketch: Sketch) -> set[tuple[str, str]]:
    return {
        (problem.code, str(problem.values.get("mark") or problem.values.get("what") or problem.values.get("near", "")))
        for problem in sketch.problems()
    }


@pytest.mark.parametrize("name", product_names())
def test_an_override_of_each_template_begins_without_a_problem(sketch: Sketch, name: str) -> None:
    file = new_override(sketch.portal(), sketch.language(), name, DAY)
    assert own_templates(sketch.language()) == {name: file}
    assert found(sketch) == set()
    with pytest.raises(SettingsProblems, match="EXISTS"):
        new_override(sketch.portal(), sketch.language(), name, DAY)


@pytest.mark.parametrize("name", ["foter.html", "../main.html", "assets/stylesheets/page.css"])
def test_what_is_no_template_is_not_overridden(sketch: Sketch, name: str) -> None:
    with pytest.raises(SettingsProblems, match="NAME"):
        new_override(sketch.portal(), sketch.language(), name, DAY)


def test_without_the_operators_word_an_override_is_refused_and_never_read(
    sketch: Sketch, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_our_theme(sketch)
    override(sketch, FOOTER, "{{ config.__class__.__mro__ }}")
    assert staged_theme(sketch.language())
    for word in ("", "hooks, plugins"):
        monkeypatch.setenv("BACHECA_ALLOW", word)
        assert staged_theme(sketch.language()) == {}
        assert [(p.code, p.values["allow"]) for p in sketch.problems() if "content/theme" in p.path] == [
            ("SETTING_CODE", "BACHECA_ALLOW=theme")
        ]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (FOOTER, '{% extends "bacheca/partials/footer.html" %}{% block footer_end %}Ciao{% endblock %}', set()),
        ("404.html", '{% extends "bacheca/404.html" %}{% block scripts %}{{ super() }}{% endblock %}', set()),
        (
            "404.html",
            '{% extends "bacheca/404.html" %}{% block content %}<h1>Qui non c’è niente</h1>{% endblock %}',
            {("THEME_LACKS", "shell:content"), ("THEME_LACKS", "/shell:content")},
        ),
        ("main.html", '{% extends "bacheca/main.html" %}{% block scripts %}{% endblock %}', None),
        ("partials/board.html", "<svg onload='x()'></svg>", {("THEME_STOPPED", "onload=")}),
        ("partials/board.html", "<script>alert(1)</script>", {("THEME_STOPPED", "script")}),
        ("partials/board.html", "<style>p {}</style>", {("THEME_STOPPED", "style")}),
        ("partials/board.html", '<p style="color: {{ x }}">a</p>', {("THEME_STOPPED", "style=")}),
        ("partials/board.html", '<script src="https://cdn.example.org/x.js"></script>', None),
        ("partials/board.html", "<script src=\"{{ 'a.js' | url }}\"></script>", set()),
        ("partials/bord.html", "<p>a</p>", {("THEME_UNKNOWN", "partials/board.html")}),
    ],
)
def test_what_an_override_leaves_out_or_the_policy_stops_is_told(
    sketch: Sketch, name: str, text: str, expected: set[tuple[str, str]] | None
) -> None:
    override(sketch, name, text)
    codes = found(sketch)
    if expected is None:
        assert {code for code, _ in codes} in ({"THEME_LACKS"}, {"THEME_STOPPED"})
    else:
        assert codes == expected


def test_a_template_that_a_page_or_another_override_names_is_used(sketch: Sketch) -> None:
    override(sketch, "pronto.html", '{% extends "main.html" %}{% include "partials/mia.html" %}')
    override(sketch, "partials/mia.html", "<p>a</p>")
    sketch.page("it/privacy.md", "x", translation="privacy", template="pronto.html")
    assert found(sketch) == set()


def test_an_override_of_another_version_is_told_with_the_line_that_says_it_was_looked_at(sketch: Sketch) -> None:
    file = sketch.write(f"content/theme/{FOOTER}", "{#- bacheca: partials/footer.html 0123456789ab -#}\n<p>a</p>")
    (problem,) = sketch.problems()
    assert (problem.code, problem.stops) == ("THEME_OLDER", False)
    file.write_text(f"{problem.values['comment']}\n<p>a</p>", encoding="utf-8")
    assert sketch.problems() == []


def test_pages_and_the_page_of_the_service_show_overrides_and_the_next_build_other_ones(sketch: Sketch) -> None:
    with_our_theme(sketch)
    extends = f'{{% extends "bacheca/{FOOTER}" %}}{{% block footer_end %}}<p class="fine">SAID</p>{{% endblock %}}'
    site = sketch.root / "site"
    for said in ("Uno", "Due"):
        override(sketch, FOOTER, extends.replace("SAID", said))
        try:
            build(sketch.portal("it"), site, lambda *_, **__: None, engine="mkdocs", full=False)
        except PortalError as error:
            pytest.fail(str(error))
        for name in ("index.html", "shell.html", "modulo/index.html"):
            text = (site / name).read_text(encoding="utf-8")
            assert f'<p class="fine">{said}</p>' in text
            assert "site-footer__name" in text
    assert os.environ["BACHECA_ALLOW"]
