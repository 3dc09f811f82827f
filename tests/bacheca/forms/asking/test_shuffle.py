from __future__ import annotations

from collections import Counter

import pytest

from bacheca.forms.asking.shuffle import SEED, seed_of, shuffled

CODES = ("marketing", "servizio-clienti", "relazioni-esterne", "servizi-web", "vendite")


def test_a_seed_fixes_the_order() -> None:
    assert shuffled(CODES, 7) == shuffled(CODES, 7) == shuffled(CODES[::-1], 7)
    assert set(shuffled(CODES, 7)) == set(CODES)


def test_no_option_is_favoured() -> None:
    places = Counter(
        (place, code) for seed in range(10_000) for place, code in enumerate(shuffled(CODES, seed * 429_496))
    )
    assert len(places) == len(CODES) ** 2
    assert all(1_850 < times < 2_150 for times in places.values())


@pytest.mark.parametrize(
    ("posted", "seed"),
    [
        (["7"], "7"),
        (["0"], "0"),
        ([str(SEED)], str(SEED)),
        ([str(SEED + 1)], ""),
        (["07"], ""),
        (["-1"], ""),
        (["x"], ""),
        ([], ""),
    ],
)
def test_what_is_no_seed_means_the_order_as_written(posted: list[str], seed: str) -> None:
    assert seed_of(posted) == seed
