/**
 * @module
 * CBIS-DDSM: whole films stretched to 800 x 800, with boxes.
 */
import * as z from "zod";
import { kinds } from "../evaluate/test-case.ts";
import { bad, type Film, inBox, onlyKind, parseView } from "./film.ts";
import { type ListReader, parseJson, pathIn } from "./list.ts";

/** Side of the stretched files. */
const SIDE = 800;

/**
 * Millimetres of a scanned pixel, by digitiser: A is DDSM's DBA, D its Howtek of ISMD, C its Lumisys. B comes as 0.05, not as the
 * 0.0435 of DDSM's Howtek: only so are its films 235 and 290 mm high, which is 18 x 24 and 24 x 30 cm, as those of the others.
 */
export const SCANNERS: Record<string, number> = { A: 0.042, B: 0.05, C: 0.05, D: 0.0435 };

/** Sizes of films that can be, mm, and width / height; what is estimated outside of them is taken as `USUAL`. */
const HEIGHT = [170, 310] as const;
const WIDTH = [70, 250] as const;
const RATIO = [0.3, 0.95] as const;
const USUAL = { height: 250, width: 0.59 * 250 };

const boxes = z.array(z.tuple([z.number(), z.number(), z.number().positive(), z.number().positive()]));

const within = (value: number, [low, high]: readonly [number, number]) => value >= low && value <= high;

/** Height and width of the film, mm. */
function filmSize(scanner: string, height: string, width: string): { height: number; width: number } {
  const side = SCANNERS[scanner];
  if (side === undefined) throw bad("The scanner is not A, B, C or D.");
  const size = { height: Number(height) * side, width: Number(width) * side };
  const possible = within(size.height, HEIGHT) && within(size.width, WIDTH) && within(size.width / size.height, RATIO);
  return possible ? size : USUAL;
}

export const cbisFilms: ListReader = {
  name: "CBIS-DDSM films",
  columns: [
    "file",
    "side",
    "pathology",
    "boxes_xywh_800",
    "box_label_known",
    "native_w_est",
    "native_h_est",
    "scanner",
  ],
  read(cell, list) {
    const pathology = cell("pathology").split("|");
    if (!pathology.every((one) => /^(MALIGNANT|BENIGN(_WITHOUT_CALLBACK)?)$/.test(one))) {
      throw bad("The pathology is not MALIGNANT, BENIGN or BENIGN_WITHOUT_CALLBACK.");
    }
    const malignant = pathology.includes("MALIGNANT");
    const labels = { malignant, benign: pathology.some((one) => one !== "MALIGNANT") };
    const known = cell("box_label_known") === "1";
    const size = filmSize(cell("scanner"), cell("native_h_est"), cell("native_w_est"));
    const kind = known ? onlyKind(labels) : "unknown";
    return {
      path: pathIn(list, cell("file"), "file"),
      patient: `cbis-${cell("patient")}`,
      view: parseView(`${cell("side").slice(0, 1)}-${cell("view")}`),
      source: "cbis-ddsm",
      scanner: cell("scanner"),
      density: cell("breast_density"),
      findings: [cell("mass_shape"), cell("mass_margins"), cell("assessment")].join(" / "),
      labels,
      places: parseJson(boxes, cell("boxes_xywh_800")).map((box) => ({ kind, ...inBox(...box) })),
      masks: [],
      complete: known && kinds.some((one) => kind === one),
      spacing: { row: size.height / SIDE, column: size.width / SIDE },
      chestWall: undefined,
      padded: false,
    } satisfies Omit<Film, "list" | "line">;
  },
};
