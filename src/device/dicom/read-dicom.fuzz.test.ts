import { describe, expect, it } from "vitest";
import { jpeg2000, jpegLossless, jpegLs, rle } from "../../../test/support/dicom-compress.ts";
import { dicomFile, uids } from "../../../test/support/dicom-file.ts";
import { mammogramElements, mammogramFile } from "../../../test/support/dicom-mammogram.ts";
import { GlamError } from "../../glam/problem.ts";
import { generatePhantom } from "../../phantom/index.ts";
import { encodeGreyJpeg } from "../client/grey-jpeg.ts";
import type { GreyImage } from "../preprocess/index.ts";
import { readDicom } from "./index.ts";

const { height, width, pixels } = generatePhantom({ seed: 1, height: 64, width: 40, bits: 8, view: "L-CC" });
const image: GreyImage = { height, width, bits: 8, pixels };
const options = { view: "L-CC", pixelSpacing: 0.1 } as const;
const wrapped = (syntax: string, frame: Uint8Array) => dicomFile(mammogramElements(image, options), syntax, [frame]);
const bytes = pixels instanceof Uint8Array ? pixels : new Uint8Array(0);

const streams: [string, string, () => Promise<Uint8Array>][] = [
  ["RLE", uids.rle, async () => rle(image)],
  ["JPEG", uids.jpeg, async () => encodeGreyJpeg({ ...image, pixels: bytes }, 90)],
  ["JPEG lossless", uids.jpegLossless, async () => jpegLossless(image, 4)],
  ["JPEG-LS", uids.jpegLs, () => jpegLs(image)],
  ["JPEG 2000", uids.jpeg2000, () => jpeg2000(image)],
];

const files: [string, () => Promise<Uint8Array>, rounds: number][] = [
  ["implicit", async () => mammogramFile(image, options, { syntax: uids.implicit }), 600],
  ["explicit", async () => mammogramFile(image, options), 600],
  ["big endian", async () => mammogramFile(image, options, { syntax: uids.bigEndian }), 300],
  ["deflated", async () => mammogramFile(image, options, { syntax: uids.deflated }), 300],
  ...streams.map(([name, syntax, make]): [string, () => Promise<Uint8Array>, number] => [
    name,
    async () => wrapped(syntax, await make()),
    name.endsWith("LS") || name.endsWith("2000") ? 120 : 300,
  ]),
];

/** Small deterministic generator (Numerical Recipes). */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Flips bits, overwrites with telling values, removes or repeats a piece, cuts. */
function damage(file: Uint8Array, random: (below: number) => number): Uint8Array {
  const out = file.slice();
  // Most of the file is pixels; half of the damage goes to the header.
  const place = () => (random(2) === 0 ? 132 + random(Math.min(1200, out.length - 132)) : random(out.length));
  switch (random(5)) {
    case 0:
      return out.subarray(0, place());
    case 1: {
      const [from, to] = [place(), place()].sort((a, b) => a - b);
      return Uint8Array.from([...out.subarray(0, from), ...out.subarray(to)]);
    }
    case 2: {
      const from = place();
      return Uint8Array.from([
        ...out.subarray(0, from),
        ...out.subarray(from, from + random(200)),
        ...out.subarray(from),
      ]);
    }
    default:
      for (let n = 1 + random(6); n > 0; n--) {
        const at = place();
        out[at] = random(2) === 0 ? out[at] ^ (1 << random(8)) : [0, 1, 0x7f, 0x80, 0xfe, 0xff][random(6)];
      }
      return out;
  }
}

/** The stable problem, or undefined when the file was read; anything else fails the test. */
async function outcome(file: Uint8Array): Promise<string | undefined> {
  try {
    const read = await readDicom(file);
    expect(read.image.pixels).toHaveLength(read.image.height * read.image.width);
    return undefined;
  } catch (error) {
    if (!(error instanceof GlamError)) throw error;
    expect(error.message).not.toMatch(/Secret|PID|0815/);
    return error.code;
  }
}

describe("damaged files", () => {
  it.each(files)("%s", async (name, make, rounds) => {
    const file = await make();
    expect(await outcome(file)).toBeUndefined();
    const random = generator(name.length * 7919);
    const seen = new Map<string | undefined, number>();
    for (let round = 0; round < rounds; round++) {
      const code = await outcome(damage(file, random));
      seen.set(code, (seen.get(code) ?? 0) + 1);
    }
    for (const code of seen.keys()) {
      expect([
        undefined,
        "dicom-unreadable",
        "dicom-not-supported",
        "dicom-for-processing",
        "dicom-view-not-supported",
      ]).toContain(code);
    }
    expect(seen.get("dicom-unreadable")).toBeGreaterThan(rounds / 8);
  });

  it.each(files)("%s, cut anywhere, is unreadable", async (_, make) => {
    const file = await make();
    // An end that is missing after the last pixel can be told only where the pixels have a length of their own.
    const step = Math.ceil(file.length / 120);
    for (let length = 0; length < file.length - 16; length += step) {
      expect(await outcome(file.subarray(0, length))).toBe("dicom-unreadable");
    }
  });

  it.each(streams)("%s, the compressed image cut in a sound file, is unreadable", async (_, syntax, make) => {
    const frame = await make();
    for (const share of [0, 0.1, 0.3, 0.5, 0.8, 0.95, 0.99]) {
      const part = frame.subarray(0, Math.floor(share * frame.length));
      expect(await outcome(wrapped(syntax, part))).toBe("dicom-unreadable");
    }
  });
});
