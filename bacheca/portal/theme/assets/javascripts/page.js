/* What a script adds to the frame of the page: the theme's button, the search's button, scrolling with the keyboard,
   an open table of contents where there is room. Without it the pages read and work as they are. */
(() => {
  "use strict";

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);

  /* Material fires on single letters pressed anywhere, which voice control and slips of the hand do too
     (WCAG 2.1.4); while one moves inside the search, it also takes Tab for "close" and Shift for "go back". */
  const quietKeys = (search) => addEventListener("keydown", (event) => {
    const writing = event.target.matches?.("input, textarea, select, [contenteditable]");
    const letter = event.key.length === 1 && !writing;
    const moving = ["Tab", "Shift"].includes(event.key) && search?.contains(event.target);
    if (letter || moving) event.stopPropagation();
  }, true);

  /* The links between languages are for search engines. Material would fetch a site map beside each of them and
     send clicks on the language switch elsewhere; it looks for exactly this attribute value. */
  const keepAlternates = () => all("link[rel=alternate]").forEach((link) => link.setAttribute("rel", "alternate "));

  /* Material's script and the index are most of a page's weight and serve the search alone: they come when the search
     is asked for, or when it has led here. */
  const bringSearch = () => {
    const waiting = one("#engine");
    if (!waiting) return;
    const script = document.createElement("script");
    script.src = waiting.getAttribute("src");
    waiting.replaceWith(script);
  };

  const openSearch = (search) => {
    const toggle = one("#__search");
    toggle.checked = false; /* Firefox remembers it over a reload */
    const button = one(".search-open");
    const asked = new URLSearchParams(location.search);
    if (asked.has("h") || asked.has("q")) bringSearch();
    ["pointerenter", "focus", "click"].forEach((event) => button.addEventListener(event, bringSearch, { once: true }));
    const close = () => { if (toggle.checked) toggle.click(); };
    button.addEventListener("click", () => {
      if (!toggle.checked) toggle.click();
      one(".search__input").focus();
    });
    one(".search-close").addEventListener("click", close);
    /* Material takes its results out of the order of Tab, and calls the tags of each of them a landmark. */
    new MutationObserver(() => {
      all("a[tabindex]", search).forEach((link) => link.removeAttribute("tabindex"));
      all("nav", search).forEach((tags) => tags.setAttribute("role", "none"));
    }).observe(search, { childList: true, subtree: true });
    search.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !search.contains(event.relatedTarget)) close();
    });
    toggle.addEventListener("change", () => {
      button.setAttribute("aria-expanded", toggle.checked);
      const lost = document.activeElement === document.body || search.contains(document.activeElement);
      if (!toggle.checked && lost) button.focus();
    });
  };

  /* The reader's choice, kept where Material keeps it; without one, the theme of the machine, also when it changes. */
  const themes = all("input[name=__palette]");
  const wear = (theme) => {
    const named = ["media", "scheme", "primary", "accent"].map((what) => [what, theme.getAttribute(`data-md-color-${what}`)]);
    named.forEach(([what, value]) => document.body.setAttribute(`data-md-color-${what}`, value));
    return { index: themes.indexOf(theme), color: Object.fromEntries(named) };
  };
  const followMachine = () => themes.forEach((theme) => {
    const wanted = matchMedia(theme.getAttribute("data-md-color-media"));
    const follow = () => { if (wanted.matches && !__md_get("__palette")?.color) wear(theme); };
    wanted.addEventListener("change", follow);
    follow();
  });
  const switchTheme = (button) => {
    const isDark = () => document.body.dataset.mdColorScheme === "slate";
    const tell = () => button.setAttribute("aria-pressed", isDark());
    button.addEventListener("click", () => {
      const other = themes.find((theme) => theme.dataset.mdColorScheme === (isDark() ? "default" : "slate"));
      __md_set("__palette", wear(other));
      other.click();
    });
    new MutationObserver(tell).observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
    tell();
  };

  /* What scrolls sideways has to be reached with the keyboard, and to say what it is. */
  const reachScrolling = () => {
    for (const box of all(".md-typeset__scrollwrap, .md-typeset pre > code")) {
      const scrolls = box.scrollWidth > box.clientWidth;
      if (scrolls) box.tabIndex = 0; else box.removeAttribute("tabindex");
      if (!box.matches(".md-typeset__scrollwrap")) continue;
      const heading = one("h1");
      if (scrolls && heading) {
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", box.querySelector("caption, th")?.textContent.trim() || heading.textContent.trim());
      } else {
        box.removeAttribute("role");
        box.removeAttribute("aria-label");
      }
    }
  };

  /* A page may be read later than it was made: what holds until a moment goes then, and what holds after it comes. */
  const keepTime = () => all("[data-until], [data-after]").forEach((box) => {
    const { until, after } = box.dataset;
    box.hidden = until ? Date.now() >= Date.parse(until) : Date.now() < Date.parse(after);
  });

  const openContents = () => {
    const roomy = matchMedia(one(".section-nav") ? "(min-width: 98em)" : "(min-width: 60em)");
    const follow = () => all(".page-toc details").forEach((details) => { details.open = roomy.matches; });
    roomy.addEventListener("change", follow);
    follow();
  };

  /* A long section is scrolled to the page's own place in it. */
  const showPlace = () => {
    const list = one(".section-nav__list");
    const here = list?.querySelector("[aria-current=page]");
    if (here) list.scrollTop = here.offsetTop - list.clientHeight / 2;
  };

  /* The glossary's notes: they open with the pointer, with focus and with a touch, stay while one is on them, close
     with Escape (WCAG 1.4.13). Without script a term is a link that still names its note. */
  const openNotes = () => {
    const notes = one(".term-notes");
    if (!notes || !HTMLElement.prototype.showPopover) return;
    let shown = null;
    let leaving = 0;
    let touching = false;
    const noteOf = (term) => document.getElementById(term.getAttribute("aria-describedby"));
    const termAt = (event) => event.target.closest?.(".term");
    const close = () => {
      clearTimeout(leaving);
      shown?.hidePopover();
      shown = null;
    };
    const open = (term) => {
      clearTimeout(leaving);
      const note = noteOf(term);
      if (!note || note === shown) return;
      close();
      shown = note;
      note.showPopover();
      if (touching) note.dataset.touch = notes.dataset.touch; else delete note.dataset.touch;
      const at = term.getClientRects()[0];
      const below = at.bottom + note.offsetHeight + 12 < innerHeight || at.top < note.offsetHeight + 12;
      const left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - note.offsetWidth - 8));
      note.style.left = `${left + scrollX}px`;
      note.style.top = `${(below ? at.bottom + 4 : at.top - note.offsetHeight - 4) + scrollY}px`;
    };
    addEventListener("pointerdown", (event) => { touching = event.pointerType === "touch"; }, true);
    addEventListener("pointerover", (event) => {
      if (event.pointerType === "touch") return;
      if (termAt(event)) open(termAt(event)); else if (shown?.contains(event.target)) clearTimeout(leaving);
    });
    addEventListener("pointerout", (event) => {
      if (event.pointerType === "touch" || !(termAt(event) || shown?.contains(event.target))) return;
      clearTimeout(leaving);
      leaving = setTimeout(close, 300);
    });
    addEventListener("focusin", (event) => { if (termAt(event)?.matches(":focus-visible")) open(termAt(event)); });
    addEventListener("focusout", (event) => { if (termAt(event)) close(); });
    addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
    addEventListener("click", (event) => {
      const term = termAt(event);
      if (touching && term && noteOf(term) !== shown) {
        event.preventDefault();
        open(term);
      } else if (!shown?.contains(event.target)) close();
    });
  };

  /* Buttons that only a script can press: they are hidden until there is one. */
  const openButtons = () => {
    all("[data-print]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => print());
    });
    if (!navigator.clipboard) return;
    all("[data-copy]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.textContent = button.dataset.done;
      });
    });
  };

  /* Paper cannot be unfolded. */
  const unfoldOnPaper = () => {
    let folded = [];
    addEventListener("beforeprint", () => {
      folded = all(".md-typeset details:not([open])");
      folded.forEach((details) => { details.open = true; });
    });
    addEventListener("afterprint", () => folded.forEach((details) => { details.open = false; }));
  };

  const start = () => {
    openButtons();
    unfoldOnPaper();
    const search = one(".search");
    keepAlternates();
    quietKeys(search);
    if (search) openSearch(search);
    followMachine();
    all(".theme-switch").forEach(switchTheme);
    openContents();
    showPlace();
    keepTime();
    addEventListener("pageshow", keepTime);
    openNotes();
    ["load", "resize", "change"].forEach((event) => addEventListener(event, reachScrolling));
    addEventListener("toggle", reachScrolling, true); /* what stands in a closed box has no width */
  };

  start();
})();
