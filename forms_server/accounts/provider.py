"""What is asked of a provider of OpenID Connect, by `authlib`: loaded only where somebody signs in by one.

All that it answers is read up to a size and within a time, and no redirect is followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import PreparedRequest, RequestException, Response
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from bacheca.forms.limits import PROVIDER_ANSWER
from forms_server.accounts.sign_in import FRESH_FOR
from forms_server.settings import Settings

PATIENCE = 10
"""How long the provider may take for an answer, in seconds."""

SKEW = 60
"""How far its clock may be from ours, in seconds."""

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""How a provider may sign: with a key of its own, and never with none or with one that we have too."""


class ProviderAway(Exception):
    """The provider does not answer, or as none does."""


class ProviderRefused(Exception):
    """The provider does not confirm who somebody is, or not for us and now."""


class _Bounded(HTTPAdapter):
    """Takes answers of a size and within a time."""

    def send(self, request: PreparedRequest, **options: Any) -> Response:  # type: ignore[override]
        """Send a request.

        Raises:
            RequestException: there is no answer, or one that is too long, too slow or cut short.
        """
        until, body = monotonic() + PATIENCE, b""
        try:
            answer = super().send(request, **{**options, "stream": True, "timeout": PATIENCE})
            while piece := answer.raw.read1(8192, decode_content=True):  # `read` would wait until there are as many
                body += piece
                if len(body) > PROVIDER_ANSWER or monotonic() > until:
                    answer.close()
                    raise RequestException("the answer of the provider is too long or too slow")
        except HTTPError:
            raise RequestException("the answer of the provider is cut short or broken") from None
        answer.raw = BytesIO(body)
        return answer


class Provider:
    """A provider, asked in one go; to be used in a `with` block.

    Args:
        settings: which provider, and what we are called there.
        back: where it leads back to.
    """

    def __init__(self, settings: Settings, back: str):
        self._settings, self._back = settings, back
        self._session = OAuth2Session(
            settings.oidc_client_id,
            settings.oidc_client_secret,
            scope="openid email",
            redirect_uri=back,
            code_challenge_method="S256",
        )
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, _Bounded())
        self._session.max_redirects = 0

    def __enter__(self) -> Provider:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def address(self, state: str, nonce: str, verifier: str) -> str:
        """Give where somebody signs in, who proves anew who they are if that is longer ago than it holds.

        Raises:
            ProviderAway: it does not say so.
        """
        address, _state = self._session.create_authorization_url(
            self._described()["authorization_endpoint"],
            state=state,
            nonce=nonce,
            code_verifier=verifier,
            max_age=int(FRESH_FOR.total_seconds()),
        )
        return str(address)

    def claims(self, code: str, nonce: str, verifier: str, now: datetime) -> Mapping[str, Any]:
        """Exchange a code for what the provider says of whoever brought it.

        Raises:
            ProviderAway: it does not answer.
            ProviderRefused: it does not confirm it.
        """
        described = self._described()
        try:
            token = self._session.fetch_token(
                described["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                redirect_uri=self._back,
            )
            keys = self._session.get(described["jwks_uri"], withhold_token=True).json()
            claims = read_claims(token, keys, self._settings, nonce, now)
            if "email" not in claims and "userinfo_endpoint" in described:
                more = self._session.get(described["userinfo_endpoint"]).json()
                claims = {**more, **claims} if more.get("sub") == claims["sub"] else claims
        except RequestException:
            raise ProviderAway from None
        except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, AttributeError):
            raise ProviderRefused from None
        return claims

    def _described(self) -> Mapping[str, str]:
        issuer = self._settings.oidc_issuer or ""
        try:
            answer = self._session.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration", withhold_token=True)
            found: Mapping[str, str] = answer.json()
            ends = [found[name] for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
            ends += [found["userinfo_endpoint"]] if "userinfo_endpoint" in found else []
            right = answer.status_code == 200 and found["issuer"] == issuer and all(is_safe(str(end)) for end in ends)
        except (RequestException, ValueError, KeyError, TypeError):
            right = False
        if not right:
            raise ProviderAway
        return found


def read_claims(
    token: Mapping[str, str], keys: Any, settings: Settings, nonce: str, now: datetime
) -> Mapping[str, Any]:
    """Read an ID token: signed by the provider, for us, in answer to this sign-in, proved minutes ago at most.

    Args:
        token: what the token endpoint gave: `id_token`, `access_token`.
        keys: the keys that the provider signs with (JWK set).
        settings: which provider, and what we are called there.
        nonce: what the sign-in was begun with.
        now: the time.

    Raises:
        JoseError: it is none of that.
        ValueError: the proof is too old.
    """
    decoded = jwt.decode(token["id_token"], KeySet.import_key_set(keys), algorithms=ALGORITHMS)
    wanted: Any = {
        "iss": {"essential": True, "value": settings.oidc_issuer},
        "aud": {"essential": True, "value": settings.oidc_client_id},
        "sub": {"essential": True},
    }
    params = {
        "nonce": nonce,
        "client_id": settings.oidc_client_id,
        "max_age": int(FRESH_FOR.total_seconds()),
        "access_token": token.get("access_token"),
    }
    claims = CodeIDToken(decoded.claims, decoded.header, wanted, params)
    claims.validate(now=int(now.timestamp()), leeway=SKEW)
    if now.timestamp() - claims["auth_time"] > FRESH_FOR.total_seconds() + SKEW:
        raise ValueError("the proof is too old")
    found: Mapping[str, Any] = dict(claims)
    return found


def is_safe(address: str) -> bool:
    """Tell whether nobody can listen on the way to an address."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1"))
