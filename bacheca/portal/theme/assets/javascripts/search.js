/* The search's window: what is typed is answered at once, in a list of links. Its index is the script that comes last;
   where no build of ours made one, the engine's own does. */
(() => {
  "use strict";

  const FEW = 8;                       /* results at first */
  const PARTS = 3;                     /* places of a page beneath it */
  const KINDS = ["page", "term", "article", "question", "form", "event"];

  const window_ = document.querySelector("dialog.search");
  const [input, kinds, state, output, foot] = ["input", "kinds", "state", "output", "foot"].map((part) => window_.querySelector(`.search__${part}`));
  const words = JSON.parse(window_.dataset.words);
  const home = new URL("../", document.getElementById("search-index").src);
  let ranking = null;
  let drawn = null;                    /* the drawing where nothing is found */
  let failed = false;
  let shown = "";                      /* the kind that is looked at; all where it is empty */
  let whole = false;                   /* whether all results stand there */

  const made = (tag, name, ...inner) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    node.append(...inner);
    return node;
  };
  const hrefOf = ({ location: place }) => {
    const url = new URL(place, home);
    if (url.protocol === "file:" && url.pathname.endsWith("/")) url.pathname += "index.html";
    return url.href;
  };
  const marked = (text, found) => found.marked(text).map(([part, isHit]) => (isHit ? made("mark", "", part) : part));
  const linkTo = (entry, name, found) => {
    const link = made("a", name, ...marked(entry.title || hrefOf(entry), found));
    link.href = hrefOf(entry);
    return link;
  };
  const kindOf = ([{ entry }]) => (entry.kind === "section" ? ranking.pageOf(entry)?.kind || "page" : entry.kind || "page");

  const resultOf = (group, found) => {
    const [{ entry }, ...others] = group;
    const kind = kindOf(group);
    const isPart = entry.location.includes("#");
    const inner = made("div", "search__place", linkTo(entry, "search__title", found));
    const page = isPart && kind !== "term" ? ranking.pageOf(entry) : null;
    if (page?.title) inner.append(made("p", "search__page", linkTo(page, "", found)));
    const text = entry.description && kind !== "question" ? entry.description : found.excerpt(entry.text || entry.description || "");
    if (text) inner.append(made("p", "search__about", ...marked(text, found)));
    const parts = others.filter((other) => other.entry !== page).slice(0, PARTS).map((other) => made("li", "", linkTo(other.entry, "", found)));
    if (parts.length) inner.append(made("ul", "search__parts", ...parts));
    return made("li", "search__result", made("span", `search__kind search__kind--${kind}`, words[kind]), inner);
  };

  const press = (button, isOn) => { button.setAttribute("aria-pressed", isOn); return button; };
  const button = (name, text, act) => {
    const node = made("button", name, text);
    node.type = "button";
    node.addEventListener("click", act);
    return node;
  };

  const showKinds = (groups) => {
    const counts = new Map(KINDS.map((kind) => [kind, groups.filter((group) => kindOf(group) === kind).length]));
    const there = KINDS.filter((kind) => counts.get(kind));
    if (!there.includes(shown)) shown = "";
    const choose = (kind) => () => { shown = kind; answer(); kinds.querySelector("[aria-pressed=true]").focus(); };
    kinds.replaceChildren(...["", ...there].map((kind) => press(
      button("search__choice", `${words[kind ? `${kind}s` : "all"]}, ${kind ? counts.get(kind) : groups.length}`, choose(kind)),
      kind === shown,
    )));
    kinds.hidden = there.length < 2;
  };

  /* The sections of the portal, as its header has them. */
  const sections = () => {
    const links = [...document.querySelectorAll("#site-menu > ul > li > a[href], #site-menu ul:not(ul ul) > li > a[href]")];
    return [...new Map(links.map((link) => [link.href, link])).values()].map((link) => {
      const copy = made("a", "", link.textContent.trim());
      copy.href = link.href;
      return made("li", "", copy);
    });
  };

  /* Whoever finds nothing is shown what is near, where to begin, and whom to ask. */
  const unmarked = { marked: (text) => [[text, false]] };
  const nearTo = (entry) => made("li", "", linkTo(entry, "", unmarked), " ", made("span", "search__what", words[kindOf([{ entry }])]));
  const showNothing = (query, said) => {
    kinds.hidden = true;
    state.classList.add("unseen");
    state.textContent = said;
    const near = query && ranking ? ranking.near(query).map(nearTo) : [];
    const inner = [made("p", "search__nothing", said)];
    if (near.length) inner.push(made("p", "search__lead", words.near), made("ul", "search__near", ...near));
    if (query) inner.push(made("p", "search__hint", words.none));
    const ask = foot.querySelector(".search__write").cloneNode(true);
    inner.push(made("p", "search__lead", words.sections), made("ul", "search__sections", ...sections(), made("li", "", ask)));
    output.replaceChildren(made("div", "search__none", ...(drawn ? [drawn] : []), made("div", "", ...inner)));
  };

  const answer = () => {
    const query = input.value.trim();
    if (!query) {
      kinds.hidden = true;
      state.textContent = "";
      output.replaceChildren();
      return;
    }
    if (!ranking) {
      if (failed) showNothing("", words.failed); else state.textContent = words.wait;
      return;
    }
    const found = ranking.find(input.value);
    if (!found.groups.length) { showNothing(query, words.nothing.replace("{query}", () => `\u2068${query}\u2069`)); return; }
    showKinds(found.groups);
    const groups = shown ? found.groups.filter((group) => kindOf(group) === shown) : found.groups;
    const few = whole ? groups : groups.slice(0, FEW);
    const meant = found.meant.length ? `. ${words.meant} ${found.meant.join(", ")}` : "";
    state.textContent = `${words.count} ${groups.length}${meant}`;
    state.classList.toggle("unseen", !meant && !kinds.hidden);   /* the choices say it */
    const inner = [made("ol", "search__found", ...few.map((group) => resultOf(group, found)))];
    if (few.length < groups.length) {
      inner.push(button("search__more", words.more, () => { whole = true; answer(); links()[0].focus(); }));
    }
    output.replaceChildren(...inner);
  };

  const links = () => [...output.querySelectorAll("a[href]")];
  const move = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !(event.target === input || output.contains(event.target))) return;
    const all = links();
    const place = all.indexOf(document.activeElement) + step;
    event.preventDefault();
    if (place < 0) input.focus(); else all[Math.min(place, all.length - 1)]?.focus();
  };

  const learn = async (data) => {
    ranking = searchRanking(data, globalThis.searchWords);
    drawn = new DOMParser().parseFromString(data.drawing || "", "text/html").querySelector("svg");
    /* Whoever has gone on to a result keeps it. */
    await ranking.read(() => { if (window_.open && !output.contains(document.activeElement)) answer(); });
    window_.dataset.read = "";
  };

  /* The engine's own index has HTML, and knows no kinds. */
  const learnFromEngine = async () => {
    const answers = await Promise.all(["search/search_index.json", "search.json"].map((name) => fetch(new URL(name, home))));
    const { docs, items } = await answers.find((answer) => answer.ok).json();
    const reader = new DOMParser();
    const plain = (html) => (/[<&]/.test(html) ? reader.parseFromString(html, "text/html").body.textContent : html);
    const entries = (docs || items).map(({ location: place, title, text, tags }) => ({
      location: place,
      title: plain(title),
      kind: !place.includes("#") ? "page" : /[?？؟]\s*$/.test(title) ? "question" : "section",
      labels: place.includes("#") ? [] : tags,
      text: plain(text),
    }));
    return learn({ language: document.documentElement.lang, entries });
  };

  globalThis.searchIndex = learn;
  globalThis.searchLacksIndex = () => learnFromEngine().catch(() => { failed = true; answer(); });
  input.addEventListener("input", () => { whole = false; answer(); });
  window_.addEventListener("open", () => { shown = ""; answer(); });
  window_.addEventListener("keydown", move);
  window_.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    links()[0]?.click();
  });
  window_.querySelector(".search-close").addEventListener("click", () => window_.close());
  window_.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (event.target === window_ || link) window_.close();   /* beside it, or away; a link may lead to this very page */
  });
  if (window_.open) answer();
})();
