"""Which page a post comes from."""

from collections.abc import Mapping

import pytest
from werkzeug.datastructures import Headers

from forms_server.http.origin import Origin, OriginCheck
from forms_server.http.proxies import Proxies

PORTAL = "https://portal.example"
FOREIGN = "https://elsewhere.example"


def check(origins: tuple[str, ...] = (), proxies: int = 0) -> OriginCheck:
    return OriginCheck(origins, Proxies(proxies))


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
        ({"Origin": FOREIGN, "Sec-Fetch-Site": "none"}, Origin.ALLOW),  # no page at all: the person asked for it
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
    assert check(origins=(PORTAL,)).judge(Headers(sent), "forms.example", "https") is expected


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_a_server_on_a_port_of_its_own_knows_its_pages(host: str) -> None:
    sent = Headers({"Origin": f"http://{host}"})
    assert check().judge(sent, host, "http") is Origin.ALLOW
    assert check().judge(sent, "127.0.0.1:8001", "http") is Origin.REFUSE


def test_behind_a_proxy_that_speaks_tls_the_pages_are_https() -> None:
    sent = Headers({"Origin": "https://forms.example", "X-Forwarded-Proto": "https"})
    assert check().judge(sent, "forms.example", "http") is Origin.ALLOW
    assert check(proxies=1).judge(sent, "forms.example", "http") is Origin.ALLOW
    plain = Headers({"Origin": "http://forms.example", "X-Forwarded-Proto": "https"})
    assert check(proxies=1).judge(plain, "forms.example", "http") is Origin.REFUSE
    assert check(proxies=0).judge(plain, "forms.example", "http") is Origin.ALLOW


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"Origin": PORTAL}, True),
        ({"Origin": PORTAL, "Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": PORTAL, "Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": PORTAL, "Sec-Fetch-Site": "none"}, False),
        ({"Origin": FOREIGN, "Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Site": "same-origin"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
def test_a_request_is_from_an_origin_when_nothing_in_it_says_otherwise(sent: Mapping[str, str], expected: bool) -> None:
    assert OriginCheck.is_from(Headers(sent), PORTAL) is expected


def test_an_answer_is_read_by_the_pages_that_may_post_and_kept_apart_for_each() -> None:
    here = check(origins=(PORTAL,))
    shared = {"Vary": "Origin", "Access-Control-Allow-Origin": PORTAL}
    assert here.readable(Headers({"Origin": PORTAL})) == shared
    for sent in ({"Origin": FOREIGN}, {"Origin": "null"}, {}):
        assert here.readable(Headers(sent)) == {"Vary": "Origin"}
