"""A process that runs one command and ends as soon as it is done."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading

import click

GARBAGE = 200_000, 20, 20
"""The thresholds of the garbage collector: a command keeps all that it loads, and a build nearly all that it makes."""


def run_one(command: click.Command, name: str | None = None) -> None:
    """Run the command that this process was started for, and end it.

    What was loaded is not taken apart object by object, as Python does at its end: of a build that is a tenth of its
    time. All that asked to be told of the end is, and what was printed is written.

    Args:
        command: the command.
        name: what its help calls it; what the process was started as, where none is given.

    Raises:
        SystemExit: it has ended, and Python has to wait for threads, or to say that nobody reads what it prints.
    """
    gc.set_threshold(*GARBAGE)
    try:
        command(prog_name=name)
    except SystemExit as end:
        if threading.active_count() > 1 or not isinstance(end.code, int):
            raise
        atexit._run_exitfuncs()
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except OSError:
            raise end from None
        os._exit(end.code)
