"""From exact counts to what is published, and the attack on exactly that."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from bacheca.forms import Form
from bacheca.forms.results.results import BLANK, Results
from bacheca.forms.results.rows import hides_what_was_shown, rows_of
from tests.bacheca.forms.conftest import Written
from tests.bacheca.forms.results.attack import Name, System
from tests.bacheca.forms.samples import CROSSED, header_of, people, sample_form, sample_results, sample_tally

SURVEYS = int(os.environ.get("BACHECA_TABLES", "32")) // 8


@pytest.fixture
def form(tmp_path: Path) -> Form:
    return sample_form(tmp_path)


def code_of(category: str) -> str:
    """Give the code that a category of the file stands for: an answer left blank is written `BLANK`."""
    return "" if category == BLANK else category


def weights_of(form: Form, name: str, places: list[Name]) -> Iterator[tuple[str, dict[Name, float], dict[Name, float]]]:
    """Give what each person in a category adds at least and at most to each figure of a question."""
    codes = {place: str(place[1]) for place in places if isinstance(place, tuple)}
    kind = form.field(name).kind
    if kind == "scale":
        scores: dict[Name, float] = {place: float(code) for place, code in codes.items()}
        yield "mean", scores, scores
        if set(codes.values()) == set(map(str, range(11))):
            net: dict[Name, float] = {place: float((score > 8) - (score < 7)) for place, score in scores.items()}
            yield "nps", net, net
    elif kind in ("integer", "number"):
        ends = {place: code.split("..") for place, code in codes.items()}
        yield "mean", {p: float(end[0]) for p, end in ends.items()}, {p: float(end[-1]) for p, end in ends.items()}


def attack(results: Results, form: Form) -> tuple[System, list[Name]]:
    """Write down all that a reader of `results.csv` knows who has the form too."""
    system = System()
    shown: dict[Name, str] = {row.place: row.value for row in results.rows}
    categories: dict[str, list[Name]] = defaultdict(list)
    missing: dict[str, list[Name]] = defaultdict(list)
    rows: dict[Name, list[Name]] = defaultdict(list)
    total: Name = ("", "", "", "", "responses")
    for row in results.rows:
        if row.measure == "count" and row.crossed_field:
            rows[row.field, row.category, "", "", "count"].append(row.place)
            rows[row.crossed_field, row.crossed_category, "", "", "count"].append(row.place)
        elif row.measure == "count":
            asked = form.field(row.field)
            (missing if code_of(row.category) in asked.missing else categories)[row.field].append(row.place)
    for name in {row.field for row in results.rows if row.field}:
        answered: Name = (name, "", "", "", "answered")
        system.adds_up(total, [answered, *missing[name]])
        if form.field(name).kind == "multiple choice":
            for place in categories[name]:
                system.adds_up(answered, [place, ("rest", place)])
        elif categories[name]:
            system.adds_up(answered, categories[name])
        for measure, lows, highs in weights_of(form, name, categories[name]):
            figure = shown.get((name, "", "", "", measure))
            if figure:
                base, half = Decimal(shown[answered]), Decimal(1).scaleb(int(Decimal(figure).as_tuple().exponent)) / 2
                scale = 100 if measure == "nps" else 1
                system.at_most(lows, float((Decimal(figure) + half) * base / scale))
                system.at_most({p: -w for p, w in highs.items()}, float((half - Decimal(figure)) * base / scale))
    for margin, cells in rows.items():
        system.adds_up(margin, cells)
    counts = {place: value for place, value in shown.items() if place[-1] in ("count", "answered", "responses")}  # type: ignore[index]
    for place, value in counts.items():
        system.unknown(place)
        if value:
            system.publish(place, float(value))
    return system, [place for place, value in counts.items() if not value]


def test_no_blank_of_a_published_file_can_be_narrowed_below_the_threshold(form: Form) -> None:
    blanks = 0
    for seed in range(SURVEYS):
        tally = sample_tally(form, [12, 60, 150, 400][seed % 4], seed)
        results = replace(sample_results(form, 5), rows=rows_of(form, tally))
        system, hidden = attack(results, form)
        blanks += len(hidden)
        narrow = {name: width for name, width in system.widths(hidden, 5).items() if width[1] - width[0] < 5 - 1e-6}
        assert not narrow, (seed, narrow)
    assert blanks > SURVEYS


def test_no_published_count_is_below_the_threshold(form: Form) -> None:
    for count in (0, 4, 5, 30, 200):
        rows = rows_of(form, sample_tally(form, count))
        assert {row.measure for row in rows} >= {"responses", "answered", "count"}
        assert any(row.value for row in rows) is (count >= 5)
        for row in rows:
            assert not row.value or row.measure not in ("responses", "answered", "count") or int(row.value) >= 5


def test_small_hidden_and_empty_cells_look_the_same(form: Form) -> None:
    tally = sample_tally(form, 200)
    crossing = tally.crossings["settore", "canale"]
    hidden = {row.place for row in rows_of(form, tally) if row.crossed_field and not row.value}
    sizes = {crossing.get((code_of(place[1]), code_of(place[3])), 0) for place in hidden}
    assert 0 in sizes
    assert any(0 < size < 5 for size in sizes)
    assert len({(row.value) for row in rows_of(form, tally) if row.place in hidden}) == 1


def test_a_sensitive_question_raises_the_threshold_and_a_form_may_ask_for_more(written: Written) -> None:
    head = "$schema: https://datapackage.org/profiles/2.0/tableschema.json\nname: prova\ntitle: T\nform:kind: survey\n"
    field = "- {name: a, title: A, type: boolean%s}"
    assert written(field % "", head).threshold == 5
    assert written(field % ", form:privacy: sensitive", head).threshold == 10
    assert written(field % "", f"{head}form:threshold: 20\n").threshold == 20


def test_a_form_that_asks_for_more_shows_nothing_below_it(tmp_path: Path) -> None:
    form = sample_form(tmp_path, more=f"{CROSSED}form:threshold: 30\n")
    shown = [int(row.value) for row in rows_of(form, sample_tally(form, 400)) if row.value and row.measure == "count"]
    assert shown
    assert min(shown) >= 30


def test_two_publications_never_differ_by_fewer_than_the_threshold(form: Form) -> None:
    header = header_of(form)
    assert header
    before = sample_tally(form, 200)
    for more in (3, 17, 60, 200):
        tally = sample_tally(form, 200 + more)  # the same people first
        now = {row.place: row.value for row in rows_of(form, tally, before)}
        shown = rows_of(form, before)
        assert any(row.value for row in shown)
        assert set(now) == {row.place for row in shown}
        for row in shown:
            if row.measure in ("count", "answered", "responses") and row.value and now[row.place]:
                assert int(now[row.place]) - int(row.value) >= 5


def test_a_batch_in_which_some_count_grows_too_little_would_hide_it(form: Form) -> None:
    before = sample_tally(form, 200)
    shown = rows_of(form, before)
    assert hides_what_was_shown(rows_of(form, sample_tally(form, 206), before), shown)
    assert not hides_what_was_shown(rows_of(form, sample_tally(form, 3000), before), shown)


def test_withdrawn_responses_do_not_tell_themselves(form: Form) -> None:
    before = sample_tally(form, 200)
    rows = rows_of(form, sample_tally(form, 199), before)
    assert rows
    assert not any(row.value for row in rows)


def test_rounded_counts_are_multiples_that_add_up(tmp_path: Path) -> None:
    form = sample_form(tmp_path, more="form:disclosure: rounding\n")
    results = sample_results(form, 333)
    assert all(int(row.value) % 10 == 0 for row in results.rows if row.value)
    total = results.value("responses")
    assert total == 330
    for name in ("settore", "canale", "chiarezza"):
        parts = [row for row in results.rows if row.field == name and row.measure == "count"]
        assert sum(int(row.value) for row in parts) == total


def test_people_in_samples_are_the_same_again(form: Form) -> None:
    assert list(people(form, 20))[:10] == list(people(form, 10))
