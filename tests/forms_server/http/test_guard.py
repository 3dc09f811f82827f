"""Who may post, and how often."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, text
from werkzeug import Response
from werkzeug.datastructures import Headers

from forms_server.crypto.tokens import Secret
from forms_server.database.engine import Work
from forms_server.http.guard import Guard, Origin, address_prefix
from forms_server.http.page_shell import Shell
from forms_server.http.security_headers import inline_of
from forms_server.settings import RateLimit, Settings
from forms_server.store import Store, open_store

NOON = datetime(2026, 11, 23, 12, 0, 10, tzinfo=UTC)
PORTAL = "https://portal.example"
FOREIGN = "https://elsewhere.example"


class Clock:
    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def guard(store: Any = None, site: Path | None = None, clock: Clock | None = None, **settings: Any) -> Guard:
    return Guard(Settings(**settings), Secret("s" * 32), store, Shell(site), clock or Clock())


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"Origin": "https://forms.example"}, Origin.ALLOW),
        ({"Origin": PORTAL}, Origin.ALLOW),
        ({"Origin": PORTAL, "Sec-Fetch-Site": "cross-site"}, Origin.ALLOW),
        ({}, Origin.CHECK),
        ({"Origin": "null"}, Origin.CHECK),
        ({"Origin": ""}, Origin.CHECK),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, Origin.CHECK),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, Origin.CHECK),
        ({"Sec-Fetch-Site": "same-origin"}, Origin.CHECK),
        ({"Origin": FOREIGN}, Origin.REFUSE),
        ({"Origin": FOREIGN, "Sec-Fetch-Site": "cross-site"}, Origin.REFUSE),
        ({"Origin": FOREIGN, "Sec-Fetch-Site": "same-site"}, Origin.REFUSE),
        # The browser knows better than a proxy that renamed the host, or a page of the host over plain http.
        ({"Origin": FOREIGN, "Sec-Fetch-Site": "same-origin"}, Origin.ALLOW),
        ({"Origin": "http://forms.example", "Sec-Fetch-Site": "cross-site"}, Origin.REFUSE),
        ({"Origin": "http://forms.example"}, Origin.REFUSE),
        ({"Origin": "https://forms.example:8443"}, Origin.REFUSE),
        ({"Origin": "https://forms.example:443"}, Origin.ALLOW),
        ({"Origin": "https://forms.example.elsewhere.example"}, Origin.REFUSE),
        ({"Origin": "https://portal.example.elsewhere.example"}, Origin.REFUSE),
        ({"Origin": "https://forms.example@elsewhere.example"}, Origin.REFUSE),
        ({"Origin": "https://elsewhere.example/https://portal.example"}, Origin.REFUSE),
        ({"Origin": "file://forms.example"}, Origin.REFUSE),
        ({"Origin": "https://[::1"}, Origin.REFUSE),
        ({"Origin": "https://forms.example:port"}, Origin.REFUSE),
        ({"Origin": "chrome-extension://forms.example"}, Origin.REFUSE),
    ],
)
def test_a_post_is_judged_by_the_page_it_comes_from(sent: Mapping[str, str], expected: Origin) -> None:
    assert guard(origins=(PORTAL,)).origin(Headers(sent), "forms.example", "https") is expected


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_a_server_on_a_port_of_its_own_knows_its_pages(host: str) -> None:
    sent = Headers({"Origin": f"http://{host}"})
    assert guard().origin(sent, host, "http") is Origin.ALLOW
    assert guard().origin(sent, "127.0.0.1:8001", "http") is Origin.REFUSE


def test_behind_a_proxy_that_speaks_tls_the_pages_are_https() -> None:
    sent = Headers({"Origin": "https://forms.example", "X-Forwarded-Proto": "https"})
    assert guard().origin(sent, "forms.example", "http") is Origin.ALLOW
    assert guard(proxies=1).origin(sent, "forms.example", "http") is Origin.ALLOW
    plain = Headers({"Origin": "http://forms.example", "X-Forwarded-Proto": "https"})
    assert guard(proxies=1).origin(plain, "forms.example", "http") is Origin.REFUSE
    assert guard(proxies=0).origin(plain, "forms.example", "http") is Origin.ALLOW


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("192.0.2.1", "192.0.2.0/24"),
        ("192.0.2.255", "192.0.2.0/24"),
        ("192.0.3.1", "192.0.3.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2300::1", "2001:db8:1:2300::/56"),
        ("2001:db8:1:23ff:ffff::1", "2001:db8:1:2300::/56"),
        ("2001:db8:1:2400::1", "2001:db8:1:2400::/56"),
        ("fe80::1%eth0", "fe80::/56"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_an_address_stands_for_its_network(address: str, prefix: str) -> None:
    assert address_prefix(address) == prefix


def test_posts_up_to_the_limit_go_on_and_one_more_waits(store: Store, clock: Clock) -> None:
    door = guard(store, clock=clock, rate_limit=RateLimit(3, 60))
    assert [door.too_often(Headers(), "192.0.2.1", "a") for _ in range(5)] == [0, 0, 0, 50, 50]
    assert door.too_often(Headers(), "192.0.2.99", "a") == 50
    assert door.too_often(Headers(), "192.0.3.1", "a") == 0
    assert door.too_often(Headers(), "192.0.2.1", "b") == 0
    clock.now = datetime(2026, 11, 23, 12, 1, 0, tzinfo=UTC)
    assert door.too_often(Headers(), "192.0.2.1", "a") == 0


def test_a_day_is_counted_under_one_pseudonym(store: Store, clock: Clock) -> None:
    door = guard(store, clock=clock, rate_limit=RateLimit(1, 86_400))
    clock.now = datetime(2026, 11, 23, 0, 0, 0, tzinfo=UTC)
    assert door.too_often(Headers(), "192.0.2.1", "a") == 0
    clock.now = datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC)
    assert door.too_often(Headers(), "192.0.2.1", "a") == 1


def test_without_a_limit_nothing_is_counted() -> None:
    door = guard(store=None, rate_limit=None)
    assert [door.too_often(Headers(), "192.0.2.1", "a") for _ in range(99)] == [0] * 99


def test_no_address_is_kept(sqlite_url: URL, clock: Clock) -> None:
    store = open_store(sqlite_url)
    door = guard(store, clock=clock)
    door.too_often(Headers(), "192.0.2.1", "a")
    with store._database.transaction(Work.READ) as connection:
        ((bucket, _, _),) = connection.execute(text("SELECT * FROM rate_counters")).all()
    store.close()
    assert len(bucket) == 64
    content = Path(sqlite_url.database or "").read_bytes()
    assert b"192.0.2" not in content


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, "192.0.2.1", "10.0.0.1"),
        (1, "192.0.2.1", "192.0.2.1"),
        (1, "198.51.100.1, 192.0.2.1", "192.0.2.1"),
        (2, "198.51.100.1, 192.0.2.1, 10.0.0.2", "192.0.2.1"),
        (2, "192.0.2.1", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_a_forwarded_address_is_believed_as_far_as_there_are_proxies(
    proxies: int, forwarded: str, counted: str
) -> None:
    buckets: list[str] = []

    class Counter:
        def hit(self, bucket: str, window: int) -> int:
            buckets.append(bucket)
            return 1

    sent = Headers({"X-Forwarded-For": forwarded} if forwarded else {})
    guard(Counter(), proxies=proxies).too_often(sent, "10.0.0.1", "a")
    guard(Counter()).too_often(Headers(), counted, "a")
    assert buckets[0] == buckets[1]


def test_an_answer_is_private_and_its_page_to_itself() -> None:
    response = guard(origins=(PORTAL,)).harden(Response("<h1>", mimetype="text/html"))
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "strict-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert f"form-action 'self' {PORTAL};" in response.headers["Content-Security-Policy"]


def test_what_an_answer_says_itself_stays() -> None:
    response = Response("{}", mimetype="application/json", headers={"Cache-Control": "max-age=60"})
    guard().harden(response)
    assert response.headers["Cache-Control"] == "max-age=60"
    assert "Content-Security-Policy" not in response.headers


def test_only_the_scripts_of_the_shell_may_run_whatever_the_page_holds() -> None:
    response = guard().harden(Response("<script>alert(1)</script>", mimetype="text/html"))
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    (injected,) = inline_of("<script>alert(1)</script>").scripts
    assert injected not in policy
