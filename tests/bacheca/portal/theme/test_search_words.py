"""What the search finds, and in which order: by other forms of a word, beginnings, slips, other names."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bacheca.portal.settings_file import THEME
from bacheca.portal.theme_defaults import searched_in, with_options

RUNNER = Path(__file__).with_name("ranking.cjs")
SCRIPTS = THEME / "assets/javascripts"
TEXTS = ["Koty to moje zwierzęta", "To do: the rating of a meeting", "Das Rating"]
PORTAL: list[dict[str, Any]] = [
    {"location": "profilo/", "title": "Il mestiere", "kind": "page", "text": "Di che si tratta."},
    {
        "location": "profilo/#paga",
        "title": "La retribuzione",
        "kind": "section",
        "also": ["stipendio"],
        "text": "Poca.",
    },
    {"location": "profilo/#dove", "title": "Dove si lavora", "kind": "section", "text": "A moderare, in ufficio."},
    {"location": "parole/#moderazione", "title": "Moderazione", "kind": "term", "also": ["mod"], "text": "Cura."},
    {"location": "notte/", "title": "Moderare di notte", "kind": "article", "description": "Turni.", "text": "Ore."},
    {
        "location": "notte/#chi",
        "title": "Chi resta sveglio",
        "kind": "section",
        "text": "La retribuzione, chi modera.",
    },
    {"location": "domande/#costo", "title": "Quanto costa iscriversi?", "kind": "question", "text": "Niente."},
    {
        "location": "gruppo/",
        "title": "Il gruppo",
        "kind": "form",
        "also": ["diventare socio"],
        "text": "Un’e-mail.",
    },
    {"location": "accesso/", "title": "Accessibilità", "kind": "page", "text": f"{'Prima. ' * 60}Lo schermo si legge."},
]


def asked(language: str, entries: list[dict[str, Any]], *queries: str) -> list[dict[str, Any]]:
    options = with_options({}, language)
    sent = {"language": language, "words": searched_in(options), "entries": entries, "queries": queries}
    said = subprocess.check_output(["node", str(RUNNER), str(SCRIPTS)], input=json.dumps(sent), text=True)
    return list(json.loads(said))


def found(language: str, *queries: str) -> list[list[int]]:
    entries = [{"location": f"{number}/", "kind": "page", "text": text} for number, text in enumerate(TEXTS)]
    answers = asked(language, entries, *queries)
    return [sorted(int(place[:-1]) for group in answer["places"] for place in group) for answer in answers]


@pytest.fixture(scope="module")
def answers() -> Mapping[str, dict[str, Any]]:
    queries = [
        *("retribuzione", "stipendio", "retribuzzione", "moder", "moderare di notte", "MODERATORI", "accessibilita"),
        *("l’iscrizione", "quanto costa", "diventare soci", "schermo", "xyzzyq", "moderatzoin", ""),
    ]
    return dict(zip(queries, asked("it", PORTAL, *queries), strict=True))


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("retribuzione", "profilo/#paga"),
        ("stipendio", "profilo/#paga"),
        ("retribuzzione", "profilo/#paga"),
        ("moder", "parole/#moderazione"),
        ("moderare di notte", "notte/"),
        ("MODERATORI", "parole/#moderazione"),
        ("accessibilita", "accesso/"),
        ("quanto costa", "domande/#costo"),
        ("diventare soci", "gruppo/"),
    ],
)
def test_a_name_comes_before_a_mention(answers: Mapping[str, dict[str, Any]], query: str, first: str) -> None:
    assert answers[query]["places"][0][0] == first


def test_a_page_is_one_result_with_its_parts_and_terms_and_questions_answer_alone(
    answers: Mapping[str, dict[str, Any]],
) -> None:
    groups = answers["moder"]["places"]
    assert ["notte/", "notte/#chi"] in groups
    assert ["parole/#moderazione"] in groups


def test_a_slip_is_told_and_nothing_found_has_the_nearest_names(answers: Mapping[str, dict[str, Any]]) -> None:
    assert (answers["retribuzzione"]["meant"], answers["retribuzione"]["meant"]) == (["retribuzione"], [])
    assert answers["xyzzyq"] == {"places": [], "meant": [], "near": [], "marked": [], "excerpt": ""}
    assert answers["moderatzoin"]["places"] == []
    assert answers["moderatzoin"]["near"][0] in {"parole/#moderazione", "notte/"}
    assert answers[""]["places"] == []


def test_what_was_asked_is_marked_and_the_excerpt_shows_it(answers: Mapping[str, dict[str, Any]]) -> None:
    assert answers["moder"]["marked"] == ["Moder"]
    assert answers["retribuzzione"]["marked"] == ["retribuzione"]
    assert answers["accessibilita"]["marked"] == ["Accessibilità"]
    assert "Lo schermo si legge." in answers["schermo"]["excerpt"]
    assert answers["schermo"]["excerpt"].startswith("… ")


def test_of_a_language_that_it_does_not_know_every_word_is_looked_for_as_it_is_written() -> None:
    assert found("pl", "rate ", "rated ", "zwierzeta", "to ") == [[], [], [0], [0, 1]]


def test_english_is_taken_apart_and_has_common_words() -> None:
    assert found("en", "rate ", "rated ", "to the meetings ") == [[1, 2], [1, 2], [1]]


def test_a_language_without_blanks_has_words() -> None:
    entries = [{"location": "a/", "kind": "page", "title": "社区管理员", "text": "论坛的规则"}]
    assert [answer["places"] for answer in asked("zh", entries, "规则", "管理员")] == [[["a/"]], [["a/"]]]


ARABIC = {
    "dalil/": ("دليل المجتمع", "قواعد النقاش في المجتمع الإلكتروني"),
    "idara/": ("الإدارة والإشراف", "يرحّب المشرفون بالأعضاء الجدد، ويحذفون الرسائل المسيئة"),
    "madrasa/": ("المَدْرَسَة", "دروس للمبتدئين"),
    "liqa/": ("لقاء ٢٠٢٧", "موعد اللقاء القادم"),
}
HEBREW = {
    "klalim/": ("כללי הקהילה", "איך מדברים בקהילות"),
    "safran/": ("הספרייה", "סֵפֶר וְעוֹד סֵפֶר"),
    "tzahal/": ("צה״ל", "שירות"),
    "morim/": ("מורים ומורות", "מי מלמד כאן"),
}


@pytest.mark.parametrize(
    ("language", "portal", "queries"),
    [
        (
            "ar",
            ARABIC,
            {
                "مجتمع": "dalil/",
                "المجتمع": "dalil/",
                "مجتم": "dalil/",
                "مجتنع": "dalil/",
                "ادارة": "idara/",
                "اشراف": "idara/",
                "والإشراف": "idara/",
                "الأعضا": "idara/",
                "مدرسه": "madrasa/",
                "مـدرسـة": "madrasa/",
                "2027": "liqa/",
            },
        ),
        (
            "he",
            HEBREW,
            {
                "קהילה": "klalim/",
                "הקהילה": "klalim/",
                "בקהילה": "klalim/",
                "קהיל": "klalim/",
                "קהיכה": "klalim/",
                "ספר": "safran/",
                "ספריה": "safran/",
                'צה"ל': "tzahal/",
                "מורה": "morim/",
            },
        ),
    ],
)
def test_words_written_from_right_to_left_are_found_with_their_articles_points_and_slips(
    language: str, portal: Mapping[str, tuple[str, str]], queries: Mapping[str, str]
) -> None:
    entries = [
        {"location": place, "kind": "page", "title": title, "text": text} for place, (title, text) in portal.items()
    ]
    answers = asked(language, entries, *queries, "١", "קקקקק")
    first = {
        query: answer["places"][0][0] if answer["places"] else ""
        for query, answer in zip(queries, answers, strict=False)
    }
    assert first == dict(queries)
    assert [answer["places"] for answer in answers[len(queries) :]] == [[], []]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", {"lang": ["en"]}),
        ("de-AT", {"lang": ["de"]}),
        ("nb", {"lang": ["no"]}),
        ("ja", {}),
        *((language, {"lang": ["en"], "pipeline": []}) for language in ("pl", "sl", "rm", "be", "el")),
    ],
)
def test_how_it_reads_words_is_its_language_s(language: str, told: dict[str, Any]) -> None:
    options = with_options({}, language)["search"]
    assert {key: options[key] for key in ("lang", "pipeline") if key in options} == told
    assert searched_in({"search": options}) == (told.get("lang", [""])[0] if "pipeline" not in told else "")


def test_a_community_says_it_otherwise() -> None:
    options = with_options({"search": {"lang": ["ru"]}}, "be")
    assert (options["search"]["lang"], searched_in(options)) == (["ru"], "")
    assert searched_in({"search": {"lang": "ru"}}) == "ru"
