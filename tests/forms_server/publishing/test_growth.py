"""How the community grows: rounded, month by month, and nothing that results hide."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import URL

from bacheca.forms import USUAL
from forms_server.context import Service
from forms_server.publishing.growth import write_progress
from tests.forms_server.samples import Respondent, link
from tests.forms_server.samples import running as signing_up
from tests.forms_server.test_posting import KEY
from tests.forms_server.test_results import OPEN, answer, attempt, running


@pytest.fixture
def rows(tmp_path: Path) -> list[str]:
    with running(tmp_path, lambda: OPEN) as service:
        answer(service, "riservata", 37)
        answer(service, "voto", 60)
        answer(service, "inchiesta", 60)
        assert attempt(service, "voto")
        return counted(service, datetime(2027, 1, 5, tzinfo=USUAL.zone))


def counted(service: Service, now: datetime) -> list[str]:
    forms = [served.form for served in service.forms.values()]
    with service.store.snapshot() as snapshot:
        path = write_progress(service.settings.data / "progress", snapshot, forms, service.settings.data, now)
    return path.read_text(encoding="utf-8").splitlines()


def test_counts_are_rounded_down_to_tens(rows: list[str]) -> None:
    assert "2026-11,answers,riservata,30" in rows


def test_forms_with_results_say_no_more_here_than_there(rows: list[str]) -> None:
    assert not [row for row in rows if "inchiesta" in row or "voto" in row]  # not published; blanks hide its total


def test_members_count_from_the_month_in_which_they_confirmed(tmp_path: Path, database_url: URL) -> None:
    now = [datetime(2026, 11, 30, 12, tzinfo=UTC)]
    with signing_up(tmp_path, database_url, lambda: now[0]) as service:
        ada = Respondent(service)
        for number in range(11):
            ada.sign_up(_key=f"{KEY}{number}", email=f"p{number}@example.org")
        now[0] = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)  # December in Italy
        for mail in ada.mails():
            ada.post(link(mail, "confirm"))
        rows = counted(service, datetime(2027, 1, 5, tzinfo=USUAL.zone))
    assert [row for row in rows if "members" in row] == ["2026-12,members,gruppo,10"]


def test_a_month_that_is_not_over_is_left_out(tmp_path: Path) -> None:
    with running(tmp_path, lambda: OPEN) as service:
        answer(service, "riservata", 37)
        assert counted(service, datetime(2026, 11, 30, tzinfo=USUAL.zone)) == ["month,kind,form,count"]
