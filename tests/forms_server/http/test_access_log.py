"""The logs say what happened, and nothing of what anybody sent."""

import io
import itertools
import json
import logging
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, abort
from sqlalchemy import make_url
from werkzeug.test import Client, TestResponse

from forms_server.app import make_app
from forms_server.errors import StoreUnavailable
from forms_server.http.access_log import configure_logging, log_requests
from tests.forms_server.samples import ADA, running
from tests.forms_server.test_posting import KEY, OWN

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CANARY = "canary4711"
TOKEN = "Tk_" + "x" * 40


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the process logs, with the loggers put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging(stream)
    yield stream
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)


class Reader(Client):
    """A client that takes the whole answer and hangs up, as a server sees it."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return super().open(*args, **{"buffered": True, **kwargs})


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    log_requests(app, forms={"gruppo"})

    @app.route("/forms/<name>", methods=["GET", "POST"])
    def form(name: str) -> Response:
        logging.getLogger("forms").warning("working", extra={"code": "x", "answers": CANARY})
        return Response("ok")

    @app.get("/forms/<name>/receipt/<token>")
    def receipt(name: str, token: str) -> Response:
        abort(404)

    @app.get("/broken/<token>")
    def broken(token: str) -> Response:
        try:
            raise ValueError(CANARY)
        except ValueError as error:
            raise StoreUnavailable("SQLITE_FULL") from error

    @app.get("/healthz")
    def healthy() -> Response:
        return Response("ok")

    return app


def test_a_request_is_one_line_of_json(app: Flask, written: io.StringIO) -> None:
    response = Reader(app).get("/forms/gruppo")
    event, request = lines(written)
    assert {name: request[name] for name in ("method", "route", "form", "status", "level", "message")} == {
        "method": "GET",
        "route": "/forms/<name>",
        "form": "gruppo",
        "status": 200,
        "level": "info",
        "message": "request",
    }
    assert 0 <= request["milliseconds"] < 10_000
    assert (event["message"], event["code"], event["logger"]) == ("working", "x", "forms")
    assert event["request"] == request["request"] == response.headers["X-Request-Id"]


def test_each_request_has_an_id_of_its_own_and_what_comes_after_has_none(app: Flask, written: io.StringIO) -> None:
    ids = {Reader(app).get("/forms/gruppo").headers["X-Request-Id"] for _ in range(3)}
    logging.getLogger("after").warning("after")
    assert len(ids) == 3
    assert "request" not in lines(written)[-1]


def test_nothing_that_was_sent_is_written(app: Flask, written: io.StringIO) -> None:
    Reader(app).post(
        f"/forms/gruppo?{CANARY}={CANARY}",
        data={CANARY: CANARY, "nome": CANARY},
        headers={
            "Referer": f"http://{CANARY}/",
            "User-Agent": CANARY,
            "X-Forwarded-For": CANARY,
            "Cookie": f"a={CANARY}",
            "X-Request-Id": CANARY,
        },
        environ_overrides={"REMOTE_ADDR": "192.0.2.77"},
    )
    Reader(app).get(f"/forms/{CANARY}%0A@x")
    Reader(app).open("/forms/gruppo", method="CANARY4711")
    assert len(lines(written)) == 5
    assert CANARY not in written.getvalue().lower()
    assert "192.0.2" not in written.getvalue()


def test_the_token_of_a_receipt_is_masked_wherever_it_turns_up(app: Flask, written: io.StringIO) -> None:
    Reader(app).get(f"/forms/gruppo/receipt/{TOKEN}")
    Reader(app).get(f"/broken/{TOKEN}")
    logging.getLogger("x").warning("at /forms/a/receipt/%s?lang=en", "short-token")
    logging.getLogger("x").warning("the token %s alone", TOKEN)
    assert TOKEN not in written.getvalue()
    assert "short-token" not in written.getvalue()
    messages = [line["message"] for line in lines(written)]
    assert "at /forms/a/receipt/[token]?lang=en" in messages
    assert "the token [token] alone" in messages


def test_of_an_error_its_type_and_place_are_written_and_not_its_words(app: Flask, written: io.StringIO) -> None:
    assert Reader(app).get("/broken/a").status_code == 500
    (error,) = [line["error"] for line in lines(written) if "error" in line]
    assert [cause["type"] for cause in error] == ["forms_server.errors.StoreUnavailable", "builtins.ValueError"]
    assert "SQLITE_FULL" in error[0]["says"]
    assert any(place.endswith(" broken") for place in error[1]["at"])
    assert "says" not in error[1]
    assert CANARY not in written.getvalue()
    assert lines(written)[-1]["status"] == 500


def test_an_error_past_the_application_is_written_too(written: io.StringIO) -> None:
    app = Flask(__name__)

    @app.get("/")
    def fail() -> Response:
        raise LookupError

    app.config["PROPAGATE_EXCEPTIONS"] = True
    log_requests(app)
    with pytest.raises(LookupError):
        Reader(app).get("/")
    assert lines(written)[-1]["status"] == 500


def test_what_is_asked_all_the_time_is_not_written(app: Flask, written: io.StringIO) -> None:
    Reader(app).get("/healthz")
    assert lines(written) == []


def test_a_line_stays_one_line(written: io.StringIO) -> None:
    logging.getLogger("x").error('two\r\nlines\u2028 "and" {"level": "fake"}')
    (line,) = written.getvalue().splitlines()
    assert json.loads(line)["message"] == 'two\r\nlines\u2028 "and" {"level": "fake"}'
    assert json.loads(line)["level"] == "error"


def test_warnings_are_written_as_lines_too(written: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old", stacklevel=1)
    assert "old" in lines(written)[0]["message"]


def test_an_error_raised_in_place_of_another_hides_it(written: io.StringIO) -> None:
    try:
        try:
            raise ValueError
        except ValueError:
            raise StoreUnavailable("SQLITE_FULL") from None
    except StoreUnavailable:
        logging.getLogger("x").exception("failed")
    (error,) = lines(written)[0]["error"]
    assert error["type"] == "forms_server.errors.StoreUnavailable"


def test_the_whole_service_writes_nothing_of_any_answer(tmp_path: Path, written: io.StringIO) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(CANARY)

    with running(tmp_path, make_url(f"sqlite:///{tmp_path}/forms.db"), lambda: NOW) as service:
        client = Reader(make_app(service))
        for name, kind in itertools.product(("sondaggio", "gruppo", CANARY), ("form", "json", "bytes")):
            fields = [field.name for field in service.forms[name].form.fields] if name in service.forms else []
            answers = dict.fromkeys(fields, CANARY) | {CANARY: CANARY, "_lang": CANARY, "_homepage": CANARY}
            sent: dict[str, Any] = {"form": {"data": answers}, "json": {"json": answers}}.get(
                kind, {"data": CANARY + "%zz", "content_type": f"application/x-www-form-urlencoded; x={CANARY}"}
            )
            headers = OWN | {"Idempotency-Key": CANARY * 3, "User-Agent": CANARY, "Referer": CANARY}
            client.post(f"/forms/{name}?{CANARY}={CANARY}", headers=headers, **sent)
            client.get(f"/forms/{name}/receipt/{CANARY}")
        good = ADA | {"nome": CANARY, "email": f"{CANARY}@example.org"}
        receipt = client.post("/forms/gruppo", data=good, headers=OWN)
        assert receipt.status_code == 303
        client.post(f"{receipt.headers['Location']}/correct", data=good | {"nome": CANARY * 2}, headers=OWN)
        for target in ("keep", "hit"):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(type(service.store), target, broken)
                data = good | {"_key": KEY + target}
                assert client.post("/forms/gruppo", data=data, headers=OWN).status_code in (303, 500)
    assert len(lines(written)) > 20
    assert any("RuntimeError" in str(line.get("error")) for line in lines(written))
    assert CANARY not in written.getvalue().lower()
