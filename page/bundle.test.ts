import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { bundlePage } from "./bundle.ts";

describe("the page's files", () => {
  let built: Awaited<ReturnType<typeof bundlePage>>;
  beforeAll(async () => {
    built = await bundlePage();
  });
  const gzipped = (names: Iterable<string>) =>
    [...names].reduce((sum, name) => sum + gzipSync(built.files.get(name) ?? "").length, 0);

  test("what a first visit loads stays below 300 kB gzipped; DICOM and codecs come later", () => {
    const first = gzipped(built.first);
    const later = gzipped([...built.files.keys()].filter((name) => !built.first.includes(name)));
    console.info(`first visit ${(first / 1000).toFixed(1)} kB gzipped, on demand ${(later / 1000).toFixed(1)} kB`);
    expect(built.first).toContain("index.html");
    expect(first).toBeGreaterThan(10_000);
    expect(first).toBeLessThan(300_000);
    expect(later).toBeGreaterThan(100_000);
  });

  test("names carry a hash, so that they may be kept for ever, and equal sources give equal names", async () => {
    for (const name of built.files.keys()) {
      if (name !== "index.html") expect(name).toMatch(/^[a-z0-9-]+-[A-Z0-9]{8}\.(?:js|css|svg|png)$/);
    }
    expect([...(await bundlePage()).files.keys()]).toEqual([...built.files.keys()]);
  });

  test("the document has no script or style of its own", () => {
    const document = new TextDecoder().decode(built.files.get("index.html"));
    expect(document).not.toMatch(/<script(?![^>]* src=)|<style| style=|\{\{/);
  });

  test("nothing is compiled from text: the policy would forbid it", () => {
    for (const [name, contents] of built.files) {
      if (name.endsWith(".js"))
        expect(new TextDecoder().decode(contents), name).not.toMatch(/\bnew Function\(|[^.\w]eval\(/);
    }
  });
});
