/**
 * @module
 * The column `places` of a `labels.csv`: `malignant ellipse 100 200 30 20; benign polygon 10 10 40 10 40 30`.
 */
import type { Kind } from "../evaluate/test-case.ts";
import { bad, inBox, onlyKind, type Place, type PlaceKind, type Shape } from "./film.ts";

/** What each shape's numbers are called; a polygon has three points or more. */
export const SHAPES: Record<string, { numbers: readonly string[]; of: (n: readonly number[]) => Shape }> = {
  circle: { numbers: ["x", "y", "r"], of: ([cx, cy, r]) => ({ cx, cy, rx: r, ry: r }) },
  ellipse: { numbers: ["x", "y", "rx", "ry"], of: ([cx, cy, rx, ry]) => ({ cx, cy, rx, ry }) },
  box: { numbers: ["x", "y", "width", "height"], of: ([x, y, width, height]) => inBox(x, y, width, height) },
};

/**
 * Places, separated by semicolons: the class, which may be missing where the film has only one, the shape, its numbers.
 * @throws GlamError `invalid-request`
 */
export function parsePlaces(text: string, labels: Record<Kind, boolean>): Place[] {
  return text
    .split(";")
    .map((one) => one.trim())
    .filter((one) => one !== "")
    .map((one) => parsePlace(one.split(/[\s,]+/), onlyKind(labels)));
}

function parsePlace(words: readonly string[], otherwise: PlaceKind): Place {
  const named = words[0] === "benign" || words[0] === "malignant" ? words[0] : undefined;
  const [shape, ...rest] = named === undefined ? words : words.slice(1);
  return { kind: named ?? otherwise, ...parseShape(shape, rest.map(Number)) };
}

function parseShape(name: string | undefined, numbers: readonly number[]): Shape {
  if (!numbers.every(Number.isFinite)) throw bad("A place has something that is no number.");
  if (name === "polygon") {
    if (numbers.length < 6 || numbers.length % 2 === 1) throw bad("A polygon needs x and y of three points or more.");
    return { points: Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]]) };
  }
  const known = SHAPES[name ?? ""];
  if (known === undefined) throw bad("A place is no circle, ellipse, box or polygon.");
  if (numbers.length !== known.numbers.length) throw bad(`A ${name} has ${known.numbers.length} numbers.`);
  const shape = known.of(numbers);
  if ("rx" in shape && !(shape.rx > 0 && shape.ry > 0)) throw bad("A place has no area.");
  return shape;
}
