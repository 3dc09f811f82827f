from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from bacheca.forms import Form
from bacheca.forms.submission.mail_template import MAILTO_LIMIT, mail_lines, mail_text, mailto

Written = Callable[..., Form]
FORM = """
- {name: nome, title: Nome, type: string, form:section: Chi sei}
- {name: da, title: Da dove, type: string, form:widget: hidden}
- name: colore
  title: Colore?
  type: string
  categories: [{value: r, label: Rosso}, {value: v, label: Verde}]
  missingValues: [{value: "", label: Niente}, {value: boh, label: Non so}]
- {name: perche, title: Perché?, type: string, form:showIf: {field: colore, equals: r}}
- {name: nato, title: Nascita, type: date}
- name: ordine
  title: Ordine
  type: list
  form:widget: ranking
  categories: [{value: a, label: A}, {value: b, label: B}]
"""


def test_the_text_holds_every_question_with_its_name_and_its_options(written: Written) -> None:
    form = written(FORM)
    assert mail_text(mail_lines(form, "it", {"colore": ["v"], "nato__day": ["3"], "nome": ["Ada"]})) == "\n".join(
        [
            "Una prova",
            f"[prova it {form.version}]",
            "Metti una x tra le parentesi delle risposte che scegli, scrivi le altre dopo >> e invia.",
            "",
            "Chi sei",
            "1. Nome [nome]",
            ">> Ada",
            "",
            "2. Colore? [colore]",
            "[ ] Rosso",
            "[x] Verde",
            "[ ] Non so",
            "",
            "3. Perché? [perche]",
            "Rispondi solo se a «Colore?» hai risposto «Rosso».",
            ">> ",
            "",
            "4. Nascita [nato]",
            "Giorno >> 3",
            "Mese >> ",
            "Anno >> ",
            "",
            "5. Ordine [ordine]",
            "A >> ",
            "B >> ",
            "",
            "[/prova]",
        ]
    )


def test_the_link_carries_the_text(written: Written) -> None:
    form = written("- {name: nome, title: 'Nome & cognome?', type: string}")
    text = mail_text(mail_lines(form, "it", {"nome": ["Ada + Eva = 2\nrighe"]}))
    link = urlsplit(mailto(form, "it", "info@example.org", text))
    said = parse_qs(link.query, strict_parsing=True)
    assert (link.scheme, link.path, said["subject"]) == ("mailto", "info@example.org", ["Una prova"])
    assert said["body"] == [text.replace("\n", "\r\n")]


def test_a_text_too_long_for_a_link_is_to_be_pasted(written: Written) -> None:
    form = written("- {name: nome, title: Nome, type: string}")
    link = mailto(form, "it", "info@example.org", "à" * MAILTO_LIMIT)
    assert len(link) < MAILTO_LIMIT
    assert "Incolla" in parse_qs(urlsplit(link).query)["body"][0]
