"""All that a kind of field has to say of itself: one that forgets something fails here, with what it forgot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bacheca.forms.catalogues import translations
from bacheca.forms.html.form_page import TEMPLATES
from bacheca.forms.kinds import KINDS, Field
from bacheca.forms.kinds.counted import Chart, Counted
from bacheca.forms.results.charts import CHARTS
from bacheca.forms.results.tally import MEASURES
from bacheca.forms.xlsform.types import asked
from tests.bacheca.forms.kinds.examples import EXAMPLES

TO_BE_SAID = {name for name, of in Field.__annotations__.items() if "ClassVar" in of and not hasattr(Field, name)}
"""What no kind can take over from others."""

EVERY = list(dict.fromkeys(KINDS.values()))


def forgotten(kind: Any) -> set[str]:
    """Give what a kind does not say of itself, or says as nobody can use it."""
    templates = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")}
    missing = {name for name in TO_BE_SAID if not hasattr(kind, name)} | {*kind.__abstractmethods__}
    usable: dict[str, Callable[[], object]] = {
        "signatures": lambda: kind.signatures and all(KINDS.get(signature) is kind for signature in kind.signatures),
        "called": lambda: translations("it").gettext(kind.called) != kind.called,
        "template": lambda: kind.template in templates,
        "counted": lambda: kind.counted is Counted.NOTHING or kind.counted in MEASURES,
        "chart": lambda: kind.chart in CHARTS if kind.counted is not Counted.NOTHING else kind.chart is Chart.NONE,
        "xlsform": lambda: asked(kind.xlsform) or asked(f"{kind.xlsform} list"),
        "kind": lambda: kind.kind in EXAMPLES,
    }
    assert set(usable) == TO_BE_SAID
    return missing | {name for name, holds in usable.items() if name not in missing and not holds()}


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_a_kind_says_all_of_itself(kind: type[Field]) -> None:
    assert forgotten(kind) == set()


def test_a_kind_that_says_nothing_is_told_all_that_it_forgot() -> None:
    class Bare(Field):
        pass

    assert forgotten(Bare) == {*TO_BE_SAID, "made_up"}
    assert {"counted", "chart", "xlsform", "called", "template", "signatures", "kind"} == TO_BE_SAID


def test_a_kind_that_says_what_nobody_can_use_is_told_so() -> None:
    class Odd(Field):
        kind = "odd"
        called = "odd"
        signatures = ()
        template = "kinds/odd.html"
        counted = Counted.NUMBERS
        chart = Chart.NONE
        xlsform = "geopoint"

    assert forgotten(Odd) == {*TO_BE_SAID, "made_up"} - {"counted"}
