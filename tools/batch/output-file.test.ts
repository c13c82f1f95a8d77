import { expect, test } from "vitest";
import { outputFile } from "./output-file.ts";

test("no folder of the archive has the path of an output", () => {
  expect(outputFile("a", "overlay")).toBe("views/a.overlay.png");
  expect(outputFile("a.overlay.png/b.dcm", "contours")).toBe("views/a.overlay.png~/b.dcm.contours.json");
});

test("a long name is cut, and told from others", () => {
  const [one, other] = ["x", "y"].map((last) => outputFile(`deep/${"é".repeat(120)}${last}`, "dicom-seg"));
  expect(Buffer.byteLength(one)).toBeLessThan(255);
  expect(one).not.toBe(other);
});
