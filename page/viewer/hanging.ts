/**
 * @module
 * The order in which views hang side by side: right breast on the left, chest walls towards each other, CC above MLO.
 */
import type { View } from "../../src/phantom/index.ts";

const order: readonly (View | undefined)[] = ["R-CC", "L-CC", "R-MLO", "L-MLO", undefined];

/** Images in that order; those without a view last. */
export const hangingOrder = <T extends { view?: View }>(images: readonly T[]): T[] =>
  [...images].sort((a, b) => order.indexOf(a.view) - order.indexOf(b.view));
