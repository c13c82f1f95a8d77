/**
 * @module
 * `labels.csv`, the list that everybody can write.
 */
import { basename } from "node:path";
import { kinds } from "../evaluate/test-case.ts";
import { bad, type Film, parseLabels, parsePositive, parseView } from "./film.ts";
import { type ListReader, pathIn } from "./list.ts";
import { parsePlaces } from "./places-column.ts";

/** Every column; the first two are needed. */
export const columns = [
  "file",
  "label",
  "view",
  "patient",
  "source",
  "scanner",
  "density",
  "findings",
  "pixel_spacing",
  "pixel_spacing_row",
  "pixel_spacing_column",
  "chest_wall",
  "places",
  "places_complete",
  "mask_benign",
  "mask_malignant",
] as const;

export const labelsCsv: ListReader = {
  name: "labels.csv",
  columns: ["file", "label"],
  read(cell, list) {
    const labels = parseLabels(cell("label"));
    const source = cell("source") || basename(list.folder);
    const wall = cell("chest_wall");
    if (wall !== "" && wall !== "left" && wall !== "right") throw bad("The chest_wall is not left or right.");
    const complete = cell("places_complete");
    if (!["", "0", "1"].includes(complete)) throw bad("places_complete is not 0 or 1.");
    return {
      path: pathIn(list, cell("file"), "file"),
      patient: cell("patient") === "" ? undefined : `${source}/${cell("patient")}`,
      view: cell("view") === "" ? undefined : parseView(cell("view")),
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
      spacing: spacingOf(cell),
      chestWall: wall === "" ? undefined : wall,
      padded: false,
    };
  },
};

function spacingOf(cell: (column: string) => string): Film["spacing"] {
  const of = (column: string) => parsePositive(cell(column), column);
  if (cell("pixel_spacing") !== "") return { row: of("pixel_spacing"), column: of("pixel_spacing") };
  if (cell("pixel_spacing_row") === "" && cell("pixel_spacing_column") === "") return undefined;
  return { row: of("pixel_spacing_row"), column: of("pixel_spacing_column") };
}
