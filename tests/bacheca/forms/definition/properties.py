"""What is to be known of every property of a form file: a row each, which `test_property_contract.py` asks about.

A new property gets its row here, under what it is a property of; until then the contract says what it lacks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import indent

from bacheca.forms.definition.evolution import Verdict

PLACES = ("page", "letter", "promises", "program", "package", "codebook")
"""Where a form is told: its page (which is what is printed), the text of a mail, the privacy page, the JSON Schema of
answers that programs send, the package (all that SPSS and Excel are told), the codebook."""

CHOICE = "type: string\ncategories: [{value: rosso, label: Rosso}, {value: verde, label: Verde}]"
BOXES = CHOICE.replace("string", "list")


@dataclass(frozen=True)
class Known:
    """What is to be known of a property.

    Args:
        right: the property as an editor writes it; words have a blank in them, by which they are told from codes.
        wrong: the same with a value that cannot be.
        before: how it was written before; empty: not at all.
        around: what else the form or the field must have for it.
        form: what the form must say for a property of something in it.
        at: how the line begins that the problem of `wrong` is at; empty: that of the property.
        verdict: what the edit from `before` to `right` means for kept answers.
        told: which of `PLACES` it changes.
        elsewhere: why it changes nothing in the others.
        beyond: whether no JSON Schema could say that `wrong` is.
        words: whether it is a text that people read, to be translated.
    """

    right: str
    wrong: str
    before: str = ""
    around: str = ""
    form: str = ""
    at: str = ""
    verdict: Verdict = Verdict.COMPATIBLE
    told: str = ""
    elsewhere: str = ""
    beyond: bool = False
    words: bool = False


NEW, REFUSED = Verdict.NEW_VERSION, Verdict.REFUSED
DATA = "page letter program package codebook"
KEPT_ALIKE = "it changes nothing of what is asked or kept"
RESULTS_ALONE = "results alone tell of it"
CHECKED = "the door holds answers to it, and the package says it to whoever reads them"

OF_A_FORM: Mapping[str, Known] = {
    "$schema": Known(
        right="$schema: https://datapackage.org/profiles/2.0/tableschema.json",
        wrong="$schema: https://example.org",
        before="$schema: https://datapackage.org/profiles/2.0/tableschema.json",
        elsewhere="every form has the same one",
    ),
    "name": Known(
        right="name: prova",
        wrong="name: altra",
        before="name: prova",
        elsewhere="it is that of its file: another is another form",
        beyond=True,
    ),
    "title": Known(
        right="title: Nuovo titolo",
        wrong="title: 7",
        before="title: Prima",
        told="page letter promises package",
        elsewhere=KEPT_ALIKE,
        words=True,
    ),
    "description": Known(
        right="description: Che cosa si chiede",
        wrong="description: 7",
        told="package",
        elsewhere="the pages that a form stands in say it in their own words",
        words=True,
    ),
    "form:kind": Known(
        right="form:kind: signup",
        wrong="form:kind: festa",
        before="form:kind: survey",
        verdict=REFUSED,
        told="page promises",
        elsewhere=KEPT_ALIKE,
    ),
    "form:publish": Known(
        right="form:publish: results",
        wrong="form:publish: tutto",
        before="form:publish: nothing",
        verdict=REFUSED,
        told="promises",
        elsewhere=KEPT_ALIKE,
    ),
    "form:language": Known(
        right="form:language: de",
        wrong="form:language: tedesco",
        told="page letter promises codebook",
        elsewhere="they hold the words of the form, whatever its language",
    ),
    "form:zone": Known(
        right="form:zone: Asia/Tokyo",
        wrong="form:zone: Asia/Tokio",
        around='form:closes: "2999-06-30"',
        told="page",
        elsewhere=KEPT_ALIKE,
        beyond=True,
    ),
    "form:opens": Known(
        right='form:opens: "2027-06-01"',
        wrong='form:opens: "1/6/2027"',
        elsewhere="the page says it until that day alone",
    ),
    "form:closes": Known(
        right='form:closes: "2999-06-30"', wrong="form:closes: presto", told="page", elsewhere=KEPT_ALIKE
    ),
    "form:steps": Known(right="form:steps: true", wrong="form:steps: forse", told="page", elsewhere=KEPT_ALIKE),
    "form:keep": Known(
        right="form:keep: 24 months", wrong="form:keep: 24 mesi", told="page promises", elsewhere=KEPT_ALIKE
    ),
    "form:places": Known(
        right="form:places: 12",
        wrong="form:places: molti",
        around="form:kind: signup",
        told="page",
        elsewhere="the door alone knows how many are taken",
    ),
    "form:hold": Known(
        right="form:hold: 12 hours",
        wrong="form:hold: 12 ore",
        around="form:kind: signup\nform:places: 12",
        elsewhere="the door alone counts the hours",
    ),
    "form:waiting": Known(
        right="form:waiting: 12",
        wrong="form:waiting: molti",
        around="form:kind: signup\nform:places: 12",
        told="promises",
        elsewhere="the door alone knows who waits",
    ),
    "form:button": Known(
        right="form:button: Mi iscrivo", wrong="form:button: 7", told="page", elsewhere=KEPT_ALIKE, words=True
    ),
    "form:afterwards": Known(
        right="form:afterwards: {title: Che cosa portare, text: Scarpe comode, page: contatti/}",
        wrong="form:afterwards: 7",
        elsewhere="receipts and the letters of the service say it",
        words=True,
    ),
    "form:mail": Known(
        right="form:mail: {subject: Il tuo posto, text: Manca poco}",
        wrong="form:mail: 7",
        around="form:kind: signup",
        elsewhere="the letters of the service say it",
        words=True,
    ),
    "form:remind": Known(
        right="form:remind: 2 days",
        wrong="form:remind: presto",
        around="form:kind: signup",
        elsewhere="the jobs of the service alone send it",
    ),
    "form:notify": Known(
        right="form:notify: daily", wrong="form:notify: sempre", elsewhere="the secretariat alone is told"
    ),
    "form:seal": Known(right="form:seal: true", wrong="form:seal: forse", told="promises", elsewhere=KEPT_ALIKE),
    "form:cross": Known(right="form:cross: [[colore, canale]]", wrong="form:cross: colore", elsewhere=RESULTS_ALONE),
    "form:threshold": Known(right="form:threshold: 20", wrong="form:threshold: 1", elsewhere=RESULTS_ALONE),
    "form:disclosure": Known(
        right="form:disclosure: rounding", wrong="form:disclosure: niente", elsewhere=RESULTS_ALONE
    ),
    "fields": Known(
        right="fields: [{name: x, title: X, type: date}]",
        wrong="fields: []",
        before="fields: [{name: y, title: Y, type: date}]",
        verdict=NEW,
        told=DATA,
        elsewhere="promises name what is personal alone",
    ),
}

OF_A_FIELD: Mapping[str, Known] = {
    "name": Known(
        right="name: x",
        wrong="name: È qui",
        before="name: y",
        around="type: date",
        verdict=NEW,
        told=DATA,
        elsewhere="promises say titles",
    ),
    "title": Known(
        right="title: In che luogo?",
        wrong="title: 7",
        before="title: In che posto?",
        around=CHOICE,
        told="page letter package codebook",
        elsewhere="programs go by names, promises by what is personal",
        words=True,
    ),
    "description": Known(
        right="description: Soltanto uno",
        wrong="description: 7",
        around=CHOICE,
        told="page package codebook",
        elsewhere="a letter is kept short",
        words=True,
    ),
    "type": Known(
        right="type: year",
        wrong="type: lustro",
        before="type: date",
        verdict=REFUSED,
        told=DATA,
        elsewhere=KEPT_ALIKE,
    ),
    "format": Known(
        right="format: email",
        wrong="format: fax",
        around="type: string",
        at="type:",
        verdict=REFUSED,
        told="page promises program package codebook",
        elsewhere="any text is written the same in a letter",
    ),
    "form:widget": Known(
        right="form:widget: select",
        wrong="form:widget: ruota",
        around=CHOICE,
        at="type:",
        told="page",
        elsewhere=KEPT_ALIKE,
    ),
    "categories": Known(
        right="categories: [{value: a, label: Di mattina}, {value: b, label: Di sera}]",
        wrong="categories: molte",
        before="categories: [{value: a, label: Di mattina}]",
        around="type: string",
        told=DATA,
        elsewhere=KEPT_ALIKE,
        words=True,
    ),
    "categoriesOrdered": Known(
        right="categoriesOrdered: true",
        wrong="categoriesOrdered: forse",
        around=CHOICE,
        verdict=NEW,
        told="package",
        elsewhere="the choices stand in that order everywhere",
    ),
    "missingValues": Known(
        right='missingValues: [{value: "", label: Niente}, {value: boh, label: Non lo so}]',
        wrong="missingValues: boh",
        around=CHOICE,
        told=DATA,
        elsewhere=KEPT_ALIKE,
        words=True,
    ),
    "constraints": Known(
        right="constraints: {required: true}",
        wrong="constraints: tanti",
        around=CHOICE,
        verdict=NEW,
        told="page package codebook",
        elsewhere=CHECKED,
    ),
    "form:privacy": Known(
        right="form:privacy: personal",
        wrong="form:privacy: segreta",
        around=CHOICE,
        told="promises codebook",
        elsewhere=KEPT_ALIKE,
    ),
    "form:autocomplete": Known(
        right="form:autocomplete: name",
        wrong="form:autocomplete: 7",
        around="type: string",
        told="page",
        elsewhere=KEPT_ALIKE,
    ),
    "form:section": Known(
        right="form:section: {title: Chi scrive, text: Due parole}",
        wrong="form:section: 7",
        around=CHOICE,
        told="page letter codebook",
        elsewhere=KEPT_ALIKE,
        words=True,
    ),
    "form:showIf": Known(
        right="form:showIf: {field: colore, answered: true}",
        wrong="form:showIf: colore",
        around=CHOICE,
        verdict=NEW,
        told=DATA,
        elsewhere=KEPT_ALIKE,
    ),
    "form:other": Known(
        right="form:other: true",
        wrong="form:other: forse",
        around=BOXES,
        verdict=NEW,
        told=DATA,
        elsewhere=KEPT_ALIKE,
    ),
    "form:shuffle": Known(
        right="form:shuffle: true",
        wrong="form:shuffle: forse",
        around=BOXES,
        verdict=NEW,
        told="page package codebook",
        elsewhere="letters and programs read them as written",
    ),
    "form:matrix": Known(
        right="form:matrix: giudizi\nform:stem: Che cosa ne dici?",
        wrong="form:matrix: 7",
        around=f"{CHOICE}\ncategoriesOrdered: true",
        told="page letter codebook",
        elsewhere=KEPT_ALIKE,
    ),
    "form:stem": Known(
        right="form:stem: Dopo, che cosa ne dici?",
        wrong="form:stem: 7",
        before="form:stem: Che cosa ne dici?",
        around=f"{CHOICE}\ncategoriesOrdered: true\nform:matrix: giudizi",
        told="page letter codebook",
        elsewhere=KEPT_ALIKE,
        words=True,
    ),
    "form:exclusive": Known(
        right="form:exclusive: rosso",
        wrong="form:exclusive: giallo",
        around=BOXES,
        verdict=NEW,
        told="page",
        elsewhere="each choice has a column of its own, and the door holds answers to it",
        beyond=True,
    ),
    "form:choose": Known(
        right="form:choose: {max: 1}",
        wrong="form:choose: {max: tutti}",
        around=BOXES,
        verdict=NEW,
        told="page",
        elsewhere="each choice has a column of its own, and the door holds answers to it",
    ),
    "form:ends": Known(
        right="form:ends: {low: per niente, high: del tutto}",
        wrong="form:ends: molto",
        before="form:ends: {low: poco, high: molto}",
        around="type: integer\nform:widget: scale",
        told="page letter codebook",
        elsewhere="the numbers are the same",
        words=True,
    ),
    "form:notice": Known(
        right="form:notice: Potete citarmi.",
        wrong="form:notice: 7",
        before="form:notice: Citatemi.",
        around="type: boolean\nform:widget: consent",
        told="page letter codebook",
        elsewhere="each response keeps the hash of the one that was read",
        words=True,
    ),
    "form:quotes": Known(
        right="form:quotes: [parere]",
        wrong="form:quotes: [colore]",
        around="type: boolean\nform:widget: consent\nform:notice: Potete citarmi.",
        verdict=REFUSED,
        elsewhere="the notice says it in words",
        beyond=True,
    ),
}

OF_A_CATEGORY: Mapping[str, Known] = {
    "value": Known(
        right="value: alba",
        wrong="value: è alba",
        before="value: aurora",
        around="label: Alba",
        verdict=NEW,
        told="page program package codebook",
        elsewhere="a letter says labels",
    ),
    "label": Known(
        right="label: Prima di pranzo",
        wrong="label: 7",
        before="label: Di mattina",
        around="value: alba",
        told="page letter package codebook",
        elsewhere="programs go by codes",
        words=True,
    ),
    "form:places": Known(
        right="form:places: 12",
        wrong="form:places: molti",
        around="value: alba\nlabel: Di mattina",
        form="form:kind: signup",
        told="page",
        elsewhere="the door alone knows how many are taken",
    ),
}

OF_A_CONSTRAINT: Mapping[str, Known] = {
    "required": Known(
        right="required: true",
        wrong="required: forse",
        around="type: string",
        verdict=NEW,
        told="page package codebook",
        elsewhere=CHECKED,
    ),
    "minLength": Known(
        right="minLength: 3",
        wrong="minLength: tanto",
        around="type: string",
        verdict=NEW,
        told="program package",
        elsewhere=CHECKED,
    ),
    "maxLength": Known(
        right="maxLength: 30",
        wrong="maxLength: poco",
        around="type: string",
        verdict=NEW,
        told="program package",
        elsewhere=CHECKED,
    ),
    "minimum": Known(
        right="minimum: 3",
        wrong="minimum: poco",
        around="type: integer",
        verdict=NEW,
        told="page program package",
        elsewhere=CHECKED,
        beyond=True,
    ),
    "maximum": Known(
        right="maximum: 30",
        wrong="maximum: tanto",
        around="type: integer",
        verdict=NEW,
        told="program package",
        elsewhere=CHECKED,
        beyond=True,
    ),
    "pattern": Known(
        right='pattern: "[a-z]+"',
        wrong='pattern: "[a-"',
        around="type: string\ndescription: Lettere",
        verdict=NEW,
        told="package",
        elsewhere=CHECKED,
        beyond=True,
    ),
}

OF_A_CONDITION: Mapping[str, Known] = {
    "field": Known(
        right="field: canale",
        wrong="field: nessuno",
        before="field: colore",
        around="answered: true",
        verdict=NEW,
        told="page letter codebook",
        elsewhere=KEPT_ALIKE,
        beyond=True,
    ),
    "equals": Known(
        right="equals: rosso",
        wrong="equals: giallo",
        before="equals: verde",
        around="field: colore",
        at="form:showIf:",
        verdict=NEW,
        told="page letter codebook",
        elsewhere=KEPT_ALIKE,
        beyond=True,
    ),
    "in": Known(
        right="in: [rosso]",
        wrong="in: []",
        before="in: [verde]",
        around="field: colore",
        at="form:showIf:",
        verdict=NEW,
        told="page letter codebook",
        elsewhere=KEPT_ALIKE,
    ),
    "answered": Known(
        right="answered: true",
        wrong="answered: forse",
        before="answered: false",
        around="field: colore",
        at="form:showIf:",
        verdict=NEW,
        told="page letter codebook",
        elsewhere=KEPT_ALIKE,
    ),
    "atLeast": Known(
        right="atLeast: 5",
        wrong="atLeast: [5]",
        before="atLeast: 4",
        around="field: ore",
        at="form:showIf:",
        verdict=NEW,
        told="page letter codebook",
        elsewhere=KEPT_ALIKE,
    ),
    "atMost": Known(
        right="atMost: 5",
        wrong="atMost: [5]",
        before="atMost: 6",
        around="field: ore",
        at="form:showIf:",
        verdict=NEW,
        told="page letter codebook",
        elsewhere=KEPT_ALIKE,
    ),
    "all": Known(
        right="all: [{field: colore, equals: rosso}, {field: ore, atLeast: 5}]",
        wrong="all: []",
        before="all: [{field: colore, equals: rosso}]",
        at="form:showIf:",
        verdict=NEW,
        told="page letter codebook",
        elsewhere=KEPT_ALIKE,
    ),
    "any": Known(
        right="any: [{field: colore, equals: rosso}, {field: ore, atLeast: 5}]",
        wrong="any: {field: colore, equals: rosso}",
        before="any: [{field: colore, equals: rosso}]",
        at="form:showIf:",
        verdict=NEW,
        told="page letter codebook",
        elsewhere=KEPT_ALIKE,
    ),
    "not": Known(
        right="not: {field: colore, equals: rosso}",
        wrong="not: rosso",
        before="not: {field: colore, equals: verde}",
        at="form:showIf:",
        verdict=NEW,
        told="page letter codebook",
        elsewhere=KEPT_ALIKE,
    ),
}

KNOWN: Mapping[str, Mapping[str, Known]] = {
    "form": OF_A_FORM,
    "field": OF_A_FIELD,
    "category": OF_A_CATEGORY,
    "constraint": OF_A_CONSTRAINT,
    "condition": OF_A_CONDITION,
}

HEAD = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: prova
title: Una prova
form:kind: survey
"""
FIELDS = """\
fields:
- {name: colore, title: Colore, type: string, categories: [{value: rosso, label: Rosso}, {value: verde, label: Verde}]}
- {name: canale, title: Canale, type: string, categories: [{value: rosso, label: Forum}, {value: chat, label: Chat}]}
- {name: ore, title: Ore, type: integer}
- {name: parere, title: Un parere, type: string, form:widget: textarea, form:section: Il resto}
- name: email
  title: Posta
  type: string
  format: email
  constraints: {required: true}
"""


def written(of: str, known: Known, line: str) -> str:
    """Write a form file that has a property, each property of its sort on a line of its own.

    Args:
        of: what it is a property of.
        known: its row.
        line: the property; empty for a form without it.
    """
    around = [*known.around.splitlines(), *line.splitlines()]
    if of == "form":
        return _lines([*HEAD.splitlines(), *around], FIELDS)
    if of == "category":
        entry = ["name: x", "title: Domanda", "type: string", "categories:", "- value: sera", "  label: La sera"]
        entry += [f"{'- ' if i == 0 else '  '}{said}" for i, said in enumerate(around)]
    elif of == "constraint":
        entry = [
            "name: x",
            "title: Domanda",
            *known.around.splitlines(),
            *(["constraints:", f"  {line}"] if line else []),
        ]
    elif of == "condition":
        entry = ["name: x", "title: Domanda", "type: date", "form:showIf:", *(f"  {said}" for said in around)]
    else:
        entry = _lines(["name: x", "title: Domanda", *around], "").splitlines()
    return (
        _lines([*HEAD.splitlines(), *known.form.splitlines()], FIELDS)
        + "- "
        + indent("\n".join(entry), "  ").strip()
        + "\n"
    )


def _lines(lines: list[str], more: str) -> str:
    """Join properties, of those written twice the last, in the place of the first."""
    last = {line.split(": ")[0]: line for line in lines}
    return "\n".join(last.values()) + "\n" + ("" if "fields" in last else more)
