/* What a script can add to a form that works without it: one step instead of two, one send for two clicks, questions
   that appear when needed, a section at a time. If anything here fails, the form is sent as it stands. */
(() => {
  "use strict";

  const onChange = (form, update) => {
    form.addEventListener("input", update);
    form.addEventListener("change", update);
    addEventListener("pageshow", () => update());
    update();
  };

  const stored = (place, value) => { // storage may be off, or full: then nothing is kept
    const [storage, name] = place;
    try {
      if (value === null) window[storage].removeItem(name);
      else if (value) window[storage].setItem(name, JSON.stringify(value));
      return JSON.parse(window[storage].getItem(name) || "null");
    } catch { return null; }
  };
  const keyPlace = (form) => ["sessionStorage", "bacheca:" + form.dataset.form];
  const keptPlace = (form) => ["localStorage", "bacheca:kept:" + form.dataset.form];

  const fnv = (text, hash) => {
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    return hash >>> 0;
  };

  /* The same answers keep the same key, so that sending them again is sending them once. Answers are kept only as
     two hashes, which tell whether they changed; where storage is off, as long as the page is there. */
  const held = new WeakMap();
  const keyFor = (form) => {
    const data = new FormData(form);
    data.delete("_key");
    data.delete("_time");
    const text = new URLSearchParams(data).toString();
    const answers = fnv(text, 0x811c9dc5) + "-" + fnv(text, 0x01000193);
    const kept = stored(keyPlace(form)) ?? held.get(form);
    if (kept?.answers === answers && kept.key) return kept.key;
    const bytes = crypto.getRandomValues(new Uint8Array(24));
    const key = btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_");
    held.set(form, { answers, key });
    stored(keyPlace(form), { answers, key });
    return key;
  };

  const sendOnce = (form) => {
    // Whoever opens the page afresh may be somebody else; whoever comes back or reloads is not.
    const [visit] = performance.getEntriesByType("navigation");
    if (visit?.type === "navigate") stored(keyPlace(form), null);
    let sending = false;
    form.addEventListener("submit", (event) => {
      if (sending || event.defaultPrevented) { event.preventDefault(); return; }
      sending = true;
      stored(keptPlace(form), null);
      const field = form.elements._key || form.appendChild(document.createElement("input"));
      try {
        field.type = "hidden";
        field.name = "_key";
        field.value = keyFor(form);
      } catch { field.remove(); }
    });
    addEventListener("pageshow", () => { sending = false; });
  };

  const mirrorInMail = (form) => {
    const mail = form.parentElement.querySelector(".form-mail");
    const link = mail?.querySelector("[data-mailto]");
    if (!link) return;
    const text = mail.querySelector(".form-mail-text");
    const short = link.href;
    onChange(form, () => {
      const data = new FormData(form);
      for (const slot of text.querySelectorAll("[data-control]")) {
        const values = data.getAll(slot.dataset.control);
        slot.textContent = "value" in slot.dataset ? (values.includes(slot.dataset.value) ? "x" : " ") : values.join(" ");
      }
      const body = encodeURIComponent(text.textContent.trim().replace(/\n/g, "\r\n"));
      link.href = body.length > 1800 ? short : short.split("&body=")[0] + "&body=" + body;
    });
  };

  const fillSources = (form) => {
    for (const source of form.querySelectorAll("[data-source]")) {
      const value = new URLSearchParams(location.search).get(source.name) || "";
      if (/^[\w.-]{1,64}$/.test(value)) source.value = value;
    }
  };

  /* The same order as bacheca/forms/asking/shuffle.py: FNV-1a, then the last mixing of MurmurHash3. */
  const place = (text) => {
    let hash = fnv(text, 0x811c9dc5);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  };

  const shuffle = (form) => {
    for (const control of form.querySelectorAll("[data-seed]")) {
      const options = [...control.parentElement.querySelectorAll("[data-code]")];
      if (control.value || !options.length) continue;
      const seed = control.value = crypto.getRandomValues(new Uint32Array(1))[0];
      const next = options.at(-1).nextSibling;
      options.sort((a, b) => place(seed + ":" + a.dataset.code) - place(seed + ":" + b.dataset.code));
      for (const option of options) option.parentElement.insertBefore(option, next);
    }
  };

  /* What can only be chosen alone takes the ticks off the others, and they its own. */
  const chooseAlone = (form) => form.addEventListener("change", ({ target }) => {
    if (target.type !== "checkbox" || !target.checked || !target.name) return;
    for (const box of form.querySelectorAll(`input[name="${target.name}"]:checked`)) {
      if (box !== target && (box.closest("[data-alone]") || target.closest("[data-alone]"))) box.checked = false;
    }
  });

  /* Numbers and days as the service reads them; whatever it would refuse may become anything. */
  const numberOf = (text) => {
    const figures = text.normalize("NFKC").replace(/\u2212/g, "-").replace(/[^\d.,-]/g, "");
    const marks = figures.match(/[.,]/g) || [];
    const twice = marks.length > 1 && new Set(marks).size < 2;
    const end = !marks.length || twice || /^-?[1-9]\d{0,2}[.,]\d{3}$/.test(figures) ? figures.length
      : figures.lastIndexOf(marks.at(-1));
    const [whole, rest] = [figures.slice(0, end), figures.slice(end)].map((part) => part.replace(/[.,]/g, ""));
    return /^-?\d+$/.test(whole + rest) ? BigInt(whole + rest.padEnd(15, "0").slice(0, 15)) : null;
  };
  const dayOf = (typed, months) => {
    const parts = typed.map((part) => part.trim().replace(/[.\u00b0\u00ba]+$/, "").normalize("NFKC").toLowerCase());
    if (parts[0].length !== 4) parts.reverse();
    const begun = Object.keys(months).filter((name) => name.startsWith(parts[1]));
    const numbers = new Set(begun.map((name) => months[name]));
    parts[1] = months[parts[1]] || (numbers.size === 1 ? [...numbers][0] : parts[1]);
    const day = parts.map((part) => part.padStart(2, "0")).join("-");
    return /^\d{4}(-\d\d)+$/.test(day) ? day : null;
  };

  /* Tells whether a condition holds, given what the form would send. */
  const holds = (condition, data, months) => {
    const { all, any, not, field, answered, missing, boxes, atLeast, atMost } = condition;
    const inside = (part) => holds(part, data, months);
    if (all || any) return all ? all.every(inside) : any.some(inside);
    if (not) return !inside(not);
    const given = data.filter(([name, value]) => value.trim() && (name === field || (!condition.in
      && name.startsWith(field + "__") && !name.endsWith("__seed")))).map(([, value]) => value.trim());
    if (condition.in) return given.some((value) => condition.in.includes(value));
    const answers = given.filter((value) => !missing.includes(value));
    if (answered !== undefined) return answered === answers.length > 0;
    const read = boxes ? (bound) => bound : numberOf;
    const place = boxes ? dayOf(boxes.map((box) => data.find(([name]) => name === box)?.[1] ?? ""), months)
      : answers.length ? numberOf(answers[0]) : null;
    return place !== null && (!atLeast || read(atLeast) <= place) && (!atMost || place <= read(atMost));
  };

  const states = {};
  const stateAt = (where) => states[where] ??= fetch(where).then((answer) => answer.ok ? answer.json() : null)
    .catch(() => null);
  const isOver = (days) => Boolean(days.closes) && Date.now() >= Date.parse(days.closes);

  /* What a page says of the days of a form follows those that hold now. */
  const sayDays = (box, days) => {
    const when = isOver(days) ? "over" : days.closes && box.querySelector("[data-when=until]") ? "until" : "open";
    for (const line of box.querySelectorAll("[data-when]")) line.hidden = line.dataset.when !== when;
    for (const day of days.closes ? box.querySelectorAll("[data-day]") : []) {
      day.textContent = new Date(Date.parse(days.closes) - 1)
        .toLocaleDateString(day.closest("[lang]").lang, { dateStyle: "long", timeZone: day.dataset.day });
    }
  };
  const askForDays = async (note) => {
    const days = (await stateAt(note.dataset.state))?.schedules?.[note.dataset.form];
    if (days) sayDays(note, days);
  };

  /* A page that was made before asks what has changed: how many places are left, and whether its days are others now.
     The service's own asks once it is used. Where nobody answers, the service decides anyway. */
  const askForState = async (form) => {
    const whole = form.closest("[data-until]");
    const early = form.closest("[data-after]");
    const over = (whole && Date.now() >= Date.parse(whole.dataset.until))
      || (early && Date.now() < Date.parse(early.dataset.after));
    let used;
    const use = new Promise((go) => form.addEventListener("focusin", () => go(used = true), { once: true }));
    if (form.elements._time && !over) await use;
    const known = await stateAt(new URL("state.json", new URL(form.getAttribute("action"), location.href)));
    const days = known?.schedules?.[form.dataset.form];
    if (days) {
      sayDays((whole || form).parentElement, days);
      const closed = isOver(days);
      const open = !closed && (!days.opens || Date.now() >= Date.parse(days.opens));
      for (const box of open || (closed && !used) ? [whole, early].filter(Boolean) : []) {
        const note = box.previousElementSibling;
        if (box === whole) whole.dataset.until = note.dataset.after = days.closes || "9999-12-31";
        else early.dataset.after = note.dataset.until = days.opens || "1970-01-01";
        note.hidden = !(box.hidden = closed && box === whole);
      }
      form.parentElement.querySelector("[data-shut]").hidden = !closed;
      form.hidden = closed;
    }
    const state = known?.forms[form.dataset.form];
    if (!state) return;
    const words = JSON.parse(form.dataset.places);
    const shuts = (band) => band === "none" && !state.waiting;
    for (const slot of form.parentElement.querySelectorAll("[data-quota]")) {
      const band = state.places[slot.dataset.quota];
      if (!band) continue;
      const said = words[band === "none" && state.waiting ? "waiting" : band];
      const control = slot.closest(".form-option")?.querySelector("input") || slot;
      slot.textContent = slot.dataset.label ? `${slot.dataset.label} (${said})` : said;
      slot.hidden = false;
      if (slot.dataset.quota && shuts(band)) {
        control.disabled = true;
        control[control.localName === "option" ? "selected" : "checked"] = false;
        control.dataset.shut = "";
      }
    }
    const full = form.parentElement.querySelector("[data-full]");
    if (full && shuts(state.places[""])) {
      full.hidden = false;
      form.hidden = true;
    }
  };

  /* Questions appear and vanish with the answers above them, and a screen reader hears it. */
  const showWhenNeeded = (form) => {
    const boxes = form.querySelectorAll("[data-show-if]");
    const announcer = form.querySelector("[data-announcer]");
    const months = JSON.parse(form.dataset.months || "{}");
    const update = (event) => {
      const said = [];
      for (const box of boxes) {
        const shown = !box.parentElement.closest("[data-show-if][hidden]")
          && holds(JSON.parse(box.dataset.showIf), [...new FormData(form)], months);
        if (event && shown === box.hidden) {
          const { appeared, vanished } = announcer.dataset;
          said.push((shown ? appeared : vanished).replace("{question}", box.querySelector("h2, legend, label").innerText));
        }
        box.hidden = !shown;
        for (const control of box.querySelectorAll("input, select, textarea")) control.disabled = !shown || "shut" in control.dataset;
      }
      if (said.length) announcer.textContent = said.join(". ");
    };
    for (const sentence of form.querySelectorAll(".form-condition")) sentence.hidden = true;
    if (boxes.length) onChange(form, update);
  };

  /* What the service finds wrong with some steps, put where its own page would have it. */
  const tell = (form, steps, found) => {
    document.querySelector(".form-summary")?.remove();
    const summary = found.querySelector(".form-summary");
    if (summary) form.before(summary);
    for (const slot of steps.flatMap((step) => [...step.querySelectorAll("[data-problem]")])) {
      const id = "f-" + slot.dataset.problem + "--problem";
      const [said, row, field] = [found.getElementById(id), slot.closest("tr"), slot.closest(".form-field")];
      slot.replaceChildren(...(said ? [said] : []));
      row?.classList.toggle("form-matrix-row--problem", Boolean(said));
      field.classList.toggle("form-field--problem", Boolean(field.querySelector(".form-problem")));
      const one = field.querySelector("input:not([type=hidden]), select, textarea");
      for (const control of row ? row.querySelectorAll("input") : [field.matches("fieldset") ? field : one]) {
        const ids = (control.getAttribute("aria-describedby") || "").split(" ").filter((other) => other && other !== id);
        if (said) ids.push(id);
        if (ids.length) control.setAttribute("aria-describedby", ids.join(" "));
        else control.removeAttribute("aria-describedby");
        if (control === one && !row) said ? control.setAttribute("aria-invalid", "true") : control.removeAttribute("aria-invalid");
      }
    }
  };

  /* A section at a time. Who goes on hears what is wrong with it, unless nobody can be asked: the post will say it. */
  const walk = (form) => {
    const head = form.querySelector("[data-steps]");
    const sections = [...form.querySelectorAll(".form-section")];
    if (!head || sections.length < 2) return;
    const [buttons, back, next, progress, send] = ["[data-walk]", "[data-back]", "[data-next]", "[data-progress]",
      ".form-send"].map((part) => form.querySelector(part));
    const title = document.title.replace(head.dataset.steps + " ", "");
    const wrong = (section) => section.querySelector(".form-problem");
    let here = sections.find(wrong) || sections[0];
    let asking = false;
    const show = (move) => {
      const steps = sections.filter((section) => [...section.querySelectorAll(".form-field")]
        .some((field) => !field.closest(".form-conditional[hidden]")));
      here = steps[Math.max(0, Math.min(steps.length - 1, steps.indexOf(here) + move))];
      const number = steps.indexOf(here) + 1;
      for (const section of sections) section.hidden = section !== here;
      back.hidden = number === 1;
      next.hidden = number === steps.length;
      send.hidden = !next.hidden;
      progress.textContent = progress.dataset.progress.replace("{number}", number).replace("{total}", steps.length);
      if (move) progress.focus();
    };
    const ask = async (left) => {
      const steps = sections.filter((section) => section === left || wrong(section));
      const until = sections.indexOf(steps.at(-1));
      const known = (control) => sections.indexOf(control?.closest(".form-section")) <= until;
      const data = [...new FormData(form)].filter(([name]) => name !== "_key" && known(form.querySelector(`[name="${name}"]`)));
      const body = new URLSearchParams([...data, ...steps.map((step) => ["_step", step.dataset.step])]);
      const answer = await fetch(form.dataset.check, { method: "POST", body, signal: AbortSignal.timeout(5000) });
      if (!answer.ok) return false;
      tell(form, steps, new DOMParser().parseFromString(await answer.text(), "text/html"));
      document.title = document.querySelector(".form-summary") ? head.dataset.steps + " " + title : title;
      return Boolean(wrong(left));
    };
    const go = async () => {
      if (asking) return;
      asking = true;
      const left = here;
      const stays = await ask(left).catch(() => false);
      asking = false;
      if (here !== left) return;
      if (stays) document.querySelector(".form-summary").focus();
      else show(1);
    };
    send.before(buttons);
    head.hidden = buttons.hidden = false;
    back.addEventListener("click", () => show(-1));
    next.addEventListener("click", go);
    form.addEventListener("submit", (event) => { if (!next.hidden) { event.preventDefault(); go(); } });
    document.addEventListener("click", ({ target }) => {
      const link = target.closest(".form-summary a");
      const section = link && document.getElementById(link.hash.slice(1))?.closest(".form-section");
      if (section && form.contains(section)) { here = section; show(0); }
    });
    onChange(form, () => show(0));
  };

  /* Answers outlive a closed tab only where the person says so; they leave the device when they are sent. */
  const keepIfAsked = (form) => {
    const box = form.querySelector("[data-keep]");
    if (!box) return;
    const kept = stored(keptPlace(form));
    for (const control of kept ? form.elements : []) {
      const values = kept.filter(([key]) => key === control.name).map(([, value]) => value);
      if (/radio|checkbox/.test(control.type)) control.checked = values.includes(control.value);
      else if (values.length) control.value = values[0];
    }
    box.checked = Boolean(kept);
    onChange(form, () => {
      stored(keptPlace(form), box.checked ? [...new FormData(form)].filter(([key]) => key[0] !== "_") : null);
    });
  };

  const start = () => {
    for (const form of document.querySelectorAll("form[data-form]")) {
      if (form.dataset.ready) continue;
      form.dataset.ready = "yes";
      for (const add of [fillSources, keepIfAsked, shuffle, chooseAlone, showWhenNeeded, walk, sendOnce, mirrorInMail,
        askForState]) {
        try { add(form); } catch (error) { console.error(error); }
      }
    }
    document.querySelectorAll(".form-note[data-state]:not([data-ready])").forEach((note) => {
      note.dataset.ready = "yes";
      askForDays(note);
    });
    if (document.activeElement === document.body) document.querySelector(".form-summary")?.focus(); // nobody moved on
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
