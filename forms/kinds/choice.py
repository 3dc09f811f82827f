"""One choice among several."""

from __future__ import annotations

from types import MappingProxyType

from forms.kinds.base import Field, MailLine, Posted


class SingleChoice(Field):
    """One of the categories, or one of the labelled reasons for not answering."""

    kind = "single choice"
    signatures = (("string", "categories", ""),)
    template = "kinds/single_choice.html"
    offers_missing = True
    says = MappingProxyType({"required": "choose", "not-a-choice": "not-a-choice"})

    @property
    def anchor(self) -> str:
        """The id of the first option."""
        return self.option_id(self.categories[0])

    @property
    def offered_missing(self) -> tuple[str, ...]:
        """The reasons for not answering that stand among the options; an empty one undoes a choice."""
        return tuple(code for code in self.missing if code or not self.required)

    def option_id(self, code: str) -> str:
        """Give the id of an option's control."""
        return f"f-{self.name}-{code or '-blank'}"

    def mail_lines(self, language: str, posted: Posted) -> list[MailLine]:
        """Give a line an option, each with a box."""
        chosen = posted.get(self.name) or []
        labels = self.words[language].labels
        return [
            MailLine("[", "x" if code in chosen else " ", f"] {labels[code]}", self.name, code)
            for code in (*self.categories, *filter(None, self.missing))
        ]
