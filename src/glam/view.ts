/**
 * @module
 * The four standard views of a screening mammogram.
 */

/** All views, in the order that everything here uses. */
export const views = ["L-CC", "L-MLO", "R-CC", "R-MLO"] as const;

/** A view: laterality (left, right breast), then projection (craniocaudal, mediolateral oblique). */
export type View = (typeof views)[number];

/** Direction of the X-rays. MLO views show the pectoral muscle and are padded at the bottom only. */
export const projectionOf = (view: View): "CC" | "MLO" => (view.endsWith("-MLO") ? "MLO" : "CC");
