"""Questions: their words, their choices, their limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bacheca.forms.xlsform.expressions import REFERENCE, read_limits
from bacheca.forms.xlsform.groups import Headings
from bacheca.forms.xlsform.survey import NO, OURS, YES, When, Words
from bacheca.forms.xlsform.types import APPEARANCES, QUESTIONS, Asked
from bacheca.forms.xlsform.workbook.problems import EXAMPLE_OF_TIME, say
from bacheca.forms.xlsform.workbook.sheets import Row


class Questions(Headings):
    """Maps what is asked."""

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
        self.asked.append(When(row, self.around, row.get("relevant")))
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
                if language == self.languages.main:
                    self.draft.remark("XLS_TIME", self.place(row))

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
                    self.entry(language, i)[key] = [
                        item for item in said if language == self.languages.main or item["label"]
                    ]
        if question.other:
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

    def relevant_of_other(self, row: Row, ours: Mapping[str, Any]) -> None:
        """Fold the row of another answer in one's own words into the question that it belongs to."""
        for entry in self.fields:
            if entry["name"] == ours["other-of"]:
                entry["form:other"] = True

    def without(self, said: object, key: str) -> object:
        """Leave a property out."""
        return {name: value for name, value in said.items() if name != key} if isinstance(said, dict) else said
