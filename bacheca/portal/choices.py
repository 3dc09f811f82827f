"""What may be asked of a build, named without loading what does it."""

from __future__ import annotations

ENGINES = {
    "mkdocs": ("-m", "mkdocs", "build", "--quiet", "--strict", "--config-file"),
    "zensical": ("-m", "zensical", "build", "--clean", "--strict", "--config-file"),
}
"""What Python runs for each engine, the configuration file left out."""

SOURCE = "data/results"
"""Where the results are, if nothing else is said: the folder that the service publishes to."""
