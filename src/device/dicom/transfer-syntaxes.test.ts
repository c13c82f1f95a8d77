import { describe, expect, it } from "vitest";
import { uids } from "../../../test/support/dicom-file.ts";
import { mammogramFile } from "../../../test/support/dicom-mammogram.ts";
import { generatePhantom } from "../../phantom/index.ts";
import { readDicom } from "./index.ts";

const size = { height: 184, width: 120 };

describe("the length of the meta information", () => {
  it.each(["implicit", "explicit", "bigEndian", "deflated"] as const)("does not matter: %s", async (syntax) => {
    const phantom = generatePhantom({ seed: 3, ...size, bits: 12, view: "L-CC" });
    const file = mammogramFile(phantom, { view: "L-CC" }, { syntax: uids[syntax] });
    const view = new DataView(file.buffer);
    expect(view.getUint16(134, true)).toBe(0);
    const right = view.getUint32(140, true);
    for (const length of [0, 1, right - 20, right + 20, 0xffffffff]) {
      view.setUint32(140, length, true);
      expect((await readDicom(file)).image.pixels).toEqual(phantom.pixels);
    }
  });
});

describe("uncompressed transfer syntaxes", () => {
  for (const syntax of ["implicit", "explicit", "bigEndian", "deflated"] as const) {
    for (const inverted of [false, true]) {
      for (const [view, bits] of [
        ["L-CC", 8],
        ["R-MLO", 12],
        ["L-MLO", 16],
        ["R-CC", 10],
      ] as const) {
        it(`${syntax}, MONOCHROME${inverted ? 1 : 2}, ${bits} bits, ${view}`, async () => {
          const phantom = generatePhantom({ seed: 3, ...size, bits, view });
          const file = mammogramFile(phantom, { view, pixelSpacing: 0.07, inverted }, { syntax: uids[syntax] });
          const read = await readDicom(file);
          expect(read.image).toEqual({ ...size, bits, pixels: phantom.pixels });
          expect(read).toMatchObject({ view, laterality: view[0], pixelSpacing: 0.07, warnings: [] });
          expect(read.chestWall).toBe(view.startsWith("L") ? "left" : "right");
        });
      }
    }
  }
});
