"""A service with further forms, of people who ask about themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import URL

from forms_server.context import Service
from tests.forms_server.samples import running


@pytest.fixture
def further_forms() -> dict[str, str]:
    """The text of each form that is there besides those of every test, by its name."""
    return {}


@pytest.fixture
def service(tmp_path: Path, database_url: URL, now: list[datetime], further_forms: dict[str, str]) -> Iterator[Service]:
    (tmp_path / "forms").mkdir()
    for name, form in further_forms.items():
        (tmp_path / "forms" / f"{name}.yaml").write_text(form, encoding="utf-8")
    with running(tmp_path, database_url, lambda: now[0]) as made:
        yield made
