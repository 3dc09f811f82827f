"""Walking forms as people do: synthetic respondents answer them through the real service, started for the purpose.

The service runs as a process of its own on a folder that is thrown away; its mail is written to files there.
"""

from __future__ import annotations

import csv
import json
import re
import secrets
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from urllib.parse import urlencode, urlsplit

from bacheca.forms import USUAL, Community, Form, load_form, read_response
from bacheca.forms.simulation.respondents import (
    Branch,
    Person,
    branches_of,
    branches_walked,
    is_reachable,
    people_of,
    person_towards,
)
from bacheca.portal.postprocess.html_tree import Tree
from bacheca.portal.simulation.service_process import WalkService, walk_service

FULL = 409
"""What the service answers when the places of a form are taken."""

DOORS = ("page", "page", "page", "no script", "program")
"""How people send their answers, in turn: mostly with a script, some without, some with a program of their own."""

EDITORS = ("one", "other")
"""Whose keys sealed answers are sealed to, made for the walk: the first opens the package."""

TOLD = 300
"""How many characters of an answer of the service are worth repeating."""

DAYS = re.compile(r"^form:(opens|closes):.*\n", re.MULTILINE)
CONFIRMATION = re.compile(r"https?://\S+/confirm/\S+")


@dataclass(frozen=True)
class Walk:
    """What came of walking a form.

    Args:
        form: its name.
        people: how many answered.
        statuses: how often the service answered what.
        branches: how many branches the form has, but for those of whoever answers nothing, which is not taken.
        unreachable: the branches that nobody could go along.
        unwalked: those that there were too few people for.
        responses: how many responses its package holds.
        faults: everything that went otherwise than it should, in the service's or the file's own words.
    """

    form: str
    people: int
    statuses: Counter[int]
    branches: int
    unreachable: tuple[Branch, ...]
    unwalked: tuple[Branch, ...]
    responses: int
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether everything went as it should."""
        return not self.unreachable and not self.faults


def walk(paths: Sequence[Path], count: int, seed: int, community: Community = USUAL) -> list[Walk]:
    """Walk forms.

    Args:
        paths: the form files; they are sound, and their names are all different.
        count: how many people answer each.
        seed: what fixes who they are.
        community: whose forms they are.

    Raises:
        RenderFailed: the service did not start.
    """
    with tempfile.TemporaryDirectory() as folder:
        content, data = Path(folder) / "forms", Path(folder) / "data"
        content.mkdir()
        data.mkdir()
        forms = [_copied(path, content, community) for path in paths]
        keys = [Path(folder) / f"{editor}.key" for editor in EDITORS] if any(form.sealed for form in forms) else []
        with walk_service(content, data, community, keys) as service:
            crowds = [_Crowd(service, form) for form in forms]
            for crowd in crowds:
                crowd.answer(count, Random(f"{seed}:{crowd.form.name}"))  # noqa: S311  people are made up, not kept secret
            faults = service.run("send-mail")
            for crowd in crowds:
                crowd.confirm()
            faults += service.run("export", *(["--identity", str(keys[0])] if keys else []))
            faults += service.run("verify")
            return [crowd.outcome(faults) for crowd in crowds]


def _copied(path: Path, content: Path, community: Community) -> Form:
    """Copy a form, its translations too; the copy is always open."""
    for file in (path, *path.parent.glob(f"{path.stem}.*.yaml")):
        shutil.copyfile(file, content / file.name)
    copy = content / path.name
    copy.write_text(DAYS.sub("", copy.read_text(encoding="utf-8")), encoding="utf-8")
    return load_form(copy, community)


class _Crowd:
    """The people who answer one form."""

    def __init__(self, service: WalkService, form: Form):
        self.service = service
        self.form = form
        self.statuses: Counter[int] = Counter()
        self.faults: list[str] = []
        self.kept: list[dict[str, str]] = []
        self.waiting: list[dict[str, str]] = []
        self.left = {quota: quota.places for quota in form.quotas}

    def answer(self, count: int, chance: Random) -> None:
        """Send the answers of so many people, and keep account of those that were taken."""
        form = self.form
        for number, person in enumerate(people_of(form, count, chance)):
            language = form.languages[number % len(form.languages)]
            status, said = _Visit(self.service, form, language).send(person, DOORS[number % len(DOORS)])
            self.statuses[status] += 1
            if status in (201, 303):
                response, _ = read_response(form, person.posted, language)
                (self.kept if self._takes_place(response.cells) else self.waiting).append(dict(response.cells))
            elif status != FULL or not self._is_full(read_response(form, person.posted, language)[0].cells):
                self.faults.append(f"HTTP {status}: {_told(said)}")

    def _takes_place(self, cells: Mapping[str, str]) -> bool:
        """Take a place of all that somebody asks for, where one is left; otherwise they wait."""
        wanted = self.form.quotas_for(cells)
        if not all(self.left[quota] for quota in wanted):
            return False
        for quota in wanted:
            self.left[quota] -= 1
        return True

    def _is_full(self, cells: Mapping[str, str]) -> bool:
        """Tell whether somebody can have no place, and nobody more may wait."""
        no_place = any(not self.left[quota] for quota in self.form.quotas_for(cells))
        return no_place and len(self.waiting) >= self.form.waiting

    def confirm(self) -> None:
        """Follow the link of every letter that asks to confirm a sign-up."""
        if not self.form.address_field:
            return
        links = set()
        for file in sorted(self.service.data.glob("outbox/*.eml")):
            body = message_from_bytes(file.read_bytes(), policy=policy.default).get_body(("plain",))
            found = CONFIRMATION.findall(body.get_content() if body else "")
            links |= {link for link in found if f"/{self.form.name}/" in link}
        if len(links) != len(self.kept) + len(self.waiting):
            self.faults.append(f"{len(self.kept) + len(self.waiting)} sign-ups, {len(links)} letters")
        for link in sorted(links):
            status, said = post(self.service, urlsplit(link).path, "", {"Origin": self.service.url})
            if status != 303:
                self.faults.append(f"HTTP {status}: {_told(said)}")

    def outcome(self, of_all: Sequence[str]) -> Walk:
        """Hold what stands in the package against what was sent.

        Args:
            of_all: what went wrong with the packages; what names another form is not this one's.
        """
        form, rows = self.form, self._rows()
        faults = [*self.faults, *(fault for fault in of_all if f"/{form.name}/" in fault or "/packages/" not in fault)]
        faults += [f"sent and not in the package: {cells}" for cells in _more(self.kept, rows)]
        faults += [f"in the package and not sent: {cells}" for cells in _more(rows, self.kept)]
        walked = {branch for cells in (*rows, *self.waiting) for branch in branches_walked(form, cells)}
        chance = Random(0)  # noqa: S311  people are made up, not kept secret
        left = [branch for branch in branches_of(form) if branch not in walked]
        unwalked = tuple(branch for branch in left if person_towards(form, branch, 0, chance))
        untaken = [branch for branch in left if branch not in unwalked]
        unreachable = tuple(branch for branch in untaken if not is_reachable(form, branch, chance))
        people, branches = sum(self.statuses.values()), len(walked) + len(unwalked) + len(unreachable)
        return Walk(form.name, people, self.statuses, branches, unreachable, unwalked, len(rows), tuple(faults))

    def _rows(self) -> list[dict[str, str]]:
        responses = self.service.data / "packages" / self.form.name / "responses.csv"
        if not responses.is_file():
            return []
        with responses.open(encoding="utf-8", newline="") as file:
            return [{column.name: row[column.name] for column in self.form.columns} for row in csv.DictReader(file)]


def _told(page: str) -> str:
    """Give what a page or a problem says, without its markup, in a line."""
    tree = Tree(page)
    said = tree.css_first(".form-summary") or tree.body
    return " ".join(said.text(separator=" ").split())[:TOLD] if said else ""


class _Visit:
    """One person at the service."""

    def __init__(self, service: WalkService, form: Form, language: str):
        self.service = service
        self.path = f"/forms/{form.name}"
        self.about = {"_lang": [language], "_version": [form.version]}

    def send(self, person: Person, door: str) -> tuple[int, str]:
        """Send answers and give the status and what was said with it."""
        posted = {**person.posted, **self.about}
        if door == "program":
            body = json.dumps({name: values if len(values) > 1 else values[0] for name, values in posted.items()})
            key = {"Idempotency-Key": secrets.token_urlsafe(24)}
            return self._post(body, {"Content-Type": "application/json", **key})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if door == "page":
            with_key = {**posted, "_key": [secrets.token_urlsafe(24)]}
            return self._post(urlencode(with_key, doseq=True), {**headers, "Origin": self.service.url})
        status, page = self._post(urlencode(posted, doseq=True), headers)
        carried = _Hidden(page).values
        if status != 200 or "_key" not in carried:
            return status, page
        return self._post(urlencode(carried, doseq=True), {**headers, "Origin": self.service.url})

    def _post(self, body: str, headers: dict[str, str]) -> tuple[int, str]:
        return post(self.service, self.path, body, headers)


class _Hidden(HTMLParser):
    """The hidden controls of a page: what its button sends."""

    def __init__(self, page: str):
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of a hidden control."""
        found = dict(attrs)
        if tag == "input" and found.get("type") == "hidden":
            self.values.setdefault(found.get("name") or "", []).append(found.get("value") or "")


def post(service: WalkService, path: str, body: str, headers: dict[str, str]) -> tuple[int, str]:
    """Post to the service; 0 stands for no answer at all."""
    connection = HTTPConnection("127.0.0.1", service.port, timeout=60)
    try:
        connection.request("POST", path, body.encode(), headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (HTTPException, OSError) as error:
        return 0, str(error)
    finally:
        connection.close()


def _more(these: list[dict[str, str]], those: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Give what is in one list more often than in the other."""
    counted = Counter(tuple(sorted(cells.items())) for cells in these)
    counted.subtract(tuple(sorted(cells.items())) for cells in those)
    for cells in counted.elements():
        yield dict(cells)
