"""What an edit of a form means for the responses that are already kept.

Three words, in this order of gravity: *compatible* (the same file goes on), *new version* (the old file stays
as it is and a new one begins), *refused* (what is kept would change its meaning).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum

from forms.checks import codes
from forms.definition import LANGUAGE, WORDS_ONLY, Form
from forms.definition_checks import PRIVACIES
from forms.kinds import Field
from forms.messages import translations
from forms.people import is_sealed
from forms.sentences import CHANGES
from forms.wording import Wording

LOWER_IS_TIGHTER = ("maxLength", "maximum")
HIGHER_IS_TIGHTER = ("minLength", "minimum")


class Verdict(IntEnum):
    """What a change does; the gravest of a form's changes is the form's."""

    COMPATIBLE = 0
    NEW_VERSION = 1
    REFUSED = 2

    def __str__(self) -> str:
        return ("compatible", "new version", "refused")[self]


@dataclass(frozen=True)
class Change:
    """One difference between two states of a form.

    Args:
        verdict: what it does.
        code: a key of `sentences.CHANGES`.
        field: the field it touches.
        values: what its sentence names.
    """

    verdict: Verdict
    code: str
    field: str
    values: Mapping[str, object]

    def sentence(self, language: str) -> str:
        """Say what changed and what to do."""
        return translations(language).gettext(CHANGES[self.code]).format(field=self.field, **self.values)


def changes_since(history: Sequence[Form], after: Form) -> tuple[Change, ...]:
    """Compare a form with what it was, from the point of view of what is kept.

    Args:
        history: its states that answers were kept for, oldest first.
        after: the form now.

    Returns:
        The changes since the last of them, and what comes back of earlier ones with another meaning; nothing
        for a form without a history.
    """
    if not history:
        return ()
    return (*_changes(history[-1], after), *_returned(history, after))


def verdict_of(changes: Sequence[Change]) -> Verdict:
    """Give the gravest verdict; no change at all is compatible."""
    return max((change.verdict for change in changes), default=Verdict.COMPATIBLE)


def _changes(before: Form, after: Form) -> Iterator[Change]:
    if is_sealed(before) and not is_sealed(after):
        yield Change(Verdict.REFUSED, "seal-removed", "", {})
    yield from _form(before, after)
    old = {field.name: field for field in before.fields}
    new = {field.name: field for field in after.fields}
    kept = [name for name in old if name in new]
    for name in old:
        if name not in new:
            yield Change(Verdict.NEW_VERSION, "field-removed", name, {})
    if kept != [name for name in new if name in old]:
        yield Change(Verdict.NEW_VERSION, "fields-reordered", "", {})
    last = max((list(new).index(name) for name in kept), default=-1)
    for position, name in enumerate(new):
        if name in old:
            yield from _field(old[name], new[name])
        elif new[name].required:
            yield Change(Verdict.NEW_VERSION, "required-field-added", name, {})
        elif position < last:
            yield Change(Verdict.NEW_VERSION, "field-inserted", name, {})
        else:
            yield Change(Verdict.COMPATIBLE, "field-added", name, {})


def _form(before: Form, after: Form) -> Iterator[Change]:
    """Look at what is said of the form as a whole."""
    was, now = before.descriptor, after.descriptor
    if was.get("form:publish") == "nothing" != now.get("form:publish", "nothing"):
        yield Change(Verdict.REFUSED, "results-loosened", "", {"key": "form:publish"})
    if _reworded(before.words, after.words):
        yield Change(Verdict.COMPATIBLE, "form-reworded", "", {"key": "title"})
    for key in sorted((was.keys() | now.keys()) - _FORM_COMPARED):
        if was.get(key) == now.get(key):
            continue
        if key == "form:kind" and "signup" in (before.kind, after.kind):
            values = {"key": key, "before": before.kind, "after": after.kind}
            yield Change(Verdict.REFUSED, "form-kind-changed", "", values)
        else:
            yield Change(Verdict.COMPATIBLE, "form-changed", "", {"key": key})


def _returned(history: Sequence[Form], after: Form) -> Iterator[Change]:
    """Look at the names and codes that the last state no longer had."""
    last = history[-1].fields_by_name
    for field in after.fields:
        name = field.name
        earlier = [form.fields_by_name[name] for form in history[:-1] if name in form.fields_by_name]
        if not earlier:
            continue
        if name not in last:
            was = earlier[-1]
            if was.kind != field.kind:
                yield Change(Verdict.REFUSED, "kind-changed", name, {"before": was.kind, "after": field.kind})
                continue
            if was.words[LANGUAGE].title != field.words[LANGUAGE].title:
                yield Change(Verdict.REFUSED, "name-reused", name, {"title": was.words[LANGUAGE].title})
            if PRIVACIES.index(field.privacy) < PRIVACIES.index(was.privacy):
                yield Change(Verdict.REFUSED, "privacy-loosened", name, {"before": was.privacy, "after": field.privacy})
        known = last[name].words[LANGUAGE].labels if name in last else {}
        meant = {code: label for was in earlier for code, label in was.words[LANGUAGE].labels.items()}
        for code, label in field.words[LANGUAGE].labels.items():
            if code and code not in known and meant.get(code, label) != label:
                yield Change(Verdict.REFUSED, "code-reused", name, {"code": code})


def _field(old: Field, new: Field) -> Iterator[Change]:
    name = old.name
    if old.kind != new.kind:
        yield Change(Verdict.REFUSED, "kind-changed", name, {"before": old.kind, "after": new.kind})
        return
    if PRIVACIES.index(new.privacy) < PRIVACIES.index(old.privacy):
        yield Change(Verdict.REFUSED, "privacy-loosened", name, {"before": old.privacy, "after": new.privacy})
    if new.required and not old.required:
        yield Change(Verdict.NEW_VERSION, "made-required", name, {})
    if PRIVACIES.index(new.privacy) > PRIVACIES.index(old.privacy):
        yield Change(Verdict.COMPATIBLE, "privacy-tightened", name, {"before": old.privacy, "after": new.privacy})
    yield from _limits(old, new)
    recoded = [change for key in ("categories", "missingValues") for change in _codes(old, new, key)]
    yield from recoded
    if _reworded(old.words, new.words) and not any(change.code == "label-moved" for change in recoded):
        yield Change(Verdict.COMPATIBLE, "reworded", name, {})
    for key in sorted(_other_keys(old) | _other_keys(new)):
        if old.descriptor.get(key) != new.descriptor.get(key):
            yield Change(Verdict.NEW_VERSION, "property-changed", name, {"key": key})


def _limits(old: Field, new: Field) -> Iterator[Change]:
    was, now = (field.table_schema().get("constraints", {}) for field in (old, new))
    for key in (*LOWER_IS_TIGHTER, *HIGHER_IS_TIGHTER):
        before, after = was.get(key), now.get(key)
        if before == after:
            continue
        values = {"key": key, "before": before, "after": after}
        if after is None or (before is not None and _looser(key, before, after)):
            yield Change(Verdict.COMPATIBLE, "limit-looser", old.name, values)
        else:
            yield Change(Verdict.NEW_VERSION, "limit-tighter", old.name, values)
    if was.get("pattern") != now.get("pattern"):
        values = {"key": "pattern", "before": was.get("pattern"), "after": now.get("pattern")}
        looser = now.get("pattern") is None
        yield Change(
            Verdict.COMPATIBLE if looser else Verdict.NEW_VERSION,
            "limit-looser" if looser else "limit-tighter",
            old.name,
            values,
        )


def _looser(key: str, before: object, after: object) -> bool:
    try:
        low, high = Decimal(str(before)), Decimal(str(after))
    except ArithmeticError:  # dates and months, which order as they are written
        return str(after) > str(before) if key in LOWER_IS_TIGHTER else str(after) < str(before)
    return high > low if key in LOWER_IS_TIGHTER else high < low


def _codes(old: Field, new: Field, key: str) -> Iterator[Change]:
    was, now = codes(old.descriptor.get(key)), codes(new.descriptor.get(key))
    labels_before, labels_after = old.words[LANGUAGE].labels, new.words[LANGUAGE].labels
    for code in now:
        label = labels_after.get(code, code)
        owner = next((other for other in was if other != code and labels_before.get(other) == label), None)
        if code in was and owner is not None and labels_before.get(code) != label:
            yield Change(Verdict.REFUSED, "label-moved", old.name, {"code": code, "label": label, "owner": owner})
        if code not in was:
            ordered = key == "categories" and bool(new.descriptor.get("categoriesOrdered"))
            reused = code in (*old.categories, *old.missing)
            if reused and code:
                yield Change(Verdict.REFUSED, "code-reused", old.name, {"code": code})
            elif ordered:
                yield Change(Verdict.NEW_VERSION, "scale-changed", old.name, {"code": code})
            else:
                yield Change(Verdict.COMPATIBLE, "code-added", old.name, {"code": code})
    for code in was:
        if code not in now:
            yield Change(Verdict.NEW_VERSION, "code-removed", old.name, {"code": code})
    if [code for code in was if code in now] != [code for code in now if code in was]:
        yield Change(Verdict.NEW_VERSION, "codes-reordered", old.name, {"key": key})


def _reworded(before: Mapping[str, Wording], after: Mapping[str, Wording]) -> bool:
    """Tell whether any words changed, in any language; a label of a code that comes or goes does not count."""
    for language in before.keys() | after.keys():
        was, now = before.get(language, Wording()), after.get(language, Wording())
        if replace(was, labels={}) != replace(now, labels={}):
            return True
        if any(was.labels[code] != now.labels[code] for code in was.labels.keys() & now.labels.keys()):
            return True
    return False


_FORM_COMPARED = {"$schema", "name", "title", "description", "fields", "missingValues", "form:seal", "form:publish"}
_COMPARED = WORDS_ONLY | {"name", "categories", "missingValues", "constraints", "type", "format", "form:privacy"}


def _other_keys(field: Field) -> set[str]:
    return set(field.descriptor) - _COMPARED
