/**
 * @module
 * `labels.csv`, the list of a user's own images.
 */
import { basename } from "node:path";
import { kinds } from "../evaluate/test-case.ts";
import { bad, type Film, parseLabels, parsePositive, parseView } from "./film.ts";
import { type ListPlace, type ListReader, pathIn } from "./list.ts";
import { parsePlaces } from "./places-column.ts";

/** What a column holds, and what its absence means. */
type Column = { what: string; without: string };

/** Every column; the first two are needed. docs/reference/labels-csv.md is generated from it. */
export const columns: Record<string, Column> = {
  file: {
    what: "DICOM, PNG, JPEG or PGM (P5), beside or below the list",
    without: "the row is left out",
  },
  label: {
    what: "`normal`, `benign`, `malignant` or `benign+malignant`",
    without: "the row is left out",
  },
  view: {
    what: "`L-CC`, `L-MLO`, `R-CC`, `R-MLO`",
    without: "the DICOM header says it",
  },
  patient: {
    what: "any name; images of one woman are drawn, and split, together",
    without: "a warning: the image counts as a woman of its own, so intervals are too narrow",
  },
  source: { what: "any words; figures are printed by each", without: "the folder's name" },
  scanner: { what: "any words; figures are printed by each", without: '"not known"' },
  density: { what: "any words; figures are printed by each", without: '"not known"' },
  findings: {
    what: "what was said of the lesions; training may weigh labels by it",
    without: "nothing",
  },
  pixel_spacing: {
    what: "mm from one pixel to the next",
    without: "the DICOM header says it; else the breast is fitted, with a warning",
  },
  pixel_spacing_row: {
    what: "mm from one row to the next, of a stretched file, which is brought back",
    without: "`pixel_spacing` counts",
  },
  pixel_spacing_column: {
    what: "mm from one column to the next, of a stretched file",
    without: "`pixel_spacing` counts",
  },
  chest_wall: { what: "`left` or `right`", without: "it is found in the pixels" },
  places: {
    what: "lesions, separated by semicolons; in pixels of the file",
    without: "figures that need places are `-`",
  },
  places_complete: {
    what: "`0`: there are lesions that `places` does not have; else `1`",
    without: "`1`",
  },
  mask_benign: {
    what: "an image as large as the file, not 0 where a benign lesion is",
    without: "no mask",
  },
  mask_malignant: { what: "the same for malignant lesions", without: "no mask" },
};

export const labelsCsv: ListReader = {
  name: "labels.csv",
  columns: ["file", "label"],
  read(cell, list) {
    const labels = parseLabels(cell("label"));
    const source = cell("source") || basename(list.folder);
    const { patient, ...facts } = readFacts(cell, list);
    const complete = cell("places_complete");
    if (!["", "0", "1"].includes(complete)) throw bad("places_complete is not 0 or 1.");
    return {
      ...facts,
      patient: patient === undefined ? undefined : `${source}/${patient}`,
      source,
      scanner: cell("scanner"),
      density: cell("density"),
      findings: cell("findings"),
      labels,
      places: parsePlaces(cell("places"), labels),
      masks: kinds.flatMap((kind) => {
        const file = cell(`mask_${kind}`);
        return file === "" ? [] : [{ kind, path: pathIn(list, file, `mask_${kind}`) }];
      }),
      complete: complete !== "0",
      padded: false,
    };
  },
};

/** What a row says of its file, labels apart; `patient` as the list has it. */
export type ListedFacts = Pick<Film, "path" | "patient" | "view" | "spacing" | "chestWall">;

/** @throws GlamError `invalid-request` about this row */
export function readFacts(cell: (column: string) => string, list: ListPlace): ListedFacts {
  const wall = cell("chest_wall");
  if (wall !== "" && wall !== "left" && wall !== "right") throw bad("The chest_wall is not left or right.");
  return {
    path: pathIn(list, cell("file"), "file"),
    patient: cell("patient") || undefined,
    view: cell("view") === "" ? undefined : parseView(cell("view")),
    spacing: spacingOf(cell),
    chestWall: wall === "" ? undefined : wall,
  };
}

function spacingOf(cell: (column: string) => string): Film["spacing"] {
  const of = (column: string) => parsePositive(cell(column), column);
  if (cell("pixel_spacing") !== "") return { row: of("pixel_spacing"), column: of("pixel_spacing") };
  if (cell("pixel_spacing_row") === "" && cell("pixel_spacing_column") === "") return undefined;
  return { row: of("pixel_spacing_row"), column: of("pixel_spacing_column") };
}
