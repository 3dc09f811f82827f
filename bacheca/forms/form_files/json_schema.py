"""The JSON Schema of form files, for completion and inline errors in editors.

It is made of the tables that the checks read: kinds, properties, constraints and patterns are stated once. What a
schema cannot say (codes that repeat, conditions on later fields…) only `build.py check` finds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bacheca.forms.asking.conditions import BOUNDS, LEVELS, RESERVED, SHOW_IF
from bacheca.forms.catalogues import translations
from bacheca.forms.definition.checks.form import (
    AMBIGUOUS_CODES,
    CODE,
    CONSTRAINTS,
    FIELD_KEYS,
    FIELD_NAME,
    FORM_NAME,
    PROPERTIES,
    SCHEMA,
)
from bacheca.forms.definition.checks.localities import LANGUAGE_CODE
from bacheca.forms.definition.checks.places import MOST_PLACES
from bacheca.forms.definition.checks.translation import MARKS, TRANSLATED, TRANSLATED_OF_FORM
from bacheca.forms.definition.form import FIXED_COLUMNS, KINDS_OF_FORM, PUBLISHED
from bacheca.forms.definition.own_words import MOST_OF_WORDS
from bacheca.forms.definition.places import HOLD
from bacheca.forms.definition.privacy import NOTIFIED, PERIOD
from bacheca.forms.definition.protection import DISCLOSURES, THRESHOLD
from bacheca.forms.form_files.json_schema_messages import ABOUT
from bacheca.forms.kinds import KINDS, Field
from bacheca.forms.kinds.base import PRIVACIES

Json = dict[str, Any]

TEXT: Json = {"type": "string", "pattern": r"\S"}
SWITCH: Json = {"type": "boolean"}
DAY: Json = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
LENGTH: Json = {"type": "integer", "minimum": 0}
BOUND: Json = {"type": ["integer", "number", "string"]}
VALUE: Json = {"type": ["string", "integer", "boolean"]}


PLACES: Json = {"type": "integer", "minimum": 1, "maximum": MOST_PLACES}


def codes_schema(*, blank: bool = False, places: bool = False) -> Json:
    """Describe `categories`, whose choices may have places, or `missingValues`, where a code may be blank."""
    ambiguous = [f"^[{c[0].upper()}{c[0]}]{''.join(f'[{x.upper()}{x}]' for x in c[1:])}$" for c in AMBIGUOUS_CODES]
    code: Json = {
        "anyOf": [
            {"type": "integer", "minimum": 0},
            {
                "type": "string",
                "pattern": f"^({CODE.pattern}){'?' if blank else ''}$",
                "not": {"anyOf": [{"pattern": "^0[0-9]"}, *({"pattern": pattern} for pattern in sorted(ambiguous))]},
            },
        ]
    }
    if not blank:
        code["not"] = {"enum": sorted(RESERVED)}
    item = {
        "type": "object",
        "properties": {"value": code, "label": TEXT, **({"form:places": PLACES} if places else {})},
        "required": ["value", "label"],
        "additionalProperties": False,
    }
    return {"type": "array", "minItems": 1, "items": item}


def closed(properties: Mapping[str, Json], required: Collection[str] = ()) -> Json:
    """Describe a mapping that has no other keys."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": sorted(required),
        "additionalProperties": False,
    }


def condition_within(levels: int) -> Json:
    """Refer to the description of a condition in which so many groups may stand in one another."""
    return {"$ref": f"#/$defs/condition{levels}"}


def conditions_schema() -> dict[str, Json]:
    """Describe conditions, by how many groups may stand in one another."""
    compared = [
        closed({"field": TEXT, "equals": VALUE}, ["field", "equals"]),
        closed({"field": TEXT, "in": {"type": "array", "minItems": 1, "items": VALUE}}, ["field", "in"]),
        closed({"field": TEXT, "answered": SWITCH}, ["field", "answered"]),
        *(closed(dict.fromkeys(BOUNDS, BOUND) | {"field": TEXT}, ["field", key]) for key in BOUNDS),
    ]
    found: dict[str, Json] = {}
    for levels in range(LEVELS + 1):
        denied = closed({"not": condition_within(levels)}, ["not"])
        parts = {"type": "array", "minItems": 1, "items": condition_within(levels - 1)}
        groups = [closed({key: parts}, [key]) for key in ("all", "any")] if levels else []
        found[f"condition{levels}"] = {"type": "object", "anyOf": [*compared, denied, *groups]}
    return found


ZONE_SHAPE = "^(UTC|[A-Z][A-Za-z]+(/[A-Za-z][A-Za-z0-9_+-]*)+)$"
"""How the name of a time zone looks; which there are is known to `check` alone."""


def words(name: str) -> Json:
    """Describe one of a form's own words, by its name in `Wording`."""
    return {**TEXT, "maxLength": MOST_OF_WORDS[name]}


SHAPES: Mapping[str, Json] = {
    "$schema": {"const": SCHEMA},
    "name": {"type": "string", "pattern": f"^({FORM_NAME.pattern})$"},
    "title": TEXT,
    "description": TEXT,
    "form:kind": {"enum": list(KINDS_OF_FORM)},
    "form:publish": {"enum": list(PUBLISHED)},
    "form:language": {"type": "string", "pattern": f"^({LANGUAGE_CODE.pattern})$"},
    "form:zone": {"type": "string", "pattern": ZONE_SHAPE},
    "form:opens": DAY,
    "form:closes": DAY,
    "form:steps": SWITCH,
    "form:keep": {"type": "string", "pattern": f"^({PERIOD.pattern})$"},
    "form:button": words("button"),
    "form:afterwards": {
        **closed({"title": words("after_title"), "text": words("after_text"), "page": words("after_page")}),
        "minProperties": 1,
    },
    "form:mail": {
        **closed({"subject": words("mail_subject"), "text": words("mail_text")}),
        "minProperties": 1,
    },
    "form:remind": {"type": "string", "pattern": "^(1 days?|([2-9]|1[0-9]|2[0-8]) days?)$"},
    "form:places": PLACES,
    "form:hold": {"type": "string", "pattern": f"^({HOLD.pattern})$"},
    "form:waiting": PLACES,
    "form:notify": {"enum": list(NOTIFIED)},
    "form:seal": SWITCH,
    "form:cross": {"type": "array", "items": {"type": "array", "items": TEXT, "minItems": 2, "maxItems": 2}},
    "form:threshold": {"type": "integer", "minimum": THRESHOLD},
    "form:disclosure": {"enum": list(DISCLOSURES)},
    "fields": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/field"}},
    # of a field
    "type": {"enum": sorted({signature[0] for signature in KINDS})},
    "format": {"enum": sorted({signature[1] for signature in KINDS} - {"categories"})},
    "form:widget": {"enum": sorted({signature[2] for signature in KINDS} - {""})},
    "categories": codes_schema(places=True),
    "categoriesOrdered": SWITCH,
    "missingValues": codes_schema(blank=True),
    "constraints": {"type": "object", "propertyNames": {"enum": sorted(CONSTRAINTS)}},
    "form:privacy": {"enum": list(PRIVACIES)},
    "form:autocomplete": TEXT,
    "form:section": {
        "anyOf": [TEXT, closed({"title": TEXT, "text": TEXT, SHOW_IF: condition_within(LEVELS)}, ["title"])]
    },
    SHOW_IF: condition_within(LEVELS),
    "form:other": SWITCH,
    "form:shuffle": SWITCH,
    "form:matrix": TEXT,
    "form:stem": TEXT,
    "form:exclusive": {"type": ["string", "integer"]},
    "form:choose": {
        "type": "object",
        "properties": {"min": {"type": "integer", "minimum": 1}, "max": {"type": "integer", "minimum": 1}},
        "minProperties": 1,
        "additionalProperties": False,
    },
    "form:ends": closed({"low": TEXT, "high": TEXT}, ["low", "high"]),
    "form:notice": TEXT,
    "form:quotes": {"type": "array", "minItems": 1, "items": TEXT},
}
"""What the value of each property looks like."""

LIMITS: Mapping[str, Json] = {
    "required": SWITCH,
    "minLength": LENGTH,
    "maxLength": LENGTH,
    "minimum": BOUND,
    "maximum": BOUND,
    "pattern": {"type": "string", "format": "regex"},
}
"""What the value of each constraint looks like."""

NEEDED = ("form:notice", "form:ends")
"""Properties that a kind cannot do without, once it has them."""


def form_schema(language: str) -> Json:
    """Give the JSON Schema of form files.

    Args:
        language: the language that its descriptions are in.
    """
    field_name = {"type": "string", "pattern": f"^({FIELD_NAME.pattern})$", "not": {"enum": list(FIXED_COLUMNS)}}
    properties = {**_shapes(PROPERTIES["field"], language), "name": {**field_name, **_about("field.name", language)}}
    field = {
        "type": "object",
        "required": ["name", "title"],
        "properties": properties,
        "anyOf": [_written(signature) for signature in KINDS],
        "allOf": [
            {"if": _written(signature), "then": _of_kind(kind, language), "title": kind.kind}
            for signature, kind in KINDS.items()
        ],
    }
    whole = closed(_shapes(PROPERTIES["form"], language), ["$schema", "name", "title", "form:kind", "fields"])
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        **whole,
        "$defs": {"field": field, **conditions_schema()},
    }


def translation_schema(language: str) -> Json:
    """Give the JSON Schema of the translations of form files."""
    shapes = {"categories": codes_schema(), "missingValues": codes_schema(blank=True)}
    labels = {key: {**shape, **_about(key, language)} for key, shape in shapes.items()}
    parted = {
        "form:ends": closed({"low": TEXT, "high": TEXT}),
        "form:section": {"anyOf": [TEXT, closed({"title": TEXT, "text": TEXT}, ["title"])]},
    }
    texts = TRANSLATED - set(labels) - set(parted) - {"name"}
    field = closed({"name": TEXT, **_shapes(texts, language), **labels, **parted}, ["name"])
    marks = {"type": "object", "additionalProperties": {"type": "string"}, **_about(MARKS, language)}
    whole = {**_shapes(TRANSLATED_OF_FORM, language), "fields": {"type": "array", "items": field}, MARKS: marks}
    return {"$schema": "http://json-schema.org/draft-07/schema#", **closed(whole, ["title", "fields"])}


def _shapes(keys: Collection[str], language: str) -> dict[str, Json]:
    return {key: {**SHAPES[key], **_about(key, language)} for key in sorted(keys)}


def _about(key: str, language: str) -> Json:
    return {"description": translations(language, domain="schema").gettext(ABOUT[key])}


def _written(signature: tuple[str, str, str]) -> Json:
    """Describe a field that is written so."""
    of_type, form, widget = signature
    needed = [] if of_type == "string" else ["type"]
    properties: Json = {"type": {"const": of_type}}
    absent = []
    if form == "categories":
        needed.append("categories")
    else:
        absent.append("categories")
        properties["format"] = {"const": form}
        needed += [] if form == "default" else ["format"]
    if widget:
        properties["form:widget"] = {"const": widget}
        needed.append("form:widget")
    else:
        absent.append("form:widget")
    forbidden = {"not": {"anyOf": [{"required": [key]} for key in absent]}} if absent else {}
    return {"properties": properties, "required": needed, **forbidden}


def _of_kind(kind: type[Field], language: str) -> Json:
    """Describe what a field of a kind may and must have."""
    limits = {key: {**LIMITS[key], **_about(key, language)} for key in sorted(kind.constraint_names)}
    return {
        "propertyNames": {"enum": sorted(FIELD_KEYS | kind.properties)},
        "properties": {"constraints": closed(limits)},
        "required": sorted(set(NEEDED) & kind.properties),
    }
