"""Publishing: when results may be shown, what comes after what, and which comments are quoted.

One calendar: the same few responses, published day after day.
"""

from __future__ import annotations

import gzip
import json
import random
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import pytest
from click.testing import CliRunner
from sqlalchemy import make_url

from bacheca.forms import Form, read_response
from bacheca.forms.package.package import validate_package
from bacheca.forms.results.package import open_results
from bacheca.forms.results.results import Row
from bacheca.forms.results.tally import crossings_of
from forms_server.__main__ import main
from forms_server.app import make_app, make_service
from forms_server.context import Service
from forms_server.crypto.sealing import make_key
from forms_server.mail.sender import sender_of
from forms_server.operations.jobs import Caretaker
from forms_server.operations.schedule import Scheduler
from forms_server.publishing.quotations import Reviews
from forms_server.publishing.results import Publication, PublishingRefused, publish, publish_due, published
from forms_server.settings import Settings
from tests.forms_server.test_posting import KEY, OWN

FORM = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: {name}
title: Strumenti
form:kind: {kind}
form:publish: {publish}
form:disclosure: {disclosure}
form:closes: "2026-12-31"
fields:
- name: usi
  title: Usi una griglia?
  type: string
  categories:
  - {{value: si, label: Sì}}
  - {{value: no, label: No}}
  - {{value: mai, label: Mai più}}
- name: come
  title: Come?
  type: string
  form:widget: textarea
- name: citami
  title: Potete citare il mio commento
  type: boolean
  form:widget: consent
  form:notice: Potete pubblicare il mio commento senza il mio nome.
  form:quotes: [come]
"""
NAMES = {
    "inchiesta": ("survey", "results", "suppression"),
    "voto": ("poll", "results", "suppression"),
    "arrotondato": ("poll", "results", "rounding"),
    "riservata": ("survey", "nothing", "suppression"),
}
OPEN = datetime(2026, 11, 23, 12, tzinfo=UTC)
CLOSED = datetime(2027, 1, 2, 12, tzinfo=UTC)


@pytest.fixture
def now() -> list[datetime]:
    return [OPEN]


@contextmanager
def running(folder: Path, now: Callable[[], datetime]) -> Iterator[Service]:
    (folder / "forms").mkdir(exist_ok=True)
    for name, (kind, publishes, disclosure) in NAMES.items():
        text = FORM.format(name=name, kind=kind, publish=publishes, disclosure=disclosure)
        (folder / "forms" / f"{name}.yaml").write_text(text, encoding="utf-8")
    made = make_service(Settings.from_environ(environ(folder)), now)
    try:
        yield made
    finally:
        made.store.close()


def environ(folder: Path) -> dict[str, str]:
    return {
        "FORMS_DATABASE_URL": str(make_url(f"sqlite:///{folder / 'data' / 'forms.db'}")),
        "FORMS_CONTENT": str(folder / "forms"),
        "FORMS_DATA": str(folder / "data"),
        "FORMS_SITE": "",
    }


@pytest.fixture
def service(tmp_path: Path, now: list[datetime]) -> Iterator[Service]:
    with running(tmp_path, lambda: now[0]) as made:
        yield made


def answer(service: Service, name: str, count: int, **answers: str) -> None:
    """Have some people answer a form, each at random unless said."""
    form = service.forms[name].form
    for _ in range(count):
        given = {"usi": random.choice(["si", "no"]), **answers}
        response, problems = read_response(form, {key: [value] for key, value in given.items()}, "it")
        assert not problems
        service.intake.keep(form, response, f"{random.getrandbits(160):040x}")


def attempt(service: Service, name: str = "inchiesta", *, early: bool = False) -> Publication:
    form = service.forms[name].form
    return publish(service.store, form, service.settings.data, service.intake.now(), early=early).became


def counts(service: Service, name: str = "inchiesta") -> dict[str, str]:
    found = published(service.settings.data, service.forms[name].form)
    assert found is not None
    return {row.category: row.value for row in found.rows if row.field == "usi" and row.measure == "count"}


def test_an_open_survey_is_published_only_when_asked_for(service: Service) -> None:
    answer(service, "inchiesta", 60)
    assert attempt(service) is Publication.EARLY
    assert not (service.settings.data / "results" / "inchiesta").exists()
    assert attempt(service, early=True) is Publication.PUBLISHED


def test_a_closed_survey_is_published(service: Service, now: list[datetime]) -> None:
    answer(service, "inchiesta", 60)
    now[0] = CLOSED
    assert attempt(service) is Publication.PUBLISHED
    validate_package(service.settings.data / "results" / "inchiesta" / "datapackage.json")
    found = published(service.settings.data, service.forms["inchiesta"].form)
    assert found is not None
    assert str(found.until) == "2026-12-31"


def test_a_form_that_publishes_nothing_is_refused(service: Service) -> None:
    with pytest.raises(PublishingRefused):
        attempt(service, "riservata", early=True)


def test_too_few_responses_are_not_published(service: Service) -> None:
    answer(service, "voto", 4)
    assert attempt(service, "voto") is Publication.SMALL
    assert published(service.settings.data, service.forms["voto"].form) is None


def test_a_publication_waits_until_every_count_has_grown_enough(service: Service) -> None:
    answer(service, "voto", 20, usi="si")
    answer(service, "voto", 20, usi="no")
    assert attempt(service, "voto") is Publication.PUBLISHED
    first = counts(service, "voto")
    answer(service, "voto", 9, usi="si")
    answer(service, "voto", 1, usi="no")
    assert attempt(service, "voto") is Publication.HELD
    assert counts(service, "voto") == first
    answer(service, "voto", 5, usi="no")
    assert attempt(service, "voto") is Publication.SMALL  # twice as many are waited for, whatever they answer
    answer(service, "voto", 5, usi="mai")
    assert attempt(service, "voto") is Publication.PUBLISHED
    assert counts(service, "voto") != first


def test_a_publication_that_did_not_reach_the_public_is_not_compared_with(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(service, "voto", 30, usi="si")
    answer(service, "voto", 30, usi="no")
    assert attempt(service, "voto") is Publication.PUBLISHED
    answer(service, "voto", 30, usi="si")
    answer(service, "voto", 30, usi="no")
    answer(service, "voto", 30, usi="mai")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("forms_server.publishing.results.write_results", full)
        with pytest.raises(OSError, match="No space"):
            attempt(service, "voto")
    assert attempt(service, "voto") is Publication.PUBLISHED
    assert counts(service, "voto")["si"] == "60"


def test_exact_counts_are_for_their_owner_alone(service: Service) -> None:
    answer(service, "voto", 40)
    attempt(service, "voto")
    private = service.settings.data / "publications"
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert stat.S_IMODE((private / "voto.json").stat().st_mode) == 0o600


def test_a_comment_is_quoted_only_when_approved_and_agreed_to(service: Service) -> None:
    answer(service, "voto", 40)
    answer(service, "voto", 1, come="Scrivo a Mario Rossi, mario@example.org", citami="true")
    answer(service, "voto", 1, come="Senza permesso")
    assert attempt(service, "voto") is Publication.PUBLISHED
    form = service.forms["voto"].form
    reviews = Reviews(service.settings.data, form)
    with service.store.snapshot() as snapshot:
        comments = {comment.text: comment for comment in reviews.comments(snapshot)}
    agreed = comments["Scrivo a Mario Rossi, mario@example.org"]
    assert agreed.suggested == "Scrivo a […], […]"
    with pytest.raises(Exception, match="did not agree"):
        reviews.approve(comments["Senza permesso"], "Senza permesso")
    reviews.approve(agreed, agreed.suggested)
    assert attempt(service, "voto") is Publication.PUBLISHED  # the same counts, and a quotation
    found = published(service.settings.data, form)
    assert found is not None
    assert [said.text for said in found.quotations] == ["Scrivo a […], […]"]
    with service.store.snapshot() as snapshot:
        (approved,) = reviews.of(snapshot, agreed.response_id)
    reviews.reject(approved)
    assert attempt(service, "voto") is Publication.PUBLISHED
    files = [file.read_text(encoding="utf-8") for file in (service.settings.data / "results" / "voto").iterdir()]
    assert not any("Scrivo" in text or "Senza permesso" in text for text in files)


def test_looking_at_results_reads_files_and_nothing_else(
    service: Service, now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make_app(service).test_client()
    files = ("", "/datapackage.json", "/results.csv", "/results.json", "/quotations.csv")
    addresses = [f"/forms/{name}/results{file}" for name in NAMES for file in files]

    def look() -> dict[str, int]:
        return {address: client.get(address).status_code for address in addresses}

    def whole() -> dict[Path, tuple[bytes, int]]:
        data = service.settings.data
        return {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in data.rglob("*") if file.is_file()}

    for name in NAMES:
        answer(service, name, 40)
    now[0] = CLOSED
    with monkeypatch.context() as spied:
        spied.setattr(type(service.store), "snapshot", lambda _: pytest.fail("the store was read"))
        spied.setattr("bacheca.forms.package.package.validate_package", lambda *_: pytest.fail("validated again"))
        before = whole()
        assert look()["/forms/voto/results/datapackage.json"] == 404  # due, and nobody has published it
        assert whole() == before
    assert attempt(service, "voto") is Publication.PUBLISHED
    with monkeypatch.context() as spied:
        spied.setattr(type(service.store), "snapshot", lambda _: pytest.fail("the store was read"))
        spied.setattr("bacheca.forms.package.package.validate_package", lambda *_: pytest.fail("validated again"))
        before = whole()
        assert look()["/forms/voto/results/datapackage.json"] == 200
        assert whole() == before
    assert not (service.settings.data / "packages").exists()  # nobody asked for an export


def test_a_published_poll_is_a_page_and_a_package(service: Service) -> None:
    answer(service, "voto", 30, usi="si")
    answer(service, "voto", 30, usi="no")
    assert attempt(service, "voto") is Publication.PUBLISHED
    client = make_app(service).test_client()
    page = client.get("/forms/voto/results")
    assert page.status_code == 200
    assert "results-bar" in page.text
    package = client.get("/forms/voto/results/datapackage.json")
    assert package.get_json()["bacheca:form"] == "voto"
    assert package.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get("/forms/voto/results/results.csv").text.startswith("field,category")


def test_a_page_of_results_says_where_the_service_is_not_where_somebody_claims_to_ask(service: Service) -> None:
    answer(service, "voto", 30, usi="si")
    answer(service, "voto", 30, usi="no")
    assert attempt(service, "voto") is Publication.PUBLISHED
    settings = replace(service.settings, public_url="https://forms.example.org")
    client = make_app(replace(service, settings=settings)).test_client()
    page = client.get("/forms/voto/results", headers={"Host": "elsewhere.example"}).text
    assert "https://forms.example.org/forms/voto/results/" in page
    assert "elsewhere.example" not in page


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br"])
def test_only_what_everybody_sees_alike_is_compressed(service: Service, accepted: str) -> None:
    answer(service, "voto", 30, usi="si")
    answer(service, "voto", 30, usi="no")
    assert attempt(service, "voto") is Publication.PUBLISHED
    client = make_app(service).test_client()
    asking, encoding = {"Accept-Encoding": accepted}, accepted.rsplit(", ", maxsplit=1)[-1]
    unpacked = {"gzip": gzip.decompress, "br": brotli.decompress}[encoding]
    for address in ("/forms/voto/results", "/forms/voto/results/datapackage.json", "/forms/voto/results/results.json"):
        plain, packed = client.get(address), client.get(address, headers=asking)
        assert packed.headers["Content-Encoding"] == encoding
        assert unpacked(packed.data) == plain.data
        assert len(packed.data) < len(plain.data) / 2
        assert "Content-Encoding" not in plain.headers
        assert {"Accept-Encoding"} <= set(plain.vary) & set(packed.vary)
        head = client.head(address, headers=asking)
        assert head.data == b""
        assert {name for name, _ in set(head.headers) ^ set(packed.headers)} == {"X-Request-Id"}
        for had, other in ((plain, asking), (packed, {})):
            if tag := had.headers.get("ETag"):
                same = asking if had is packed else {}
                again = client.get(address, headers=same | {"If-None-Match": tag})
                assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
                assert "Accept-Encoding" in again.vary
                assert client.get(address, headers=other | {"If-None-Match": tag}).status_code == 200
    refused = client.get("/forms/voto/results", headers={"Accept-Encoding": "gzip;q=0, br;q=0"})
    assert "Content-Encoding" not in refused.headers
    posted = {"data": {"_key": KEY, "_lang": "it", "usi": "si"}, "headers": OWN | asking}
    sent = client.post("/forms/voto", **posted)
    wrong = client.post("/forms/voto", data={"_lang": "it", "usi": "a" * 2000}, headers=OWN | asking)
    private = [client.get(where, headers=asking) for where in (sent.headers["Location"], "/forms/voto", "/forms/none")]
    private += [client.get(where, headers=asking) for where in ("/desk/", "/forms/voto/results/none?a=" + "a" * 2000)]
    for page in (sent, wrong, *private):
        assert "Content-Encoding" not in page.headers


def test_an_open_survey_says_when_its_results_come(service: Service) -> None:
    answer(service, "inchiesta", 30)
    client = make_app(service).test_client()
    assert "31 dicembre 2026" in client.get("/forms/inchiesta/results").text
    assert client.get("/forms/inchiesta/results/datapackage.json").status_code == 404


def test_a_closed_survey_of_too_few_says_so_whether_three_answered_or_nobody(
    service: Service, now: list[datetime]
) -> None:
    client, pages = make_app(service).test_client(), []
    now[0] = CLOSED
    for count in (0, 3):
        now[0] = OPEN
        answer(service, "inchiesta", count)
        now[0] = CLOSED
        (service.settings.data / "publications" / "inchiesta.json").unlink(missing_ok=True)
        assert attempt(service) is Publication.PUBLISHED
        pages.append(client.get("/forms/inchiesta/results").text)
    assert "troppo poche risposte" in pages[0]
    assert pages[0].split("results-about")[0] == pages[1].split("results-about")[0]


@pytest.mark.parametrize(
    "path",
    [
        "/forms/riservata/results",
        "/forms/nessuna/results",
        "/forms/voto/results/voto.json",
        "/forms/voto/results/..%2f..%2fforms.db",
    ],
)
def test_nothing_else_is_handed_out(service: Service, path: str) -> None:
    answer(service, "voto", 30)
    assert make_app(service).test_client().get(path).status_code == 404


def test_the_commands_publish_approve_and_reject(tmp_path: Path) -> None:
    with running(tmp_path, lambda: OPEN) as service:
        answer(service, "arrotondato", 40, usi="si")
        answer(service, "arrotondato", 1, come="Con un foglio di Ada Prova", citami="true")
    runner = CliRunner()

    def run(*command: str) -> str:
        done = runner.invoke(main, command, env=environ(tmp_path))
        assert done.exit_code == 0, done.output
        return done.output

    assert "published to" in run("publish-results", "arrotondato")
    assert "still open" in run("publish-results")
    listed = run("comments", "arrotondato")
    assert "suggested: Con un foglio di […]" in listed
    response = listed.split()[0]
    assert "approved: Con un foglio di […]" in run("approve", "arrotondato", response)
    assert run("comments", "arrotondato").startswith("0 comments")
    assert "published to" in run("publish-results", "arrotondato")
    said = json.loads((tmp_path / "data" / "results" / "arrotondato" / "results.json").read_text(encoding="utf-8"))
    assert said["quotations"] == [{"field": "come", "text": "Con un foglio di […]"}]
    again = run("publish-results", "arrotondato")
    assert ": nothing new since the publication of " in again
    assert "too few" not in again
    assert "rejected" in run("reject", "arrotondato", response)
    wrong = runner.invoke(main, ["approve", "arrotondato", "0" * 32], env=environ(tmp_path))
    assert (wrong.exit_code, "no comment" in wrong.output) == (1, True)


def test_a_poll_leads_to_its_results_once_answered_and_a_survey_does_not(service: Service) -> None:
    client = make_app(service).test_client()
    for name, leads in (("voto", True), ("inchiesta", False)):
        sent = client.post(f"/forms/{name}", data={"_key": KEY, "_lang": "it", "usi": "si"}, headers=OWN)
        assert sent.status_code == 303
        receipt = client.get(sent.headers["Location"]).text
        assert (f"/forms/{name}/results?lang=it" in receipt) is leads
        assert ("Guarda i risultati finora" in receipt) is leads


def keeper(service: Service) -> Caretaker:
    return Caretaker(
        service,
        sender_of(service.settings, service.secret, service.pages.shell, service.store, service.intake.now),
    )


def test_results_are_published_by_themselves_once_a_day_at_six(service: Service, now: list[datetime]) -> None:
    shown = service.settings.data / "results"
    for name in NAMES:
        answer(service, name, 40)
    looks_after = keeper(service)
    now[0] = datetime(2026, 11, 24, 4, 59, tzinfo=UTC)  # in Rome one hour later
    looks_after.round()
    assert not shown.exists()
    now[0] = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    looks_after.round()
    assert sorted(folder.name for folder in shown.iterdir()) == ["arrotondato", "voto"]
    assert (service.settings.data / "progress" / "progress.csv").is_file()
    now[0] = CLOSED
    looks_after.round()
    assert sorted(folder.name for folder in shown.iterdir()) == ["arrotondato", "inchiesta", "voto"]


def test_what_is_published_by_itself_does_not_depend_on_when_in_the_day(service: Service, now: list[datetime]) -> None:
    """A reload, a restart or a late timer must not show who answered since midnight."""
    voto, data = service.forms["voto"].form, service.settings.data
    for code in ("si", "no", "mai"):
        answer(service, "voto", 30, usi=code)
    now[0] += timedelta(days=1)
    for hour in (8, 12, 20):
        now[0] = now[0].replace(hour=hour)
        for code in ("si", "no", "mai"):
            answer(service, "voto", 20, usi=code)
        publish_due(service.store, voto, data, now[0])
        assert [counts(service, "voto")[code] for code in ("si", "no", "mai")] == ["30", "30", "30"]


def test_what_goes_wrong_with_one_form_does_not_keep_the_others_from_being_published(
    service: Service, now: list[datetime]
) -> None:
    for name in NAMES:
        answer(service, name, 40)
    (service.settings.data / "publications").mkdir()
    (service.settings.data / "publications" / "arrotondato.json").write_text("{", encoding="utf-8")
    now[0] += timedelta(days=1)
    keeper(service).round()
    assert [folder.name for folder in (service.settings.data / "results").iterdir()] == ["voto"]


def test_final_results_are_not_counted_again(
    service: Service, now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(service, "inchiesta", 40)
    now[0] = CLOSED
    publish_due(service.store, service.forms["inchiesta"].form, service.settings.data, now[0])
    assert published(service.settings.data, service.forms["inchiesta"].form) is not None
    monkeypatch.setattr("forms_server.publishing.results.publish", lambda *_, **__: pytest.fail("counted again"))
    publish_due(service.store, service.forms["inchiesta"].form, service.settings.data, now[0] + timedelta(days=1))


def test_closing_and_opening_at_the_desk_wipes_and_tells_nothing(service: Service, now: list[datetime]) -> None:
    """Closed, opened again, prolonged and back to its file, a form goes on to show what it shows."""

    def act(what: Callable[[Scheduler, Form], None]) -> None:
        what(Scheduler(service.store, service.intake.now, ""), service.forms.filed["inchiesta"].form)
        service.forms.reschedule(service.store.schedules.all())

    for code in ("si", "no", "mai"):
        answer(service, "inchiesta", 35, usi=code)
    act(Scheduler.close)
    assert attempt(service) is Publication.PUBLISHED
    first = counts(service)
    assert [first[code] for code in ("si", "no", "mai")] == ["35"] * 3
    act(Scheduler.open)
    answer(service, "inchiesta", 10, usi="si")
    assert attempt(service, early=True) is Publication.HELD
    act(Scheduler.close)
    assert attempt(service) is not Publication.PUBLISHED
    now[0] = CLOSED
    for what in (Scheduler.follow_file, Scheduler.open, Scheduler.close):
        answer(service, "inchiesta", 10, usi="si")
        act(what)
        assert attempt(service, early=True) in (Publication.HELD, Publication.SMALL)
        assert counts(service) == first


def test_only_one_publication_after_the_last_day_waits_for_nothing(service: Service, now: list[datetime]) -> None:
    for code, count, became in (
        ("si", 40, Publication.PUBLISHED),
        ("mai", 14, Publication.PUBLISHED),
        ("mai", 12, Publication.HELD),
    ):
        answer(service, "arrotondato", count, usi=code)
        assert attempt(service, "arrotondato") is became
        now[0] = CLOSED


def test_who_publishes_again_and_again_keeps_no_poll_empty(service: Service) -> None:
    chance = random.Random(7)
    for _ in range(40):
        for _ in range(5):
            answer(service, "voto", 1, usi=chance.choice(["si", "no", "mai"]))
        attempt(service, "voto")
    assert all(counts(service, "voto")[code] for code in ("si", "no", "mai"))


def test_a_question_that_few_answer_at_a_time_is_shown_in_the_end(service: Service) -> None:
    """Shown by what came since the last publication alone, it would be hidden each time."""
    for number in range(40):
        answer(service, "voto", 4, usi="si")
        answer(service, "voto", 2, usi="mai" if number % 2 else "no")
        attempt(service, "voto")
    assert all(counts(service, "voto")[code] for code in ("si", "no", "mai"))


def test_the_moment_of_a_publication_tells_nobody_s_vote(service: Service) -> None:
    """Somebody tries after each vote, and guesses that the last one is what grew by exactly the threshold."""
    chance, codes, right, guesses = random.Random(3), ("si", "no", "mai"), 0, 0
    seen = dict.fromkeys(codes, "0")
    for _ in range(240):
        vote = chance.choice(codes)
        answer(service, "voto", 1, usi=vote)
        if attempt(service, "voto") is Publication.PUBLISHED:
            now = counts(service, "voto")
            grown = [code for code in codes if int(now[code] or 0) - int(seen[code] or 0) == 5]
            guesses += 1
            right += grown == [vote]
            seen = now
    assert guesses > 4
    assert right <= guesses / 2


def test_a_poll_that_was_published_says_what_is_true_of_an_attempt(service: Service) -> None:
    answer(service, "voto", 200, usi="si")
    answer(service, "voto", 200, usi="no")
    form, data, when = service.forms["voto"].form, service.settings.data, service.intake.now()
    assert publish(service.store, form, data, when).became is Publication.PUBLISHED
    again = publish(service.store, form, data, when)
    assert (again.became, again.new, again.shown) == (Publication.SAME, 0, when)
    answer(service, "voto", 3)
    few = publish(service.store, form, data, when)
    assert (few.became, few.new, few.needed) == (Publication.SMALL, 3, 5)


def test_a_comment_is_not_quoted_before_its_response_is_counted(service: Service, now: list[datetime]) -> None:
    """Alone on the page the morning after, it would be the comment of the one who answered the day before."""
    for code in ("si", "no", "mai"):
        answer(service, "voto", 9, usi=code)
    assert attempt(service, "voto") is Publication.PUBLISHED
    form = service.forms["voto"].form
    now[0] += timedelta(days=1)
    answer(service, "voto", 1, usi="no", come="Con un foglio", citami="true")
    reviews = Reviews(service.settings.data, form)
    with service.store.snapshot() as snapshot:
        reviews.approve(next(iter(reviews.comments(snapshot))), "Con un foglio")
    assert attempt(service, "voto") is Publication.SMALL
    for code in ("si", "no", "mai"):
        answer(service, "voto", 9, usi=code)
    assert attempt(service, "voto") is Publication.PUBLISHED
    found = published(service.settings.data, form)
    assert found is not None
    assert [said.text for said in found.quotations] == ["Con un foglio"]


OPTIONS = """\
  - {value: si, label: Sì}
  - {value: no, label: No}
  - {value: mai, label: Mai più}
"""
TURNED = """\
  - {value: mai, label: Mai più}
  - {value: no, label: No}
  - {value: si, label: Sì}
"""
FEWER = """\
  - {value: si, label: Sì}
  - {value: no, label: No}
"""


@contextmanager
def edited(folder: Path, now: list[datetime], options: str) -> Iterator[Service]:
    """Serve the poll again with other options."""
    with running(folder, lambda: now[0]):
        pass
    file = folder / "forms" / "arrotondato.yaml"
    text = file.read_text(encoding="utf-8")
    assert OPTIONS in text
    file.write_text(text.replace(OPTIONS, options), encoding="utf-8")
    made = make_service(Settings.from_environ(environ(folder)), lambda: now[0])
    try:
        yield made
    finally:
        made.store.close()


def test_options_that_change_places_begin_no_results_anew(tmp_path: Path, now: list[datetime]) -> None:
    with running(tmp_path, lambda: now[0]) as service:
        for code in ("si", "no", "mai"):
            answer(service, "arrotondato", 20, usi=code)
        assert attempt(service, "arrotondato") is Publication.PUBLISHED
        page = make_app(service).test_client().get("/forms/arrotondato/results").text
        assert "in un solo giorno: 23 novembre 2026" in page
    now[0] += timedelta(days=2)
    with edited(tmp_path, now, TURNED) as service:
        assert service.forms["arrotondato"].resource == 2
        for code in ("si", "no", "mai"):
            answer(service, "arrotondato", 10, usi=code)
        assert attempt(service, "arrotondato") is Publication.PUBLISHED
        assert counts(service, "arrotondato") == {"mai": "30", "no": "30", "si": "30", "-": "0"}
        page = make_app(service).test_client().get("/forms/arrotondato/results").text
        assert "Contati dal" not in page
        assert "dal 23 novembre 2026 al 25 novembre 2026" in page


def test_a_question_that_changed_begins_anew_and_the_page_says_since_when(tmp_path: Path, now: list[datetime]) -> None:
    with running(tmp_path, lambda: now[0]) as service:
        for code in ("si", "no", "mai"):
            answer(service, "arrotondato", 20, usi=code)
        assert attempt(service, "arrotondato") is Publication.PUBLISHED
    now[0] += timedelta(days=2)
    with edited(tmp_path, now, FEWER) as service:
        for code in ("si", "no"):
            answer(service, "arrotondato", 10, usi=code)
        assert attempt(service, "arrotondato") is Publication.PUBLISHED
        assert counts(service, "arrotondato") == {"si": "10", "no": "10", "-": "0"}
        page = make_app(service).test_client().get("/forms/arrotondato/results").text
        assert "Contati dal 25 novembre 2026, quando sono cambiate queste domande: Usi una griglia?" in page


def test_what_was_counted_until_it_was_sealed_stays_published_and_is_counted_no_more(
    tmp_path: Path, now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = (
        "- {{name: giova, title: Ti giova?, type: boolean}}\n"
        "- {{name: dopo, title: E dopo?, type: boolean, form:showIf: {{field: usi, equals: si}}}}\n"
    )
    sensitive = FORM.replace("griglia?\n", "griglia?\n  form:privacy: sensitive\n") + asked
    monkeypatch.setattr(f"{__name__}.NAMES", {"voto": NAMES["voto"]})
    monkeypatch.setattr(f"{__name__}.FORM", sensitive.replace("fields:", "form:cross: [[usi, giova]]\nfields:"))
    with running(tmp_path, lambda: now[0]) as service:
        for code in ("si", "no"):
            for helps in ("true", "false"):
                answer(service, "voto", 20, usi=code, giova=helps, **({"dopo": helps} if code == "si" else {}))
        assert attempt(service, "voto") is Publication.PUBLISHED
        shown = published(service.settings.data, service.forms["voto"].form)
        assert shown is not None
        assert Row("usi", "si", "", "", "count", "40") in shown.rows
        assert Row("dopo", "true", "", "", "count", "20") in shown.rows
    monkeypatch.setattr(f"{__name__}.FORM", sensitive.replace("fields:", "form:seal: true\nfields:"))
    for name in ("ada", "eva"):
        make_key(tmp_path / name, name, tmp_path / "forms")
    now[0] = CLOSED
    with running(tmp_path, lambda: now[0]) as service:
        form = service.forms["voto"].form
        results = service.settings.data / "results" / "voto"
        browser = make_app(service).test_client()
        assert open_results(results, form).rows
        assert browser.get("/forms/voto/results").status_code == 200
        for helps in ("true", "false"):
            answer(service, "voto", 20, giova=helps)
        assert attempt(service, "voto") is Publication.PUBLISHED
        assert {row.field for row in open_results(results, form).rows} == {"", "come", "giova"}
        assert browser.get("/forms/voto/results").status_code == 200
        assert crossings_of(replace(form, crossings=(("giova", "usi"),))) == []
