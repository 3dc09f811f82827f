"""`bacheca.portal.build.inputs`: what a build reads, as far as anybody can tell."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bacheca.forms import USUAL
from bacheca.portal.build.inputs import look_at_inputs, valid_until
from bacheca.portal.cache.unchanged import Record
from bacheca.portal.clock import build_moment
from tests.bacheca.portal.conftest import SETTINGS, Sketch


def is_kept(sketch: Sketch) -> bool:
    record = Record(sketch.root / "build", sketch.root / "site", {})
    record.begin(sketch.root)
    look_at_inputs(record, sketch.portal(), "data/results")
    (sketch.root / "build").mkdir()
    record.keep(build_moment(), build_moment())
    return (sketch.root / "build/unchanged.json").is_file()


def test_a_build_that_runs_no_foreign_code_is_kept(sketch: Sketch) -> None:
    assert is_kept(sketch)


@pytest.mark.parametrize(
    ("allowed", "settings"),
    [
        ("hooks", {"hooks": ["gancio.py"]}),
        ("plugins", {"plugins": {**SETTINGS["plugins"], "info": {}}}),
        ("extensions", {"markdown_extensions": {"markdown.extensions.legacy_em": {}}}),
        ("tags", {}),
    ],
)
def test_whatever_foreign_code_may_read_nobody_can_tell(
    sketch: Sketch, monkeypatch: pytest.MonkeyPatch, allowed: str, settings: dict[str, Any]
) -> None:
    monkeypatch.setenv("BACHECA_ALLOW", f"theme,{allowed}")
    sketch.write("gancio.py", "")
    sketch.settings("mkdocs.yml", SETTINGS | settings)
    assert not is_kept(sketch)


def test_a_build_holds_until_a_form_opens_or_closes_wherever_its_days_begin(sketch: Sketch) -> None:
    form = (sketch.root / "content/forms/prova.yaml").read_text()
    days = 'form:opens: "2027-03-01"\nform:closes: "2027-03-02"\nform:zone: America/New_York\nfields:'
    sketch.write("content/forms/prova.yaml", form.replace("fields:", days))
    content = sketch.content()
    for day in (1, 3):
        moment = dt.datetime(2027, 3, day, 5, tzinfo=dt.UTC)
        assert valid_until(content, moment - dt.timedelta(hours=1), USUAL.zone) == moment
