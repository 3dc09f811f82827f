"""A form with every kind of question that has results, and random people who answer it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from bacheca.forms import Form, load_form
from bacheca.forms.definition.form import FIXED_COLUMNS
from bacheca.forms.results.results import Quotation, Results, Row
from bacheca.forms.results.rows import rows_of
from bacheca.forms.results.tally import Tally, tally_rows

FORM = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: {name}
title: Come va la comunità
form:kind: survey
form:publish: results
{more}fields:
- name: settore
  title: In quale settore lavori?
  type: string
  categories:
  - {{value: servizi, label: Servizi}}
  - {{value: scuola, label: Scuola}}
  - {{value: sanita, label: Sanità}}
  missingValues:
  - {{value: "", label: Nessuna risposta}}
  - {{value: non-so, label: Non so}}
- name: canale
  title: Quale canale usi di più?
  type: string
  categories:
  - {{value: forum, label: Forum}}
  - {{value: posta, label: Posta}}
  - {{value: chat, label: Chat}}
- name: voto
  title: Da 0 a 10, consiglieresti la comunità?
  type: integer
  form:widget: scale
  form:ends: {{low: per niente, high: senz’altro}}
- name: anni
  title: Da quanti anni fai questo mestiere?
  type: integer
  constraints: {{minimum: 0, maximum: 49}}
- name: strumenti
  title: Quali strumenti usi?
  type: list
  categories:
  - {{value: griglia, label: Griglia di temi}}
  - {{value: tono, label: Analisi del tono}}
  - {{value: niente, label: Niente}}
- name: priorita
  title: Metti in ordine le priorità
  type: list
  form:widget: ranking
  categories:
  - {{value: ascolto, label: Ascolto}}
  - {{value: crescita, label: Crescita}}
  - {{value: cura, label: Cura}}
- name: chiarezza
  title: Le regole sono chiare
  type: string
  form:matrix: giudizi
  form:stem: Quanto sei d’accordo?
  categoriesOrdered: true
  categories:
  - {{value: poco, label: Poco}}
  - {{value: abbastanza, label: Abbastanza}}
  - {{value: molto, label: Molto}}
- name: rapidita
  title: Le risposte sono rapide
  type: string
  form:matrix: giudizi
  categoriesOrdered: true
  categories:
  - {{value: poco, label: Poco}}
  - {{value: abbastanza, label: Abbastanza}}
  - {{value: molto, label: Molto}}
- name: commento
  title: Un commento
  type: string
  form:widget: textarea
"""

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CROSSED = "form:cross: [[settore, canale]]\n"


def sample_form(folder: Path, name: str = "prova", more: str = CROSSED) -> Form:
    """Load the form."""
    path = folder / f"{name}.yaml"
    path.write_text(FORM.format(name=name, more=more), encoding="utf-8")
    return load_form(path)


def header_of(form: Form) -> list[str]:
    """Give the header of its responses."""
    return [*FIXED_COLUMNS, *(column.name for column in form.columns)]


def people(form: Form, count: int, seed: int = 1) -> Iterator[list[str]]:
    """Give random responses as rows of cells."""
    chance = random.Random(seed)
    for number in range(count):
        ranks = chance.sample(["1", "2", "3"], 3)
        boxes = [str(int(chance.random() < share)) for share in (0.6, 0.4, 0.1)] if chance.random() < 0.9 else [""] * 3
        if "1" not in boxes:
            boxes = [""] * 3
        cells = {
            "response_id": f"{number:032x}",
            "received_on": "2026-11-20",
            "form_version": form.version,
            "language": "it",
            "channel": "web",
            "settore": chance.choices(["servizi", "scuola", "sanita", "non-so", ""], [9, 6, 3, 2, 1])[0],
            "canale": chance.choices(["forum", "posta", "chat", ""], [5, 5, 1, 1])[0],
            "voto": chance.choices([*map(str, range(11)), ""], [0.2, 0.2, 1, 1, 1, 3, 4, 8, 9, 6, 5, 2])[0],
            "anni": str(min(49, int(chance.expovariate(0.1)))) if chance.random() < 0.9 else "",
            **dict(zip((c.name for c in form.field("strumenti").columns), boxes, strict=True)),
            **dict(zip((c.name for c in form.field("priorita").columns), ranks, strict=True)),
            "chiarezza": chance.choice(["poco", "abbastanza", "molto", ""]),
            "rapidita": chance.choice(["poco", "abbastanza", "abbastanza", "molto"]),
            "commento": "Leggiamo tutto, «quasi»" if chance.random() < 0.4 else "",
        }
        yield [cells[name] for name in header_of(form)]


def sample_tally(form: Form, count: int, seed: int = 1) -> Tally:
    """Count random responses."""
    return tally_rows(header_of(form), people(form, count, seed), form)


def sample_results(form: Form, count: int = 300, quotations: tuple[str, ...] = (), created: datetime = NOW) -> Results:
    """Make the results of random responses."""
    return sample_results_of(form, rows_of(form, sample_tally(form, count)), quotations, created)


def sample_results_of(
    form: Form, rows: tuple[Row, ...], quotations: tuple[str, ...] = (), created: datetime = NOW
) -> Results:
    """Make results of rows."""
    return Results(
        form.name,
        form.version,
        form.threshold,
        form.rounding,
        date(2026, 10, 1),
        date(2026, 11, 22),
        created,
        rows,
        tuple(Quotation("commento", text) for text in quotations),
    )
