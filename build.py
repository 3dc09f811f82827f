"""The command of the portal: builds it, checks it, previews it, begins new pages, articles and forms."""

from __future__ import annotations

from bacheca.one_command import run_one
from bacheca.portal.commands.build import main

if __name__ == "__main__":
    run_one(main)
