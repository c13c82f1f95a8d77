import { describe, expect, test } from "vitest";
import { createMemoryLedger } from "../admission/memory-ledger.ts";
import { createReceiving } from "../admission/receiving.ts";
import { receiveBlocks } from "./body.ts";

const never = new AbortController().signal;
const isolate = () => createMemoryLedger({ limit: 1e9, receiving: 1e9, networks: () => 0, leaseMs: 1e9 });

function readBlocks(
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  contentLength: string | null,
  maxBytes: number,
  signal: AbortSignal,
  ledger = isolate(),
) {
  const headers = new Headers(contentLength === null ? {} : { "content-length": contentLength });
  const limits = { receiving: createReceiving(), share: ledger.open(), maxBytes, signal };
  return receiveBlocks({ body, headers }, limits);
}

/** A stream of `count` chunks of `size` bytes, made as they are asked for; tells how many were and if it was cancelled. */
function generated(count: number, size: number) {
  const state = { made: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        if (state.made === count) return controller.close();
        controller.enqueue(new Uint8Array(size).fill(state.made++ % 251));
      },
      cancel() {
        state.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, state };
}

async function collect(blocks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all = [];
  for await (const block of blocks) all.push(block);
  return all;
}

describe("receiveBlocks", () => {
  test.each([
    [70_000, 1],
    [7, 30_000],
    [3, 65_536],
    [3, 100_000],
    [1, 0],
  ])("%i chunks of %i bytes come out whole, in few blocks", async (count, size) => {
    const blocks = await collect(readBlocks(generated(count, size).stream, null, 1e6, never));
    expect(Buffer.concat(blocks)).toEqual(
      Buffer.concat(Array.from({ length: count }, (_, i) => new Uint8Array(size).fill(i % 251))),
    );
    expect(blocks.length).toBeLessThanOrEqual(8);
  });

  test("1,500 bodies of which 164 bytes came hold 1 KiB each, and give it back", async () => {
    const ledger = isolate();
    const caller = new AbortController();
    const bodies = Array.from({ length: 1500 }, async () => {
      const begun = new ReadableStream<Uint8Array<ArrayBuffer>>({
        start: (controller) => controller.enqueue(new Uint8Array(164)),
      });
      await collect(readBlocks(begun, null, 1e6, caller.signal, ledger)).catch(() => {});
    });
    await expect.poll(() => ledger.use().buffers).toBe(1500 * 1024);
    caller.abort();
    await Promise.all(bodies);
  });

  test.each([
    // Blocks of 64 KiB, of which the last one is as large as it had to grow.
    [70_000, 1, 65_536 + 8192],
    [3, 100_000, 300_000],
    [3, 65_536, 3 * 65_536],
    [10, 100, 1024],
  ])("what is taken for %i chunks of %i bytes is counted before it is handed on", async (count, size, most) => {
    const ledger = isolate();
    const seen: number[] = [];
    let bytes = 0;
    for await (const block of readBlocks(generated(count, size).stream, null, 1e6, never, ledger)) {
      bytes += block.byteLength;
      seen.push(ledger.use().buffers);
      expect(ledger.use().buffers).toBeGreaterThanOrEqual(bytes);
    }
    expect(Math.max(...seen)).toBe(most);
  });

  test("stops a 100 MB body after the limit, without reading on", async () => {
    const { stream, state } = generated(1600, 65_536);
    await expect(collect(readBlocks(stream, null, 1e6, never))).rejects.toMatchObject({ code: "body-too-large" });
    expect(state).toEqual({ made: 16, cancelled: true });
  });

  test("refuses a declared length over the limit without reading, and believes no smaller one", async () => {
    const { stream, state } = generated(100, 65_536);
    await expect(collect(readBlocks(stream, "104857600", 1e6, never))).rejects.toMatchObject({
      code: "body-too-large",
    });
    expect(state).toEqual({ made: 0, cancelled: true });
    const lying = generated(100, 65_536);
    await expect(collect(readBlocks(lying.stream, "10", 1e6, never))).rejects.toMatchObject({ code: "body-too-large" });
  });

  test("exactly the limit is accepted", async () => {
    expect(await collect(readBlocks(generated(10, 100).stream, "1000", 1000, never))).toHaveLength(1);
    expect(await collect(readBlocks(null, null, 1000, never))).toEqual([]);
  });

  test("a connection that breaks is a malformed form", async () => {
    const stream = new ReadableStream({
      pull(controller) {
        controller.error(new TypeError("premature EOF"));
      },
    });
    await expect(collect(readBlocks(stream, "500", 1e6, never))).rejects.toMatchObject({ code: "malformed-form" });
  });

  test("a client that stops sending ends with the deadline's reason", async () => {
    const stalled = new ReadableStream<Uint8Array<ArrayBuffer>>({ pull: () => new Promise(() => {}) });
    const controller = new AbortController();
    const reading = collect(readBlocks(stalled, null, 1e6, controller.signal));
    controller.abort(new Error("late"));
    await expect(reading).rejects.toThrow("late");
  });

  test("a consumer that stops cancels the stream", async () => {
    const { stream, state } = generated(100, 65_536);
    for await (const _ of readBlocks(stream, null, 1e7, never)) break;
    expect(state.cancelled).toBe(true);
  });
});
