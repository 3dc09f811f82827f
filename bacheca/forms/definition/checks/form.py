"""What makes a form file usable: every problem of it, each at its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bacheca.forms import limits
from bacheca.forms.asking.conditions import GROUPS, OPERATORS, RESERVED, SHOW_IF
from bacheca.forms.community import USUAL, Community
from bacheca.forms.definition.checks.fields import problems_together
from bacheca.forms.definition.checks.labels import same_labels
from bacheca.forms.definition.checks.localities import is_language, is_zone, language_meant, language_of, zone_meant
from bacheca.forms.definition.checks.nearest import nearest, slug
from bacheca.forms.definition.checks.own_words import OWN_KEYS, problems_of_mail, problems_of_own_words
from bacheca.forms.definition.checks.places import PLACES, PLACES_KEYS, problems_of_places
from bacheca.forms.definition.checks.privacy import PEOPLE_KEYS, problems_of_people
from bacheca.forms.definition.checks.proposals import constraints_with
from bacheca.forms.definition.checks.results import RESULTS_KEYS, problems_of_results
from bacheca.forms.definition.checks.values import codes_of, day, is_day, of, one_of, switch, text, unknown_keys
from bacheca.forms.definition.form import KINDS_OF_FORM, PUBLISHED
from bacheca.forms.definition.yaml_source import Source
from bacheca.forms.errors import Problem
from bacheca.forms.kinds import KINDS, Field, kind_of
from bacheca.forms.kinds.base import PRIVACIES
from bacheca.forms.patterns.dialect import check_pattern
from bacheca.forms.patterns.reader import PatternRefused

SCHEMA = "https://datapackage.org/profiles/2.0/tableschema.json"
FORM_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")
FIELD_NAME = re.compile(r"[a-z](_?[a-z0-9])*_?")
CODE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?")
AMBIGUOUS_CODES = frozenset(("na", "nan", "null", "none", "n-a", "true", "false"))
"""Codes that spreadsheets and statistics programs read as something else."""

FORM_KEYS = frozenset(
    (
        "$schema",
        "name",
        "title",
        "description",
        "form:kind",
        "form:publish",
        "form:language",
        "form:zone",
        "form:opens",
        "form:closes",
        "form:steps",
        "fields",
    )
)
FIELD_KEYS = frozenset(
    ("name", "title", "description", "type", "format", "categories", "categoriesOrdered", "missingValues")
) | {"constraints", "form:widget", "form:privacy", "form:autocomplete", "form:section", "form:showIf"}
ANY_KEYS = FIELD_KEYS.union(*(kind.properties for kind in KINDS.values()))
"""What may stand in the entry of some kind of field."""

CONSTRAINTS = frozenset(("required", "minLength", "maxLength", "minimum", "maximum", "pattern"))
CATEGORY_KEYS = frozenset(("value", "label", PLACES))
CODE_KEYS = {"categories": CATEGORY_KEYS, "missingValues": CATEGORY_KEYS - {PLACES}}
PROPERTIES: Mapping[str, frozenset[str]] = {
    "form": FORM_KEYS | PEOPLE_KEYS | PLACES_KEYS | RESULTS_KEYS | OWN_KEYS,
    "field": ANY_KEYS,
    "category": CATEGORY_KEYS,
    "constraint": CONSTRAINTS,
    "condition": frozenset(("field", *OPERATORS, *GROUPS)),
}
"""Every property, by what it is a property of; whatever reads forms knows each of them."""

EVERY_KEY = frozenset({"form:translates"}.union(*(keys for of, keys in PROPERTIES.items() if of != "condition")))
"""Every property that may begin a line of a form file or of a translation; a line of text may begin with `in`."""

NUMBER_LIKE = re.compile(r"0\d.*|\d+[eE]\d+")
"""Codes that spreadsheets would keep as another number."""

COMMA = re.compile(r"\d+")


def problems_of_form(
    source: Source, name: str, fixed_columns: Sequence[str], community: Community = USUAL
) -> list[Problem]:
    """Find every problem of a form file.

    Args:
        source: the file, as read.
        name: the name it must bear, which is its file's.
        fixed_columns: the names that its fields may not take.
        community: whose form it is.
    """
    problems = list(_form(source, name, frozenset(fixed_columns), community))
    return [*problems, *problems_together(source, fixed_columns, problems)]


def _form(source: Source, name: str, fixed: frozenset[str], community: Community) -> Iterator[Problem]:
    form = source.data
    if not isinstance(form, dict):
        yield source.problem("FORM_SHAPE")
        return
    yield from unknown_keys(source, form, PROPERTIES["form"], elsewhere=ANY_KEYS - FORM_KEYS)
    yield from problems_of_people(source)
    yield from problems_of_places(source)
    yield from problems_of_results(source)
    yield from problems_of_own_words(source)
    yield from problems_of_mail(source)
    if form.get("$schema") != SCHEMA:
        yield source.problem("FORM_PROFILE", "$schema", profile=SCHEMA)
    if not FORM_NAME.fullmatch(name):
        yield source.problem("FORM_FILE_NAME", "name", file=name, near=file_name_for(name))
    elif form.get("name") != name:
        yield source.problem("FORM_NAME", "name", name=source.as_written("name") or "—", file=name)
    yield from text(source, form, "title")
    if form.get("description") is not None:
        yield from text(source, form, "description")
    yield from one_of(source, form, "form:kind", KINDS_OF_FORM, required=True)
    yield from one_of(source, form, "form:publish", PUBLISHED)
    yield from _days(source, form)
    yield from _place(source, form, community)
    yield from switch(source, form, "form:steps")
    fields = form.get("fields")
    if not isinstance(fields, list) or not fields:
        yield source.problem("FORM_NO_FIELDS", "fields")
        return
    if form.get("form:steps") is True and sum(isinstance(e, dict) and "form:section" in e for e in fields[1:]) == 0:
        yield source.problem("STEPS_ALONE", "form:steps")
    names = [str(entry.get("name")) for entry in fields if isinstance(entry, dict)]
    language = language_of(source, community)
    seen: set[str] = set()
    for i, entry in enumerate(fields):
        if not isinstance(entry, dict):
            yield source.problem("FIELD_SHAPE", "fields", i)
            continue
        yield from _name(source, i, seen, names, fixed)
        yield from _field(source, entry, i, language)


def _days(source: Source, form: dict[str, Any]) -> Iterator[Problem]:
    """Find days that are none, and a form that would close before it opens."""
    yield from day(source, form, "form:opens")
    yield from day(source, form, "form:closes")
    opens, closes = form.get("form:opens"), form.get("form:closes")
    if is_day(opens) and is_day(closes) and opens > closes:
        yield source.problem("OPENS_LATE", "form:opens", opens=opens, closes=closes)


def _place(source: Source, form: dict[str, Any], community: Community) -> Iterator[Problem]:
    """Find a language and a time zone that are none."""
    if "form:language" in form and not is_language(str(form["form:language"])):
        written = source.as_written("form:language")
        near = language_meant(written) if written else community.language
        yield source.problem("FORM_WRITTEN_IN", "form:language", value=written or "—", near=near)
    if "form:zone" in form and not is_zone(str(form["form:zone"])):
        written = source.as_written("form:zone")
        yield source.problem("FORM_ZONE", "form:zone", value=written, near=zone_meant(written, community.zone))


def file_name_for(name: str) -> str:
    """Give a form's name that is like a text; `modulo` where nothing of it can stand in one."""
    near = slug(name)[:64].strip("-")
    return near if FORM_NAME.fullmatch(near) else f"modulo-{near}".rstrip("-")


def _name(source: Source, i: int, seen: set[str], names: Sequence[str], fixed: frozenset[str]) -> Iterator[Problem]:
    """Find names that are no names, and those that are taken; `seen` is added to."""
    entry = source.data["fields"][i]
    at = ("fields", i, "name")
    name = str(entry.get("name"))
    if entry.get("name") is None:
        near = free_name(slug(entry.get("title") or "domanda", "_"), names)
        yield source.problem("FIELD_NAMELESS", *at, near=near)
        return
    if name in seen:
        yield source.problem("FIELD_TWICE", *at, name=name, near=free_name(name, names))
    seen.add(name)
    if name in fixed:
        yield source.problem("FIELD_RESERVED", *at, name=name, near=free_name(name, names))
    elif not FIELD_NAME.fullmatch(name):
        near = slug(name, "_")
        written = source.as_written(*at)
        yield source.problem("FIELD_NAME", *at, name=written, near=near if FIELD_NAME.fullmatch(near) else f"d_{near}")


def free_name(name: str, names: Sequence[str]) -> str:
    """Give a field's name that no other has: the name with the next free number."""
    name = name if FIELD_NAME.fullmatch(name) else "domanda"
    if name not in names and name != "domanda":
        return name
    return next(near for number in range(2, len(names) + 3) if (near := f"{name.rstrip('_')}_{number}") not in names)


def _field(source: Source, entry: dict[str, Any], i: int, language: str) -> Iterator[Problem]:
    at = ("fields", i)
    kind = kind_of(entry)
    if kind is None:
        yield source.problem("FIELD_KIND", *at, "type", **kind_meant(entry))
    known = FIELD_KEYS | kind.properties if kind else ANY_KEYS
    loose = {key: limit for key in entry if key not in ANY_KEYS and (limit := nearest(key, CONSTRAINTS, 0.8))}
    rest = {key: value for key, value in entry.items() if key not in loose}
    yield from unknown_keys(source, rest, known, *at, elsewhere=ANY_KEYS)
    for key, limit in loose.items():
        limits = constraints_with(entry.get("constraints"), limit, entry[key])
        yield source.problem("CONSTRAINT_LOOSE", *at, key, key=key, near=f"constraints: {limits}")
    yield from text(source, entry, "title", *at)
    for key in ("description", "form:autocomplete", "form:stem"):
        if key in entry:
            yield from text(source, entry, key, *at)
    yield from _section(source, entry, *at)
    yield from one_of(source, entry, "form:privacy", PRIVACIES, *at)
    yield from switch(source, entry, "categoriesOrdered", *at)
    for key in ("categories", "missingValues"):
        yield from _codes(source, entry, key, *at)
    yield from same_labels(source, entry, entry, language, *at)
    both = set(codes_of(entry, "categories")) & set(codes_of(entry, "missingValues"))
    if both:
        given = min(both)
        yield source.problem("CODE_TWICE", *at, "missingValues", given=given, near=f"{code_for(given)}-2")
    yield from _constraints(source, entry, kind, *at)
    if kind and "form:notice" in kind.properties:
        yield from text(source, entry, "form:notice", *at)


def kind_meant(entry: dict[str, Any]) -> dict[str, object]:
    """Say how a field of no kind is written, and how the nearest kind would be."""
    keys = ("type", "format", "form:widget")
    written = ", ".join(f"{key}: {entry[key]}" for key in keys if key in entry)
    if entry.get("categories"):
        written = f"{written}, categories"
    listed = "categories" if entry.get("categories") else ""
    near = _signature_near(entry, listed)
    said = zip(keys, (near[0], "" if near[1] in ("default", "categories") else near[1], near[2]), strict=True)
    proposed = ", ".join(f"{key}: {value}" for key, value in said if value)
    return {"written": written, "near": f"{proposed}, categories" if near[1] == "categories" else proposed}


def _signature_near(entry: dict[str, Any], listed: str) -> tuple[str, str, str]:
    """Find the way of writing a kind that has most in common with an entry: its widget counts before its type."""
    of_type, of_format, widget = (str(entry.get(key, "")) for key in ("type", "format", "form:widget"))
    types, widgets = ({signature[part] for signature in KINDS if signature[part]} for part in (0, 2))
    formats = {"email", "uri"}
    as_type = nearest(of_type, types | widgets | formats)  # `type: scale` names a widget, `type: email` a format
    meant = as_type if as_type in types else nearest(of_type, types) or "string"
    look = nearest(widget, widgets) or (as_type if as_type in widgets - types else "")
    form = nearest(of_format, formats) or (as_type if as_type in formats else "")

    def likeness(signature: tuple[str, str, str]) -> tuple[bool, bool, bool, bool, bool]:
        return (
            bool(look) and signature[2] == look,
            bool(form) and signature[1] == form,
            bool(listed) == (signature[1] == "categories"),
            signature[0] == meant,
            not signature[2],
        )

    return max(KINDS, key=likeness)


def _section(source: Source, entry: dict[str, Any], *at: str | int) -> Iterator[Problem]:
    section = entry.get("form:section")
    if "form:section" not in entry or (isinstance(section, str) and section.strip()):
        return
    if not isinstance(section, dict):
        yield source.problem("SECTION_SHAPE", *at, "form:section")
        return
    yield from unknown_keys(source, section, frozenset(("title", "text", SHOW_IF)), *at, "form:section")
    for key in ("title", *(("text",) if "text" in section else ())):
        yield from text(source, section, key, *at, "form:section")


def _constraints(source: Source, entry: dict[str, Any], kind: type[Field] | None, *at: str | int) -> Iterator[Problem]:
    constraints = entry.get("constraints", {})
    at = (*at, "constraints")
    if not isinstance(constraints, dict):
        yield source.problem("CONSTRAINTS_SHAPE", *at)
        return
    before = ""
    split = set()
    for key, value in constraints.items():
        if value is None and COMMA.fullmatch(key) and before:  # `{minimum: 0,5}`
            meant = f"{before}: {constraints[before]}.{key}"
            yield source.problem("NUMBER_COMMA", *at, key, written=f"{before}: {constraints[before]},{key}", near=meant)
            split.add(key)
        before = key
    rest = {key: value for key, value in constraints.items() if key not in split}
    yield from unknown_keys(source, rest, kind.constraint_names if kind else CONSTRAINTS, *at, elsewhere=CONSTRAINTS)
    for key in ("minLength", "maxLength"):
        if not _is_length(constraints.get(key, 0)):
            near = re.sub(r"\D.*", "", source.as_written(*at, key).lstrip("-")) or "200"
            yield source.problem("CONSTRAINT_NUMBER", *at, key, key=key, value=source.as_written(*at, key), near=near)
    least, most = constraints.get("minLength", 0), constraints.get("maxLength")
    if _is_length(least) and _is_length(most) and least > most:
        yield source.problem("CONSTRAINT_ORDER", *at, "maxLength", low="minLength", high="maxLength")
    if "required" in constraints and not isinstance(constraints["required"], bool):
        yield source.problem("CONSTRAINT_BOOLEAN", *at, "required", **of(source, "required", ("true", "false"), *at))
    if "pattern" in constraints:
        longest = int(most or 0) if _is_length(most) else getattr(kind, "limit_unless_said", limits.LINE)
        try:
            check_pattern(constraints["pattern"], longest)
        except PatternRefused as refused:
            yield source.problem(refused.code, *at, "pattern", **refused.values)
        else:
            if not entry.get("description"):
                yield source.problem("PATTERN_HINT", *at, "pattern")


def _codes(source: Source, entry: dict[str, Any], key: str, *at: str | int) -> Iterator[Problem]:
    listed = entry.get(key)
    if listed is None:
        return
    if not isinstance(listed, list) or not listed:
        yield source.problem("CODES_SHAPE", *at, key, key=key)
        return
    seen: set[str] = set()
    for i, item in enumerate(listed):
        if not isinstance(item, dict) or "value" not in item or set(item) - CODE_KEYS[key]:
            yield source.problem("CODE_SHAPE", *at, key, i, key=key, near=_labelled(source, item, *at, key, i))
        else:
            yield from text(source, item, "label", *at, key, i)
        if not isinstance(item, dict) or "value" not in item:
            continue
        code = str(item["value"])
        written = source.as_written(*at, key, i, "value")
        blank = key == "missingValues" and item["value"] == ""
        if not blank and not _is_code(item["value"], key):
            yield source.problem("CODE", *at, key, i, "value", given=written, near=code_for(written))
        if code in seen:
            yield source.problem("CODE_TWICE", *at, key, i, given=code, near=f"{code_for(code)}-2")
        seen.add(code)


def _labelled(source: Source, item: object, *at: str | int) -> str:
    """Propose how a choice is written, from the value or the label that it has."""
    if not isinstance(item, dict):
        label = source.as_written(*at)
        return f"{{value: {code_for(label)}, label: {label}}}"
    label = next((value for value in (item.get("label"), *item.values()) if isinstance(value, str) and value), "")
    return f"{{value: {item.get('value') or code_for(label)}, label: {label or '…'}}}"


def code_for(written: str) -> str:
    """Give a code that is like a text and means nothing else to a spreadsheet."""
    near = slug(written)
    return near if near and not near[0].isdecimal() and _is_code(near, "") else f"c-{near}".rstrip("-")


def _is_code(value: object, key: str) -> bool:
    code = str(value)
    if (
        isinstance(value, bool | float)
        or len(code) > limits.CODE
        or not CODE.fullmatch(code)
        or NUMBER_LIKE.fullmatch(code)
    ):
        return False
    return code.lower() not in AMBIGUOUS_CODES and (key == "missingValues" or code not in RESERVED)


def _is_length(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
