/* Usage: node lighthouse.mjs CHROMIUM CATEGORY,… ADDRESS…: prints a JSON list with a report for each address.
   Pages load as fast as the machine can: scores of speed, where they are asked for, are worked out from the trace for
   a slow phone (Lighthouse's own way), and waiting for a page to be quiet is kept short where nobody asks for them. */
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { pageFunctions } from "lighthouse/core/lib/page-functions.js";

const [chromePath, categories, ...addresses] = process.argv.slice(2);
const onlyCategories = categories.split(",");
const wait = onlyCategories.includes("performance") ? 1000 : 250; // milliseconds
const flags = ["--no-sandbox", "--in-process-gpu", "--renderer-process-limit=1", "--disable-site-isolation-trials"];
const width = 360;

// How fast the machine is says nothing of a page, and it takes a second of full work at each to find out.
pageFunctions.computeBenchmarkIndex = function computeBenchmarkIndex() { return 2000; };

const chrome = await launch({ chromePath, chromeFlags: flags });
try {
  const reports = [];
  for (const address of addresses) {
    const { lhr } = await lighthouse(address, {
      port: chrome.port,
      logLevel: "error",
      onlyCategories,
      onlyAudits: ["cumulative-layout-shift"],
      disableFullPageScreenshot: true,
      screenEmulation: { mobile: true, width, height: 740, deviceScaleFactor: 2, disabled: false },
      pauseAfterFcpMs: wait,
      pauseAfterLoadMs: wait,
      networkQuietThresholdMs: wait,
      cpuQuietThresholdMs: wait,
    });
    if (lhr.runtimeError) throw new Error(`${address}: ${lhr.runtimeError.message}`);
    const asked = Object.values(lhr.categories);
    const counted = asked.flatMap((category) => category.auditRefs.filter((ref) => ref.weight > 0));
    const failed = counted.map((ref) => lhr.audits[ref.id]).filter((audit) => audit.score !== null && audit.score < 1);
    const where = (item) => item.node?.selector ?? item.description ?? item.url ?? "";
    reports.push({
      address,
      scores: Object.fromEntries(asked.map((category) => [category.id, Math.round((category.score ?? 0) * 100)])),
      shift: lhr.audits["cumulative-layout-shift"].numericValue,
      faults: failed.map((audit) => `${audit.id}: ${audit.title} ${(audit.details?.items ?? []).map(where).join(" · ")}`),
    });
  }
  console.log(JSON.stringify(reports));
} finally {
  chrome.kill();
}
