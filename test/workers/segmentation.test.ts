import { env, exports } from "cloudflare:workers";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { decode } from "fast-png";
import { describe, expect, test } from "vitest";
import {
  type ProbabilityMap,
  readySchema,
  type SegmentationEvent,
  segmentationEventSchema,
  segmentationSchema,
} from "../../src/contract/index.ts";
import { type Env, isolateServices } from "../../src/edge/isolate.ts";
import type { Canvas } from "../../src/glam/contracts.ts";
import { wholeMap } from "../../src/glam/fused-map.ts";
import { type SegmentationResult, segment } from "../../src/glam/pipeline.ts";
import { tinyCanvas, tinyForm, tinyImageForm } from "../support/tiny-image.ts";

const url = "https://glam.example/v1/segmentations";

/** The pure pipeline on the same pixels and networks, without HTTP, tiles or fan-out. */
async function pureResult(canvas: Canvas, regions: number): Promise<SegmentationResult> {
  const { registry } = isolateServices(env as Env);
  const { spec } = await registry.manifest("glam-tiny");
  const local = await registry.localNetwork("glam-tiny");
  const globalNetwork = await registry.globalNetwork("glam-tiny");
  const segmentCrop = async (crop: Parameters<Parameters<typeof segment>[1]["segmentCrop"]>[0]) => local.run(crop);
  for await (const event of segment(canvas, { spec, globalNetwork, segmentCrop, regions })) {
    if (event.type === "result") return event;
  }
  throw new Error("no result");
}

/** Grey levels of a map in an answer, and those that a map must have. */
const pixelsOf = (map: ProbabilityMap | undefined): number[] => [
  ...decode(
    Uint8Array.from(atob(map?.data ?? ""), (char) => char.charCodeAt(0)),
    { checkCrc: true },
  ).data,
];
const grey = (values: Float32Array): number[] => Array.from(values, (p) => Math.round(p * 255));

async function post(form: FormData, headers: Record<string, string> = {}): Promise<Response> {
  const response = await exports.default.fetch(new Request(url, { method: "POST", body: form, headers }));
  expect(response.status).toBe(200);
  return response;
}

describe("POST /v1/segmentations in workerd", () => {
  test.each([
    ["tiles of 8-bit PNG", 8, (canvas: Canvas) => tinyForm(canvas, "png", { regions: 3 })],
    ["tiles of 16-bit PNG", 16, (canvas: Canvas) => tinyForm(canvas, "png", { regions: 3 })],
    ["one 16-bit PNG without any size", 16, (canvas: Canvas) => tinyImageForm(canvas, "png", { regions: 3 })],
  ] as const)("%s: the answer is the pure pipeline's", async (_, bits, form) => {
    const canvas = tinyCanvas(bits, 3);
    const answer = segmentationSchema.parse(await (await post(form(canvas))).json());
    const pure = await pureResult(canvas, 3);
    expect(answer).toMatchObject({
      status: "complete",
      bits,
      failedRegions: [],
      warnings: [],
      canvas: { height: 128, width: 96 },
    });
    expect(answer.scores).toEqual({ ...pure.scores, calibrated: false });
    expect(answer.regions).toEqual(
      pure.outcomes.map((outcome) => ({
        ...outcome.region,
        status: "complete",
        localMaximum: outcome.status === "complete" && outcome.localMaximum,
      })),
    );
    const { data, height, width } = wholeMap(pure.fused);
    expect(pixelsOf(answer.saliency?.benign)).toEqual(grey(data.subarray(0, height * width)));
    expect(pixelsOf(answer.saliency?.malignant)).toEqual(grey(data.subarray(height * width)));
    const above = data.subarray(height * width).reduce((n, p) => n + (p >= 0.5 ? 1 : 0), 0);
    const area = answer.contours?.malignant.reduce((sum, { areaPixels }) => sum + areaPixels, 0);
    expect(area).toBe(above);
  });

  test("JPEG tiles give nearly the same", async () => {
    const canvas = tinyCanvas(8, 5);
    const exact = segmentationSchema.parse(await (await post(tinyForm(canvas, "png"))).json());
    const lossy = segmentationSchema.parse(await (await post(tinyForm(canvas, "jpeg"))).json());
    expect(Math.abs(lossy.scores.malignant - exact.scores.malignant)).toBeLessThan(0.05);
    expect(lossy.tiles).toBe(exact.tiles);
  });

  test("different images get different answers", async () => {
    const scores = [];
    for (const seed of [1, 2, 3]) {
      const answer = segmentationSchema.parse(await (await post(tinyForm(tinyCanvas(16, seed), "png"))).json());
      scores.push(answer.scores.malignant);
    }
    expect(new Set(scores).size).toBe(3);
  });

  test("a stream tells first of the form, then of the image, of each region, and ends with the answer", async () => {
    const response = await post(tinyForm(tinyCanvas(16), "png", { regions: 4 }), { accept: "text/event-stream" });
    const events: SegmentationEvent[] = [];
    const messages = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>)
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
    for await (const { event, data } of messages)
      events.push(segmentationEventSchema.parse({ event, data: JSON.parse(data) }));
    expect(events.map(({ event }) => event)).toEqual([
      "accepted",
      "global",
      "region",
      "region",
      "region",
      "region",
      "result",
    ]);
    const result = events.at(-1);
    const plain = segmentationSchema.parse(await (await post(tinyForm(tinyCanvas(16), "png", { regions: 4 }))).json());
    expect(result?.event === "result" && { ...result.data, id: plain.id }).toEqual(plain);
  });

  test("ready tells the memory in use, below the limit", async () => {
    await post(tinyForm(tinyCanvas(8), "png"));
    const response = await exports.default.fetch(new Request("https://glam.example/v1/health/ready"));
    const { memory, load, models } = readySchema.parse(await response.json());
    expect(models).toEqual(["glam-tiny", "glam-tiny-simd"]);
    expect(memory.linearBytes).toBeGreaterThan(1024 * 1024);
    expect(memory.linearBytes).toBeLessThanOrEqual(memory.limitBytes);
    expect(load).toMatchObject({ segmentations: 0, waiting: 0 });
  });

  test("weights and manifests are not served as files", async () => {
    for (const path of [
      "/glam-tiny/global.onnx",
      "/glam-tiny/model.json",
      "/index.json",
      "/models/glam-tiny/local.onnx",
      "/page/..%2fmodels%2fglam-tiny%2fglobal.onnx",
      "/page/../models/glam-tiny/model.json",
    ]) {
      const response = await exports.default.fetch(new Request(`https://glam.example${path}`));
      expect(response.status).toBe(404);
    }
  });
});
