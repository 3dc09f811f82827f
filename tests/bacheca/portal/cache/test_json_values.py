"""`bacheca.portal.cache.json_values`: what comes back is what was given, type by type."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bacheca.portal.cache.json_values import as_json, of_json

DATED = "a: 2026-11-23\nb: 2026-11-23 18:00\nc: 2026-11-23T18:00:00+02:00\nd: 1.5\ne: [yes, 12, '12', null, {f: g}]\n"
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.dates()
    | st.datetimes().map(lambda moment: moment.replace(fold=0)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(min_size=1), inner),
)


@given(VALUES)
def test_what_comes_back_is_what_was_given(value: object) -> None:
    assert repr(of_json(json.loads(json.dumps(as_json(value))))) == repr(value)


def test_dates_with_a_zone_come_back() -> None:
    assert of_json(json.loads(json.dumps(as_json(yaml.safe_load(DATED))))) == yaml.safe_load(DATED)


@pytest.mark.parametrize("value", [{1: "a"}, {"": "a"}, {"a"}, (1, 2), b"a", dt.time(1)])
def test_what_json_has_nothing_for_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        as_json({"a": [value]})
