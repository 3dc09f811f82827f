"""Whatever a check and the door accept passes through every later step, at the ends of every limit too.

Accept → receipt → correction → export in every format → results → codebook → mail → verify.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url

from bacheca.forms import Form, FormProblems, load_form
from bacheca.forms.kinds import KINDS
from bacheca.forms.package.formats.registry import COPIES
from bacheca.forms.results.charts import is_published
from bacheca.forms.simulation.respondents import people_of
from forms_server.publishing.export import export_forms, verify_packages
from forms_server.publishing.results import Publication, publish
from tests.forms_server.samples import Respondent, link, running
from tests.forms_server.stored import found_by_token
from tests.forms_server.test_posting import OWN

TIMES = int(os.environ.get("BACHECA_EXAMPLES", "4"))
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MOST = 999_999_999_999_999
ENDS = {"low": "Poco", "high": "Molto"}
CODES = [{"value": "a", "label": "A"}, {"value": "b-" + "c" * 98, "label": "B " * 200}, {"value": "1", "label": "=1"}]
MANY = [{"value": f"c{number}", "label": f"Scelta {number}"} for number in range(40)]
NO_ANSWER = [{"value": "", "label": "Niente"}, {"value": "non-so", "label": "Non so"}]
DAYS = ["0001-01-01", "0999-12-31", "1582-10-04", "1582-10-15", "1899-12-31", "1900-02-28", "9999-12-31"]
MONTHS = ["0000-01", "0001-01", "1582-10", "1899-12", "9999-12"]
NUMBERS = [
    "0",
    "7",
    "-0,0",
    "0,00000000000001",
    f"{MOST}",
    f"-{MOST}",
    f"{MOST},{MOST // 10}",
    "1e308",
    "1" * 400,
    "NaN",
]
TEXTS = ["=1+1", "+39", "-1", "a\nb", "\u202ea", "\U0001f600" * 40, "à" * 200, "NA", "<b>&'\""]
LONG = ["a" * 32_768, "riga\n" * 6_500, "\U0001f600" * 9_000, "=HYPERLINK()", "\u0001"]


@dataclass(frozen=True)
class Asked:
    """A field as an editor may write it, and what people may type."""

    entry: dict[str, Any]
    typed: tuple[str, ...]


def asked(typed: list[str], **entry: Any) -> Asked:
    return Asked({key.replace("form_", "form:"): value for key, value in entry.items()}, tuple(typed))


EXTREMES = [
    asked(TEXTS, type="string"),
    asked(TEXTS, type="string", constraints={"minLength": 200}),
    asked(["ab", "a" * 40], type="string", description="Due", constraints={"pattern": "[a-z]{2}|a{40}"}),
    asked(LONG, type="string", form_widget="textarea", constraints={"maxLength": 33_000}),
    asked(LONG, type="string", form_widget="textarea", constraints={"minLength": 1, "maxLength": 1}),
    asked(
        ["a@x.it", "a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".it", "a@xn--e1afmkfd.it"],
        type="string",
        format="email",
    ),
    asked(["https://x.it/" + "a" * 1_987, "x.it:65535/?#", "è.it/è"], type="string", format="uri"),
    asked(["+39 02 1234567", "+999999999999999", "1234567"], type="string", form_widget="tel"),
    asked(["x" * 64, "-", "."], type="string", form_widget="hidden"),
    asked(NUMBERS, type="integer"),
    asked(NUMBERS, type="integer", constraints={"minimum": -MOST, "maximum": MOST}),
    asked(NUMBERS, type="integer", constraints={"minimum": 10**30}),
    asked(NUMBERS, type="integer", constraints={"minimum": 7, "maximum": 7}),
    asked(NUMBERS, type="number"),
    asked(NUMBERS, type="number", constraints={"minimum": -0.00000000000001, "maximum": 1e-14}),
    asked(NUMBERS, type="number", constraints={"maximum": 1e300}),
    asked(NUMBERS, type="number", constraints={"minimum": 0.1, "maximum": 999999999999999.9}),
    asked(["0", "10", "5"], type="integer", form_widget="scale", form_ends=ENDS),
    asked(["-5", "5"], type="integer", form_widget="scale", form_ends=ENDS, constraints={"minimum": -5, "maximum": 5}),
    asked(
        [f"{MOST}"],
        type="integer",
        form_widget="scale",
        form_ends=ENDS,
        constraints={"minimum": MOST - 1, "maximum": MOST},
    ),
    asked(
        [f"{10**15}"],
        type="integer",
        form_widget="scale",
        form_ends=ENDS,
        constraints={"minimum": 10**15, "maximum": 10**15 + 1},
    ),
    asked(DAYS, type="date"),
    asked(DAYS, type="date", constraints={"minimum": "0001-01-01", "maximum": "9999-12-31"}),
    asked(DAYS, type="date", constraints={"minimum": "0000-01-01"}),
    asked(MONTHS, type="yearmonth"),
    asked(MONTHS, type="yearmonth", constraints={"minimum": "0001-01", "maximum": "9999-12"}),
    asked(["0000", "0001", "1582", "9999"], type="year"),
    asked(["0001", "9999"], type="year", constraints={"minimum": "0001", "maximum": 9999}),
    asked(["true", "false", "non-so"], type="boolean", missingValues=NO_ANSWER),
    asked(["true", "false"], type="boolean", form_widget="consent", form_notice="Il testo. " * 500),
    asked(
        ["a", "1", "b-" + "c" * 98, "non-so", "other"],
        type="string",
        categories=CODES,
        form_other=True,
        missingValues=NO_ANSWER,
    ),
    asked(
        ["0", "999999999"],
        type="integer",
        categories=[{"value": 0, "label": "Zero"}, {"value": 999999999, "label": "Tanti"}],
    ),
    asked(
        [f"{10**20}"], type="integer", categories=[{"value": 10**20, "label": "Troppi"}, {"value": 1, "label": "Uno"}]
    ),
    asked(["c0", "c39"], type="string", form_widget="select", categories=MANY),
    asked(
        ["c0", "c39", "non-so", "other"],
        type="list",
        form_other=True,
        categories=MANY,
        form_choose={"min": 1, "max": 40},
        form_shuffle=True,
        missingValues=NO_ANSWER,
    ),
    asked(["a", "b"], type="list", form_widget="ranking", categories=MANY, form_choose={"min": 1}),
]
"""Every kind at the ends of its limits, and beyond them where a check should say so."""


class Written(yaml.SafeDumper):
    """Writes what is there twice twice: form files have no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def form_text(fields: list[dict[str, Any]], **more: object) -> str:
    head = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "name": "estremi",
        "title": "Agli estremi",
        "form:kind": "survey",
        "form:publish": "results",
    }
    named = [{"name": f"campo_{n}", "title": f"Domanda {n}", **field} for n, field in enumerate(fields)]
    return yaml.dump(head | more | {"fields": named}, Dumper=Written, allow_unicode=True, sort_keys=False)


def passes_check(folder: Path, fields: list[dict[str, Any]], **more: object) -> bool:
    """Tell whether the check takes a form; whatever is wrong with it is said, and nothing else happens."""
    folder.mkdir(exist_ok=True)
    (folder / "estremi.yaml").write_text(form_text(fields, **more), encoding="utf-8")
    try:
        load_form(folder / "estremi.yaml")
    except FormProblems as error:
        for problem in error.problems:
            assert "{" not in problem.sentence("it") + problem.sentence("en")
        return False
    return True


@contextmanager
def served(folder: Path, fields: list[dict[str, Any]], **more: object) -> Iterator[Respondent]:
    (folder / "forms").mkdir(parents=True)
    (folder / "forms" / "estremi.yaml").write_text(form_text(fields, **more), encoding="utf-8")
    with running(folder, make_url(f"sqlite:///{folder}/forms.db"), lambda: NOW) as service:
        yield Respondent(service)


def goes_all_the_way(respondent: Respondent, answers: list[dict[str, list[str]]]) -> int:
    """Send answers, and take what is accepted through every later step; give how much was accepted."""
    service, browser = respondent.service, respondent.browser
    form = service.forms["estremi"].form
    receipts = []
    for number, posted in enumerate(answers):
        unsure = browser.post("/forms/estremi", data={"_lang": "it", **posted}, headers=OWN)
        assert unsure.status_code in (200, 422), unsure.text[:500]  # the page on which answers are checked
        data = {"_key": f"fino-in-fondo-{number:010}", "_lang": "it", **posted}
        answer = browser.post("/forms/estremi", data=data, headers=OWN)
        assert answer.status_code in (303, 422), answer.text[:500]
        assert (answer.status_code == 303) == (unsure.status_code == 200)
        if answer.status_code == 303:
            receipts.append(answer.headers["Location"])
    for receipt in receipts:
        for language in ("it", "en"):
            assert browser.get(f"{receipt}?lang={language}").status_code == 200
        assert browser.get(f"{receipt}/correct").status_code == 200
        stored = found_by_token(
            service.store, "estremi", service.secret.token_hash("estremi", receipt.rsplit("/", 1)[1])
        )
        assert stored is not None
        again = {name: values for field in form.fields for name, values in field.posted(stored.answers).items()}
        corrected = browser.post(f"{receipt}/correct", data={"_lang": "it", **again}, headers=OWN)
        assert corrected.status_code == 303, corrected.text[:2000]
        assert found_by_token(service.store, "estremi", stored.token_hash).answers == stored.answers  # type: ignore[union-attr]
    for mail in respondent.mails():
        if "confirm" in str(mail.get_body(("plain",))):
            respondent.post(link(mail, "confirm"))
    respondent.mails()
    folder = service.settings.data
    for done in export_forms(service.store, ("estremi",), folder, NOW, list(COPIES)):
        assert done.is_whole, done
        assert done.responses == len(receipts)
    assert len(list(verify_packages(folder))) == 1
    if is_published(form):
        became = publish(service.store, form, folder, NOW, early=True).became
        assert became in (Publication.PUBLISHED, Publication.SMALL, Publication.HELD)
        assert browser.get("/forms/estremi/results").status_code == 200
    for path in ("/forms/estremi/schema.json", "/forms/estremi", "/forms/openapi.json"):
        assert browser.get(path).status_code == 200
    return len(receipts)


def posted_of(form: Form, field: Any, typed: str) -> dict[str, list[str]]:
    """Give what is posted where somebody types a text."""
    if field.kind == "ranking":
        return {field.column_name(code): [str(rank)] for rank, code in enumerate(field.categories, 1)}
    if typed == "other":
        return {field.name: ["other"], f"{field.name}__other": ['Altro, "così"; =1']}
    return {field.name: [typed]}


def test_what_the_check_takes_goes_all_the_way_at_the_ends_of_every_limit(tmp_path: Path) -> None:
    kept = [ask for ask in EXTREMES if passes_check(tmp_path / "check", [ask.entry])]
    assert len(EXTREMES) - 9 <= len(kept) < len(EXTREMES)
    with served(tmp_path, [ask.entry for ask in kept]) as respondent:
        form = respondent.service.forms["estremi"].form
        assert {field.kind for field in form.fields} == {kind.kind for kind in KINDS.values()}
        accepted = [
            [posted for typed in ask.typed if not field.read(posted := posted_of(form, field, typed), "it").problems]
            for field, ask in zip(form.fields, kept, strict=True)
        ]
        assert all(accepted), [
            field.descriptor for field, found in zip(form.fields, accepted, strict=True) if not found
        ]
        whole = [
            {name: values for posted in row if posted for name, values in posted.items()}
            for row in zip_longest(*accepted)
        ]
        assert goes_all_the_way(respondent, whole) == len(whole) > 5


@pytest.mark.parametrize(
    "more",
    [
        {"form:kind": "signup", "form:keep": "100 years", "form:places": 1_000_000, "form:notify": "each"},
        {"form:kind": "signup", "form:keep": "9999 days", "form:places": 1, "form:closes": "9999-12-31"},
        {"form:keep": "1 day", "form:threshold": 10**30},
        {"form:kind": "poll", "form:closes": "9999-12-31", "form:disclosure": "rounding"},
    ],
)
def test_what_the_check_takes_of_a_whole_form_goes_all_the_way(tmp_path: Path, more: dict[str, Any]) -> None:
    address = {"type": "string", "format": "email", "constraints": {"required": True}}
    entries: list[dict[str, Any]] = [address, {"type": "boolean"}]
    with served(tmp_path, entries, **more) as respondent:
        answers = [{"campo_0": [f"ada{number}@example.org"], "campo_1": ["true"]} for number in range(6)]
        assert goes_all_the_way(respondent, answers[: more.get("form:places", 6)]) > 0


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"form:keep": "101 years"}, "FORM_KEEP_LONG"),
        ({"form:keep": "9999 months"}, "FORM_KEEP_LONG"),
        ({"form:keep": "0 days"}, "FORM_KEEP"),
        ({"form:closes": "0000-12-31"}, "FORM_DATE"),
        ({"form:closes": "10000-01-01"}, "FORM_DATE"),
        ({"form:kind": "signup", "form:places": 10**30}, "FORM_PLACES"),
    ],
)
def test_what_no_later_step_could_do_is_refused_by_the_check(tmp_path: Path, more: dict[str, Any], code: str) -> None:
    (tmp_path / "estremi.yaml").write_text(form_text([{"type": "boolean"}], **more), encoding="utf-8")
    with pytest.raises(FormProblems) as refused:
        load_form(tmp_path / "estremi.yaml")
    assert code in {problem.code for problem in refused.value.problems}


WHOLE = st.integers(-(10**16), 10**16) | st.sampled_from([0, 1, -1, MOST, -MOST])
DECIMAL = st.floats(allow_nan=False, allow_infinity=False) | WHOLE
DAY = st.dates().map(str) | st.sampled_from(DAYS)
LENGTH = st.integers(0, 70_000)
BOUNDS = {
    "integer": WHOLE,
    "number": DECIMAL,
    "date": DAY,
    "yearmonth": DAY.map(lambda day: day[:7]),
    "year": st.integers(0, 10**5),
}


@st.composite
def fields(draw: st.DrawFn) -> dict[str, Any]:
    """Give a field with limits drawn at random, most of them sensible by themselves."""
    entry = dict(draw(st.sampled_from(EXTREMES)).entry)
    bound = BOUNDS.get(entry["type"])
    if bound is not None and "categories" not in entry:
        entry["constraints"] = draw(st.fixed_dictionaries({}, optional={"minimum": bound, "maximum": bound}))
    elif (
        entry["type"] == "string"
        and not {"format", "categories"} & set(entry)
        and entry.get("form:widget") in (None, "textarea")
    ):
        entry["constraints"] = draw(st.fixed_dictionaries({}, optional={"minLength": LENGTH, "maxLength": LENGTH}))
    elif "categories" in entry and entry["type"] == "list":
        most = st.integers(0, 50)
        entry["form:choose"] = draw(st.fixed_dictionaries({}, optional={"min": most, "max": most})) or {"min": 1}
    if draw(st.booleans()) and entry.get("form:widget") != "hidden":
        codes = st.sampled_from(["99", "999", "1", "non-so", "2024", "a", "true", "not-shown"])
        entry["missingValues"] = [{"value": draw(codes), "label": "Non lo dico"}]
    return entry


@settings(max_examples=TIMES // 2, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.lists(fields(), min_size=6, max_size=10), st.integers(0, 2**32))
def test_whatever_is_drawn_is_refused_by_the_check_or_goes_all_the_way(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[dict[str, Any]], seed: int
) -> None:
    folder = tmp_path_factory.mktemp("drawn")
    kept = [entry for entry in drawn if passes_check(folder / "check", [entry])]
    if not kept or not passes_check(folder / "check", kept):
        return
    with served(folder / "served", kept) as respondent:
        form = respondent.service.forms["estremi"].form
        people = people_of(form, 4, Random(seed))
        goes_all_the_way(respondent, [dict(person.posted) for person in people])
