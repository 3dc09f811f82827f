"""The templates of a theme as Python has compiled them, kept where it keeps our own modules, and trusted as those are.

Whoever may write there can have anything run anyway. The cache of a portal holds nothing that is run.
"""

from __future__ import annotations

import hashlib
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from bacheca.forms.atomic_file import overwrite
from bacheca.portal.cache.digests import digest_of

HASH = 32
"""Bytes of the hash that stands before what was compiled: a disk may fail."""


class CompiledTemplates(BytecodeCache):
    """What Jinja made of templates; the newest of each name, whichever theme it is of.

    Args:
        environment: what compiles them.
        language: the language that it speaks.
        code: the digest of all code: what a template becomes depends on its filters, too.
    """

    def __init__(self, environment: Environment, language: str, code: str):
        names = [sorted(found) for found in (environment.extensions, environment.filters, environment.tests)]
        self._made_by = digest_of(code, names, environment.trim_blocks, environment.lstrip_blocks)
        self._language = language
        self._folder = Path(cache_from_source(__file__)).parent

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Name a template: where it stands does not count, only what it says."""
        return digest_of(self._language, name)

    def get_source_checksum(self, source: str) -> str:
        """Tell all that a template was made of."""
        return digest_of(self._made_by, source)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was kept of a template, where it was made of the same."""
        with suppress(OSError):
            kept = self._place(bucket).read_bytes()
            if hashlib.sha256(kept[HASH:]).digest() == kept[:HASH]:
                bucket.bytecode_from_string(kept[HASH:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was made of a template, where Python may keep what it compiles."""
        if not sys.dont_write_bytecode:
            made = bucket.bytecode_to_string()
            with suppress(OSError):
                self._folder.mkdir(parents=True, exist_ok=True)
                overwrite(self._place(bucket), hashlib.sha256(made).digest() + made)

    def _place(self, bucket: Bucket) -> Path:
        return self._folder / f"template-{bucket.key}.pyc"
