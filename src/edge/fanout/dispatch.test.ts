import { describe, expect, test } from "vitest";
import { decodeCrop, encodeFailure, encodeMap } from "../../contract/crop-wire.ts";
import type { Crop } from "../../glam/contracts.ts";
import { GlamError } from "../../glam/problem.ts";
import { createDispatch, type DispatchOptions } from "./dispatch.ts";
import type { Transport } from "./transport.ts";

const never = new AbortController().signal;
const model = { name: "glam-tiny", sha256: "00".repeat(32) };
const crop = (rank: number): Crop => ({
  rank,
  side: 16,
  pixels: new Uint8Array(256).fill(rank),
  standardisation: { mean: 1, std: 2 },
});
/** A map that tells which crop it is of. */
const answer = (message: Uint8Array) => encodeMap(new Float32Array(32).fill(decodeCrop(message).crop.rank / 16));

/** A dispatch over `targets` places that records which one got what. */
function dispatchTo(send: Transport["send"], targets = 3, options: Partial<DispatchOptions> = {}) {
  const calls: { target: number; rank: number }[] = [];
  const transport: Transport = {
    name: "https",
    targets,
    send(target, message, signal, maxBytes) {
      calls.push({ target, rank: decodeCrop(message).crop.rank });
      return send(target, message, signal, maxBytes);
    },
  };
  const segmentCrop = createDispatch({
    transport,
    model,
    mapSide: 4,
    cropDeadlineMs: 1000,
    deadline: never,
    ...options,
  });
  return { segmentCrop, calls };
}

describe("createDispatch", () => {
  test("spreads crops over all targets and gives each its own map", async () => {
    const { segmentCrop, calls } = dispatchTo(async (_, message) => answer(message));
    const maps = await Promise.all([0, 1, 2, 3, 4, 5].map((rank) => segmentCrop(crop(rank), never)));
    expect(maps.map((map) => map[0])).toEqual([0, 1 / 16, 2 / 16, 3 / 16, 4 / 16, 5 / 16]);
    expect([0, 1, 2].map((target) => calls.filter((call) => call.target === target).length)).toEqual([2, 2, 2]);
  });

  test("never has more than six under way", async () => {
    let running = 0;
    let most = 0;
    const { segmentCrop } = dispatchTo(async (_, message) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
      return answer(message);
    });
    await Promise.all(Array.from({ length: 16 }, (_, rank) => segmentCrop(crop(rank), never)));
    expect(most).toBe(6);
  });

  test.each([2, 3, 4, 5, 8])("with one of %i targets dead, every crop arrives at another one", async (targets) => {
    const { segmentCrop, calls } = dispatchTo(async (target, message) => {
      if (target === 1) throw new TypeError("connect ECONNREFUSED http://secret.example");
      return answer(message);
    }, targets);
    await Promise.all(Array.from({ length: targets }, (_, rank) => segmentCrop(crop(rank), never)));
    expect(calls).toHaveLength(targets + 1);
  });

  test.each([
    ["a dead target", () => Promise.reject(new TypeError("ECONNREFUSED secret.example")), "unreachable"],
    ["a full one", async () => encodeFailure("busy"), "busy"],
    ["one without the model", async () => encodeFailure("model-not-found"), "model-not-found"],
    ["one that talks nonsense", async () => new Uint8Array(5), "an unreadable answer"],
    ["one that answers another size", async () => encodeMap(new Float32Array(18)), "an unreadable answer"],
    ["one that never answers", () => new Promise<Uint8Array>(() => {}), "no answer in time"],
  ])("after two tries with %s the crop has failed, in words that name no address", async (_, send, words) => {
    const { segmentCrop, calls } = dispatchTo(send, 2, { cropDeadlineMs: 10 });
    const error = await segmentCrop(crop(4), never).catch((e: unknown) => e);
    expect(error).toMatchObject({
      code: "crop-failed",
      message: `The crop of region 4 failed 2 times: ${words}, then ${words}.`,
    });
    expect(calls.map(({ target }) => target).sort()).toEqual([0, 1]);
  });

  test("one failing crop does not touch the others", async () => {
    const { segmentCrop } = dispatchTo(async (_, message) =>
      decodeCrop(message).crop.rank === 1 ? encodeFailure("out-of-memory") : answer(message),
    );
    const results = await Promise.allSettled([0, 1, 2].map((rank) => segmentCrop(crop(rank), never)));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  describe("in bands", () => {
    const bands = [
      [0, 1],
      [1, 3],
      [3, 4],
    ] as const;
    /** Rows of a map whose cell (y, x) of class c is (c * 16 + y * 4 + x) / 32. */
    const rows = (message: Uint8Array) => {
      const [from, to] = decodeCrop(message).crop.band ?? [0, 4];
      const cell = (i: number) => Math.floor(i / ((to - from) * 4)) * 16 + from * 4 + (i % ((to - from) * 4));
      return encodeMap(
        Float32Array.from({ length: 2 * (to - from) * 4 }, (_, i) => cell(i) / 32),
        4,
      );
    };

    test("the map is put together, and each band goes to a place of its own", async () => {
      const { segmentCrop, calls } = dispatchTo(async (_, message) => rows(message), 3, { bands });
      const map = await segmentCrop(crop(0), never);
      expect([...map]).toEqual(Array.from({ length: 32 }, (_, i) => i / 32));
      expect(calls.map(({ target }) => target).sort()).toEqual([0, 1, 2]);
    });

    test("a band that fails is tried elsewhere; one that fails for good fails the crop and ends the others", async () => {
      let failures = 1;
      const flaky = dispatchTo(
        async (_, message) => {
          if (failures-- > 0) throw new TypeError("gone");
          return rows(message);
        },
        3,
        { bands },
      );
      expect(await flaky.segmentCrop(crop(0), never)).toHaveLength(32);
      expect(flaky.calls).toHaveLength(4);

      const stuck: AbortSignal[] = [];
      const broken = dispatchTo(
        (_, message, signal) => {
          if (decodeCrop(message).crop.band?.[0] === 1) return Promise.reject(new TypeError("gone"));
          stuck.push(signal);
          return new Promise(() => {});
        },
        3,
        { bands },
      );
      await expect(broken.segmentCrop(crop(0), never)).rejects.toMatchObject({ code: "crop-failed" });
      expect(stuck.map(({ aborted }) => aborted)).toEqual([true, true]);
    });

    test("other rows than those that were asked for are no answer", async () => {
      const { segmentCrop } = dispatchTo(async () => encodeMap(new Float32Array(32), 4), 3, { bands });
      await expect(segmentCrop(crop(0), never)).rejects.toThrow(/an unreadable answer/);
    });
  });

  test("no more bytes are wanted of an answer than the rows that were asked for have", async () => {
    const most: number[] = [];
    const { segmentCrop } = dispatchTo(async (_target, message, _signal, maxBytes) => {
      most.push(maxBytes);
      return answer(message);
    });
    await segmentCrop(crop(0), never);
    expect(most).toEqual([8 + 1024 + 2 * 4 * 4 * 4]);
  });

  test("time running out ends all crops at once, with no second try", async () => {
    const deadline = new AbortController();
    const { segmentCrop, calls } = dispatchTo(() => new Promise(() => {}), 3, { deadline: deadline.signal });
    const running = Promise.allSettled(Array.from({ length: 8 }, (_, rank) => segmentCrop(crop(rank), never)));
    await new Promise((resolve) => setTimeout(resolve, 5));
    deadline.abort(new GlamError("deadline-exceeded", "late"));
    for (const result of await running) {
      expect(result).toMatchObject({ status: "rejected", reason: { code: "deadline-exceeded" } });
    }
    expect(calls).toHaveLength(6);
  });

  test("a caller that leaves stops the transport", async () => {
    const caller = new AbortController();
    let stopped = false;
    const { segmentCrop } = dispatchTo(
      (_, __, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            stopped = true;
            reject(signal.reason);
          });
        }),
    );
    const running = segmentCrop(crop(0), caller.signal);
    caller.abort(new GlamError("aborted", "gone"));
    await expect(running).rejects.toMatchObject({ code: "aborted" });
    expect(stopped).toBe(true);
  });
});
