"""An older store is copied before its tables change; where it cannot be, nothing changes."""

from __future__ import annotations

import errno
import logging
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import URL, text

from forms_server.__main__ import main
from forms_server.database.engine import Work, make_engine
from forms_server.database.migrate import migrate, newest_migration, statements, statements_of
from forms_server.errors import StoreRefused, StoreUnavailable
from forms_server.operations.backups import copies as backups
from forms_server.operations.backups.before_upgrade import UpgradeCopies
from forms_server.privacy.retention import open_retention
from forms_server.settings import Settings
from forms_server.store import open_store
from tests.forms_server.database.test_migrate import BEFORE

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture
def environ(new_url: URL, tmp_path: Path) -> dict[str, str]:
    """A store as the third version of the tables kept it, with a response."""
    engine = make_engine(new_url)
    with engine.connect().execution_options(work=Work.MIGRATE) as connection, connection.begin():
        migrate(connection, last=3)
        for statement in statements(BEFORE):
            connection.execute(text(statement))
    engine.dispose()
    return {
        "FORMS_DATABASE_URL": new_url.render_as_string(hide_password=False),
        "FORMS_DATA": str(tmp_path / "data"),
        "FORMS_SECRET_KEY": "k" * 32,
        "FORMS_SITE": "",
    }


def copies_of(settings: Settings) -> list[Path]:
    return UpgradeCopies(settings.database_url, settings.data, wanted=True, today=NOW.date).kept()


def version_of(url: URL) -> int:
    examined = backups.copier_of(url).examine_store()
    return examined.version if examined else 0


def test_an_older_store_is_copied_once_and_the_copy_brings_nobody_back(
    environ: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings.from_environ(environ)
    url = settings.database_url
    with closing(open_retention(settings, lambda: NOW).store):
        (copy,) = copies_of(settings)
    assert version_of(url) == newest_migration()
    assert f"the store goes from version 3 to {newest_migration()}; as it was it stays in {copy}" in caplog.text
    assert copy.name.endswith(".schema-3.2026-11-30")
    assert copy.stat().st_mode & 0o777 == 0o600
    examined = backups.copier_of(url).examine(copy)
    assert (examined.version, examined.responses, examined.unreadable) == (3, 1, ())
    retention = open_retention(settings, lambda: NOW)
    with closing(retention.store) as store, store.snapshot() as snapshot:
        (stored,) = snapshot.responses("gruppo", 1)
    retention.withdraw(stored)
    store.close()

    done = CliRunner().invoke(main, ["restore", str(copy), "--replace"], env=environ)
    assert "1 withdrawn since are erased again" in done.output, done.output
    assert version_of(url) == newest_migration()
    assert copies_of(settings) == [copy]


def test_stores_opened_at_once_are_copied_once(environ: dict[str, str]) -> None:
    settings = Settings.from_environ(environ)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            open_retention(settings, lambda: NOW).store.close()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert len(copies_of(settings)) == 1


def test_where_no_copy_can_be_made_nothing_changes_and_the_sentence_says_what_to_do(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = Settings.from_environ(environ)

    def full(_path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("bacheca.forms.atomic_file.flush", full)
        done = CliRunner().invoke(main, ["send-mail", "--dead"], env=environ)
        assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
        assert "no room for it on the disk. Nothing has changed" in done.stderr
        assert version_of(settings.database_url) == 3
        assert list(tmp_path.rglob("*schema-*")) == []
        assert (
            CliRunner().invoke(main, ["send-mail", "--dead"], env=environ | {"FORMS_UPGRADE_BACKUP": "off"}).exit_code
            == 0
        )
    assert version_of(settings.database_url) == newest_migration()
    assert copies_of(settings) == []


def test_a_store_that_cannot_be_changed_is_copied_in_vain_and_leaves_no_copy(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.from_environ(environ)

    def full(*which: Any) -> list[str]:
        if copies_of(settings):
            raise StoreUnavailable("SQLITE_FULL")
        return statements_of(*which)

    with monkeypatch.context() as patch:
        patch.setattr("forms_server.database.migrate.statements_of", full)
        with pytest.raises(StoreUnavailable):
            open_retention(settings, lambda: NOW)
    assert len(copies_of(settings)) == (0 if settings.database_url.get_backend_name() == "sqlite" else 1)
    assert version_of(settings.database_url) == 3


def test_without_the_programs_of_postgresql_its_store_stays_as_it_is(
    environ: dict[str, str], new_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    if new_url.get_backend_name() == "sqlite":
        return
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(StoreRefused, match=r"apt-get install postgresql-client.*FORMS_UPGRADE_BACKUP=off"):
        open_retention(Settings.from_environ(environ))
    assert version_of(new_url) == 3


def test_a_store_that_nobody_copies_is_not_changed(environ: dict[str, str], new_url: URL) -> None:
    with pytest.raises(StoreRefused, match="of version 3"):
        open_store(new_url)
    assert version_of(new_url) == 3


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (date(2026, 12, 30), ["3.2026-12-02", "3.2026-12-01.2", "3.2026-12-01"]),
        (date(2027, 1, 1), ["3.2026-12-02"]),
        (date(2027, 1, 2), []),
    ],
)
def test_three_copies_stay_and_none_longer_than_thirty_days(tmp_path: Path, today: date, left: list[str]) -> None:
    url = Settings.from_environ({"FORMS_DATABASE_URL": f"sqlite:///{tmp_path}/forms.db"}).database_url
    names: Callable[[str], str] = "forms.db.schema-{}".format
    for made in ("2.2026-11-30", "3.2026-12-01", "3.2026-12-01.2", "3.2026-12-02"):
        (tmp_path / names(made)).touch()
    others = [tmp_path / name for name in ("other.db.schema-3.2020-01-01", "forms.db", "forms.db.schema-3")]
    for other in others:
        other.touch()
    copies = UpgradeCopies(url, tmp_path, wanted=True, today=lambda: today)
    copies.forget()
    assert [path.name for path in copies.kept()] == [names(name) for name in left]
    assert all(other.exists() for other in others)


def test_a_purge_forgets_old_copies(environ: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    settings = Settings.from_environ(environ)
    now = NOW
    retention = open_retention(settings, lambda: now)
    with closing(retention.store):
        retention.purge(())
        assert len(copies_of(settings)) == 1
        now = NOW.replace(year=2027)
        retention.purge(())
        assert copies_of(settings) == []
