"""`bacheca.portal.publishing.service`: what the service says of the forms, before a site is shown and after."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bacheca.forms.community import FIRST
from bacheca.forms.form_files.loading import read_forms
from bacheca.portal.errors import NotPublished
from bacheca.portal.publishing.service import Service, hold_against
from tests.bacheca.portal.publishing.editions import Editors
from tests.forms_server.test_posting import SURVEY

SWAPPED = SURVEY.replace(
    "{value: ufficio, label: Ufficio}, {value: casa, label: Casa}",
    "{value: ufficio, label: Casa}, {value: casa, label: Ufficio}",
)


class Answers(BaseHTTPRequestHandler):
    """Answers what a test says."""

    said: dict[str, object]

    def do_GET(self) -> None:
        body = json.dumps(self.said[self.path]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sondaggio.yaml").write_text(SURVEY, encoding="utf-8")
    Answers.said = {
        "/forms/versions.json": {"served": {"sondaggio": version_in(tmp_path)}, "refused": {}},
        "/forms/sondaggio/versions.json": [read_forms(tmp_path)[0]["sondaggio"].source()],
    }
    return tmp_path


def version_in(folder: Path) -> str:
    return read_forms(folder)[0]["sondaggio"].version


def test_an_edit_that_the_service_would_refuse_is_refused_in_its_words(url: str, folder: Path) -> None:
    assert hold_against(Service(url), folder, FIRST, "en")[0] == []
    (folder / "sondaggio.yaml").write_text(SWAPPED, encoding="utf-8")
    with pytest.raises(NotPublished) as raised:
        hold_against(Service(url), folder, FIRST, "it")
    line = raised.value.problems[0].line_of_text("it")
    assert line.startswith(f"{folder}/sondaggio.yaml:7: FORM_REFUSED Il servizio rifiuta questa modifica: luogo: ")


def test_a_form_that_went_back_to_an_earlier_wording_begins_no_new_file(url: str, folder: Path) -> None:
    def changes() -> list[str]:
        return [change.change.code for change in hold_against(Service(url), folder, FIRST, "en")[0]]

    first = read_forms(folder)[0]["sondaggio"]
    file = folder / "sondaggio.yaml"
    file.write_text(SURVEY.replace("{value: casa, label: Casa}", "{value: altrove, label: Altrove}"), encoding="utf-8")
    second = read_forms(folder)[0]["sondaggio"]
    assert {"code-removed", "code-added"} <= set(changes())
    Answers.said["/forms/sondaggio/versions.json"] = [first.source(), second.source()]
    file.write_text(SURVEY, encoding="utf-8")
    for served, expected in ((second, ["version-returned", "code-added"]), (first, [])):
        Answers.said["/forms/versions.json"] = {"served": {"sondaggio": served.version}, "refused": {}}
        assert changes() == expected
    file.write_text(SURVEY.replace("Dove lavori?", "Dove si lavora?"), encoding="utf-8")
    assert changes() == ["reworded"]
    file.write_text(SWAPPED, encoding="utf-8")
    with pytest.raises(NotPublished, match="FORM_REFUSED"):
        changes()


@pytest.mark.parametrize("said", [None, [], {"served": []}, {"served": {}}, "x"])
def test_a_service_that_is_none_of_ours_is_no_service(url: str, folder: Path, said: object) -> None:
    Answers.said["/forms/versions.json"] = said
    with pytest.raises(NotPublished, match="SERVICE_AWAY"):
        Service(url).served()
    Answers.said["/forms/sondaggio/versions.json"] = said or [1]
    with pytest.raises(NotPublished, match="SERVICE_AWAY"):
        hold_against(Service(url), folder, FIRST, "en")


def test_what_the_service_cannot_serve_once_the_site_is_there_brings_the_one_before_back(
    url: str, folder: Path, tmp_path: Path
) -> None:
    editors = Editors(tmp_path, url)
    editors.publish(1)
    Answers.said["/forms/versions.json"] = {"served": {}, "refused": {"sondaggio": "keys are missing"}}
    with pytest.raises(NotPublished, match=r"FORM_NOT_TAKEN.*keys are missing"):
        editors.publish(2)
    assert (editors.shown, [site.number for site in editors.sites.all()]) == ("1", [1])


@pytest.mark.parametrize("stands", [False, True])
def test_a_first_site_that_the_service_cannot_serve_is_not_shown(
    url: str, folder: Path, tmp_path: Path, *, stands: bool
) -> None:
    editors = Editors(tmp_path, url)
    if stands:  # an empty folder, as whoever prepares a server makes it
        editors.sites.site.mkdir()
    Answers.said["/forms/versions.json"] = {"served": {}, "refused": {"sondaggio": "keys are missing"}}
    with pytest.raises(NotPublished, match=r"FORM_NOT_TAKEN.*keys are missing"):
        editors.publish(1)
    assert not (editors.sites.site / "index.html").exists()
    Answers.said["/forms/versions.json"] = {"served": {}, "refused": {}}
    editors.publish(2)
    assert editors.shown == "2"


def test_a_site_that_was_taken_away_does_not_come_back_where_the_service_cannot_serve_it(
    url: str, folder: Path, tmp_path: Path
) -> None:
    editors = Editors(tmp_path, url)
    editors.publish(1)
    editors.sites.site.unlink()
    Answers.said["/forms/versions.json"] = {"served": {}, "refused": {"sondaggio": "keys are missing"}}
    with pytest.raises(NotPublished, match=r"FORM_NOT_TAKEN.*keys are missing"):
        editors.publisher.roll_back(1)
    assert not editors.sites.site.is_symlink()


def test_forms_that_come_and_go_are_named_and_a_service_of_another_site_too(
    url: str, folder: Path, tmp_path: Path
) -> None:
    Answers.said["/forms/versions.json"] = {"served": {"andato": "1"}, "refused": {}}
    editors = Editors(tmp_path, url)
    editors.forms.joinpath("andato.yaml").write_text("title: [", encoding="utf-8")  # a mistake takes nothing away
    editors.publish(1)
    assert "forms_gone" not in dict(editors.told)
    editors.forms.joinpath("andato.yaml").unlink()
    editors.publish(2)
    told = {saying: values.get("names") for saying, values in editors.told}
    assert (told["forms_new"], told["forms_gone"], told["service_other"]) == ("sondaggio", "andato", "sondaggio")


def test_days_that_the_desk_has_set_are_told_of_and_an_older_service_knows_of_none(url: str, folder: Path) -> None:
    assert Service(url).days() == {}
    set_days = {"sondaggio": {"opens": None, "closes": "2027-08-16T00:00:00+02:00"}}
    for said, known in (
        ({"forms": {}}, {}),
        ([], {}),
        ({"forms": {}, "schedules": set_days}, set_days),
        ({"schedules": {**set_days, "altro": {"opens": None, "closes": None}}, "set": {"sondaggio": {}}}, set_days),
    ):
        Answers.said["/forms/state.json"] = said
        assert Service(url).days() == known
    editors = Editors(folder / "editors", url)
    editors.publish(1)
    (told,) = (values for saying, values in editors.told if saying == "form_days")
    assert told == {"name": "sondaggio", "opens": "…", "closes": "2027-08-16T00:00:00+02:00"}
