/**
 * @module
 * `npm run docs`: writes the pages that are made from the source, and fills the prose of all pages to one width.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { madePages } from "./made-pages.ts";
import { pages, readPage, root } from "./pages.ts";
import { wrapMarkdown } from "./wrap.ts";

const made = madePages();
for (const [path, text] of Object.entries(made)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
for (const path of pages.filter((one) => !(one in made))) {
  const text = readPage(path);
  const filled = wrapMarkdown(text);
  if (filled !== text) writeFileSync(join(root, path), filled);
}
