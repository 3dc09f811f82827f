// Reads lines of JSON {pattern, texts} and says of each text whether it matches, as `pattern` of HTML does.
import { createInterface } from "node:readline";

for await (const line of createInterface({ input: process.stdin })) {
  const { pattern, texts } = JSON.parse(line);
  let said;
  try {
    const compiled = new RegExp(`^(?:${pattern})$`, "v");
    said = texts.map((text) => compiled.test(text));
  } catch (error) {
    said = String(error);
  }
  process.stdout.write(JSON.stringify(said) + "\n");
}
