// Makes the one file in which the desk opens what is sealed, and its licences, out of the pinned packages:
//   node tests/web/age.mjs forms_server/desk/assets
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const [folder] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const packages = [
  "age-encryption",
  "@noble/ciphers",
  "@noble/curves",
  "@noble/hashes",
  "@noble/post-quantum",
  "@scure/base",
];
const read = (name, file) => readFileSync(join(here, "node_modules", name, file), "utf-8");
const named = packages.map((name) => `${name} ${JSON.parse(read(name, "package.json")).version}`);

const { metafile } = await build({
  stdin: { contents: 'export { Decrypter } from "age-encryption";', resolveDir: here },
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  legalComments: "none",
  banner: { js: `/*! ${named.join(", ")}; licences: age.LICENSE.txt; made by tests/web/age.mjs */` },
  outfile: resolve(folder, "age.min.js"),
  absWorkingDir: here,
  metafile: true,
});

const bundled = Object.keys(metafile.inputs).filter((file) => file !== "<stdin>");
const unknown = bundled.filter((file) => !packages.some((name) => file.startsWith(`node_modules/${name}/`)));
if (unknown.length) throw new Error(`whose licence is not kept: ${unknown.join(", ")}`);

const licences = packages.map((name, at) => `${"=".repeat(72)}\n${named[at]}\n\n${read(name, "LICENSE").trim()}\n`);
writeFileSync(
  join(folder, "age.LICENSE.txt"),
  `age.min.js is made by tests/web/age.mjs of these packages, as npm has them.\n\n${licences.join("\n")}`,
);
