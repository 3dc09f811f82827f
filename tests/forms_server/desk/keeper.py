"""Somebody who looks after the answers, with a browser, a mailbox, and a device that keeps passkeys."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from html import unescape
from typing import Any

from click.testing import CliRunner
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData
from werkzeug.test import TestResponse

from forms_server.__main__ import main
from forms_server.accounts.invitations import Invitations
from forms_server.app import make_app
from forms_server.context import Service
from tests.forms_server.samples import Respondent

BASE = "http://localhost:8000"
PRESENT, VERIFIED, NEW = AuthenticatorData.FLAG.UP, AuthenticatorData.FLAG.UV, AuthenticatorData.FLAG.AT


class Device:
    """An authenticator: it makes a passkey and signs with it, as a browser hands it on.

    Args:
        origin: the page that asks.
        verifies: whether it asks who is holding it.
        counts: whether it says how often it has signed.
    """

    def __init__(self, origin: str = BASE, *, verifies: bool = True, counts: bool = True):
        self.origin, self.verifies, self.counts = origin, verifies, counts
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.signed = 0

    def make(self, options: Mapping[str, Any]) -> str:
        """Answer what asks for a new passkey."""
        public = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]
        data = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        whole = AuthenticatorData.create(self._name(options["rp"]["id"]), self._flags() | NEW, 0, bytes(data))
        said = {"attestationObject": websafe_encode(bytes(AttestationObject.create("none", whole, {})))}
        return self._answer("webauthn.create", options, said)

    def sign(self, options: Mapping[str, Any]) -> str:
        """Answer what asks for the passkey."""
        self.signed += self.counts
        whole = AuthenticatorData.create(self._name(options["rpId"]), self._flags(), self.signed)
        client = self._client("webauthn.get", options)
        signature = self.key.sign(bytes(whole) + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        said = {"authenticatorData": websafe_encode(bytes(whole)), "signature": websafe_encode(signature)}
        return self._answer("webauthn.get", options, said)

    def copy(self) -> Device:
        """Give another that has the same passkey, as whoever stole it would."""
        other = Device(self.origin, verifies=self.verifies, counts=self.counts)
        other.key, other.id, other.signed = self.key, self.id, self.signed
        return other

    def _flags(self) -> AuthenticatorData.FLAG:
        return PRESENT | VERIFIED if self.verifies else PRESENT

    def _name(self, name: str) -> bytes:
        return hashlib.sha256(name.encode()).digest()

    def _client(self, kind: str, options: Mapping[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _answer(self, kind: str, options: Mapping[str, Any], said: dict[str, str]) -> str:
        response = said | {"clientDataJSON": websafe_encode(self._client(kind, options))}
        name = websafe_encode(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


class Keeper:
    """Somebody at the desk of a service."""

    def __init__(self, service: Service, *, base: str = BASE):
        self.service, self.base = service, base
        self.browser = make_app(service).test_client()
        self.device = Device(base)

    def get(self, where: str) -> TestResponse:
        """Open a page of the desk."""
        return self.browser.get(where, base_url=self.base)

    def post(self, where: str, data: Mapping[str, str] | None = None, **headers: str) -> TestResponse:
        """Send a form of the desk, as its page does."""
        return self.browser.post(
            where,
            data=data or {},
            base_url=self.base,
            headers={"Origin": self.base} | {name.replace("_", "-"): said for name, said in headers.items()},
        )

    def invited(self, address: str, role: str) -> str:
        """Be invited; give the address of the page that the mail leads to."""
        service = self.service
        Invitations(service.store, service.secret, service.settings, service.intake.now).invite(address, role, "it")
        return self.mailed("invitation")

    def mailed(self, kind: str) -> str:
        """Give where the last mail of a kind leads to."""
        found = [
            re.search(rf"(/desk/{kind}/[\w-]{{43}})\?", mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
            for mail in Respondent(self.service).mails()
        ]
        return [match[1] for match in found if match][-1]

    def accept(self, link: str) -> TestResponse:
        """Make a passkey on the page of an invitation."""
        return self.post(link, {"credential": self.device.make(self.options(self.get(link)))})

    def come_in(self, device: Device | None = None) -> TestResponse:
        """Sign in with the passkey."""
        asked = self.options(self.get("/desk/sign-in"))
        return self.post("/desk/sign-in", {"credential": (device or self.device).sign(asked)})

    def asked_for_another(self) -> TestResponse:
        """Prove who they are where a passkey is added; give the page that asks for it."""
        asked = self.options(self.get("/desk/me/passkey"))
        return self.post("/desk/me/passkey/prove", {"credential": self.device.sign(asked)})

    @property
    def cookie(self) -> str:
        """The token of the session; empty where there is none."""
        found = self.browser.get_cookie("__Host-desk", domain="localhost")
        return found.value if found else ""

    @staticmethod
    def hidden(page: TestResponse) -> dict[str, str]:
        """Give the hidden fields of the form of a page, as a browser sends them back."""
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text)
        return {name: unescape(value) for name, value in found}

    @staticmethod
    def options(page: TestResponse) -> dict[str, Any]:
        """Give what a page asks of the device."""
        found = re.search(r'data-options="([^"]+)"', page.text)
        assert found, page.text
        options: dict[str, Any] = json.loads(unescape(found[1]))
        websafe_decode(options["challenge"])
        return options


def keeper(service: Service, role: str, address: str = "", *, base: str = BASE) -> Keeper:
    """Give somebody who has accepted an invitation, and is signed in."""
    somebody = Keeper(service, base=base)
    answer = somebody.accept(somebody.invited(address or f"{role}@example.org", role))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/"), answer.text
    return somebody


def command(service: Service, *words: str, code: int = 0, **more: str) -> str:
    """Run a command on the store of a service; give what it says."""
    settings = service.settings
    environ = {
        "FORMS_DATABASE_URL": settings.database_url.render_as_string(hide_password=False),
        "FORMS_CONTENT": str(settings.content),
        "FORMS_DATA": str(settings.data),
        "FORMS_SITE": "",
        "FORMS_SECRET_KEY": str(settings.secret_key),
    }
    done = CliRunner().invoke(main, list(words), env=environ | more)
    assert done.exit_code == code, done.output
    return done.output
