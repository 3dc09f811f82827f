"""Results as HTML: every number in a table, no script, no inline style, nothing that is not shown."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bacheca.forms import Form
from bacheca.forms.results.charts import Place, charts_of, render_results
from bacheca.forms.results.rows import rows_of
from bacheca.forms.results.statistics import figure
from bacheca.forms.results.tally import tally_rows
from tests.bacheca.forms.samples import sample_form, sample_results


@pytest.fixture
def form(tmp_path: Path) -> Form:
    return sample_form(tmp_path)


def html(form: Form, language: str = "it", *, place: Place | None = None, count: int = 300) -> str:
    results = sample_results(form, count, ("Tutto «bene» </script><b>",))
    return render_results(form, language, results, place or Place(), closed=True)


def test_every_question_has_its_chart_and_a_matrix_one_together(form: Form) -> None:
    charts = list(charts_of(form, "it", sample_results(form)))
    assert [chart.kind for chart in charts] == [
        "bars",
        "bars",
        "histogram",
        "histogram",
        "bars",
        "ranks",
        "stacks",
        "words",
        "crossing",
    ]
    assert charts[6].title == "Quanto sei d’accordo?"
    assert [stack.label for stack in charts[6].stacks] == ["Le regole sono chiare", "Le risposte sono rapide"]


def test_every_published_count_of_a_category_stands_in_the_page(form: Form) -> None:
    results = sample_results(form)
    text = re.sub(r"<[^>]+>", " ", html(form))
    numbers = set(re.findall(r"\d+", text))
    assert {row.value for row in results.rows if row.measure == "count" and row.field == "settore"} - {""} <= numbers
    assert {row.value for row in results.rows if row.measure == "answered"} - {""} <= numbers


def test_bars_share_one_scale_and_a_whole_one_is_all_who_answered(form: Form) -> None:
    chart, *_, histogram = list(charts_of(form, "it", sample_results(form)))[:4]
    shown = [bar for bar in chart.bars if bar.value and bar.width]
    assert [bar.width for bar in shown] == [100 * (bar.share or 0) for bar in shown]
    assert (chart.kind, histogram.kind) == ("bars", "histogram")
    assert max(bar.width or 0 for bar in histogram.bars) == 100


def test_shares_are_of_those_who_answered(form: Form) -> None:
    chart = next(charts_of(form, "it", sample_results(form)))
    assert all(bar.share == (bar.value or 0) / (chart.base or 1) for bar in chart.bars if bar.value)


def test_there_is_no_script_that_runs_and_no_inline_style(form: Form) -> None:
    page = html(form)
    assert re.findall(r"<script[^>]*>", page) == ['<script type="application/ld+json">']
    assert not re.search(r"\sstyle=|<style|\son\w+=", page)
    assert "<b>" not in page


def test_the_dataset_is_described_for_search_engines(form: Form) -> None:
    place = Place(origin="https://bacheca.example.org", publisher="La Bacheca")
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html(form, place=place))
    assert found
    said = json.loads(found[1])
    assert (said["@type"], said["license"]) == ("Dataset", "https://creativecommons.org/licenses/by-sa/4.0/")
    assert said["temporalCoverage"] == "2026-10-01/2026-11-22"
    address = "https://bacheca.example.org/forms/prova/results/results.csv"
    assert address in [part["contentUrl"] for part in said["distribution"]]
    assert address.replace("results.csv", "datapackage.json") in html(form, place=place)


def test_what_is_not_shown_is_said_not_to_be(form: Form) -> None:
    assert "non mostrato" in html(form)
    assert "almeno" in html(form)


def test_a_crossing_names_rows_that_are_hidden_and_is_left_out_where_all_is(form: Form, tmp_path: Path) -> None:
    results = sample_results(form)
    hidden = tuple(replace(row, value="") if row.crossed_field else row for row in results.rows)
    rows = tuple(
        replace(row, value="") if row.field == "settore" and row.category == "scuola" else row for row in results.rows
    )
    said = render_results(form, "it", replace(results, rows=rows), Place())
    assert said.partition(" × ")[2].count("results-stack-label") == 3
    said = render_results(form, "it", replace(results, rows=hidden), Place()).partition(" × ")[2]
    assert "troppo poche per essere mostrate così" in said
    assert "<table" not in said


def test_too_few_responses_show_no_number(form: Form) -> None:
    page = html(form, count=3)
    assert "troppo poche risposte: con meno di 5 non pubblichiamo nessun numero" in page
    assert not re.search(r'<span class="results-number">\d', page)


def seen_in(page: str) -> str:
    """Give the text of a page without what is hidden."""
    return re.sub(r"<[^>]+>", "", re.sub(r"<p[^>]* hidden>.*?</p>", "", page))


@pytest.mark.parametrize(
    ("more", "closed", "said"),
    [
        ('form:closes: "2027-06-30"\n', False, "il 30 giugno 2027"),
        ('form:closes: "2027-06-30"\n', True, "fino al 30 giugno 2027. Se hanno risposto almeno 5 persone"),
        ('form:closes: "2027-06-30"\nform:threshold: 8\n', True, "con meno non pubblichiamo niente"),
        ("", False, "dopo la chiusura"),
    ],
)
def test_until_there_are_results_the_page_says_when_they_come(
    tmp_path: Path, more: str, closed: bool, said: str
) -> None:
    assert said in seen_in(render_results(sample_form(tmp_path, more=more), "it", None, Place(), closed=closed))


@pytest.mark.parametrize("closed", [False, True])
def test_a_poll_promises_no_results_that_may_never_come(tmp_path: Path, closed: bool) -> None:
    form = sample_form(tmp_path, more='form:closes: "2027-06-30"\nform:threshold: 8\n')
    poll = replace(form, kind="poll")
    said = seen_in(render_results(poll, "it", None, Place(), closed=closed))
    assert ("almeno 8 persone" if closed else "con meno di 8 non pubblichiamo niente") in said
    assert ("30 giugno 2027" in said) is closed


def test_a_form_without_public_results_says_so(tmp_path: Path) -> None:
    form = sample_form(tmp_path)
    hidden = replace(form, publish="nothing")
    assert "non vengono pubblicati" in render_results(hidden, "it", None, Place())


def test_kept_results_are_said_to_be_old(form: Form) -> None:
    assert "risultati più recenti" in html(form, place=Place(kept=True))
    assert "risultati più recenti" not in html(form)


def test_a_page_of_thirty_questions_is_quick_and_light(tmp_path: Path) -> None:
    form = sample_form(tmp_path, more="")
    title = "che è lunga quanto una domanda vera"
    thirty = "".join(
        f"- name: q{i}\n  title: Domanda numero {i}, {title}\n  type: string\n  categories:\n"
        + "".join(f"  - {{value: r{j}, label: Una risposta possibile {j}}}\n" for j in range(6))
        for i in range(30)
    )
    text = (tmp_path / "prova.yaml").read_text(encoding="utf-8")
    (tmp_path / "prova.yaml").write_text(text[: text.index("- name: settore")] + thirty, encoding="utf-8")
    from bacheca.forms import load_form  # noqa: PLC0415
    from bacheca.forms.results.rows import rows_of  # noqa: PLC0415
    from bacheca.forms.results.tally import tally_rows  # noqa: PLC0415

    asked = load_form(tmp_path / "prova.yaml")
    answers = ([f"r{(i * j) % 6}" for i in range(30)] for j in range(1000))
    rows = rows_of(asked, tally_rows([f"q{i}" for i in range(30)], answers, asked))
    results = replace(sample_results(form, 20), rows=rows)
    render_results(asked, "it", results, Place())
    start = time.process_time()
    page = render_results(asked, "it", results, Place())
    assert time.process_time() - start < 3  # seconds; it takes a twentieth of that
    assert len(page.encode()) < 150_000


def test_a_chart_says_how_its_numbers_are_to_be_read(form: Form) -> None:
    page = html(form)
    assert "perciò le quote sommate possono superare il 100 per cento" in page
    assert "la quota di chi ha scelto 9 o 10, meno la quota di chi ha scelto da 0 a 6" in page
    assert "Più lunga è la barra, più alto è il posto" in page
    assert page.index("results.csv") < page.index("datapackage.json")
    assert "Che cosa nessun metodo protegge" in page


def test_the_bar_of_what_was_ranked_higher_is_longer(form: Form) -> None:
    ranks = next(chart for chart in charts_of(form, "it", sample_results(form)) if chart.kind == "ranks")
    drawn = [(bar.value, bar.width) for bar in ranks.bars if bar.value is not None and bar.width is not None]
    assert len(drawn) == 3
    assert drawn == sorted(drawn, key=lambda bar: (bar[0], -bar[1]))
    assert [width for _, width in drawn] == sorted((width for _, width in drawn), reverse=True)


def test_rounded_counts_are_called_about(tmp_path: Path) -> None:
    rounded = sample_form(tmp_path, more="form:disclosure: rounding\n")
    page = html(rounded, count=333)
    assert "circa 330 risposte" in page
    numbers = re.findall(r'<span class="results-number">([^<]+)', page)
    assert numbers
    assert all(number.startswith("circa ") for number in numbers)
    assert "Dove i numeri sono arrotondati l’ordine non è mostrato" in page
    assert "circa" not in html(sample_form(tmp_path))


def test_a_poll_says_when_its_results_are_updated(tmp_path: Path) -> None:
    form = sample_form(tmp_path)
    poll = replace(form, kind="poll")
    said = "aggiornati ogni giorno alle 06:00, se hanno risposto altre 5 persone"
    assert said in render_results(poll, "it", sample_results(poll), Place(live=True))
    assert said not in render_results(poll, "it", sample_results(poll), Place(live=True), closed=True)
    assert said not in render_results(poll, "it", sample_results(poll), Place())  # of a page that was built some day


def test_results_that_began_anew_say_since_when_and_why(form: Form) -> None:
    results = replace(sample_results(form), changed=("canale",))
    page = render_results(form, "it", results, Place())
    assert "Contati dal 1 ottobre 2026, quando sono cambiate queste domande: Quale canale usi di più?" in page
    page = render_results(form, "it", replace(results, changed=("",)), Place())
    assert "Contati dal 1 ottobre 2026, quando il modulo è cambiato" in page


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=4), st.integers(0, 2))
def test_no_figure_is_a_minus_zero(number: Decimal, places: int) -> None:
    written = figure(number, places)
    assert not re.fullmatch(r"-0(\.0+)?", written)
    assert re.fullmatch(r"-?\d+(\.\d+)?", written)
    assert abs(Decimal(written) - number) <= Decimal(1).scaleb(-places) / 2


def test_a_score_just_below_zero_is_zero(form: Form) -> None:
    votes = [str(step) for step in range(9) for _ in range(40)] + ["9"] * 200 + ["10"] * 79
    rows = rows_of(form, tally_rows(["voto"], ([vote] for vote in votes), _only(form, "voto")))
    assert {row.measure: row.value for row in rows}["nps"] == "0"


def test_the_parts_of_a_score_are_drawn_only_where_every_number_is_shown(form: Form) -> None:
    asked = _only(form, "voto")
    votes = [str(step) for step in range(11) for _ in range(20)]
    results = replace(
        sample_results(form), rows=rows_of(asked, tally_rows(["voto"], ([vote] for vote in votes), asked))
    )
    (chart,) = charts_of(asked, "it", results)
    parts = [(part.label, round(part.share or 0, 3)) for part in chart.nps_parts]
    assert parts == [("0–6", Decimal("0.636")), ("7–8", Decimal("0.182")), ("9–10", Decimal("0.182"))]
    page = render_results(asked, "it", results, Place())
    assert page.count('class="results-part results-nps--') == 3
    assert "Dove non c’è un numero" not in page
    hidden = replace(chart, bars=[replace(chart.bars[0], value=None, share=None), *chart.bars[1:]])
    assert hidden.nps_parts == ()
    assert html(form).count("Dove non c’è un numero") == 1


def _only(form: Form, name: str) -> Form:
    return replace(form, fields=(form.field(name),), crossings=())
