"""The script of the page in a real Chromium, which plays a scene and prints what then stands there.

One file: the script is one, every scene is played on the same stage, and each test shows one thing that it does.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Route

from bacheca.forms import ASSETS, Form, problems_of_steps, read_response, render_form, render_problems
from bacheca.forms.asking.shuffle import shuffled
from bacheca.forms.results.charts import Place, render_results
from tests.bacheca.forms.conftest import HEAD

Written = Callable[..., Form]
Play = Callable[..., Any]
STEPS = HEAD + "form:steps: true\n"
SCENE = """<!doctype html><html lang="it"><head><meta charset="utf-8"><title>x</title>
<style>[hidden] { display: none }</style></head><body><main>%(html)s</main>
<script>
const faults = [];
addEventListener("error", (event) => faults.push(event.message));
console.error = (error) => faults.push(String(error));
const $ = (selector) => document.querySelector(selector);
const shown = (selector) => Boolean($(selector)?.offsetParent);
const type = (selector, text) => {
  $(selector).value = text;
  $(selector).dispatchEvent(new Event("input", { bubbles: true }));
};
const posted = () => Object.fromEntries([...new FormData($("form"))].filter(([name]) => name[0] !== "_"));
const until = async (holds) => { while (!holds()) await new Promise(requestAnimationFrame); };
const go = async (to) => { $("[data-next]").click(); await until(() => shown(to)); };
let sent = null;
HTMLFormElement.prototype.submit = () => {};
const send = () => {
  sent = null;
  const watch = (event) => { if (!event.defaultPrevented) sent = posted(); event.preventDefault(); };
  addEventListener("submit", watch, { once: true });
  $("form").requestSubmit();
  removeEventListener("submit", watch);
  return sent;
};
%(before)s
</script>
<script>%(script)s</script>
<script>
addEventListener("DOMContentLoaded", () => {
  let said;
  try { said = (async () => { %(scene)s })(); } catch (error) { faults.push(String(error)); }
  Promise.resolve(said).catch((error) => faults.push(String(error)))
    .then((told) => { window.outcome = JSON.stringify({ said: told, faults }); });
});
</script></body></html>"""


SERVICE = "https://service.example/"


def answer(form: Form, route: Route) -> None:
    """Say what is wrong with a step, as the service does, or that nobody may ask."""
    if not route.request.url.endswith("/step"):
        page = '<p class="form-problem" id="f-a--problem">Troppe richieste</p>'
        route.fulfill(status=429, body=page, content_type="text/html", headers={"Access-Control-Allow-Origin": "*"})
        return
    posted = parse_qs(route.request.post_data or "", keep_blank_values=True)
    problems = problems_of_steps(form, posted, "it", posted["_step"])
    open_to_all = {"Access-Control-Allow-Origin": "*"}
    route.fulfill(body=render_problems(form, "it", problems), content_type="text/html", headers=open_to_all)


@pytest.fixture
def play(tmp_path: Path, browser: Browser) -> Iterator[Play]:
    """Play a scene on a form's page; what it returns comes back, and no script may fail."""
    opened = browser.new_page()

    def played(form: Form, scene: str, *, before: str = "", query: str = "", **rendering: Any) -> Any:
        html = render_form(form, "it", action="/x", mail_to="a@example.org", **{"check": f"{SERVICE}step"} | rendering)
        script = (ASSETS / "form.js").read_text(encoding="utf-8")
        page = tmp_path / "page.html"
        page.write_text(SCENE % {"html": html, "before": before, "script": script, "scene": scene}, encoding="utf-8")
        opened.unroute_all()
        opened.route(f"{SERVICE}**", lambda route: answer(form, route))
        opened.goto(f"file://{page}{query}")
        outcome = json.loads(opened.wait_for_function("window.outcome").json_value())
        assert outcome["faults"] == []
        return outcome.get("said")

    yield played
    opened.close()


def test_the_script_is_short_enough_for_a_slow_phone() -> None:
    assert len(gzip.compress((ASSETS / "form.js").read_bytes())) < 6_200


CONDITIONS = """
- {name: figli, title: Hai figli?, type: boolean}
- {name: quanti, title: Quanti?, type: integer, form:showIf: {field: figli, equals: true}}
- {name: quando, title: Quando?, type: date, form:showIf: {field: quanti, answered: true}}
- {name: dopo, title: E dopo?, type: string, form:showIf: {field: quando, answered: true}}
"""


def test_questions_appear_and_vanish_and_are_announced(written: Written, play: Play) -> None:
    scene = """
    const seen = () => ["quanti", "quando-day", "dopo"].map((id) => shown("#f-" + id));
    const story = [seen(), shown(".form-condition"), $("[data-announcer]").textContent];
    $("#f-figli-true").click();
    story.push(seen(), $("[data-announcer]").textContent);
    type("#f-quanti", "2");
    type("#f-quando-day", "3");
    type("#f-dopo", "ciao");
    story.push(seen(), posted());
    $("#f-figli-false").click();
    story.push(seen(), $("[data-announcer]").textContent, posted());
    return story;
    """
    assert play(written(CONDITIONS), scene) == [
        [False, False, False],
        False,
        "",
        [True, False, False],
        "Nuova domanda: Quanti? (facoltativo)",
        [True, True, True],
        {"figli": "true", "quanti": "2", "quando__day": "3", "quando__month": "", "quando__year": "", "dopo": "ciao"},
        [False, False, False],
        ". ".join(f"Domanda tolta: {title} (facoltativo)" for title in ("Quanti?", "Quando?", "E dopo?")),
        {"figli": "false"},
    ]


@pytest.mark.parametrize(
    "answers", [{}, {"figli": ["true"]}, {"figli": ["true"], "quanti": ["2"]}, {"figli": ["false"]}]
)
def test_the_page_shows_what_the_service_would_ask(written: Written, play: Play, answers: dict[str, list[str]]) -> None:
    form = written(CONDITIONS)
    response, _ = read_response(form, answers, "it")
    asked = [field.name for field in form.fields if field.condition and field.was_shown(response.cells)]
    scene = """
    return ["quanti", "quando", "dopo"].filter((name) => shown(`[name^="${name}"]`));
    """
    assert play(form, scene, posted=answers) == asked


CHOICES = """
- name: x
  title: X
  type: list
  form:exclusive: nessuno
  categories: [{value: a, label: A}, {value: b, label: B}, {value: nessuno, label: Nessuno}]
- name: y
  title: Y
  type: string
  form:other: true
  form:shuffle: true
  categories: [{value: c1, label: C1}, {value: c2, label: C2}, {value: c3, label: C3}, {value: c4, label: C4}]
- {name: da, title: Da dove, type: string, form:widget: hidden}
"""


def test_what_excludes_the_others_takes_their_ticks_off(written: Written, play: Play) -> None:
    scene = """
    const ticked = () => [...document.querySelectorAll("[name=x]:checked")].map((box) => box.value);
    return ["a", "b", "nessuno", "a"].map((code) => { $("#f-x-" + code).click(); return ticked(); });
    """
    assert play(written(CHOICES), scene) == [["a"], ["a", "b"], ["nessuno"], ["a"]]


def test_the_box_for_another_answer_is_there_when_it_is_chosen(written: Written, play: Play) -> None:
    scene = """
    const story = [shown("#f-y--other")];
    $("#f-y-other").click();
    type("#f-y--other", "Giallo");
    story.push(shown("#f-y--other"), shown("#f-y--other-condition"), posted().y__other);
    $("#f-y-c1").click();
    story.push(shown("#f-y--other"), posted().y__other ?? null);
    return story;
    """
    assert play(written(CHOICES), scene) == [False, True, False, "Giallo", False, None]


def test_a_script_shuffles_as_the_server_would_and_posts_the_seed(written: Written, play: Play) -> None:
    scene = """
    return [posted().y__seed, [...document.querySelectorAll("input[name=y]")].map((option) => option.value)];
    """
    seed, order = play(written(CHOICES), scene)
    assert order == [*shuffled(("c1", "c2", "c3", "c4"), int(seed)), "other", ""]
    assert play(written(CHOICES), scene, seed=7) == ["7", [*shuffled(("c1", "c2", "c3", "c4"), 7), "other", ""]]


@pytest.mark.parametrize(("query", "source"), [("?da=news-11", "news-11"), ("?da=%3Cb%3E", ""), ("", "")])
def test_a_source_is_taken_from_the_address(written: Written, play: Play, query: str, source: str) -> None:
    assert play(written(CHOICES), "return posted().da;", query=query) == source


PARTS = """
- {name: a, title: A, type: string, form:section: Prima}
- {name: b, title: B, type: boolean, form:section: Seconda}
- {name: c, title: C, type: string, form:section: Terza, form:showIf: {field: b, equals: true}}
- {name: d, title: D, type: string, form:section: Quarta}
"""


def test_one_section_at_a_time_with_a_way_back(written: Written, play: Play) -> None:
    scene = """
    const at = () => [["a", "b-true", "c", "d"].filter((id) => shown("#f-" + id)).join(),
      $(".form-progress").textContent, shown("[data-back]"), shown("[data-next]"), shown(".form-send button")];
    const story = [at()];
    await go("#f-b-true");
    $("#f-b-true").click();
    story.push(at(), document.activeElement === $(".form-progress"));
    await go("#f-c");
    story.push(at());
    $("[data-back]").click();
    $("#f-b-false").click();
    story.push(send());
    await until(() => shown("#f-d"));
    story.push(at(), send());
    return story;
    """
    assert play(written(PARTS, STEPS), scene) == [
        ["a", "Parte 1 di 3", False, True, False],
        ["b-true", "Parte 2 di 4", True, True, False],
        True,
        ["c", "Parte 3 di 4", True, True, False],
        None,
        ["d", "Parte 3 di 3", True, False, True],
        {"a": "", "b": "false", "d": ""},
    ]


WITHIN = """
- {name: quanti, title: Quanti?, type: integer, form:section: Prima}
- name: dal
  title: Dal
  type: date
  form:section: {title: Il gruppo, form:showIf: {field: quanti, atLeast: 2}}
- name: perche
  title: Perché?
  type: string
  form:showIf: {any: [{field: dal, atLeast: 2027-02-01}, {field: quanti, atMost: 2}]}
- {name: fine, title: Fine, type: string, form:section: Ultima}
"""


def test_a_section_appears_whole_and_keeps_what_its_own_questions_ask(written: Written, play: Play) -> None:
    scene = """
    const seen = () => ["quanti", "dal-day", "perche", "fine"].filter((id) => shown("#f-" + id)).join();
    const story = [seen()];
    type("#f-quanti", "1.000");
    story.push(seen(), $("[data-announcer]").textContent);
    type("#f-dal-day", "1");
    type("#f-dal-month", "Febbraio");
    type("#f-dal-year", "2027");
    type("#f-perche", "così");
    story.push(seen(), posted().perche);
    type("#f-quanti", "1");
    story.push(seen(), posted());
    type("#f-quanti", "2");
    type("#f-dal-month", "gen.");
    story.push(seen());
    return story;
    """
    assert play(written(WITHIN), scene) == [
        "quanti,fine",
        "quanti,dal-day,fine",
        "Nuova domanda: Il gruppo",
        "quanti,dal-day,perche,fine",
        "così",
        "quanti,fine",
        {"quanti": "1", "fine": ""},
        "quanti,dal-day,perche,fine",
    ]


def test_a_section_that_is_not_asked_is_no_step(written: Written, play: Play) -> None:
    scene = """
    const at = () => [...document.querySelectorAll("h2")].filter((title) => title.offsetParent)
      .map((title) => title.textContent).join() + " " + $(".form-progress").textContent;
    const story = [at()];
    type("#f-quanti", "2");
    story.push(at());
    await go("#f-dal-day");
    story.push(at());
    $("[data-back]").click();
    type("#f-quanti", "1");
    await go("#f-fine");
    story.push(at());
    return story;
    """
    assert play(written(WITHIN, STEPS), scene) == [
        "Prima Parte 1 di 2",
        "Prima Parte 1 di 3",
        "Il gruppo Parte 2 di 3",
        "Ultima Parte 2 di 2",
    ]


WRONG = """
- {name: a, title: A, type: string, form:section: Prima, constraints: {required: true}}
- {name: si, title: Sì?, type: boolean, form:section: Seconda}
- name: m
  title: M
  type: string
  form:matrix: g
  form:stem: G
  form:showIf: {field: si, equals: true}
  categoriesOrdered: true
  categories: [{value: x, label: X}, {value: y, label: Y}]
  constraints: {required: true}
- {name: d, title: D, type: date}
- name: ok
  title: OK
  type: boolean
  form:widget: consent
  form:notice: Va bene.
  constraints: {required: true}
- {name: z, title: Z, type: integer, form:section: Terza}
"""
TOLD = """
const told = () => [[...document.querySelectorAll(".form-summary a")].map((link) => link.hash).join(),
  [...document.querySelectorAll(".form-problem")].map((said) => said.id).join(), document.title];
const wrong = () => until(() => $(".form-summary"));
"""


def test_a_step_is_left_once_the_service_finds_nothing_wrong_with_it(written: Written, play: Play) -> None:
    scene = """
    $("[data-next]").click();
    await wrong();
    const described = (selector) => [$(selector).getAttribute("aria-describedby"), $(selector).ariaInvalid];
    const story = [shown("#f-a"), told(), document.activeElement.className, described("#f-a")];
    type("#f-a", "mio");
    await go("#f-si-true");
    story.push(told(), described("#f-a"), document.activeElement.className);
    return story;
    """
    assert play(written(WRONG, STEPS), scene, before=TOLD) == [
        True,
        ["#f-a", "f-a--problem", "Errore: x"],
        "form-summary",
        ["f-a--problem", "true"],
        ["", "", "x"],
        [None, None],
        "form-progress",
    ]


def test_what_is_wrong_stands_beside_rows_dates_and_consents_and_not_with_what_is_hidden(
    written: Written, play: Play
) -> None:
    scene = """
    type("#f-a", "mio");
    await go("#f-si-true");
    type("#f-d-day", "40");
    $("[data-next]").click();
    await wrong();
    const story = [told()];
    $("#f-si-true").click();
    $("[data-next]").click();
    await until(() => $("#f-m--problem"));
    story.push(told(), $("#f-m-x").getAttribute("aria-describedby"), $("#f-ok").getAttribute("aria-describedby"),
      $("fieldset:has(#f-d-day)").getAttribute("aria-describedby"), $("tr:has(#f-m-x)").className, posted().d__day);
    $("#f-m-x").click();
    $("#f-ok").click();
    type("#f-d-day", "");
    await go("#f-z");
    story.push(told(), $(".form-field--problem"));
    return story;
    """
    both = ["#f-d-day,#f-ok", "f-d--problem,f-ok--problem", "Errore: x"]
    assert play(written(WRONG, STEPS), scene, before=TOLD) == [
        both,
        [f"#f-m-x,{both[0]}", f"f-m--problem,{both[1]}", "Errore: x"],
        "f-m--problem",
        "f-ok--notice f-ok--problem",
        "f-d--hint f-d--problem",
        "form-matrix-row--problem",
        "40",
        ["", "", "x"],
        None,
    ]


@pytest.mark.parametrize("check", ["https://nowhere.invalid/step", f"{SERVICE}refused"])
def test_a_service_that_cannot_be_asked_holds_nobody_back(written: Written, play: Play, check: str) -> None:
    scene = """
    await go("#f-si-true");
    return told();
    """
    assert play(written(WRONG, STEPS), scene, before=TOLD, check=check) == ["", "", "x"]


def test_a_form_that_comes_back_with_problems_opens_the_first_step_that_has_one(written: Written, play: Play) -> None:
    form = written(WRONG, STEPS)
    posted = {"a": ["mio"], "si": ["true"], "m": ["x"], "z": ["boh"]}
    _, problems = read_response(form, posted, "it")
    scene = """
    const at = () => ["a", "ok", "z"].filter((id) => shown("#f-" + id)).join();
    const story = [at(), document.activeElement.className];
    document.querySelectorAll(".form-summary a")[1].click();
    story.push(at(), document.activeElement.id);
    $("[data-back]").click();
    $("#f-ok").click();
    await go("#f-z");
    return [...story, told()];
    """
    rendering = {"problems": problems, "posted": posted, "before": TOLD}
    still = ["#f-z", "f-z--problem", "Errore: x"]
    assert play(form, scene, **rendering) == ["ok", "form-summary", "z", "f-z", still]


KEPT = '(localStorage.getItem("bacheca:kept:prova"))'


def test_answers_stay_on_the_device_only_where_it_is_asked_for_and_until_they_are_sent(
    written: Written, play: Play
) -> None:
    scene = f"""
    type("#f-a", "mio");
    const story = [{KEPT}];
    $("[data-keep]").click();
    type("#f-a", "nostro");
    story.push(JSON.parse({KEPT}).filter(([name]) => name === "a"));
    $("[data-keep]").click();
    story.push({KEPT});
    $("[data-keep]").click();
    await go("#f-b-false");
    $("#f-b-false").click();
    story.push(send(), Boolean({KEPT}));
    await until(() => shown("#f-d"));
    story.push(send(), {KEPT});
    return story;
    """
    sent = {"a": "nostro", "b": "false", "d": ""}
    assert play(written(PARTS, STEPS), scene) == [None, [["a", "nostro"]], None, None, True, sent, None]


def test_what_was_kept_on_the_device_is_there_again(written: Written, play: Play) -> None:
    before = (
        """localStorage.setItem("bacheca:kept:prova", '[["a", "mio"], ["b", "true"], ["c", "poi"], ["z", "?"]]');"""
    )
    scene = 'return [posted(), $("[data-keep]").checked];'
    assert play(written(PARTS, STEPS), scene, before=before) == [{"a": "mio", "b": "true", "c": "poi", "d": ""}, True]


NO_STORAGE = """
for (const storage of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, storage, { get() { throw new Error("off"); } });
}
"""


def test_a_form_still_works_where_storage_is_off(written: Written, play: Play) -> None:
    scene = 'await go("#f-b-true"); await go("#f-d"); return [send(), $("[name=_key]").value.length >= 22];'
    assert play(written(PARTS, STEPS), scene, before=NO_STORAGE) == [{"a": "", "d": ""}, True]


@pytest.mark.parametrize("before", ["", NO_STORAGE], ids=["storage", "no storage"])
def test_the_same_answers_have_the_same_key_and_others_another(written: Written, play: Play, before: str) -> None:
    scene = """
    const key = () => { dispatchEvent(new Event("pageshow")); send(); return $("[name=_key]").value; };
    const first = key(), again = key();
    type("#f-figli-true", "true");
    $("#f-figli-true").click();
    return [first === again, first === key(), /^[\\w-]{22,}$/.test(first)];
    """
    assert play(written(CONDITIONS), scene, before=before) == [True, False, True]


def test_two_clicks_send_once(written: Written, play: Play) -> None:
    assert play(written(CONDITIONS), "return [Boolean(send()), Boolean(send())];") == [True, False]


def test_the_typed_answers_stand_in_the_text_for_the_e_mail(written: Written, play: Play) -> None:
    scene = """
    $("#f-figli-true").click();
    type("#f-quanti", "2");
    return [$(".form-mail-text").textContent.trim(), decodeURIComponent($("[data-mailto]").href.split("&body=")[1])];
    """
    text, body = play(written(CONDITIONS), scene)
    assert "[x] Sì\n[ ] No" in text
    assert ">> 2" in text
    assert body == text.replace("\n", "\r\n")


PLACED = """
- name: ora
  title: A che ora?
  type: string
  categories: [{value: a, label: Mattina, form:places: 3}, {value: b, label: Sera, form:places: 30}]
- name: sala
  title: In quale sala?
  type: string
  form:widget: select
  form:showIf: {field: ora, equals: b}
  categories: [{value: x, label: Grande, form:places: 3}, {value: y, label: Piccola}]
"""
WITH_PLACES = HEAD.replace("survey", "signup") + "form:places: 40\n"
STATE = """
const asked = [];
window.fetch = async (where) => {
  asked.push(String(where).replace(/^file:\\/+/, ""));
  return { ok: true, json: async () => ({ forms: { prova: { places: %s, waiting: %s } } }) };
};
"""


@pytest.mark.parametrize(("waiting", "said", "shut"), [("false", "posti esauriti", True), ("true", "attesa", False)])
def test_a_page_asks_how_many_places_are_left_and_shuts_what_is_full(
    written: Written, play: Play, waiting: str, said: str, *, shut: bool
) -> None:
    scene = """
    await until(() => $("[data-quota='ora=a']").textContent);
    $("#f-ora-b").click();
    const option = $("option[value=x]");
    return [$("[data-quota='ora=a']").textContent, $("#f-ora-a").disabled, $("#f-ora-b").disabled,
      $("li[data-quota='']").innerText, option.textContent, option.disabled, shown("form"), asked];
    """
    state = STATE % ('{"": "few", "ora=a": "none", "ora=b": "few", "sala=x": "none"}', waiting)
    told = play(written(PLACED, WITH_PLACES), scene, before=state)
    assert said in told[0]
    assert told[1:4] == [shut, False, "restano pochi posti"]
    assert said in told[4]
    assert told[5:] == [shut, True, ["state.json"]]


CLOSED = '{"opens": null, "closes": "2020-01-01T00:00:00Z"}'
PROLONGED = '{"opens": null, "closes": "2999-06-30T22:00:00Z"}'


@pytest.mark.parametrize(
    ("closes", "days", "used", "seen"),
    [
        ("", CLOSED, False, [False, True, False, None]),
        ("", "{}", False, [True, False, False, None]),
        ("", PROLONGED, False, [True, False, False, "risposte fino al 30 giugno 2999"]),  # set at the desk alone
        ("2020-01-31", PROLONGED, False, [True, False, False, "risposte fino al 30 giugno 2999"]),
        ("2999-06-30", CLOSED, False, [False, False, True, None]),  # the page says it itself, as the portal's next one
        ("2999-06-30", CLOSED, True, [False, True, False, None]),  # somebody has begun
        ("2999-06-30", PROLONGED, True, [True, False, False, "risposte fino al 30 giugno 2999"]),
        ("2999-06-30", '{"opens": null, "closes": null}', False, [True, False, False, None]),
    ],
)
def test_a_page_asks_whether_its_days_are_others_now(
    written: Written, play: Play, closes: str, days: str, seen: list[object], *, used: bool
) -> None:
    told = f"{{ forms: {{}}, schedules: {{ prova: {days} }} }}"
    state = f"""
    const used = {json.dumps(used)};
    let tell;
    window.fetch = () => new Promise((go) => {{ tell = () => go({{ ok: true, json: async () => ({told}) }}); }});
    """
    scene = """
    for (const box of document.querySelectorAll("[data-until]")) {
      box.hidden = Date.now() >= Date.parse(box.dataset.until);
    }
    if (used) $("input[type=radio]").focus();
    tell();
    await new Promise((go) => setTimeout(go));
    const until = $("[data-when=until]");
    const said = until && !until.hidden && shown("form") ? until.innerText : null;
    return [shown("form"), shown("[data-shut]"), shown(".form-note[data-after]"), said];
    """
    form = written(
        PLACED.replace(", form:places: 30", "").replace(", form:places: 3", ""),
        HEAD + (f'form:closes: "{closes}"\n' if closes else ""),
    )
    assert play(form, scene, before=state) == seen


def test_a_page_that_the_service_made_just_now_asks_once_it_is_used(written: Written, play: Play) -> None:
    before = "const asked = []; window.fetch = async (where) => { asked.push(where); throw new Error('away'); };"
    scene = 'const first = asked.length; $("input[type=radio]").focus(); await 0; return [first, asked.length];'
    assert play(written(CONDITIONS), scene, before=before, stamp="x") == [0, 1]
    assert play(written(CONDITIONS), scene, before=before) == [1, 1]


def test_a_page_of_a_form_that_is_full_says_so_in_place_of_its_questions(written: Written, play: Play) -> None:
    scene = 'await until(() => !shown("form")); return $("[data-full]").innerText;'
    state = STATE % ('{"": "none", "ora=a": "none", "ora=b": "none", "sala=x": "none"}', "false")
    assert "Tutti i posti sono occupati" in play(written(PLACED, WITH_PLACES), scene, before=state)


def test_where_nobody_tells_how_many_places_are_left_the_form_stays_as_it_is(written: Written, play: Play) -> None:
    scene = """
    await new Promise((done) => setTimeout(done));
    return [$("#f-ora-a").disabled, $("[data-quota='ora=a']").textContent, shown("li[data-quota='']")];
    """
    before = 'window.fetch = () => Promise.reject(new Error("away"));'
    assert play(written(PLACED, WITH_PLACES), scene, before=before) == [False, "", False]


def test_what_is_said_of_days_follows_those_that_hold_now(written: Written, play: Play) -> None:
    head = HEAD + 'form:closes: "2020-01-31"\nform:publish: results\n'
    survey, poll = written(CONDITIONS, head), written(CONDITIONS, head.replace("survey", "poll"))
    told = {"before": "2020-02-10T12:00:00Z", "later": "2999-06-30T22:00:00Z", "never": None}
    days = {f"https://{name}.example": {"opens": None, "closes": closes} for name, closes in told.items()}
    notes = [
        render_results(form, "it", None, Place(origin), closed=closed)
        for form in (survey, poll)
        for closed in (True, False)
        for origin in days
    ]
    notes += [render_form(survey, "it", action=f"{origin}/forms/prova", closed=True) for origin in days]
    before = f"""
    const days = {json.dumps(days)};
    const told = (where) => ({{ forms: {{}}, schedules: {{ prova: days[new URL(where, "https://x").origin] }} }});
    window.fetch = async (where) => ({{ ok: true, json: async () => told(where) }});
    document.body.insertAdjacentHTML("beforeend", {json.dumps("".join(notes))});
    """
    scene = """
    await new Promise((go) => setTimeout(go, 0));
    return [...document.querySelectorAll(".form-note[data-state]")]
      .map((note) => [...note.children].filter((line) => !line.hidden)[0].textContent);
    """
    over, again = "fino al 10 febbraio 2020. ", "di nuovo risposte"
    expected = [over, "il 30 giugno 2999: mostrati prima", "del sondaggio: mostrati prima"] * 2
    expected += [over, "appena avranno", "appena avranno"] * 2 + [over, again, again]
    said = play(survey, scene, before=before)
    assert [part if part in line else line for part, line in zip(expected, said, strict=True)] == expected
