from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from decimal import Decimal
from gettext import NullTranslations
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bacheca import forms
from bacheca.forms import load_form, render_form
from bacheca.forms.catalogues import LOCALE, as_typed, filled, translations
from bacheca.forms.grammar.articles import with_articles
from bacheca.forms.jinja import make_environment
from bacheca.forms.messages import CHANGES, SENTENCES
from bacheca.forms.submission.read import read_submission

PACKAGE = Path(forms.__file__).parent
Catalogue = Mapping[str, str | Sequence[str] | None]
METHODS = [("**.py", "python"), ("html/templates/**.html", "jinja2.ext.babel_extract")]
DOMAINS = {
    "results": ("results", "html/templates/results"),
    "codebook": ("package/codebook", "html/templates/codebook"),
    "copies": ("package/formats",),
    "xlsform": ("xlsform",),
    "schema": ("form_files/json_schema",),
}
"""How the modules and folders begin that speak from a catalogue of their own."""

OPTIONS = {"html/templates/**.html": {"newstyle_gettext": "true"}}


ARTICLE = r"\b(?:[Ii]l|[Aa]l|[Dd]al|[Dd]el|[Nn]el|[Ss]ul)"
ITALIAN = LOCALE / "it" / "LC_MESSAGES"


def extracted(domain: str) -> set[str]:
    """Give the sentences of the code: those of the modules named for a catalogue, or all the others."""
    keywords: dict[str, tuple[int, ...] | None] = {"_": None, "say": None, "gettext": None, "ngettext": (1, 2)}
    found = extract_from_dir(PACKAGE, METHODS, OPTIONS, keywords=keywords)
    return {
        message if isinstance(message, str) else message[0]
        for name, _, message, _, _ in found
        if domain_of(name) == domain
    }


def domain_of(name: str) -> str:
    """Give the catalogue that a file speaks from."""
    return next((domain for domain, begins in DOMAINS.items() if name.startswith(begins)), "forms")


def catalogue(domain: str) -> Catalogue:
    with (ITALIAN / f"{domain}.po").open("rb") as file:
        read = read_po(file, locale="it")
    assert not list(read.obsolete)
    sentences = [message for message in read if message.id and not message.fuzzy]
    return {said.id if isinstance(said.id, str) else said.id[0]: said.string for said in sentences}


@pytest.fixture(scope="module")
def italian() -> Catalogue:
    return catalogue("forms")


@pytest.mark.parametrize("domain", sorted({path.stem for path in ITALIAN.glob("*.po")} - {"help"}))
def test_every_sentence_has_an_italian_one_and_none_is_stale(domain: str) -> None:
    italian = catalogue(domain)
    assert extracted(domain) == set(italian)
    assert all(said and all(said) for said in italian.values())


def test_every_sentence_names_the_same_things_in_italian(italian: Catalogue) -> None:
    for sentence in (text for said in [*SENTENCES.values(), (*CHANGES.values(),)] for text in said if text):
        said = italian[sentence]
        assert isinstance(said, str)
        assert named(said) == named(sentence), sentence


def test_a_language_without_a_catalogue_speaks_english() -> None:
    assert translations("pt").gettext("No answer") == "No answer"
    assert translations("it").gettext("No answer") == "Nessuna risposta"


def named(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize(
    ("language", "said"),
    [("it", "1.234.567, 2,5"), ("de", "1.234.567, 2,5"), ("fr", "1\u202f234\u202f567, 2,5"), ("en", "1,234,567, 2.5")],
)
def test_numbers_in_a_sentence_are_as_its_readers_write_them(language: str, said: str) -> None:
    assert filled("{count}, {limit:.1f}", language, {"count": 1_234_567, "limit": 2.5}) == said


@pytest.mark.parametrize("value", [10**29, -(10**60), 1e308, float("inf"), float("nan"), Decimal(10) ** 400])
def test_a_number_of_any_size_can_be_said(value: float | Decimal) -> None:
    assert filled("{limit}, {limit:.1f}", "it", {"limit": value})


def test_what_is_to_be_typed_and_what_was_written_stay_as_they_are() -> None:
    values = {"limit": 2000, "value": 65537, "year": 1900, "code": "12000", "yes": True}
    said = filled("write `maxLength: {limit}`, not {value}: {limit}, {year}, {code}, {yes}", "de", values)
    assert said == "write `maxLength: 2000`, not 65537: 2.000, 1900, 12000, True"


def test_numbers_in_the_sentences_of_templates_are_too(tmp_path: Path) -> None:
    (tmp_path / "x").write_text(
        "{% trans count=1234 %}{{ count }} one{% pluralize %}{{ count }} more{% endtrans %}, {{ _('%(n)s', n=5000) }}"
    )
    for language, said in (("de", "1.234 more, 5.000"), ("en", "1,234 more, 5,000"), ("xx", "1234 more, 5000")):
        assert make_environment(tmp_path, language, NullTranslations()).get_template("x").render() == said


def test_every_italian_article_before_a_day_is_as_the_day_is_spoken(tmp_path: Path) -> None:
    sentences = [
        said
        for folder in (LOCALE, PACKAGE.parent / "portal" / "locale", PACKAGE.parents[1] / "forms_server" / "locale")
        for path in (folder / "it" / "LC_MESSAGES").glob("*.po")
        for message in read_po(path.read_bytes().splitlines(keepends=True), locale="it")
        for said in ([message.string] if isinstance(message.string, str) else message.string or ())
        if re.search(rf"{ARTICLE} (%\(\w+\)s|{{\w+}})", said)
    ]
    assert len(sentences) > 40
    for said in sentences:
        names = dict.fromkeys(re.findall(r"%\((\w+)\)s|\{(\w+)", said))
        for day, wrong in (
            ("8 marzo", rf"{ARTICLE} 8"),
            ("11 marzo", rf"{ARTICLE} 11"),
            ("7 marzo", "’7"),
            ("118", "’1"),
        ):
            values = dict.fromkeys((first or second for first, second in names), day)
            written = with_articles(said, "it", values)
            shown = written % values if "%(" in said else written.format(**values)
            assert not re.search(wrong, shown), shown
    days = {"day": "8 novembre", "until": "11 marzo"}
    assert filled("dal {day} all'ora, fino al {until}", "it", days) == "dall’8 novembre all'ora, fino all’11 marzo"
    assert filled("il {title}", "it", {"title": "del 8 {day}"}) == "il del 8 {day}"
    assert filled("am {day}, il {day}", "de", days) == "am 8 novembre, il 8 novembre"
    (tmp_path / "x").write_text("{% trans day='8 <i>' %}Chiuso il {{ day }}{% endtrans %}")
    assert make_environment(tmp_path, "it", NullTranslations()).get_template("x").render() == "Chiuso l’8 &lt;i&gt;"


def test_an_error_and_the_hint_beside_it_write_a_limit_alike(tmp_path: Path) -> None:
    path = tmp_path / "prova.yaml"
    path.write_text(
        "$schema: https://datapackage.org/profiles/2.0/tableschema.json\nname: prova\ntitle: Prova\n"
        "form:kind: survey\nform:language: de\nfields:\n"
        "- {name: a, title: Was, type: string, form:widget: textarea, constraints: {maxLength: 2000}}\n",
        encoding="utf-8",
    )
    form = load_form(path)
    _response, refused = read_submission(form, {"a": ["x" * 2001]}, "de")
    assert [problem.sentence("de") for problem in refused] == [
        "Die Antwort auf „Was“ ist zu lang: höchstens 2.000 Zeichen"
    ]
    assert "2.000 Zeichen" in render_form(form, "de", action="/x")


def test_commands_are_named_as_they_are_typed_where_bacheca_is_installed() -> None:
    installed = {"python build.py": "bacheca", "python -m forms_server": "bacheca"}
    said = "run `python build.py check`, then `python -m forms_server export`"
    assert as_typed(said, installed) == "run `bacheca check`, then `bacheca export`"
    assert as_typed(said) == said
