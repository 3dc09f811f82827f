"""What people read when a date or a number is not kept: it says what to write."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bacheca.forms import Form

Written = Callable[..., Form]


@pytest.mark.parametrize(
    ("of_type", "typed", "said"),
    [
        ("date", "1/1/24", "Scrivi l’anno di «Che cosa?» con quattro cifre: 2024"),
        ("date", "1/1/5", "Scrivi l’anno di «Che cosa?» con quattro cifre: 2005"),
        ("date", "31/6/2027", "Scrivi in «Che cosa?» una data che esiste, per esempio 30/6/2027"),
        ("date", "31/6/24", "Scrivi in «Che cosa?» una data che esiste, per esempio 30/6/2027"),
        ("yearmonth", "6/24", "Scrivi l’anno di «Che cosa?» con quattro cifre: 2024"),
        ("integer", "1234567890123456", "Il numero in «Che cosa?» è troppo lungo: al massimo 15 cifre"),
        ("number", "0,1234567890123456", "Il numero in «Che cosa?» è troppo lungo: al massimo 15 cifre"),
        ("integer", "dodici", "Scrivi in «Che cosa?» un numero intero, in cifre, per esempio 12"),
    ],
)
def test_an_answer_that_is_refused_is_told_how_it_would_not_be(
    written: Written, of_type: str, typed: str, said: str
) -> None:
    form = written(f"- {{name: x, title: 'Che cosa?', type: {of_type}}}")
    [problem] = form.field("x").read({"x": [typed]}, "it").problems
    assert problem.sentence("it") == said
