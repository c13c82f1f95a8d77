/**
 * @module
 * Fenced blocks of all pages.
 */
import { readPage } from "../../tools/docs/pages.ts";

export { pages, readPage, root } from "../../tools/docs/pages.ts";

/** One fenced block; `page` relative to the repository, `language` as written, "sh" where nothing is. */
export type Block = { page: string; line: number; language: string; text: string };

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
