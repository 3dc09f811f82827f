"""Whatever editors do to a form, no kept value changes or disappears, and the package stays valid.

A form is made, edited at random many times, served after each edit and answered at random: 25 chains, or as many as
`BACHECA_EXAMPLES` says.
"""

from __future__ import annotations

import copy
import csv
import os
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bacheca.forms import read_response
from bacheca.forms.asking.conditions import NOT_ASKED
from bacheca.forms.definition.form import FIXED_COLUMNS
from forms_server.crypto.tokens import Secret
from forms_server.errors import FormsRefused
from forms_server.form_registry import serve_forms
from forms_server.publishing.export import export_forms, verify_packages
from forms_server.store import Outcome, Store, open_store
from forms_server.submission.intake import Intake

START = date(2026, 1, 1)
EXAMPLES = int(os.environ.get("BACHECA_EXAMPLES", "25"))
TEXTS = ("", "perché", "=1+1", 'a "b", c', "riga\nsotto", "-5", "ﬁne", "not-a-code", "  spazi  ", "€")
Entry = dict[str, Any]


def code(value: str) -> Entry:
    return {"value": value, "label": f"Etichetta {value}"}


def new_field(random: Random, name: str, required: bool = False) -> Entry:
    """Make a field of a random kind."""
    kinds: list[Entry] = [
        {"type": "string", "form:widget": "textarea", "constraints": {"maxLength": random.randint(20, 60)}},
        {"type": "string", "constraints": {"maxLength": random.randint(20, 60)}},
        {"type": "integer", "constraints": {"minimum": random.randint(-5, 0), "maximum": random.randint(5, 9)}},
        {"type": "string", "categories": [code(value) for value in "abcd"[: random.randint(2, 4)]]},
        {"type": "list", "categories": [code(value) for value in "abcd"[: random.randint(2, 4)]]},
        {"type": "boolean"},
        {"type": "date"},
    ]
    entry = {"name": name, "title": f"Domanda {name}", **copy.deepcopy(random.choice(kinds))}
    if required:
        entry.setdefault("constraints", {})["required"] = True
    if "categories" in entry and random.random() < 0.5:
        entry["missingValues"] = [{"value": "", "label": "Nessuna risposta"}, {"value": "non-so", "label": "Non so"}]
    return entry


def add_field(random: Random, form: Entry) -> None:
    fields = form["fields"]
    names = [f"q{number}" for number in range(9)]  # a name that was taken away may come back as something else
    free = [name for name in names if name not in {entry["name"] for entry in fields}]
    if free:
        fields.insert(random.randint(0, len(fields)), new_field(random, random.choice(free), random.random() < 0.3))


def add_field_last(random: Random, form: Entry) -> None:
    taken = {entry["name"] for entry in form["fields"]}
    free = [name for name in (f"z{number}" for number in range(99)) if name not in taken]
    form["fields"].append(new_field(random, random.choice(free)))


def remove_field(random: Random, form: Entry) -> None:
    if len(form["fields"]) > 1:
        form["fields"].pop(random.randrange(len(form["fields"])))


def reorder_fields(random: Random, form: Entry) -> None:
    random.shuffle(form["fields"])


def change_limit(random: Random, form: Entry) -> None:
    entry = random.choice(form["fields"])
    limits = entry.setdefault("constraints", {})
    for key in ("maxLength", "maximum"):
        if key in limits:
            limits[key] = max(1, limits[key] + random.choice((-3, 3)))


def change_required(random: Random, form: Entry) -> None:
    limits = random.choice(form["fields"]).setdefault("constraints", {})
    limits["required"] = not limits.get("required", False)


def change_codes(random: Random, form: Entry) -> None:
    chosen = [entry for entry in form["fields"] if "categories" in entry]
    if not chosen:
        return
    listed = random.choice(chosen)["categories"]
    free = [value for value in "abcdefg" if value not in {item["value"] for item in listed}]
    step = random.randrange(4)
    if step == 0 and free:
        listed.insert(random.randint(0, len(listed)), code(random.choice(free)))
    elif step == 1 and len(listed) > 1:
        listed.pop(random.randrange(len(listed)))
    elif step == 2:
        random.shuffle(listed)
    else:
        one, other = random.choice(listed), random.choice(listed)
        one["label"], other["label"] = other["label"], one["label"]


def change_wording(random: Random, form: Entry) -> None:
    random.choice(form["fields"])["title"] += "!"


def change_kind(random: Random, form: Entry) -> None:
    position = random.randrange(len(form["fields"]))
    form["fields"][position] = new_field(random, form["fields"][position]["name"])


def change_privacy(random: Random, form: Entry) -> None:
    random.choice(form["fields"])["form:privacy"] = random.choice(("public", "free-text", "personal", "sensitive"))


EDITS = (
    add_field,
    add_field_last,
    remove_field,
    reorder_fields,
    change_limit,
    change_required,
    change_codes,
    change_wording,
    change_kind,
    change_privacy,
)


@dataclass
class Community:
    """A service over the years, and a ledger of what it said it kept."""

    folder: Path
    store: Store
    random: Random
    form: Entry
    served: Entry | None = None
    day: date = START
    ledger: dict[str, dict[str, str]] = field(default_factory=dict)
    refused: int = 0

    def serve(self) -> None:
        """Start the service with the form as it is; where it refuses, go back to the one before."""
        path = self.folder / "forms" / "prova.yaml"
        path.write_text(yaml.safe_dump(self.form, sort_keys=False, allow_unicode=True), encoding="utf-8")
        try:
            self.forms = serve_forms(path.parent, self.store, self.day)
        except FormsRefused:
            assert self.served is not None
            self.refused += 1
            self.form = copy.deepcopy(self.served)
            path.write_text(yaml.safe_dump(self.form, sort_keys=False, allow_unicode=True), encoding="utf-8")
            self.forms = serve_forms(path.parent, self.store, self.day)
        self.served = copy.deepcopy(self.form)

    def answer(self) -> None:
        """Answer at random, and note what is kept."""
        form = self.forms["prova"].form
        posted = {name: values for entry in self.form["fields"] for name, values in self.guess(entry).items()}
        response, problems = read_response(form, posted, "it")
        if problems:
            return
        identifier = f"{self.random.getrandbits(128):032x}"
        moment = datetime(self.day.year, self.day.month, self.day.day, 12, tzinfo=UTC)
        intake = Intake(self.store, Secret("s" * 32), lambda: moment, lambda: identifier)
        outcome, _ = intake.keep(form, response, f"{identifier}-key", origin="http://localhost")
        assert outcome is Outcome.KEPT
        self.ledger[identifier] = {"form_version": form.version, **response.cells}

    def guess(self, entry: Entry) -> dict[str, list[str]]:
        name = entry["name"]
        if "categories" in entry:
            values = [item["value"] for item in (*entry["categories"], *entry.get("missingValues", ()))]
            several = entry["type"] == "list" and self.random.random() < 0.7
            return (
                {name: self.random.sample([item["value"] for item in entry["categories"]], 1 + several)}
                if (several and len(entry["categories"]) > 1)
                else {name: [self.random.choice(values)]}
            )
        if entry["type"] == "date":
            return {f"{name}__day": ["3"], f"{name}__month": ["4"], f"{name}__year": ["2020"]}
        by_type = {"integer": ["0", "4", ""], "boolean": ["true", "false", ""]}
        return {name: [self.random.choice(by_type.get(entry["type"], list(TEXTS)))]}

    def check(self) -> None:
        """Export, and hold every file against the ledger."""
        now = datetime(self.day.year, self.day.month, self.day.day, 20, tzinfo=UTC)
        list(export_forms(self.store, ("prova",), self.folder, now))
        assert len(list(verify_packages(self.folder))) == 1
        package = self.folder / "packages" / "prova"
        files = [path for path in package.glob("responses*.csv") if path.stem != "responses_all"]
        assert self.rows(files, lacks="") == self.ledger
        if len(files) > 1:
            assert self.rows([package / "responses_all.csv"], lacks=NOT_ASKED) == self.ledger

    def rows(self, files: list[Path], lacks: str) -> dict[str, dict[str, str]]:
        """Read rows back, each with the cells of its own version; whatever else stands in them must be `lacks`."""
        found: dict[str, dict[str, str]] = {}
        for path in files:
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    identifier = row["response_id"]
                    assert identifier not in found
                    own = self.ledger[identifier]
                    beyond = {name: cell for name, cell in row.items() if name not in own and name not in FIXED_COLUMNS}
                    assert set(beyond.values()) <= {lacks}
                    found[identifier] = {name: row[name] for name in own}
        return found


@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.integers(0, 2**32), st.integers(1, 5), st.integers(2, 8))
def test_no_chain_of_edits_changes_or_loses_what_was_kept(seed: int, fields: int, edits: int) -> None:
    random = Random(seed)
    form = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "name": "prova",
        "title": "Prova",
        "form:kind": "survey",
        "fields": [new_field(random, f"q{number}", random.random() < 0.2) for number in range(fields)],
    }
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "forms").mkdir()
        store = open_store(f"sqlite:///{folder}/forms.db")
        try:
            community = Community(folder, store, random, form)
            for _ in range(edits):
                community.serve()
                for _ in range(random.randint(0, 3)):
                    community.answer()
                community.day += timedelta(days=random.randint(0, 2))
                random.choice(EDITS)(random, community.form)
            community.serve()
            community.check()
        finally:
            store.close()
