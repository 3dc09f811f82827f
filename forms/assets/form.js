/* What a script can add to a form that works without it: one step instead of two, one send for two clicks,
   and the typed answers in the text for the e-mail. If anything here fails, the form is sent as it stands. */
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

  /* FNV-1a, twice with different seeds: tells whether the answers changed, without keeping them anywhere. */
  const fingerprint = (text) => [0x811c9dc5, 0x01000193].map((seed) => {
    let hash = seed;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    return (hash >>> 0).toString(16);
  }).join("-");

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

  const mirrorInMail = (form) => {
    const mail = form.parentElement.querySelector(".form-mail");
    const link = mail?.querySelector("[data-mailto]");
    if (!link) return;
    const text = mail.querySelector(".form-mail-text");
    const head = link.href.split("&body=")[0];
    const short = link.href;
    const update = () => {
      const data = new FormData(form);
      for (const slot of text.querySelectorAll("[data-control]")) {
        const values = data.getAll(slot.dataset.control);
        slot.textContent = "value" in slot.dataset ? (values.includes(slot.dataset.value) ? "x" : " ") : values.join(" ");
      }
      const body = encodeURIComponent(text.textContent.trim().replace(/\n/g, "\r\n"));
      link.href = body.length > 1800 ? short : head + "&body=" + body;
    };
    form.addEventListener("input", update);
    form.addEventListener("change", update);
    addEventListener("pageshow", update);
  };

  const start = () => {
    for (const form of document.querySelectorAll("form[data-form]")) {
      if (form.dataset.ready) continue;
      form.dataset.ready = "yes";
      forgetOnNewVisit(form);
      sendOnce(form);
      mirrorInMail(form);
    }
    document.querySelector(".form-summary")?.focus();
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
