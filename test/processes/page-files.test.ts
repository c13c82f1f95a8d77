/** The page's files over HTTP: what they are allowed to do, how long they are kept, and that nothing else is served. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { problemSchema } from "../../src/contract/index.ts";
import { type BareWorker, startBareWorker } from "../support/bare-worker.ts";

let worker: BareWorker;
beforeAll(async () => {
  worker = await startBareWorker({});
});
afterAll(() => worker.stop());

const get = (path: string, init?: RequestInit) => fetch(new URL(path, worker.url), init);

test("the document is checked again each time, and may load nothing from elsewhere", async () => {
  const response = await get("/");
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^text\/html/);
  expect(response.headers.get("cache-control")).toBe("no-cache");
  const policy = response.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(response.headers.get("referrer-policy")).toBe("no-referrer");
  expect(response.headers.get("x-frame-options")).toBe("DENY");
  const document = await response.text();
  expect(document).toContain("Research use only");
  expect(document).not.toMatch(/<script(?![^>]* src=)|<style| style=| on[a-z]+=/);
  const etag = response.headers.get("etag");
  expect(etag).toBeTruthy();
  expect((await get("/", { headers: { "if-none-match": etag ?? "" } })).status).toBe(304);
  expect((await get("/", { method: "HEAD" })).status).toBe(200);
  expect((await get("/", { method: "POST" })).status).toBe(405);
});

test("every file that the document names is there, for ever, under the same policy", async () => {
  const document = await (await get("/")).text();
  const paths = [...document.matchAll(/"(\/page\/[^"]+)"/g)].map(([, path]) => path);
  expect(paths.length).toBe(4);
  for (const path of paths) {
    const response = await get(path);
    expect(response.status, path).toBe(200);
    expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(response.headers.get("content-type")).toMatch(/^(?:text\/javascript|text\/css|image\/svg\+xml)/);
    await response.body?.cancel();
  }
});

test.each([
  "/page/",
  "/page/index.html",
  "/page/app.js",
  "/page/app-AAAAAAAA.js",
  "/page/..%2fmodels%2findex.json",
  "/page/%2e%2e/models/index.json",
  "/models/index.json",
  "/models/glam-tiny/global.onnx",
  "/favicon.ico",
  "/index.html",
])("%s is a problem document", async (path) => {
  const response = await get(path);
  expect(response.status).toBe(404);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(problemSchema.parse(await response.json()).code).toBe("not-found");
});
