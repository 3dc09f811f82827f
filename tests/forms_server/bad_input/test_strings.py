"""Strings that break things, in every field: refused with a problem, or kept to the letter and exported so."""

from __future__ import annotations

import csv
import json
from urllib.parse import urlencode

from forms_server.publishing.export import export_forms, verify_packages
from tests.forms_server.bad_input.conftest import NOW, Door
from tests.forms_server.bad_input.strings import BLNS, OURS, STRINGS, as_kept
from tests.forms_server.test_posting import OWN

FORM = "application/x-www-form-urlencoded"


class Sender:
    """Sends strings, and remembers what must be kept under the hash of each receipt."""

    def __init__(self, door: Door):
        self.door = door
        self.expected: dict[str, dict[str, str]] = {}
        self.inputs = 0

    def key(self) -> str:
        self.inputs += 1
        return f"stringa-che-rompe-numero-{self.inputs:05}"

    def by_json(self, names: list[str], text: str) -> set[str]:
        """Put a string into some fields at once; give those that refuse it, of which `""` stands for the body."""
        headers = OWN | {"Idempotency-Key": self.key()}
        answers = dict.fromkeys(names, text) | {"presente": True}
        body = json.dumps(answers, ensure_ascii=False).encode(errors="surrogatepass")
        answer = self.door.client.post("/forms/tutto", data=body, content_type="application/json", headers=headers)
        assert answer.status_code in (201, 422), text
        if answer.status_code == 201:
            known = {"pagina": as_kept(text), "riga": as_kept(text).strip()}
            self._keep(answer.get_json()["receipt"], {name: cell for name, cell in known.items() if name in names})
        return {error["field"] for error in answer.get_json().get("errors", ())}

    def by_form(self, text: str) -> int:
        """Send a string in the long field as a browser does; give the status."""
        body = urlencode({"_key": self.key(), "_lang": "it", "pagina": text, "presente": "true"}).encode()
        answer = self.door.client.post("/forms/tutto", data=body, content_type=FORM, headers=OWN)
        if answer.status_code == 303:
            self._keep(answer.headers["Location"], {"pagina": as_kept(text)})
        return answer.status_code

    def _keep(self, receipt: str, cells: dict[str, str]) -> None:
        token_hash = self.door.service.secret.token_hash("tutto", receipt.rsplit("/", 1)[1])
        self.expected[token_hash] = cells


def test_every_string_in_every_field_is_refused_or_kept_to_the_letter(door: Door) -> None:
    assert len(BLNS) == 515
    names = [field.name for field in door.form.fields if field.name != "presente"]  # which is always answered
    limit = door.form.field("pagina").characters
    sender = Sender(door)
    tried = 0
    for number, text in enumerate(STRINGS):
        refused = sender.by_json(names, text)  # each field says for itself what it makes of it
        tried += len(names)
        if "\0" in text:
            assert refused == {""}
        elif refused:
            assert refused <= set(names)
            taken = [name for name in names if name not in refused]
            assert taken == [] or sender.by_json(taken, text) == set(), text
        if number % 4 and text not in OURS:  # the longer way takes its share
            continue
        tried += 1
        too_long = 0 < limit < len(as_kept(text))
        assert sender.by_form(text) == (422 if "\0" in text or too_long else 303), text
    assert door.received() == len(sender.expected)
    assert tried > 10_000

    list(export_forms(door.service.store, ("tutto",), door.service.settings.data, NOW))
    with (door.service.settings.data / "packages/tutto/responses.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["response_id"]: row for row in csv.DictReader(file)}
    assert len(rows) == len(sender.expected)
    with door.service.store.snapshot() as snapshot:
        for token_hash, cells in sender.expected.items():
            stored = snapshot.find_by_token("tutto", token_hash)
            assert stored is not None
            assert {name: rows[stored.response_id][name] for name in cells} == cells
    assert sum(bool(cells.get("pagina")) for cells in sender.expected.values()) > 550
    assert len(list(verify_packages(door.service.settings.data))) == 1
