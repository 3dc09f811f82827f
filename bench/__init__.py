"""Benchmarks: each measures one promise of the README against a named peer and prints a ratio."""

import os

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode: here a first run leaves it
