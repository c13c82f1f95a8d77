/** Preprocessing in a Web Worker of a page, from the built client. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeTile } from "../../src/device/client/encode.ts";
import { preprocess } from "../../src/device/preprocess/index.ts";
import { bundleClient } from "../../tools/package/bundle-client.ts";
import { launchBrowser, noBrowser } from "../support/browser.ts";
import { readSpec } from "../support/specs.ts";
import { tinyCanvas } from "../support/tiny-image.ts";

if (noBrowser) console.warn(`skipped: ${noBrowser}`);

const spec = readSpec("glam-tiny");
const image = { ...tinyCanvas(8, 2), bits: 8 };
const options = { view: "R-CC", chestWall: "right", pixelSpacing: 0.8 } as const;

const files: Record<string, string> = {
  "/worker.js": 'import { servePreprocessing } from "./client.js"; servePreprocessing(self);',
  "/broken.js": "throw new Error('broken');",
  "/": `<!doctype html><title>worker</title><script type="module">
    import { preprocessInWorker } from "./client.js";
    const make = (name) => preprocessInWorker(new Worker(new URL(name, location.href), { type: "module" }));
    globalThis.judge = async (bytes, spec, options) => {
      const { canvas, toSource } = await make("./worker.js")(new Uint8Array(bytes), spec, options);
      const failed = await make("./broken.js")(new Uint8Array(bytes), spec, options).catch(({ code }) => code);
      return { pixels: [...canvas.pixels], at: toSource(3, 4), failed };
    };</script>`,
};
let folder: string;
const server = createServer(({ url = "" }, response) => {
  response.setHeader("Content-Type", url.endsWith(".js") ? "text/javascript" : "text/html").end(files[url] ?? "");
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "glam-worker-"));
  files["/client.js"] = await readFile((await bundleClient(folder)).file, "utf8");
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

test.skipIf(noBrowser !== undefined)("a page's worker makes the canvas that this process makes", async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const input = { bytes: [...encodeTile(image, "png").bytes], spec, options };
    const result = await page.evaluate(
      ({ bytes, spec, options }) =>
        (globalThis as unknown as { judge(...values: unknown[]): Promise<unknown> }).judge(bytes, spec, options),
      input,
    );
    const { canvas, toSource } = preprocess(image, spec, options);
    expect(result).toEqual({ pixels: [...canvas.pixels], at: toSource(3, 4), failed: "internal-error" });
  } finally {
    await browser.close();
  }
});
