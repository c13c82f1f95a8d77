import { describe, expect, test } from "vitest";
import type { Crop } from "../glam/contracts.ts";
import { problems } from "../glam/problem.ts";
import { decodeCrop, decodeMap, encodeCrop, encodeFailure, encodeMap } from "./crop-wire.ts";

const model = { name: "glam-tiny", sha256: "ab".repeat(32) };
const crop = (pixels: Uint8Array | Uint16Array): Crop => ({
  rank: 3,
  side: 16,
  pixels,
  standardisation: { mean: 1 / 3, std: Math.PI },
});
const pixels8 = Uint8Array.from({ length: 256 }, (_, i) => i);
const pixels16 = Uint16Array.from({ length: 256 }, (_, i) => i * 257);
const map = Float32Array.from({ length: 2 * 8 * 8 }, (_, i) => i / 127);

/** The message with its JSON header replaced. */
function withHeader(message: Uint8Array, change: object): Uint8Array {
  const length = new DataView(message.buffer).getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(message.subarray(8, 8 + length)));
  const json = new TextEncoder().encode(JSON.stringify({ ...header, ...change }));
  const out = new Uint8Array(8 + json.length + message.length - 8 - length);
  out.set(message.subarray(0, 4));
  new DataView(out.buffer).setUint32(4, json.length, true);
  out.set(json, 8);
  out.set(message.subarray(8 + length), 8 + json.length);
  return out;
}

describe("crops", () => {
  test.each([
    ["8 bits", pixels8],
    ["16 bits", pixels16],
    ["a view into a larger buffer", new Uint16Array(new Uint16Array(400).buffer, 6, 256).fill(77)],
  ])("come back bit for bit: %s", (_, pixels) => {
    expect(decodeCrop(encodeCrop(crop(pixels), model))).toEqual({ crop: crop(pixels), model });
  });

  test("survive being a misaligned part of a larger buffer", () => {
    const message = encodeCrop(crop(pixels16), model);
    const larger = new Uint8Array(message.length + 3);
    larger.set(message, 3);
    expect(decodeCrop(larger.subarray(3)).crop.pixels).toEqual(pixels16);
  });

  test.each([
    { side: 17 },
    { side: 1e9 },
    { side: -16 },
    { bits: 16 },
    { bits: 12 },
    { mean: -1 },
    { mean: null },
    { std: 0 },
    { std: null },
    { rank: 16 },
    { sha256: "x" },
    { model: "m".repeat(65) },
    { extra: 1 },
  ])("with header %j are refused", (change) => {
    expect(() => decodeCrop(withHeader(encodeCrop(crop(pixels8), model), change))).toThrow(
      expect.objectContaining({ code: "invalid-request" }),
    );
  });

  test("cut off anywhere, too long, or of another kind are refused", () => {
    const message = encodeCrop(crop(pixels8), model);
    for (let length = 0; length < message.length; length++) {
      expect(() => decodeCrop(message.subarray(0, length))).toThrow(
        expect.objectContaining({ code: "invalid-request" }),
      );
    }
    expect(() => decodeCrop(new Uint8Array([...message, 0]))).toThrow();
    expect(() => decodeCrop(encodeMap(map))).toThrow();
    const endless = message.slice();
    new DataView(endless.buffer).setUint32(4, 0xffffffff, true);
    expect(() => decodeCrop(endless)).toThrow(expect.objectContaining({ code: "invalid-request" }));
  });
});

describe("maps", () => {
  test("come back bit for bit", () => {
    expect(decodeMap(encodeMap(map), 8)).toEqual(map);
  });

  test.each(Object.keys(problems) as (keyof typeof problems)[])("the failure %s comes back as itself", (code) => {
    expect(() => decodeMap(encodeFailure(code), 8)).toThrow(expect.objectContaining({ code }));
  });

  test.each([
    ["another side", encodeMap(map.slice(0, 2 * 49)), 8],
    ["NaN", encodeMap(Float32Array.from({ length: 128 }, () => Number.NaN)), 8],
    ["logits", encodeMap(new Float32Array(128).fill(1.5)), 8],
    ["no data", encodeMap(map).subarray(0, 48), 8],
    ["an unknown failure", withHeader(encodeFailure("busy"), { code: "gone-fishing" }), 8],
  ])("%s is refused", (_, message, side) => {
    expect(() => decodeMap(message, side)).toThrow(expect.objectContaining({ code: "invalid-request" }));
  });
});
