"""The codebook counts what is in the package, and its page can be read by everybody."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

from bacheca.forms import Form
from bacheca.forms.package.codebook import Codebook, Counts, counting
from bacheca.forms.package.codebook_page import codebook_page
from bacheca.forms.package.incremental_csv import block_of
from tests.bacheca.forms.samples import header_of, people, sample_form

Written = Callable[..., Form]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIRST = """
- {name: luogo, title: Dove?, type: string, categories: [{value: casa, label: Casa}, {value: mare, label: Mare}]}
- name: mezzi
  title: Come?
  type: list
  categories: [{value: bici, label: Bici}, {value: treno, label: Treno}]
- {name: voto, title: Voto, type: integer, form:widget: scale, form:ends: {low: male, high: bene}}
- {name: ok, title: D’accordo?, type: boolean}
- {name: via, title: Quale via?, type: string, form:showIf: {field: luogo, in: [casa, mare]}}
"""
SECOND = FIRST.replace("{value: mare, label: Mare}", "{value: monte, label: Monte}").replace(
    "casa, mare", "casa, monte"
)


def count(codebook: Codebook, resource: str, *cells: Mapping[str, str]) -> None:
    form, found = codebook.resources[resource], Counts()
    for row in cells:  # what is counted does not depend on how rows are divided into blocks
        counting(form)(block_of([row], ["form_version", *(column.name for column in form.columns)]), found)
    codebook.add(resource, Counts.of_json(json.loads(json.dumps(found.as_json()))))


def counts(codebook: Codebook) -> dict[tuple[str, str], str]:
    return {(row["column"], row["code"]): row["counts"] for row in codebook.rows()}


def test_every_code_is_counted_in_each_file_that_has_it(written: Written) -> None:
    old, new = written(FIRST), written(SECOND)
    codebook = Codebook({"responses": old, "responses_v2": new})
    ticked = {"mezzi__bici": "1", "mezzi__treno": "0"}
    a_voto = {"voto": "0", "ok": "true", "via": "Roma"}
    unshown = {"via": "not-shown", "luogo": ""}
    count(codebook, "responses", {"luogo": "casa"} | ticked | a_voto, {"luogo": "mare"} | ticked, unshown)
    count(codebook, "responses_v2", {"luogo": "monte", "ok": "false", "voto": "10"})
    found = counts(codebook)
    assert found["luogo", ""] == "responses=2 responses_v2=1"
    assert found["luogo", "casa"] == "responses=1 responses_v2=0"
    assert found["luogo", "mare"] == "responses=1"
    assert found["luogo", "monte"] == "responses_v2=1"
    assert found["mezzi__bici", "bici"] == "responses=2 responses_v2=0"
    assert found["mezzi__treno", "treno"] == "responses=0 responses_v2=0"
    assert (found["voto", "0"], found["voto", "10"]) == ("responses=1 responses_v2=0", "responses=0 responses_v2=1")
    assert (found["ok", "true"], found["ok", "false"]) == ("responses=1 responses_v2=0", "responses=0 responses_v2=1")
    assert found["via", "not-shown"] == "responses=1 responses_v2=0"
    assert (codebook.total("responses"), codebook.total("responses_v2")) == (3, 1)


def test_the_codebook_tells_a_program_when_a_question_is_asked(written: Written) -> None:
    either = "{any: [{field: voto, atLeast: 3, atMost: 7}, {not: {field: ok, equals: true}}]}"
    condition = f"{{all: [{{field: luogo, equals: casa}}, {either}]}}"
    section = "{title: Poi, form:showIf: {field: voto, answered: true}}"
    form = written(f"{FIRST}- {{name: x, title: X, type: year, form:section: {section}, form:showIf: {condition}}}")
    (row,) = [row for row in Codebook({"responses": form}).rows() if row["column"] == "x" and not row["code"]]
    assert row["shown_if"] == (
        "voto answered and luogo in (casa) and ((voto >= 3 and voto <= 7) or not (ok in (true)))"
    )
    assert row["when_it"].startswith("Rispondi alle domande di questa sezione solo se hai risposto a «Voto». Rispondi")


def test_a_question_that_only_an_older_version_asked_stays_in_the_codebook(written: Written) -> None:
    new, old = "- {name: a, title: A, type: string}", "- {name: b, title: Bi, type: year}"
    codebook = Codebook({"responses": written(old), "responses_v2": written(new)})
    assert [(row["column"], row["question_it"], row["counts"]) for row in codebook.rows()] == [
        ("a", "A", "responses_v2=0"),
        ("b", "Bi", "responses=0"),
    ]
    assert "Domande di versioni precedenti" in codebook_page(codebook, NOW)


def test_the_routing_stands_for_programs_and_for_people(written: Written) -> None:
    row = next(row for row in Codebook({"responses": written(FIRST)}).rows() if row["column"] == "via")
    assert row["shown_if"] == "luogo in (casa, mare)"
    assert row["when_it"] == "Rispondi solo se a «Dove?» hai risposto «Casa» o «Mare»."


def test_the_counts_are_those_of_the_rows(tmp_path: Path) -> None:
    form = sample_form(tmp_path)
    rows = [dict(zip(header_of(form), cells, strict=True)) for cells in people(form, 200)]
    codebook = Codebook({"responses": form})
    count(codebook, "responses", *rows)
    for (column, code), times in counts(codebook).items():
        cell = "1" if column == f"strumenti__{code}" else code
        if code and not column.startswith("priorita"):
            assert times == f"responses={sum(row[column] == cell for row in rows)}", column
    assert codebook.versions == {form.version: 200}


class Outline(HTMLParser):
    """What a reader moves by: the language, ids, headings, scripts and addresses."""

    def __init__(self, html: str):
        super().__init__()
        self.ids: list[str] = []
        self.levels: list[int] = []
        self.addresses: list[str] = []
        self.named: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        self.ids += [str(about["id"])] if "id" in about else []
        self.levels += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []
        self.addresses += [str(about[key]) for key in ("src", "href") if key in about]
        self.named += str(about.get("aria-labelledby") or "").split()
        assert tag not in ("script", "img", "link", "iframe")


def test_the_page_needs_no_other_file_and_is_in_order_in_both_languages(written: Written) -> None:
    english = """
    title: A test
    fields:
    - {name: x, title: Where?, form:section: Places, categories: [{value: a, label: <b>Home</b>}]}
    """
    fields = (
        "- {name: x, title: Dove?, form:section: Luoghi, type: string, categories: [{value: a, label: <b>Casa</b>}]}"
    )
    codebook = Codebook({"responses": written(fields, en=english)})
    html = codebook_page(codebook, NOW)
    outline = Outline(html)
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.named) <= set(outline.ids)
    assert set(outline.addresses) == {"#it", "#en"} <= {f"#{name}" for name in outline.ids}
    assert all(after - before <= 1 for before, after in zip([0, *outline.levels], outline.levels, strict=False))
    assert "<b>" not in html
    assert "&lt;b&gt;Casa" in html.partition('id="en"')[0]
    assert "&lt;b&gt;Home" in html.partition('id="en"')[2]
    assert "Libro dei codici: Una prova" in html
    assert "Codebook: A test" in html
    assert "@media print" in html
