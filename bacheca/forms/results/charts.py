"""Results as a page shows them: tables whose bars are static SVG, without script and without inline style."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent
from jinja2 import Environment

from bacheca.forms.definition.form import Form
from bacheca.forms.jinja import make_environment
from bacheca.forms.kinds import Field
from bacheca.forms.kinds.counted import Chart as Drawn
from bacheca.forms.kinds.counted import Counted
from bacheca.forms.locales import locale_of
from bacheca.forms.results.package import DESCRIPTOR, LICENCE, QUOTATIONS, RESULTS
from bacheca.forms.results.results import BLANK, PUBLISHED_AT, Results
from bacheca.forms.results.rows import batch_of
from bacheca.forms.results.tally import crossings_of, measures_of
from bacheca.forms.results_messages import CATALOGUE, CITATION, METHOD, NO_ANSWER, TITLE, say

TEMPLATES = Path(__file__).parents[1] / "html" / "templates"
NPS_SCALE = range(11)
NPS_PARTS = ((0, 6), (7, 8), (9, 10))
"""First and last answer of those who would advise against, of those in between, of those who would recommend."""


@dataclass(frozen=True)
class Bar:
    """One line of a chart; what is None is not shown.

    Args:
        label: what it counts.
        value: the number at its end.
        share: its part of the base, 1 for all of it.
        width: the length of the bar, of 100.
    """

    label: str
    value: Decimal | None
    share: Decimal | None = None
    width: Decimal | None = None


@dataclass(frozen=True)
class Stack:
    """One line of a stacked chart: a row of a matrix, or of a crossing.

    Args:
        label: what it is about.
        base: how many it counts.
        bars: one for each category; its width is its share.
        unsaid: the share of those not shown, of 100.
    """

    label: str
    base: Decimal | None
    bars: Sequence[Bar]
    unsaid: Decimal | None


@dataclass(frozen=True)
class Chart:
    """The results of a question, or of some together.

    Args:
        kind: `bars`, `histogram`, `ranks`, `words`, `stacks` or `crossing`.
        title: the question.
        base: how many answered.
        bars: the lines; of `stacks` and `crossing` see `stacks`.
        missing: how many did not answer, by reason.
        mean: the mean, of a number or a scale.
        nps: the net promoter score, of a scale from 0 to 10.
        has_mean: whether there is a mean to be shown, or kept back.
        several: whether each person could give several answers, so that the shares may add up to more than all.
        columns: the categories of the stacks.
        stacks: the lines of a stacked chart.
        quotations: what people wrote and let us quote.
    """

    kind: str
    title: str
    base: Decimal | None = None
    bars: Sequence[Bar] = ()
    missing: Sequence[Bar] = ()
    mean: Decimal | None = None
    nps: Decimal | None = None
    has_mean: bool = False
    several: bool = False
    columns: Sequence[str] = ()
    stacks: Sequence[Stack] = field(default_factory=tuple)
    quotations: Sequence[str] = ()

    @property
    def nps_parts(self) -> Sequence[Bar]:
        """Those from 0 to 6, those at 7 and 8, those at 9 and 10; none unless the number of each answer is shown."""
        shares = [bar.share for bar in self.bars if bar.share is not None]
        if self.nps is None or len(shares) != len(NPS_SCALE) or len(self.bars) != len(NPS_SCALE):
            return ()
        return [
            Bar(f"{self.bars[first].label}–{self.bars[last].label}", None, share, 100 * share)
            for first, last in NPS_PARTS
            for share in [sum(shares[first : last + 1], Decimal())]
        ]

    @property
    def keeps_back(self) -> bool:
        """Whether the number of an answer is not shown."""
        bars = [*self.bars, *(bar for stack in self.stacks for bar in stack.bars)]
        return any(bar.value is None for bar in bars)

    @property
    def says_nothing(self) -> bool:
        """Whether every part of a stacked chart is kept back."""
        return all(bar.value is None for stack in self.stacks for bar in stack.bars)


@dataclass(frozen=True)
class Place:
    """Where results are shown.

    Args:
        service: the address of the service, where the package can be had; empty for the portal's own origin.
        origin: the portal's scheme and host, for whoever cites; empty where it is not known.
        publisher: who publishes.
        kept: whether these are kept results, shown since newer ones could not be had.
        live: whether the page shows what was published last; one of the portal shows what there was when it was built.
    """

    service: str = ""
    origin: str = ""
    publisher: str = ""
    kept: bool = False
    live: bool = False


@cache
def environment(language: str) -> Environment:
    """Make the template environment of a language; everything is escaped."""
    made = make_environment(TEMPLATES, language, CATALOGUE.of(language))
    made.filters["number"] = lambda value: _number(value, language)
    made.filters["percent"] = lambda value: format_percent(value, locale=locale_of(language))
    made.filters["length_of"] = lambda value: f"{value:.1f}".removesuffix(".0")
    return made


def render_results(form: Form, language: str, results: Results | None, place: Place, *, closed: bool = False) -> str:
    """Render the results of a form, or when they will come.

    Args:
        form: the form.
        language: one of its languages.
        results: its results; None where there are none yet.
        place: where they are shown.
        closed: whether the form takes no more answers.

    Returns:
        HTML to be put in a page under the page's own heading.
    """
    template = environment(language).get_template("results.html")
    if results is None:
        return template.render(
            form=form,
            results=None,
            closed=closed,
            published=is_published(form),
            least=form.threshold,
            batch=batch_of(form),
            state=f"{place.service.rstrip('/')}/forms/state.json",
        )
    folder = f"{place.service.rstrip('/')}{path_of(form)}"
    title = say(TITLE, language, title=form.wording(language).title)
    day = format_date(results.created, format="long", locale=locale_of(language))
    cited = {"publisher": place.publisher, "title": title, "day": day, "address": _absolute(form, place) + DESCRIPTOR}
    charts = list(charts_of(form, language, results))
    return template.render(
        form=form,
        results=results,
        charts=charts,
        least=max((chart.base for chart in charts if chart.base is not None), default=None),
        files={name: folder + name for name in (DESCRIPTOR, RESULTS)},
        has_quotations=bool(results.quotations),
        method=_method(results, language),
        citation=say(CITATION, language, **cited).removeprefix(", "),  # where nobody says who publishes
        licence=LICENCE,
        place=place,
        closed=closed,
        updated_at=format_time(PUBLISHED_AT, "short", locale=locale_of(language)),
        batch=batch_of(form),
        changed=[form.field(name).words[language].title for name in results.changed if name in form.fields_by_name],
        dataset=dataset_of(form, language, results, place),
    )


def is_published(form: Form) -> bool:
    """Tell whether a form has results for everybody."""
    return form.publishes_results


def dataset_of(form: Form, language: str, results: Results, place: Place) -> dict[str, Any]:
    """Describe results to search engines (https://schema.org/Dataset)."""
    folder = _absolute(form, place)
    files = {RESULTS: "text/csv", DESCRIPTOR: "application/json"} | (
        {QUOTATIONS: "text/csv"} if results.quotations else {}
    )
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": say(TITLE, language, title=form.wording(language).title),
        "description": f"{form.wording(language).description} {_method(results, language)}".strip(),
        "inLanguage": language,
        "version": results.version,
        "datePublished": results.created.date().isoformat(),
        "temporalCoverage": f"{results.since}/{results.until}",
        "license": LICENCE["path"],
        "isAccessibleForFree": True,
        "variableMeasured": [form.field(name).words[language].title for name in measures_of(form)],
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": folder + name}
            for name, kind in files.items()
        ],
    }
    if place.publisher:
        described["creator"] = {"@type": "Organization", "name": place.publisher}
    return described


def path_of(form: Form) -> str:
    """Give the path under which the service hands out the files of a form's results."""
    return f"/forms/{form.name}/results/"


def _absolute(form: Form, place: Place) -> str:
    return (place.service or place.origin).rstrip("/") + path_of(form)


def charts_of(form: Form, language: str, results: Results) -> Iterator[Chart]:
    """Make the chart of each question in order, the rows of a matrix together; then the crossings."""
    measured = measures_of(form)
    for _, together in groupby(measured.values(), key=lambda measure: measure.asked.matrix or measure.asked.name):
        rows = [measure.asked for measure in together]
        if rows[0].matrix:
            yield _stacked(rows, language, results)
        else:
            yield CHARTS[rows[0].chart](rows[0], language, results)
    for first, second in crossings_of(form):
        yield _crossing(form.field(first), form.field(second), language, results)


def _method(results: Results, language: str) -> str:
    method = METHOD["rounding" if results.rounding else "suppression"]
    return say(method, language, threshold=results.threshold, rounding=results.rounding)


def _number(value: Decimal, language: str) -> str:
    """Write a number with as many decimals as it is given with."""
    places = max(0, -int(value.as_tuple().exponent))
    return format_decimal(value, format="#,##0" + ("." + "0" * places if places else ""), locale=locale_of(language))


def _label(asked: Field, code: str, language: str) -> str:
    """Say a category or a reason for not answering."""
    if ".." in code and asked.counted is Counted.NUMBERS:
        return "–".join(format_decimal(Decimal(end), locale=locale_of(language)) for end in code.split(".."))
    if code == BLANK:
        return asked.words[language].labels.get("") or say(NO_ANSWER, language)
    return asked.label(code, language)


def _counts(asked: Field, language: str, results: Results, *, of_all: bool = False) -> tuple[list[Bar], list[Bar]]:
    """Give the bars of a question's categories, and of the reasons for not answering.

    Args:
        asked: the question.
        language: the language of the labels.
        results: its results.
        of_all: whether a whole bar is all who answered, where that is known, and not the most frequent answer.
    """
    rows = [row for row in results.rows if row.field == asked.name and row.measure == "count" and not row.crossed_field]
    blanks = {BLANK, *asked.missing}
    base = results.value("answered", asked.name)
    values = {row.category: Decimal(row.value) if row.value else None for row in rows}
    most = max((value for code, value in values.items() if value and code not in blanks), default=Decimal(1))
    whole = max(base, most) if of_all and base else most
    bars = [
        Bar(
            _label(asked, code, language),
            value,
            value / base if value is not None and base else None,
            100 * value / whole if value is not None else None,
        )
        for code, value in values.items()
        if code not in blanks
    ]
    return bars, [Bar(_label(asked, code, language), value) for code, value in values.items() if code in blanks]


def _bars(asked: Field, language: str, results: Results, kind: str = "bars") -> Chart:
    bars, missing = _counts(asked, language, results, of_all=kind == "bars")
    return Chart(
        kind,
        asked.words[language].title,
        results.value("answered", asked.name),
        bars,
        missing,
        results.value("mean", asked.name),
        results.value("nps", asked.name),
        (asked.name, "", "", "", "mean") in results.values,
        asked.ticking.most > 1,
    )


def _histogram(asked: Field, language: str, results: Results) -> Chart:
    return _bars(asked, language, results, "histogram")


def _words(asked: Field, language: str, results: Results) -> Chart:
    said = [quotation.text for quotation in results.quotations if quotation.field == asked.name]
    missing = _counts(asked, language, results)[1]
    title, base = asked.words[language].title, results.value("answered", asked.name)
    return Chart("words", title, base, missing=missing, quotations=said)


def _ranks(asked: Field, language: str, results: Results) -> Chart:
    """Draw the mean rank of each category, the first one first and longest."""
    last = Decimal(len(asked.categories))
    means = {code: results.value("mean-rank", asked.name, code) for code in asked.categories}
    ordered = sorted(means.items(), key=lambda item: (item[1] is None, item[1] or 0))
    bars = [
        Bar(_label(asked, code, language), mean, None, 100 * (last + 1 - mean) / last if mean is not None else None)
        for code, mean in ordered
    ]
    missing = _counts(asked, language, results)[1]
    return Chart("ranks", asked.words[language].title, results.value("answered", asked.name), bars, missing)


def _stacked(rows: Sequence[Field], language: str, results: Results) -> Chart:
    """Draw the rows of a matrix, each a bar cut in parts."""
    stacks = []
    for asked in rows:
        bars, _ = _counts(asked, language, results)
        stacks.append(_stack(asked.words[language].title, results.value("answered", asked.name), bars))
    columns = [_label(rows[0], code, language) for code in rows[0].categories]
    return Chart(
        "stacks", rows[0].words[language].stem or rows[0].words[language].title, None, columns=columns, stacks=stacks
    )


def _crossing(first: Field, second: Field, language: str, results: Results) -> Chart:
    """Draw one question within another: a bar cut in parts for each category."""
    codes = {
        asked.name: [
            row.category
            for row in results.rows
            if row.field == asked.name and row.measure == "count" and not row.crossed_field
            if row.category not in {BLANK, *asked.missing}
        ]
        for asked in (first, second)
    }
    columns = [_label(second, code, language) for code in codes[second.name]]
    stacks = []
    for code in codes[first.name]:
        whole = results.value("count", first.name, code)
        values = [results.value("count", first.name, code, (second.name, other)) for other in codes[second.name]]
        bars = [
            Bar(label, value, value / whole if value is not None and whole else None)
            for label, value in zip(columns, values, strict=True)
        ]
        stacks.append(_stack(_label(first, code, language), whole, bars))
    title = f"{first.words[language].title} × {second.words[language].title}"
    return Chart("crossing", title, None, columns=columns, stacks=stacks)


def _stack(label: str, base: Decimal | None, bars: Sequence[Bar]) -> Stack:
    if not base:
        return Stack(label, base, bars, None)
    said = sum((bar.value for bar in bars if bar.value is not None), Decimal(0))
    return Stack(label, base, bars, max(Decimal(0), 100 * (base - said) / base))


CHARTS: Mapping[Drawn, Callable[[Field, str, Results], Chart]] = {
    Drawn.BARS: _bars,
    Drawn.HISTOGRAM: _histogram,
    Drawn.RANKS: _ranks,
    Drawn.WORDS: _words,
}
"""How a question is drawn, by what its kind says of itself."""
