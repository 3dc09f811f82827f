/* What of the portal answers a query, the best first. It knows no page: the search's window and the tests load it.

   Each word is known twice, as it is without accents and as its root behind a mark. A whole word is looked up by both,
   an unfinished one by its beginning too, and one that nothing has by what is a slip away. Names (titles, and other
   words for a place) are known at once, and answer while texts are still being read. */
(() => {
  "use strict";

  const ROOT = "§";
  const NAME = 5;                      /* what a word in a name weighs beside one in a text */
  const NAMES = { title: 1, also: 1, address: 0.8, label: 0.25 };
  const HINT = 1.5;                    /* what a page says of itself */
  const KINDS = { page: 1.6, article: 1.4, event: 1.4, form: 1.8, term: 1.3, question: 1.2, section: 1 };
  const WHOLE = 4;                     /* a name that is just what was asked */
  const COMMON = 0.1;                  /* words such as "of" tell little, */
  const ASKING = 0.6;                  /* but tell questions apart */
  const BESIDE = 1 / 3;                /* a word that another part of the page has */
  const PREFIX = { fuzzy: 0.3, prefix: 0.5 };
  const BARE = 0.4;                    /* a word without what is written in one with it */
  const NEAR = 3;                      /* how many places are offered where nothing is found */
  const BEST = 60;                     /* results looked at for names that say just what was asked */
  const SLICE = 24;                    /* milliseconds of reading at a time: the page stays alive */
  const SHOWN = 160;                   /* characters of a text beside a result */

  const WORD = /[\p{L}\p{N}\p{M}]+(?:["'׳״](?=\p{Script=Hebrew})[\p{L}\p{N}\p{M}]+)*/gu;   /* צה״ל is one word */
  const MARKS = /[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670\u06d6-\u06ed"'׳״]/g;   /* points, the line that draws Arabic out */
  const LETTERS = { ß: "ss", ø: "o", ł: "l", đ: "d", ı: "i", æ: "ae", œ: "oe", ى: "ي", ی: "ي", ک: "ك", ة: "ه", ٱ: "ا", ך: "כ", ם: "מ", ן: "נ", ף: "פ", ץ: "צ" };
  const LETTER = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "g");
  const DIGITS = /[\u0660-\u0669\u06f0-\u06f9]/g;
  const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

  const fold = (word) => word.normalize("NFD").replace(MARKS, "").normalize("NFC")
    .replace(LETTER, (letter) => LETTERS[letter]).replace(DIGITS, (digit) => digit.charCodeAt(0) % 16);

  /* Where so many letters of a word as it is folded end in it as it is written. */
  const endOf = (word, letters) => {
    let end = 1;
    while (end < word.length && (fold(word.slice(0, end)).length < letters || /\p{M}/u.test(word[end]))) end += 1;
    return end;
  };

  /* Arabic and Hebrew write articles and short words in one with the next: what a folded word is without them. */
  const JOINED = [/^(?:[وف]?(?:[بك]?ال|لل)|[وف])(?=.{3})/u, /^[והבלכמש](?=\p{Script=Hebrew}{3})/u];
  const bare = (folded) => {
    const found = [];
    for (let word = folded, rest; found.length < 2; word = rest) {
      rest = JOINED.reduce((left, prefix) => left.replace(prefix, ""), word);
      if (rest === word) break;
      found.push(rest);
    }
    return found;
  };

  /* No stemmer is made for Hebrew: the endings of most nouns go. */
  const STEMS = { he: (word) => fold(word).replace(/^(.{3,}?)(?:ימ|ות|ה|ת)$/u, "$1") };
  const pageOf = ({ location }) => location.split("#")[0];
  const addressOf = ({ location }) => location.split(/[#/]/).filter(Boolean).pop() || "";
  const namesOf = (entry) => [entry.title || "", ...(entry.also || []), addressOf(entry)];

  /* Where a language writes without blanks the browser knows its words. A single letter says nothing. */
  const reader = (language) => {
    const segmenter = globalThis.Intl?.Segmenter && new Intl.Segmenter(language, { granularity: "word" });
    const parts = (text) => (segmenter ? [...segmenter.segment(text)].filter((part) => part.isWordLike).map((part) => part.segment) : [...text]);
    return (text) => {
      const found = [];
      for (const [word] of text.toLowerCase().normalize("NFC").matchAll(WORD)) {
        if (UNSPACED.test(word)) found.push(...parts(word));
        else if (word.length > 1 || /\p{N}/u.test(word)) found.push(word);
      }
      return found;
    };
  };

  /* A slip in a short word makes another word. */
  const slips = (word) => (word.length < 4 ? 0 : word.length < 9 ? 1 : 2);

  globalThis.searchRanking = ({ language, entries }, words = {}) => {
    const wordsOf = reader(language);
    const stem = words.stem || STEMS[language.split("-")[0]] || ((word) => word);
    const common = new Set((words.common || "").split(" ").filter(Boolean).map(fold));
    const written = new Map();         /* how each word, folded, stands somewhere */
    const known = new Map();
    const rootsOf = (word) => {
      const folded = fold(word);
      const roots = folded === word ? [stem(word)] : [stem(word), stem(folded)];
      return [...new Set(roots.map((root) => ROOT + fold(root)))];
    };
    const barely = (folded) => bare(folded).flatMap((rest) => [rest, ...rootsOf(rest)]);
    const terms = (word) => {
      if (!known.has(word)) known.set(word, [...new Set([fold(word), ...rootsOf(word), ...barely(fold(word))])]);
      const made = known.get(word);
      if (!written.has(made[0])) written.set(made[0], word);
      return made;
    };
    const telling = (typed) => typed.filter((word) => !common.has(fold(word)));
    const rootSet = (typed) => new Set(typed.map((word) => terms(word)[1]));
    const same = (one, other) => one.size > 0 && one.size === other.size && [...one].every((root) => other.has(root));

    /* What is read is given as its words: some of it is asked again. */
    const index = () => new MiniSearch({ fields: ["said"], stringifyField: (said) => said, tokenize: (said) => said, processTerm: terms });
    const names = index();
    const hints = index();
    const texts = index();
    const byLocation = new Map(entries.map((entry) => [entry.location, entry]));

    /* Each name is a document of its own: one more takes nothing from the others. */
    const named = [];
    const readNames = (entry, id) => {
      const add = (kind, said) => {
        if (!said.length) return;
        names.add({ id: named.length, said });
        named.push({ id, said, weight: NAME * NAMES[kind] });
      };
      const title = wordsOf(entry.title || "");
      add("title", title);
      (entry.also || []).forEach((name) => add("also", wordsOf(name)));
      (entry.labels || []).forEach((name) => add("label", wordsOf(name)));
      const address = wordsOf(addressOf(entry));
      const folded = new Set(title.map(fold));
      if (!address.every((word) => folded.has(word))) add("address", address);
      if (entry.description && entry.kind !== "term") hints.add({ id, said: wordsOf(entry.description) });   /* a term's text begins with it */
    };
    const readText = ({ text }, id) => { if (text) texts.add({ id, said: wordsOf(text) }); };

    /* Pages and terms first, then their parts, then the texts, a slice at a time; after each it can answer. */
    const read = async (told = () => {}) => {
      const isPart = ({ kind }) => kind === "section" || kind === "question";
      const steps = [[readNames, (entry) => !isPart(entry)], [readNames, isPart], [readText, () => true]];
      let end = performance.now() + SLICE;
      for (const [step, fits] of steps) {
        for (const [id, entry] of entries.entries()) {
          if (fits(entry)) step(entry, id);
          if (performance.now() > end) {
            await new Promise((resolve) => { setTimeout(resolve); });
            end = performance.now() + SLICE;
          }
        }
        told();
      }
    };

    const asked = (query) => {
      const typed = wordsOf(query);
      const isOpen = /[\p{L}\p{N}\p{M}]$/u.test(query);
      const found = typed.map((word, place) => {
        const folded = fold(word);
        return { folded, roots: rootsOf(word), less: barely(folded), isOpen: isOpen && place === typed.length - 1, isCommon: common.has(folded), meant: new Map() };
      });
      return found.every((word) => word.isCommon) ? found.map((word) => ({ ...word, isCommon: false })) : found;
    };

    const as = { tokenize: (text) => [text], processTerm: (term) => term };
    const look = (query, told = () => {}) => {
      const found = new Map();
      for (const result of names.search(query)) {
        const { id, weight } = named[result.id];
        found.set(id, Math.max(found.get(id) || 0, result.score * weight));
        told(result);
      }
      for (const [part, weight] of [[hints, HINT], [texts, 1]]) {
        for (const result of part.search(query)) {
          found.set(result.id, (found.get(result.id) || 0) + result.score * weight);
          told(result);
        }
      }
      return found;
    };

    /* Give the weight of a word in each entry that has it, or what is meant by it. */
    const weights = (word) => {
      const { folded, roots, less, isOpen, isCommon } = word;
      const queries = [folded, ...roots].map((term) => ({ ...as, queries: [term] }));
      if (less.length) queries.push({ ...as, queries: less, boostTerm: () => BARE });
      word.isBeginning = !isCommon && folded.length > 1 && (isOpen || !written.has(folded));
      if (word.isBeginning) queries.push({ ...as, queries: [folded, ...bare(folded)], prefix: true, weights: PREFIX });
      const found = look({ combineWith: "OR", queries });
      if (found.size || isCommon || !slips(folded)) return found;
      return look({ ...as, queries: [folded], fuzzy: slips(folded) }, (result) => {
        for (const term of result.terms) {
          if (!term.startsWith(ROOT)) word.meant.set(term, Math.max(word.meant.get(term) || 0, result.score));
        }
      });
    };

    /* A page with its sections is one result; a term and a question answer by themselves. */
    const grouped = (results) => {
      const groups = new Map();
      for (const result of results) {
        const { kind, location } = result.entry;
        const key = kind === "term" || kind === "question" ? location : pageOf(result.entry);
        if (!groups.has(key)) groups.set(key, []);
        groups.get(key).push(result);
      }
      return [...groups.values()];
    };

    /* Give each part of a text, and whether it is what was asked for. */
    const marking = (asking) => (text) => {
      const parts = [];
      let done = 0;
      for (const found of text.matchAll(WORD)) {
        const word = found[0].toLowerCase().normalize("NFC");
        const folded = fold(word);
        let length = 0;
        for (const { folded: typed, roots, less, isBeginning, meant } of asking) {
          const wanted = [typed, ...roots, ...less];
          if (isBeginning && folded.startsWith(typed)) length = Math.max(length, endOf(found[0], typed.length));
          else if (meant.has(folded) || terms(word).some((term) => wanted.includes(term) || (isBeginning && term.startsWith(typed)))) length = found[0].length;
        }
        if (!length) continue;
        if (found.index > done) parts.push([text.slice(done, found.index), false]);
        parts.push([found[0].slice(0, length), true]);
        done = found.index + length;
      }
      if (done < text.length) parts.push([text.slice(done), false]);
      return parts;
    };

    /* Give the part of a text that shows what was asked for, or how it begins. */
    const excerpt = (text, marked) => {
      let at = 0;
      for (const [part, isHit] of marked(text)) {
        if (isHit) break;
        at += part.length;
      }
      if (at >= text.length || at + 20 < SHOWN) at = 0;
      const start = at ? text.lastIndexOf(" ", Math.max(0, at - 50)) + 1 : 0;
      const end = text.length > start + SHOWN ? text.lastIndexOf(" ", start + SHOWN) : text.length;
      return `${start ? "… " : ""}${text.slice(start, end > start ? end : start + SHOWN)}${end < text.length ? " …" : ""}`;
    };

    const better = (one, other) => other.score - one.score || (one.entry.location < other.entry.location ? -1 : 1);

    /* Tell how much a name of an entry says just what was asked: of two, one has more of the small words, as in "where
       they work" and "who they work with". */
    const wholeness = (query) => {
      const typed = wordsOf(query);
      const [all, wanted] = [typed, telling(typed)].map(rootSet);
      const share = (name) => {
        const said = wordsOf(name);
        if (!same(wanted, rootSet(telling(said)))) return 0;
        const roots = rootSet(said);
        return [...all].filter((root) => roots.has(root)).length / all.size;
      };
      return (entry) => Math.max(...namesOf(entry).map(share));
    };

    /* Give the results of a query, grouped; what was meant by words that nothing has; what marks them in a text. */
    const find = (query) => {
      const asking = asked(query);
      const looked = asking.filter((word) => !word.isCommon);
      const found = new Map();
      const onPage = new Map();
      asking.forEach((word, place) => {
        for (const [id, weight] of weights(word)) {
          const entry = entries[id];
          if (!found.has(id)) found.set(id, { score: 0, has: new Set() });
          const item = found.get(id);
          if (word.isCommon) {
            item.score += weight * (entry.kind === "question" ? ASKING : COMMON);
          } else {
            item.score += weight;
            item.has.add(place);
            if (!onPage.has(pageOf(entry))) onPage.set(pageOf(entry), new Set());
            onPage.get(pageOf(entry)).add(place);
          }
        }
      });
      const results = [];
      for (const [id, { score, has }] of found) {
        if (!has.size) continue;
        const entry = entries[id];
        const share = (has.size + (onPage.get(pageOf(entry)).size - has.size) * BESIDE) / looked.length;
        results.push({ entry, id, score: score * share ** 2 * KINDS[entry.kind || "section"] });
      }
      results.sort(better);
      const best = results.slice(0, BEST);
      const whole = wholeness(query);
      for (const result of best) result.score *= 1 + (WHOLE - 1) * whole(result.entry);
      best.sort(better);
      results.splice(0, best.length, ...best);
      const meant = looked.filter((word) => word.meant.size).map(({ meant: terms }) => {
        const [best] = [...terms].sort((one, other) => other[1] - one[1])[0];
        return written.get(best) || best;
      });
      const marked = marking(looked);
      return { groups: grouped(results), meant, marked, excerpt: (text) => excerpt(text, marked) };
    };

    /* Give the places whose names come nearest to a query that finds nothing. */
    const near = (query) => {
      const found = new Map();
      for (const { folded } of asked(query).filter((word) => word.folded.length > 2)) {
        const beginning = folded.slice(0, Math.max(3, Math.floor(folded.length / 2)));
        const queries = [{ ...as, queries: [folded], fuzzy: 0.4, maxFuzzy: 3 }, { ...as, queries: [beginning], prefix: true }];
        for (const { id, score, terms: matched } of names.search({ combineWith: "OR", queries })) {
          if (matched.every((term) => term.startsWith(ROOT))) continue;
          const { id: entry, weight } = named[id];
          found.set(entry, Math.max(found.get(entry) || 0, score * weight * KINDS[entries[entry].kind || "section"]));
        }
      }
      return [...found].sort((one, other) => other[1] - one[1]).slice(0, NEAR).map(([id]) => entries[id]);
    };

    return { find, near, read, pageOf: (entry) => byLocation.get(pageOf(entry)) };
  };
})();
