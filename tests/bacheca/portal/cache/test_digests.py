"""One short name for whatever something was made of."""

from __future__ import annotations

import datetime as dt
import itertools
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from bacheca.portal.cache.digests import digest_of


@dataclass(frozen=True)
class Word:
    """A value of ours."""

    text: str


VALUES: list[Any] = [
    *(None, True, 1, 1.0, "1", b"1", "", (), {}, frozenset()),
    *(["ab"], ["a", "b"], ["a", ["b"]], [["a"], "b"], {"a": "b"}, {"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a", "b"}),
    *(dt.date(2027, 1, 1), dt.datetime(2027, 1, 1, tzinfo=dt.UTC), dt.timedelta(1), Path("a"), Markup("a"), "a"),
    *(Word("a"), Word("b"), partial(digest_of, "a"), partial(digest_of, "b"), digest_of, Word, itertools),
]


def test_values_that_differ_in_whatever_way_have_digests_of_their_own() -> None:
    assert len({digest_of(value) for value in VALUES}) == len(VALUES)
    assert digest_of("a", "b") != digest_of("ab")


def test_the_same_value_has_the_same_digest_also_in_another_process() -> None:
    code = "from bacheca.portal.cache.digests import digest_of; print(digest_of({'a': {'x', 'y', 'z'}}, ['à']))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert found.strip() == digest_of({"a": {"z", "x", "y"}}, ["à"])


@pytest.mark.parametrize(
    "value", [object(), lambda: 1, [lambda: 1], {"a": object()}], ids=["object", "function", "in a list", "in a dict"]
)
def test_what_says_nothing_of_itself_has_none(value: Any) -> None:
    with pytest.raises(TypeError):
        digest_of(value)
