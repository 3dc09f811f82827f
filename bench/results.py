"""Counting a million responses, against a plain group-by of polars over the same columns of the same file.

Run it as `python -m bench.results [ROWS]`.
"""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from bacheca.forms import Form, load_form
from bacheca.forms.definition.form import FIXED_COLUMNS

ROWS = 1_000_000
LIMIT = 3.0
"""How many times as long as polars it may take."""

FORM = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: misura
title: Una misura
form:kind: survey
form:cross: [[struttura, specializzazione]]
fields:
- name: struttura
  title: Struttura
  type: string
  categories:
  - {value: marketing, label: Marketing}
  - {value: servizio-clienti, label: Servizio clienti}
  - {value: relazioni-esterne, label: Relazioni esterne}
  - {value: servizi-web, label: Servizi web}
  - {value: vendite, label: Vendite}
- name: specializzazione
  title: Specializzazione
  type: string
  categories:
  - {value: commercio-elettronico, label: Commercio elettronico}
  - {value: formazione, label: Formazione}
  - {value: informazione, label: Informazione}
  - {value: intrattenimento, label: Intrattenimento}
  - {value: collaborazione, label: Collaborazione}
- name: criteri
  title: Criteri
  type: string
  form:widget: textarea
"""

POLARS = """
import sys, time
import polars
start, spent = time.perf_counter(), time.process_time()
rows = polars.scan_csv(sys.argv[1], infer_schema=False)
polars.collect_all([
    rows.group_by("struttura").len(),
    rows.group_by("specializzazione").len(),
    rows.group_by("struttura", "specializzazione").len(),
    rows.group_by(polars.col("criteri").is_null()).len(),
])
print(time.perf_counter() - start, time.process_time() - spent)
"""

OURS = """
import csv, sys, time, resource
from pathlib import Path
from bacheca.forms import load_form
from bacheca.forms.results.tally import tally_rows
form = load_form(Path(sys.argv[2]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start, spent = time.perf_counter(), time.process_time()
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    rows = csv.reader(file)
    tally_rows(next(rows), rows, form)
took, work = time.perf_counter() - start, time.process_time() - spent
print(took, work, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


def write_responses(path: Path, form: Form, rows: int) -> None:
    """Write random responses, two in five with a comment."""
    chance = random.Random(1)
    words = ["leggiamo", "tutto,", "ogni", "settimana,", "con", "una", "griglia", "di", "temi", "e", "di", "toni"]
    first, second = ([*form.field(name).categories, ""] for name in ("struttura", "specializzazione"))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow((*FIXED_COLUMNS, *(column.name for column in form.columns)))
        for number in range(rows):
            text = " ".join(chance.choices(words, k=12)) if chance.random() < 0.4 else ""
            day = f"2026-11-{1 + number * 28 // rows:02}"
            fixed = (f"{chance.getrandbits(128):032x}", day, form.version, "it", "web")
            writer.writerow((*fixed, chance.choice(first), chance.choice(second), text))


def best(script: str, *arguments: str, runs: int = 3) -> list[float]:
    """Run a script in its own process some times; give the figures of the quickest run."""
    found = []
    for _ in range(runs):
        done = subprocess.run([sys.executable, "-c", script, *arguments], check=True, capture_output=True, text=True)
        found.append([float(figure) for figure in done.stdout.split()])
    return min(found)


def main(rows: int = ROWS) -> int:
    """Measure, print the figures, and tell whether they hold."""
    with tempfile.TemporaryDirectory() as folder:
        path, file = Path(folder) / "misura.yaml", Path(folder) / "responses.csv"
        path.write_text(FORM, encoding="utf-8")
        write_responses(file, load_form(path), rows)
        size = file.stat().st_size / 1e6
        polars = best(POLARS, str(file))
        ours = best(OURS, str(file), str(path))
    ratio = ours[0] / polars[0]
    print(f"results  {rows:,} responses, {size:.0f} MB, on {os.cpu_count()} cores")
    print(f"         ours   {ours[0]:6.2f} s  ({ours[1]:.2f} s of processor, {ours[2]:.1f} MB more)")
    print(f"         polars {polars[0]:6.2f} s  ({polars[1]:.2f} s of processor)")
    print(f"         ratio  {ratio:6.2f}    (limit {LIMIT})")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS))
