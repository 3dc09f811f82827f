/* What a script can add to a form that works without it: one step instead of two, one send for two clicks, questions
   that appear when they are needed, a section at a time, the typed answers in the text for the e-mail.
   If anything here fails, the form is sent as it stands. */
(() => {
  "use strict";

  const answersOf = (form) => {
    const data = new FormData(form);
    data.delete("_key");
    return new URLSearchParams(data).toString();
  };

  const newKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(24));
    return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_");
  };

  const fnv = (text, seed) => {
    let hash = seed;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    return hash >>> 0;
  };

  /* FNV-1a, twice with different seeds: tells whether the answers changed, without keeping them anywhere. */
  const fingerprint = (text) => [0x811c9dc5, 0x01000193].map((seed) => fnv(text, seed).toString(16)).join("-");

  const placeOf = (form) => "bacheca:" + form.dataset.form;

  /* The same answers keep the same key, so that sending them again is sending them once. */
  const keyFor = (form) => {
    const answers = fingerprint(answersOf(form));
    try {
      const kept = JSON.parse(sessionStorage.getItem(placeOf(form)) || "{}");
      if (kept.answers === answers && kept.key) return kept.key;
      const key = newKey();
      sessionStorage.setItem(placeOf(form), JSON.stringify({ answers, key }));
      return key;
    } catch {
      return newKey();
    }
  };

  /* Whoever opens the page afresh may be somebody else; whoever comes back or reloads is not. */
  const forgetOnNewVisit = (form) => {
    const [visit] = performance.getEntriesByType("navigation");
    if (visit?.type !== "navigate") return;
    try { sessionStorage.removeItem(placeOf(form)); } catch { /* storage is off: there is nothing to forget */ }
  };

  const sendOnce = (form) => {
    let sending = false;
    form.addEventListener("submit", (event) => {
      if (sending) { event.preventDefault(); return; }
      sending = true;
      const field = form.elements._key || form.appendChild(document.createElement("input"));
      try {
        field.type = "hidden";
        field.name = "_key";
        field.value = keyFor(form);
      } catch {
        field.remove();
      }
    });
    addEventListener("pageshow", () => { sending = false; });
  };

  const onChange = (form, update) => {
    form.addEventListener("input", update);
    form.addEventListener("change", update);
    addEventListener("pageshow", update);
  };

  const mirrorInMail = (form) => {
    const mail = form.parentElement.querySelector(".form-mail");
    const link = mail?.querySelector("[data-mailto]");
    if (!link) return;
    const text = mail.querySelector(".form-mail-text");
    const head = link.href.split("&body=")[0];
    const short = link.href;
    onChange(form, () => {
      const data = new FormData(form);
      for (const slot of text.querySelectorAll("[data-control]")) {
        const values = data.getAll(slot.dataset.control);
        slot.textContent = "value" in slot.dataset ? (values.includes(slot.dataset.value) ? "x" : " ") : values.join(" ");
      }
      const body = encodeURIComponent(text.textContent.trim().replace(/\n/g, "\r\n"));
      link.href = body.length > 1800 ? short : head + "&body=" + body;
    });
  };

  const fillSources = (form) => {
    const query = new URLSearchParams(location.search);
    for (const source of form.querySelectorAll("[data-source]")) {
      const value = query.get(source.name) || "";
      if (/^[A-Za-z0-9._-]{1,64}$/.test(value)) source.value = value;
    }
  };

  /* The same order as forms/shuffle.py: FNV-1a, then the last mixing of MurmurHash3. */
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
      control.value = crypto.getRandomValues(new Uint32Array(1))[0];
      const places = new Map(options.map((option) => [option, place(control.value + ":" + option.dataset.code)]));
      const after = options.at(-1).nextSibling;
      options.sort((a, b) => places.get(a) - places.get(b));
      for (const option of options) option.parentElement.insertBefore(option, after);
    }
  };

  /* What can only be chosen alone takes the ticks off the others, and they its own. */
  const chooseAlone = (form) => form.addEventListener("change", ({ target }) => {
    const alone = (box) => Boolean(box.closest("[data-alone]"));
    if (target.type !== "checkbox" || !target.checked || !target.name) return;
    for (const box of form.querySelectorAll(`input[name="${target.name}"]:checked`)) {
      if (box !== target && (alone(box) || alone(target))) box.checked = false;
    }
  });

  const setShown = (box, shown) => {
    box.hidden = !shown;
    for (const control of box.querySelectorAll("input, select, textarea")) control.disabled = !shown;
  };

  const showOther = (form) => {
    const boxes = form.querySelectorAll("[data-other]");
    if (boxes.length) onChange(form, () => {
      for (const box of boxes) setShown(box, new FormData(form).get(box.dataset.other) === "other");
    });
    for (const box of boxes) setShown(box, new FormData(form).get(box.dataset.other) === "other");
  };

  const holds = (form, { field, any, answered, missing }) => {
    const values = [];
    for (const [name, value] of new FormData(form)) {
      const part = name.startsWith(field + "__") && !name.endsWith("__seed");
      if ((name === field || (part && !any)) && value.trim()) values.push(value.trim());
    }
    return any ? values.some((value) => any.includes(value)) : answered === values.some((value) => !missing.includes(value));
  };

  /* Questions appear and vanish with the answers above them, and a screen reader hears it. */
  const showWhenNeeded = (form) => {
    const boxes = form.querySelectorAll("[data-show-if]");
    const announcer = form.querySelector("[data-announcer]");
    const update = (event) => {
      const said = [];
      for (const box of boxes) {
        const shown = holds(form, JSON.parse(box.dataset.showIf));
        if (event && shown === box.hidden) {
          const question = box.querySelector(".form-label")?.firstChild.textContent.trim() || "";
          said.push((shown ? announcer.dataset.appeared : announcer.dataset.vanished).replace("{question}", question));
        }
        setShown(box, shown);
      }
      if (said.length) announcer.textContent = said.join(". ");
    };
    if (!boxes.length) return;
    for (const box of boxes) box.querySelector(".form-condition").hidden = true;
    onChange(form, update);
    update();
  };

  /* A section at a time, unless there are problems to mend: those stand on one page. */
  const walk = (form) => {
    const head = form.querySelector("[data-steps]");
    const sections = [...form.querySelectorAll(".form-section")];
    if (!head || sections.length < 2 || document.querySelector(".form-summary")) return;
    const buttons = form.querySelector("[data-walk]");
    const [back, next] = ["back", "next"].map((way) => buttons.querySelector(`[data-${way}]`));
    const progress = head.querySelector("[data-progress]");
    const send = form.querySelector(".form-send");
    const open = () => sections.filter((section) => section.querySelector(".form-field:not([hidden] *)"));
    let here = sections[0];
    const show = (move) => {
      const steps = open();
      here = steps[Math.max(0, Math.min(steps.length - 1, steps.indexOf(here) + move))];
      const number = steps.indexOf(here) + 1;
      for (const section of sections) section.hidden = section !== here;
      back.hidden = number === 1;
      next.hidden = !(send.hidden = number < steps.length);
      progress.textContent = progress.dataset.progress.replace("{number}", number).replace("{total}", steps.length);
      if (move) progress.focus();
    };
    send.before(buttons);
    head.hidden = buttons.hidden = false;
    back.addEventListener("click", () => show(-1));
    next.addEventListener("click", () => show(1));
    form.addEventListener("change", () => show(0));
    form.addEventListener("submit", (event) => { if (!next.hidden) { event.preventDefault(); show(1); } });
    show(0);
  };

  /* Answers outlive a closed tab only where the person says so; they leave the device when they are sent. */
  const keepIfAsked = (form) => {
    const box = form.querySelector("[data-keep]");
    const name = "bacheca:kept:" + form.dataset.form;
    const ours = (control) => control.name && !control.name.startsWith("_") && control.type !== "hidden";
    const keep = () => {
      const kept = [...new FormData(form)].filter(([key]) => ours(form.elements[key][0] || form.elements[key]));
      try {
        if (box.checked) localStorage.setItem(name, JSON.stringify(kept));
        else localStorage.removeItem(name);
      } catch { box.checked = false; }
    };
    if (!box) return;
    try {
      const kept = JSON.parse(localStorage.getItem(name) || "null");
      for (const control of kept ? form.elements : []) {
        if (!ours(control)) continue;
        const values = kept.filter(([key]) => key === control.name).map(([, value]) => value);
        if (/radio|checkbox/.test(control.type)) control.checked = values.includes(control.value);
        else control.value = values[0] || "";
      }
      box.checked = Boolean(kept);
    } catch { /* storage is off, or holds something else: the form starts empty */ }
    onChange(form, keep);
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      try { localStorage.removeItem(name); } catch { /* nothing was kept */ }
    });
  };

  const start = () => {
    for (const form of document.querySelectorAll("form[data-form]")) {
      if (form.dataset.ready) continue;
      form.dataset.ready = "yes";
      for (const add of [keepIfAsked, fillSources, shuffle, chooseAlone, showOther, showWhenNeeded, walk,
        forgetOnNewVisit, sendOnce, mirrorInMail]) {
        try { add(form); } catch (error) { console.error(error); }
      }
    }
    document.querySelector(".form-summary")?.focus();
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
