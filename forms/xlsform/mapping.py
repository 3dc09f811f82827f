"""From the rows of an XLSForm to the entries of a form file."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.checks import codes
from forms.definition import LANGUAGE
from forms.definition_checks import SCHEMA
from forms.xlsform.draft import Draft, Place
from forms.xlsform.expressions import REFERENCE, read_condition, read_limits
from forms.xlsform.languages import Languages, languages_of
from forms.xlsform.problems import EXAMPLE_OF_TIME, say
from forms.xlsform.sheets import Row, Workbook
from forms.xlsform.types import APPEARANCES, BEGIN, BEGIN_REPEAT, END, END_REPEAT, QUESTIONS, Asked, asked, refusal

OURS = "bacheca"
"""The column that holds, as JSON, what a form says and XLSForm cannot."""

NO_MATTER = {"type", "name", "label", "hint", "required", "relevant", "constraint", "appearance", "parameters", OURS}
"""The columns that are read."""

WORDS = {"required_message", "constraint_message", "guidance_hint", "autoplay", "intent", "query"}
LOGIC = re.compile(
    r"calculation|choice_filter|default|trigger|read_only|repeat_count|save_to|media::.*|bind::.*|instance::.*|attribute::.*"
)
"""What a form cannot do: a row that uses it is refused; other columns, looks and remarks to oneself, are left out."""

SETTINGS_READ = {"form_title", "form_id", "default_language", "style", OURS}
SETTINGS_REFUSED = re.compile(r"public_key|submission_url|namespaces|attribute::.*")
YES, NO = {"yes", "true", "true()", "1", "required"}, {"", "no", "false", "false()", "0"}
LONGEST_HEADING = 120

Words = dict[str, dict[str, str]]


@dataclass
class Group:
    """A group that is open.

    Args:
        row: where it began.
        name: its name.
        words: its label by language; empty where it has none.
        condition: the conditions of all groups around it and its own.
        table: whether it is a table of radios.
        first: how many fields there were before it.
        repeats: whether it is repeated, which is refused.
    """

    row: Row
    name: str
    words: Words
    condition: list[str]
    table: bool
    first: int
    repeats: bool = False


@dataclass
class Mapper:
    """Maps one workbook."""

    book: Workbook
    draft: Draft
    languages: Languages
    names: dict[str, str] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    heading: Words = field(default_factory=dict)
    heading_row: Row | None = None
    heading_of: Group | None = None
    relevant: list[tuple[int, Row, list[str]]] = field(default_factory=list)
    ours: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The entries of the form file."""
        listed: list[dict[str, Any]] = self.draft.descriptor["fields"]
        return listed

    def words(self, row: Row, column: str) -> dict[str, str]:
        """Give a text by language."""
        return {language: self.languages.text(row, column, language) for language in self.languages.columns}

    def place(self, row: Row) -> Place:
        """Say where a row of the survey is."""
        return "survey", row.number, row.get("name")

    def rows(self) -> Iterator[Row]:
        """Give the rows of the survey that ask or open something; comments and disabled ones do not."""
        for row in self.book.sheet("survey").rows:
            if not self.is_comment(row):
                yield row

    def is_comment(self, row: Row) -> bool:
        """Tell whether nobody would ever see a row."""
        nothing = not row.get("type") and not row.get("name") and not self.words(row, "label")[LANGUAGE]
        return nothing or row.get("disabled").lower() in YES or row.get("type").startswith("#")

    def run(self) -> None:
        """Map every row."""
        self.names = {row.get("name"): name_of(row.get("name")) for row in self.rows() if row.get("name")}
        for row in filter(self.is_comment, self.book.sheet("survey").rows):
            self.draft.remark("XLS_ROW_LEFT_OUT", self.place(row), value=next(iter(row.cells.values())))
        for row in self.rows():
            self.columns(row)
            of_type = re.sub(r"\s+", " ", row.get("type"))
            if BEGIN.fullmatch(of_type) or BEGIN_REPEAT.fullmatch(of_type):
                self.begin(row, bool(BEGIN_REPEAT.fullmatch(of_type)))
            elif END.fullmatch(of_type) or END_REPEAT.fullmatch(of_type):
                self.end(row)
            elif of_type.lower() in ("note", "add note prompt"):
                self.note(row)
            elif question := asked(of_type):
                self.question(row, question)
            else:
                self.draft.refuse(refusal(of_type), self.place(row), type=of_type or "–")
        for group in self.groups:
            self.draft.refuse("XLS_GROUP", self.place(group.row))
        if self.heading and self.heading_row:
            self.draft.refuse("XLS_NOTE", self.place(self.heading_row))
        self.conditions()
        self.apply_rest()

    def columns(self, row: Row) -> None:
        """Look at the cells that no question reads."""
        for (column, language), value in row.cells.items():
            said = {"column": f"{column}::{language}" if language else column, "value": value}
            if column in ("label", "hint") and REFERENCE.search(value):
                self.draft.refuse("XLS_REFERENCE", self.place(row), column=said["column"])
            elif LOGIC.fullmatch(column) and not (column == "read_only" and value.lower() in NO):
                self.draft.refuse("XLS_CELL", self.place(row), **said)
            elif column in WORDS or column.startswith(("body::", "control::")):
                self.draft.remark("XLS_LEFT_OUT", self.place(row), **said)

    def begin(self, row: Row, repeats: bool) -> None:
        """Open a group."""
        if repeats:
            self.draft.refuse("XLS_REPEAT", self.place(row))
        outer = self.groups[-1].condition if self.groups else []
        condition = [*outer, *([row.get("relevant")] if row.get("relevant") else [])]
        labels = {language: {"title": said} for language, said in self.words(row, "label").items() if said}
        looks = row.get("appearance").split()
        group = Group(row, row.get("name"), labels, condition, "table-list" in looks, len(self.fields), repeats)
        for look in looks:
            if look not in ("table-list", "field-list"):
                self.draft.remark("XLS_LEFT_OUT", self.place(row), column="appearance", value=look)
        self.groups.append(group)
        if labels and not group.table and not repeats:
            self.open(labels, row, group)

    def open(self, words: Words, row: Row, group: Group | None) -> None:
        """Open a section before the next question."""
        if self.heading:
            self.draft.remark("XLS_HEADINGS", self.place(row))
            words = {
                language: {**self.heading.get(language, {}), **said}
                | {"title": " – ".join(filter(None, (self.heading.get(language, {}).get("title"), said["title"])))}
                for language, said in words.items()
            }
        self.heading, self.heading_row, self.heading_of = words, row, group

    def end(self, row: Row) -> None:
        """Close a group; one whose questions are alike and shown as a table is a matrix."""
        if not self.groups:
            self.draft.refuse("XLS_GROUP", self.place(row))
            return
        group = self.groups.pop()
        if not group.table:
            return
        rows = self.fields[group.first :]
        alike = all(entry.get("categories") == rows[0].get("categories") for entry in rows)
        if not rows or not alike or not group.words or any(entry["type"] != "string" for entry in rows):
            self.draft.remark("XLS_LEFT_OUT", self.place(group.row), column="appearance", value="table-list")
            if group.words and rows and "form:section" not in rows[0]:
                self.draft.remark("XLS_LEFT_OUT", self.place(group.row), column="label", value=self.said(group.words))
            return
        for entry in rows:
            entry["form:matrix"] = name_of(group.name)
            entry["categoriesOrdered"] = True
        for language, said in group.words.items():
            self.entry(language, group.first)["form:stem"] = said["title"]

    def said(self, words: Words) -> str:
        """Give the first of some words."""
        return next((said["title"] for said in words.values()), "")

    def note(self, row: Row) -> None:
        """Add a text to the heading that is open, or open one."""
        labels, hints = self.words(row, "label"), self.words(row, "hint")
        if not labels[LANGUAGE] or row.get("relevant") or (self.groups and self.groups[-1].condition):
            self.draft.refuse("XLS_NOTE", self.place(row))
        elif self.heading:
            for language, said in self.heading.items():
                texts = (said.get("text", ""), labels.get(language, ""), hints.get(language, ""))
                said["text"] = "\n\n".join(filter(None, texts))
        elif "\n" in labels[LANGUAGE] or len(labels[LANGUAGE]) > LONGEST_HEADING:
            self.draft.refuse("XLS_NOTE", self.place(row))
        else:
            titles = {language: {"title": said} for language, said in labels.items() if said}
            for language, said in titles.items():
                if hints.get(language):
                    said["text"] = hints[language]
            self.open(titles, row, self.groups[-1] if self.groups else None)

    def entry(self, language: str, i: int) -> dict[str, Any]:
        """Give the entry of a field in the form file or in a translation."""
        fields = self.fields if language == LANGUAGE else self.draft.translations[language]["fields"]
        found: dict[str, Any] = fields[i]
        return found

    def question(self, row: Row, question: Asked) -> None:
        """Add a field."""
        ours = self.read_ours(row)
        if "other-of" in ours:
            self.relevant_of_other(row, ours)
            return
        i = len(self.fields)
        place = self.place(row)
        name = self.names.get(row.get("name"), "")
        if name != row.get("name"):
            self.draft.remark("XLS_RENAMED", place, name=name)
        self.draft.places["fields", i] = place
        self.ours[i] = ours
        entry: dict[str, Any] = {"name": name}
        self.fields.append(entry)
        for language in self.languages.others:
            self.draft.translations[language]["fields"].append({"name": name})
        self.write_words(row, question, i)
        self.write_heading(row, question, i)
        select = question.kind in ("select_one", "select_multiple", "rank")
        entry |= {"type": "string" if question.kind == "select_one" else "list"} if select else QUESTIONS[question.kind]
        if question.kind == "rank":
            entry["form:widget"] = "ranking"
        self.looks(row, question, entry)
        if select:
            self.choices(row, question, i, ours)
        self.parameters(row, question, entry)
        self.limits(row, entry)
        if ours:
            self.apply(i, {key: self.without(said, "form:showIf") for key, said in ours.items()})
        conditions = [*(self.groups[-1].condition if self.groups else []), row.get("relevant")]
        self.relevant.append((i, row, [condition for condition in conditions if condition]))

    def write_words(self, row: Row, question: Asked, i: int) -> None:
        """Write the question and its hint in every language."""
        for language in self.languages.columns:
            entry = self.entry(language, i)
            label, hint = (self.languages.text(row, column, language) for column in ("label", "hint"))
            if question.kind == "hidden" and not label:
                label = row.get("name")
            if label:
                entry["title"] = label
            if question.kind in ("acknowledge", "trigger"):
                entry["form:notice"] = hint or label
            elif hint:
                entry["description"] = hint
            if question.kind == "time":
                entry.setdefault("description", say(EXAMPLE_OF_TIME, language))
                if language == LANGUAGE:
                    self.draft.remark("XLS_TIME", self.place(row))

    def write_heading(self, row: Row, question: Asked, i: int) -> None:
        """Put the heading that is open on the question."""
        if self.heading and question.kind != "hidden":
            for language, said in self.heading.items():
                self.entry(language, i)["form:section"] = dict(said)
            self.heading = {}
        elif question.kind != "hidden" and self.heading_of and self.heading_of not in self.groups:
            self.draft.remark("XLS_UNDER", self.place(row), group=self.heading_of.name)
            self.heading_of = None

    def looks(self, row: Row, question: Asked, entry: dict[str, Any]) -> None:
        """Read the appearance; what is only looks is left out."""
        for look in row.get("appearance").split():
            kind = (
                "text" if entry["type"] == "string" and question.kind not in ("select_one", "time") else question.kind
            )
            if (kind, look) in APPEARANCES:
                entry |= APPEARANCES[kind, look]
            elif not row.get(OURS):
                self.draft.remark("XLS_LEFT_OUT", self.place(row), column="appearance", value=look)

    def choices(self, row: Row, question: Asked, i: int, ours: Mapping[str, Any]) -> None:
        """Write the choices of a list, those for no answer apart."""
        listed = [choice for choice in self.book.sheet("choices").rows if choice.get("list_name") == question.choices]
        if not listed:
            self.draft.refuse("XLS_LIST", self.place(row), list=question.choices)
        missing: list[tuple[str, Words]] = []
        if "blank" in ours:
            missing.append(("", {language: {"label": str(said)} for language, said in ours["blank"].items()}))
        kept: list[tuple[str, Words]] = []
        for choice in listed:
            if choice.get(OURS) == "other":
                continue
            words = {language: {"label": said} for language, said in self.words(choice, "label").items()}
            if any(REFERENCE.search(said["label"]) for said in words.values()):
                self.draft.refuse("XLS_REFERENCE", ("choices", choice.number, choice.get("name")), column="label")
            (missing if choice.get(OURS) == "missing" else kept).append((choice.get("name"), words))
            key = "missingValues" if choice.get(OURS) == "missing" else "categories"
            position = len(missing if key == "missingValues" else kept) - 1
            self.draft.places["fields", i, key, position] = ("choices", choice.number, choice.get("name"))
        for language in self.languages.columns:
            for key, entries in (("categories", kept), ("missingValues", missing)):
                if entries:
                    said = [
                        {"value": code, "label": words.get(language, {}).get("label", "")} for code, words in entries
                    ]
                    self.entry(language, i)[key] = [item for item in said if language == LANGUAGE or item["label"]]
        if question.other and question.kind != "select_one":
            self.draft.refuse("XLS_OTHER", self.place(row))
        elif question.other:
            self.fields[i]["form:other"] = True

    def parameters(self, row: Row, question: Asked, entry: dict[str, Any]) -> None:
        """Read `randomize=true`, and the ends of a range."""
        written = re.findall(r"([\w-]+)\s*=\s*([^\s;,]+)", row.get("parameters"))
        said = {key.lower(): value for key, value in written}
        if question.kind == "range":
            ends = {"start": said.pop("start", "1"), "end": said.pop("end", "10"), "step": said.pop("step", "1")}
            whole = all(re.fullmatch(r"-?\d+(\.0+)?", value) for value in ends.values())
            if not whole or float(ends["step"]) != 1:
                self.draft.refuse("XLS_RANGE", self.place(row), value=row.get("parameters"))
            else:
                entry["constraints"] = {"minimum": int(float(ends["start"])), "maximum": int(float(ends["end"]))}
                if not row.get(OURS):
                    self.draft.remark("XLS_RANGE_NUMBER", self.place(row))
        elif "categories" in entry and said.get("randomize", "").lower() == "true" and "seed" not in said:
            entry["form:shuffle"] = True
            del said["randomize"]
        if question.kind == "text" and set(said) == {"rows"}:
            self.draft.remark("XLS_LEFT_OUT", self.place(row), column="parameters", value=row.get("parameters"))
        elif said and said != {"randomize": "false"}:
            self.draft.refuse("XLS_CELL", self.place(row), column="parameters", value=row.get("parameters"))

    def limits(self, row: Row, entry: dict[str, Any]) -> None:
        """Read what limits the answer."""
        required, constraint = row.get("required").lower(), row.get("constraint")
        if constraint:
            said = read_limits(constraint, "list" if entry["type"] == "list" else self.limited(entry))
            if said is None or ("constraints" in said and "pattern" in said["constraints"] and "constraints" in entry):
                self.draft.refuse("XLS_CONSTRAINT", self.place(row), value=constraint)
            else:
                limits = {**entry.get("constraints", {}), **said.pop("constraints", {})}
                entry |= said | ({"constraints": limits} if limits else {})
        if required in YES:
            entry["constraints"] = {"required": True, **entry.get("constraints", {})}
        elif required not in NO:
            self.draft.refuse("XLS_REQUIRED", self.place(row), value=row.get("required"))

    def limited(self, entry: Mapping[str, Any]) -> str:
        """Say as what a field is limited; choices and consents are not."""
        coded = "categories" in entry or entry.get("form:widget") in ("consent", "hidden")
        return "" if coded else str(entry["type"])

    def conditions(self) -> None:
        """Read the conditions, now that every question is known."""
        by_name = {entry["name"]: entry for entry in self.fields}
        for i, row, written in self.relevant:
            if not written:
                continue
            if len(set(written)) > 1:
                self.draft.refuse("XLS_TWO_CONDITIONS", self.place(row))
                continue

            def missing_of(name: str) -> tuple[str, ...]:
                return codes(by_name.get(self.names.get(name, name), {}).get("missingValues"))

            def typed(name: str, value: str) -> object:
                return typed_for(by_name.get(self.names.get(name, name), {}), value)

            said = read_condition(written[0], missing_of, typed)
            if said is None:
                self.draft.refuse("XLS_RELEVANT", self.place(row), value=written[0])
            else:
                self.fields[i]["form:showIf"] = said | {"field": self.names.get(said["field"], said["field"])}

    def read_ours(self, row: Row) -> dict[str, Any]:
        """Read the column that is ours."""
        try:
            read = json.loads(row.get(OURS) or "{}")
            if not isinstance(read, dict) or not all(isinstance(said, dict | str) for said in read.values()):
                raise ValueError("JSON")
        except ValueError as error:
            self.draft.refuse("XLS_OURS", ("survey", row.number, row.get("name")), reason=str(error))
            return {}
        return read

    def relevant_of_other(self, row: Row, ours: Mapping[str, Any]) -> None:
        """Fold the row of another answer in one's own words into the question that it belongs to."""
        for entry in self.fields:
            if entry["name"] == ours["other-of"]:
                entry["form:other"] = True

    def without(self, said: object, key: str) -> object:
        """Leave a property out."""
        return {name: value for name, value in said.items() if name != key} if isinstance(said, dict) else said

    def apply_rest(self) -> None:
        """Write the conditions that XLSForm could not say."""
        for i, ours in self.ours.items():
            kept = {key: said for key, said in ours.get("form", {}).items() if key == "form:showIf"}
            self.apply(i, {"form": kept})

    def apply(self, i: int, ours: Mapping[str, Any]) -> None:
        """Write into the entries of a field what XLSForm could not say."""
        for key, said in ours.items():
            language = LANGUAGE if key == "form" else key
            if isinstance(said, dict) and key != "blank" and language in self.languages.columns:
                overwrite(self.entry(language, i), said)


def overwrite(entry: dict[str, Any], said: Mapping[str, Any]) -> None:
    """Write properties into an entry; those that are null are taken out."""
    for key, value in said.items():
        if value is None:
            entry.pop(key, None)
        else:
            entry[key] = value


def typed_for(entry: Mapping[str, Any], value: str) -> object:
    """Write a value of a condition as the form file of a field does."""
    if entry.get("type") == "boolean":
        return {"OK": True, "true": True, "false": False}.get(value, value)
    if entry.get("type") == "integer" and re.fullmatch(r"-?\d+", value):
        return int(value)
    return value


def name_of(name: str) -> str:
    """Make a name that a field can have: small letters, digits and single underscores."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if re.fullmatch(r"[a-z](_?[a-z0-9])*_?", name):
        return name
    return made if re.match("[a-z]", made) else f"q_{made}".rstrip("_")


def form_name_of(name: str) -> str:
    """Make a name that a form can have: small letters, digits and hyphens."""
    made = name_of(name).replace("_", "-")[:64].strip("-")
    return name if re.fullmatch(r"[a-z][a-z0-9-]{0,63}", name) else made


def map_workbook(book: Workbook, name: str) -> Draft:
    """Map a workbook.

    Args:
        book: the workbook.
        name: the name of the form, where the sheet settings gives none.

    Returns:
        The form in the making; it may be used only where `problems` is empty.
    """
    languages = languages_of(book)
    settings = next(iter(book.sheet("settings").rows), Row(1, {}))
    called = form_name_of(settings.get("form_id") or name)
    title = settings.get("form_title") or settings.get("form_id") or name
    descriptor = {"$schema": SCHEMA, "name": called, "title": title, "form:kind": "survey", "form:publish": "nothing"}
    translations = {language: {"title": title, "fields": []} for language in languages.others}
    draft = Draft(book.file, descriptor | {"fields": []}, translations)
    draft.places[()] = ("survey", 1, "")
    draft.places["name",] = draft.places["title",] = ("settings", settings.number, called)
    draft.problems += [*book.problems, *languages.problems]
    draft.remarks += languages.remarks
    if "pages" in settings.get("style").split():
        draft.descriptor["form:steps"] = True
    mapper = Mapper(book, draft, languages)
    mapper.run()
    _settings(mapper, settings)
    _left_out(book, draft)
    return draft


def _settings(mapper: Mapper, settings: Row) -> None:
    """Look at the other settings, and write those that are ours."""
    draft = mapper.draft
    for (column, _), value in settings.cells.items():
        place = ("settings", settings.number, column)
        if SETTINGS_REFUSED.fullmatch(column):
            draft.refuse("XLS_CELL", place, column=column, value=value)
        elif column == "name" and settings.get(OURS):
            continue
        elif column not in SETTINGS_READ or (column == "style" and value != "pages"):
            draft.remark("XLS_LEFT_OUT", place, column=column, value=value)
    for key, said in mapper.read_ours(settings).items():
        if key == "form" and isinstance(said, dict):
            overwrite(draft.descriptor, said)
        elif key in draft.translations and isinstance(said, dict):
            overwrite(draft.translations[key], said)


def _left_out(book: Workbook, draft: Draft) -> None:
    """Say which sheets, columns and lists nobody reads."""
    for name in book.others:
        draft.remark("XLS_SHEET_LEFT_OUT", (name, 1, ""), sheet=name)
    for name, read in (("survey", NO_MATTER | WORDS | {"disabled"}), ("choices", {"list_name", "name", "label", OURS})):
        sheet = book.sheet(name)
        for column in dict.fromkeys(head for head, _ in sheet.columns if head and head not in read):
            used = any(column == head for row in sheet.rows for head, _ in row.cells)
            if name == "choices" and column.startswith("media::") and used:
                row = next(row for row in sheet.rows if any(column == head for head, _ in row.cells))
                draft.refuse("XLS_CELL", (name, row.number, row.get("name")), column=column, value="…")
            elif used and not LOGIC.fullmatch(column) and not column.startswith(("body::", "control::")):
                draft.remark("XLS_COLUMN_LEFT_OUT", (name, 1, ""), column=column)
    used_lists = {question.choices for row in book.sheet("survey").rows if (question := asked(row.get("type")))}
    for row in book.sheet("choices").rows:
        listed = row.get("list_name")
        if listed and listed not in used_lists:
            used_lists.add(listed)
            draft.remark("XLS_LIST_LEFT_OUT", ("choices", row.number, row.get("name")), list=listed)
