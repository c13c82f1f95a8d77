/**
 * @module
 * The view that a file name contains, e.g. `case7_R-MLO.png`, `lcc.jpg`, `RIGHT MLO`. A guess that the user confirms.
 */
import type { View } from "../../src/phantom/index.ts";

const patterns: [RegExp, "before" | "after"][] = [
  [/(?:^|[^a-z])(l|r|left|right)[\s._-]*(cc|mlo)(?:[^a-z]|$)/i, "before"],
  [/(?:^|[^a-z])(cc|mlo)[\s._-]*(l|r|left|right)(?:[^a-z]|$)/i, "after"],
];

/** @returns undefined when the name does not say */
export function viewOfName(name: string): View | undefined {
  for (const [pattern, side] of patterns) {
    const match = pattern.exec(name);
    if (!match) continue;
    const [laterality, projection] = side === "before" ? [match[1], match[2]] : [match[2], match[1]];
    return `${laterality[0].toUpperCase() === "L" ? "L" : "R"}-${projection.toUpperCase() === "CC" ? "CC" : "MLO"}`;
  }
  return undefined;
}
