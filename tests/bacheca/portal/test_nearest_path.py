"""`bacheca.portal.nearest_path`: what is offered is what may have been meant."""

from __future__ import annotations

import pytest

from bacheca.portal.nearest_path import Names

PAGES = ("guide/setup/install.md", "guide/setup/upgrade.md", "guide/index.md", "rules/statute.md")


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("guide/setup/instal.md", "guide/setup/install.md"),
        ("rules/install.md", "guide/setup/install.md"),
        ("statut.md", "rules/statute.md"),
        ("guide/setup/privacy.md", ""),
        ("guide/setup/members.md", ""),
    ],
)
def test_a_page_is_offered_for_its_name_and_not_for_its_folder(written: str, near: str) -> None:
    assert Names(PAGES).nearest(written) == near
