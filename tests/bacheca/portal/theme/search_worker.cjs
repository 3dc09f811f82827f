/* Runs the search's worker without a browser: reads {config, pages, queries}, writes the pages that each query finds. */
const { readFileSync } = require("node:fs");
const vm = require("node:vm");

const [worker, library] = process.argv.slice(2);
const lunr = require(library);
const { config, pages, queries } = JSON.parse(readFileSync(0, "utf-8"));
let told = null;
const self = {
  lunr,
  location: { search: "?workers/search.0.min.js" },
  addEventListener: (_, listener) => { told = listener; },
  importScripts: () => {},
  postMessage: () => {},
};
self.self = self;
vm.runInNewContext(readFileSync(worker, "utf-8"), self);
told({ data: { type: 0, data: { config } } });
const index = lunr(function build() {
  this.metadataWhitelist = ["position"];
  this.ref("location");
  this.field("text");
  pages.forEach((text, location) => this.add({ location, text }));
});
const found = queries.map((query) => {
  const message = { type: 2, data: query };
  told({ data: message });
  return index.search(message.data).map(({ ref }) => Number(ref)).sort();
});
process.stdout.write(JSON.stringify(found));
