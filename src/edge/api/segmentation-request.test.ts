import { describe, expect, test } from "vitest";
import { InvalidRequest } from "./problem-document.ts";
import { parseSegmentationRequest } from "./segmentation-request.ts";

const good = { view: "L-CC", canvas: { height: 128, width: 96 }, tile: { height: 64, width: 64 } };

/** The paths that are refused. */
function wrongPaths(text: string): string[] {
  try {
    parseSegmentationRequest(text, false);
  } catch (error) {
    if (error instanceof InvalidRequest) return error.errors.map(({ path }) => path);
    throw error;
  }
  return [];
}

describe("parseSegmentationRequest", () => {
  test("fills in defaults", () => {
    expect(parseSegmentationRequest(JSON.stringify(good), false)).toEqual({
      ...good,
      outputs: ["maps", "contours"],
    });
    expect(parseSegmentationRequest('{"view":"R-MLO","outputs":[]}', true).outputs).toEqual([]);
  });

  test.each([
    [{ view: "left" }, "/view"],
    [{ view: null }, "/view"],
    [{ regions: 0 }, "/regions"],
    [{ regions: 17 }, "/regions"],
    [{ regions: 1.5 }, "/regions"],
    [{ regions: -1 }, "/regions"],
    [{ regions: "2" }, "/regions"],
    [{ threshold: -0.1 }, "/threshold"],
    [{ threshold: 1.1 }, "/threshold"],
    [{ threshold: null }, "/threshold"],
    [{ pixelSpacing: 0 }, "/pixelSpacing"],
    [{ pixelSpacing: -0.07 }, "/pixelSpacing"],
    [{ canvas: { height: -128, width: 96 } }, "/canvas/height"],
    [{ canvas: { height: 128 } }, "/canvas/width"],
    [{ tile: { height: 1e9, width: 64 } }, "/tile/height"],
    [{ tile: [64, 64] }, "/tile"],
    [{ model: "../secret" }, "/model"],
    [{ model: "" }, "/model"],
    [{ outputs: ["maps", "maps"] }, "/outputs"],
    [{ outputs: ["masks"] }, "/outputs/0"],
    [{ outputs: "maps" }, "/outputs"],
    [{ canvas: undefined }, "/canvas"],
    [{ tile: undefined }, "/tile"],
    [{ patientName: "Doe" }, ""],
  ])("%j is refused at %s", (change, path) => {
    expect(wrongPaths(JSON.stringify({ ...good, ...change }))).toEqual([path]);
  });

  test.each(["1e999", "-1e999"])("%s, which JSON.parse reads as infinite, is refused", (number) => {
    expect(
      wrongPaths(
        `{"view":"L-CC","canvas":{"height":128,"width":96},"tile":{"height":64,"width":64},"threshold":${number}}`,
      ),
    ).toEqual(["/threshold"]);
  });

  test("a field called __proto__ is an unknown field", () => {
    expect(wrongPaths(`{"__proto__":{"view":"L-CC"},${JSON.stringify(good).slice(1)}`)).toEqual([""]);
  });

  test.each(["[]", "null", "3", '"L-CC"'])("%s is no request", (text) => {
    expect(wrongPaths(text)).toEqual([""]);
  });

  test("all wrong fields are named at once, and none of their content", () => {
    const text = JSON.stringify({ ...good, view: "Doe-Jane", regions: -1, "Doe, Jane": 1 });
    try {
      parseSegmentationRequest(text, false);
      expect.unreachable();
    } catch (error) {
      const { errors, message } = error as InvalidRequest;
      expect(errors).toHaveLength(3);
      expect(JSON.stringify(errors) + message).not.toContain("Doe");
    }
  });
});
