"""From the store to the packages: what the community's analysts work with."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import compress, groupby
from pathlib import Path

from forms import Form, PackageProblems, Problem
from forms.copies import Copy, make_copies, remove_copies
from forms.daily import Block, Day, block_of
from forms.package import Table, validate_package, write_package
from forms.readable import readable_part
from forms.reading import problems_of_cells
from forms_server.sealing import Keyring
from forms_server.served import form_of_version
from forms_server.store import Reading, Store

NOT_EXPORTED = ("pending", "withdrawn", "expired", "quarantined")
"""The states in which a response is received but stands in no package."""


@dataclass(frozen=True)
class Exported:
    """What an export wrote: the form, its package's folder, how many responses stand in it, and its copies."""

    form: str
    folder: Path
    responses: int
    copies: tuple[Copy, ...] = ()


def export_forms(
    store: Store,
    names: tuple[str, ...],
    folder: Path,
    now: datetime,
    copies: Collection[str] = (),
    *,
    keys: Keyring | None = None,
) -> Iterator[Exported]:
    """Write the package of each form, one after the other.

    Args:
        store: where the responses are.
        names: the forms; a form that was never served has no package.
        folder: the data folder; packages go to `packages/NAME` in it.
        now: the time that the packages bear.
        copies: what else to make of each package, of `forms.copies.COPIES`; others are removed, since they may
            hold what was withdrawn.
        keys: what opens sealed answers; without it their columns are left out.

    Raises:
        SealProblem: none of the keys opens a response; its package is left as it was.
        StoreUnavailable: the database does not answer; packages already written stay.
        PackageProblems: a stored response does not hold against its own form; its package is left as it was.
    """
    for name in names:
        with store.reading() as reading:
            versions = reading.versions(name)
            if not versions:
                continue
            tables = []
            days = reading.days(name)
            for _, group in groupby(versions, key=lambda version: version.resource):
                whole = [form_of_version(version) for version in group]
                forms = whole if keys else [readable_part(form) for form in whole]
                blocks = partial(_blocks, reading, name, forms=forms, keys=keys or Keyring())
                tables.append(Table(forms, [Day(mark, blocks(day)) for day, mark in days.items()]))
            counts = counts_of(reading, name)
            target = folder / "packages" / name
            remove_copies(target)
            written = write_package(target, tables, counts, now)
        yield Exported(name, target, written, tuple(make_copies(target, copies)))


def counts_of(reading: Reading, name: str) -> dict[str, int]:
    """Count what was received and what became of it; `exported` is counted again as the rows are written."""
    states = reading.counts(name)
    return {
        "received": sum(states.values()),
        "exported": states.get("kept", 0),
        **{state: states.get(state, 0) for state in NOT_EXPORTED},
    }


def verify_packages(folder: Path) -> Iterator[Path]:
    """Run frictionless over every package of a data folder, private and public.

    Returns:
        The descriptor of each package that is valid, as it is found to be.

    Raises:
        PackageProblems: one is not.
    """
    for descriptor in sorted(folder.glob("*/*/datapackage.json")):
        validate_package(descriptor)
        yield descriptor


def _blocks(reading: Reading, name: str, day: date, *, forms: Sequence[Form], keys: Keyring) -> Iterator[Block]:
    by_version = {form.version: form for form in forms}
    columns = list(dict.fromkeys(column.name for form in forms for column in form.columns))
    for rows in reading.rows(name, by_version, day):
        answers = rows.answers
        if keys.identities:
            stored = zip(rows.response_id, rows.sealed, rows.answers, strict=True)
            answers = [{**cells, **keys.opened(name, identity, sealed or None)} for identity, sealed, cells in stored]
        block = {
            "response_id": rows.response_id,
            "received_on": [day.isoformat()] * len(rows.response_id),
            "form_version": rows.version,
            "language": rows.language,
            "channel": rows.channel,
            **block_of(answers, columns),
        }
        for version in set(rows.version):
            _check(block, by_version[version])
        yield block


def _check(block: Block, form: Form) -> None:
    """Check the cells of the responses to a version of a form; those that are alike once."""
    its_own = [version == form.version for version in block["form_version"]]
    alone = all(its_own)
    for column in form.columns:
        cells = block[column.name]
        if any(map(column.check, set(cells if alone else compress(cells, its_own)))):
            raise _not_held(block, form)


def _not_held(block: Block, form: Form) -> PackageProblems:
    for values in zip(*block.values(), strict=True):
        cells = dict(zip(block, values, strict=True))
        if cells["form_version"] == form.version and (problems := problems_of_cells(form, cells)):
            break
    fields = ", ".join(problem.field for problem in problems)
    return PackageProblems((Problem("STORED_RESPONSE", cells["response_id"], 0, values={"fields": fields}),))
