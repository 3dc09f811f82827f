/* Draws the diagrams that a page has as words. Without it, or where the words are no diagram, they stand as they are.
   It is loaded on pages with diagrams only, and fetches Mermaid when the page has been read. */
(() => {
  "use strict";

  const engine = document.querySelector("#diagram-engine");
  const written = [...document.querySelectorAll("pre.mermaid")];

  /* The Content-Security-Policy lets no text become a style, and Mermaid writes its styles, and at last the whole
     drawing, as text. While it draws, styles are made the way a script may make them, as sheets of the document and
     properties of elements, and the drawing is taken as the elements that it is. */
  const draw = async (id, words) => {
    const { insertBefore } = Node.prototype;
    const { setAttribute } = Element.prototype;
    const innerHTML = Object.getOwnPropertyDescriptor(Element.prototype, "innerHTML");
    let drawing = null;
    Node.prototype.insertBefore = function (node, before) {
      if (!(node instanceof HTMLStyleElement)) return insertBefore.call(this, node, before);
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(node.textContent);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      drawing = this;
      return node;
    };
    Element.prototype.setAttribute = function (name, value) {
      if (name === "style") this.style.cssText = value; else setAttribute.call(this, name, value);
    };
    Object.defineProperty(Element.prototype, "innerHTML", {
      ...innerHTML,
      get() { return this.id === `d${id}` ? "" : innerHTML.get.call(this); },
    });
    try {
      await mermaid.render(id, words);
    } finally {
      Object.assign(Node.prototype, { insertBefore });
      Object.assign(Element.prototype, { setAttribute });
      Object.defineProperty(Element.prototype, "innerHTML", innerHTML);
    }
    return drawing;
  };

  const boxed = (drawing, words) => {
    const box = document.createElement("div");
    box.className = "diagram";
    box.append(drawing);
    drawing.setAttribute("role", "img");
    if (!drawing.hasAttribute("aria-labelledby")) drawing.setAttribute("aria-label", words);
    return box;
  };

  const drawAll = async () => {
    mermaid.initialize({
      startOnLoad: false, securityLevel: "strict", suppressErrorRendering: true, theme: "neutral", htmlLabels: false,
      flowchart: { htmlLabels: false }, class: { htmlLabels: false }, state: { htmlLabels: false },
      fontFamily: getComputedStyle(document.body).fontFamily,
    });
    await document.fonts.ready;
    for (const [number, pre] of written.entries()) {
      const words = pre.textContent.trim();
      try {
        pre.before(boxed(await draw(`diagram-${number}`, words), words));
        pre.hidden = true;
      } catch {
        /* The words stand, and whoever wrote them sees that they are no diagram. */
      }
    }
    document.documentElement.dataset.diagrams = "drawn";
  };

  const fetchEngine = () => {
    const script = document.createElement("script");
    script.src = engine.getAttribute("src");
    script.addEventListener("load", drawAll);
    engine.replaceWith(script);
  };
  if (engine && written.length) addEventListener("load", () => setTimeout(fetchEngine));
})();
