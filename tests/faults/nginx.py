"""Debian's nginx with the configuration that we ship, TLS included, as nobody, in a folder of its own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.faults.house import PATIENCE, ROOT, answers, free_port
from tests.forms_server.postgresql import unprivileged

SHIPPED = ROOT / "deploy" / "nginx.conf"
HOST = "portal.example"
"""The name that the configuration we ship has, until an operator changes it."""
MAIN = """\
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log info;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/bacheca.conf;
}}
"""


class Nginx:
    """nginx before services.

    Args:
        ports: where the services listen.
        site: the built portal.
    """

    def __init__(self, ports: Sequence[int], site: Path):
        self.folder = Path(tempfile.mkdtemp(prefix="nginx-"))
        self.port, self.plain_port, self.tls_port = free_port(), free_port(), free_port()
        shutil.copytree(site, self.folder / "site")
        self._certify()
        (self.folder / "bacheca.conf").write_text(self._adapted(ports), encoding="utf-8")
        (self.folder / "nginx.conf").write_text(MAIN.format(folder=self.folder), encoding="utf-8")
        user = unprivileged()
        if user:
            for path in (self.folder, *self.folder.rglob("*")):
                shutil.chown(path, user)
        program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        assert program, "The tests need nginx: sh tests/system/packages.sh installs it on Debian (as root)."
        with (self.folder / "said").open("wb") as said:
            self._server = subprocess.Popen(
                [program, "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder)],
                user=user,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while not answers(self.port, "/assets/none"):
            assert self._server.poll() is None, (self.folder / "said").read_text()
            assert time.monotonic() < deadline, "nginx does not answer"
            time.sleep(0.02)

    def _certify(self) -> None:
        """Make the certificate that the configuration asks for, signed by itself."""
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        command += ["-keyout", "privkey.pem", "-out", "fullchain.pem", "-days", "2", "-subj", f"/CN={HOST}"]
        command += ["-addext", f"subjectAltName=DNS:{HOST}"]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)

    @property
    def certificate(self) -> Path:
        """What clients trust."""
        return self.folder / "fullchain.pem"

    def _adapted(self, ports: Sequence[int]) -> str:
        """Give the shipped configuration with the addresses and folders of this machine, and nothing else changed.

        `port` is the same server without TLS, for clients that speak none.
        """
        text = SHIPPED.read_text(encoding="utf-8")
        servers = "".join(f"    server 127.0.0.1:{port} max_fails=1 fail_timeout=2s;\n" for port in ports)
        changes = {
            r"    server 127\.0\.0\.1:8000 [^\n]*\n": servers,
            r"listen 80;\n    listen \[::\]:80;": f"listen 127.0.0.1:{self.plain_port};",
            r"listen 443 ssl http2;\n    listen \[::\]:443 ssl http2;": (
                f"listen 127.0.0.1:{self.tls_port} ssl http2;\n    listen 127.0.0.1:{self.port};"
            ),
            r"/etc/letsencrypt/live/portal\.example": str(self.folder),
            r"/srv/bacheca/site": f"{self.folder}/site",
            r"/var/www/html": f"{self.folder}/webroot",
            r"/var/log/nginx": str(self.folder),
        }
        for found, put in changes.items():
            text, times = re.subn(found, put.replace("\\", r"\\"), text)
            assert times, f"{SHIPPED.name} has no {found} any more"
        return text

    @property
    def access_log(self) -> str:
        """What it wrote down of requests."""
        return (self.folder / "bacheca.access.log").read_text(encoding="utf-8")

    @property
    def logs(self) -> str:
        """Everything that it wrote down."""
        return "".join(path.read_text(errors="replace") for path in [*self.folder.glob("*.log"), self.folder / "said"])

    def close(self) -> None:
        """End it, and forget it."""
        self._server.send_signal(signal.SIGTERM)
        self._server.wait(PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)
