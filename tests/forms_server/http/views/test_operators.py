"""What a supervisor asks, and who may see what the service counts."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import URL

from bacheca.forms import form_of_source
from forms_server.app import make_app
from forms_server.context import Service
from forms_server.errors import StoreUnavailable
from forms_server.publishing.export import export_forms
from tests.forms_server.samples import ADA, Respondent, running
from tests.forms_server.test_posting import GOOD, KEY, OWN

ROOT = Path(__file__).parents[4]
NOW = datetime.now(UTC)


@pytest.fixture
def place(tmp_path: Path, sqlite_url: URL) -> tuple[Path, URL]:
    """A folder and a database of its own."""
    return tmp_path, sqlite_url


@pytest.fixture
def service(place: tuple[Path, URL]) -> Iterator[Service]:
    with running(*place, lambda: NOW + timedelta(seconds=5)) as made:
        yield made


@pytest.fixture
def client(service: Service) -> FlaskClient:
    return make_app(service).test_client()


def measured(client: FlaskClient) -> dict[str, float]:
    """Read the metrics as Prometheus does; `name{label=value}` and its value."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=")
    return {
        sample.name + "".join(f"{{{name}={value}}}" for name, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_a_service_that_can_keep_answers_is_ready(client: FlaskClient) -> None:
    assert (client.get("/healthz").text, client.get("/readyz").text) == ("ok\n", "ready\n")


def test_a_service_without_its_store_is_alive_and_not_ready(
    service: Service, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise StoreUnavailable("57P01")

    monkeypatch.setattr(service.store, "ping", gone)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "the store is not available: 57P01\n")
    assert client.get("/healthz").status_code == 200


FULL = """\
import sys
from pathlib import Path
from sqlalchemy import make_url
from forms_server.app import make_app
from tests.forms_server.samples import running
from tests.forms_server.test_posting import GOOD, KEY, OWN
from datetime import UTC, datetime

folder, disk, limited = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "limited"
url = make_url(f"sqlite:///{disk}/data/forms.db")
with running(folder, url, lambda: datetime.now(UTC), FORMS_DATA=str(disk / "data")) as service:
    client = make_app(service).test_client()
    print(client.get("/readyz").status_code)
    if limited:
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    else:
        try:
            with open(disk / "ballast", "wb", buffering=0) as ballast:
                while ballast.write(b"0" * 4096): pass
        except OSError:
            pass
    full = client.get("/readyz")
    print(full.status_code, full.text.strip())
    sent = client.post("/forms/sondaggio", data=GOOD, headers=OWN)
    print(sent.status_code, "perch\\u00e9" in sent.text)
    if limited:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    else:
        (disk / "ballast").unlink()
    print(client.get("/readyz").status_code, client.post("/forms/sondaggio", data=GOOD, headers=OWN).status_code)
    print(service.store.counts("sondaggio"))
"""


def can_mount() -> bool:
    """Say whether a file system can be made here."""
    probe = ["unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=64k none /mnt"]
    return bool(shutil.which("unshare")) and subprocess.run(probe, capture_output=True, check=False).returncode == 0


def test_on_a_full_disk_the_service_is_not_ready_and_what_was_typed_is_shown_back(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    words = [sys.executable, "-c", FULL, str(tmp_path), str(disk)]
    if can_mount():
        mount = f'mount -t tmpfs -o size=2m none "{disk}" && exec "$@"'
        command = ["unshare", "-m", "sh", "-c", mount, "sh", *words, "mounted"]
    else:
        command = [*words, "limited"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=os.environ, check=False)
    assert done.returncode == 0, done.stderr
    ready, full, sent, again, counts = done.stdout.splitlines()
    assert ready == "200"
    assert re.fullmatch(r"503 (the store is not available: SQLITE_\w+|the data folder takes no writing)", full)
    assert sent == "503 True"
    assert again == "200 303"
    assert counts == "{'kept': 1}"


def test_posts_are_counted_by_what_became_of_them(service: Service, client: FlaskClient) -> None:
    for _ in range(2):
        client.post("/forms/sondaggio", data=GOOD, headers=OWN)
    client.post("/forms/sondaggio", data=GOOD | {"luogo": "mare"}, headers=OWN)
    client.post("/forms/sondaggio", data=GOOD | {"luogo": "ufficio"}, headers=OWN)
    client.post("/forms/sondaggio", data=GOOD, headers={"Origin": "https://elsewhere.example"})
    client.post("/forms/sondaggio", data=b"commento=%zz", content_type="application/x-www-form-urlencoded", headers=OWN)
    client.post("/forms/sondaggio", data=b"", content_type="text/plain", headers=OWN)
    client.post("/forms/sondaggio", json={"luogo": "casa"}, headers=OWN)
    client.post("/forms/niente-di-tutto", data=GOOD, headers=OWN)
    found = measured(client)
    assert found["bacheca_posts_accepted_total{form=sondaggio}"] == 2
    assert found["bacheca_posts_accepted_total{form=gruppo}"] == 0
    refused = {
        key.removeprefix("bacheca_posts_refused_total"): value
        for key, value in found.items()
        if key.startswith("bacheca_posts_refused_total")
    }
    assert refused == {
        "{form=sondaggio}{reason=answers}": 1,
        "{form=sondaggio}{reason=other-answers}": 1,
        "{form=sondaggio}{reason=other-origin}": 1,
        "{form=sondaggio}{reason=bad-escape}": 1,
        "{form=sondaggio}{reason=media-type}": 1,
        "{form=sondaggio}{reason=no-key}": 1,
        "{form=}{reason=not-found}": 1,
    }


def test_how_long_requests_take_is_counted_by_route(client: FlaskClient) -> None:
    client.get("/forms/gruppo/receipt/segretissimo", buffered=True)
    found = measured(client)
    route = "{method=GET}{route=/forms/<name>/receipt/<token>}{status=404}"
    assert found[f"bacheca_request_seconds_count{route}"] == 1
    assert 0 < found[f"bacheca_request_seconds_sum{route}"] < 10
    assert "segretissimo" not in client.get("/metrics").text


def test_the_queue_the_quarantine_and_the_age_of_packages_are_measured(service: Service, client: FlaskClient) -> None:
    Respondent(service).sign_up()
    client.post("/forms/sondaggio", json={"_homepage": "x", "luogo": "casa"}, headers={"Idempotency-Key": KEY})
    found = measured(client)
    assert found["bacheca_store_up"] == 1
    assert found["bacheca_outbox_letters{state=waiting}"] == 0  # written this very second
    assert found["bacheca_responses_quarantined{form=sondaggio}"] == 1
    assert not [key for key in found if key.startswith("bacheca_export_age")]
    list(export_forms(service.store, ("sondaggio",), service.settings.data, NOW))
    hour = (NOW - timedelta(hours=1)).timestamp()
    os.utime(service.settings.data / "packages" / "sondaggio" / "datapackage.json", (hour, hour))
    assert measured(client)["bacheca_export_age_seconds{form=sondaggio}"] == pytest.approx(3605, abs=1)


def test_without_its_store_the_service_still_says_so(
    service: Service, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise StoreUnavailable("57P01")

    monkeypatch.setattr(service.store.outbox, "stuck", gone)
    assert measured(client)["bacheca_store_up"] == 0


def test_nothing_in_the_metrics_tells_of_a_person(service: Service, client: FlaskClient) -> None:
    canary = "canarino4711"
    client.post(
        f"/forms/gruppo?{canary}={canary}",
        data=ADA | {"nome": canary, "_lang": canary, canary: canary},
        headers=OWN | {"User-Agent": canary, "X-Request-Id": canary, "Referer": f"https://{canary}.example"},
    )
    client.post(f"/forms/{canary}", data={canary: canary}, headers=OWN)
    client.open(f"/{canary}/x", method=canary.upper())
    assert canary not in client.get("/metrics").text.lower()
    assert "example.org" not in client.get("/metrics").text


@pytest.mark.parametrize(
    ("settings", "address", "headers", "status"),
    [
        ({}, "127.0.0.1", {}, 200),
        ({}, "::1", {}, 200),
        ({}, "::ffff:127.0.0.1", {}, 200),
        ({}, "192.0.2.1", {}, 404),
        ({}, "", {}, 404),
        ({}, "127.0.0.1", {"X-Forwarded-For": "192.0.2.1"}, 404),
        ({}, "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ({"FORMS_PROXIES": "1"}, "127.0.0.1", {"X-Forwarded-For": "192.0.2.1"}, 404),
        ({"FORMS_PROXIES": "1"}, "127.0.0.1", {"X-Forwarded-For": "127.0.0.1, 192.0.2.1"}, 404),
        ({"FORMS_METRICS": "10.1.0.0/16 192.0.2.1"}, "192.0.2.1", {}, 200),
        ({"FORMS_METRICS": "10.1.0.0/16 192.0.2.1"}, "127.0.0.1", {}, 404),
        ({"FORMS_METRICS": "off"}, "127.0.0.1", {}, 404),
    ],
)
def test_only_named_networks_see_the_metrics(
    place: tuple[Path, URL], settings: dict[str, str], address: str, headers: dict[str, str], status: int
) -> None:
    folder, url = place
    with running(folder, url, lambda: NOW, str, **settings) as made:
        client = make_app(made).test_client()
        answer = client.get("/metrics", headers=headers, environ_overrides={"REMOTE_ADDR": address})
    assert answer.status_code == status


def test_whoever_publishes_is_told_what_is_served_and_how_forms_were_written(
    service: Service, client: FlaskClient
) -> None:
    told = client.get("/forms/versions.json").get_json()
    versions = {name: served.form.version for name, served in service.forms.items()}
    assert told == {"served": versions, "refused": {}}
    (history,) = client.get("/forms/sondaggio/versions.json").get_json()
    assert form_of_source(history).version == versions["sondaggio"]
    assert client.get("/forms/mai-stato/versions.json").get_json() == []


@pytest.mark.parametrize("address", ["/metrics", "/forms/versions.json", "/forms/sondaggio/versions.json"])
def test_nobody_but_operators_is_told_what_is_for_them(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 200
    assert client.get(address, environ_overrides={"REMOTE_ADDR": "203.0.113.9"}).status_code == 404
    assert client.get(address, headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
