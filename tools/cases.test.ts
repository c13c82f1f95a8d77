import { describe, expect, test } from "vitest";
import { readDicom } from "../src/device/dicom/index.ts";
import { parseDicom } from "../src/device/dicom/parse.ts";
import { readImagePixel } from "../src/device/dicom/pixels/image-pixel.ts";
import { storedPixels } from "../src/device/dicom/pixels/stored-pixels.ts";
import { decodeGreyImage } from "../src/device/images/index.ts";
import { decodeTile } from "../src/edge/tiles/decode.ts";
import { cases, worstError } from "../test/support/cases.ts";
import { readSpec } from "../test/support/specs.ts";
import { problemOf } from "../test/support/tiles.ts";
import { readCheckpoint } from "./checkpoint/read-checkpoint.ts";
import { importModel } from "./import/import-model.ts";

/** What JPEG loses; the pixels beside a file whose orientation is not 1 are those before it was compressed. */
const bound = (name: string): number => (/exif.*\.jpg$/.test(name) ? 8 : name.endsWith(".jpg") ? 1 : 0);

const checkpoints = cases("checkpoints");
const images = cases("images");
const dicoms = cases("dicom");

describe.skipIf(checkpoints.length === 0)("checkpoints", () => {
  test.each(checkpoints)("$name", ({ name, bytes }) => {
    const convert = () => importModel(readCheckpoint(bytes), readSpec("glam-tiny"));
    if (name.includes("nan")) expect(convert).toThrow(/The tensor \S+gn_conv_last\.weight holds/);
    else expect(convert().files.global.length).toBeGreaterThan(1000);
  });
});

describe.skipIf(images.length === 0)("image files", () => {
  test.each(images)("$name as film", ({ name, bytes, expected }) => {
    const image = decodeGreyImage(bytes);
    expect(image).toMatchObject({ height: expected?.height ?? 100, width: expected?.width ?? 75, bits: 8 });
    if (expected) expect(worstError(image.pixels, expected.pixels)).toBeLessThanOrEqual(bound(name));
  });

  test.each(images)("$name as tile: the same pixels, or it has colours", ({ name, bytes, expected }) => {
    const size = { height: expected?.height ?? 100, width: expected?.width ?? 75 };
    const decode = () => decodeTile(bytes, name.endsWith(".png") ? "image/png" : "image/jpeg", size, "tile-0-0");
    if (/rgb|plte/.test(name)) expect(problemOf(decode)).toBe("tile-not-grey");
    else expect(decode().pixels).toEqual(decodeGreyImage(bytes).pixels);
  });
});

describe.skipIf(dicoms.length === 0)("DICOM files", () => {
  const refused: Record<string, string> = {
    "06-j2k-signed-header-unsigned.dcm": "dicom-unreadable",
    "64-aspect-ratio-2-1.dcm": "dicom-not-supported",
  };

  test.each(dicoms)("$name", async ({ name, bytes, expected }) => {
    if (refused[name]) {
      await expect(readDicom(bytes)).rejects.toMatchObject({ code: refused[name] });
      return;
    }
    expect((await readDicom(bytes)).view).toBe("L-MLO");
    const file = parseDicom(bytes);
    const { stored, image } = await storedPixels(file, readImagePixel(file.attributes));
    const values = stored.map((word) => (word >> (image.highBit + 1 - image.bitsStored)) & (2 ** image.bitsStored - 1));
    expect(worstError(values, expected?.pixels ?? [])).toBeLessThanOrEqual(name.includes("jpeg-") ? 1 : 0);
  });
});
