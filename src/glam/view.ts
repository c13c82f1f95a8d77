/**
 * @module
 * The four standard views of a screening mammogram.
 */
import * as z from "zod";

/** A view: laterality (left, right breast), then projection (craniocaudal, mediolateral oblique). */
export const viewSchema = z.enum(["L-CC", "L-MLO", "R-CC", "R-MLO"]);

/** The validated view. */
export type View = z.infer<typeof viewSchema>;

/** Direction of the X-rays. MLO views show the pectoral muscle and are padded at the bottom only. */
export const projectionOf = (view: View): "CC" | "MLO" => (view.endsWith("-MLO") ? "MLO" : "CC");
