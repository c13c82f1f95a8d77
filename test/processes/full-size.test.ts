import { afterAll, beforeAll, expect, test } from "vitest";
import { readySchema, type Segmentation, type SegmentationEvent, segmentationSchema } from "../../src/api/schemas.ts";
import { encodeTile } from "../../src/client/encode.ts";
import { segmentationForm, streamSegmentation } from "../../src/client/segment.ts";
import { cutTiles } from "../../src/client/tiles.ts";
import { generatePhantom } from "../../src/phantom/index.ts";
import { type LocalWorker, type LocalWorkerOptions, startLocalWorker } from "../../tools/local-worker.ts";
import { decodeMap } from "../../tools/report.ts";
import { type RandomBundle, randomBundle } from "../support/random-bundle.ts";

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
  bundle = await randomBundle("glam-2944x1920");
  crops = await start("simd", { FANOUT: "inline" });
  front = await start("default", { FANOUT: "https", FANOUT_URLS: crops.url.href });
});
afterAll(async () => {
  for (const worker of workers) await worker.stop();
  await bundle?.remove();
});

/** A request with a phantom in tiles, blank ones left out. */
function makeForm(bits: 8 | 16): FormData {
  const canvas = generatePhantom({ seed: 2, ...size, bits, view: "L-MLO", lesions: 2 });
  const tiles = cutTiles(canvas, tile, { skipBlank: true });
  const request = {
    view: "L-MLO" as const,
    canvas: size,
    tile,
    regions: 1,
    outputs: ["maps" as const, "contours" as const],
  };
  return segmentationForm(
    request,
    tiles.map((cut) => ({ row: cut.row, col: cut.col, ...encodeTile(cut, bits === 8 ? "jpeg" : "png") })),
  );
}

const memory = async ({ url }: LocalWorker) =>
  readySchema.parse(await (await fetch(new URL("/v1/health/ready", url))).json()).memory;

const form8 = makeForm(8);

test("a request at 2944 x 1920 is answered inside 112 MB in the isolate of either network, as JSON and as a stream", async () => {
  const events: SegmentationEvent[] = [];
  for await (const event of streamSegmentation(form8, { url: front.url })) events.push(event);
  expect(events.map(({ event }) => event)).toEqual(["accepted", "global", "region", "result"]);
  const streamed = events.at(-1)?.data as Segmentation;
  expect(streamed).toMatchObject({ status: "complete", canvas: size, regions: [{ status: "complete" }] });
  for (const name of ["benign", "malignant"] as const) {
    expect(streamed.scores[name]).toBeGreaterThan(0.05);
    expect(streamed.scores[name]).toBeLessThan(0.95);
    const map = streamed.saliency?.[name];
    const grey = map ? decodeMap(map) : new Uint8Array();
    expect(grey).toHaveLength(size.height * size.width);
    expect(new Set(grey).size).toBeGreaterThan(50);
  }

  const response = await fetch(new URL("/v1/segmentations", front.url), { method: "POST", body: makeForm(16) });
  const whole = segmentationSchema.parse(await response.json());
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
  const response = await fetch(new URL("/v1/segmentations", small.url), { method: "POST", body: form8 });
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({
    code: "out-of-memory",
    detail: expect.stringContaining("ISOLATE_LIMIT_MB"),
  });
  expect((await memory(small)).linearBytes).toBeLessThan(1e6);
}, 120_000);
