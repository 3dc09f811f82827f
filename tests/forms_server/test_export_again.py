"""An export reads again only the days that changed, and writes what an export of everything would."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL

from forms_server.database.engine import Work
from forms_server.database.tables import responses
from forms_server.form_registry import serve_forms
from forms_server.publishing.export import export_forms
from forms_server.store import Correction, Kept, PackageRows, Snapshot, Store, open_store
from tests.forms_server.stored import beside
from tests.forms_server.test_posting import SIGNUP, SURVEY

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIRST = date(2026, 11, 1)
FORM = "sondaggio"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "forms"
    folder.mkdir()
    (folder / f"{FORM}.yaml").write_text(SURVEY, encoding="utf-8")
    (folder / "gruppo.yaml").write_text(SIGNUP, encoding="utf-8")
    return folder


def keep(store: Store, number: int, day: date, version: str, place: str = "casa") -> str:
    """Keep an answer; give its id."""
    identity = f"{number * 2654435761 % 2**32:032x}"
    cells = {"luogo": place, "commento": f'à, "{number}"\nb' if number % 3 else ""}
    store.keep(Kept(identity, FORM, version, "it", "web", day, f"k{number}", f"t{number}", f"c{number}", cells))
    return identity


def export(store: Store, folder: Path) -> dict[str, bytes]:
    """Export; give the files that somebody sees."""
    (done,) = export_forms(store, (FORM,), folder, NOW)
    return {path.name: path.read_bytes() for path in done.folder.iterdir() if not path.name.startswith(".")}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The days that were read from the store."""
    found: list[date] = []
    rows = Snapshot.rows

    def noted(self: Snapshot, form: str, versions: list[str], day: date) -> Iterator[PackageRows]:
        found.append(day)
        return rows(self, form, versions, day)

    monkeypatch.setattr(Snapshot, "rows", noted)
    return found


def test_whatever_happens_between_two_exports_the_second_is_like_one_of_everything(
    store: Store, database_url: URL, content: Path, tmp_path: Path
) -> None:
    chance = random.Random(7)
    version = serve_forms(content, store, FIRST)[FORM].form.version
    held: list[str] = []
    numbers = iter(range(1, 1000))
    package = tmp_path / "again" / "packages" / FORM

    def come() -> None:
        for _ in range(chance.randint(1, 4)):
            number = next(numbers)
            held.append(keep(store, number, FIRST + timedelta(chance.randint(0, 5)), version))

    def go() -> None:
        store.changes.withdraw(FORM, held.pop(chance.randrange(len(held))))

    def change() -> None:
        with beside(database_url, Work.READ) as connection:
            token = connection.scalar(
                responses.select()
                .with_only_columns(responses.c.token_hash)
                .where(responses.c.response_id == chance.choice(held))
            )
        cells = {"luogo": chance.choice(("casa", "ufficio", "non-so")), "commento": f"ora {next(numbers)}"}
        correction = Correction(version, "it", f"new{next(numbers)}", cells, (), None, FIRST, NOW)
        assert store.changes.correct(FORM, token or "", correction)

    def grow() -> None:
        nonlocal version
        path = content / f"{FORM}.yaml"
        added = f"- {{name: altro_{next(numbers)}, title: Altro, type: string}}\n"
        path.write_text(path.read_text(encoding="utf-8") + added, encoding="utf-8")
        version = serve_forms(content, store, FIRST)[FORM].form.version

    def begin_anew() -> None:
        nonlocal version
        path = content / f"{FORM}.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("maxLength: 50", "maxLength: 40"), encoding="utf-8")
        version = serve_forms(content, store, FIRST)[FORM].form.version

    def spoil() -> None:
        file = package / "responses.csv"
        file.write_bytes(file.read_bytes().replace(b"casa", b"cosa", 1))

    def cut() -> None:
        file = package / "responses.csv"
        file.write_bytes(file.read_bytes()[:-20])

    def forget() -> None:
        (package / ".responses.days.json").write_text("{")

    steps = [come, come, go, change, go, change, grow, come, spoil, cut, forget, begin_anew, come, change, go]
    come()
    for turn, step in enumerate([*steps, *chance.sample(steps[:-5], 8)]):
        step() if held or step is not go else come()
        if not held:
            come()
        assert export(store, tmp_path / "again") == export(store, tmp_path / f"all-{turn}"), step.__name__


def test_only_the_days_that_changed_are_read_again(
    store: Store, content: Path, tmp_path: Path, read: list[date]
) -> None:
    version = serve_forms(content, store, FIRST)[FORM].form.version
    days = [FIRST + timedelta(number) for number in range(4)]
    ids = [keep(store, number, days[number % 4], version) for number in range(1, 13)]
    export(store, tmp_path)
    assert read == days
    read.clear()
    export(store, tmp_path)
    assert read == []
    keep(store, 20, days[3], version)
    export(store, tmp_path)
    assert read == days[3:]
    read.clear()
    store.changes.withdraw(FORM, ids[0])
    assert b"" not in export(store, tmp_path).values()
    assert read == [days[1]]


def test_what_is_withdrawn_is_gone_from_the_next_export(store: Store, content: Path, tmp_path: Path) -> None:
    version = serve_forms(content, store, FIRST)[FORM].form.version
    ids = [keep(store, number, FIRST, version) for number in range(1, 4)]
    export(store, tmp_path)
    store.changes.withdraw(FORM, ids[1])
    export(store, tmp_path)
    everything = b"".join(path.read_bytes() for path in (tmp_path / "packages" / FORM).iterdir())
    assert ids[1].encode() not in everything
    assert ids[0].encode() in everything


def test_a_database_brought_back_that_went_another_way_is_exported_as_it_is(
    sqlite_url: URL, content: Path, tmp_path: Path
) -> None:
    path = Path(sqlite_url.database or "")
    store = open_store(sqlite_url)
    version = serve_forms(content, store, FIRST)[FORM].form.version
    keep(store, 1, FIRST, version)
    store.close()
    copy = path.read_bytes()
    for number, place in ((2, "casa"), (3, "ufficio")):  # as many, of the same days, changed as often
        path.write_bytes(copy)
        store = open_store(sqlite_url)
        keep(store, number, FIRST, version)
        correction = Correction(version, "it", "new", {"luogo": place, "commento": "uno"}, (), None, FIRST, NOW)
        assert store.changes.correct(FORM, "t1", correction)
        assert export(store, tmp_path / "again") == export(store, tmp_path / place)
        store.close()
