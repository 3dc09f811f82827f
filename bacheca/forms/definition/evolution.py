"""What an edit of a form means for the responses that are already kept.

Three words, in this order of gravity: *compatible* (the same file goes on), *new version* (the old file stays
as it is and a new one begins), *refused* (what is kept would change its meaning). Every property that a form file may
have stands in one of three tables (`OF_THE_FORM`, `OF_A_FIELD`, `OF_CONSTRAINTS`) with what a change of it means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum

from bacheca.forms.asking.conditions import meaning_of
from bacheca.forms.asking.wording import Wording
from bacheca.forms.catalogues import filled, translations
from bacheca.forms.definition.form import Form
from bacheca.forms.kinds import Field
from bacheca.forms.kinds.base import PRIVACIES
from bacheca.forms.messages import CHANGES

LOWER_IS_TIGHTER = ("maxLength", "maximum")


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
        code: a key of `messages.CHANGES`.
        field: the field it touches.
        values: what its sentence names.
    """

    verdict: Verdict
    code: str
    field: str
    values: Mapping[str, object]

    def sentence(self, language: str) -> str:
        """Say what changed and what to do."""
        return filled(
            translations(language).gettext(CHANGES[self.code]), language, {"field": self.field, **self.values}
        )


def changes_since(history: Sequence[Form], after: Form) -> tuple[Change, ...]:
    """Compare a form with what it was, from the point of view of what is kept.

    Args:
        history: its states that answers were kept for, oldest first.
        after: the form now.

    Returns:
        The changes since the last of them, and what comes back of earlier ones with another meaning; nothing
        for a form without a history. A form that is again of an earlier version begins no new one.
    """
    if not history:
        return ()
    found = (*_changes(history[-1], after), *_returned(history, after))
    if verdict_of(found) is Verdict.NEW_VERSION and any(form.version == after.version for form in history):
        again = Change(Verdict.COMPATIBLE, "version-returned", "", {"key": "title"})
        return (again, *(change for change in found if change.verdict is Verdict.COMPATIBLE))
    return found


def verdict_of(changes: Sequence[Change]) -> Verdict:
    """Give the gravest verdict; no change at all is compatible."""
    return max((change.verdict for change in changes), default=Verdict.COMPATIBLE)


def _changes(before: Form, after: Form) -> Iterator[Change]:
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
    if _reworded(before.words, after.words):
        yield Change(Verdict.COMPATIBLE, "form-reworded", "", {"key": "title"})
    for key in sorted(before.descriptor.keys() | after.descriptor.keys()):
        if before.descriptor.get(key) != after.descriptor.get(key):
            yield from OF_THE_FORM.get(key, _form_harmless)(before, after, key)


def _form_harmless(before: Form, after: Form, key: str) -> Iterator[Change]:
    yield Change(Verdict.COMPATIBLE, "form-changed", "", {"key": key})


def _looked_at_elsewhere(before: object, after: object, key: str) -> Iterator[Change]:
    """Say nothing: words are compared together, in every language; fields one by one."""
    return iter(())


def _form_kind(before: Form, after: Form, key: str) -> Iterator[Change]:
    if "signup" not in (before.kind, after.kind):
        yield from _form_harmless(before, after, key)
        return
    values = {"key": key, "before": before.kind, "after": after.kind}
    yield Change(Verdict.REFUSED, "form-kind-changed", "", values)


def _publish(before: Form, after: Form, key: str) -> Iterator[Change]:
    if before.descriptor.get(key) == "nothing":
        yield Change(Verdict.REFUSED, "results-loosened", "", {"key": key})
    else:
        yield from _form_harmless(before, after, key)


def _seal(before: Form, after: Form, key: str) -> Iterator[Change]:
    if before.sealed and not after.sealed:
        yield Change(Verdict.REFUSED, "seal-removed", "", {"key": key})
    else:
        yield from _form_harmless(before, after, key)


def _fewer(before: Form, after: Form, key: str) -> Iterator[Change]:
    """Tell what becomes of those who have a place where there are fewer than before; no number stands for any."""
    was, now = before.descriptor.get(key), after.descriptor.get(key)
    if now is not None and (key == "form:places" if was is None else now < was):
        yield Change(Verdict.COMPATIBLE, "fewer-places", "", {"key": key, "now": now})
    else:
        yield from _form_harmless(before, after, key)


def _language(before: Form, after: Form, key: str) -> Iterator[Change]:
    """Look at the language itself: to write the one that was implied is no change."""
    if before.language != after.language:
        yield from _form_harmless(before, after, key)


def _zone(before: Form, after: Form, key: str) -> Iterator[Change]:
    if before.zone != after.zone:
        yield from _form_harmless(before, after, key)


OF_THE_FORM: Mapping[str, Callable[[Form, Form, str], Iterator[Change]]] = {
    **dict.fromkeys(("$schema", "name", "title", "description", "fields"), _looked_at_elsewhere),
    "form:kind": _form_kind,
    "form:publish": _publish,
    "form:seal": _seal,
    "form:language": _language,
    "form:zone": _zone,
    **dict.fromkeys(("form:opens", "form:closes", "form:steps"), _form_harmless),
    **dict.fromkeys(("form:keep", "form:notify", "form:remind", "form:hold"), _form_harmless),
    **dict.fromkeys(("form:button", "form:afterwards", "form:mail"), _looked_at_elsewhere),
    **dict.fromkeys(("form:places", "form:waiting"), _fewer),
    **dict.fromkeys(("form:cross", "form:threshold", "form:disclosure"), _form_harmless),
}
"""What a change of each property of a form means for what is kept."""


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
            language = next((language for language in was.words if language in field.words), "")
            if language and was.words[language].title != field.words[language].title:
                yield Change(Verdict.REFUSED, "name-reused", name, {"title": was.words[language].title})
            before, after_it = was.protected_as, field.protected_as
            if PRIVACIES.index(after_it) < PRIVACIES.index(before):
                yield Change(Verdict.REFUSED, "privacy-loosened", name, {"before": before, "after": after_it})
        known = {code for words in last[name].words.values() for code in words.labels} if name in last else set()
        reused: dict[str, None] = {}
        for language, words in field.words.items():
            spoken = [was.words[language].labels for was in earlier if language in was.words]
            meant = {code: label for labels in spoken for code, label in labels.items()}
            reused |= dict.fromkeys(code for code, label in words.labels.items() if meant.get(code, label) != label)
        for code in reused:
            if code and code not in known:
                yield Change(Verdict.REFUSED, "code-reused", name, {"code": code})


def _field(old: Field, new: Field) -> Iterator[Change]:
    if old.kind != new.kind:
        yield Change(Verdict.REFUSED, "kind-changed", old.name, {"before": old.kind, "after": new.kind})
        return
    found = [
        change
        for key in dict.fromkeys((*OF_A_FIELD, *old.descriptor, *new.descriptor))
        if key in ALWAYS or old.descriptor.get(key) != new.descriptor.get(key)
        for change in OF_A_FIELD.get(key, _new_version)(old, new, key)
    ]
    yield from found
    if _reworded(old.words, new.words) and not any(change.code in MOVED for change in found):
        yield Change(Verdict.COMPATIBLE, "reworded", old.name, {})


def _harmless(old: Field, new: Field, key: str) -> Iterator[Change]:
    yield Change(Verdict.COMPATIBLE, "property-harmless", old.name, {"key": key})


def _new_version(old: Field, new: Field, key: str) -> Iterator[Change]:
    yield Change(Verdict.NEW_VERSION, "property-changed", old.name, {"key": key})


def _switch(old: Field, new: Field, key: str) -> Iterator[Change]:
    """Begin a new version where something is turned on or off; to write what was implied is no change."""
    if (old.descriptor.get(key) is True) != (new.descriptor.get(key) is True):
        yield from _new_version(old, new, key)


def _type(old: Field, new: Field, key: str) -> Iterator[Change]:
    if old.table_schema()["type"] != new.table_schema()["type"]:  # the same codes, read as numbers or as texts
        yield from _new_version(old, new, key)


def _condition(old: Field, new: Field, key: str) -> Iterator[Change]:
    """Begin a new version where others are asked; a section's condition is that of each question in it."""
    if meaning_of(old.condition) != meaning_of(new.condition):
        yield from _new_version(old, new, key)
    elif old.descriptor.get(key) != new.descriptor.get(key):
        yield from _harmless(old, new, key)


def _privacy(old: Field, new: Field, key: str) -> Iterator[Change]:
    was, now = PRIVACIES.index(old.protected_as), PRIVACIES.index(new.protected_as)
    values = {"before": old.protected_as, "after": new.protected_as}
    if now < was:
        yield Change(Verdict.REFUSED, "privacy-loosened", old.name, values)
    elif now > was:
        yield Change(Verdict.COMPATIBLE, "privacy-tightened", old.name, values)


def _ends(old: Field, new: Field, key: str) -> Iterator[Change]:
    """Refuse ends of a scale that changed places, in any language."""
    for language in old.words.keys() & new.words.keys():
        was, now = old.words[language], new.words[language]
        if was.low != was.high and was.low == now.high and was.high == now.low:
            yield Change(Verdict.REFUSED, "ends-exchanged", old.name, {})
            return


def _quotes(old: Field, new: Field, key: str) -> Iterator[Change]:
    """Refuse that a consent says more than was agreed to."""
    was, now = frozenset(old.quotes), frozenset(new.quotes)
    if now - was:
        yield Change(Verdict.REFUSED, "quotes-widened", old.name, {"added": ", ".join(sorted(now - was))})
    else:
        yield from _harmless(old, new, key)


def _categories(old: Field, new: Field, key: str) -> Iterator[Change]:
    yield from _labels(old, new)
    yield from _places(old, new)
    was, now = old.listed, new.listed
    known = old.cell_codes | {*old.missing}
    for code in now:
        if code in was:
            continue
        if code in known:
            yield Change(Verdict.REFUSED, "code-reused", old.name, {"code": code})
        elif new.ranks_choices:  # to be third of three is not to be third of four
            yield Change(Verdict.NEW_VERSION, "ranking-widened", old.name, {"code": code})
        elif new.descriptor.get("categoriesOrdered"):
            yield Change(Verdict.NEW_VERSION, "scale-changed", old.name, {"code": code})
        else:
            yield Change(Verdict.COMPATIBLE, "code-added", old.name, {"code": code})
    yield from _gone_or_moved(old.name, was, now, key)


def _places(old: Field, new: Field) -> Iterator[Change]:
    was, now = old.places, new.places
    for code in dict.fromkeys((*was, *now)):
        if code in now and (code not in was or now[code] < was[code]):
            values = {"code": code, "now": now[code]}
            yield Change(Verdict.COMPATIBLE, "fewer-places-of-choice", old.name, values)
        elif was[code] != now.get(code):
            yield Change(Verdict.COMPATIBLE, "more-places-of-choice", old.name, {"code": code})


def _missing_values(old: Field, new: Field, key: str) -> Iterator[Change]:
    was, now = old.listed_missing, new.listed_missing
    known = old.cell_codes
    for code in now:
        if code in was:
            continue
        if code in known:
            yield Change(Verdict.REFUSED, "code-reused", old.name, {"code": code})
        elif code and not _is_coded(old):
            yield Change(Verdict.NEW_VERSION, "missing-added", old.name, {"code": code})
        else:
            yield Change(Verdict.COMPATIBLE, "code-added", old.name, {"code": code})
    yield from _gone_or_moved(old.name, was, now, key)


def _gone_or_moved(name: str, was: Sequence[str], now: Sequence[str], key: str) -> Iterator[Change]:
    for code in was:
        if code not in now:
            yield Change(Verdict.NEW_VERSION, "code-removed", name, {"code": code})
    if [code for code in was if code in now] != [code for code in now if code in was]:
        yield Change(Verdict.NEW_VERSION, "codes-reordered", name, {"key": key})


def _is_coded(field: Field) -> bool:
    """Tell whether no kept answer can be anything but one of the field's codes."""
    return not field.other and (bool(field.categories) or field.comparable is not None)


def _labels(old: Field, new: Field) -> Iterator[Change]:
    """Refuse labels that moved from one code to another, in any language, whatever the codes stand for."""
    seen: set[str] = set()
    for language in (language for language in old.words if language in new.words):
        was, now = old.words[language].labels, new.words[language].labels
        for code, label in now.items():
            owner = next((other for other in was if other != code and was[other] == label), None)
            if code in was and was[code] != label and owner is not None and code not in seen:
                seen.add(code)
                yield Change(Verdict.REFUSED, "label-moved", old.name, {"code": code, "label": label, "owner": owner})


def _constraints(old: Field, new: Field, key: str) -> Iterator[Change]:
    was, now = (_limits(field) for field in (old, new))
    for limit in OF_CONSTRAINTS:
        if was.get(limit) != now.get(limit):
            yield from OF_CONSTRAINTS[limit](old, new, limit)


def _limits(field: Field) -> dict[str, object]:
    """Give the limits of a field, those that its kind implies included."""
    return {**field.table_schema().get("constraints", {}), "required": field.required}


def _required(old: Field, new: Field, key: str) -> Iterator[Change]:
    if new.required:
        yield Change(Verdict.NEW_VERSION, "made-required", old.name, {})
    else:
        yield Change(Verdict.COMPATIBLE, "made-optional", old.name, {})


def _bound(old: Field, new: Field, key: str) -> Iterator[Change]:
    before, after = _limits(old).get(key), _limits(new).get(key)
    values = {"key": key, "before": before, "after": after}
    if new.span:  # 5 is not the same on a scale to 5 and on one to 10
        yield Change(Verdict.NEW_VERSION, "scale-moved", old.name, {"before": old.span, "after": new.span})
    elif after is None or (before is not None and _looser(key, before, after)):
        yield Change(Verdict.COMPATIBLE, "limit-looser", old.name, values)
    else:
        yield Change(Verdict.NEW_VERSION, "limit-tighter", old.name, values)


def _pattern(old: Field, new: Field, key: str) -> Iterator[Change]:
    before, after = _limits(old).get(key), _limits(new).get(key)
    values = {"key": key, "before": before, "after": after}
    looser = after is None
    verdict = Verdict.COMPATIBLE if looser else Verdict.NEW_VERSION
    yield Change(verdict, "limit-looser" if looser else "limit-tighter", old.name, values)


def _looser(key: str, before: object, after: object) -> bool:
    try:
        low, high = Decimal(str(before)), Decimal(str(after))
    except ArithmeticError:  # dates and months, which order as they are written
        return str(after) > str(before) if key in LOWER_IS_TIGHTER else str(after) < str(before)
    return high > low if key in LOWER_IS_TIGHTER else high < low


Walk = Callable[[Field, Field, str], Iterator[Change]]

OF_A_FIELD: Mapping[str, Walk] = {
    **dict.fromkeys(("name", "title", "description", "form:section", "form:stem"), _looked_at_elsewhere),
    "form:notice": _looked_at_elsewhere,  # each consent is kept with the text that was agreed to
    "format": _looked_at_elsewhere,  # another one is another kind
    "form:privacy": _privacy,
    "constraints": _constraints,
    "categories": _categories,
    "missingValues": _missing_values,
    "form:ends": _ends,
    "form:quotes": _quotes,
    **dict.fromkeys(("form:widget", "form:autocomplete", "form:matrix"), _harmless),
    "type": _type,
    "form:showIf": _condition,
    **dict.fromkeys(("categoriesOrdered", "form:other", "form:shuffle"), _switch),
    # who could tick less, or not that with this, said another thing by what was not ticked
    **dict.fromkeys(("form:choose", "form:exclusive"), _new_version),
}
"""What a change of each property of a field means for what is kept; a stored one that is not begins a new version."""

OF_CONSTRAINTS: Mapping[str, Walk] = {
    "required": _required,
    **dict.fromkeys(("maxLength", "maximum", "minLength", "minimum"), _bound),
    "pattern": _pattern,
}
"""The same for each constraint."""

ALWAYS = frozenset(("categories", "form:ends", "form:showIf"))
"""Properties that are looked at though they read alike: what a section implies, or other languages say."""

MOVED = frozenset(("label-moved", "ends-exchanged"))
"""Changes of words that are no mere rewording."""


def _reworded(before: Mapping[str, Wording], after: Mapping[str, Wording]) -> bool:
    """Tell whether any words changed, in any language; a label of a code that comes or goes does not count."""
    for language in before.keys() | after.keys():
        was, now = before.get(language, Wording()), after.get(language, Wording())
        if replace(was, labels={}) != replace(now, labels={}):
            return True
        if any(was.labels[code] != now.labels[code] for code in was.labels.keys() & now.labels.keys()):
            return True
    return False
