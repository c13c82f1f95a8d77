/**
 * @module
 * Every page of prose in the repository.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Pages outside of docs/. */
const others = [
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"],
  ...["samples/README.md", "packages/cli/README.md"],
].filter((path) => existsSync(join(root, path)));

/** Paths from the root on. */
export const pages: readonly string[] = [
  ...others,
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => `docs/${path}`)
    .sort(),
];

export const readPage = (path: string): string => readFileSync(join(root, path), "utf8");
