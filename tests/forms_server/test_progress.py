"""How the community grows: rounded, month by month, and nothing that results hide."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from forms_server.progress import write_progress
from forms_server.service import Service
from tests.forms_server.test_results import OPEN, answer, attempt, running


@pytest.fixture
def rows(tmp_path: Path) -> list[str]:
    with running(tmp_path, lambda: OPEN) as service:
        answer(service, "riservata", 37)
        answer(service, "voto", 60)
        answer(service, "inchiesta", 60)
        assert attempt(service, "voto")
        return counted(service, date(2027, 1, 5))


def counted(service: Service, today: date) -> list[str]:
    forms = [served.form for served in service.forms.values()]
    with service.store.reading() as reading:
        path = write_progress(service.settings.data / "progress", reading, forms, service.settings.data, today)
    return path.read_text(encoding="utf-8").splitlines()


def test_counts_are_rounded_down_to_tens(rows: list[str]) -> None:
    assert "2026-11,answers,riservata,30" in rows


def test_forms_with_results_say_no_more_here_than_there(rows: list[str]) -> None:
    assert not [row for row in rows if "inchiesta" in row or "voto" in row]  # not published; blanks hide its total


def test_a_month_that_is_not_over_is_left_out(tmp_path: Path) -> None:
    with running(tmp_path, lambda: OPEN) as service:
        answer(service, "riservata", 37)
        assert counted(service, date(2026, 11, 30)) == ["month,kind,form,count"]
