"""Counting: one pass, every kind of question, nothing kept but counts."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from bacheca.forms import Form
from bacheca.forms.results.tally import bins_of, tally_blocks, tally_rows
from tests.bacheca.forms.conftest import Written
from tests.bacheca.forms.samples import header_of, people, sample_form


@pytest.fixture
def form(tmp_path: Path) -> Form:
    return sample_form(tmp_path)


def test_every_response_is_counted_once_in_every_question(form: Form) -> None:
    tally = tally_rows(header_of(form), people(form, 1000), form)
    assert tally.total == 1000
    assert list(tally.questions) == [field.name for field in form.fields]
    assert {sum(question.codes.values()) for question in tally.questions.values()} == {1000}
    assert sum(tally.crossings["settore", "canale"].values()) == 1000


def test_counts_are_those_of_the_rows(form: Form) -> None:
    rows = list(people(form, 500))
    header = header_of(form)
    tally = tally_rows(header, iter(rows), form)

    def column(name: str) -> list[str]:
        return [row[header.index(name)] for row in rows]

    assert tally.questions["canale"].categories["posta"] == column("canale").count("posta")
    assert tally.questions["voto"].missing[""] == column("voto").count("")
    assert tally.questions["strumenti"].ticks["tono"] == column("strumenti__tono").count("1")
    assert tally.questions["commento"].answered == 500 - column("commento").count("")
    assert tally.ranks["priorita"]["cura"]["1"] == column("priorita__cura").count("1")
    assert tally.sums["anni"] == sum(int(cell) for cell in column("anni") if cell)
    pairs = list(zip(column("settore"), column("canale"), strict=True))
    assert tally.crossings["settore", "canale"]["scuola", ""] == pairs.count(("scuola", ""))


def test_responses_that_come_some_at_a_time_are_counted_as_all_at_once(form: Form) -> None:
    rows = list(people(form, 300))
    some = (dict(zip(header_of(form), zip(*rows[i : i + 7], strict=True), strict=True)) for i in range(0, 300, 7))
    assert tally_blocks(some, form) == tally_rows(header_of(form), iter(rows), form)


def test_memory_stays_flat_however_many_respond(form: Form) -> None:
    def peak(count: int) -> int:
        def rows() -> Iterator[list[str]]:
            for number, row in enumerate(people(form, count)):
                row[-1] = f"un commento diverso dagli altri, il numero {number}"
                yield row

        tracemalloc.start()
        tally_rows(header_of(form), rows(), form)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(4000) < 1.3 * peak(800)


def test_a_question_asked_after_another_names_what_it_depends_on(written: Written) -> None:
    form = written("""
        - {name: usi, title: Lo usi?, type: boolean}
        - {name: quanto, title: Quanto?, type: integer, form:showIf: {field: usi, equals: true}}
        """)
    rows = [["true", "3"], ["false", "not-shown"], ["true", ""], ["", "not-shown"]]
    question = tally_rows(["usi", "quanto"], iter(rows), form).questions["quanto"]
    assert question.after == ("usi", frozenset({"true"}))
    assert (question.answered, question.missing) == (1, {"": 1})


def test_personal_data_contacts_and_consents_are_not_counted(written: Written) -> None:
    form = written("""
        - {name: nome, title: Nome, type: string, form:privacy: personal}
        - {name: email, title: E-mail, type: string, format: email}
        - {name: si, title: Va bene?, type: boolean, form:widget: consent, form:notice: Sì.}
        - {name: voto, title: Voto, type: integer}
        """)
    header = [column.name for column in form.columns]
    assert list(tally_rows(header, iter([["Ada", "a@example.org", "true", "0" * 64, "3"]]), form).questions) == ["voto"]


@pytest.mark.parametrize(
    ("kind", "limits", "codes"),
    [
        ("integer", "minimum: 1, maximum: 5", ["1", "2", "3", "4", "5"]),
        ("integer", "minimum: 0, maximum: 49", ["0..4", "5..9", "10..14", "15..19", "20..24"]),
        ("integer", "minimum: 18, maximum: 99", ["18..19", "20..29", "30..39", "40..49", "50..59"]),
        ("integer", "minimum: -20, maximum: 20", ["-20..-16", "-15..-11", "-10..-6", "-5..-1", "0..4"]),
        ("number", "minimum: 0, maximum: 1", ["0..0.1", "0.1..0.2", "0.2..0.3", "0.3..0.4", "0.4..0.5"]),
        ("number", "minimum: 0", []),
    ],
)
def test_bins_come_from_the_limits_of_a_number(written: Written, kind: str, limits: str, codes: list[str]) -> None:
    form = written(f"- {{name: n, title: N, type: {kind}, constraints: {{{limits}}}}}")
    assert [found.code for found in bins_of(form.field("n"))][:5] == codes


def test_every_number_within_its_limits_falls_in_a_bin(written: Written) -> None:
    form = written("- {name: n, title: N, type: number, constraints: {minimum: -1.5, maximum: 2}}")
    cells = [str(Decimal(n) / 100) for n in range(-150, 201)]
    question = tally_rows(["n"], ([cell] for cell in cells), form).questions["n"]
    assert question.answered == len(cells)


def test_an_answer_in_ones_own_words_is_a_tick_like_the_others(written: Written) -> None:
    form = written(
        """
        - name: usi
          title: Usi
          type: list
          form:other: true
          form:choose: {max: 2}
          categories: [{value: other, label: Di più}, {value: chat, label: Chat}]
          missingValues: [{value: non-so, label: Non so}]
        """
    )
    header = [column.name for column in form.columns]
    assert header == ["usi__chat", "usi__other"]
    rows = [["1", ""], ["1", "il telefono"], ["0", "1"], ["0", "il telefono"], ["non-so", "non-so"], ["", ""]]
    question = tally_rows(header, iter(rows), form).questions["usi"]
    assert question.ticks == {"chat": 2, "other": 3}
    assert (question.answered, question.missing) == (4, {"": 1, "non-so": 1})
