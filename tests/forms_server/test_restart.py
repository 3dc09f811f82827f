"""While the database restarts nothing is promised, nothing that was typed is lost, and afterwards all goes on."""

from __future__ import annotations

import html
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import URL

from forms_server.app import make_app
from tests.forms_server.postgresql import cluster, program, unprivileged
from tests.forms_server.samples import running
from tests.forms_server.test_posting import GOOD, OWN, hidden

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TYPED = 'quello che ho scritto, con "virgolette" e <segni>'


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[URL]:
    """A cluster that no other test uses."""
    with cluster() as url:
        yield url
        control(url, "stop")


def control(url: URL, *words: str) -> None:
    """Stop or start the server of a cluster, as an operator does."""
    folder = Path(str(url.query["host"]))
    command = [program("pg_ctl"), "-D", str(folder / "data"), "-w", *words]
    subprocess.run(
        command, user=unprivileged(), cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def start(url: URL) -> None:
    """Start it again."""
    folder = url.query["host"]
    control(url, "-l", f"{folder}/log-again", "-o", f"-k {folder} -c listen_addresses= -c fsync=off", "start")


def test_the_page_says_that_sending_again_is_safe_and_keeps_what_was_typed(own_cluster: URL, tmp_path: Path) -> None:
    with running(tmp_path, own_cluster, lambda: NOW, FORMS_RATE_LIMIT="30/minute") as service:
        client = make_app(service).test_client()
        answers = GOOD | {"commento": TYPED}
        receipt = client.post("/forms/sondaggio", data=GOOD | {"_key": "k" * 30}, headers=OWN).headers["Location"]
        control(own_cluster, "-m", "immediate", "stop")

        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        assert "bacheca_store_up 0.0" in client.get("/metrics").text
        assert client.get("/forms/sondaggio").status_code == 200
        assert client.get(receipt).status_code == 503
        away = client.post("/forms/sondaggio", data=answers, headers=OWN)
        assert away.status_code == 503
        assert "una volta sola" in away.text
        again = hidden(away)
        assert {name: html.unescape(again[name]) for name in answers} == answers
        told = client.post("/forms/sondaggio", json={"luogo": "casa"}, headers={"Idempotency-Key": "p" * 30})
        assert (told.status_code, told.get_json()["type"]) == (503, "urn:bacheca:unknown")

        start(own_cluster)
        assert client.get("/readyz").status_code == 200
        sent = client.post("/forms/sondaggio", data=again, headers=OWN)
        assert sent.status_code == 303
        assert client.post("/forms/sondaggio", data=again, headers=OWN).headers["Location"] == sent.headers["Location"]
        assert client.get(receipt).status_code == 200
        assert service.store.counts("sondaggio") == {"kept": 2}
