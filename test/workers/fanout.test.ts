import { env, exports } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { decodeCrop } from "../../src/contract/crop-wire.ts";
import { type Segmentation, segmentationSchema } from "../../src/contract/index.ts";
import { createApp } from "../../src/edge/api/app.ts";
import { createServices } from "../../src/edge/api/services.ts";
import { readSettings } from "../../src/edge/api/settings.ts";
import { createTransport } from "../../src/edge/fanout/create-transport.ts";
import { durableObjectTransport } from "../../src/edge/fanout/durable-object.ts";
import type { Transport } from "../../src/edge/fanout/transport.ts";
import { type Env, isolateServices } from "../../src/edge/isolate.ts";
import { tinyCanvas, tinyForm } from "../support/tiny-image.ts";

const bindings = env as Env;
const lines: string[] = [];

/** The isolate's app with another transport. */
const appOver = (transport: Transport) =>
  createApp(
    createServices({
      ...isolateServices(bindings),
      settings: readSettings({ ...bindings, CROP_DEADLINE_MS: "2000" }),
      log: (line) => lines.push(line),
      transport: () => transport,
    }),
  );

const transportNamed = (name: Transport["name"]): Transport =>
  createTransport(
    { name, shards: 4, urls: [], token: undefined, namespace: bindings.CROP_SHARDS, binding: bindings.CROPS },
    isolateServices(bindings).cropService,
  );

async function answerOver(transport: Transport): Promise<Segmentation> {
  const form = tinyForm(tinyCanvas(16, 2), "png", { regions: 5 });
  const response = await appOver(transport).request("/v1/segmentations", { method: "POST", body: form });
  expect(response.status).toBe(200);
  return { ...segmentationSchema.parse(await response.json()), id: "" };
}

describe("fan-out in workerd", () => {
  test("Durable Objects, service binding and inline give the same answer", async () => {
    const inline = await answerOver(transportNamed("inline"));
    expect(inline).toMatchObject({ status: "complete", regions: { length: 5 } });
    expect(await answerOver(transportNamed("durable-object"))).toEqual(inline);
    expect(await answerOver(transportNamed("service-binding"))).toEqual(inline);
  });

  test("the deployed Worker itself uses Durable Objects", async () => {
    const ready = await exports.default.fetch(new Request("https://glam.example/v1/health/ready"));
    expect(await ready.json()).toMatchObject({ fanout: { transport: "durable-object", targets: 8 } });
  });

  test("a dead shard is replaced by another one; the answer is complete and the same", async () => {
    const sent: number[] = [];
    const real = transportNamed("durable-object");
    const oneDead: Transport = {
      ...real,
      send(target, message, signal, maxBytes) {
        sent.push(target);
        if (target === 1) throw new Error("the shard is gone");
        return real.send(target, message, signal, maxBytes);
      },
    };
    expect(await answerOver(oneDead)).toEqual(await answerOver(real));
    expect(sent).toContain(1);
    expect(sent.length).toBeGreaterThan(5);
  });

  test("a crop that nobody can segment makes the answer partial and names the region", async () => {
    const real = transportNamed("durable-object");
    const answer = await answerOver({
      ...real,
      send: (target, message, signal, maxBytes) =>
        decodeCrop(message).crop.rank === 3 ? new Promise(() => {}) : real.send(target, message, signal, maxBytes),
    });
    const whole = await answerOver(real);
    expect(answer).toMatchObject({ status: "partial", failedRegions: [3], scores: whole.scores });
    expect(answer.regions[3]).toMatchObject({
      status: "failed",
      box: whole.regions[3].box,
      problem: { code: "crop-failed", detail: expect.stringContaining("no answer in time") },
    });
    expect(answer.regions.filter((_, i) => i !== 3)).toEqual(whole.regions.filter((_, i) => i !== 3));
  });

  test("when every shard is gone there is still the coarse answer", async () => {
    const answer = await answerOver(
      durableObjectTransport({ getByName: () => ({ segment: () => Promise.reject(new Error("x")) }) }, 4),
    );
    const whole = await answerOver(transportNamed("inline"));
    expect(answer).toMatchObject({ status: "partial", failedRegions: [0, 1, 2, 3, 4], scores: whole.scores });
    expect(answer.saliency).toBeDefined();
    expect(lines.every((line) => JSON.parse(line).code === "crop-failed")).toBe(true);
  });

  test("a shard answers garbage with a failure and goes on", async () => {
    const shard = bindings.CROP_SHARDS?.getByName("shard-0");
    expect(new TextDecoder().decode(await shard?.segment(new Uint8Array(100), AbortSignal.timeout(1000)))).toContain(
      '"code":"invalid-request"',
    );
    expect(await answerOver(transportNamed("durable-object"))).toMatchObject({ status: "complete" });
  });
});
