"""What every test starts from: no settings of the machine's, no clock on generated examples, one built portal."""

import gc
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.first_community import speak_italian
from tests.journeys.service import build_once

speak_italian()

# jsonschema would load 38 grammars of addresses and the days of every language, a tenth of what a worker takes to
# begin; no test asks it for formats.
for unasked in ("rfc3987_syntax", "isoduration"):
    sys.modules.setdefault(unasked, None)  # type: ignore[arg-type]

pytest_plugins = ["tests.browser"]

# What tests write is gone when they are. In memory a store takes two thirds of the time that it takes on a disk.
MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3  # bytes; half of it is used
if (
    "TMPDIR" not in os.environ
    and MEMORY.is_dir()
    and shutil.disk_usage(MEMORY).free > ROOM
    and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC  # some tests run what they install
):
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

# A shell that runs tests behind itself lets them ignore Ctrl+C, and with them what they start and stop by it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Two workers share two cores with a browser: an example's time says nothing about the code. In CI the examples are
# the same at each run of the same code; whoever runs the tests by hand looks further each time.
settings.register_profile("bacheca", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("bacheca")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage among what is collected: all of it stays until the end."""
    gc.disable()
    collected = yield
    gc.freeze()
    gc.enable()
    return collected


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let each worker begin with its share of what takes long: tests are dealt to them in the order they have here."""
    workers: int = getattr(config, "workerinput", {}).get("workercount", 1)
    long = [item for item in items if item.get_closest_marker("long")]
    others = [item for item in items if not item.get_closest_marker("long")]
    modules = list(dict.fromkeys(item.path for item in long))
    share = len(items) // workers
    items.clear()
    for worker in range(workers):
        begins = [item for item in long if item.path in modules[worker::workers]]
        items += begins + others[: max(0, share - len(begins))]
        del others[: max(0, share - len(begins))]
    items += others


@pytest.fixture(autouse=True, scope="session")
def no_settings_of_the_machine() -> None:
    """Forget `FORMS_*` settings and the terminal's language: a developer's own change nothing that is tested."""
    for name in [name for name in os.environ if name.startswith("FORMS_")]:
        del os.environ[name]
    os.environ["LANGUAGE"] = "en"


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that is the same for all workers."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def site(shared_folder: Path) -> Path:
    """The portal of the tests (`tests/portal`), built once for all workers."""
    return build_once(shared_folder)
