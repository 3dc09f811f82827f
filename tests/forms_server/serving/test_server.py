"""A process that is told to end closes what it has open, however often it is told."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

TOLD = """
import os, signal, sys, threading
from forms_server.serving.server import SIGNALS
from forms_server.serving.supervisor import leave

def again(number=signal.SIGINT):
    os.kill(os.getpid(), number)

for number in SIGNALS:
    signal.signal(number, leave)
"""

ANSWERING = """
import uvloop
from forms_server.serving.server import listen, make_server

class Loop(uvloop.Loop):
    def close(self):
        again()  # as the process that started this one is told, a moment later
        super().close()

server = make_server(lambda environ, start: [])
server.config.get_loop_factory = lambda: Loop
threading.Timer(0.3, again, [signal.SIGTERM]).start()
server.run([listen("127.0.0.1", 0)])
again()
print("closed")
"""

DOING_JOBS = """
from types import SimpleNamespace
from forms_server.serving.supervisor import wait_for_end

threading.Timer(0.3, again, [signal.SIGTERM]).start()
wait_for_end(os.pipe()[0], SimpleNamespace(lost=None))
again()
print("closed")
"""


@pytest.mark.parametrize("role", [ANSWERING, DOING_JOBS], ids=["answering", "doing jobs"])
def test_nothing_interrupts_what_closes(role: str) -> None:
    ran = subprocess.run([sys.executable, "-c", TOLD + role], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "closed\n", "")
