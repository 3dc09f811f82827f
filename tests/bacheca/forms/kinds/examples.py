"""One field of each kind as editors write it, with answers that hold and answers that do not."""

from __future__ import annotations

from dataclasses import dataclass, field

Posted = dict[str, list[str]]


@dataclass(frozen=True)
class Example:
    """A field called `x` and what people answer.

    Args:
        written: its entry in a form file.
        kept: what is posted and the cells that are kept of it.
        refused: what is posted and the code of the problem.
    """

    written: str
    kept: list[tuple[Posted, dict[str, str]]]
    refused: list[tuple[Posted, str]] = field(default_factory=list)


def one(*pairs: tuple[str, str]) -> list[tuple[Posted, dict[str, str]]]:
    return [({"x": [typed]}, {"x": cell}) for typed, cell in pairs]


def wrong(*pairs: tuple[str, str]) -> list[tuple[Posted, str]]:
    return [({"x": [typed]}, code) for typed, code in pairs]


NOTICE_HASH = "13e0aa11789c7a9295c4e90cc81316d9497191488d01dbcb94168025d8cab9e3"
TWICE = ({"x": ["1", "2"]}, "repeated")
CATEGORIES = """
categories:
- {value: rosso, label: Rosso}
- {value: blu-mare, label: Blu mare}
- {value: verde, label: Verde}
"""
NO_ANSWER = """
missingValues:
- {value: "", label: Nessuna risposta}
- {value: non-so, label: Non so}
"""
HEAD = "- name: x\n  title: La domanda\n"


def entry(more: str) -> str:
    return HEAD + "".join(f"  {line}\n" for line in more.strip().splitlines())


def ticks(red: str, blue: str, green: str, other: str = "", seed: str = "") -> dict[str, str]:
    return {"x__rosso": red, "x__blu_mare": blue, "x__verde": green, "x__other": other, "x__seed": seed}


EXAMPLES: dict[str, Example] = {
    "text": Example(
        entry("type: string\nconstraints: {maxLength: 12, minLength: 2, pattern: '[a-zè ]+|z9'}"),
        one((" ada ", "ada"), ("perche\u0300", "perchè"), ("z9", "z9"), ("  ", "")),
        [
            *wrong(("a", "too-short"), ("a" * 13, "too-long"), ("A9", "pattern-example"), ("z9z", "pattern-example")),
            *wrong(("a\nb", "not-one-line"), ("a\tb", "not-one-line"), (" =ab", "formula"), ("@ab", "formula")),
            TWICE,
        ],
    ),
    "long text": Example(
        entry("type: string\nform:widget: textarea\nconstraints: {maxLength: 12}"),
        one((" una\r\ndue ", " una\ndue "), ("=1+1", "=1+1"), ("\n \n", "")),
        [*wrong(("a" * 13, "too-long")), TWICE],
    ),
    "email": Example(
        entry("type: string\nformat: email"),
        one(
            ("\ufeffada@x.it\u200b", "ada@x.it"),
            (" Ada.B@Example.ORG ", "Ada.B@example.org"),
            ("a@caffè.it", "a@xn--caff-8oa.it"),
            ("a+b@x.co", "a+b@x.co"),
        ),
        [
            *wrong(("a", "not-email"), ("a@b", "not-email"), ("a@b..it", "not-email"), ("è@x.it", "not-email")),
            *wrong(("a b@x.it", "not-email"), ("a@x.it, b@x.it", "not-email"), ("a" * 65 + "@x.it", "not-email")),
            *wrong(("ada@x².it", "not-email"), ("Ada <ada@x.it>", "not-email"), ("mailto:ada@x.it", "not-email")),
            TWICE,
        ],
    ),
    "phone": Example(
        entry("type: string\nform:widget: tel"),
        one(
            ("02 1234 5678", "+390212345678"),
            ("+39 333-123.4567", "+393331234567"),
            ("0039 333 1234567", "+393331234567"),
            ("(06) 6982/1234", "+390669821234"),
            ("+44 20 7946 0958", "+442079460958"),
            ("３３３ 1234567", "+393331234567"),
            ("+44 (0)20 7946 0958", "+442079460958"),
            ("+39 (0)2 1234 5678", "+390212345678"),
            ("\ufeff333\u200b1234567", "+393331234567"),
        ),
        [
            *wrong(
                ("12", "not-phone"),
                ("ciao", "not-phone"),
                ("415-555-2671", "phone-prefix"),
                ("8 (495) 123-45-67", "phone-prefix"),
                ("1234567", "phone-prefix"),
                ("00999 1234567", "phone-prefix"),
                ("+999 1234567", "not-phone"),
                ("333 1234567 int. 5", "not-phone"),
                ("+39" + "1" * 20, "not-phone"),
                ("02 345678 Ada", "not-phone"),
                ("chiama 333 1234567", "not-phone"),
                ("+44 020 7946 0958", "not-phone"),
                ("+1 800 FLOWERS", "not-phone"),
                ("333 1234567;ext=5", "not-phone"),
                ("333 1234567 / 02 345678", "not-phone"),
                ("333 123456⁷", "not-phone"),
            ),
            TWICE,
        ],
    ),
    "web address": Example(
        entry("type: string\nformat: uri"),
        one(
            ("example.org", "https://example.org"),
            ("HTTP://Example.org/A b?q=è#x", "http://example.org/A%20b?q=%C3%A8#x"),
            ("https://caffè.it:8080/", "https://xn--caff-8oa.it:8080/"),
        ),
        [
            *wrong(("javascript:alert(1)", "not-uri"), ("ftp://example.org", "not-uri"), ("example", "not-uri")),
            *wrong(("https://u:p@example.org", "not-uri"), ("https://[", "not-uri"), ("https://a.it:99999", "not-uri")),
            *wrong(("una frase", "not-uri"), ("https://a..it", "not-uri"), ("x².it", "not-uri")),
            *wrong(("https://a\nb.it", "not-one-line"), ("https://a.it:0/", "not-uri")),
            TWICE,
        ],
    ),
    "integer": Example(
        entry("type: integer\nconstraints: {minimum: -5, maximum: 2000000}"),
        one(
            ("7", "7"),
            (" 1.234 ", "1234"),
            ("1 234", "1234"),
            ("1.234.567", "1234567"),
            ("007", "7"),
            ("-0", "0"),
            ("−3", "-3"),
        )
        + one(
            ("3,0", "3"), ("+4", "4"), ("1,000,000", "1000000"), ("1'234", "1234"), ("１２", "12"), ("\u200b- 5", "-5")
        ),
        [
            *wrong(("1,5", "not-integer"), ("1,234", "not-integer"), ("due", "not-integer"), ("1.2.3", "not-integer")),
            *wrong(("1,000", "two-readings"), ("10²", "not-integer"), ("1 2", "not-integer"), ("①", "not-integer")),
            *wrong(
                ("12 34", "not-integer"), ("1 234.567", "not-integer"), ("٣", "not-integer"), ("1 " * 40, "not-integer")
            ),
            *wrong(
                ("1" * 16_000 + "x", "too-long"),
                ("-6", "too-low"),
                ("2000001", "too-high"),
                ("9" * 40, "too-many-digits"),
                (".", "not-integer"),
            ),
            TWICE,
        ],
    ),
    "number": Example(
        entry("type: number\nconstraints: {minimum: -1.5, maximum: 99999.5}"),
        one(
            ("1,5", "1.5"),
            ("1.5", "1.5"),
            ("1.234,50", "1234.5"),
            ("1,234.5", "1234.5"),
            ("0,250", "0.25"),
            ("12.345,0", "12345"),
        )
        + one((",5", "0.5"), ("1,2340", "1.234"), ("-0,0", "0"), ("1’234", "1234")),
        [
            *wrong(
                ("1.234", "two-readings"), ("1,234", "two-readings"), ("1.23.4", "not-number"), ("NaN", "not-number")
            ),
            *wrong(
                ("1e3", "not-number"),
                ("½", "not-number"),
                ("1⅓", "not-number"),
                ("1,5 2", "not-number"),
                ("1' 234", "not-number"),
                ("-2", "too-low"),
                ("100000", "too-high"),
                ("1,2,3", "not-number"),
                ("1.5,5.5", "not-number"),
            ),
            TWICE,
        ],
    ),
    "scale": Example(
        entry("type: integer\nform:widget: scale\nform:ends: {low: Per niente, high: Moltissimo}\n" + NO_ANSWER),
        one(("0", "0"), ("10", "10"), ("non-so", "non-so"), ("", "")),
        [
            *wrong(("11", "not-a-choice"), ("-1", "not-a-choice"), ("1,5", "not-a-choice"), ("not-shown", "reserved")),
            TWICE,
        ],
    ),
    "date": Example(
        entry("type: date\nconstraints: {minimum: '1900-01-01', maximum: '2026-12-31'}"),
        [
            ({"x__day": ["3"], "x__month": ["2"], "x__year": ["2024"]}, {"x": "2024-02-03"}),
            ({"x__day": [" 29 "], "x__month": ["Febbraio"], "x__year": ["2024"]}, {"x": "2024-02-29"}),
            ({"x__day": ["1"], "x__month": ["gen"], "x__year": ["2024"]}, {"x": "2024-01-01"}),
            ({"x": ["2024-02-03"]}, {"x": "2024-02-03"}),
            ({"x": ["3/2/2024"]}, {"x": "2024-02-03"}),
            ({"x": ["1° sett. 2024"]}, {"x": "2024-09-01"}),
            ({"x__day": ["1º"], "x__month": ["Gen."], "x__year": ["2024"]}, {"x": "2024-01-01"}),
            ({"x__day": ["３"], "x__month": ["２"], "x__year": ["２０２４"]}, {"x": "2024-02-03"}),
            ({"x__day": [""], "x__month": [" "], "x__year": [""]}, {"x": ""}),
        ],
        [
            ({"x__day": ["30"], "x__month": ["2"], "x__year": ["2024"]}, "not-date"),
            ({"x__day": ["3"], "x__month": [""], "x__year": ["2024"]}, "not-date"),
            ({"x__day": ["3"], "x__month": ["2"], "x__year": ["24"]}, "year-short"),
            ({"x": ["12/31/2024"]}, "day-first"),
            ({"x": ["febbraio 3, 2024"]}, "day-first"),
            ({"x": ["31/13/2024"]}, "not-date"),
            ({"x": ["2024-02-03"], "x__day": ["4"], "x__month": ["2"], "x__year": ["2024"]}, "repeated"),
            ({"x": ["3 ma 2024"]}, "not-date"),
            ({"x__day": ["3"], "x__month": ["2"], "x__year": ["2027"]}, "too-late"),
            ({"x__day": ["3"], "x__month": ["2"], "x__year": ["1899"]}, "too-early"),
            ({"x__day": ["3", "4"], "x__month": ["2"], "x__year": ["2024"]}, "repeated"),
            TWICE,
        ],
    ),
    "month": Example(
        entry("type: yearmonth"),
        [
            ({"x__month": ["2"], "x__year": ["2024"]}, {"x": "2024-02"}),
            ({"x__month": ["dicembre"], "x__year": ["2024"]}, {"x": "2024-12"}),
            ({"x__month": ["1"], "x__year": ["0001"]}, {"x": "0001-01"}),
            ({"x": ["9999-12"]}, {"x": "9999-12"}),
            ({"x": ["2024-12"]}, {"x": "2024-12"}),
        ],
        [
            *wrong(("0000-01", "not-yearmonth"), ("2024-1²", "not-yearmonth")),
            ({"x__month": ["13"], "x__year": ["2024"]}, "not-yearmonth"),
            ({"x__year": ["2024"]}, "not-yearmonth"),
            TWICE,
        ],
    ),
    "year": Example(
        entry("type: year\nconstraints: {minimum: 1900, maximum: 2026}"),
        one((" 1999 ", "1999"), ("１９９９", "1999")),
        [
            *wrong(
                ("0000", "not-year"),
                ("99", "not-year"),
                ("1899", "too-early"),
                ("2027", "too-late"),
                ("anno", "not-year"),
            ),
            TWICE,
        ],
    ),
    "single choice": Example(
        entry("type: string\nform:other: true\nform:shuffle: true" + CATEGORIES + NO_ANSWER),
        [
            ({"x": ["rosso"]}, {"x": "rosso", "x__other": "", "x__seed": ""}),
            ({"x": ["other"], "x__other": [" Giallo "]}, {"x": "other", "x__other": "Giallo", "x__seed": ""}),
            ({"x__other": ["Giallo"], "x__seed": ["7"]}, {"x": "other", "x__other": "Giallo", "x__seed": "7"}),
            ({"x": ["non-so"], "x__seed": ["no"]}, {"x": "non-so", "x__other": "", "x__seed": ""}),
            ({"x": [""]}, {"x": "", "x__other": "", "x__seed": ""}),
        ],
        [
            *wrong(("giallo", "not-a-choice"), ("not-shown", "reserved"), ("other", "other-says-nothing")),
            ({"x": ["rosso"], "x__other": ["Giallo"]}, "other-too"),
            ({"x": ["other"], "x__other": ["non-so"]}, "reserved"),
            ({"x": ["other"], "x__other": ["a" * 201]}, "too-long"),
            ({"x": ["other"], "x__other": ["a", "b"]}, "repeated"),
            ({"x": ["other"], "x__other": ["a\nb"]}, "not-one-line"),
            ({"x": ["other"], "x__other": ["a\tb"]}, "not-one-line"),
            ({"x": ["rosso", "verde"]}, "repeated"),
        ],
    ),
    "multiple choice": Example(
        entry(
            "type: list\nform:exclusive: verde\nform:choose: {max: 2}\nform:other: true\nform:shuffle: true"
            + CATEGORIES
            + NO_ANSWER
        ),
        [
            ({"x": ["rosso"]}, ticks("1", "0", "0")),
            ({"x": ["blu-mare", "rosso"], "x__seed": ["5"]}, ticks("1", "1", "0", seed="5")),
            ({"x": ["verde"]}, ticks("0", "0", "1")),
            ({"x": ["other", "rosso"], "x__other": [" Giallo "]}, ticks("1", "0", "0", "Giallo")),
            ({"x__other": ["0"]}, ticks("0", "0", "0", "0")),
            ({"x": ["non-so"]}, ticks("non-so", "non-so", "non-so", "non-so")),
            ({"x__other": [" "]}, ticks("", "", "")),
            ({}, ticks("", "", "")),
        ],
        [
            *wrong(("giallo", "not-a-choice"), ("not-shown", "not-a-choice"), ("rosso" * 99, "not-a-choice")),
            *wrong(("other", "other-says-nothing")),
            ({"x": ["rosso", "blu-mare"], "x__other": ["Giallo"]}, "too-many-choices"),
            ({"x": ["verde"], "x__other": ["Giallo"]}, "alone"),
            ({"x": ["non-so"], "x__other": ["Giallo"]}, "alone"),
            ({"x__other": ["non-so"]}, "reserved"),
            ({"x__other": ["a" * 201]}, "too-long"),
            ({"x__other": ["a", "b"]}, "repeated"),
            ({"x__other": ["a\nb"]}, "not-one-line"),
            ({"x": ["rosso"] * 7}, "not-a-choice"),
            ({"x": ["verde", "rosso"]}, "alone"),
            ({"x": ["rosso", "non-so"]}, "alone"),
        ],
    ),
    "ranking": Example(
        entry("type: list\nform:widget: ranking\nform:choose: {min: 2, max: 3}" + CATEGORIES),
        [
            (
                {"x__rosso": ["2"], "x__blu_mare": ["1"], "x__verde": [""]},
                {"x__rosso": "2", "x__blu_mare": "1", "x__verde": ""},
            ),
            ({"x": ["verde", "rosso", "blu-mare"]}, {"x__rosso": "2", "x__blu_mare": "3", "x__verde": "1"}),
            ({"x": ["verde", "rosso"]}, {"x__rosso": "2", "x__blu_mare": "", "x__verde": "1"}),
            ({}, {"x__rosso": "", "x__blu_mare": "", "x__verde": ""}),
        ],
        [
            ({"x__rosso": ["1"], "x__verde": ["1"]}, "same-rank"),
            ({"x__rosso": ["1"], "x__verde": ["3"]}, "no-rank"),
            ({"x__rosso": ["1"]}, "too-few-ranks"),
            ({"x__rosso": ["4"], "x__verde": ["1"]}, "not-a-choice"),
            ({"x__rosso": ["1", "2"], "x__verde": ["1"]}, "repeated"),
            ({"x": ["verde", "giallo"]}, "not-a-choice"),
            ({"x": ["verde", "verde"]}, "not-a-choice"),
            ({"x": ["verde", "rosso"], "x__blu_mare": ["1"]}, "repeated"),
        ],
    ),
    "yes or no": Example(
        entry("type: boolean" + NO_ANSWER),
        one(("true", "true"), ("false", "false"), ("non-so", "non-so"), ("", "")),
        [*wrong(("yes", "not-boolean"), ("1", "not-boolean"), ("not-shown", "reserved")), TWICE],
    ),
    "consent": Example(
        entry("type: boolean\nform:widget: consent\nform:notice: Il testo."),
        [
            (
                {"x": ["true"]},
                {"x": "true", "x__notice": "13e0aa11789c7a9295c4e90cc81316d9497191488d01dbcb94168025d8cab9e3"},
            ),
            ({}, {"x": "false", "x__notice": ""}),
        ],
        [*wrong(("forse", "agree")), ({"x": ["true", "true"]}, "repeated")],
    ),
    "hidden source": Example(
        entry("type: string\nform:widget: hidden"),
        one(("news-2026.11", "news-2026.11"), ("<script>", ""), ("a" * 65, ""), ("due parole", "")),
        [TWICE],
    ),
}
