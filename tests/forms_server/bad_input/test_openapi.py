"""The OpenAPI document tells the truth, whatever is made up from it."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from jsonschema import Draft202012Validator

from bacheca.forms.html.form_page import STAMP, TRAP
from forms_server.http.openapi import answers_schema, openapi
from tests.bacheca.forms.kinds.examples import EXAMPLES
from tests.forms_server.bad_input.conftest import FIELDS, Door
from tests.forms_server.test_posting import OWN

TIMES = int(os.environ.get("BACHECA_EXAMPLES", "4"))
"""How many requests are made up for each operation, as the document says and against it."""


@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_whatever_is_made_up_from_the_document_is_answered_as_it_says(door: Door, mode: str) -> None:
    # It takes every worker a second to load, and one of them asks for it.
    import schemathesis  # noqa: PLC0415
    from schemathesis.checks import not_a_server_error  # noqa: PLC0415
    from schemathesis.core.result import Ok  # noqa: PLC0415
    from schemathesis.specs.openapi import checks  # noqa: PLC0415

    wanted = [
        not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_headers_conformance,
        checks.response_schema_conformance,
    ]
    schema = schemathesis.openapi.from_wsgi("/forms/openapi.json", door.client.application)
    asked = settings(
        max_examples=TIMES, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    tried: list[str] = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        sent = found.ok().as_strategy(generation_mode=schemathesis.GenerationMode(mode))

        @asked
        @given(case=sent)
        def holds(case: Any) -> None:
            before = door.received()
            answer = case.call(headers=OWN)
            case.validate_response(answer, checks=wanted)
            tried.append(case.method)
            keeps = case.method == "POST" and answer.status_code in (201, 303)
            assert door.received() - before in ((0, 1) if keeps else (0,))

        with suppress(Unsatisfiable):  # nothing is asked of it that could be wrong
            holds()
    print(len(tried), "requests")
    assert len(tried) >= TIMES * 5


def test_every_address_of_the_document_is_one_of_the_service(door: Door) -> None:
    adapter = door.client.application.url_map.bind("localhost")
    document = door.client.get("/forms/openapi.json").get_json()
    assert document == openapi([door.service.forms[name].form for name in door.service.forms])
    operations = [(path, method) for path, item in document["paths"].items() for method in item]
    assert ("/forms/tutto", "post") in operations
    for path, method in operations:
        adapter.match(
            path.format(name="tutto", token="t" * 43, file="results.csv", field="consenso"), method=method.upper()
        )


def test_the_schema_of_a_form_is_one_and_takes_what_the_form_takes(door: Door) -> None:
    schema = answers_schema(door.form)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for name, example in zip(FIELDS, EXAMPLES.values(), strict=True):
        listed = door.form.field(name).descriptor["type"] == "list"
        for posted, _ in example.kept:
            sent = {key.replace("x", name, 1): values for key, values in posted.items()}
            plain: dict[str, Any] = {
                key: values if listed and key == name else values[0] for key, values in sent.items()
            }
            if name in plain and example.written.count("maxLength"):
                plain[name] = plain[name].strip()  # blanks around an answer are not counted
            assert not list(validator.iter_errors(plain)), (plain, list(validator.iter_errors(plain)))


def test_what_a_form_requires_is_required_in_its_schema(door: Door) -> None:
    assert answers_schema(door.service.forms["gruppo"].form)["required"] == ["nome", "email", "consenso"]
    posted = door.client.get("/forms/openapi.json").get_json()["paths"]["/forms/gruppo"]["post"]["requestBody"]
    assert {"_key", "_lang", "_version", STAMP, TRAP} < set(
        posted["content"]["application/x-www-form-urlencoded"]["schema"]["properties"]
    )
