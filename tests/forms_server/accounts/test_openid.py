"""Coming in by a real provider of OpenID Connect (`oidc-provider`), and whoever tries to come in as somebody else."""

from __future__ import annotations

import json
import subprocess
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import URL

from forms_server.accounts.invitations import Invitations
from forms_server.accounts.provider import Provider, ProviderAway, read_claims
from forms_server.context import Service
from forms_server.errors import SettingsProblem
from forms_server.settings import Settings
from tests.forms_server.desk.keeper import BASE, Keeper, keeper
from tests.forms_server.samples import Respondent, running
from tests.journeys.service import free_port
from tests.web.judges import HERE, PROGRAMS

BEGIN, BACK = "/desk/sign-in/openid", f"{BASE}/desk/sign-in/openid/back"
ADA = "ada-1|ada@example.org|yes"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A provider; its address."""
    if not (PROGRAMS / "oidc-provider").is_dir():
        pytest.skip("npm ci --prefix tests/web installs oidc-provider")
    port = free_port()
    command = ["node", str(HERE / "provider.mjs"), str(port), BACK]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        while "ready" not in (line := process.stdout.readline()):
            assert line, "the provider did not start"
        yield f"http://localhost:{port}"
        process.terminate()


def settings_for(issuer: str) -> dict[str, str]:
    return {
        "FORMS_OIDC_ISSUER": issuer,
        "FORMS_OIDC_CLIENT_ID": "desk",
        "FORMS_OIDC_CLIENT_SECRET": "desk has a secret of its own",
    }


@pytest.fixture
def service(tmp_path: Path, sqlite_url: URL, provider: str, now: list[datetime]) -> Iterator[Service]:
    """A service whose people come in by the provider, at the time that it is there too."""
    now[0] = datetime.now(UTC)
    with running(tmp_path, sqlite_url, lambda: now[0], str, **settings_for(provider)) as made:
        Keeper(made).invited("ada@example.org", "secretary")
        yield made


class Person(Keeper):
    """Somebody with an account at the provider."""

    def __init__(self, service: Service):
        super().__init__(service)
        self.elsewhere = requests.Session()

    def begin(self, onward: str = "") -> str:
        """Go to the provider; give its address."""
        answer = self.get(f"{BEGIN}?next={onward}")
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def prove(self, address: str, who: str) -> str:
        """Be who somebody is at the provider; give where it leads back to."""
        for _ in range(9):
            answer = self.elsewhere.get(address, allow_redirects=False, timeout=10)
            assert answer.is_redirect, answer.text
            address = answer.headers["Location"]
            if address.startswith(BACK):
                return address
            if "/interaction/" in address:
                address += f"?{urlencode({'as': who})}"
            if address.startswith("/"):
                address = self.service.settings.oidc_issuer + address  # type: ignore[operator]
        raise AssertionError(address)

    def come_by(self, who: str, onward: str = "") -> Any:
        """Come in as somebody of the provider."""
        return self.get(self.prove(self.begin(onward), who).removeprefix(BASE))


def changed(address: str, **values: str) -> str:
    page, _mark, query = address.partition("?")
    return f"{page}?{urlencode({**dict(parse_qsl(query)), **values})}"


def test_whoever_was_invited_comes_in_with_the_role_that_is_ours(service: Service, now: list[datetime]) -> None:
    ada = Person(service)
    assert "Accedi con localhost" in ada.get("/desk/sign-in").text
    asked = parse_qs(urlsplit(ada.begin()).query)
    assert (asked["code_challenge_method"], asked["max_age"], asked["response_type"]) == (["S256"], ["300"], ["code"])
    answer = ada.come_by(ADA, "/desk/me/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/me/"), answer.text
    assert "Segreteria" in ada.get("/desk/me/").text
    assert ada.get("/desk/accounts/").status_code == 403
    now[0] += timedelta(minutes=6)
    page = ada.post("/desk/me/passkey/drop")
    assert (page.status_code, "Accedi con localhost" in page.text) == (403, True)
    now[0] -= timedelta(minutes=6)
    assert ada.come_by(ADA, "/desk/me/passkey").headers["Location"] == "/desk/me/passkey"
    assert "organizzazione" in ada.get("/desk/me/passkey").text
    assert ada.post("/desk/me/passkey/drop").status_code == 303
    noted = {entry.action for entry in service.store.desk_log.newest(4)}
    assert noted == {"invite:secretary", "bound", "sign-in", "check"}


def test_nobody_comes_in_without_an_invitation_or_a_verified_address(service: Service) -> None:
    for who, why in (
        ("ada-1|ada@example.org|no", "non garantisce"),
        ("ada-1||yes", "non garantisce"),
        ("eva-1|eva@example.org|yes", "non ha un invito"),
        ("", "non ha confermato"),
    ):
        somebody = Person(service)
        answer = somebody.come_by(who)
        assert (answer.status_code, somebody.cookie) == (403, "")
        assert why in answer.text


def test_an_account_belongs_to_the_one_who_came_first_at_the_address_that_was_invited(service: Service) -> None:
    Keeper(service).invited("eva@example.org", "administrator")
    assert Person(service).come_by(ADA).status_code == 303
    assert Person(service).come_by("mallory|ada@example.org|yes").status_code == 403
    assert Person(service).come_by("ada-1|eva@example.org|yes").status_code == 403
    assert Person(service).come_by("eva-1|eva@example.org|yes").status_code == 303
    ada = service.store.accounts.of_address("ada@example.org")
    assert ada
    Keeper(service).invited("ada@example.org", "reader")
    assert ada.account_id not in service.store.accounts.bound()
    assert Person(service).come_by("ada-2|ada@example.org|yes").status_code == 303


def test_what_was_begun_comes_back_once_and_to_the_browser_that_began_it(service: Service, now: list[datetime]) -> None:
    ada, mallory = Person(service), Person(service)
    back = ada.prove(ada.begin(), ADA).removeprefix(BASE)
    kept = ada.browser.get_cookie("__Host-desk-openid", domain="localhost")
    assert kept
    mallory.begin()
    assert mallory.get(back).status_code == 403
    for other in (changed(back, iss="https://elsewhere.example"), changed(back, state="x" * 43)):
        ada.browser.set_cookie("__Host-desk-openid", kept.value, domain="localhost", secure=True, path="/")
        assert ada.get(other).status_code == 403
    back = ada.prove(ada.begin(), ADA).removeprefix(BASE)
    kept = ada.browser.get_cookie("__Host-desk-openid", domain="localhost")
    assert kept
    assert ada.get(back).status_code == 303
    ada.browser.set_cookie("__Host-desk-openid", kept.value, domain="localhost", secure=True, path="/")
    assert ada.get(back).status_code == 403
    fresh = ada.prove(ada.begin(), ADA).removeprefix(BASE)
    now[0] += timedelta(minutes=11)
    assert ada.get(fresh).status_code == 403


def test_a_code_that_was_used_or_made_for_another_sign_in_opens_nothing(service: Service) -> None:
    ada = Person(service)
    used = ada.prove(ada.begin(), ADA)
    assert ada.get(used.removeprefix(BASE)).status_code == 303
    code = parse_qs(urlsplit(used).query)["code"][0]
    for mended in ({"code": code}, {}):
        begun = ada.begin()
        back = ada.prove(begun if mended else changed(begun, nonce="another"), ADA)
        assert ada.get(changed(back, **mended).removeprefix(BASE)).status_code == 403, mended
    back = ada.prove(changed(ada.begin(), client_id="other"), ADA)
    assert ada.get(back.removeprefix(BASE)).status_code == 403


CLOSED = "http://localhost:9"
"""Where nobody answers."""

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
SECOND = int(NOW.timestamp())
KEY, STRANGE = RSAKey.generate_key(2048, {"kid": "one"}), RSAKey.generate_key(2048, {"kid": "one"})
OURS = Settings.from_environ(settings_for("https://id.example"))
CLAIMS = {
    "iss": "https://id.example",
    "aud": "desk",
    "sub": "ada-1",
    "exp": SECOND + 300,
    "iat": SECOND,
    "auth_time": SECOND - 60,
    "nonce": "the nonce",
}


def read(claims: Mapping[str, Any], key: Any = KEY, **header: str) -> Mapping[str, Any]:
    written = {"alg": "RS256", "kid": "one", **header}
    token = jwt.encode(written, dict(claims), key, algorithms=[written["alg"]])
    keys = {"keys": [KEY.as_dict(private=False)]}
    return read_claims({"id_token": token}, keys, OURS, "the nonce", NOW)


def test_an_id_token_is_signed_for_us_now_and_in_answer_to_this_sign_in() -> None:
    assert read(CLAIMS)["sub"] == "ada-1"
    for name, value in {
        "iss": "https://other.example",
        "aud": "other",
        "exp": SECOND - 120,
        "nonce": "another",
        "azp": "other",
        "auth_time": SECOND - 600,
        "sub": "",
    }.items():
        with pytest.raises((JoseError, ValueError)):
            read({**CLAIMS, name: value})
    for missing in ("iss", "aud", "exp", "iat", "nonce", "auth_time", "sub"):
        with pytest.raises((JoseError, ValueError)):
            read({name: value for name, value in CLAIMS.items() if name != missing})
    with pytest.raises(JoseError):
        read({**CLAIMS, "aud": ["desk", "other"]})


def test_an_id_token_that_somebody_else_signed_or_nobody_is_none() -> None:
    with pytest.raises(JoseError):
        read(CLAIMS, STRANGE)
    with pytest.raises(JoseError):
        read(CLAIMS, OctKey.import_key(json.dumps(KEY.as_dict(private=False))), alg="HS256")
    for header in ('{"alg":"none"}', '{"alg":"none","kid":"one"}'):
        parts = [jwt.encode({"alg": "RS256"}, CLAIMS, KEY).split(".")[1]]
        token = ".".join([_text(header), *parts, ""])
        with pytest.raises(JoseError):
            read_claims({"id_token": token}, {"keys": [KEY.as_dict(private=False)]}, OURS, "the nonce", NOW)


def _text(said: str) -> str:
    return urlsafe_b64encode(said.encode()).decode().rstrip("=")


class Odd(BaseHTTPRequestHandler):
    """A server that answers as no provider does."""

    def do_GET(self) -> None:
        here = f"http://{self.headers['Host']}"
        kind = self.path.split("/")[1]
        self.send_response(302 if kind == "elsewhere" else 200)
        self.send_header("Location", f"{here}/right/.well-known/openid-configuration")
        if kind == "short":
            self.send_header("Content-Length", "900")
        self.end_headers()
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        said = {"issuer": f"{here}/right", **{name: f"{here}/{name}" for name in names}}
        said |= {"plain": {"jwks_uri": "http://id.example/keys"}, "long": {"filled": "x" * 300_000}}.get(kind, {})
        said |= {"issuer": f"{here}/{kind}"} if kind != "other" else {}
        with suppress(ConnectionError):
            self.wfile.write(b"[" if kind == "broken" else json.dumps(said).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_a_provider_that_is_away_or_answers_as_none_does_is_named(
    tmp_path: Path, sqlite_url: URL, now: list[datetime]
) -> None:
    with ThreadingHTTPServer(("localhost", 0), Odd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        here = f"http://localhost:{server.server_port}"
        with running(tmp_path, sqlite_url, lambda: now[0], str, **settings_for(f"{here}/right")) as service:
            Keeper(service).invited("ada@example.org", "reader")
            assert Keeper(service).get(BEGIN).status_code == 303
            for kind in (
                *(f"{here}/{kind}" for kind in ("other", "long", "plain", "broken", "elsewhere", "short")),
                CLOSED,
            ):
                ada = Keeper(replace(service, settings=replace(service.settings, oidc_issuer=kind)))
                answer = ada.get(BEGIN)
                assert answer.status_code == 503, kind
                assert "localhost non risponde come dovrebbe" in answer.text
        server.shutdown()


class Dripping(BaseHTTPRequestHandler):
    """A provider that gives its answer a byte at a time, and notices when nobody waits any more."""

    left_alone = threading.Event()

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "8000")
        self.end_headers()
        try:
            for _ in range(400):
                self.wfile.write(b" ")
                self.left_alone.wait(0.01)
        except ConnectionError:
            self.left_alone.set()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_a_provider_that_drips_is_not_waited_for_longer_than_it_may_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forms_server.accounts.provider.PATIENCE", 0.3)
    with ThreadingHTTPServer(("localhost", 0), Dripping) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        issuer = f"http://localhost:{server.server_port}"
        settings = Settings.from_environ({"FORMS_DATA": str(tmp_path)} | settings_for(issuer))
        with Provider(settings, BACK) as provider, pytest.raises(ProviderAway):
            provider.address("state", "nonce", "v" * 43)
        assert Dripping.left_alone.wait(10)
        server.shutdown()


def test_what_was_sealed_for_something_else_begins_no_sign_in(
    tmp_path: Path, sqlite_url: URL, now: list[datetime]
) -> None:
    with running(tmp_path, sqlite_url, lambda: now[0], str, **settings_for(CLOSED)) as service:
        mallory = Keeper(service)
        mallory.invited("ada@example.org", "reader")
        _seed, kept = Invitations(service.store, service.secret, service.settings, lambda: now[0]).seed("token")
        mallory.browser.set_cookie("__Host-desk-openid", kept, domain="localhost", secure=True, path="/")
        answer = mallory.get(f"{BEGIN}/back?state=x&code=y")
        assert (answer.status_code, "ricomincia" in answer.text) == (403, True)


def test_an_account_with_a_passkey_is_bound_only_while_its_owner_is_here(
    tmp_path: Path, sqlite_url: URL, now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path, sqlite_url, lambda: now[0], str, **settings_for(CLOSED)) as service:
        ada, mallory = keeper(service, "administrator", "ada@example.org"), Keeper(service)
        monkeypatch.setattr(Provider, "address", lambda _self, state, **_: f"https://id.example/?{state}")

        def come_back(who: Keeper, subject: str) -> int:
            claims = {"sub": subject, "email": "ada@example.org", "email_verified": True}
            monkeypatch.setattr(Provider, "claims", lambda *_: claims)
            state = who.get(BEGIN).headers["Location"].partition("?")[2]
            answer = who.get(f"{BEGIN}/back?state={state}&code=y")
            assert answer.status_code == 303 or "Prima accedi così" in answer.text
            return answer.status_code

        assert come_back(mallory, "mallory") == 403
        assert mallory.cookie == ""
        assert come_back(ada, "ada-1") == 303
        assert come_back(Keeper(service), "ada-1") == 303
        assert [entry.action for entry in service.store.desk_log.newest(9)].count("bound") == 1
        (told,) = [mail for mail in Respondent(service).mails() if "organizzazione" in mail["Subject"]]
        assert told["To"] == "ada@example.org"
        assert "localhost" in told.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_the_three_settings_belong_together() -> None:
    for name in settings_for(""):
        with pytest.raises(SettingsProblem, match="set all three, or none"):
            Settings.from_environ({**settings_for("https://id.example"), name: ""})
    for issuer in ("http://id.example", "https://ada@id.example", "https://id.example/?x", "id.example"):
        with pytest.raises(SettingsProblem, match="not a provider"):
            Settings.from_environ(settings_for(issuer))
    assert "secret" not in repr(replace(OURS, data=Path("x")))
