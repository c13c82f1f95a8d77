import { describe, expect, it } from "vitest";
import { jpeg2000, jpegLossless, jpegLs, rle } from "../../../test/support/dicom-compress.ts";
import { dicomFile, uids } from "../../../test/support/dicom-file.ts";
import { mammogramElements } from "../../../test/support/dicom-mammogram.ts";
import { generatePhantom, type View } from "../../phantom/index.ts";
import { encodeGreyJpeg } from "../client/grey-jpeg.ts";
import type { GreyImage } from "../preprocess/index.ts";
import { readDicom } from "./index.ts";

const size = { height: 184, width: 120 };
const phantom = (bits: number, view: View = "L-MLO"): GreyImage => {
  const { height, width, pixels } = generatePhantom({ seed: 5, ...size, bits, view });
  return { height, width, bits, pixels };
};

const negative = ({ pixels, ...rest }: GreyImage): GreyImage => ({
  ...rest,
  pixels: pixels.map((pixel) => 2 ** rest.bits - 1 - pixel),
});

type Compress = (image: GreyImage) => Uint8Array | Promise<Uint8Array>;

/** The mammogram as a compressed file with its frame in `pieces` fragments. */
async function compressed(image: GreyImage, compress: Compress, syntax: string, inverted = false, pieces = 1) {
  const frame = await compress(inverted ? negative(image) : image);
  const step = 2 * Math.ceil(frame.length / pieces / 2);
  const fragments = Array.from({ length: pieces }, (_, i) => frame.subarray(i * step, (i + 1) * step));
  return dicomFile(mammogramElements(image, { view: "L-MLO", inverted }), syntax, fragments);
}

const worst = (a: GreyImage, b: GreyImage): number => {
  let most = 0;
  for (let i = 0; i < a.pixels.length; i++) most = Math.max(most, Math.abs(a.pixels[i] - b.pixels[i]));
  return most;
};

const lossless: [string, string, Compress][] = [
  ["RLE", uids.rle, rle],
  ["JPEG lossless, first-order", uids.jpegLosslessFirstOrder, (image) => jpegLossless(image, 1)],
  ["JPEG-LS", uids.jpegLs, (image) => jpegLs(image)],
  ["JPEG 2000", uids.jpeg2000, (image) => jpeg2000(image)],
];

describe.each(lossless)("%s", (_, syntax, compress) => {
  it.each([8, 12, 16])("%i bits come back exactly, MONOCHROME1 and 2, in one fragment or three", async (bits) => {
    const image = phantom(bits);
    for (const inverted of [false, true]) {
      const read = await readDicom(await compressed(image, compress, syntax, inverted, inverted ? 3 : 1));
      expect(read.image).toEqual(image);
      expect(read.warnings).toEqual([]);
    }
  });
});

describe("JPEG lossless", () => {
  it.each([1, 2, 3, 4, 5, 6, 7])("predictor %i", async (predictor) => {
    for (const bits of [8, 12, 16]) {
      const image = phantom(bits);
      const file = await compressed(image, (frame) => jpegLossless(frame, predictor), uids.jpegLossless);
      expect(worst((await readDicom(file)).image, image)).toBe(0);
    }
  });

  it("with restarts", async () => {
    const image = phantom(12);
    const file = await compressed(image, (frame) => jpegLossless(frame, 1, 8), uids.jpegLossless);
    expect(worst((await readDicom(file)).image, image)).toBe(0);
  });

  it("with a restart interval lost, twice or moved", async () => {
    const image = phantom(12);
    const frame = [...jpegLossless(image, 1, 8)];
    const isRestart = (i: number) => frame[i] === 0xff && frame[i + 1] >= 0xd0 && frame[i + 1] <= 0xd7;
    const starts = [0, ...[...frame.keys()].filter(isRestart)];
    const parts = starts.map((start, i) => frame.slice(start, starts[i + 1]));
    const [head, a, b] = [parts.slice(0, 2), parts[2], parts[3]];
    const rest = parts.slice(4);
    for (const changed of [
      [...head, b, ...rest],
      [...head, a, b, b, ...rest],
      [...head, b, a, ...rest],
    ]) {
      const file = await compressed(image, () => Uint8Array.from(changed.flat()), uids.jpegLossless);
      await expect(readDicom(file)).rejects.toMatchObject({ code: "dicom-unreadable" });
    }
  });
});

describe("with loss", () => {
  it.each([
    [
      "JPEG baseline",
      uids.jpeg,
      8,
      (image: GreyImage) => encodeGreyJpeg({ ...image, pixels: Uint8Array.from(image.pixels) }, 95),
      24,
    ],
    ["JPEG-LS, two levels", uids.jpegLsNear, 12, (image: GreyImage) => jpegLs(image, 2), 2],
    ["JPEG 2000, 8 to 1", uids.jpeg2000Lossy, 12, (image: GreyImage) => jpeg2000(image, 8), 200],
  ] as const)("%s stays near", async (_, syntax, bits, compress, bound) => {
    const image = phantom(bits);
    for (const inverted of [false, true]) {
      const read = await readDicom(await compressed(image, compress, syntax, inverted));
      const error = worst(read.image, image);
      expect(error).toBeGreaterThan(0);
      expect(error).toBeLessThanOrEqual(bound);
      expect(read.warnings.map(({ code }) => code)).toEqual(["lossy-compression"]);
    }
  });
});
