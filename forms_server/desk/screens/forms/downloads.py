"""Files of the answers to a form: a few at once, many by a job while whoever asked waits."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qsl

from babel.dates import format_date
from flask import Response, request

from bacheca.forms import Form, FormsError
from bacheca.forms.catalogues import marked as _
from bacheca.forms.locales import locale_of
from forms_server.accounts.invitations import new_id
from forms_server.accounts.roles import Right
from forms_server.desk.frame.screen import Part, Screen
from forms_server.desk.frame.visit import DESK, Visit
from forms_server.desk.screens.forms.answers import answers_of
from forms_server.errors import ServiceProblem, StoreUnavailable
from forms_server.privacy.file_erasure import DOWNLOADS_KEPT
from forms_server.publishing.answers import Answers
from forms_server.publishing.asked import OPENED, read, read_of_files
from forms_server.publishing.downloads import FOLDER, KINDS, make_download
from forms_server.store.browse import Wanted
from forms_server.store.desk.downloads import MOST, Download
from forms_server.store.lifecycle import State

SCREEN = Screen("downloads", Right.ANSWERS, part=Part(_("Downloads"), "/forms/{name}/downloads/"))

AT_ONCE = 1000
"""The most answers that are written while whoever asked waits for the page."""

BY_JOB = ("sav",)
"""What is always made by the job: what writes it takes memory that no process that answers has to spare."""

CALLED: Mapping[str, tuple[str, str]] = {
    "xlsx": (_("For Excel"), _("A workbook in words: texts stay texts, numbers are numbers, days are days.")),
    "excel-csv": (_("CSV for Excel"), _("A table in words with semicolons, as Excel in Italian opens it.")),
    "sav": (_("For SPSS"), _("With the labels of questions and answers. PSPP, R and Stata open it, too.")),
    "package": (_("Data package"), _("CSV in codes, word for word, with codebook and checksums: for analysts.")),
    "codebook": (_("Codebook"), _("Every column and code in words, and how often each came. It opens in the browser.")),
}  # fmt: skip
"""What each file is called, and what it is for."""

CHUNK = 1 << 16


@SCREEN.get("/forms/<name>/downloads/")
def show(visit: Visit, name: str) -> Response:
    """Show what can be downloaded, of all answers or of those that the address says, and what was asked for."""
    form = visit.form(name)
    if form is None:
        return visit.no_form()
    answers = answers_of(visit, form)
    asked = read(request.args.to_dict(flat=False), answers, opened=False)
    return _page(visit, form, narrowed=asked.of_files(opened=False))


@SCREEN.post("/forms/<name>/downloads", command="export")
def ask(visit: Visit, name: str) -> Response:
    """Make a file without what is personal."""
    return _ask(visit, name, personal=False)


@SCREEN.post("/forms/<name>/downloads/personal", right=Right.PEOPLE, command="export", fresh=True)
def ask_personal(visit: Visit, name: str) -> Response:
    """Make a file with what is personal."""
    return _ask(visit, name, personal=True)


@SCREEN.get("/downloads/<download_id>")
def wait(visit: Visit, download_id: str) -> Response:
    """Show how far a file is."""
    download = visit.service.store.downloads.one(download_id, visit.account.account_id)
    form = visit.form(download.form) if download else None
    if download is None or form is None:
        return _gone(visit)
    folder = visit.service.settings.data / FOLDER / download_id
    return visit.page(
        "forms/download.html",
        visit.say(CALLED[download.kind][0]),
        form=form,
        download=download,
        waits=download.made_at is None and download.fault is None,
        size=_size_of(folder),
        until=download.made_at + DOWNLOADS_KEPT if download.made_at else None,
        zone=visit.service.settings.community.zone,
        told=_told(visit, answers_of(visit, form), download.filter, personal=bool(download.personal)),
    )


@SCREEN.post("/downloads/<download_id>", command="export")
def fetch(visit: Visit, download_id: str) -> Response:
    """Hand out a file without what is personal."""
    return _fetch(visit, download_id, personal=False)


@SCREEN.post("/downloads/<download_id>/personal", right=Right.PEOPLE, command="export", fresh=True)
def fetch_personal(visit: Visit, download_id: str) -> Response:
    """Hand out a file with what is personal."""
    return _fetch(visit, download_id, personal=True)


def _told(visit: Visit, answers: Answers, narrowed: str, *, personal: bool) -> str:
    """Say which answers are in a file; empty for all."""
    found = read_of_files(narrowed, answers, personal=personal)
    if not narrowed or not found:
        return ""
    asked, language = found[0], answers.language(visit.language)
    locale = locale_of(visit.language)
    since = [visit.say("from {day}", day=format_date(asked.first, locale=locale))] if asked.first else []
    until = [visit.say("to {day}", day=format_date(asked.last, locale=locale))] if asked.last else []
    words = [visit.say("with “{words}”", words=asked.text)] if asked.text else []
    chosen = [
        f"{answers.title(name, language)} – {answers.choices(name, language)[code]}"
        for name, code in asked.choices.items()
    ]
    return "; ".join([*since, *until, *words, *chosen])


def _size_of(folder: Path) -> int:
    """Give the bytes that lie in a folder in which files come and go."""
    sizes = []
    with suppress(OSError):
        for path in folder.rglob("*"):
            with suppress(FileNotFoundError):
                sizes.append(path.stat().st_size * path.is_file())
    return sum(sizes)


def _page(visit: Visit, form: Form, *, problem: str = "", narrowed: str = "") -> Response:
    answers = answers_of(visit, form)
    language = answers.language(visit.language)
    asked = [one for one in visit.service.store.downloads.of_account(visit.account.account_id) if one.form == form.name]
    return visit.page(
        "forms/downloads.html",
        form.wording(language).title,
        part="Downloads",
        status=422 if problem else 200,
        form=form,
        problem=problem,
        kinds=[(kind, visit.say(called), visit.say(what)) for kind, (called, what) in CALLED.items()],
        closed=[answers.title(field, language) for field in answers.closed],
        redacted=answers.redacted,
        sealed=bool(answers.sealed),
        asked=[
            (one, visit.say(CALLED[one.kind][0]), _told(visit, answers, one.filter, personal=bool(one.personal)))
            for one in asked
        ],
        told=_told(visit, answers, narrowed, personal=False),
        pairs=parse_qsl(narrowed),
        home=f"{DESK}/forms/{form.name}/downloads",
        zone=visit.service.settings.community.zone,
    )


def _ask(visit: Visit, name: str, *, personal: bool) -> Response:
    form, kind, service = visit.form(name), visit.field("kind"), visit.service
    if form is None:
        return visit.no_form()
    if kind not in KINDS:
        return _page(visit, form, problem=visit.say("Choose one of the files below."))
    answers, opened = answers_of(visit, form), personal and visit.field(OPENED) == "yes"
    narrowed = read(visit.posted, answers, opened=opened).of_files(opened=opened)
    visit.note("download-personal" if personal else "download", form=name)
    if kind not in BY_JOB and service.store.counts(name).get(State.KEPT, 0) <= AT_ONCE:
        found = read_of_files(narrowed, answers, personal=personal) if narrowed else None
        return _at_once(visit, form, kind, personal=personal, wanted=found[1] if found else None)
    download = Download(new_id(), visit.account.account_id, name, kind, int(personal), visit.now(), filter=narrowed)
    waited_for = service.store.downloads.ask(download)
    if waited_for is None:
        return _page(
            visit, form, problem=visit.say("You have {count} files here already. Each goes after an hour.", count=MOST)
        )
    return visit.go(f"{DESK}/downloads/{waited_for.download_id}")


def _at_once(visit: Visit, form: Form, kind: str, *, personal: bool, wanted: Wanted | None) -> Response:
    service = visit.service
    folder = service.settings.data / FOLDER
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="now-", dir=folder) as beside:
            made = make_download(
                service.store,
                form.name,
                kind,
                Path(beside) / "file",
                visit.now(),
                secret=service.secret,
                personal=personal,
                language=visit.language,
                wanted=wanted,
            )
            return _handed_out(made.name, made.read_bytes())
    except StoreUnavailable:
        raise
    except (FormsError, ServiceProblem, OSError):
        return _page(visit, form, problem=visit.say("The file could not be made. Tell whoever runs the service."))


def _fetch(visit: Visit, download_id: str, *, personal: bool) -> Response:
    service = visit.service
    download = service.store.downloads.one(download_id, visit.account.account_id)
    if download is None or not download.file or not download.made_at or bool(download.personal) is not personal:
        return _gone(visit)
    path = service.settings.data / FOLDER / download_id / download.file
    over = visit.now() > download.made_at + DOWNLOADS_KEPT
    if over or not service.store.downloads.is_current(download) or not path.is_file():
        return _gone(visit)
    visit.note("download-personal" if personal else "download", form=download.form)
    answer = _handed_out(download.file, _chunks(path))
    answer.content_length = path.stat().st_size
    return answer


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _handed_out(name: str, content: bytes | Iterator[bytes]) -> Response:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(content, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _gone(visit: Visit) -> Response:
    return visit.stop(
        visit.say("This file is not here any more"),
        visit.say("A file is kept for an hour, and not at all once an answer in it was erased or corrected. Ask anew."),
        status=404,
        back=f"{DESK}/forms/",
    )
