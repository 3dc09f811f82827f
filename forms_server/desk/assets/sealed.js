// Opens sealed answers with an editor's key: neither the key nor what it opens leaves this page.
import { Trouble, dayOf, figures, opened, openerOf, save, sayer, shown } from "./key.js";

const ON_A_PAGE = 50;
const AT_ONCE = 20; // milliseconds of work before the page is drawn again
const CELL = 32767; // what a cell of Excel holds, in UTF-16 units
const DIGITS = 15;
const KIND = "bacheca sealed answers";

const room = document.getElementById("sealed");
const part = (name) => room.querySelector(`[data-part="${name}"]`);
const { form, home, reference } = room.dataset;
const variables = JSON.parse(room.dataset.variables);
const rules = JSON.parse(room.dataset.rules);
const words = new Set(rules.words);
const idAt = variables.findIndex(({ name }) => name === "response_id");
const total = Number(room.dataset.count);
const nameless = new Set(["response_id", "form_version", "language", "channel"]);

let rows = [];
let found = [];
let first = 0;

const say = sayer(part("words"));

async function ask(what, fields) {
  let answer;
  try {
    answer = await fetch(`${home}/${what}`, { method: "POST", body: new URLSearchParams(fields), redirect: "error" });
  } catch {
    throw new Trouble(say("away"));
  }
  if (!answer.ok || !answer.headers.get("Content-Type").startsWith("application/jsonl")) throw new Trouble(say("again"));
  return (await answer.text()).split("\n").filter(Boolean);
}

async function* fromDesk() {
  let lines = await ask("begin", {});
  yield lines[0];
  const { ticket } = JSON.parse(lines[0]);
  while (lines.length > 1) {
    yield* lines.slice(1);
    const [id, day] = JSON.parse(lines.at(-1));
    lines = await ask("more", { ticket, id, day });
  }
}

async function* fromFile(file) {
  let rest = "";
  for await (const text of chunks(file.stream().pipeThrough(new TextDecoderStream()))) {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    yield* lines;
  }
  if (rest) yield rest;
}

async function* chunks(stream) {
  const reader = stream.getReader();
  for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value;
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    throw new Trouble(say("no-file"));
  }
}

function placesOf(head) {
  if (head?.kind !== KIND || !Array.isArray(head.columns)) throw new Trouble(say("no-file"));
  if (head.form !== form) throw new Trouble(say("other-form", { form: String(head.form) }));
  return variables.map((variable) => head.columns.indexOf(variable.name));
}

async function open(opener, lines, expected) {
  const count = { shut: 0, foreign: 0, done: 0 };
  const kept = [];
  let places;
  let width = 0;
  let drawn = performance.now();
  for await (const line of lines) {
    const row = parsed(line);
    if (!places) {
      places = placesOf(row);
      width = row.columns.length;
      continue;
    }
    if (!Array.isArray(row) || row.length !== width + 1 || row.some((cell) => typeof cell !== "string"))
      throw new Trouble(say("no-file"));
    const sealed = row[width];
    let secret = {};
    let whole = true;
    if (sealed) {
      try {
        const { cells, foreign } = await opened(opener, row[0], sealed);
        secret = cells;
        whole = !foreign;
        count.foreign += foreign;
      } catch {
        whole = false;
        count.shut += 1;
      }
    }
    count.done += 1;
    if (whole) kept.push(variables.map(({ name }, at) => String(secret[name] ?? row[places[at]] ?? "")));
    if (performance.now() - drawn > AT_ONCE) {
      progress(count.done, expected);
      await new Promise((resolve) => {
        setTimeout(resolve);
      });
      drawn = performance.now();
    }
  }
  if (!places) throw new Trouble(say("no-file"));
  return { kept, ...count };
}

function progress(done, expected) {
  part("progress").hidden = false;
  const bar = part("progress").querySelector("progress");
  if (expected) bar.max = Math.max(expected, done);
  if (expected) bar.value = done;
  part("progress").querySelector("span").textContent = figures.format(done);
}

const seen = variables.map((variable, at) => ({ variable, at })).filter(({ variable }) => !nameless.has(variable.name));

function search() {
  const wanted = part("search").value.trim().toLowerCase();
  const holds = (row) => seen.some(({ variable, at }) => shown(variable, row[at]).toLowerCase().includes(wanted));
  found = wanted ? rows.filter(holds) : rows;
  first = 0;
  draw();
}

function draw() {
  const body = part("table").tBodies[0];
  const here = found.slice(Math.max(0, found.length - first - ON_A_PAGE), found.length - first).reverse();
  body.replaceChildren(
    ...here.map((row) => {
      const line = document.createElement("tr");
      for (const { variable, at } of seen) {
        const cell = line.insertCell();
        if (variable.name === reference) cell.append(linkTo(row[idAt], row[at]));
        else cell.textContent = shown(variable, row[at]);
        cell.dataset.label = variable.title;
      }
      return line;
    }),
  );
  part("where").textContent = here.length
    ? say("where", { from: first + 1, to: first + here.length, count: found.length })
    : say("none-found");
  part("newer").hidden = first === 0;
  part("older").hidden = first + ON_A_PAGE >= found.length;
}

function linkTo(id, said) {
  const link = document.createElement("a");
  link.href = home.replace(/sealed$/u, encodeURIComponent(id));
  link.target = "_blank";
  link.className = "code";
  link.textContent = said || id.slice(0, 8); // a file that was downloaded earlier may not know the reference
  return link;
}

function head() {
  const line = document.createElement("tr");
  for (const { variable } of seen) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = variable.title;
    line.append(cell);
  }
  part("table").tHead.replaceChildren(line);
}

// What follows writes a copy for Excel as `excel_csv.py` does, by the patterns that it goes by.

const formula = new RegExp(`^${rules.formula}`, "u");
const afterSeparator = new RegExp(rules.after, "gu");

function defused(text) {
  return (formula.test(text) ? `'${text}` : text).replace(afterSeparator, (mark) => `${mark}'`);
}

function looksLikeValue(text) {
  const bare = text.trim();
  if (!bare || ([...bare.slice(0, 200)].length > 60 && !/^\p{Nd}+$/u.test(bare))) return false;
  if (!/\p{Nd}/u.test(bare)) return ["vero", "falso", "true", "false"].includes(bare.toLowerCase());
  const named = bare.match(/[\p{L}\p{Nl}\p{No}]+/gu) ?? [];
  return !/^(?:0|[1-9][0-9]{0,14})$/u.test(bare) && named.every((word) => words.has(word.toLowerCase()));
}

function keptAsText(text) {
  return looksLikeValue(text) ? `'${text}` : defused(text);
}

function forExcel({ labels, missing, type, number }, cell) {
  if (Object.hasOwn(missing, cell)) return defused(missing[cell]);
  if (Object.hasOwn(labels, cell)) return keptAsText(labels[cell]);
  if (type === "date" && dayOf(cell) && cell >= "1900-03-01") return cell.split("-").reverse().join("/");
  return number && isNumber(type, cell) ? cell.replace(".", ",") : keptAsText(cell);
}

function isNumber(type, cell) {
  if (type === "year") return /^[1-9][0-9]{3}$/u.test(cell);
  const written = /^(?:0|-?[1-9][0-9]{0,14}|-?(?:0|[1-9][0-9]{0,14})\.[0-9]{0,14}[1-9])$/u;
  return written.test(cell) && cell.replace(/[-.]/gu, "").replace(/^0+/u, "").length <= DIGITS;
}

function fitted(text) {
  if (text.length <= CELL) return text;
  return text.slice(0, CELL - rules.cut.length).replace(/[\uD800-\uDBFF]$/u, "") + rules.cut;
}

function line(cells) {
  const quoted = cells.map((cell) => (/[;"\r\n]/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell));
  return `${quoted.join(";")}\r\n`;
}

function titles() {
  const all = variables.map(({ title }) => title);
  const twice = (title) => all.indexOf(title) !== all.lastIndexOf(title);
  return variables.map(({ title, name }) => keptAsText(twice(title) ? `${title} (${name})` : title));
}

function download() {
  const texts = ["\uFEFF", line(titles())];
  for (const row of rows) texts.push(line(row.map((cell, at) => fitted(forExcel(variables[at], cell)))));
  save(texts, "text/csv", `${form}.csv`);
}

async function work() {
  const button = part("open");
  button.disabled = true;
  part("problem").hidden = true;
  part("opened").hidden = true;
  rows = [];
  try {
    const [file] = part("file").files;
    const opener = await openerOf(part("keys").files, part("pasted").value, say);
    const done = await open(opener, file ? fromFile(file) : fromDesk(), file ? 0 : total);
    if (done.done && !done.kept.length) throw new Trouble(say(done.shut ? "wrong-key" : "foreign", { count: done.foreign }));
    rows = done.kept;
    part("pasted").value = "";
    part("search").value = "";
    part("opened").hidden = false;
    part("said").textContent = [
      rows.length ? say("opened", { count: rows.length }) : say("empty"),
      done.shut ? say("shut", { count: done.shut }) : "",
      done.foreign ? say("foreign", { count: done.foreign }) : "",
    ].join(" ");
    head();
    search();
    part("opened").querySelector("h2").focus();
  } catch (trouble) {
    part("problem").textContent = trouble instanceof Trouble ? trouble.message : say("broken");
    part("problem").hidden = false;
  } finally {
    button.disabled = false;
    part("progress").hidden = true;
  }
}

function forget() {
  for (const name of ["keys", "file", "pasted", "search"]) part(name).value = "";
  rows = [];
  found = [];
  location.reload();
}

const turn = (by) => () => {
  first += by;
  draw();
  part("where").scrollIntoView();
};

part("open").addEventListener("click", work);
part("download").addEventListener("click", download);
part("forget").addEventListener("click", forget);
part("older").addEventListener("click", turn(ON_A_PAGE));
part("newer").addEventListener("click", turn(-ON_A_PAGE));
part("search").addEventListener("input", search);
room.hidden = false;
