"""`python -m bacheca` without its start: a process that has imported everything forks for each call.

`python warm_python.py SOCKET call ARGUMENTS…` is the program; it needs none of our code and starts at once. What it was
called with, its folder, its environment and its three files go to the one that runs `python -m tests.warm_python
SOCKET`.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from importlib import import_module

MODULES = (
    "bacheca.__main__",
    "bacheca.portal.build.pipeline",
    *(f"forms_server.commands.{name}" for name in ("backups", "moving", "packages", "secret_keys")),
    "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "frictionless",
)


def call(path: str, arguments: list[str]) -> int:
    """Have a call done; give what it left with."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(path)
        said = json.dumps([arguments, os.getcwd(), dict(os.environ)]).encode()
        socket.send_fds(line, [len(said).to_bytes(4, "big")], [0, 1, 2])
        line.sendall(said)
        return int(line.recv(4)[:1].hex() or "7f", 16)


def serve(path: str) -> None:
    """Wait for calls, one after the other, until the process that began this one is gone."""
    for name in MODULES:
        import_module(name)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen()
        print("ready", flush=True)
        while True:
            line, _ = door.accept()
            with line:
                size, files, _, _ = socket.recv_fds(line, 4, 3)
                text = b""
                while len(text) < int.from_bytes(size, "big"):
                    text += line.recv(1 << 16)
                child = os.fork()
                if not child:
                    _work(files, *json.loads(text))
                for file in files:
                    os.close(file)
                code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
                line.sendall(bytes([code if code >= 0 else 128 - code]))


def _work(files: list[int], arguments: list[str], folder: str, environ: dict[str, str]) -> None:
    code = 1
    try:
        for number, file in enumerate(files):
            os.dup2(file, number)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environ)
        main = import_module("bacheca.__main__").main
        try:
            main(arguments, prog_name="bacheca")
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else int(left.code is not None)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    if sys.argv[2:3] == ["call"]:
        sys.exit(call(sys.argv[1], sys.argv[3:]))
    serve(sys.argv[1])
