"""Every catalogue says what the Italian one says, with the same names and marks, as its language is typeset."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
PLACES = [ROOT / "bacheca/forms/locale", ROOT / "bacheca/portal/locale", ROOT / "forms_server/locale"]
FILES = sorted(file for place in PLACES for file in place.rglob("*.po"))
SOURCE = "it"
"""The language whose catalogues the tests of each package hold to the code."""

CODE = re.compile(r"`[^`]*`")
YAML = re.compile(r"^[a-z_]+: .+$")
"""An example of front matter, which is set as YAML is."""

TAG = re.compile(r"</?[a-z][^>]*>")
ENDS = (".", "?", "!", ":", "…", ",")

TYPESET = {
    "de": re.compile(r"[«»”\"']|“\w|\w„"),
    "fr": re.compile(r"[“”„\"']|(?<!\u202f)[;!?»]|«(?!\u202f)|(?<!\u202f):(?=\s|$)"),
    "es": re.compile(r"[„\"']|^[^¿]*\?|^[^¡]*!"),
}
"""What a language does not write outside of code: „…“ in German, « … » in French, ¿…? and ¡…! in Spanish."""


ADDRESSED = {
    "de": re.compile(r"\b(Ihnen|(?:können|müssen|haben|geben|wählen|öffnen|schreiben|prüfen) Sie)\b"),
    "fr": re.compile(r"\b(tu|toi|tes|ton (?!de\b)|ta)\b|\bt’", re.IGNORECASE),
    "es": re.compile(r"\bustedes?\b|\bvosotros\b", re.IGNORECASE),
}
"""How nobody is addressed, as the heads of the catalogues say: *Sie* in German, *tu* in French, *usted* in Spanish."""


def language_of(file: Path) -> str:
    return file.parent.parent.name


def read(file: Path) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened, locale=language_of(file))


def source_of(file: Path) -> Path:
    return file.parents[2] / SOURCE / "LC_MESSAGES" / file.name


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def forms(said: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """Give a sentence's wordings: one, or one for each plural."""
    return [said] if isinstance(said, str) else list(said or ("",))


def pairs(file: Path) -> Iterator[tuple[str, str]]:
    """Give each English wording with the translated one."""
    for message in messages(read(file)):
        english = forms(message.id)
        for number, said in enumerate(forms(message.string)):
            if said:
                yield english[min(number, len(english) - 1)], said


def named(sentence: str) -> tuple[set[str], list[str]]:
    """Give what is filled in: `{name}`, and `%(name)s` of templates."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}, sorted(
        re.findall(r"%\(\w+\)s", sentence)
    )


def edges(sentence: str) -> tuple[str, str]:
    """Give the blanks at both ends."""
    inner = sentence.strip()
    before, _, after = sentence.partition(inner)
    return before, after


def named_file(file: Path) -> str:
    return f"{language_of(file)}/{file.stem}"


PARTS = [
    template
    for top in (
        "bacheca/forms/html/templates",
        "bacheca/portal/templates/pages",
        "forms_server/templates",
        "forms_server/desk/templates",
    )
    for template in (ROOT / top).rglob("*")
    if template.is_file() and template.suffix != ".css" and template.name != "person.html"
]
"""What is put together of sentences; another puts a checksum beside a day."""

JOINED = re.compile(r"(endtrans %\}|\}\})(</[a-z]+>|\*\*)*[:;!?](?=\s|$|<)")

each_file = pytest.mark.parametrize("file", FILES, ids=named_file)
each_translation = pytest.mark.parametrize("file", [f for f in FILES if language_of(f) in TYPESET], ids=named_file)


@each_translation
def test_a_catalogue_says_what_the_italian_one_says(file: Path) -> None:
    said, there = ([message.id for message in messages(read(of))] for of in (file, source_of(file)))
    lacks, stale = [one for one in there if one not in said], [one for one in said if one not in there]
    assert not lacks, f"{file} lacks {lacks}: write them, in the order of the Italian catalogue"
    assert not stale, f"{file} still says {stale}, which nobody says any more: take them out"


@each_file
def test_a_translation_names_the_same_things(file: Path) -> None:
    assert [(english, said) for english, said in pairs(file) if named(english) != named(said)] == []


@each_file
def test_a_translation_has_the_same_tags_and_as_much_code(file: Path) -> None:
    def marks(sentence: str) -> tuple[list[str], int]:
        return sorted(TAG.findall(sentence)), len(CODE.findall(sentence))

    assert [(english, said) for english, said in pairs(file) if marks(english) != marks(said)] == []


@each_file
def test_a_translation_begins_and_ends_with_the_same_blanks(file: Path) -> None:
    assert [(english, said) for english, said in pairs(file) if edges(english) != edges(said)] == []


@each_translation
def test_a_translation_ends_as_its_sentence_does(file: Path) -> None:
    def end(sentence: str) -> str:
        return sentence.strip()[-1] if sentence.strip().endswith(ENDS) else ""

    assert [(english, said) for english, said in pairs(file) if end(english) != end(said)] == []


def test_no_template_puts_a_mark_after_a_sentence_since_languages_space_them_otherwise() -> None:
    for template in PARTS:
        for line in template.read_text(encoding="utf-8").splitlines():
            text = re.sub(r"\{% trans.*?endtrans %\}", "{% endtrans %}", line)
            assert not JOINED.search(text), f"{template}: {line}"


def test_no_template_goes_on_with_a_sentence_after_words_that_begin_none() -> None:
    """Italian would read “perché È stata inviata…”: a label with a capital stands apart from what it labels."""
    goes_on = re.compile(r"\{% trans %\}[a-z][^{]*[^\W\d_]\{% endtrans %\}(?:</?(?:span|b|em|code|a)\b[^>]*>|\s)*\{\{")
    assert goes_on.search("<p><span>{% trans %}why{% endtrans %}</span> {{ doubt }}</p>")
    assert [template.name for template in PARTS if goes_on.search(template.read_text(encoding="utf-8"))] == []


OTHER_WORDS = re.compile(r"(?<![-\w])mail\b|\bletter[ae]\b", re.IGNORECASE)
SIGNS = re.compile(r"small letters|beyond ASCII|\bletters?, digits", re.IGNORECASE)


def test_italian_calls_a_letter_by_mail_one_thing() -> None:
    here = ROOT / "forms_server/locale/it/LC_MESSAGES"
    said = [*pairs(here / "desk.po"), *pairs(here / "forms_server.po")]
    plain = [(english, re.sub(r"[{%][^ ]*", "", CODE.sub("", italian))) for english, italian in said]
    assert [italian for english, italian in plain if OTHER_WORDS.search(italian) and not SIGNS.search(english)] == []


@pytest.mark.parametrize("file", [f for f in FILES if language_of(f) in (SOURCE, *TYPESET)], ids=named_file)
def test_nothing_is_fuzzy_obsolete_or_empty(file: Path) -> None:
    catalogue = read(file)
    assert not catalogue.obsolete
    assert [message.id for message in messages(catalogue) if message.fuzzy] == []
    assert [message.id for message in messages(catalogue) if not all(forms(message.string))] == []


@each_file
def test_a_sentence_has_as_many_plurals_as_its_language(file: Path) -> None:
    plural = get_plural(language_of(file))
    catalogue = read(file)
    counted = [message for message in messages(catalogue) if message.pluralizable]
    assert [message.id for message in counted if len(forms(message.string)) != plural.num_plurals] == []
    header = file.read_text(encoding="utf-8").partition("\n\n")[0]
    assert not counted or f"Plural-Forms: nplurals={plural.num_plurals}; plural={plural.plural_expr};" in header


@each_translation
def test_a_translation_is_typeset_as_its_language_is(file: Path) -> None:
    wrong = TYPESET[language_of(file)]
    said = [TAG.sub("", YAML.sub("", CODE.sub("", said))) for _, said in pairs(file)]
    assert [one for one in said if wrong.search(one)] == []


@each_translation
def test_everybody_is_addressed_in_one_way(file: Path) -> None:
    wrong = ADDRESSED[language_of(file)]
    assert [said for _english, said in pairs(file) if wrong.search(CODE.sub("", said))] == []


@each_translation
def test_its_sentences_stand_in_the_order_of_the_italian_ones(file: Path) -> None:
    here = [message.id for message in messages(read(file))]
    there = [message.id for message in messages(read(source_of(file))) if message.id in here]
    assert [said for said in here if said in there] == there
