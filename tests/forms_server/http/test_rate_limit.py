"""How often one network may post, and what is kept of it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, text
from werkzeug.datastructures import Headers

from forms_server.crypto.tokens import Secret
from forms_server.database.engine import Work
from forms_server.http.rate_limit import RateLimiter, address_prefix
from forms_server.settings import RateLimit, Settings
from forms_server.store import Store, open_store
from tests.forms_server.stored import beside

NOON = datetime(2026, 11, 23, 12, 0, 10, tzinfo=UTC)


class Clock:
    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def limiter(store: Any = None, clock: Clock | None = None, **settings: Any) -> RateLimiter:
    return RateLimiter(Settings(**settings), Secret("s" * 32), store, clock or Clock())


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
    door = limiter(store, clock=clock, rate_limit=RateLimit(3, 60))
    assert [door.too_often(Headers(), "192.0.2.1", "a") for _ in range(5)] == [0, 0, 0, 50, 50]
    assert door.too_often(Headers(), "192.0.2.99", "a") == 50
    assert door.too_often(Headers(), "192.0.3.1", "a") == 0
    assert door.too_often(Headers(), "192.0.2.1", "b") == 0
    clock.now = datetime(2026, 11, 23, 12, 1, 0, tzinfo=UTC)
    assert door.too_often(Headers(), "192.0.2.1", "a") == 0


def test_a_day_is_counted_under_one_pseudonym(store: Store, clock: Clock) -> None:
    door = limiter(store, clock=clock, rate_limit=RateLimit(1, 86_400))
    clock.now = datetime(2026, 11, 23, 0, 0, 0, tzinfo=UTC)
    assert door.too_often(Headers(), "192.0.2.1", "a") == 0
    clock.now = datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC)
    assert door.too_often(Headers(), "192.0.2.1", "a") == 1


def test_without_a_limit_nothing_is_counted() -> None:
    door = limiter(store=None, rate_limit=None)
    assert [door.too_often(Headers(), "192.0.2.1", "a") for _ in range(99)] == [0] * 99


def test_no_address_is_kept(sqlite_url: URL, clock: Clock) -> None:
    store = open_store(sqlite_url)
    door = limiter(store, clock=clock)
    door.too_often(Headers(), "192.0.2.1", "a")
    with beside(sqlite_url, Work.READ) as connection:
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
    limiter(Counter(), proxies=proxies).too_often(sent, "10.0.0.1", "a")
    limiter(Counter()).too_often(Headers(), counted, "a")
    assert buckets[0] == buckets[1]
