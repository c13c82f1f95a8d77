/**
 * @module
 * The rooms of `src` as docs/architecture.md draws them, compared with the imports. Type imports count.
 */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = await readFile(resolve(root, "docs/architecture.md"), "utf8");

/** Files below a folder that are no tests, from the root on. */
async function sources(folder: string): Promise<string[]> {
  const entries = await readdir(resolve(root, folder), { recursive: true });
  return entries.filter((path) => /(?<!\.test|\.d)\.tsx?$/.test(path)).map((path) => `${folder}/${path}`);
}

/** Files that a file imports by a relative path, from the root on. */
async function importsOf(path: string): Promise<string[]> {
  const code = await readFile(resolve(root, path), "utf8");
  const found = code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/g);
  return Array.from(found, ([, name]) => relative(root, resolve(root, dirname(path), name)));
}

const files = await sources("src");
const imports = new Map(await Promise.all(files.map(async (path) => [path, await importsOf(path)] as const)));

/** `src/edge/api/app.ts` is in the room `edge`, `src/worker.ts` is the room `worker`. */
const roomOf = (path: string): string => path.split("/")[1].replace(/\.ts$/, "");

/** Arrows of the n-th drawing. */
function drawing(n: number): string[] {
  const block = [...page.matchAll(/```mermaid\n([\s\S]*?)```/g)][n]?.[1] ?? "";
  return Array.from(block.matchAll(/^ *(\S+) --> (\S+)$/gm), ([, from, to]) => `${from} --> ${to}`);
}

test("the rooms import each other as drawn, and no arrow is drawn that no import needs", () => {
  const found = new Set<string>();
  for (const [path, targets] of imports) {
    for (const target of targets.filter((one) => one.startsWith("src/"))) {
      if (roomOf(path) !== roomOf(target)) found.add(`${roomOf(path)} --> ${roomOf(target)}`);
    }
  }
  expect([...found].sort()).toEqual(drawing(0).sort());
});

test("nothing in src imports what is built around it", () => {
  const outside = [...imports].flatMap(([path, targets]) =>
    targets.filter((one) => !/^(src|wasm\/dist)\//.test(one)).map((one) => `${path} --> ${one}`),
  );
  expect(outside).toEqual([]);
});

test("the page uses the device's side only", async () => {
  const rooms = new Set<string>();
  for (const path of await sources("page")) {
    for (const target of await importsOf(path)) if (target.startsWith("src/")) rooms.add(roomOf(target));
  }
  expect([...rooms].sort()).toEqual(["contract", "device", "glam", "phantom"]);
});

test("no import runs in a circle", () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, way: string[]): void => {
    if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(" --> "));
    if (done.has(path) || way.includes(path)) return;
    for (const target of imports.get(path) ?? []) visit(target, [...way, path]);
    done.add(path);
  };
  for (const path of files) visit(path, []);
  expect(circles).toEqual([]);
});

test("each arrow of a request's way is an import", () => {
  const way = drawing(1);
  expect(way.length).toBeGreaterThan(15);
  for (const arrow of way) {
    const [from, to] = arrow.split(" --> ").map((name) => `src/${name}`);
    expect([arrow, imports.get(from)?.includes(to)]).toEqual([arrow, true]);
  }
});

test("every room and file that the page names is there", () => {
  const named = Array.from(page.matchAll(/`(src\/[\w./-]+)`/g), ([, path]) => path);
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((path) => !existsSync(resolve(root, path)))).toEqual([]);
  const rooms = new Set(files.map(roomOf));
  const drawn = new Set(Array.from(page.matchAll(/^\| `src\/(\w+)(?:\.ts)?` \|/gm), ([, room]) => room));
  expect([...drawn].sort()).toEqual([...rooms].sort());
});
