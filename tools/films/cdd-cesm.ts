/**
 * @module
 * CDD-CESM, low-energy images: at full resolution with hand-drawn regions, and 512 x 512 with masks. Pixel sizes are not given.
 */
import * as z from "zod";
import { bad, parseLabels, parsePositive, parseView, type Shape } from "./film.ts";
import { type ListReader, parseJson, pathIn } from "./list.ts";

/** Detector of the GE machine, 24 x 31 cm; a larger file is of the Hologic, as one in 27 is. Millimetres of a pixel of each. */
const GE = { height: 3062, width: 2394, side: 0.1 };
const HOLOGIC = { side: 0.07 };

/** Height of the breast's file before it became 512 pixels, mm: the median of the full files (CC), and a tenth more (MLO). */
const SMALL = { side: 512, CC: 223, MLO: 245 };

const regions = z.array(
  z.discriminatedUnion("name", [
    z.object({ name: z.literal("circle"), cx: z.number(), cy: z.number(), r: z.number().positive() }),
    z.object({
      name: z.literal("ellipse"),
      cx: z.number(),
      cy: z.number(),
      rx: z.number().positive(),
      ry: z.number().positive(),
    }),
    z.object({
      name: z.enum(["polygon", "polyline"]),
      all_points_x: z.array(z.number()),
      all_points_y: z.array(z.number()),
    }),
  ]),
);

function shapeOf(region: z.infer<typeof regions>[number]): Shape {
  if (region.name === "circle") return { cx: region.cx, cy: region.cy, rx: region.r, ry: region.r };
  if (region.name === "ellipse") return { cx: region.cx, cy: region.cy, rx: region.rx, ry: region.ry };
  return { points: region.all_points_x.map((x, i) => [x, region.all_points_y[i] ?? Number.NaN]) };
}

/** Right breasts have their chest wall at the right in this archive. */
function sideOf(side: string) {
  if (side !== "L" && side !== "R") throw bad("The side is not L or R.");
  return side === "L" ? ("left" as const) : ("right" as const);
}

/** Most normal images have no patient; files are in the order of the exams, so that a run of six is taken for one woman. */
function patientOf(patient: string, file: string): string {
  if (patient !== "") return `cesm-${patient}`;
  const number = /(\d+)\.\w+$/.exec(file);
  if (number === null) throw bad("There is no patient, and the file has no number.");
  return `cesm-run-${Math.floor(Number(number[1]) / 6)}`;
}

const densityOf = (density: string) => (density === "_" ? "" : density);

export const cesmFull: ListReader = {
  name: "CDD-CESM, full resolution",
  columns: ["file", "side", "label", "birads", "width", "height", "regions_json"],
  read(cell, list) {
    const labels = parseLabels(cell("label"));
    const size = { height: parsePositive(cell("height"), "height"), width: parsePositive(cell("width"), "width") };
    const isGe = size.height <= GE.height && size.width <= GE.width;
    const { side } = isGe ? GE : HOLOGIC;
    const kind = labels.malignant ? "malignant" : "benign";
    const drawn = cell("regions_json") === "" ? [] : parseJson(regions, cell("regions_json"));
    return {
      path: pathIn(list, cell("file"), "file"),
      patient: patientOf(cell("patient"), cell("file")),
      view: parseView(`${cell("side")}-${cell("view")}`),
      source: "cdd-cesm",
      scanner: isGe ? "1" : "2",
      density: densityOf(cell("density")),
      findings: "",
      labels,
      places: drawn.map((region) => ({ kind, ...shapeOf(region) })),
      masks: [],
      complete: true,
      spacing: { row: side, column: side },
      chestWall: sideOf(cell("side")),
      padded: false,
    };
  },
};

export const cesmSmall: ListReader = {
  name: "CDD-CESM, 512 x 512",
  columns: ["file", "side", "label", "mask", "n_regions", "machine"],
  read(cell, list) {
    const labels = parseLabels(cell("label"));
    const view = parseView(`${cell("side")}-${cell("view")}`);
    const side = (view.endsWith("CC") ? SMALL.CC : SMALL.MLO) / SMALL.side;
    const kind = labels.malignant ? "malignant" : "benign";
    return {
      path: pathIn(list, cell("file"), "file"),
      patient: patientOf(cell("patient"), cell("file")),
      view,
      source: "cdd-cesm",
      scanner: cell("machine"),
      density: densityOf(cell("density")),
      findings: "",
      labels,
      places: [],
      masks: [{ kind, path: pathIn(list, cell("mask"), "mask") }],
      complete: true,
      spacing: { row: side, column: side },
      chestWall: sideOf(cell("side")),
      padded: true,
    };
  },
};
