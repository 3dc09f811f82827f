// Opens what is sealed with an editor's key, and says it in words: neither the key nor what it opens leaves the page.
import { Decrypter } from "./age.min.js";

const LONGEST_KEY_FILE = 65536;
const tongue = document.documentElement.lang;
const days = new Intl.DateTimeFormat(tongue === "en" ? "en-GB" : tongue, { timeZone: "UTC", dateStyle: "medium" });

export const figures = new Intl.NumberFormat(tongue);

export class Trouble extends Error {}

export function sayer(words) {
  return (name, values = {}) => {
    const sentence = words.content.querySelector(`[data-said="${name}"]`).textContent;
    return sentence.replace(/\{(\w+)\}/gu, (_, key) =>
      typeof values[key] === "number" ? figures.format(values[key]) : values[key],
    );
  };
}

export async function openerOf(chosen, pasted, say) {
  const files = [...chosen];
  if (files.some((file) => file.size > LONGEST_KEY_FILE)) throw new Trouble(say("no-key"));
  const texts = [...(await Promise.all(files.map((file) => file.text()))), pasted];
  const given = texts.filter((text) => text.trim());
  if (!given.length) throw new Trouble(say("choose"));
  const opener = new Decrypter();
  for (const text of given) {
    const lines = text.split(/[\r\n]+/u).map((line) => line.trim());
    const secrets = lines.filter((line) => line && !line.startsWith("#"));
    if (!secrets.length || secrets.some((line) => !line.startsWith("AGE-SECRET-KEY-1"))) throw new Trouble(say("no-key"));
    try {
      for (const secret of secrets) opener.addIdentity(secret);
    } catch {
      throw new Trouble(say("no-key"));
    }
  }
  return opener;
}

export async function opened(opener, id, sealed) {
  const bytes = Uint8Array.from(atob(sealed), (char) => char.charCodeAt(0));
  const { response, cells } = JSON.parse(await opener.decrypt(bytes, "text"));
  return { cells, foreign: response !== id };
}

export function shown({ labels, missing, type }, cell) {
  if (Object.hasOwn(missing, cell)) return missing[cell];
  if (Object.hasOwn(labels, cell)) return labels[cell];
  return type === "date" && dayOf(cell) ? days.format(dayOf(cell)) : cell;
}

export function dayOf(cell) {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(cell)) return null;
  const day = new Date(`${cell}T00:00:00Z`);
  return Number.isNaN(day.valueOf()) || !day.toISOString().startsWith(cell) ? null : day;
}

export function save(texts, type, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(texts, { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
