"""What is posted comes back as it was sent, or as a problem that loses none of it."""

import io
import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from bacheca.forms.limits import BODY, PARTS
from forms_server.errors import BodyProblem
from forms_server.http.body import Posted, media_type, read_body

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def read(raw: bytes, kind: str = FORM) -> Posted:
    headers = Headers({"content-type": kind, "content-length": str(len(raw))})
    return read_body(headers, io.BytesIO(raw))


def problem(raw: bytes, kind: str = FORM) -> BodyProblem:
    with pytest.raises(BodyProblem) as refusal:
        read(raw, kind)
    return refusal.value


@given(st.lists(st.tuples(TEXT, TEXT), max_size=20))
def test_a_form_comes_back_as_a_browser_sent_it(pairs: list[tuple[str, str]]) -> None:
    posted = read(urlencode(pairs).encode())
    assert [(name, value) for name, value in pairs if value in posted[name]] == pairs
    assert sum(map(len, posted.values())) == len(pairs)


@given(st.dictionaries(TEXT, TEXT | st.lists(TEXT, max_size=5), max_size=20), st.booleans())
def test_an_object_of_json_comes_back_as_it_was_sent(answers: dict[str, str | list[str]], ascii_only: bool) -> None:
    posted = read(json.dumps(answers, ensure_ascii=ascii_only).encode(), JSON)
    assert posted == {name: value if isinstance(value, list) else [value] for name, value in answers.items()}


def test_the_values_of_a_name_stay_in_order() -> None:
    assert read(b"b=2&a=1&b=1&c=") == {"b": ["2", "1"], "a": ["1"], "c": [""]}
    assert list(read(b"b=2&a=1")) == ["b", "a"]


def test_a_part_without_a_value_is_an_empty_answer() -> None:
    assert read(b"a&b=+%2B&&=c") == {"a": [""], "b": [" +"], "": ["c"]}


def test_utf8_may_stand_as_it_is() -> None:
    assert read("nome=perché".encode()) == {"nome": ["perché"]}


def test_nothing_posted_is_no_answer() -> None:
    assert read(b"") == {}
    assert read(b"{}", JSON) == {}


@pytest.mark.parametrize(
    "kind",
    ["", "text/plain", "multipart/form-data; boundary=x", "application/xml", "application/problem+json"],
)
def test_only_forms_and_json_are_read(kind: str) -> None:
    refusal = problem(b"a=1", kind)
    assert (refusal.status, refusal.code) == (415, "media-type")


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "UTF-16", ""])
@pytest.mark.parametrize("kind", [FORM, JSON])
def test_another_charset_is_refused_and_not_ignored(kind: str, charset: str) -> None:
    refusal = problem(b"{}", f'{kind}; charset="{charset}"')
    assert (refusal.status, refusal.code) == (415, "charset")


@pytest.mark.parametrize("kind", [FORM + "; charset=utf-8", FORM.upper() + ';charset="UTF-8"', FORM + ";x=y"])
def test_utf8_may_be_declared(kind: str) -> None:
    assert read(b"a=1", kind) == {"a": ["1"]}


def test_the_type_is_known_without_its_parameters() -> None:
    assert media_type(Headers({"Content-Type": "Application/JSON; charset=utf-8"})) == JSON
    assert media_type(Headers()) == ""


def test_a_body_up_to_the_limit_is_read_and_one_byte_more_is_not() -> None:
    assert read(b"a=" + b"x" * (BODY - 2)) == {"a": ["x" * (BODY - 2)]}
    refusal = problem(b"a=" + b"x" * (BODY - 1))
    assert (refusal.status, refusal.code) == (413, "body-too-large")


class Counting:
    """A body without end that gives a little at a time and counts what was taken."""

    taken = 0

    def read(self, size: int, /) -> bytes:
        size = min(size, 4096)
        self.taken += size
        return b"x" * size


def test_a_body_announced_too_long_is_not_read_at_all() -> None:
    stream = Counting()
    with pytest.raises(BodyProblem, match="413"):
        read_body(Headers({"Content-Type": FORM, "Content-Length": str(BODY + 1)}), stream)
    assert stream.taken == 0


@pytest.mark.parametrize("announced", [{}, {"Content-Length": "12"}, {"Content-Length": "-1"}])
def test_a_body_longer_than_the_limit_is_left_there(announced: dict[str, str]) -> None:
    stream = Counting()
    with pytest.raises(BodyProblem, match="413"):
        read_body(Headers({"Content-Type": FORM, **announced}), stream)
    assert stream.taken == BODY + 1


def test_a_body_cut_short_is_never_taken_for_the_whole() -> None:
    headers = Headers({"Content-Type": FORM, "Content-Length": "20"})
    with pytest.raises(BodyProblem) as refusal:
        read_body(headers, io.BytesIO(b"nome=Ada&telefo"))
    assert (refusal.value.status, refusal.value.code) == (422, "body-cut-short")
    assert refusal.value.posted == {"nome": ["Ada"], "telefo": [""]}


@pytest.mark.parametrize(
    ("raw", "code", "shown"),
    [
        (b"a=1&b=perch\xe9", "not-utf8", {"a": ["1"], "b": ["perch\ufffd"]}),
        (b"a=1&b=perch%E9", "not-utf8", {"a": ["1"], "b": ["perch\ufffd"]}),
        (b"a=%ED%A0%80", "not-utf8", {"a": ["\ufffd" * 3]}),
        (b"a=1&b=100%", "bad-escape", {"a": ["1"], "b": ["100%"]}),
        (b"a=1&%zz=2", "bad-escape", {"a": ["1"], "%zz": ["2"]}),
        (b"a=1&b=x%00y", "nul", {"a": ["1"], "b": ["xy"]}),
        (b"a=1&b=x\x00y", "nul", {"a": ["1"], "b": ["xy"]}),
        (b"a=1&x%00y=b", "nul", {"a": ["1"], "xy": ["b"]}),
    ],
)
def test_what_cannot_be_decoded_is_a_problem_that_keeps_the_rest(raw: bytes, code: str, shown: Posted) -> None:
    refusal = problem(raw)
    assert (refusal.status, refusal.code, refusal.posted) == (422, code, shown)


def test_parts_up_to_the_limit_are_read_and_one_more_is_not() -> None:
    parts = [f"n{number}=v" for number in range(PARTS + 1)]
    assert len(read("&".join(parts[:-1]).encode())) == PARTS
    refusal = problem("&".join(parts).encode())
    assert (refusal.status, refusal.code, len(refusal.posted)) == (422, "too-many-parts", PARTS)
    values = ["v"] * PARTS
    assert read(json.dumps({"a": values}).encode(), JSON) == {"a": values}
    assert problem(json.dumps({"a": values, "b": ""}).encode(), JSON).code == "too-many-parts"


def test_numbers_and_truths_of_json_are_the_texts_that_were_written() -> None:
    raw = b'{"a": 0.10, "f": 1.234, "g": -12.5, "h": 1e2, "b": 12345678901234567890123, "c": true, "d": false, "e": -0}'
    assert read(raw, JSON) == {
        "a": ["0.10"],
        "f": ["1.2340"],  # a zero more, so that it is never read as a thousand
        "g": ["-12.5"],
        "h": ["1e2"],
        "b": ["12345678901234567890123"],
        "c": ["true"],
        "d": ["false"],
        "e": ["-0"],
    }


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "not-json"),
        (b"{", "not-json"),
        (b"a=1", "not-json"),
        (b'{"a": NaN}', "not-json"),
        (b'{"a": -Infinity}', "not-json"),
        (b"\xef\xbb\xbf{}", "not-json"),
        (b"[" * 500_000, "not-json"),
        (b'{"a":' * 100_000, "not-json"),
        (b'{"a": "perch\xe9"}', "not-utf8"),
        (b'{"a": "\\ud800"}', "not-utf8"),
        (b'{"\\udfff": "a"}', "not-utf8"),
        (b'{"a": ["\\ud83d", "\\ude00"]}', "not-utf8"),
        (b'{"a": "x\\u0000"}', "nul"),
        (b'{"x\\u0000": "a"}', "nul"),
        (b"[]", "json-object"),
        (b'"a"', "json-object"),
        (b"1", "json-object"),
        (b"null", "json-object"),
        (b'{"a": "1", "a": "1"}', "json-twice"),
        (b'{"a": 1, "\\u0061": 2}', "json-twice"),
        (b'{"a": null}', "json-value"),
        (b'{"a": {"b": "c"}}', "json-value"),
        (b'{"a": {}}', "json-value"),
        (b'{"a": [["b"]]}', "json-value"),
        (b'{"a": ["b", true]}', "json-value"),
    ],
)
def test_json_is_one_object_of_plain_values(raw: bytes, code: str) -> None:
    refusal = problem(raw, JSON)
    assert (refusal.status, refusal.code) == (422, code)


def test_a_pair_of_surrogates_is_a_character() -> None:
    assert read(b'{"a": "\\ud83d\\ude00"}', JSON) == {"a": ["\U0001f600"]}
