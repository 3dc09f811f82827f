"""A process that runs one command: it ends at once, and nothing that was to happen at its end is left out."""

import os
import subprocess
import sys

import pytest

BEGINS = """
import atexit, sys, threading, time
import click
from bacheca.one_command import run_one

class Kept:
    def __del__(self):
        print("taken apart", flush=True)

@click.command()
def command():
    click.echo("done", nl=False)
    {body}

kept = Kept()
atexit.register(print, ", told", end="")
run_one(command)
"""


BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


def ended(body: str) -> tuple[int, str, str]:
    """Run a command in a process of its own; give how it ended, and what it printed."""
    started = [sys.executable, "-c", BEGINS.format(body=body)]
    done = subprocess.run(started, capture_output=True, text=True, env=BUFFERED, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [("pass", 0, ""), ("sys.exit(3)", 3, ""), ("raise click.ClickException('no')", 1, "Error: no\n")],
)
def test_what_was_printed_and_asked_for_at_the_end_comes_and_nothing_is_taken_apart(
    body: str, code: int, said: str
) -> None:
    assert ended(body) == (code, "done, told", said)


def test_garbage_is_looked_for_as_seldom_as_one_command_makes_it() -> None:
    body = "import gc; click.echo(gc.get_threshold() == __import__('bacheca.one_command').one_command.GARBAGE)"
    assert ended(body)[1] == "doneTrue\n, told"


def test_threads_are_waited_for() -> None:
    body = "threading.Thread(target=lambda: (time.sleep(0.3), print(', waited', end=''))).start()"
    code, printed, _ = ended(body)
    assert code == 0
    assert printed.startswith("done, waited, told")


def test_a_fault_is_told_as_python_tells_it() -> None:
    code, _, said = ended("raise KeyError('x')")
    assert code == 1
    assert said.endswith("KeyError: 'x'\n")


def test_what_nobody_could_be_told_is_no_success() -> None:
    script = BEGINS.format(body="click.echo('a' * 10)")
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([sys.executable, "-c", script], stdout=full, env=BUFFERED, stderr=-1, check=False)
    assert done.returncode != 0
