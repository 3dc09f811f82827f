"""Templates as Python has compiled them, kept from one process to the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jinja2
from jinja2 import BytecodeCache, Environment, nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator

from bacheca.forms.compiled.kept import get_kept, keep


class CompiledTemplates(BytecodeCache):
    """What Jinja made of templates; the newest of each name.

    Args:
        group: whose templates they are.
        made_by: what a template becomes depends on, besides its text and the settings of its environment.
    """

    def __init__(self, group: str, made_by: str = ""):
        self._group, self._made_by = group, made_by

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """Find what was kept of a template, where it was made of the same; where it stands does not count."""
        named = repr((self._group, name, _settings(environment)))
        bucket = Bucket(environment, named, repr((self._made_by, source)))
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was kept of a template."""
        if kept := get_kept(bucket.key, bucket.checksum):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was made of a template."""
        keep(bucket.key, bucket.checksum, bucket.bytecode_to_string())


class AtRunTime(CodeGenerator):
    """Compiles templates so that nothing of what filters do is in what comes out: they are asked at each rendering."""

    def _output_child_to_const(self, node: nodes.Expr, frame: Any, finalize: Any) -> str:
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)


def _settings(environment: Environment) -> list[Any]:
    """Give what an environment makes of the same text depends on, but for what filters do with what is constant."""
    marks = ("block", "variable", "comment")
    return [
        jinja2.__version__,
        environment.code_generator_class.__name__,
        *(getattr(environment, f"{mark}_{end}_string") for mark in marks for end in ("start", "end")),
        environment.line_statement_prefix,
        environment.line_comment_prefix,
        environment.trim_blocks,
        environment.lstrip_blocks,
        environment.keep_trailing_newline,
        environment.newline_sequence,
        environment.optimized,
        bool(environment.autoescape),
        environment.is_async,
        getattr(environment, "newstyle_gettext", None),
        sorted((name, str(value)) for name, value in environment.policies.items() if name.startswith("ext.i18n")),
        sorted(environment.extensions),
        _called(environment.filters),
        _called(environment.tests),
    ]


def _called(functions: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Name filters or tests, each with what it is given besides its arguments."""
    return sorted((name, str(getattr(found, "jinja_pass_arg", ""))) for name, found in functions.items())
