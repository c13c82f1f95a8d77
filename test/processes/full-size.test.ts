import { afterAll, beforeAll, expect, test } from "vitest";
import { tileName } from "../../src/contract/grid.ts";
import { readySchema, segmentationSchema } from "../../src/contract/index.ts";
import { encodeTiles } from "../../src/device/client/encode-tiles.ts";
import { decodeMap, segmentCanvas } from "../../src/device/client/index.ts";
import { jsonBytes, multipartForm } from "../../src/device/client/multipart.ts";
import { generatePhantom } from "../../src/phantom/index.ts";
import { type LocalWorker, type LocalWorkerOptions, startLocalWorker } from "../../tools/local-worker.ts";
import { type RandomBundle, randomBundle } from "../support/random-bundle.ts";
import { readSpec } from "../support/specs.ts";

/** What networks and buffers of one isolate may have together, in bytes. */
const budget = 112e6;
const FANOUT_TOKEN = "a-secret-for-this-test-only";
const size = { height: 2944, width: 1920 };
const tile = { height: 512, width: 512 };
const workers: LocalWorker[] = [];
let bundle: RandomBundle;
/** The default Worker with the global network, and the one without onnxruntime-web with the local network. */
let front: LocalWorker;
let crops: LocalWorker;

async function start(build: LocalWorkerOptions["build"], vars: Record<string, string>): Promise<LocalWorker> {
  const patience = { DEADLINE_MS: "300000", CROP_DEADLINE_MS: "120000" };
  const worker = await startLocalWorker({ model: bundle.folder, build, vars: { ...patience, FANOUT_TOKEN, ...vars } });
  workers.push(worker);
  return worker;
}

beforeAll(async () => {
  bundle = await randomBundle(readSpec("glam-2944x1920"));
  crops = await start("simd", { FANOUT: "inline" });
  front = await start("default", { FANOUT: "https", FANOUT_URLS: crops.url.href });
});
afterAll(async () => {
  for (const worker of workers) await worker.stop();
  await bundle?.remove();
});

const phantom = (bits: 8 | 16) => generatePhantom({ seed: 2, ...size, bits, view: "L-MLO", lesions: 2 });

/** A phantom in tiles as one plain request. */
async function post({ url }: LocalWorker, bits: 8 | 16): Promise<Response> {
  const tiles = await encodeTiles(phantom(bits), tile, bits === 8 ? "jpeg" : "png", undefined);
  const request = { view: "L-MLO", canvas: size, tile, regions: 1 };
  const { body, type } = multipartForm([
    { name: "request", type: "application/json", bytes: jsonBytes(request) },
    ...tiles.map(({ row, col, bytes, type }) => ({ name: tileName(row, col), type, bytes })),
  ]);
  return fetch(new URL("/v1/segmentations", url), { method: "POST", headers: { "content-type": type }, body });
}

const memory = async ({ url }: LocalWorker) =>
  readySchema.parse(await (await fetch(new URL("/v1/health/ready", url))).json()).memory;

test("a request at 2944 x 1920 is answered inside 112 MB in the isolate of either network, as JSON and as a stream", async () => {
  const events: string[] = [];
  const options = { url: front.url, retries: 0, upload: "direct" } as const;
  const run = segmentCanvas({ canvas: phantom(8) }, { view: "L-MLO", regions: 1 }, options);
  for await (const { event } of run) events.push(event);
  expect(events.filter((event) => event !== "uploading")).toEqual(["accepted", "global", "region"]);
  const streamed = await run;
  expect(streamed).toMatchObject({ status: "complete", canvas: size, regions: [{ status: "complete" }] });
  for (const name of ["benign", "malignant"] as const) {
    expect(streamed.scores[name]).toBeGreaterThan(0.05);
    expect(streamed.scores[name]).toBeLessThan(0.95);
    const map = streamed.saliency?.[name];
    const grey = map ? decodeMap(map) : new Uint8Array();
    expect(grey).toHaveLength(size.height * size.width);
    expect(new Set(grey).size).toBeGreaterThan(50);
  }

  const whole = segmentationSchema.parse(await (await post(front, 16)).json());
  expect(whole).toMatchObject({ status: "complete", bits: 16, regions: [{ status: "complete" }] });
  // The same phantom, without JPEG.
  expect(whole.scores.malignant).toBeCloseTo(streamed.scores.malignant, 1);

  for (const worker of [front, crops]) {
    const { linearBytes, peakBytes, bufferBytes, isolateLimitBytes } = await memory(worker);
    expect(linearBytes).toBeGreaterThan(worker === front ? 30e6 : 60e6);
    expect(peakBytes).toBeGreaterThan(linearBytes);
    expect(peakBytes).toBeLessThanOrEqual(budget);
    expect(isolateLimitBytes).toBeLessThanOrEqual(budget);
    expect(bufferBytes).toBe(0);
  }
}, 300_000);

test("a Worker in which it cannot fit says so before it computes anything", async () => {
  const small = await start("simd", { FANOUT: "inline", ISOLATE_LIMIT_MB: "48" });
  const response = await post(small, 8);
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({
    code: "out-of-memory",
    detail: expect.stringContaining("ISOLATE_LIMIT_MB"),
  });
  expect((await memory(small)).linearBytes).toBeLessThan(1e6);
}, 120_000);
