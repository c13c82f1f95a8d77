import { describe, expect, it } from "vitest";
import { convert, hasTool } from "../../../test/support/debian-tools.ts";
import { mammogramFile } from "../../../test/support/dicom-mammogram.ts";
import { generatePhantom } from "../../phantom/index.ts";
import { readDicom } from "./index.ts";

const size = { height: 150, width: 101 };
const tools = ["dcmconv", "dcmcrle", "dcmcjpeg", "dcmcjpls"].filter(hasTool);

/** Program, options, bits, largest error. */
const conversions: [string, string[], number[], number][] = [
  ["dcmconv", ["+ti"], [8, 12, 16], 0],
  ["dcmconv", ["+te"], [8, 12, 16], 0],
  ["dcmconv", ["+tb"], [8, 12, 16], 0],
  ["dcmconv", ["+td"], [8, 12, 16], 0],
  ["dcmconv", ["+te", "+e"], [12], 0],
  ["dcmcrle", [], [8, 12, 16], 0],
  ["dcmcrle", ["+fs", "2"], [16], 0],
  ["dcmcjpeg", ["+e1"], [8, 12, 16], 0],
  ...[1, 2, 3, 4, 5, 6, 7].map((n): [string, string[], number[], number] => [
    "dcmcjpeg",
    ["+el", "+sv", String(n)],
    [8, 12, 16],
    0,
  ]),
  ["dcmcjpeg", ["+eb", "+q", "95"], [8], 12],
  ["dcmcjpeg", ["+ee", "+q", "95"], [8], 12],
  ["dcmcjpeg", ["+ee", "+q", "98", "+bt"], [12], 24],
  ["dcmcjpeg", ["+ee", "+q", "90", "+bt"], [12], 120],
  ["dcmcjpls", [], [8, 12, 16], 0],
  ["dcmcjpls", ["+en", "+md", "1"], [8, 12], 1],
  ["dcmcjpls", ["+fs", "2"], [12], 0],
];

describe.each(conversions)("%s %j", (program, options, depths, bound) => {
  it.skipIf(!tools.includes(program)).each(depths)("%i bits", async (bits) => {
    for (const inverted of [false, true]) {
      const phantom = generatePhantom({ seed: 8, ...size, bits, view: "R-CC" });
      const file = mammogramFile(phantom, { view: "R-CC", pixelSpacing: 0.1, inverted });
      const { image, view, pixelSpacing } = await readDicom(convert(program, options, file));
      expect({ view, pixelSpacing }).toEqual({ view: "R-CC", pixelSpacing: 0.1 });
      expect(image).toMatchObject({ ...size, bits });
      let worst = 0;
      for (let i = 0; i < image.pixels.length; i++) {
        worst = Math.max(worst, Math.abs(image.pixels[i] - phantom.pixels[i]));
      }
      expect(worst).toBeLessThanOrEqual(bound);
    }
  });
});
