/* Runs form.js as it ships on a page of one conditional question for each case, and says what it shows. */
const vm = require("node:vm");
const { script, cases } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));

const shipped = new vm.Script(script);
const shows = ({ showIf, months, posted }) => {
  const nothing = { closest: () => null, querySelector: () => null };
  const box = { dataset: { showIf: JSON.stringify(showIf) }, parentElement: nothing, querySelectorAll: () => [] };
  const form = {
    dataset: { form: "x", months: JSON.stringify(months) },
    elements: Object.assign([], { _time: {} }), // the service's own page, which asks for nothing until it is used
    parentElement: nothing,
    addEventListener() {},
    closest: () => null,
    querySelector: () => null,
    querySelectorAll: (selector) => (selector === "[data-show-if]" ? [box] : []),
  };
  shipped.runInNewContext({
    FormData: class { constructor() { return posted; } },
    addEventListener() {},
    console: { error() {} },
    document: { readyState: "complete", querySelector: () => null, querySelectorAll: (selector) => (selector.startsWith("form") ? [form] : []) },
    location: { search: "" },
    performance: { getEntriesByType: () => [] },
    sessionStorage: {},
  });
  return !box.hidden;
};

process.stdout.write(JSON.stringify(cases.map(shows)));
