"""What several pages of this portal tell stands in one place: settings, facts and form files."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.dates import format_date

from bacheca.forms import load_forms
from bacheca.portal.build.read import read_content
from bacheca.portal.settings import Language, Portal, load_portal
from tests.journeys.service import ROOT

DAYS_TO_CONFIRM = ("14 giorni", "quattordici giorni", "14 days", "fourteen days")


@pytest.fixture(scope="module")
def portal() -> Portal:
    return load_portal(ROOT / "mkdocs.yml")


def told_once(language: Language) -> Iterator[str]:
    """Give the words that no page may write for itself."""
    yield from (value for key, value in language.community.items() if key.endswith("email"))
    yield from language.facts.values()
    yield from re.findall(r"\d\d[.,]\d{3}", " ".join(language.facts.values()))
    yield from DAYS_TO_CONFIRM
    for form in load_forms(ROOT / "content" / "forms").values():
        if form.closes:
            yield format_date(form.closes, format="long", locale=language.locale)
        if keep := form.keep:
            yield keep.words(language.code)


def test_no_page_repeats_what_settings_facts_and_forms_say(portal: Portal) -> None:
    repeated = [
        f"{file.relative_to(ROOT)}: {words}"
        for language in portal.languages
        for file in sorted(language.content.rglob("*.md"))
        for words in told_once(language)
        if words.casefold() in file.read_text(encoding="utf-8").casefold()
    ]
    assert repeated == []


def test_facts_bear_the_same_figures_in_every_language(portal: Portal) -> None:
    figures = [
        {key: re.findall(r"\d+", value.replace(".", "").replace(",", "")) for key, value in language.facts.items()}
        for language in portal.languages
    ]
    assert all(found == figures[0] for found in figures)
    assert all(figures[0].values())


def test_the_summary_of_the_profile_bears_the_figures_of_the_fact(portal: Portal) -> None:
    content, _ = read_content(portal)
    for language in portal.languages:
        (profile,) = (page for page in content.pages[language.code] if "occupation" in page.meta)
        (amount,) = (fact["amount"] for fact in profile.meta["occupation"]["facts"] if fact["about"] == "pay")
        told = re.findall(r"\d+", re.sub("[.,]", "", language.facts["pay"]))
        assert told == [str(amount["from"]), str(amount["to"])]
