"""The OpenAPI 3.1 document of the service: what programs may ask and send, made from the forms themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bacheca.forms import NOTHING, Form
from bacheca.forms.definition.layout import sections_of
from bacheca.forms.html.form_page import STAMP, TRAP
from bacheca.forms.results.charts import is_published
from bacheca.forms.results.package import PUBLIC_FILES
from forms_server.crypto.tokens import KEY
from forms_server.http.body import FORM, JSON
from forms_server.messages import OBSTACLES

HTML = "text/html"
PROBLEM = "application/problem+json"
Document = dict[str, Any]

REFUSALS = ("other-origin", "not-found", "other-answers", "closed", "body-too-large", "media-type", "too-often")
"""An obstacle for each status with which a post may be refused before or after its answers are read."""

OF_STEPS = ("other-origin", "not-found", "bad-request", "body-too-large", "media-type", "too-often")
"""The same for a step that is checked."""


def openapi(forms: Iterable[Form]) -> Document:
    """Describe the service.

    Args:
        forms: the forms that are served.
    """
    return {
        "openapi": "3.1.0",
        "info": {"title": "Bacheca", "version": "1", "description": "Forms: read them, answer them, see a receipt."},
        "paths": {path: item for form in forms for path, item in _of_form(form).items()} | _SHARED,
        "components": {"schemas": _SCHEMAS},
    }


def answers_schema(form: Form) -> Document:
    """Describe the answers to a form as a JSON object; what it does not name is ignored."""
    properties: Document = {}
    for field in form.fields:
        said = field.words[form.language]
        for name in field.inputs:
            properties[name] = {"type": "string"}
        properties[field.name] = {"title": said.title, **field.answer_schema()}
    required = [field.name for field in form.fields if field.required and field.condition is None]
    return {"type": "object", "properties": properties} | ({"required": required} if required else {})


def _of_form(form: Form) -> Document:
    here = f"/forms/{form.name}"
    words = form.wording(form.language)
    paths: Document = {
        here: {
            "get": {
                "summary": words.title,
                "parameters": [_LANGUAGE],
                "responses": {"200": _content("The form.", HTML)},
            },
            "post": _post(form),
        },
        **({f"{here}/step": {"post": _step(form)}} if form.steps else {}),
        f"{here}/schema.json": {
            "get": {
                "summary": f"{words.title}: Table Schema",
                "responses": {"200": _content("The form as a Table Schema.", JSON, {"type": "object"})},
            }
        },
    }
    if is_published(form):
        paths[f"{here}/results"] = {
            "get": {"summary": f"{words.title}: results", "responses": {"200": _content("What may be seen.", HTML)}}
        }
        paths[f"{here}/results/{{file}}"] = {
            "get": {
                "summary": f"{words.title}: the public package",
                "parameters": [_in_path("file", {"enum": sorted(PUBLIC_FILES)})],
                "responses": {
                    "200": {"description": "A file.", "content": {JSON: {}, "text/csv": {}}},
                    "404": _content("Nothing is published.", HTML),
                },
            }
        }
    return paths


def _post(form: Form) -> Document:
    answers = answers_schema(form)
    controls = {
        "_key": {"type": "string", "description": "22 or more random URL-safe characters; one key, one response."},
        "_lang": {"type": "string", "enum": list(form.languages)},
        "_version": {"type": "string", "description": f"The version of the form, now {form.version}."},
        STAMP: {"type": "string", "description": "As the page had it, or not at all."},
        TRAP: {"type": "string", "description": "People leave it empty."},
        "_edit": {"type": "string", "description": "Show the form again with these answers."},
    }
    posted = answers | {"properties": {**answers["properties"], **controls}}
    key = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "pattern": f"^{KEY.pattern}$"}}
    both = {HTML: {}, PROBLEM: {"schema": _ref("Problem")}}
    refusals = {str(OBSTACLES[code].status): OBSTACLES[code].title for code in REFUSALS}
    return {
        "summary": f"{form.wording(form.language).title}: answer",
        "description": "JSON needs an Idempotency-Key; the same key with the same answers gives the same receipt.",
        "parameters": [_LANGUAGE, key],
        "requestBody": {"content": {JSON: {"schema": answers}, FORM: {"schema": posted}}},
        "responses": {
            "200": _content("The answers, to be looked at once more.", HTML),
            "201": _content("Kept, of JSON.", JSON, _ref("Receipt")),
            "303": {"description": "Kept: the receipt.", "headers": {"Location": {"schema": {"type": "string"}}}},
            "422": {
                "description": f"Problems, each with its field; `{NOTHING}`: no question answered.",
                "content": both,
            },
            "503": {"description": "Unknown whether kept; sending again is safe.", "content": both},
            **{status: {"description": title, "content": both} for status, title in refusals.items()},
        },
    }


def _step(form: Form) -> Document:
    answers = answers_schema(form)
    asked = {
        "_step": {"type": "array", "items": {"enum": [section.name for section in sections_of(form)]}},
        "_lang": {"type": "string", "enum": list(form.languages)},
        "_version": {"type": "string", "description": f"The version of the form, now {form.version}."},
    }
    posted = {"type": "object", "properties": {**answers["properties"], **asked}}
    refusals = {str(OBSTACLES[code].status): OBSTACLES[code].title for code in OF_STEPS}
    return {
        "summary": f"{form.wording(form.language).title}: check a step",
        "description": "What is wrong with some sections, as the page shows it; nothing is kept.",
        "parameters": [_LANGUAGE],
        "requestBody": {"content": {FORM: {"schema": posted}}},
        "responses": {
            "200": _content("The problems; nothing where there are none.", HTML),
            **{status: _content(title, HTML) for status, title in refusals.items()},
        },
    }


def _content(description: str, kind: str, schema: Document | None = None) -> Document:
    return {"description": description, "content": {kind: {"schema": schema} if schema else {}}}


def _ref(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


def _in_path(name: str, schema: Document) -> Document:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", **schema}}


_LANGUAGE = {"name": "lang", "in": "query", "schema": {"type": "string"}, "description": "The language of the page."}
_TOKEN = [_in_path("name", {"minLength": 1}), _in_path("token", {"minLength": 1}), _LANGUAGE]
_PAGES = {
    "200": _content("The page.", HTML),
    "403": _content("It comes from another site, or only the link that was mailed opens it.", HTML),
    "404": _content("The link opens nothing.", HTML),
    "503": _content("The service is restarting.", HTML),
}
_SENT = {
    **_PAGES,
    "303": {"description": "Done: where to go.", "headers": {"Location": {"schema": {"type": "string"}}}},
    "429": _content("Too many from one network: Retry-After says when.", HTML),
}
_CORRECTED = {
    **_SENT,
    "410": _content("The form is closed.", HTML),
    "413": _content("Too long.", HTML),
    "415": _content("Not a form in UTF-8.", HTML),
    "422": _content("The form again with its problems.", HTML),
}
_GONE = _content("The form is there no more: nothing can be confirmed.", HTML)
_ANSWERS = {"content": {FORM: {"schema": {"type": "object"}}}}


def _opened(summary: str, responses: Document, body: Document | None = None) -> Document:
    asked = {"requestBody": body} if body else {}
    return {"summary": summary, "parameters": _TOKEN, "responses": responses, **asked}


_SHARED: Document = {
    "/forms/{name}/receipt/{token}": {"get": _opened("A receipt", _PAGES)},
    "/forms/{name}/receipt/{token}/correct": {
        "get": _opened("The answers, to be corrected", {**_PAGES, "410": _content("The form is closed.", HTML)}),
        "post": _opened("Correct the answers", _CORRECTED, _ANSWERS),
    },
    "/forms/{name}/receipt/{token}/withdraw": {
        "get": _opened("Ask whether to withdraw", _PAGES),
        "post": _opened("Withdraw the answers", _SENT),
    },
    "/forms/{name}/receipt/{token}/letters": {
        "get": _opened("Ask whether letters to all shall come no more", _PAGES),
        "post": _opened("Want no letters to all", {**_PAGES, "429": _SENT["429"]}),
    },
    "/forms/{name}/receipt/{token}/letters/again": {"post": _opened("Want letters to all again", _SENT)},
    "/forms/{name}/receipt/{token}/consents/{field}": {
        method: {**asked, "parameters": [*_TOKEN, _in_path("field", {"minLength": 1})]}
        for method, asked in (
            ("get", _opened("Ask whether to take back a consent", _PAGES)),
            ("post", _opened("Take back a consent", {**_PAGES, "429": _SENT["429"]})),
        )
    },
    "/forms/{name}/confirm/{token}": {
        "get": _opened("Ask whether to confirm", {**_PAGES, "410": _GONE}),
        "post": _opened("Confirm a sign-up", {**_SENT, "410": _GONE}),
    },
    "/forms/openapi.json": {
        "get": {"summary": "This document", "responses": {"200": _content("It.", JSON, {"type": "object"})}}
    },
    "/forms/state.json": {
        "get": {
            "summary": "What has changed since pages were made",
            "responses": {
                "200": _content(
                    "`forms`: of each that has places; `schedules`: from when until when each takes answers; `set`: of"
                    " each whose days were set at the desk, what was set instead of what its file says.",
                    JSON,
                    {"type": "object"},
                )
            },
        }
    },
    "/healthz": {"get": {"summary": "Alive", "responses": {"200": _content("It is.", "text/plain")}}},
    "/readyz": {
        "get": {
            "summary": "Ready to keep answers",
            "responses": {"200": _content("It is.", "text/plain"), "503": _content("It is not.", "text/plain")},
        }
    },
}

_SCHEMAS: Document = {
    "Receipt": {
        "type": "object",
        "properties": {
            "reference": {"type": "string", "description": "A short code to quote, which opens nothing."},
            "receipt": {"type": "string", "description": "The secret address of the receipt."},
        },
        "required": ["reference", "receipt"],
        "additionalProperties": False,
    },
    "Problem": {
        "type": "object",
        "description": "RFC 9457.",
        "properties": {
            "type": {"type": "string", "pattern": "^urn:bacheca:"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {name: {"type": "string"} for name in ("field", "code", "detail")},
                    "required": ["field", "code", "detail"],
                },
            },
        },
        "required": ["type", "title", "status"],
    },
}
