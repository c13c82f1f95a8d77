import { describe, expect, it } from "vitest";
import { cropBreast } from "./crop-breast.ts";
import { maskOf } from "./fixture.ts";
import type { Mask } from "./morphology.ts";
import { placeWindow } from "./place-window.ts";

describe("the crop", () => {
  const mask = maskOf(
    "............",
    ".....#......",
    "####........",
    "#####.......",
    "######......",
    "#####.......",
    "####.....##.",
    ".........##.",
    "............",
  );

  it("is the opened component with a buffer, clipped to the image", () => {
    expect(cropBreast(mask, { erosion: 0, buffer: 0 })).toEqual({
      box: { top: 2, left: 0, height: 5, width: 6 },
      rightmost: 5,
    });
    expect(cropBreast(mask, { erosion: 1, buffer: 1 }).box).toEqual({ top: 1, left: 0, height: 7, width: 7 });
    expect(cropBreast(mask, { erosion: 1, buffer: 50 }).box).toEqual({ top: 0, left: 0, height: 9, width: 12 });
  });

  it("counts what lies beyond the image as background: a sheet at the edge that is too thin is eroded away", () => {
    const corner = maskOf("####", "####", "....", "....");
    // Two rows survive one erosion only if the outside does not erode.
    expect(() => cropBreast(corner, { erosion: 1, buffer: 0 })).toThrow(
      expect.objectContaining({ code: "breast-not-found" }),
    );
  });

  it("looks for the rightmost point below the top third", () => {
    const muscle = maskOf("#######", "#######", "###....", "####...", "####...", "###....");
    expect(cropBreast(muscle, { erosion: 0, buffer: 0 }).rightmost).toBe(3);
    const flat = maskOf("#######", "#######", "###....", "####...", "####...");
    // floor(5 / 3) = 1: the second row counts.
    expect(cropBreast(flat, { erosion: 0, buffer: 0 }).rightmost).toBe(6);
  });

  it("finds nothing where nothing is", () => {
    expect(() => cropBreast(maskOf("....", "...."), { erosion: 0, buffer: 0 })).toThrow(
      expect.objectContaining({ code: "breast-not-found" }),
    );
  });
});

/** Every row that the window can have, counted pixel by pixel. */
function bruteForce(crop: Mask, height: number, width: number, col: number): number {
  const centres: number[] = [];
  crop.data.forEach((v, i) => {
    if (v === 1) centres.push(Math.floor(i / crop.width));
  });
  const centre = centres.reduce((a, b) => a + b, 0) / centres.length;
  const candidates = Array.from({ length: crop.height - height + 1 }, (_, row) => {
    let held = 0;
    for (let y = row; y < row + height; y++) {
      for (let x = col; x < Math.min(crop.width, col + width); x++) held += crop.data[y * crop.width + x];
    }
    return { row, held, distance: Math.abs(row + (height - 1) / 2 - centre) };
  });
  candidates.sort((a, b) => b.held - a.held || a.distance - b.distance || a.row - b.row);
  return candidates[0].row;
}

describe("the window", () => {
  const empty = (height: number, width: number): Mask => ({ height, width, data: new Uint8Array(height * width) });

  it.each([
    ["CC", 5, 10, -2],
    ["CC", 6, 10, -2],
    ["CC", 9, 10, 0],
    ["CC", 10, 10, 0],
    ["MLO", 5, 10, 0],
    ["MLO", 9, 10, 0],
  ] as const)("pads a %s crop of %i rows in %i rows from %i", (projection, height, canvas, row) => {
    const window = placeWindow(empty(height, 4), { height: canvas, width: 6 }, 3, projection);
    expect(window).toEqual({ row, col: 0 });
    expect(Object.is(window.row, -0)).toBe(false);
  });

  it("has its right edge on the rightmost point, inside the crop", () => {
    const canvas = { height: 4, width: 6 };
    const col = (rightmost: number) => placeWindow(empty(4, 12), canvas, rightmost, "CC").col;
    expect([3, 5, 6, 9, 11].map(col)).toEqual([0, 0, 1, 4, 6]);
    expect(placeWindow(empty(4, 6), canvas, 5, "CC").col).toBe(0);
  });

  it("holds the most foreground", () => {
    const crop = maskOf("#....", "##...", "###..", "####.", "##...", "#....", ".....");
    expect(placeWindow(crop, { height: 3, width: 5 }, 3, "MLO")).toEqual({ row: 2, col: 0 });
  });

  it("is nearest the centre of mass when several hold as much, then the upper one", () => {
    const column = (...rows: number[]): Mask => ({ height: rows.length, width: 1, data: Uint8Array.from(rows) });
    const canvas = { height: 3, width: 1 };
    expect(placeWindow(column(0, 0, 0, 1, 0, 0, 0), canvas, 0, "CC").row).toBe(2);
    expect(placeWindow(column(1, 1, 1, 1), canvas, 0, "CC").row).toBe(0);
    expect(placeWindow(column(0, 0, 0, 0, 0), canvas, 0, "CC").row).toBe(1);
  });

  it("equals a search by brute force", () => {
    let state = 7;
    const random = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    for (let n = 0; n < 60; n++) {
      const [height, width] = [3 + Math.floor(random() * 12), 1 + Math.floor(random() * 9)];
      const crop = { height, width, data: new Uint8Array(height * width).map(() => (random() < 0.3 ? 1 : 0)) };
      crop.data[0] = 1;
      const canvas = { height: 1 + Math.floor(random() * (height - 1)), width: 1 + Math.floor(random() * 9) };
      const { row, col } = placeWindow(crop, canvas, Math.floor(random() * width), n % 2 ? "CC" : "MLO");
      expect(row).toBe(bruteForce(crop, canvas.height, canvas.width, col));
    }
  });
});
