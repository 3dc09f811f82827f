"""What a form means that does not say it: the language and the time zone of its community."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import bacheca.forms
from bacheca.forms import USUAL, Community, FormProblems, form_of_source, load_form, render_form
from bacheca.forms.community import country_of
from bacheca.forms.definition.evolution import Change, Verdict, changes_since

HERE = Community("de", ZoneInfo("Asia/Tokyo"))
FORM = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: prova
title: Eine Frage
form:kind: survey
form:closes: "2027-06-30"
{more}fields:
- {{name: x, title: Wie geht es?, type: string}}
- {{name: t, title: Telefon, type: string, form:widget: tel}}
"""
ENGLISH = """\
title: A question
fields:
- {name: x, title: How are you?}
- {name: t, title: Phone}
"""


def write(folder: Path, more: str = "", **translations: str) -> Path:
    path = folder / "prova.yaml"
    path.write_text(FORM.format(more=more), encoding="utf-8")
    for language, text in translations.items():
        (folder / f"prova.{language}.yaml").write_text(text, encoding="utf-8")
    return path


def test_a_form_that_says_nothing_is_in_the_language_and_the_zone_of_its_community(tmp_path: Path) -> None:
    form = load_form(write(tmp_path, en=ENGLISH), HERE)
    assert (form.language, form.languages, form.zone.key) == ("de", ("de", "en"), "Asia/Tokyo")
    assert form.wording("en").title == "A question"
    assert form.wording("fr").title == "Eine Frage"
    assert form.is_closed(datetime(2027, 6, 30, 15, tzinfo=UTC))
    assert "Uhr" not in render_form(form, "de", action="/x")  # its days are those of everybody here


def test_a_form_says_its_own_language_and_zone(tmp_path: Path) -> None:
    path = write(tmp_path, "form:language: de\nform:zone: Europe/Vienna\n", it=ENGLISH)
    form = load_form(path)
    assert (form.languages, form.zone.key, form.abroad) == (("de", "it"), "Europe/Vienna", True)
    with pytest.raises(FormProblems, match="TRANSLATION_LANGUAGE"):
        load_form(write(tmp_path, "form:language: it\n"))


def test_a_form_that_is_stored_says_all_that_it_means(tmp_path: Path) -> None:
    form = load_form(write(tmp_path, en=ENGLISH), HERE)
    again = form_of_source(json.loads(json.dumps(form.source())))
    assert (again.languages, again.zone, again.version) == (form.languages, form.zone, form.version)
    assert not again.abroad  # whose it is was not said
    assert [form_of_source(form.source(), of).abroad for of in (HERE, USUAL)] == [False, True]


def test_a_form_that_was_stored_before_it_could_say_so_is_italian(tmp_path: Path) -> None:
    source = load_form(write(tmp_path)).source()
    del source["descriptor"]["form:language"], source["descriptor"]["form:zone"]
    again = form_of_source(source)
    assert (again.language, again.zone.key, again.abroad) == ("it", "Europe/Rome", False)


def test_to_write_what_was_meant_is_no_change_and_another_language_harms_nothing(tmp_path: Path) -> None:
    before = load_form(write(tmp_path, en=ENGLISH), HERE)
    written = load_form(write(tmp_path, "form:language: de\nform:zone: Asia/Tokyo\n"), USUAL)
    assert changes_since([before], written) == ()
    (tmp_path / "prova.en.yaml").unlink()
    other = load_form(write(tmp_path, "form:language: en\n", de=ENGLISH), HERE)
    found = {(change.code, str(change.values.get("key", ""))) for change in changes_since([before], other)}
    assert ("form-changed", "form:language") in found
    assert not [change for change in changes_since([before], other) if _is_refused(change)]


def _is_refused(change: Change) -> bool:
    return change.verdict is Verdict.REFUSED


@pytest.mark.parametrize(
    ("zone", "country"),
    [("Europe/Rome", "IT"), ("Europe/Vaduz", "LI"), ("Asia/Calcutta", "IN"), ("Europe/Belfast", "GB"), ("UTC", "")],
)
def test_a_zone_is_of_a_country(zone: str, country: str) -> None:
    assert country_of(ZoneInfo(zone)) == country


@pytest.mark.parametrize(
    ("zone", "typed", "kept"),
    [
        ("Europe/Berlin", "030 12345678", "+493012345678"),
        ("Europe/Berlin", "0039 02 1234 5678", "+390212345678"),
        ("Europe/Paris", "06 12 34 56 78", "+33612345678"),
        ("America/New_York", "(201) 555-0123", "+12015550123"),
        ("America/New_York", "1 201 555 0123", "+12015550123"),
        ("Europe/Rome", "02 1234 5678", "+390212345678"),
        ("UTC", "+49 30 12345678", "+493012345678"),
    ],
)
def test_a_phone_without_a_prefix_is_of_the_country_of_the_form(
    tmp_path: Path, zone: str, typed: str, kept: str
) -> None:
    form = load_form(write(tmp_path, f"form:zone: {zone}\n"))
    assert form.field("t").canonical(typed, "it") == kept


@pytest.mark.parametrize(
    ("zone", "typed", "said"),
    [
        ("Europe/Berlin", "ciao", "030 123456 or, of another country, +44 20 7946 0958"),
        ("America/New_York", "123 456 7890", "where that is not United States, such as +44 20 7946 0958"),
        ("UTC", "030 12345678", "with the prefix of its country, such as +44 20 7946 0958"),
        ("UTC", "ciao", "with the prefix of its country, such as +44 20 7946 0958"),
    ],
)
def test_what_is_no_phone_of_here_says_how_one_is_written_here(
    tmp_path: Path, zone: str, typed: str, said: str
) -> None:
    form = load_form(write(tmp_path, f"form:language: en\nform:zone: {zone}\n"))
    (problem,) = form.field("t").interpret({"t": [typed]}, "en").problems
    assert said in problem.sentence("en")


def test_a_day_is_over_when_the_clocks_of_the_form_say_so(tmp_path: Path) -> None:
    for zone, hour in (("Asia/Tokyo", 15), ("Europe/Rome", 22)):
        form = load_form(write(tmp_path), Community("de", ZoneInfo(zone)))
        assert form.closes == date(2027, 6, 30)
        assert form.closes_at == datetime(2027, 6, 30, hour, tzinfo=UTC)


def test_where_nobody_says_anything_it_is_english_and_utc_and_no_country() -> None:
    asked = "from bacheca.forms import USUAL; from bacheca.forms.community import country_of as of; " + (
        "print(USUAL.language, USUAL.zone.key, [of(USUAL.zone)])"
    )
    said = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True).stdout
    assert said == "en UTC ['']\n"


OF_A_PLACE = re.compile(r"""["'](it|IT|it[-_]IT|Europe/Rome)["']|\+39""")
"""What only a community, a test or an example may say."""

KNOWN_OF_ITALY = (
    *("FIRST = ", "SOURCE = ", "LANGUAGES = ", "common = ", "TRUTHS = ", "Setting(", "of_three_letters = "),
    'language.partition("-")[0] != ',
)
"""What was kept before anybody could say so, languages of catalogues, examples of settings, whose articles change."""


def test_no_code_takes_italy_for_granted() -> None:
    root = Path(bacheca.forms.__file__).parents[1]
    files = [file for top in (root, root.parent / "forms_server") for file in top.rglob("*.py")]
    said = {
        f"{file.relative_to(root.parent)}: {line.strip()}"
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if OF_A_PLACE.search(line) and not any(one in line for one in KNOWN_OF_ITALY)
    }
    assert said == set()
