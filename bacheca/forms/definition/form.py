"""The form: a Table Schema with a few properties of its own, read from one YAML file and its translations."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from bacheca.forms.asking.conditions import SHOW_IF, Comparison, comparisons_of, condition_of, holds
from bacheca.forms.asking.wording import TEXTS, Wording, entry_of, wording_of
from bacheca.forms.community import FIRST, USUAL, Community, country_of
from bacheca.forms.definition.places import HOLD_UNLESS_SAID, Quota, hold_of, quotas_of
from bacheca.forms.definition.privacy import Notify, Period, period_of, sealed_of
from bacheca.forms.definition.protection import disclosure_of, least_threshold
from bacheca.forms.kinds import Column, Field, kind_of
from bacheca.forms.kinds.cells.cell_checks import codes
from bacheca.forms.local_time import end_of, local_day, start_of
from bacheca.forms.text import digest

Kind = Literal["survey", "signup", "poll"]
KINDS_OF_FORM: tuple[Kind, ...] = get_args(Kind)
"""What a form can be for."""

Publish = Literal["results", "nothing"]
PUBLISHED: tuple[Publish, ...] = get_args(Publish)
"""What everybody can see of the responses to a form."""

FIXED_COLUMNS = ("response_id", "received_on", "form_version", "language", "channel")
"""What stands before the answers in every row of a package."""

CHANNELS = ("web", "mail")
"""How a response can come in."""

WORDS_ONLY = frozenset(place[0] for place in TEXTS.values()) | {"form:autocomplete", "form:matrix"}
"""Properties of a field that do not affect what is stored: a new wording is the same version."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Form:
    """A form, ready to be shown and answered; `form_of` makes it of what its file says."""

    name: str
    """Its name, as in its address."""

    kind: Kind
    """What it is for, which decides what becomes of its answers."""

    words: Mapping[str, Wording]
    """Its own wording by language; that of its file first."""

    fields: tuple[Field, ...]
    """Its questions, in order."""

    version: str
    """A digest (16 hex digits) of all that affects the data; wording does not."""

    zone: ZoneInfo
    """Where its first day begins and its last one ends."""

    abroad: bool
    """Whether the clocks there are not those of the community."""

    opens: date | None
    """The first day on which it can be answered; None: at once."""

    closes: date | None
    """The last day on which it can be answered; None: it stays open."""

    closes_in_file: date | None
    """The last day that its file says, whatever was set instead; None: it says none."""

    shut_at: datetime | None = None
    """The moment at which somebody closed it, whatever its file says; None: nobody did."""

    steps: bool
    """Whether a script shows one section at a time."""

    keep: Period | None
    """How long its responses are kept from the day they come; None: nobody said."""

    places: int | None
    """How many may sign up; None: no limit."""

    remind: Period | None
    """How long before the event that people sign up for they are reminded of it; None: they are not."""

    hold: timedelta
    """How long a place is held for whoever has yet to press the button of a mail."""

    waiting: int
    """How many may wait for a place to become free; 0: it has no waiting list."""

    notify: Notify
    """When the secretariat is told of its responses."""

    sealed: bool
    """Whether what its personal and sensitive fields hold, and what follows from it, is sealed to the editors' keys."""

    publish: Publish
    """What everybody sees of its responses."""

    crossings: tuple[tuple[str, str], ...]
    """The pairs of questions whose answers are counted together."""

    threshold: int
    """The least count that is shown of it: its own, where that is stricter than what its questions ask for."""

    rounding: int
    """The base to which its counts are rounded; 0 where small ones are hidden instead."""

    descriptor: Mapping[str, Any]
    """Its file, for `definition/` alone: a Table Schema in the first of its languages."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it is written in."""
        return tuple(self.words)

    @property
    def language(self) -> str:
        """The language of its file; `NAME.LANGUAGE.yaml` beside it holds each other one."""
        return self.languages[0]

    def spoken(self, language: str) -> str:
        """Give a language itself where it is written in it, else its first one."""
        return language if language in self.languages else self.language

    def wording(self, language: str) -> Wording:
        """Give its title and description in a language, or in its first one."""
        return self.words.get(language, self.words[self.language])

    @property
    def questions(self) -> int:
        """How many questions it asks."""
        return sum(field.asks for field in self.fields)

    @property
    def publishes_results(self) -> bool:
        """Whether it has results for everybody."""
        return self.publish == "results" and self.kind != "signup"

    @property
    def opens_at(self) -> datetime | None:
        """The moment from which it takes answers: the midnight with which its first day begins, in its zone."""
        return start_of(self.opens, self.zone) if self.opens else None

    def is_early(self, now: datetime) -> bool:
        """Tell whether its first day has not begun, in its zone, at a moment with a time zone."""
        return self.opens is not None and local_day(now, self.zone) < self.opens

    @property
    def closes_at(self) -> datetime | None:
        """The moment from which it takes no more answers: the midnight that ends its last day, or when it was shut."""
        if self.shut_at:
            return self.shut_at
        if self.closes is None or self.closes == date.max:
            return None
        return end_of(self.closes, self.zone)

    def is_closed(self, now: datetime) -> bool:
        """Tell whether its last day is over, in its zone, at a moment with a time zone."""
        if self.shut_at:
            return now >= self.shut_at
        return self.closes is not None and local_day(now, self.zone) > self.closes

    def is_shut_meanwhile(self, now: datetime) -> bool:
        """Tell whether it is closed and would be open by its file: whoever closed it may open it again any moment."""
        by_file = self.closes_in_file is None or local_day(now, self.zone) <= self.closes_in_file
        return self.is_closed(now) and by_file

    def is_open(self, now: datetime) -> bool:
        """Tell whether it takes answers at a moment with a time zone."""
        return not self.is_early(now) and not self.is_closed(now)

    def rescheduled(self, opens: date | None, closes: date | None, shut_at: datetime | None) -> Form:
        """Give it with other days than its file says.

        Args:
            opens: its first day; None as in its file.
            closes: its last day, `date.max` for none; None as in its file.
            shut_at: the moment at which somebody closed it; None where nobody did.
        """
        if shut_at:
            return replace(self, closes=local_day(shut_at, self.zone), shut_at=shut_at)
        last = None if closes == date.max else closes or self.closes
        return replace(self, opens=opens or self.opens, closes=last)

    def told_in(self, language: str) -> Form:
        """Give it with its columns called in a language that it is translated into; as it is for any other."""
        if language not in self.words:
            return self
        words = {language: self.words[language], **self.words}
        fields = tuple(field.told_in(language) for field in self.fields)
        return replace(self, words=words, fields=fields)

    @property
    def address_field(self) -> str:
        """The field whose address a sign-up is confirmed from; empty where there is nothing to confirm."""
        if self.kind != "signup":
            return ""
        return next((field.name for field in self.fields if field.is_mail_address), "")

    @cached_property
    def quotas(self) -> tuple[Quota, ...]:
        """All its places: the form's own, and those of its choices."""
        return quotas_of(self.places, self.fields)

    def quotas_for(self, cells: Mapping[str, str]) -> tuple[Quota, ...]:
        """Give the quotas of which a sign-up with these answers takes a place each."""
        return tuple(quota for quota in self.quotas if not quota.field or cells.get(quota.field) == quota.code)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns of its answers in the package."""
        return tuple(column for field in self.fields for column in field.columns)

    @cached_property
    def sealed_fields(self) -> frozenset[str]:
        """The names of the questions that are sealed (`sealed_of`); none where it is not sealed."""
        return frozenset(self._sealed_after)

    @property
    def sealed_by_themselves(self) -> frozenset[str]:
        """The names of those that are sealed whatever is asked before: the personal and the sensitive ones."""
        return frozenset(name for name, after in self._sealed_after.items() if not after)

    @cached_property
    def _sealed_after(self) -> Mapping[str, str]:
        asked = (
            (field.name, field.privacy, [each.field for each in comparisons_of(field.condition)])
            for field in self.fields
        )
        return sealed_of(asked) if self.sealed else {}

    @property
    def sealed_columns(self) -> frozenset[str]:
        """The names of their columns."""
        return frozenset(column.name for name in self.sealed_fields for column in self.field(name).columns)

    def sealed_beside(self, readable: Collection[str]) -> frozenset[str]:
        """Name the questions that are sealed of a response.

        Args:
            readable: the columns that are kept beside what is sealed. An older response may have there what is sealed
                by now.
        """
        seals = {name: self.field(name).columns for name in self.sealed_fields}
        return frozenset(name for name, columns in seals.items() if not any(each.name in readable for each in columns))

    @property
    def readable_part(self) -> Form:
        """It as it looks to whoever has no key to what is sealed: without those questions, under the same version."""
        return self.without(self.sealed_fields)

    def without(self, names: Collection[str]) -> Form:
        """Give it without some of its questions, under the same version: it as it looks to whoever may not see them."""
        return replace(self, fields=tuple(field for field in self.fields if field.name not in names)) if names else self

    @cached_property
    def seconds(self) -> int:
        """About how long it takes to answer."""
        return sum(field.seconds for field in self.fields)

    @cached_property
    def fields_by_name(self) -> Mapping[str, Field]:
        """Its questions by their names, in order."""
        return {field.name: field for field in self.fields}

    def field(self, name: str) -> Field:
        """Find a field by its name.

        Raises:
            KeyError: there is none.
        """
        return self.fields_by_name[name]

    def shows(self, field: Field, cells: Mapping[str, str]) -> bool:
        """Tell whether a field is shown to whoever gave these answers to the fields before it."""
        if field.condition is None:
            return True

        def truth(comparison: Comparison) -> bool:
            earlier = self.field(comparison.field)
            return earlier.meets(comparison, earlier.given(cells))

        return holds(field.condition, truth)

    def source(self) -> dict[str, Any]:
        """Give all that is needed to make the form again with `form_of_source`, as JSON types."""
        return {
            "descriptor": {"form:language": self.language, "form:zone": self.zone.key, **self.descriptor},
            "translations": {language: _entry_of_words(self, language) for language in self.languages[1:]},
        }


def data_of(descriptor: Mapping[str, Any]) -> dict[str, Any]:
    """Keep of a field what affects the data: its words and labels left out, its codes kept."""
    kept = {key: value for key, value in descriptor.items() if key not in WORDS_ONLY}
    for key in ("categories", "missingValues"):
        if key in kept:
            kept[key] = [str(item["value"] if isinstance(item, dict) else item) for item in kept[key]]
    return kept


def form_of(
    descriptor: Mapping[str, Any], translations: Mapping[str, Mapping[str, Any]], community: Community = USUAL
) -> Form:
    """Make a form from checked data: its descriptor and, by language, its translations.

    Args:
        descriptor: what its file says.
        translations: what the files beside it say, by language.
        community: whose form it is.
    """
    entries = {descriptor.get("form:language", community.language): descriptor, **translations}
    said_zone = descriptor.get("form:zone")
    zone = ZoneInfo(said_zone) if said_zone else community.zone
    country = country_of(zone)
    fields: list[Field] = []
    within: Mapping[str, Any] = {}
    data: list[dict[str, Any]] = []
    for entry in descriptor["fields"]:
        words = {
            language: wording_of(_entry_of(said["fields"], str(entry["name"]))) for language, said in entries.items()
        }
        kind = kind_of(entry)
        if kind is None:
            raise ValueError(f"{descriptor['name']}: no kind of field is written as {entry['name']}")
        if "form:section" in entry:
            section = entry["form:section"]
            within = {SHOW_IF: section[SHOW_IF]} if isinstance(section, dict) and SHOW_IF in section else {}
        fields.append(kind(entry, words, condition_of(within), country))
        data.append(data_of(entry) | ({"form:section": within} if within else {}))
    name = str(descriptor["name"])
    opens, closes = descriptor.get("form:opens"), descriptor.get("form:closes")
    threshold = max(least_threshold([field.privacy for field in fields]), descriptor.get("form:threshold", 0))
    return Form(
        name=name,
        kind=descriptor["form:kind"],
        words={language: wording_of(said) for language, said in entries.items()},
        fields=tuple(fields),
        version=digest({"name": name, "fields": data})[:16],
        zone=zone,
        abroad=zone != community.zone,
        opens=date.fromisoformat(opens) if opens else None,
        closes=date.fromisoformat(closes) if closes else None,
        closes_in_file=date.fromisoformat(closes) if closes else None,
        steps=descriptor.get("form:steps") is True,
        keep=period_of(descriptor.get("form:keep")),
        places=descriptor.get("form:places"),
        remind=period_of(descriptor.get("form:remind")),
        hold=hold_of(descriptor.get("form:hold")) or HOLD_UNLESS_SAID,
        waiting=descriptor.get("form:waiting", 0),
        notify=descriptor.get("form:notify", ""),
        sealed=descriptor.get("form:seal") is True,
        publish=descriptor.get("form:publish", "nothing"),
        crossings=tuple((str(one), str(other)) for one, other in descriptor.get("form:cross") or ()),
        threshold=threshold,
        rounding=2 * threshold if disclosure_of(descriptor) == "rounding" else 0,
        descriptor=descriptor,
    )


def form_of_source(source: Mapping[str, Any], community: Community | None = None) -> Form:
    """Make a form of what `Form.source` gave, in this process or from where it was stored.

    Args:
        source: what it gave.
        community: whose form it is; where that is not known, its days are taken for those of everybody.
    """
    form = form_of(source["descriptor"], source["translations"], FIRST)
    return replace(form, abroad=community is not None and form.zone != community.zone)


def _entry_of(fields: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(entry for entry in fields if str(entry["name"]) == name)


def _entry_of_words(form: Form, language: str) -> dict[str, Any]:
    """Write the words of a language in the shape of a translation file."""
    fields = [
        {
            "name": field.name,
            **entry_of(
                field.words[language],
                {key: codes(field.descriptor.get(key)) for key in ("categories", "missingValues")},
            ),
        }
        for field in form.fields
    ]
    return {**entry_of(form.words[language], {}), "fields": fields}
