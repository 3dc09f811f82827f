"""Every address at once: looking writes nothing, nothing sets a cookie, and no way leads out of the house."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import make_url, select

from bacheca.forms.text import digest
from forms_server.app import make_app
from forms_server.context import Service
from forms_server.crypto.tokens import RANDOM_BYTES
from forms_server.database.engine import Work, make_engine
from forms_server.database.tables import metadata, outbox, responses
from forms_server.errors import StoreUnavailable
from forms_server.publishing.export import export_forms
from tests.forms_server.bad_input.strings import STRINGS
from tests.forms_server.samples import ADA, Respondent, link, running
from tests.forms_server.stored import beside, found_by_token
from tests.forms_server.test_posting import GOOD, KEY, OWN, hidden

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ELSEWHERE = "https://elsewhere.example"
XSS = [text for text in STRINGS if re.search(r"[<>\"'&]", text) and "\0" not in text]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("doors")
    url = make_url(f"sqlite:///{folder}/forms.db")
    with running(folder, url, lambda: NOW, published) as made:
        yield made


@pytest.fixture(scope="module")
def client(service: Service) -> FlaskClient:
    return make_app(service).test_client()


@pytest.fixture(scope="module")
def addresses(service: Service, client: FlaskClient) -> list[tuple[str, str]]:
    """Every address of the service with a method it takes, once with real tokens and once with others."""
    ada = Respondent(service)
    receipt, waiting = ada.answer_survey(_key=KEY + "porte"), ada.sign_up(_key=KEY + "porte")
    confirm = link(ada.mails()[-1], "confirm").partition("?")[0]
    filled = [
        {"name": "sondaggio", "token": receipt.rsplit("/", 1)[1], "file": "results.csv", "path": "x", "filename": "x"},
        {"name": "gruppo", "token": waiting.rsplit("/", 1)[1], "file": "datapackage.json", "path": "x"},
        {"name": "gruppo", "token": confirm.rsplit("/", 1)[1], "file": "x", "path": "x"},
        {"name": "niente", "token": "t" * 43, "file": "x", "path": "x"},
    ]
    found = []
    for rule in make_app(service).url_map.iter_rules():
        for values in filled:
            parts = re.split(r"<(?:\w+:)?(\w+)>", rule.rule)  # text, name, text, …
            address = "".join(values.get(part, "x") if at % 2 else part for at, part in enumerate(parts))
            found += [(method, address) for method in sorted(rule.methods or ())]
    return sorted(set(found))


def published(form: str) -> str:
    """Let a survey have results for everybody."""
    return form.replace("form:kind: survey", "form:kind: survey\nform:publish: results")


def fingerprint(service: Service) -> str:
    """Hash every row of every table, and every other file of the data folder."""
    engine = make_engine(service.settings.database_url)
    with engine.connect() as connection:
        rows = {name: sorted(map(repr, connection.execute(select(table)))) for name, table in metadata.tables.items()}
    engine.dispose()
    files = {str(path): digest(path.read_bytes().hex()) for path in service.settings.data.rglob("*") if path.is_file()}
    return digest({"rows": rows, **{path: found for path, found in files.items() if "forms.db" not in path}})


def test_looking_anywhere_writes_nothing(
    service: Service, client: FlaskClient, addresses: list[tuple[str, str]]
) -> None:
    looking = [(method, address) for method, address in addresses if method in ("GET", "HEAD", "OPTIONS")]
    assert len(looking) > 40
    before = fingerprint(service)
    for method, address in looking:
        for query in ("", "?lang=en", "?luogo=casa&_key=" + KEY):
            assert client.open(address + query, method=method, buffered=True).status_code < 500
        assert fingerprint(service) == before, (method, address)


def test_another_site_can_change_nothing_anywhere_not_even_by_a_view_that_forgets_to_look(
    service: Service, addresses: list[tuple[str, str]]
) -> None:
    app = make_app(service)
    app.add_url_rule("/forgets", view_func=lambda: "done", methods=["POST", "PUT", "DELETE"])
    client = app.test_client()
    unsafe = [(method, address) for method, address in addresses if method not in ("GET", "HEAD", "OPTIONS")]
    assert len(unsafe) > 10
    before = fingerprint(service)
    for method, address in [*unsafe, ("POST", "/forgets"), ("PUT", "/forgets"), ("DELETE", "/forgets"), ("POST", "/x")]:
        for sent in ({"Origin": ELSEWHERE}, OWN | {"Origin": "http://localhost:1"}):
            answer = client.open(address, method=method, data=GOOD | {"_key": KEY + "altrove"}, headers=sent)
            assert answer.status_code == 403, (method, address)
    assert fingerprint(service) == before
    assert client.post("/forgets", headers=OWN).status_code == 200


def is_public(address: str) -> bool:
    """Tell whether everybody may have what is there, on every page: results, and how many places are left."""
    return "/results/" in address or address == "/forms/state.json"


def test_no_answer_sets_a_cookie_or_lets_another_site_read_it(
    client: FlaskClient, addresses: list[tuple[str, str]]
) -> None:
    for method, address in addresses:
        headers = {"Origin": ELSEWHERE, "Cookie": "session=x", "Access-Control-Request-Method": "POST"}
        answer = client.open(address, method=method, headers=headers, buffered=True)
        assert "Set-Cookie" not in answer.headers, address
        opened = answer.headers.get("Access-Control-Allow-Origin")
        assert opened is None or (opened == "*" and is_public(address) and method != "POST"), address
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_every_answer_is_hardened_and_private(client: FlaskClient, addresses: list[tuple[str, str]]) -> None:
    for method, address in addresses:
        answer = client.open(address, method=method, headers=OWN, buffered=True)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "strict-origin"
        if answer.mimetype == "text/html":
            policy = answer.headers["Content-Security-Policy"]
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
        if not is_public(address):  # whatever may hold what was typed, or what opens a receipt
            assert answer.headers["Cache-Control"] == "no-store"
        if "/receipt/" in address or "/confirm/" in address:
            assert answer.headers["X-Robots-Tag"] == "noindex"


def test_no_address_and_no_query_leads_to_another_site(client: FlaskClient, addresses: list[tuple[str, str]]) -> None:
    traps = [f"?{name}={ELSEWHERE}/" for name in ("next", "url", "lang", "return_to", "redirect")]
    odd = ["//elsewhere.example", "/\\elsewhere.example", "/%2f%2felsewhere.example/%2e%2e", "/forms//elsewre.example/"]
    sent = [(method, address + trap) for method, address in addresses for trap in traps[:2] if method == "GET"]
    sent += [("POST", f"/forms/sondaggio{trap}") for trap in traps] + [("GET", address) for address in odd]
    for number, (method, address) in enumerate(sent):
        data = GOOD | {"_key": f"{KEY}{number}", "next": ELSEWHERE}
        headers = OWN | {"Host": "localhost", "X-Forwarded-Host": "elsewhere.example", "Referer": ELSEWHERE}
        answer = client.open(address, method=method, data=data if method == "POST" else None, headers=headers)
        where = urlsplit(answer.headers.get("Location", "/"))
        assert where.netloc in ("", "localhost"), address


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND"])
def test_only_the_methods_that_are_needed_are_taken(client: FlaskClient, method: str) -> None:
    answer = client.open("/forms/sondaggio", method=method, headers={"X-Secret": "segretissimo"})
    assert answer.status_code == 405
    assert "segretissimo" not in answer.text
    assert "POST" in answer.headers["Allow"]


def test_scripts_in_answers_are_text_wherever_they_are_shown(service: Service, client: FlaskClient) -> None:
    assert len(XSS) > 150
    for number in range(0, len(XSS), 7):
        text = XSS[number]
        posted = GOOD | {"commento": text * 3 + "x" * 60, "luogo": text, "_key": text, "_lang": text, text: text}
        shown = client.post("/forms/sondaggio", data=posted, headers=OWN)
        assert shown.status_code == 422
        checked = client.post("/forms/sondaggio", data={"commento": text[:50], "luogo": "casa", "_lang": "it"})
        assert checked.status_code in (200, 422)
        for page in (shown.text, checked.text):
            assert re.findall(r"<script(?![^>]*\b(src|type=.application))[^>]*>", page) == []
            assert not re.search(r"<(img|svg|iframe|object|math|video|body|a)\b[^>]*\son\w+\s*=", page, re.IGNORECASE)
            assert not re.search(r"(href|src|action)\s*=\s*[\"']?\s*javascript:", page, re.IGNORECASE)
        kept = checked if checked.status_code == 200 else None
        if kept:
            assert hidden(kept)["commento"].replace("\r", "") == text[:50].replace("\r", "")


@pytest.mark.parametrize(
    "text",
    ["{{1234*4321}}", "{% for x in y %}", "${1234*4321}", "#{1234*4321}", "<%= 1234*4321 %>", "{0.__class__}", "%s%n"],
)
def test_a_template_in_an_answer_stays_as_it_was_typed(service: Service, client: FlaskClient, text: str) -> None:
    key = KEY + hashlib.sha256(text.encode()).hexdigest()[:9]
    sent = client.post("/forms/sondaggio", data=GOOD | {"_key": key, "commento": text}, headers=OWN)
    page = client.get(sent.headers["Location"]).text
    escaped = text.replace("<", "&lt;").replace(">", "&gt;")
    assert escaped in page
    assert str(1234 * 4321) not in page


@pytest.mark.parametrize(
    "text", ["' OR '1'='1", "'; DROP TABLE responses;--", "\\'; SELECT 1;", '" UNION SELECT 1--', "%' --"]
)
def test_sql_in_an_answer_a_token_or_a_name_is_text(service: Service, client: FlaskClient, text: str) -> None:
    before = service.store.counts("sondaggio").get("kept", 0)
    key = KEY + hashlib.sha256(text.encode()).hexdigest()[:9]
    sent = client.post("/forms/sondaggio", data=GOOD | {"_key": key, "commento": text}, headers=OWN)
    assert sent.status_code == 303
    assert client.get(f"/forms/sondaggio/receipt/{text}").status_code == 404
    assert client.get(f"/forms/{text}").status_code == 404
    assert service.store.counts("sondaggio")["kept"] == before + 1
    asked = select(responses.c.answers).where(responses.c.form == "sondaggio")
    with beside(service.settings.database_url, Work.READ) as connection:
        stored = [row.answers["commento"] for row in connection.execute(asked)]
    assert text in stored


def test_what_the_form_does_not_ask_is_ignored(service: Service, client: FlaskClient) -> None:
    extra = {"state": "kept", "response_id": "1", "received_on": "1999-01-01", "channel": "mail", "is_admin": "true"}
    posted = GOOD | extra | {"_key": KEY + "extra"}
    where = client.post("/forms/sondaggio", data=posted, headers=OWN).headers["Location"]
    stored = found_by_token(service.store, "sondaggio", service.secret.token_hash("sondaggio", where.rsplit("/", 1)[1]))
    assert stored is not None
    assert dict(stored.answers) == {"luogo": "casa", "commento": "perché sì"}
    assert (stored.channel, stored.received_on) == ("web", NOW.date())


@pytest.mark.parametrize(
    "address", ["ada@example.org\r\nBcc: b@example.org", "ada@example.org\nX: y", "a@b.it%0aBcc:c@d.it"]
)
def test_no_header_can_be_put_into_a_mail(service: Service, client: FlaskClient, address: str) -> None:
    posted = ADA | {"_key": KEY + "mail", "email": address, "nome": "Ada\r\nBcc: b@example.org"}
    assert client.post("/forms/gruppo", data=posted, headers=OWN).status_code == 422
    with beside(service.settings.database_url, Work.READ) as connection:
        recipients = connection.scalars(select(outbox.c.recipient)).all()
    assert not any("\n" in recipient or "b@example.org" in recipient for recipient in recipients)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"),
        lambda key: ("A" if key[0] != "A" else "B") + key[1:],
        lambda key: key[:24],
        lambda key: key + "A",
        lambda key: key[24:] + key[:24],
    ],
    ids=["the end", "the beginning", "cut", "longer", "turned round"],
)
def test_a_key_of_a_check_page_that_was_tampered_with_is_none(
    service: Service, client: FlaskClient, spoil: Callable[[str], str]
) -> None:
    check = client.post("/forms/sondaggio", data=GOOD | {"_key": ""}, headers=OWN)
    spoilt = hidden(check) | {"_key": spoil(hidden(check)["_key"])}
    before = service.store.counts("sondaggio")
    assert client.post("/forms/sondaggio", data=spoilt).status_code == 200  # the check page once more
    assert service.store.counts("sondaggio") == before


def test_a_key_or_a_token_of_one_form_or_purpose_is_good_for_no_other(service: Service, client: FlaskClient) -> None:
    secret = service.secret
    person = secret.new_signed_key("gruppo")
    assert not secret.is_signed_key("sondaggio", person)
    assert not secret.is_signed_key("gruppo", secret.stamp("gruppo", 1))
    assert secret.stamped("gruppo", person) is None
    assert secret.doubted_at("gruppo", person) is None
    tokens = {secret.link_token(purpose, "gruppo", "r", "a") for purpose in ("confirm", "receipt")}
    assert len(tokens) == 2
    assert len({secret.token_hash(form, tokens.pop()) for form in ("gruppo",)} | {secret.token_hash("x", "t")}) == 2


def test_every_secret_has_128_bits_and_more(service: Service) -> None:
    assert RANDOM_BYTES * 8 >= 128
    assert len(service.secret.receipt_token("a", KEY)) * 6 >= 256
    assert len(service.intake.new_id()) * 4 == 128
    assert len({service.intake.new_id() for _ in range(1000)}) == 1000


@pytest.mark.parametrize("broken", [StoreUnavailable("XX000"), RuntimeError("canary4711"), MemoryError()])
def test_whatever_breaks_says_nothing_and_gives_no_receipt(
    service: Service, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, broken: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise broken

    monkeypatch.setattr(type(service.store), "keep", fail)
    sent = client.post("/forms/sondaggio", data=GOOD | {"_key": KEY + "rotto"}, headers=OWN)
    assert sent.status_code in (500, 503)
    assert "Location" not in sent.headers
    assert "kept only once" in sent.text or "una volta sola" in sent.text
    for word in ("canary4711", "Traceback", "XX000", "sqlite", "RuntimeError"):
        assert word not in sent.text


def test_when_the_origin_cannot_be_judged_nothing_is_kept(
    service: Service, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("canary4711")

    before = service.store.counts("sondaggio")
    monkeypatch.setattr(type(service.origin), "judge", fail)
    assert client.post("/forms/sondaggio", data=GOOD | {"_key": KEY + "guardia"}, headers=OWN).status_code == 500
    assert service.store.counts("sondaggio") == before


def test_the_application_is_never_in_debug_mode(service: Service) -> None:
    app = make_app(service)
    assert (app.debug, app.testing, app.config["PROPAGATE_EXCEPTIONS"]) == (False, False, None)
    assert make_app(service).test_client().get("/console").status_code == 404


def test_a_text_of_nearly_a_mebibyte_is_shown_back_whole(client: FlaskClient) -> None:
    text = "parola " * 149_000
    answer = client.post("/forms/sondaggio", data=GOOD | {"commento": text}, headers=OWN)
    assert answer.status_code == 422
    assert text in answer.text


def test_a_page_left_open_for_months_still_sends(tmp_path: Path) -> None:
    clock = [NOW]
    with running(tmp_path, make_url(f"sqlite:///{tmp_path}/forms.db"), lambda: clock[0]) as made:
        client = make_app(made).test_client()
        page = hidden(client.get("/forms/sondaggio"))
        clock[0] += timedelta(days=200)
        first = client.post("/forms/sondaggio", data=page | GOOD, headers=OWN)
        clock[0] += timedelta(days=1)
        second = client.post("/forms/sondaggio", data=page | GOOD, headers=OWN)
        assert (first.status_code, second.headers["Location"]) == (303, first.headers["Location"])
        (done,) = export_forms(made.store, ("sondaggio",), made.settings.data, clock[0])
        assert done.responses == 1
