/**
 * @module
 * mini-MIAS: MLO films of 0.2 mm, with circles.
 */
import { bad, type Place, parseLabels } from "./film.ts";
import { type ListReader, pathIn } from "./list.ts";

/** Millimetres of a pixel. */
const SIDE = 0.2;

export const miniMias: ListReader = {
  name: "mini-MIAS",
  columns: ["image", "patient", "label", "n_annotations", "circles_xyr_toporigin"],
  read(cell, list) {
    const labels = parseLabels(cell("label"));
    const number = /(\d+)$/.exec(cell("image"));
    if (number === null) throw bad("The image's name does not end with a number, which says the side.");
    const places = cell("circles_xyr_toporigin")
      .split(";")
      .filter((text) => text !== "")
      .map(parseCircle);
    if (!/^\d*$/.test(cell("n_annotations"))) throw bad("n_annotations is not a whole number.");
    return {
      path: pathIn(list, `${cell("image")}.png`, "image"),
      patient: cell("patient") === "" ? undefined : `mini-mias/${cell("patient")}`,
      view: Number(number[1]) % 2 === 0 ? "R-MLO" : "L-MLO",
      source: "mini-mias",
      scanner: "",
      density: cell("tissue"),
      findings: "",
      labels,
      places,
      masks: [],
      complete: places.length >= Number(cell("n_annotations")),
      spacing: { row: SIDE, column: SIDE },
      chestWall: undefined,
      padded: false,
    };
  },
};

function parseCircle(text: string): Place {
  const match = /^[A-Z]+:([BM]):(\d+(?:\.\d+)?):(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(text);
  const [, severity, x, y, radius] = match ?? [];
  if (!match || Number(radius) === 0) throw bad("A circle is not KIND:B or M:x:y:radius.");
  const kind = severity === "B" ? "benign" : "malignant";
  return { kind, cx: Number(x), cy: Number(y), rx: Number(radius), ry: Number(radius) };
}
