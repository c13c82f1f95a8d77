import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { segmentationSchema } from "../../src/contract/index.ts";
import { encodeTile } from "../../src/device/client/encode.ts";
import { segment } from "../../src/device/client/index.ts";
import { bundleClient, type ClientBuild } from "../../tools/package/bundle-client.ts";
import { type BareWorker, convertV4MiniflareOptions, Miniflare, startBareWorker } from "../support/bare-worker.ts";
import { runInMeagreRuntime } from "../support/meagre-runtime.ts";
import { olderNode } from "../support/older-node.ts";
import { tinyCanvas } from "../support/tiny-image.ts";

const image = { ...tinyCanvas(16, 2), bits: 16 };
const file = encodeTile(image, "png").bytes;
let worker: BareWorker;
let folder: string;
let built: ClientBuild;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "glam-client-"));
  built = await bundleClient(folder);
  worker = await startBareWorker({ FANOUT: "inline", DEADLINE_MS: "300000" });
});
afterAll(async () => {
  await worker.stop();
  await rm(folder, { recursive: true });
});

/** What the client says in this process, from its source, of the same file. */
async function expected(): Promise<object> {
  const { answer } = await segment(image, { url: worker.url, view: "R-CC", chestWall: "left", model: "glam-tiny" });
  return { ...answer, id: expect.any(String) };
}

test("it is small, imports nothing, and holds neither the schemas' validator nor anything of Node", async () => {
  expect(built.gzipped).toBeLessThan(44_000);
  const foreign = built.inputs.filter((path) => /zod|hono|^src\/api\//.test(path));
  expect(foreign).toEqual([]);
  const code = await readFile(built.file, "utf8");
  expect(code).not.toMatch(/\bimport\s*[("'{*]|\brequire\(|["']node:|\bprocess\.|__dirname|\bglobal\./);
});

/** Runs the client with this Node. */
async function answerOf(node: string): Promise<unknown> {
  const script = `
    import { readFile } from "node:fs/promises";
    import { segment } from "./client.js";
    const [file, url] = process.argv.slice(2);
    const { answer } = await segment(await readFile(file), { url, view: "R-CC", chestWall: "left", model: "glam-tiny" });
    console.log(JSON.stringify(answer));`;
  await writeFile(join(folder, "run.mjs"), script);
  await writeFile(join(folder, "image.png"), file);
  const { stdout } = await promisify(execFile)(node, ["run.mjs", "image.png", worker.url.href], { cwd: folder });
  return segmentationSchema.parse(JSON.parse(stdout));
}

test("plain Node runs it, and the answer is the same", async () => {
  expect(await answerOf(process.execPath)).toEqual(await expected());
});

test.skipIf(olderNode === undefined)(`so does the machine's own, older Node (${olderNode?.version})`, async () => {
  expect(await answerOf(olderNode?.path ?? "")).toEqual(await expected());
});

test("a Worker without any compatibility flag runs it, and the answer is the same", async () => {
  const script = `
    import { segment, segmentExam } from "./client.js";
    export default {
      async fetch(request, env) {
        const options = { url: env.SERVICE, chestWall: "left", model: "glam-tiny" };
        const bytes = await request.arrayBuffer();
        const events = [];
        const run = segment(new Blob([bytes]), { ...options, view: "R-CC", upload: "resumable" });
        for await (const { event } of run) events.push(event);
        const { breasts } = await segmentExam({ "R-CC": bytes }, options);
        return Response.json({ answer: (await run).answer, events, breasts });
      },
    };`;
  const runner = new Miniflare(
    convertV4MiniflareOptions({
      modules: [
        { type: "ESModule", path: "runner.js", contents: script },
        { type: "ESModule", path: "client.js", contents: await readFile(built.file, "utf8") },
      ],
      compatibilityDate: "2026-11-01",
      bindings: { SERVICE: worker.url.href },
    }),
  );
  try {
    const response = await fetch(await runner.ready, { method: "POST", body: file });
    const { answer, events, breasts } = (await response.json()) as Record<string, unknown>;
    expect(answer).toEqual(await expected());
    expect(events).toEqual(
      expect.arrayContaining(["preprocessed", "uploading", "accepted", "global", "region", "result"]),
    );
    expect(breasts).toMatchObject({ right: { views: ["R-CC"] } });
  } finally {
    await runner.dispose();
  }
});

test.each(["direct", "resumable"])("a runtime as meagre as React Native runs it: %s", async (upload) => {
  const script = `
    const options = { url, view: "R-CC", chestWall: "left", model: "glam-tiny", upload };
    const events = [];
    const run = client.segment(Uint8Array.from(bytes), options);
    for await (const { event } of run) events.push(event);
    const { answer, preprocessed } = await run;
    const map = client.mapToSource(client.decodeMap(answer.saliency.benign), preprocessed, { height: 128, width: 96 });
    return JSON.stringify({ answer, events, cells: map.length });`;
  const values = { url: worker.url.href, upload, bytes: [...file] };
  const result: unknown = JSON.parse(String(await runInMeagreRuntime(built.file, script, values)));
  expect(result).toMatchObject({ answer: await expected(), cells: 128 * 96 });
  expect((result as { events: string[] }).events).not.toContain("region");
});
