/**
 * @module
 * `labels.csv` of a folder of films, as mini-MIAS has it: image labels, and circles that only an evaluation may read.
 */
import { GlamError } from "../../src/glam/problem.ts";
import { type Kind, kinds } from "./test-case.ts";

/** A circle around a lesion in source pixels, origin at the top left. */
export type Circle = { kind: Kind; x: number; y: number; radius: number };

/** One row. */
export type FilmLabel = {
  image: string;
  patient: string;
  labels: Record<Kind, boolean>;
  /** How many lesions were annotated, with or without a circle. */
  annotations: number;
  circles: Circle[];
};

const needed = ["image", "patient", "label"] as const;

/**
 * Reads the file. Columns: `image` (file name without `.png`), `patient`, `label` (normal, benign, malignant, or both as
 * `benign+malignant`); optional `n_annotations` and `circles_xyr_toporigin` (`KIND:B|M:x:y:radius`, separated by `;`).
 * @throws GlamError `invalid-request`, with the number of the line that cannot be read
 */
export function parseFilmLabels(text: string): FilmLabel[] {
  const [header = "", ...lines] = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const columns = header.split(",").map((name) => name.trim());
  for (const name of needed) {
    if (!columns.includes(name)) {
      throw bad(1, `has no column "${name}"; needed are ${needed.join(", ")}, then circles_xyr_toporigin`);
    }
  }
  const seen = new Set<string>();
  const rows: FilmLabel[] = [];
  lines.forEach((line, i) => {
    if (line.trim() === "") return;
    const cells = line.split(",").map((cell) => cell.trim());
    if (cells.length !== columns.length) throw bad(i + 2, `has ${cells.length} fields, the header ${columns.length}`);
    const row = parseRow(i + 2, (name) => cells[columns.indexOf(name)] ?? "");
    if (seen.has(row.image)) throw bad(i + 2, "names an image for the second time");
    seen.add(row.image);
    rows.push(row);
  });
  if (rows.length === 0) throw bad(2, "is missing: there are no films in it");
  return rows;
}

function parseRow(line: number, cell: (name: string) => string): FilmLabel {
  const image = cell("image");
  if (!/^[\w.-]+$/.test(image) || image.startsWith(".")) {
    throw bad(line, "has an image that is no plain file name; give the name without folder and .png");
  }
  const patient = cell("patient");
  if (patient === "") throw bad(line, "has no patient; films of one patient must not be told apart by chance");
  const label = cell("label");
  const parts = label.split("+");
  if (label !== "normal" && !parts.every((part) => part === "benign" || part === "malignant")) {
    throw bad(line, "has a label that is not normal, benign, malignant or benign+malignant");
  }
  const circles = cell("circles_xyr_toporigin")
    .split(";")
    .filter((text) => text !== "")
    .map((text) => parseCircle(line, text));
  const count = cell("n_annotations");
  if (count !== "" && !/^\d+$/.test(count)) throw bad(line, "has an n_annotations that is not a whole number");
  return {
    image: image.replace(/\.png$/i, ""),
    patient,
    labels: { benign: parts.includes("benign"), malignant: parts.includes("malignant") },
    annotations: count === "" ? circles.length : Number(count),
    circles,
  };
}

function parseCircle(line: number, text: string): Circle {
  const match = /^[A-Z]+:([BM]):(\d+(?:\.\d+)?):(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(text);
  if (!match || Number(match[4]) === 0) throw bad(line, "has a circle that is not KIND:B or M:x:y:radius");
  return { kind: kinds[match[1] === "B" ? 0 : 1], x: Number(match[2]), y: Number(match[3]), radius: Number(match[4]) };
}

const bad = (line: number, what: string): GlamError =>
  new GlamError("invalid-request", `Line ${line} of labels.csv ${what}.`, { at: "labels.csv" });
