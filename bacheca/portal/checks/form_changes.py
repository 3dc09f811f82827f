"""Holding the forms against an earlier state of the repository: what each edit means for answers already kept."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bacheca.forms import USUAL, Community, Form, FormProblems, load_form
from bacheca.forms.definition.evolution import Change, Verdict, changes_since
from bacheca.forms.definition.yaml_source import read_source
from bacheca.portal.errors import PortalProblem, SettingsProblems


@dataclass(frozen=True)
class FormChange:
    """A change of a form and its place in the form file."""

    path: Path
    line: int
    change: Change

    def line_of_text(self, language: str) -> str:
        """Give it as `path:line: VERDICT sentence`."""
        return f"{self.path.as_posix()}:{self.line}: {self.change.verdict} {self.change.sentence(language)}"

    @property
    def refused(self) -> bool:
        """Whether it must not be made."""
        return self.change.verdict is Verdict.REFUSED


def changes_against(
    folder: Path, reference: str, forms: Mapping[str, Form], community: Community = USUAL
) -> Iterator[FormChange]:
    """Compare the forms of a folder with what they were.

    Args:
        folder: the folder of the form files.
        reference: a commit, branch or tag of the repository it is in.
        forms: those that can be used as they stand, by name; of the others nothing is said.
        community: whose forms they are.

    Returns:
        Every change, form by form; a form that was not there, or was not sound, has none.

    Raises:
        SettingsProblems: git does not know the reference, or the folder is in no repository.
    """
    with tempfile.TemporaryDirectory() as before:
        _check_out(folder, reference, Path(before))
        for path in sorted(folder.glob("*.yaml")):
            was = _loaded(Path(before) / path.name, community)
            now = forms.get(path.stem)
            if was is None or now is None:
                continue
            yield from changes_of(path, [was], now)


def changes_of(path: Path, history: Sequence[Form], form: Form) -> Iterator[FormChange]:
    """Compare a form with what it was.

    Args:
        path: its file.
        history: its earlier states, oldest first.
        form: the form as its file has it now.
    """
    lines = read_source(path)
    positions = {field.name: position for position, field in enumerate(form.fields)}
    for change in changes_since(history, form):
        whole = (str(change.values.get("key", "fields")),) if not change.field else ("fields",)
        at = ("fields", positions[change.field]) if change.field in positions else whole
        yield FormChange(path, lines.line(*at), change)


def _loaded(path: Path, community: Community) -> Form | None:
    try:
        return load_form(path, community)
    except FormProblems:
        return None


def _check_out(folder: Path, reference: str, target: Path) -> None:
    asked = ["git", "-C", str(folder), "archive", "--format=tar", "--end-of-options", reference, "."]
    try:
        archive = subprocess.run(asked, capture_output=True, check=True).stdout  # noqa: S603  # no shell, options ended
    except (OSError, subprocess.CalledProcessError) as error:
        reason = getattr(error, "stderr", b"").decode(errors="replace").strip() or str(error)
        values = {"reference": reference, "reason": reason.splitlines()[0]}
        raise SettingsProblems(PortalProblem("AGAINST", str(folder), 1, values=values)) from None
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.2 has none
        plain = [member for member in files if member.isfile() or member.isdir()]
        files.extractall(target, plain)  # noqa: S202  git wrote it, and names nothing outside
