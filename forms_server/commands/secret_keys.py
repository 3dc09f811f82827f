"""The command about the keys that sign: what was made with each."""

from __future__ import annotations

from collections import Counter

import click

from bacheca.forms.catalogues import marked as _
from forms_server.commands.base import opened, said_plainly
from forms_server.commands.speaking import tell, word
from forms_server.crypto.tokens import open_secret
from forms_server.privacy.data_subjects import AUDITED


@click.command("secret-keys")
@said_plainly
def secret_keys() -> None:
    """Count what was made with today's secret key and with each of the old ones, to know which may go.

    An old key of which nothing is left can be left out of FORMS_OLD_SECRET_KEYS. What was made before keys had names
    counts as the oldest one's.
    """
    with opened() as work:
        secret = open_secret(work.settings)
        with work.retention.store.snapshot() as snapshot:
            hanging = list(snapshot.hanging_on_keys())
    found: dict[int, Counter[str]] = {number: Counter() for number in range(len(secret.all))}
    lost: Counter[str] = Counter()
    for kind, form, name, count in hanging:
        names = [one.name(form or AUDITED) for one in secret.all]
        number = names.index(name) if name in names else len(names) - 1
        (found[number] if not name or name in names else lost)[kind] += count
    for number, counts in found.items():
        sentence = _("old key {number}: {made}") if number else _("today’s key: {made}")
        tell(sentence, number=number, made=_said(counts))
    if lost:
        tell(_("keys that are not set: {made}; put them into FORMS_OLD_SECRET_KEYS"), made=_said(lost))


def _said(counts: Counter[str]) -> str:
    return ", ".join(word(KINDS[kind], count=count) for kind, count in counts.items()) or word(_("nothing"))


KINDS = {
    "responses": _("{count} responses"),
    "links": _("{count} links"),
    "audit records": _("{count} audit records"),
    "authenticators": _("{count} authenticators"),
    "requests": _("{count} requests of people"),
}
"""What is made with a key, by what `Snapshot.hanging_on_keys` calls it."""


COMMANDS = (secret_keys,)
