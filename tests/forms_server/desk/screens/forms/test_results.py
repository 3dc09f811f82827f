"""Results at the desk: seen before everybody sees them, published by the same function as the command."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL

from forms_server.desk.screens.forms.results import Line, Question
from forms_server.publishing.results import prospect, published
from tests.forms_server.desk.keeper import keeper
from tests.forms_server.samples import Respondent, running, with_property
from tests.forms_server.test_posting import KEY

RESULTS = "/desk/forms/sondaggio/results/"


def pairs(page: str) -> dict[str, str]:
    """Give what the summary of a page says."""
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page))


def test_what_would_be_shown_is_seen_before_it_is_published(
    tmp_path: Path, sqlite_url: URL, now: list[datetime]
) -> None:
    publishing = with_property("form:publish: results")

    def edit(form: str) -> str:
        return publishing(form) if "survey" in form else form

    with running(tmp_path, sqlite_url, lambda: now[0], edit) as service:
        ada, eva = keeper(service, "administrator"), Respondent(service)
        form, data = service.forms["sondaggio"].form, service.settings.data
        for number, place in enumerate([*("casa",) * 6, *("ufficio",) * 6, "non-so"]):
            eva.answer_survey(_key=f"{KEY}{number}", luogo=place)
        assert ada.get("/desk/forms/gruppo/results/").status_code == 404  # which publishes none
        few = ada.get(RESULTS).text
        assert "Pubblica</button>" in few
        assert "ancora aperto" in few
        summary, _, questions = few.partition("Pubblica</button>")
        assert pairs(summary) | {"Domande con numeri": ""} == {
            "Domande con numeri": "",
            "Numeri che si vedono": str(questions.count('data-label="Si vede"')),
            "Numeri nascosti": str(questions.partition("<details")[2].count("<li>")),
        }
        assert "Nascosti: " in questions
        assert "Rispetto a ciò che è pubblicato" not in summary
        files = sorted(path for path in data.rglob("*") if path.is_file())
        prospect(service.store, form, data, now[0])
        assert sorted(path for path in data.rglob("*") if path.is_file()) == files
        assert published(data, form) is None
        done = ada.post(RESULTS).text
        there = re.search(r'Pubblicati\. <a href="(/forms/sondaggio/results[^"]+)">Tutti li vedono già qui</a>', done)
        assert there
        assert eva.browser.get(there[1]).status_code == 200
        assert "lo fa chi pubblica il portale" in done
        assert published(data, form) is not None
        eva.answer_survey(_key=f"{KEY}x")
        assert "ne servono" in ada.get(RESULTS).text
        assert "Pubblica</button>" not in ada.get(RESULTS).text
        assert "Pubblicati" not in ada.post(RESULTS).text
        assert [entry.action for entry in service.store.desk_log.newest(9)].count("publish") == 2
        for number in range(12):
            eva.answer_survey(_key=f"{KEY}y{number}", luogo=("casa", "ufficio")[number % 2])
        again = ada.get(RESULTS).text
        assert "numeri che cambiano: 2" in pairs(again)["Rispetto a ciò che è pubblicato"]
        assert '<td class="number" data-label="Pubblicato ora">6</td>' in again


def test_hidden_pairs_of_crossed_answers_are_told_in_a_line_for_each_answer_to_the_first_question() -> None:
    told = {("Casa", "Sì"): "7", ("Casa", "No"): "", ("Ufficio", "Sì"): "", ("Ufficio", "No"): ""}
    crossed = Question("A × B", [Line(sides, value, "") for sides, value in told.items()], True)
    assert [line.label for line in crossed.told] == ["Casa, Sì"]
    assert crossed.hidden_pairs == [("Casa", "No"), ("Ufficio", "Sì, No")]
