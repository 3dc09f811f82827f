"""`build.py import-xlsform` and `export-xlsform`: all or nothing, in sentences."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bacheca.forms import load_form
from bacheca.portal.commands.build import main
from tests.bacheca.forms.xlsform.conftest import write_tables
from tests.bacheca.portal.conftest import Sketch

SURVEY = "type|name|label|label::English (en)|appearance\ntext|nome|Nome?|Name?|w1"


def run(sketch: Sketch, *arguments: str) -> Result:
    portal = sketch.portal()
    return CliRunner().invoke(main, ["--config-file", str(portal.main.config_file), *arguments])


def workbook(sketch: Sketch, survey: str = SURVEY) -> str:
    tables = {"survey": survey, "settings": "form_id|form_title\nchi-sei|Chi sei"}
    return str(write_tables(sketch.root / "x.xlsx", tables))


def test_an_import_writes_the_form_and_its_translations_and_says_what_is_left_out(sketch: Sketch) -> None:
    done = run(sketch, "import-xlsform", workbook(sketch))
    assert done.exit_code == 0, done.output
    folder = sketch.portal().forms
    assert load_form(folder / "chi-sei.yaml").languages == ("it", "en")
    assert "XLS_LEFT_OUT nome: appearance resta fuori: w1" in done.output
    assert [said for said in sketch.said() if "FORM_NOWHERE" not in said] == []


def test_an_import_overwrites_nothing(sketch: Sketch) -> None:
    run(sketch, "import-xlsform", workbook(sketch))
    before = {path: path.read_text(encoding="utf-8") for path in sketch.portal().forms.glob("chi-sei.*")}
    (sketch.portal().forms / "chi-sei.yaml").unlink()  # the translation alone is in the way too
    again = run(sketch, "import-xlsform", workbook(sketch))
    assert again.exit_code == 2
    assert "EXISTS" in again.output
    kept = list(sketch.portal().forms.glob("chi-sei.*"))
    assert [path.name for path in kept] == ["chi-sei.en.yaml"]
    assert kept[0].read_text(encoding="utf-8") == before[kept[0]]
    assert run(sketch, "import-xlsform", workbook(sketch), "--name", "altro-nome").exit_code == 0


@pytest.mark.parametrize("name", ["../fuori", "Due Parole", "/etc/x"])
def test_a_form_is_called_as_an_address_can_be(sketch: Sketch, name: str) -> None:
    done = run(sketch, "import-xlsform", workbook(sketch), "--name", name)
    assert done.exit_code == 1
    assert "FORM_FILE_NAME" in done.output


def test_a_refused_import_writes_nothing_and_says_everything(sketch: Sketch) -> None:
    before = sorted(sketch.portal().forms.iterdir())
    survey = "type|name|label\ngeopoint|dove|Dove?\ncalculate|x|"
    done = run(sketch, "import-xlsform", workbook(sketch, survey), "--lang", "en")
    assert done.exit_code == 1
    assert [line.partition(": ")[2][:8] for line in done.output.splitlines()[:2]] == ["XLS_MEDI", "XLS_CALC"]
    assert sorted(sketch.portal().forms.iterdir()) == before


def test_an_export_goes_where_it_is_told_and_overwrites_nothing(sketch: Sketch, tmp_path: Path) -> None:
    run(sketch, "import-xlsform", workbook(sketch))
    target = tmp_path / "uscita.xlsx"
    assert run(sketch, "export-xlsform", "chi-sei", "--to", str(target)).exit_code == 0
    content = target.read_bytes()
    again = run(sketch, "export-xlsform", "chi-sei", "--to", str(target))
    assert (again.exit_code, target.read_bytes()) == (2, content)
    unknown = run(sketch, "export-xlsform", "nessuno", "--to", str(tmp_path / "y.xlsx"))
    assert unknown.exit_code == 2
    assert "FORM_UNKNOWN" in unknown.output
    assert not (tmp_path / "y.xlsx").exists()
