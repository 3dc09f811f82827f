/* Runs what ranks without a browser: reads {language, entries, queries}, writes the places that each query finds. */
const { existsSync, readFileSync } = require("node:fs");
const vm = require("node:vm");

const [folder] = process.argv.slice(2);
const { language, words, entries, queries } = JSON.parse(readFileSync(0, "utf-8"));
const page = vm.createContext({ performance, setTimeout, Intl });
const load = (name) => {
  if (existsSync(`${folder}/${name}`)) vm.runInContext(readFileSync(`${folder}/${name}`, "utf-8"), page);
};
load("minisearch.min.js");
load("ranking.js");
load(`words.${words}.min.js`);
const ranking = page.searchRanking({ language, entries }, page.searchWords);
ranking.read().then(() => {
  const found = queries.map((query) => {
    const { groups, meant, marked, excerpt } = ranking.find(query);
    const [first] = groups.flat();
    return {
      places: groups.map((group) => group.map(({ entry }) => entry.location)),
      meant,
      near: groups.length ? [] : ranking.near(query).map((entry) => entry.location),
      marked: first ? marked(first.entry.title || "").filter(([, isHit]) => isHit).map(([part]) => part) : [],
      excerpt: first ? excerpt(first.entry.text || "") : "",
    };
  });
  process.stdout.write(JSON.stringify(found));
});
