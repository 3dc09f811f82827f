// Opens what is sealed of one person, in their answers on this page and in the copy that is sent to them.
import { Trouble, opened, openerOf, save, sayer, shown } from "./key.js";

const room = document.getElementById("opening");
const part = (name) => room.querySelector(`[data-part="${name}"]`);
const say = sayer(part("words"));
const { home, address } = room.dataset;
const sealed = JSON.parse(room.dataset.sealed);

let found = new Map();

function pairs(variables, cells) {
  const given = variables.filter(({ name, box }) => cells[name] && !(box && cells[name] === "0"));
  return given.map((variable) => [variable.title, shown(variable, cells[variable.name])]);
}

function tell(page, list, said) {
  for (const [question, answer] of said) {
    const line = page.createElement("div");
    line.dataset.opened = "";
    line.append(page.createElement("dt"), page.createElement("dd"));
    line.firstChild.textContent = question;
    line.lastChild.textContent = answer;
    list.append(line);
  }
}

function write(page) {
  for (const old of page.querySelectorAll("[data-opened]")) old.remove();
  for (const [reference, said] of found) {
    const theirs = page.querySelector(`[data-response="${reference}"]`);
    if (!theirs) continue;
    tell(page, theirs.querySelector("[data-answers]"), said);
    theirs.querySelector("[data-shut]")?.remove();
  }
}

async function open() {
  const opener = await openerOf(part("keys").files, part("pasted").value, say);
  const read = new Map();
  let foreign = 0;
  for (const { id, reference, text, variables } of sealed) {
    try {
      const one = await opened(opener, id, text);
      if (one.foreign) foreign += 1;
      else read.set(reference, pairs(variables, one.cells));
    } catch {
      // counted below: no key that was given opens it
    }
  }
  if (!read.size) throw new Trouble(say(foreign ? "foreign" : "wrong-key"));
  found = read;
  part("pasted").value = "";
  write(document);
  const shut = sealed.length - read.size;
  part("said").textContent = [say("opened", { count: read.size }), shut ? say("shut", { count: shut }) : ""].join(" ");
  part("opened").hidden = false;
  part("said").focus();
}

async function copy() {
  let answer;
  try {
    const body = new URLSearchParams({ address, as: "page" });
    answer = await fetch(`${home}copy`, { method: "POST", body, redirect: "error" });
  } catch {
    throw new Trouble(say("away"));
  }
  const name = /filename="([^"]+)"/u.exec(answer.headers.get("Content-Disposition") ?? "");
  if (!answer.ok || !name) throw new Trouble(say("again"));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  write(page);
  save(["<!doctype html>\n", page.documentElement.outerHTML], "text/html", name[1]);
}

const doing = (work) => async (event) => {
  const button = event.currentTarget;
  button.disabled = true;
  part("problem").hidden = true;
  try {
    await work();
  } catch (trouble) {
    part("problem").textContent = trouble instanceof Trouble ? trouble.message : say("broken");
    part("problem").hidden = false;
  } finally {
    button.disabled = false;
  }
};

part("open").addEventListener("click", doing(open));
part("copy").addEventListener("click", doing(copy));
room.hidden = false;
