"""Lighthouse finds nothing on any kind of page, as on a small phone; `python -m bench lighthouse` measures speed."""

from __future__ import annotations

import pytest

from tests.journeys.service import Service
from tests.journeys.test_budgets import SHIFT_LIMIT
from tests.web.judges import lighthouse

pytestmark = pytest.mark.long

FOUND = (
    "/",
    "/profilo/",
    "/glossario/",
    "/articoli/",
    "/articoli/un-reclamo-in-pubblico/",
    "/partecipa/sondaggio/",
    "/andamento/",
    "/en/",
    "/forms/gruppo-community-manager",
)
"""A page of each template: what is missing is no page to Lighthouse, and axe looks at all of them."""

UNLISTED = "/forms/"
"""The service's own pages ask search engines not to list them, so what Lighthouse says of SEO is not for them."""


def test_lighthouse_finds_nothing_and_nothing_moves(service: Service) -> None:
    reports = lighthouse(service.url + address for address in FOUND)
    assert [report.address for report in reports] == [service.url + address for address in FOUND]
    wrong = []
    for report in reports:
        listed = not report.address.startswith(service.url + UNLISTED)
        scores = {name: score for name, score in report.scores.items() if listed or name != "seo"}
        assert len(scores) >= 2
        if set(scores.values()) != {100} or report.shift > SHIFT_LIMIT:
            wrong.append((report.address, scores, report.shift, report.faults))
    assert wrong == []
