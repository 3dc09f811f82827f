"""What `check` proposes in place of a bound can be written there."""

from __future__ import annotations

import pytest

from bacheca.forms.definition.checks.proposals import bound_meant
from bacheca.forms.kinds import KINDS
from tests.bacheca.forms.conftest import Written

BOUNDED = sorted({signature[0] for signature, kind in KINDS.items() if "minimum" in kind.constraint_names})


@pytest.mark.parametrize("of_type", BOUNDED)
def test_a_bound_that_means_nothing_has_a_proposal_that_can_be_used(written: Written, of_type: str) -> None:
    meant = bound_meant(of_type, "boh")
    form = written(f"- {{name: x, title: X, type: {of_type}, constraints: {{minimum: {meant}}}}}")
    assert str(form.field("x").constraints["minimum"]) == meant
