/* The search's worker: Material's own, taught accents, unfinished words, and plurals where it knows the language.

   Each word enters the index twice: as it is without accents, and as its root behind a mark. A whole word is looked up
   by its root, an unfinished one by its beginning; what no word begins with, by its root or with one letter's slip. Of
   a language whose words it cannot take apart (an empty pipeline) the root is the word itself, and none is too common. */
(() => {
  "use strict";

  const ROOT = "§";
  const SETUP = 0;
  const QUERY = 2;
  const RESULT = 3;
  const LABEL = 10;                             /* Material lets a label weigh more than any title */
  const OPERATORS = /["+~^*]|(^|\s)-/;
  let language = "en";
  let takesApart = true;
  let builder = null;
  let asked = new Map();

  const fold = (word) => word.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  const tools = () => (language === "en" ? self.lunr : self.lunr[language]);
  const root = (word) => {
    const { stemmer } = tools();
    return ROOT + (takesApart && stemmer ? stemmer(new self.lunr.Token(word, {})).toString() : word);
  };
  const isCommon = (word) => takesApart && tools().stopWordFilter(word.toLowerCase()) === undefined;

  const enter = (token) => {
    const word = fold(token.toString());
    if (word.length < 2 && !/\d/.test(word)) return null;
    return [token.clone(() => word), token.clone(() => root(word))];
  };

  /* Give what to look up for a word: an exact form counts more than another of the same root. */
  const clausesOf = (word) => {
    const known = builder.invertedIndex;
    if (word in known) return { [word]: `${word}^2`, [root(word)]: `${root(word)}^1` };
    if (Object.keys(known).some((other) => other.startsWith(word))) return { [word]: word };
    return root(word) in known ? { [root(word)]: `${root(word)}^1` } : { [word]: `${word}~1` };
  };

  const understood = (query) => {
    asked = new Map();
    if (!builder || OPERATORS.test(query)) return fold(query);
    const separator = new RegExp(self.lunr.tokenizer.separator, "g");
    const words = query.split(separator).filter((word) => word && fold(word).length > 1);
    const telling = words.filter((word) => !isCommon(word));
    const clauses = new Set();
    for (const word of telling.length ? telling : words) {
      for (const [term, clause] of Object.entries(clausesOf(fold(word)))) {
        asked.set(term, word);
        clauses.add(clause);
      }
    }
    return clauses.size ? [...clauses].join(" ") : query;
  };

  /* Material shows which words a result lacks: those that were typed, not their roots. */
  const told = (item) => {
    const terms = {};
    for (const [term, found] of Object.entries(item.terms)) {
      if (asked.has(term)) terms[asked.get(term)] ||= found;
    }
    const slip = !Object.values(terms).includes(true);
    return { ...item, terms: slip ? {} : terms };
  };

  /* A word and its root stand in the same place, which must be marked once. */
  const once = (result) => {
    const seen = new Set();
    for (const fields of Object.values(result.matchData.metadata)) {
      for (const [field, found] of Object.entries(fields)) {
        found.position = found.position.filter((place) => !seen.has(field + place) && seen.add(field + place));
      }
    }
    return result;
  };

  addEventListener("message", ({ data: message }) => {
    if (message.type === SETUP) {
      const { lang, pipeline, fields } = message.data.config;
      [language] = lang;
      takesApart = pipeline.length > 0;
      if (fields.tags) fields.tags.boost = LABEL;
    }
    if (message.type === QUERY) message.data = understood(message.data);
  });

  const post = self.postMessage.bind(self);
  self.postMessage = (message) => {
    if (message.type === RESULT) message.data.items = message.data.items.map((group) => group.map(told));
    post(message);
  };

  const original = decodeURIComponent(location.search.slice(1));
  if (!/^workers\/search\.[\w.]+\.js$/.test(original)) return;
  /* Material's script looks for its languages beside the folder it stands in. */
  const load = self.importScripts.bind(self);
  self.importScripts = (...scripts) => load(...scripts.map((script) => script.replace(/^\.\.\//, "")));
  load(original);

  self.lunr.Pipeline.registerFunction(enter, "enter");
  const ref = self.lunr.Builder.prototype.ref;
  self.lunr.Builder.prototype.ref = function (name) {
    builder = this;
    this.pipeline.reset();
    this.pipeline.add(enter);
    this.searchPipeline.reset();
    ref.call(this, name);
  };
  const search = self.lunr.Index.prototype.search;
  self.lunr.Index.prototype.search = function (query) { return search.call(this, query).map(once); };
})();
