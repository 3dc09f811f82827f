"""A job is done by one process at a time, on either database, and no lock outlives whoever held it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import URL, StaticPool, create_engine

from forms_server.database import job_lock
from forms_server.database.engine import make_engine
from forms_server.errors import JobTaken, StoreRefused
from forms_server.store import Job, Store, open_store
from forms_server.store import store as store_module
from forms_server.store.records import OutboxMail
from tests.forms_server.store.samples import MOMENT

HOLDER = """
import sys
from forms_server.store import Job, open_store
with open_store(sys.argv[1]).alone_at(Job[sys.argv[2]]):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def done_by_another_process(url: URL, job: Job) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLDER, url.render_as_string(hide_password=False), job.name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_job_of_another_process_is_not_done_twice_and_its_lock_ends_with_it(
    store: Store, database_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    with done_by_another_process(database_url, Job.MAIL) as process:
        monkeypatch.setattr(job_lock, "PATIENCE", 0.05)
        with pytest.raises(JobTaken, match="The mail is being sent by another process now"), store.alone_at(Job.MAIL):
            pass
        with store.alone_at(Job.RETENTION):  # another job
            pass
        monkeypatch.setattr(job_lock, "PATIENCE", 60)
        process.kill()
        with store.alone_at(Job.MAIL):
            pass
    with store.alone_at(Job.MAIL):  # and it was given back
        pass


def test_a_job_that_fails_gives_its_lock_back(store: Store, database_url: URL) -> None:
    def fail() -> None:
        with store.alone_at(Job.EXPORT):
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    other = open_store(database_url)
    with other.alone_at(Job.EXPORT):
        pass
    other.close()


def test_what_a_job_does_is_written_while_it_holds_its_lock(store: Store) -> None:
    with store.alone_at(Job.WARNINGS):
        store.outbox.add(OutboxMail("a", "warning", "", "it", {}, MOMENT, of_response=False))
    assert store.outbox.known(["a"]) == {"a"}


def test_a_pooler_that_shares_a_session_between_connections_is_refused(postgresql_url: URL) -> None:
    pooled = create_engine(postgresql_url, poolclass=StaticPool)  # as pgbouncer does by transaction
    with pytest.raises(StoreRefused, match="pool_mode=session"):
        job_lock.refuse_shared_sessions(pooled)
    pooled.dispose()


def test_sessions_of_ones_own_are_taken(database_url: URL) -> None:
    engine = make_engine(database_url)
    job_lock.refuse_shared_sessions(engine)
    engine.dispose()


def test_a_store_is_never_opened_through_such_a_pooler(postgresql_url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "make_engine", lambda url: create_engine(url, poolclass=StaticPool))
    with pytest.raises(StoreRefused, match="pgbouncer"):
        open_store(postgresql_url)
