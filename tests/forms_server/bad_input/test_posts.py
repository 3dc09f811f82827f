"""Whatever is posted, whole posts and raw bodies: an answer that is documented, and a whole row or none."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from urllib.parse import quote, urlencode

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.bacheca.forms.kinds.examples import EXAMPLES
from tests.forms_server.bad_input.conftest import FIELDS, Door
from tests.forms_server.bad_input.strings import as_kept
from tests.forms_server.stored import found_by_token
from tests.forms_server.test_posting import OWN

TIMES = int(os.environ.get("BACHECA_EXAMPLES", "4")) * 25
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
STATUSES = {200, 201, 303, 409, 413, 415, 422}

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
KEYS = st.one_of(st.just(""), TEXT, st.text("abcdefghijkABC019_-", min_size=22, max_size=40))
GOOD = [
    {key.replace("x", name, 1): values for key, values in posted.items()}
    for name, made in zip(FIELDS, EXAMPLES.values(), strict=True)
    for posted, _ in made.kept
]
CONTROLS = ["_lang", "_version", "_time", "_homepage", "_edit", "_key", "riga", "pagina", *FIELDS]
POSTED = st.dictionaries(
    st.one_of(st.sampled_from([*CONTROLS, *(key for good in GOOD for key in good)]), TEXT),
    st.lists(st.one_of(TEXT, st.sampled_from([text for good in GOOD for values in good.values() for text in values]))),
    max_size=8,
)


def holds(door: Door, send: Callable[[], int]) -> int:
    """Send something, and see that what became of it is whole; give the status."""
    before = door.received()
    status = send()
    assert status in STATUSES
    came = door.received() - before
    assert came in ((0, 1) if status in (201, 303) else (0,))
    return status


@settings(max_examples=TIMES)
@given(st.sampled_from(GOOD), POSTED, KEYS, st.booleans())
def test_any_form_is_answered_and_kept_whole_or_not_at_all(
    door: Door, good: dict[str, list[str]], more: dict[str, list[str]], key: str, own: bool
) -> None:
    body = urlencode({"_key": [key], **good, **more}, doseq=True).encode(errors="surrogatepass")
    headers = OWN if own else {}
    holds(door, lambda: door.client.post("/forms/tutto", data=body, content_type=FORM, headers=headers).status_code)


VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=TIMES)
@given(st.dictionaries(st.sampled_from(CONTROLS) | TEXT, VALUE, max_size=6) | VALUE, KEYS)
@example({"_edit": "1"}, "")
def test_any_json_is_answered_and_kept_whole_or_not_at_all(door: Door, sent: object, key: str) -> None:
    headers = {"Idempotency-Key": key.encode("ascii", "ignore").decode().translate({10: None, 13: None})}

    def send() -> int:
        body = json.dumps(sent).encode()
        answer = door.client.post("/forms/tutto", data=body, content_type=JSON, headers=headers)
        assert answer.mimetype in (JSON, "application/problem+json")
        return answer.status_code

    holds(door, send)


@settings(max_examples=TIMES)
@given(
    st.binary(max_size=200) | st.text('&=%+;[]{}":,\\u0eEdD89\x00\xe9', max_size=60).map(str.encode),
    st.sampled_from(
        [FORM, JSON, f"{FORM}; charset=utf-8", f"{FORM}; charset=latin-1", "multipart/form-data; boundary=x"]
    )
    | st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=30),
)
@example(b"{", JSON)
@example(b"%", FORM)
@example(b"\xff\xfe", FORM)
@example(b'{"riga": "\\ud800"}', JSON)
def test_any_bytes_of_any_type_are_answered(door: Door, body: bytes, kind: str) -> None:
    key = {"Idempotency-Key": "chiave-di-prova-che-basta-1"}
    environ = {"CONTENT_TYPE": kind}
    holds(
        door,
        lambda: door.client.post("/forms/tutto", data=body, headers=OWN | key, environ_overrides=environ).status_code,
    )


@settings(max_examples=TIMES)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300))
@example("perche\u0301\r\ne\x01\u0301\r")
def test_any_text_without_nul_is_kept_to_the_letter(door: Door, text: str) -> None:
    key = os.urandom(18).hex()
    body = urlencode({"_key": key, "pagina": text, "presente": "true"}).encode()
    answer = door.client.post("/forms/tutto", data=body, content_type=FORM, headers=OWN)
    assert answer.status_code == 303
    token_hash = door.service.secret.token_hash("tutto", answer.headers["Location"].rsplit("/", 1)[1])
    stored = found_by_token(door.service.store, "tutto", token_hash)
    assert stored is not None
    assert stored.answers["pagina"] == as_kept(text)


@settings(max_examples=TIMES)
@given(st.sampled_from(["/forms/", "/forms/tutto/", "/forms/tutto/receipt/", "/forms/gruppo/confirm/"]), TEXT, TEXT)
def test_any_address_is_answered_and_writes_nothing(door: Door, start: str, path: str, query: str) -> None:
    before = door.received()
    for method in ("GET", "HEAD", "DELETE"):
        answer = door.client.open(f"{start}{quote(path)}?{urlencode({'lang': query, path: query})}", method=method)
        assert answer.status_code in {200, 301, 304, 308, 404, 405}
    assert door.received() == before


def test_a_number_of_sixteen_thousand_figures_is_too_long_for_any_pattern(door: Door) -> None:
    """A pattern that took its square would hold every other request for as long."""
    fields = {field.kind: field.name for field in door.form.fields}
    sent = {fields[kind]: "1" * 16_000 + "x" for kind in ("integer", "number")}
    key = {"Idempotency-Key": "chiave-di-prova-che-basta-2"}
    answer = door.client.post("/forms/tutto", json=sent, headers=OWN | key)
    assert answer.status_code == 422
    assert {(error["field"], error["code"]) for error in answer.get_json()["errors"]} == {
        (name, "too-long") for name in sent
    }
