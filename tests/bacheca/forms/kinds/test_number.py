"""How a bound of numbers is written."""

from __future__ import annotations

import pytest

from bacheca.forms.kinds.number import cell_of


@pytest.mark.parametrize(
    ("bound", "cell"),
    [
        (2, "2"),
        (2.0, "2"),
        (1.5, "1.5"),
        (-0.0, "0"),
        (1e20, "1" + "0" * 20),
        (True, ""),
        ("3", ""),
        (float("inf"), ""),
    ],
)
def test_a_bound_is_written_like_an_answer(bound: object, cell: str) -> None:
    assert cell_of(bound) == cell
