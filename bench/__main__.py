"""`python -m bench [NAME …]`: run the benchmarks named, or all of them."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import bench

NAMES = sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_"))
"""The benchmarks: every module of this folder, each with a `main()` that prints what it measured."""


def main(chosen: list[str]) -> int:
    """Run benchmarks one after the other.

    Args:
        chosen: their names; all of them where there is none.

    Returns:
        The code for the shell: 1 where an aim was missed, 2 where a name is no benchmark.
    """
    unknown = [name for name in chosen if name not in NAMES]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}. There are: {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    missed = False
    for name in chosen or NAMES:
        print(f"== {name}", flush=True)
        missed |= importlib.import_module(f"bench.{name}").main() not in (None, 0)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
