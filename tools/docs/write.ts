/**
 * @module
 * `npm run docs`: writes docs/reference.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { referencePages } from "./reference.ts";

const folder = fileURLToPath(new URL("../../docs/reference", import.meta.url));
await mkdir(folder, { recursive: true });
for (const [name, text] of Object.entries(referencePages())) await writeFile(join(folder, name), text);
