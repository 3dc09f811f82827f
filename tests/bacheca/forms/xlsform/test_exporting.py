"""An export is taken by pyxform without a warning, and comes back as the same form."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from bacheca.forms import Form, FormProblems, load_form
from bacheca.forms.text import canonical_text
from bacheca.forms.xlsform import read_xlsform, write_xlsform
from bacheca.forms.xlsform.yaml_text import yaml_text
from tests.bacheca.forms.package.test_package import EVERY_KIND
from tests.bacheca.forms.samples import sample_form
from tests.portal import FORMS

Written = Callable[..., Form]


def there_and_back(form: Form, folder: Path) -> Form:
    """Export a form, show it to pyxform, import it again."""
    path = folder / "export.xlsx"
    write_xlsform(form, path)
    assert convert(str(path)).warnings == []
    read = read_xlsform(path)
    assert [remark.line_of_text("en") for remark in read.remarks] == []
    back = folder / "back"
    back.mkdir(exist_ok=True)
    for name, text in read.files.items():
        (back / name).write_text(text, encoding="utf-8")
    return load_form(back / f"{form.name}.yaml")


def same(one: Form, other: Form) -> bool:
    return json.dumps(one.source(), sort_keys=True) == json.dumps(other.source(), sort_keys=True)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_whole_form_and_its_translation_come_back_the_same(path: Path, tmp_path: Path) -> None:
    form = load_form(path)
    back = there_and_back(form, tmp_path)
    assert same(form, back)
    assert back.version == form.version


def test_every_kind_comes_back_the_same(written: Written, tmp_path: Path) -> None:
    form = written(EVERY_KIND)
    assert same(form, there_and_back(form, tmp_path))


def test_a_form_with_a_matrix_and_crossings_comes_back_the_same(tmp_path: Path) -> None:
    form = sample_form(tmp_path)
    assert same(form, there_and_back(form, tmp_path))


def test_words_mended_in_the_spreadsheet_are_what_comes_back(written: Written, tmp_path: Path) -> None:
    fields = """
    - name: x
      title: Colore?
      type: string
      form:privacy: sensitive
      categories: [{value: r, label: Roso}]
      missingValues: [{value: "", label: Vuoto}, {value: non-so, label: Nonso}]
    """
    write_xlsform(written(fields), tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                mended = {"Colore?": "Quale colore?", "Roso": "Rosso", "Nonso": "Non so"}
                cell.value = mended.get(str(cell.value), cell.value)
    book.save(tmp_path / "x.xlsx")
    read = read_xlsform(tmp_path / "x.xlsx")
    (tmp_path / "prova.yaml").write_text(read.files["prova.yaml"], encoding="utf-8")
    field = load_form(tmp_path / "prova.yaml").fields[0]
    assert field.words["it"].title == "Quale colore?"
    assert (field.label("r", "it"), field.label("non-so", "it"), field.label("", "it")) == ("Rosso", "Non so", "Vuoto")
    assert field.privacy == "sensitive"


def test_names_that_pyxform_uses_itself_come_back_or_are_refused(written: Written, tmp_path: Path) -> None:
    fields = "- {name: data, title: Quando?, type: date}\n- {name: y, title: Y, type: date, form:showIf: SHOWN}"
    form = written(fields.replace("SHOWN", "{field: data, answered: true}"))
    assert same(form, there_and_back(form, tmp_path))
    with pytest.raises(FormProblems, match="XLS_RESERVED"):
        write_xlsform(written("- {name: meta, title: Quale meta?, type: string}"), tmp_path / "x.xlsx")


def test_words_that_xlsform_would_read_as_a_reference_are_refused(written: Written, tmp_path: Path) -> None:
    with pytest.raises(FormProblems, match="XLS_WORDS"):
        write_xlsform(written("- {name: x, title: 'Quanti ${euro}?', type: integer}"), tmp_path / "x.xlsx")
    assert not (tmp_path / "x.xlsx").exists()


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), min_size=1, max_size=30)
ESCAPES = st.sampled_from(["_x0041_", "a_x000D_b", "_x005F_", "_x005F_x0041_"])
"""What a workbook writes in another way."""

TEXTS = (WORDS | ESCAPES).map(canonical_text).filter(lambda text: text.strip() and "${" not in text)
CODES = st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,5}(-[a-z]{1,4})?", fullmatch=True).filter(
    lambda code: code.lower() not in ("na", "nan", "null", "none", "n-a", "true", "false", "other", "seed")
)


@st.composite
def categories(draw: st.DrawFn) -> list[dict[str, str]]:
    listed = draw(st.lists(CODES, min_size=2, max_size=4, unique_by=lambda code: code.lower().replace("-", "_")))
    return [{"value": code, "label": f"{n} {draw(TEXTS)}"} for n, code in enumerate(listed)]


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Any]:
    """Write a field of some kind, with some of the properties that it may have."""
    limits: dict[str, Any] = {"required": True} if draw(st.booleans()) else {}
    kind = draw(
        st.sampled_from(["text", "long", "integer", "number", "date", "one", "several", "scale", "yes", "consent"])
    )
    more: dict[str, Any] = {}
    if kind in ("text", "long"):
        limits |= {"maxLength": draw(st.integers(5, 300))} if draw(st.booleans()) else {}
        limits |= {"pattern": draw(st.sampled_from(["[a-z]+", "l'[a-z]+", "a\"b'c"]))} if draw(st.booleans()) else {}
        more = {"type": "string"} | ({"form:widget": "textarea"} if kind == "long" else {})
    elif kind in ("integer", "number"):
        limits |= {"minimum": draw(st.integers(-50, 0)), "maximum": draw(st.integers(1, 50))}
        more = {"type": kind}
    elif kind == "date":
        more = {"type": "date"}
        limits |= {"minimum": "1990-01-01"} if draw(st.booleans()) else {}
    elif kind == "scale":
        more = {"type": "integer", "form:widget": "scale", "form:ends": {"low": draw(TEXTS), "high": draw(TEXTS)}}
    elif kind == "yes":
        more = {"type": "boolean"}
    elif kind == "consent":
        more = {"type": "boolean", "form:widget": "consent", "form:notice": draw(TEXTS)}
    else:
        more |= {"type": "string" if kind == "one" else "list", "categories": draw(categories())}
        more |= {"form:shuffle": True} if draw(st.booleans()) else {}
        more |= {"form:other": True} if draw(st.booleans()) else {}
    if kind in ("one", "several", "scale", "yes") and draw(st.booleans()):
        blank = [{"value": "", "label": draw(TEXTS)}] if draw(st.booleans()) else []
        more["missingValues"] = [*blank, {"value": "xyz-so", "label": "zz " + draw(TEXTS)}]
    entry = {"title": draw(TEXTS), **more} | ({"constraints": limits} if limits else {})
    entry |= {"description": draw(TEXTS)} if draw(st.booleans()) else {}
    return entry | ({"form:section": {"title": draw(TEXTS)}} if draw(st.integers(0, 3)) == 0 else {})


@st.composite
def drawn_forms(draw: st.DrawFn) -> dict[str, Any]:
    fields: list[dict[str, Any]] = [
        {"name": f"f{n}", **entry} for n, entry in enumerate(draw(st.lists(entries(), min_size=1, max_size=5)))
    ]
    for n, field in enumerate(fields[1:], 1):
        if draw(st.booleans()):
            earlier = fields[draw(st.integers(0, n - 1))]
            if "categories" in earlier:
                values = [item["value"] for item in earlier["categories"]]
                some = draw(st.lists(st.sampled_from(values), min_size=1, unique=True))
                field["form:showIf"] = {"field": earlier["name"], "in": some}
            else:
                field["form:showIf"] = {"field": earlier["name"], "answered": True}
    head = {"$schema": "https://datapackage.org/profiles/2.0/tableschema.json", "name": "prova", "title": draw(TEXTS)}
    return {**head, "form:kind": "poll", "fields": fields}


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(drawn_forms())
def test_whatever_an_editor_writes_comes_back_the_same(tmp_path: Path, drawn: dict[str, Any]) -> None:
    path = tmp_path / "prova.yaml"
    path.write_text(yaml_text(drawn), encoding="utf-8")
    form = load_form(path)
    assert dict(form.descriptor) == drawn  # the YAML that we write says what was meant
    assert same(form, there_and_back(form, tmp_path))
