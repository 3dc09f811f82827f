"""The least that a service can do with a post: read the form, answer 303. The peer of `bench.ingest`."""

from __future__ import annotations

import sys

from flask import Flask, Response, redirect, request

app = Flask(__name__)


@app.post("/forms/<name>")
def send(name: str) -> Response:
    """Read the form and lead on."""
    request.form.to_dict(flat=False)
    return redirect(f"/forms/{name}/receipt/none", 303)  # type: ignore[return-value]


@app.get("/healthz")
def healthz() -> str:
    """Say that it is up."""
    return "ok"


if __name__ == "__main__":
    from forms_server.serving.server import listen, make_server

    make_server(app, lambda _: True).run([listen("127.0.0.1", int(sys.argv[1]))])
