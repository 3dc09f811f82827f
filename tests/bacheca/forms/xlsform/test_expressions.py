from __future__ import annotations

import pytest

from bacheca.forms.xlsform.expressions import read_limits, write_limits


@pytest.mark.parametrize(
    ("of_type", "limits", "written"),
    [
        ("string", {"minLength": 2, "maxLength": 9}, "string-length(.) >= 2 and string-length(.) <= 9"),
        ("integer", {"minimum": -1, "maximum": 9}, ". >= -1 and . <= 9"),
        ("number", {"minimum": 0.5}, ". >= 0.5"),
        ("date", {"minimum": "2027-02-28"}, ". >= date('2027-02-28')"),
        ("yearmonth", {"maximum": "2027-06"}, ". <= date('2027-06-01')"),
        ("year", {"minimum": 1900, "maximum": 2027}, ". >= date('1900-01-01') and . <= date('2027-01-01')"),
    ],
)
def test_the_limits_of_every_type_are_written_as_they_are_read(
    of_type: str, limits: dict[str, object], written: str
) -> None:
    assert write_limits(of_type, limits) == written
    assert read_limits(written, of_type) == {"constraints": limits}
