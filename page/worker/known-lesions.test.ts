import { expect, test } from "vitest";
import { mapping } from "../../src/device/preprocess/mapping.ts";
import { generatePhantom } from "../../src/phantom/index.ts";
import { lesionsOfPhantom, onCanvas } from "./known-lesions.ts";

test("a phantom's outlines enclose its masks", () => {
  const phantom = generatePhantom({ seed: 9, height: 368, width: 240, bits: 8, view: "R-MLO", lesions: 2 });
  const known = lesionsOfPhantom(phantom);
  expect(known.map(({ kind }) => kind)).toEqual(phantom.lesions.map(({ kind }) => kind));
  known.forEach(({ rings, words }, i) => {
    // The shoelace formula; holes run the other way round.
    const area = rings
      .flatMap((ring) =>
        ring.map(([x, y], k) => x * ring[(k + 1) % ring.length][1] - ring[(k + 1) % ring.length][0] * y),
      )
      .reduce((sum, part) => sum + part / 2, 0);
    expect(Math.abs(area)).toBe(phantom.lesions[i].area);
    expect(words).toMatch(/mass|calcifications/);
    const xs = rings.flat().map(([x]) => x);
    expect([Math.min(...xs), Math.max(...xs)]).toEqual([
      phantom.lesions[i].box.left,
      phantom.lesions[i].box.left + phantom.lesions[i].box.width,
    ]);
  });
});

test("on the canvas they are scaled, moved and mirrored with the pixels", () => {
  const placement = { width: 100, mirrored: true, scale: 0.5, box: { top: 4, left: 6 }, window: { row: -2, col: 0 } };
  const known = [{ kind: "benign", words: "mass", rings: [[[90, 20]]] }] as const;
  // From the right edge 10 pixels, 5 at half scale, 6 of which are cropped; from the top 10, 4 cropped and 2 padded.
  expect(
    onCanvas(
      known.map((one) => ({ ...one, rings: [[[90, 20]]] })),
      mapping(placement),
    )[0].rings,
  ).toEqual([[[-1, 8]]]);
});
