"""Results: what may be shown to everybody of the responses to a form.

Exact counts (`tally.py`) go through disclosure control (`disclosure.py`) and come out as rows; a
value that is not shown is blank, whether it is small, hidden to protect another, or nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from bacheca.forms.definition.form import Form
from bacheca.forms.results.boxes import narrowed
from bacheca.forms.results.disclosure import (
    Disclosure,
    Question,
    nearest,
    protect,
    round_to,
)
from bacheca.forms.results.results import BLANK, Row
from bacheca.forms.results.statistics import mean_ranks, statistics_of
from bacheca.forms.results.tally import ANSWERED, Tally


def batch_of(form: Form) -> int:
    """Give how many responses a publication adds at least to the one before."""
    return form.rounding or form.threshold


def rows_of(form: Form, tally: Tally, before: Tally | None = None) -> tuple[Row, ...]:
    """Make the rows that may be published.

    Args:
        form: the form.
        tally: the exact counts of today.
        before: those of the publication before; None where there was none of this resource.
    """
    if form.rounding:
        return tuple(_rounded(form, tally))
    growth = grown(tally, before)
    disclosure = protect(growth.questions, growth.crossings, form.threshold)
    return tuple(_shown(form, tally, growth, disclosure))


def holds_back(form: Form, tally: Tally, before: Tally | None, rows: Sequence[Row], shown: Iterable[Row]) -> bool:
    """Tell whether new rows had better wait for more responses, since they show nothing, less, or too much.

    Args:
        form: the form.
        tally: the exact counts of today.
        before: those of the publication before; None where there was none.
        rows: what would be shown.
        shown: what is shown now.
    """
    if form.rounding:
        return _tells_a_batch(form, rows, shown, tally.total - (before.total if before else 0))
    now = _counts_shown(tally, rows)
    if not now and (any(_places(question) for question in tally.questions.values()) or not any(r.value for r in rows)):
        return True
    doubled = before is None or tally.total >= 2 * before.total
    return hides_what_was_shown(rows, shown) or not (doubled or _counts_shown(tally, rows_of(form, tally)) <= now)


def hides_what_was_shown(rows: Iterable[Row], before: Iterable[Row]) -> bool:
    """Tell whether some counts shown before would be blank now, since they have grown too little."""
    shown = {row.place for row in rows if row.value}
    return any(row.value and row.place not in shown for row in before if row.measure in ("count", "answered"))


def _tells_a_batch(form: Form, rows: Sequence[Row], shown: Iterable[Row], new: int) -> bool:
    """Tell whether some rounded count fell or leapt too far: see `leaps_tell`."""
    earlier = {row.place: int(row.value) for row in shown if row.value}
    leaps = [int(row.value) - earlier.get(row.place, 0) for row in rows if row.value and row.measure == "count"]
    return leaps_tell(leaps, new, form.rounding)


def leaps_tell(leaps: Iterable[int], new: int, base: int) -> bool:
    """Tell whether rounded counts show what nearly all who answered since have answered.

    A count has leapt so far that all but a few of them must have given that answer; or it fell, which rounding may
    do when the others rise, and which tells that hardly anybody did.

    Args:
        leaps: how much each rounded count differs from what is shown.
        new: how many answered since.
        base: what counts are rounded to multiples of, twice the threshold.
    """
    leaps = list(leaps)
    return min(leaps, default=0) < 0 or max(leaps, default=0) - (base - 1) > new - base // 2


def _counts_shown(tally: Tally, rows: Iterable[Row]) -> set[tuple[str, str]]:
    """Name the answers whose counts are shown, each with its question."""
    return {
        (row.field, row.category)
        for row in rows
        if row.value and row.measure == "count" and not row.crossed_field
        if row.category in _places(tally.questions[row.field])
    }


def _places(question: Question) -> Mapping[str, int]:
    """Give the counts of a question that are rows of their own."""
    places = question.ticks or question.categories
    return {} if ANSWERED in places else places


def grown(tally: Tally, before: Tally | None) -> Tally:
    """Give how much each count has grown."""
    if before is None:
        return tally

    def rest(now: Mapping[str, int], then: Mapping[str, int]) -> dict[str, int]:
        return {code: count - then.get(code, 0) for code, count in now.items()}

    questions = {
        name: replace(
            now,
            categories=rest(now.categories, then.categories),
            missing=rest(now.missing, then.missing),
            ticks=rest(now.ticks, then.ticks),
        )
        for name, now in tally.questions.items()
        for then in (before.questions.get(name, Question({})),)
    }
    crossings = {
        pair: {cells: counts.get(cells, 0) - then.get(cells, 0) for cells in {**counts, **then}}
        for pair, counts in tally.crossings.items()
        for then in (before.crossings.get(pair, {}),)
    }
    ranks = {
        name: {code: rest(counts, before.ranks.get(name, {}).get(code, {})) for code, counts in of_name.items()}
        for name, of_name in tally.ranks.items()
    }
    return Tally(tally.total - before.total, questions, crossings, tally.sums, ranks)


def _shown(form: Form, tally: Tally, growth: Tally, disclosure: Disclosure) -> Iterator[Row]:
    yield Row("", "", "", "", "responses", str(tally.total) if disclosure.total else "")
    crossed = {name for pair in tally.crossings for name in pair}
    for name, question in tally.questions.items():
        shown = disclosure.questions[name]
        yield Row(name, "", "", "", "answered", str(question.answered) if shown.answered else "")
        codes = shown.ticks if question.ticks else shown.codes
        for code, count in _places(question).items():
            yield Row(name, code, "", "", "count", str(count) if code in codes else "")
        for code, count in question.missing.items():
            yield Row(name, code or BLANK, "", "", "count", str(count) if code in shown.codes else "")
        hidden = question.categories.keys() - shown.codes
        may = shown.answered and not (hidden and name in crossed)
        yield from statistics_of(form, name, tally, growth, hidden if may else None)
        if name in tally.ranks:
            yield from mean_ranks(name, tally, growth, form.threshold, answered=shown.answered)
    for (first, second), cells in tally.crossings.items():
        for a in tally.questions[first].codes:
            for b in tally.questions[second].codes:
                value = str(cells.get((a, b), 0)) if (a, b) in disclosure.crossings[first, second] else ""
                yield Row(first, a or BLANK, second, b or BLANK, "count", value)


def _rounded(form: Form, tally: Tally) -> Iterator[Row]:
    """Round every count to a multiple; the parts of each question add up to the whole."""
    base = form.rounding
    wholes = {"": nearest(tally.total, base)}
    rounded: dict[str, dict[str, int]] = {}
    yield Row("", "", "", "", "responses", str(wholes[""]))
    for name, question in tally.questions.items():
        whole: int | None = wholes[""]
        if question.after:
            before, gate = question.after
            whole = sum(rounded[before][code] for code in gate) if gate <= rounded.get(before, {}).keys() else None
        shown = round_to(question.codes, base, whole) if whole is not None else {}
        if not question.ticks:
            rounded[name] = shown
        answered = sum(shown.get(code, 0) for code in question.categories)
        yield Row(name, "", "", "", "answered", str(answered) if shown else "")
        counts = rounded_ticks(question, answered, base) if question.ticks else shown
        for code in _places(question):
            yield Row(name, code, "", "", "count", str(counts[code]) if shown and counts else "")
        for code in question.missing:
            yield Row(name, code or BLANK, "", "", "count", str(shown[code]) if shown else "")


def rounded_ticks(question: Question, answered: int, base: int) -> Mapping[str, int]:
    """Round the ticks of each box, none to more than how many answered; nothing where rounding leaves too little open.

    Args:
        question: the exact counts.
        answered: how many answered, rounded.
        base: what to round to multiples of.
    """
    rounded = {code: min(nearest(count, base), answered) for code, count in question.ticks.items()}
    whole = max(0, answered - base + 1), answered + base - 1
    ranges = {
        code: (max(0, count - base // 2), whole[1] if count == answered else count + (base - 1) // 2)
        for code, count in rounded.items()
    }
    known = narrowed(question.boxes, whole, ranges)
    return rounded if known and known.is_wide(rounded, base // 2 - 1, answered=True) else {}
