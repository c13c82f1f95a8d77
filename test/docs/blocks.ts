/**
 * @module
 * Fenced blocks of the README and of everything in docs/.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** One fenced block; `page` relative to the repository, `language` as written, "sh" where nothing is. */
export type Block = { page: string; line: number; language: string; text: string };

/** README.md and docs/**\/*.md. */
export const pages: string[] = [
  "README.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => `docs/${path}`)
    .sort(),
];

export const readPage = (page: string): string => readFileSync(join(root, page), "utf8");

export function blocksOf(page: string): Block[] {
  const text = readPage(page);
  return [...text.matchAll(/^```([a-z]*)\n(.*?)^```$/gms)].map(({ 1: language, 2: body, index }) => ({
    page,
    line: text.slice(0, index).split("\n").length,
    language: language || "sh",
    text: body,
  }));
}

/** Single commands of a shell block: continued lines joined, comments gone, `a && b` in two. */
export const commandsOf = (text: string): string[] =>
  text
    .replaceAll(/\\\n\s*/g, " ")
    .split("\n")
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .flatMap((line) => line.split(/\s&&\s|;\s/))
    .filter((line) => line !== "");
