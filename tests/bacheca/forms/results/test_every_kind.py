"""Every kind of field is asked for its results: one that forgets to say what is counted fails here."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bacheca.forms import Form
from bacheca.forms.kinds.counted import Counted
from bacheca.forms.results.charts import Place, charts_of, render_results
from bacheca.forms.results.results import Row
from bacheca.forms.results.rows import rows_of
from bacheca.forms.results.tally import tally_rows
from bacheca.forms.submission.read import read_response
from tests.bacheca.forms.kinds.examples import EXAMPLES, Example
from tests.bacheca.forms.samples import sample_results_of

HEAD = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: prova
title: Prova
form:kind: survey
form:publish: results
"""
PEOPLE = 60
Written = Callable[..., Form]


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_what_was_answered_to_any_kind_comes_out_as_rows_and_a_chart(written: Written, example: Example) -> None:
    form = written(example.written, HEAD)
    cells = [
        response.cells
        for posted, _ in example.kept
        for response, problems in (read_response(form, posted, "it"),)
        if not problems
    ]
    names = [column.name for column in form.columns]
    people = ([cells[i % len(cells)].get(name, "") for name in names] for i in range(PEOPLE))
    tally = tally_rows(names, people, form)
    rows = rows_of(form, tally)
    results = sample_results_of(form, rows)
    html = render_results(form, "it", results, Place())
    if form.field("x").counted is Counted.NOTHING or form.field("x").privacy == "personal":
        assert rows == (Row("", "", "", "", "responses", str(PEOPLE)),)
        return
    assert sum(tally.questions["x"].codes.values()) == PEOPLE
    assert next(row.measure for row in rows if row.field == "x") == "answered"
    assert len(list(charts_of(form, "it", results))) == 1
    assert form.field("x").words["it"].title in html


def test_a_month_has_results(written: Written) -> None:
    form = written("- {name: x, title: Da che mese?, type: yearmonth}", HEAD)
    rows = rows_of(form, tally_rows(["x"], ([cell] for cell in ["2026-01"] * 30 + [""] * 9), form))
    assert {row.category or row.measure: row.value for row in rows if row.field} == {"answered": "30", "-": "9"}
