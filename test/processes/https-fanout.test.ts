import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readySchema, type Segmentation, segmentationSchema } from "../../src/contract/index.ts";
import { type BareWorker, startBareWorker } from "../support/bare-worker.ts";
import { tinyCanvas, tinyForm } from "../support/tiny-image.ts";

/** Long, because compiling ORT in three processes takes long on a busy machine. */
const patience = { DEADLINE_MS: "300000", CROP_DEADLINE_MS: "120000" };
const FANOUT_TOKEN = "a-secret-for-this-test-only";

const ready = async ({ url }: BareWorker) =>
  readySchema.parse(await (await fetch(new URL("/v1/health/ready", url))).json());

async function segmentAt({ url }: BareWorker, regions: number): Promise<Segmentation> {
  const body = tinyForm(tinyCanvas(16, 4), "png", { regions });
  const response = await fetch(new URL("/v1/segmentations", url), { method: "POST", body });
  expect(response.status).toBe(200);
  return { ...segmentationSchema.parse(await response.json()), id: "" };
}

describe("crops over HTTP to two other workerd processes", () => {
  const workers: BareWorker[] = [];
  const start = async (vars: Record<string, string>) => {
    const worker = await startBareWorker({ ...patience, ...vars });
    workers.push(worker);
    return worker;
  };
  let shards: BareWorker[];
  let front: BareWorker;

  beforeAll(async () => {
    shards = [await start({ FANOUT: "inline", FANOUT_TOKEN }), await start({ FANOUT: "inline", FANOUT_TOKEN })];
    const FANOUT_URLS = shards.map(({ url }) => url.href).join(",");
    front = await start({ FANOUT: "https", FANOUT_URLS, FANOUT_TOKEN });
  });
  afterAll(async () => {
    for (const worker of workers) await worker.stop();
  });

  test("both processes work on the crops, and the answer is the one that a process gives alone", async () => {
    const answer = await segmentAt(front, 6);
    expect(answer).toMatchObject({ status: "complete", regions: { length: 6 } });
    const served = await Promise.all(shards.map(ready));
    // Whoever is free first gets the next one.
    const crops = served.map(({ load }) => load.cropsServed);
    expect(crops[0] + crops[1]).toBe(6);
    expect(Math.min(...crops)).toBeGreaterThan(0);
    expect((await ready(front)).load.cropsServed).toBe(0);
    expect((await ready(front)).fanout).toEqual({ transport: "https", targets: 2 });
    expect(await segmentAt(shards[0], 6)).toEqual(answer);
  });

  test("without the secret a process takes no crops", async () => {
    const url = new URL("/v1/internal/crops", shards[0].url);
    expect((await fetch(url, { method: "POST", body: "x" })).status).toBe(401);
    const wrong = { authorization: "Bearer a-wrong-secret-for-this-test" };
    expect((await fetch(url, { method: "POST", body: "x", headers: wrong })).status).toBe(403);
  });

  test("when one process dies, the other one takes its crops; when both do, the answer is partial", async () => {
    const whole = await segmentAt(front, 4);
    await shards[1].stop();
    workers.splice(workers.indexOf(shards[1]), 1);
    expect(await segmentAt(front, 4)).toEqual(whole);
    await shards[0].stop();
    workers.splice(workers.indexOf(shards[0]), 1);
    const partial = await segmentAt(front, 4);
    expect(partial).toMatchObject({ status: "partial", failedRegions: [0, 1, 2, 3], scores: whole.scores });
    const regions = partial.regions.map((region) => region.status === "failed" && region.problem.detail);
    expect(regions[0]).toBe("The crop of region 0 failed 2 times: unreachable, then unreachable.");
  });
});
