// Preview only: reloads the page when a new build has been put in place, and says what keeps the next one from being made.
(() => {
  const here = document.currentScript.src;
  const file = new URL("reload.json", here);
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = new URL("reload.css", here);
  document.head.append(style);
  const panel = document.createElement("div");
  panel.setAttribute("role", "status"); // read out when it changes, without taking the focus
  document.body.append(panel);
  let seen = "";
  let shown = "[[],[]]";

  const list = (lines) => {
    const items = document.createElement("ul");
    for (const line of lines) {
      const item = document.createElement("li");
      const [place, ...said] = line.split(": ");
      const code = document.createElement("code");
      code.textContent = place;
      item.append(code, " ", said.join(": "));
      items.append(item);
    }
    return items;
  };

  const show = ({ words, problems, warnings }) => {
    panel.replaceChildren();
    if (!problems.length && !warnings.length) return;
    const box = document.createElement("section");
    box.className = "preview-problems";
    box.tabIndex = 0;
    box.setAttribute("aria-labelledby", "preview-problems");
    const title = document.createElement("h2");
    title.id = "preview-problems";
    title.textContent = problems.length ? words.problems : words.warnings;
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = words.close;
    close.addEventListener("click", () => panel.replaceChildren());
    box.append(title, close);
    if (problems.length) box.append(list(problems));
    if (warnings.length) {
      const folded = document.createElement("details");
      const summary = document.createElement("summary");
      summary.textContent = `${words.warnings} (${warnings.length})`;
      folded.append(summary, list(warnings));
      box.append(folded);
    }
    panel.append(box);
  };

  const look = async () => {
    try {
      const answer = await fetch(file, { cache: "no-store" });
      if (!answer.ok) return;
      const told = await answer.json();
      if (seen && told.stamp !== seen) location.reload();
      seen = told.stamp;
      const now = JSON.stringify([told.problems, told.warnings]);
      if (now !== shown) show(told);
      shown = now;
    } catch {
      // The service is starting again: ask later.
    }
  };
  setInterval(look, 200);
  look();
})();
