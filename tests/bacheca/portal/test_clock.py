"""The zone that a new community is proposed: that of the machine on which it is begun."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from bacheca.portal import clock
from bacheca.portal.authoring.new_portal import Community


@pytest.mark.parametrize(
    ("machine", "proposed"), [("America/Lima", "America/Lima"), ("Etc/UTC", "UTC"), ("Etc/GMT+3", "UTC")]
)
def test_a_new_community_is_proposed_the_zone_of_the_machine(
    monkeypatch: pytest.MonkeyPatch, machine: str, proposed: str
) -> None:
    monkeypatch.setattr(clock, "get_localzone", lambda: ZoneInfo(machine))
    assert Community("Coro").zone == proposed
