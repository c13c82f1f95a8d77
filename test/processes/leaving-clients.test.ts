import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readySchema, segmentationSchema } from "../../src/contract/index.ts";
import { type BareWorker, startBareWorker } from "../support/bare-worker.ts";
import { openPost, write } from "../support/raw-http.ts";
import { tinyCanvas, tinyForm } from "../support/tiny-image.ts";

const accepts = ["application/json", "text/event-stream"];

/** Sends a form; with a stream, waits for its first event. */
async function ask({ url }: BareWorker, accept: string, signal: AbortSignal, form: FormData): Promise<void> {
  const response = await fetch(new URL("/v1/segmentations", url), {
    method: "POST",
    body: form,
    headers: { accept },
    signal,
  });
  await response.body?.getReader().read();
}

/** Resolves when the isolate is idle. */
const idle = ({ url }: BareWorker) =>
  expect
    .poll(async () => readySchema.parse(await (await fetch(new URL("/v1/health/ready", url))).json()).load, {
      timeout: 15_000,
    })
    .toMatchObject({ segmentations: 0, waiting: 0 });

describe("clients that leave while crops are under way elsewhere", () => {
  let worker: BareWorker;
  let arrived = 0;
  let ended = 0;
  /** Takes crops and never answers. */
  const silent = createServer((request) => {
    arrived++;
    request.socket.once("close", () => ended++);
  });

  beforeAll(async () => {
    await once(silent.listen(0, "127.0.0.1"), "listening");
    const silentUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    // Two targets, so that all three crops are under way at once.
    const FANOUT_URLS = `${silentUrl}/a,${silentUrl}/b`;
    const vars = { FANOUT: "https", FANOUT_URLS, DEADLINE_MS: "600000", CROP_DEADLINE_MS: "600000" };
    worker = await startBareWorker(vars);
  });
  afterAll(async () => {
    await worker.stop();
    silent.closeAllConnections();
    silent.close();
  });

  /** Leaves when all crops are under way, and waits until they have been called back. */
  async function leaveInTheMiddle(leave: () => void): Promise<void> {
    await expect.poll(() => arrived, { timeout: 60_000 }).toBe(3);
    expect(ended).toBe(0);
    leave();
    await expect.poll(() => ended, { timeout: 20_000 }).toBe(3);
    await idle(worker);
    expect(arrived).toBe(3);
    arrived = 0;
    ended = 0;
  }
  const form = () => tinyForm(tinyCanvas(8), "png", { regions: 3 });

  test.each(accepts)("%s: a connection that breaks ends the work long before any deadline", async (accept) => {
    const body = new Response(form());
    const bytes = new Uint8Array(await body.arrayBuffer());
    const connection = await openPost(new URL("/v1/segmentations", worker.url), {
      accept,
      "content-type": body.headers.get("content-type") ?? "",
      "content-length": String(bytes.length),
    });
    await write(connection, bytes);
    await leaveInTheMiddle(() => connection.socket.resetAndDestroy());
  });

  test("a stream that the reader closes is noticed at the next heartbeat", async () => {
    const caller = new AbortController();
    const asked = ask(worker, "text/event-stream", caller.signal, form()).catch(() => {});
    await leaveInTheMiddle(() => caller.abort());
    await asked;
  });
});

const askFor8 = ({ url }: BareWorker) =>
  fetch(new URL("/v1/segmentations", url), { method: "POST", body: tinyForm(tinyCanvas(8), "png", { regions: 8 }) });

describe("clients that leave at any moment, crops in Durable Objects", () => {
  let worker: BareWorker;
  beforeAll(async () => {
    worker = await startBareWorker({ SHARDS: "2", DEADLINE_MS: "300000", CROP_DEADLINE_MS: "120000" });
  });
  afterAll(() => worker.stop());

  test.each(accepts)("%s: nothing of them is left, in the Worker or in the shards", async (accept) => {
    for (let i = 0; i < 6; i++) {
      const caller = new AbortController();
      const asked = ask(worker, accept, caller.signal, tinyForm(tinyCanvas(8, i), "png", { regions: 8 }));
      await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, 15 * i))]);
      caller.abort();
      await asked.catch(() => {});
    }
    // What the callers left may fill the queue for a moment; a good client waits and asks again.
    let response = await askFor8(worker);
    for (let i = 0; i < 20 && response.status === 503; i++) {
      expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
      await new Promise((resolve) => setTimeout(resolve, 500));
      response = await askFor8(worker);
    }
    const answer = segmentationSchema.parse(await response.json());
    expect(answer).toMatchObject({ status: "complete", regions: { length: 8 } });
    await idle(worker);
  });
});
