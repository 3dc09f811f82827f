"""From the store to the packages: what the community's analysts work with.

Whatever is wrong with one response, form or copy is named and stops none of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import partial
from itertools import compress, groupby
from pathlib import Path

from bacheca.forms import Form, FormsError, Problem
from bacheca.forms.atomic_file import unfinished_in
from bacheca.forms.catalogues import marked as _
from bacheca.forms.package.formats import Copy, files_of_others, renew_copies
from bacheca.forms.package.formats.added_columns import GIVEN, REFERENCE_COLUMN
from bacheca.forms.package.incremental_csv import Block, Day, block_of
from bacheca.forms.package.package import DESCRIPTOR, Table, resource_name, validate_package, write_package
from bacheca.forms.submission.read import problems_of_cells
from forms_server.crypto.sealing import Keyring
from forms_server.crypto.tokens import Secret
from forms_server.errors import JobTaken, SealProblem, ServiceProblem, StoreUnavailable
from forms_server.file_lock import alone_in
from forms_server.form_registry import form_of_version
from forms_server.messages import Saying, Told
from forms_server.publishing.answers import own_words, personal_fields, redacted
from forms_server.publishing.opened_packages import is_opened, rows_left
from forms_server.store import Job, KeptDay, Snapshot, Store
from forms_server.store.browse import Wanted
from forms_server.store.lifecycle import COUNTED_AS, State
from forms_server.store.records import PackageRows

NOT_EXPORTED = ("pending", "withdrawn", "expired", "quarantined")
"""What a response counts as that was received and stands in no package; whoever waits for a place is pending, too."""


@dataclass(frozen=True)
class Exported:
    """What an export wrote.

    Args:
        form: the form.
        folder: its package's folder.
        responses: how many responses stand in it.
        copies: its copies.
        left_out: the responses that could not be written, each in a sentence that says why.
        stayed_open: whether the package was opened with a key before and none is given now: then it was left as it
            was, but for what was erased.
        others: the files in its folder that are not ours.
        failed: why nothing was written, and the package is as it was; empty where it was written.
    """

    form: str
    folder: Path
    responses: int = 0
    copies: tuple[Copy, ...] = ()
    left_out: tuple[str, ...] = ()
    stayed_open: bool = False
    others: tuple[Path, ...] = ()
    failed: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether all there was is written, in the package and in every copy."""
        return not (self.failed or self.left_out or any(copy.failed or copy.left_out for copy in self.copies))


def export_forms(
    store: Store,
    names: Collection[str],
    folder: Path,
    now: datetime,
    copies: Collection[str] = (),
    *,
    keys: Keyring | None = None,
    sealed: bool = False,
    secret: Secret | None = None,
) -> Iterator[Exported]:
    """Write the package of each form, one after the other.

    Args:
        store: where the responses are.
        names: the forms; a form that was never served has no package.
        folder: the data folder; packages go to `packages/NAME` in it.
        now: the time that the packages bear.
        copies: what else to make of each package, of `formats.COPIES`; what we made before is made
            again.
        keys: what opens sealed answers; without it their columns are left out of a package that does not have them.
        sealed: whether they are left out of one that was opened before, too.
        secret: what references are made with; without it the copies that people read have none.

    Raises:
        JobTaken: another process writes packages; those already written stay.
        StoreUnavailable: the database does not answer; packages already written stay.
    """
    _forget_unfinished(folder / "packages")
    for name in names:
        target = folder / "packages" / name
        try:
            with store.alone_at(Job.EXPORT), alone_in(folder / "packages"), store.snapshot() as snapshot:
                done = _export(snapshot, name, target, now, copies, keys=keys, sealed=sealed, secret=secret)
        except (JobTaken, StoreUnavailable):
            raise
        except Exception as error:  # whatever is wrong with a form, the others must not wait until it is mended
            done = Exported(name, target, failed=reason_of(error))
        if done:
            yield done


def export_to(
    store: Store,
    name: str,
    folder: Path,
    now: datetime,
    copies: Collection[str] = (),
    *,
    secret: Secret,
    personal: bool = True,
    wanted: Wanted | None = None,
) -> Exported | None:
    """Write the package of a form into a folder that nobody else uses, without what is sealed.

    Args:
        store: where the responses are.
        name: the form.
        folder: the package's folder.
        now: the time that it bears.
        copies: what else to make of it, of `formats.COPIES`.
        secret: what references are made with.
        personal: whether the questions are in it that are personal, and people's own words as they stand;
            otherwise they are redacted.
        wanted: which answers are in it; None for all.

    Returns:
        What was written; None where the form was never served.

    Raises:
        StoreUnavailable: the database does not answer.
        OSError: it cannot be written.
    """
    with store.snapshot() as snapshot:
        return _export(
            snapshot,
            name,
            folder,
            now,
            copies,
            keys=None,
            sealed=True,
            secret=secret,
            personal=personal,
            wanted=wanted,
        )


def _forget_unfinished(packages: Path) -> None:
    """Take away what an export left that was killed: it may hold who was erased since."""
    with alone_in(packages):
        for folder in packages.glob("[!.]*/"):
            for path in unfinished_in(folder):
                path.unlink(missing_ok=True)


def reason_of(error: Exception) -> str:
    """Say in a line what went wrong."""
    if isinstance(error, FormsError):
        return Told(lambda language: "\n".join(problem.line_of_text(language) for problem in error.problems))
    if isinstance(error, ServiceProblem):
        return Told(error.said)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or ''}: {error.strerror}"
    return f"{type(error).__name__}: {error}"


def _export(
    snapshot: Snapshot,
    name: str,
    target: Path,
    now: datetime,
    copies: Collection[str],
    *,
    keys: Keyring | None,
    sealed: bool,
    secret: Secret | None,
    personal: bool = True,
    wanted: Wanted | None = None,
) -> Exported | None:
    versions = snapshot.versions(name)
    if not versions:
        return None
    runs = [[form_of_version(v) for v in group] for _, group in groupby(versions, key=lambda v: v.resource)]
    stays_open = not keys and not sealed and personal and is_opened(target, [form for run in runs for form in run])
    left_out: dict[str, str] = {}
    days = snapshot.days(name)
    if wanted:
        days = {day: kept for day, kept in days.items() if wanted.is_within(day)}
    if stays_open:
        tables = [
            Table(forms, rows_left(target / f"{resource_name(number)}.csv", forms, partial(snapshot.kept_ids, name)))
            for number, forms in enumerate(runs, 1)
        ]
    else:
        if keys:
            _try(keys, snapshot, name)
        rows = partial(_Rows, snapshot, name, keys=keys, left_out=left_out, personal=personal, wanted=wanted)
        tables = [
            Table(forms, _days(days, partial(rows, forms=forms))) for forms in _as_seen(runs, keys, personal=personal)
        ]
    counts = {} if wanted else counts_of(snapshot, name, days)
    written = write_package(target, tables, counts, now)
    lost = counts.get("exported", 0) - written - len(left_out)
    if lost > 0 and not stays_open:
        sentence = _("{count} responses are to a version of the form that the store does not know")
        left_out[""] = Saying(sentence, count=lost)
    told = partial(told_beside, snapshot, secret, zone=runs[-1][-1].zone) if secret else None
    made = tuple(renew_copies(target, copies, told))
    return Exported(name, target, written, made, tuple(left_out.values()), stays_open, tuple(files_of_others(target)))


def told_beside(
    snapshot: Snapshot, secret: Secret, ids: Sequence[str], *, zone: tzinfo
) -> Mapping[str, Mapping[str, str]]:
    """Give what copies for people say of some responses: their references, and since when their consents stand.

    Args:
        snapshot: the store at one moment.
        secret: what references are made with.
        ids: the responses.
        zone: by whose days.
    """
    cells = {
        response_id: {REFERENCE_COLUMN: secret.named(form, by).reference(hashed)}
        for response_id, (form, by, hashed) in snapshot.tokens(ids).items()
    }
    for response_id, field_, day in snapshot.days_of_consents(ids, zone):
        cells[response_id][field_ + GIVEN] = day.isoformat()
    return cells


def _as_seen(runs: Sequence[Sequence[Form]], keys: Keyring | None, *, personal: bool) -> Sequence[Sequence[Form]]:
    hidden = frozenset() if personal else personal_fields([form for forms in runs for form in forms])
    seen = runs if keys else [[form.readable_part for form in forms] for forms in runs]
    return [[form.without(hidden) for form in forms] for forms in seen]


def _try(keys: Keyring, snapshot: Snapshot, name: str) -> None:
    """Make sure that the keys open anything at all, before what is there is replaced.

    Raises:
        SealProblem: they open none of the responses.
    """
    problem: SealProblem | None = None
    for day in snapshot.days(name):
        for rows in snapshot.rows(name, [version.version for version in snapshot.versions(name)], day):
            for identity, sealed in zip(rows.response_id, rows.sealed, strict=True):
                if not sealed:
                    continue
                try:
                    keys.opened(name, identity, sealed)
                except SealProblem as error:
                    problem = error
                else:
                    return
    if problem:
        raise problem


def counts_of(snapshot: Snapshot, name: str, days: Mapping[date, KeptDay] | None = None) -> dict[str, int]:
    """Count what was received and what became of it; `exported` is counted again as the rows are written."""
    counts = {"received": 0, "exported": 0, **dict.fromkeys(NOT_EXPORTED, 0)}
    for state, count in snapshot.counts(name, days).items():
        counts["received"] += count
        counts[COUNTED_AS[State(state)]] += count
    return counts


def descriptors_in(folder: Path) -> list[Path]:
    """Find the descriptor of every package of a data folder, private and public."""
    return sorted(folder.glob(f"*/*/{DESCRIPTOR}"))


def verify_packages(folder: Path) -> Iterator[Path]:
    """Run frictionless over every package of a data folder, private and public.

    Returns:
        The descriptor of each package that is valid, as it is found to be.

    Raises:
        PackageProblems: one is not.
    """
    for descriptor in descriptors_in(folder):
        validate_package(descriptor)
        yield descriptor


@dataclass
class _Rows:
    """The rows of a day, as a package takes them.

    Args:
        snapshot: the store at one moment.
        name: the form's name.
        day: the day.
        forms: the versions that share a file.
        keys: what opens sealed answers, where there is any.
        left_out: takes the responses that cannot be written, by their ids.
        personal: whether people's own words stay as they stand.
        wanted: which of them are taken; None for all.
    """

    snapshot: Snapshot
    name: str
    day: date
    forms: Sequence[Form]
    keys: Keyring | None
    left_out: dict[str, str]
    personal: bool
    wanted: Wanted | None = None
    _whole: bool = field(default=True, init=False)

    def is_whole(self) -> bool:
        """Tell whether none was left out."""
        return self._whole

    def blocks(self) -> Iterator[Block]:
        """Give them; a row that does not hold is left out and named."""
        by_version = {form.version: form for form in self.forms}
        columns = list(dict.fromkeys(column.name for form in self.forms for column in form.columns))
        for rows in self._taken(by_version):
            bad: dict[str, str] = {}
            answers: Sequence[Mapping[str, str]] = rows.answers
            if self.keys:
                stored = zip(rows.response_id, rows.sealed, rows.answers, strict=True)
                answers = [self._opened(identity, sealed, cells, bad) for identity, sealed, cells in stored]
            block = {
                "response_id": rows.response_id,
                "received_on": [self.day.isoformat()] * len(rows.response_id),
                "form_version": rows.version,
                "language": rows.language,
                "channel": rows.channel,
                **block_of(answers, columns),
            }
            for version in set(rows.version):
                if not _holds(block, by_version[version]):
                    bad |= _not_held(block, by_version[version], bad)
            if bad:
                self._whole = False
                self.left_out |= bad
                good = [identity not in bad for identity in block["response_id"]]
                block = {column: list(compress(cells, good)) for column, cells in block.items()}
            yield block if self.personal else _redacted(block, by_version)

    def _taken(self, versions: Collection[str]) -> Iterator[PackageRows]:
        found = self.snapshot.rows(self.name, versions, self.day)
        if not self.wanted or not self.wanted.narrows:
            return found
        matches = self.wanted.matching()
        return (rows.only(list(map(matches, rows.answers, rows.language))) for rows in found)

    def _opened(self, identity: str, sealed: str, cells: Mapping[str, str], bad: dict[str, str]) -> Mapping[str, str]:
        try:
            return {**cells, **(self.keys or Keyring()).opened(self.name, identity, sealed or None)}
        except SealProblem as error:
            bad[identity] = Saying(_("response {response}: {reason}"), response=identity, reason=error.args[0])
            return cells


def _days(days: Mapping[date, KeptDay], rows_of: Callable[..., _Rows]) -> Iterator[Day]:
    for day, kept in days.items():
        rows = rows_of(day=day)
        yield Day(kept.mark, rows.blocks(), rows.is_whole)


def _redacted(block: Block, by_version: Mapping[str, Form]) -> Block:
    """Give rows with what may tell who somebody is left out of people's own words; a text that no longer holds goes."""
    seen = {column: list(cells) for column, cells in block.items()}
    for row, (version, language) in enumerate(zip(block["form_version"], block["language"], strict=True)):
        for asked in by_version[version].fields:
            if names := own_words(asked):
                cells = redacted(asked, {name: block[name][row] for name in names}, language)
                for column in asked.columns:
                    if column.name in names:
                        cell = cells[column.name]
                        seen[column.name][row] = "" if column.check(cell) else cell
    return seen


def _holds(block: Block, form: Form) -> bool:
    """Check the cells of the responses to a version of a form; those that are alike once."""
    its_own = [version == form.version for version in block["form_version"]]
    alone = all(its_own)
    for column in form.columns:
        cells = block[column.name]
        if any(map(column.check, set(cells if alone else compress(cells, its_own)))):
            return False
    return True


def _not_held(block: Block, form: Form, known: Mapping[str, str]) -> dict[str, str]:
    """Name the responses to a version that do not hold, each with its columns and why."""
    found: dict[str, str] = {}
    for values in zip(*block.values(), strict=True):
        cells = dict(zip(block, values, strict=True))
        if cells["form_version"] != form.version or cells["response_id"] in known:
            continue
        if problems := problems_of_cells(form, cells):
            why = Told(partial(_reasons, problems))
            response = cells["response_id"]
            found[response] = Saying(_("response {response}: {reason}"), response=response, reason=why)
    return found


def _reasons(problems: Sequence[Problem], language: str) -> str:
    return "; ".join(f"{problem.field}: {problem.sentence(language)}" for problem in problems)
