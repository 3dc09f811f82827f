// Preview only: reloads the page when a new build has been put in place.
(() => {
  const stamp = new URL("reload.txt", document.currentScript.src);
  let seen = "";
  setInterval(async () => {
    try {
      const answer = await fetch(stamp, { cache: "no-store" });
      const now = answer.ok ? await answer.text() : seen;
      if (seen && now !== seen) location.reload();
      seen = now;
    } catch {
      // The service is starting again: ask later.
    }
  }, 700);
})();
