import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { records } from "./decisions.ts";
import { madePages } from "./made-pages.ts";
import { pages, readPage, root } from "./pages.ts";
import { wrapMarkdown } from "./wrap.ts";

const written = pages.filter((path) => !(path in madePages()));
const words = (text: string): number => text.split(/\s+/).filter((word) => word !== "").length;

test("the prose of every page is filled to one width: npm run docs does it", () => {
  expect(written.filter((path) => wrapMarkdown(readPage(path)) !== readPage(path))).toEqual([]);
});

test("no page is longer than 1,500 words, the README not longer than 700", () => {
  const long = written.filter((path) => words(readPage(path)) > (path === "README.md" ? 700 : 1500));
  expect(long.map((path) => `${path}: ${words(readPage(path))}`)).toEqual([]);
});

test("every page of docs/ says first whom it is for", () => {
  const silent = written
    .filter((path) => path.startsWith("docs/") && !records.includes(path))
    .filter((path) => !/^# .+\n\nFor (?:whoever|those|everybody)\b/.test(readPage(path)));
  expect(silent).toEqual([]);
});

test("a block of code begins at the start of a line, where the documentation's tests find it", () => {
  expect(pages.filter((path) => /^[ \t]+```/m.test(readPage(path)))).toEqual([]);
});

test("decision records are numbered without gaps, short, and have the four parts", () => {
  expect(records.map((path) => Number(path.slice("docs/decisions/".length).slice(0, 4)))).toEqual(
    records.map((_, i) => i + 1),
  );
  const parts = ["## Context", "## Decision", "## Measured on", "## What would change it"];
  const wrong = records.filter((path) => {
    const text = readPage(path);
    const headings = text.match(/^## .+$/gm) ?? [];
    return headings.join() !== parts.join() || text.trimEnd().split("\n").length > 40;
  });
  expect(wrong).toEqual([]);
});

test("a record that is superseded says by what, and the other one says so as well", () => {
  const standing = (path: string) => readPage(path).split("## Context")[0];
  for (const path of records) {
    const successor = /Superseded by \[\d{4}\]\(([^)]+)\)/.exec(standing(path))?.[1];
    if (successor === undefined) continue;
    const [, claims = ""] = standing(`docs/decisions/${successor}`).split("Supersedes");
    expect(claims).toContain(`[${path.slice("docs/decisions/".length).slice(0, 4)}]`);
  }
});

test("docs/README.md leads to every page of docs/ but the records, which have an index of their own", () => {
  const index = readPage("docs/README.md");
  const lost = pages
    .filter((path) => path.startsWith("docs/") && path !== "docs/README.md" && !records.includes(path))
    .filter((path) => !index.includes(`](${path.replace("docs/", "")})`));
  expect(lost).toEqual([]);
});

/** The anchor of a heading, as GitHub makes it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");

const anchors = (path: string): string[] =>
  Array.from(readPage(path).matchAll(/^#+ (.+)$/gm), ([, heading]) => anchorOf(heading));

test("every link within the repository leads to a file, and to a heading of it", () => {
  const broken = pages.flatMap((path) =>
    Array.from(readPage(path).matchAll(/\]\((?!https?:)([^)\s]+)/g), ([, target]) => target)
      .filter((target) => {
        const [file, anchor] = target.split("#");
        const aim = file === "" ? path : join(dirname(path), file);
        if (!existsSync(join(root, aim))) return true;
        return anchor !== undefined && aim.endsWith(".md") && !anchors(aim).includes(anchor);
      })
      .map((target) => `${path}: ${target}`),
  );
  expect(broken).toEqual([]);
});
