"""The forms of the tests are written in Italian, and their days end in Rome, where they say nothing else."""

from __future__ import annotations

import sys
from inspect import isclass, isfunction

import bacheca.forms
from bacheca.forms.community import FIRST, USUAL


def speak_italian() -> None:
    """Put the first community in the place of none: in whatever of `bacheca.forms` takes one for granted.

    What is loaded later takes it from there.
    """
    for name, module in list(sys.modules.items()):
        if not name.startswith(("bacheca", "forms_server")):
            continue
        for held, value in list(vars(module).items()):
            function = value.__init__ if isclass(value) else value
            if value is USUAL:
                setattr(module, held, FIRST)
            elif isfunction(function) and USUAL in (function.__defaults__ or ()):
                function.__defaults__ = tuple(FIRST if one is USUAL else one for one in function.__defaults__ or ())
    assert FIRST is bacheca.forms.USUAL
