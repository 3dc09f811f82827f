/* What a script adds to the frame of the page: the theme's button, the search's button, scrolling with the keyboard,
   the place of the reader in the contents. Without it the pages read and work as they are. */
(() => {
  "use strict";

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);

  /* The search is fetched when it is asked for: its styles, its scripts, and at last the index. */
  let brought = null;
  const bring = (part) => new Promise((resolve) => {
    const address = part.getAttribute("src");
    const node = document.createElement(/\.css(\?|$)/.test(address) ? "link" : "script");
    if (node.localName === "link") Object.assign(node, { rel: "stylesheet", href: address });
    else Object.assign(node, { src: address, async: false });
    node.addEventListener("load", resolve);
    node.addEventListener("error", () => {
      if (part.id === "search-index") globalThis.searchLacksIndex?.();
      resolve();
    });
    document.head.append(node);
  });
  const bringSearch = () => {
    brought ??= all(".search-part").map(bring);   /* the styles are the first */
    return brought[0];
  };

  /* The window opens as soon as it has its styles: whoever types goes on while the rest comes. */
  const openSearch = (button) => {
    const shown = one("dialog.search");
    const open = (query) => bringSearch().then(() => {
      if (shown.open) return;
      const input = one(".search__input");
      if (query) input.value = query;
      shown.showModal();
      input.select();
      shown.dispatchEvent(new Event("open"));
    });
    ["pointerenter", "focus"].forEach((event) => button.addEventListener(event, bringSearch, { once: true }));
    button.addEventListener("click", () => open());
    const asked = new URLSearchParams(location.search).get("q");
    if (asked) open(asked);
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

  /* The contents mark the section that is being read: the last one whose heading is in the upper third or above it. */
  const markPlace = () => {
    const links = all(".page-toc a");
    const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
    const observer = new IntersectionObserver(() => {
      const here = headings.findLastIndex((heading) => heading?.getBoundingClientRect().top < innerHeight / 3);
      links.forEach((link, at) => {
        if (at === here) link.setAttribute("aria-current", "location"); else link.removeAttribute("aria-current");
      });
    }, { rootMargin: "0px 0px -66.7%" });
    headings.forEach((heading) => heading && observer.observe(heading));
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
    const isBeside = (term) => all(".term-margin").some((note) => {
      const { top, bottom, width } = note.getBoundingClientRect();
      return width && bottom > 0 && top < innerHeight && `term-${note.dataset.term}` === term.getAttribute("aria-describedby");
    });
    const open = (term) => {
      clearTimeout(leaving);
      const note = noteOf(term);
      if (!note || note === shown || isBeside(term)) return;
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
    all("[data-share]").forEach((button) => {
      button.hidden = !navigator.share && !navigator.clipboard;
      button.addEventListener("click", async () => {
        const url = button.dataset.share;
        if (navigator.share) return navigator.share({ title: document.title, url }).catch(() => {}); /* thought better of */
        await navigator.clipboard.writeText(url);
        button.querySelector("span").textContent = button.dataset.done;
      });
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

  /* Paper cannot be unfolded, and has no address bar and no clock. */
  const unfoldOnPaper = () => {
    let folded = [];
    const sheets = "adoptedStyleSheets" in document ? [new CSSStyleSheet()] : [];   /* nothing in it but whose page this is */
    document.adoptedStyleSheets?.push(...sheets);
    addEventListener("beforeprint", () => {
      folded = all(".md-typeset details:not([open])");
      folded.forEach((details) => { details.open = true; });
      const day = new Date().toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
      const whence = `${location.href.split("#")[0]} · ${day}`;
      all(".site-footer__printed").forEach((line) => { line.textContent = whence; });
      const said = `${one(".site-brand")?.textContent.trim() || ""} · ${whence} · `.replace(/["\\\n]/g, "\\$&");
      sheets.forEach((sheet) => sheet.replaceSync(`@page { @bottom-center { content: "${said}" counter(page) " / " counter(pages) } }`));
    });
    addEventListener("afterprint", () => folded.forEach((details) => { details.open = false; }));
  };

  const start = () => {
    openButtons();
    unfoldOnPaper();
    all(".search-open").forEach(openSearch);
    followMachine();
    all(".theme-switch").forEach(switchTheme);
    markPlace();
    showPlace();
    keepTime();
    addEventListener("pageshow", keepTime);
    openNotes();
    ["load", "resize", "change"].forEach((event) => addEventListener(event, reachScrolling));
    addEventListener("toggle", reachScrolling, true); /* what stands in a closed box has no width */
  };

  start();
})();
