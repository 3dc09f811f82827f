"""Groups and notes: they become sections with their texts, and matrices."""

from __future__ import annotations

from bacheca.forms.xlsform.survey import Group, Survey, Words
from bacheca.forms.xlsform.types import Asked
from bacheca.forms.xlsform.workbook.sheets import Row

LONGEST_HEADING = 120


class Headings(Survey):
    """Maps what opens and closes."""

    def begin(self, row: Row, repeats: bool) -> None:
        """Open a group."""
        if repeats:
            self.draft.refuse("XLS_REPEAT", self.place(row))
        condition = (*self.around, *([row.get("relevant")] if row.get("relevant") else []))
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
            entry["form:matrix"] = self.names.get(group.name) or f"matrix_{group.row.number}"
            entry["categoriesOrdered"] = True
        for language, said in group.words.items():
            self.entry(language, group.first)["form:stem"] = said["title"]

    def said(self, words: Words) -> str:
        """Give the first of some words."""
        return next((said["title"] for said in words.values()), "")

    def note(self, row: Row) -> None:
        """Add a text to the heading that is open, or open one."""
        labels, hints = self.words(row, "label"), self.words(row, "hint")
        read_if = (*self.around, *([row.get("relevant")] if row.get("relevant") else []))
        if not labels[self.languages.main]:
            self.draft.refuse("XLS_NOTE", self.place(row))
            return
        if self.heading:
            for language, said in self.heading.items():
                texts = (said.get("text", ""), labels.get(language, ""), hints.get(language, ""))
                said["text"] = "\n\n".join(filter(None, texts))
        elif "\n" in labels[self.languages.main] or len(labels[self.languages.main]) > LONGEST_HEADING:
            self.draft.refuse("XLS_NOTE", self.place(row))
        else:
            titles = {language: {"title": said} for language, said in labels.items() if said}
            for language, said in titles.items():
                if hints.get(language):
                    said["text"] = hints[language]
            self.open(titles, row, self.groups[-1] if self.groups else None)
        self.heading_notes.append((row, read_if))

    def write_heading(self, row: Row, question: Asked, i: int) -> None:
        """Put the heading that is open on the question."""
        if self.heading and question.kind != "hidden":
            for language, said in self.heading.items():
                self.entry(language, i)["form:section"] = dict(said)
            self.asked[i].notes = tuple(self.heading_notes)
            self.heading, self.heading_notes = {}, []
        elif question.kind != "hidden" and self.heading_of and self.heading_of not in self.groups:
            self.draft.remark("XLS_UNDER", self.place(row), group=self.heading_of.name)
            self.heading_of = None
