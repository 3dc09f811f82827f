"""What editors run works where Python has none of what only POSIX has, as on Windows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.faults.house import free_port

ROOT = Path(__file__).parents[2]
WITHOUT_POSIX = """
import os, signal, sys

GONE = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "uvloop", "pysqlite3", "syslog"}

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name in GONE:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Finder())
for name in GONE:
    sys.modules.pop(name, None)
for name in ("fork", "forkpty", "getuid", "geteuid", "getgid", "getegid", "chown", "lchown", "fchmod", "mkfifo",
             "sched_getaffinity", "pread", "pwrite", "posix_fallocate", "killpg", "setsid", "getpgid", "fwalk",
             "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_DIRECTORY"):
    delattr(os, name)
for name in ("SIGKILL", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGCHLD", "SIGALRM", "setitimer", "alarm"):
    delattr(signal, name)
import warnings
warnings.filterwarnings("ignore", "only soft file lock")
"""
"""What every Python of the test begins with, those that it starts too (`sitecustomize`)."""

EDITORS_DAY = """
import re, signal, sys, threading, time, urllib.request
from bacheca.__main__ import main

def run(*words):
    try:
        main(list(words), standalone_mode=False)
    except SystemExit as left:
        assert not left.code, (words, left.code)

run("init", ".", "--name", "Library of Things", "--language", "en")
run("check")
run("new", "form", "opinions")
run("check")

def look(address):
    for path, awaited in (("/", b"Library of Things"), ("/forms/survey/schema.json", b'"survey"')):
        found = b""
        while awaited not in found:
            try:
                found = urllib.request.urlopen(address + path, timeout=30).read()
            except OSError:
                time.sleep(0.2)
        print("seen", path, flush=True)
    signal.raise_signal(signal.SIGINT)

threading.Thread(target=look, args=[f"http://127.0.0.1:{sys.argv[1]}"], daemon=True).start()
run("serve", "--port", sys.argv[1])
"""


def test_an_editor_begins_checks_writes_and_previews(tmp_path: Path) -> None:
    command = [sys.executable, "-c", EDITORS_DAY, str(free_port())]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    day = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert "seen /forms/survey/schema.json" in day.stdout.splitlines(), day.stdout + day.stderr
