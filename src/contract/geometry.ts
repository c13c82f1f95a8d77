/**
 * @module
 * Views, sizes and boxes as they travel over HTTP; boxes in canvas pixels.
 */
import * as z from "zod";
import { views } from "../glam/view.ts";

/** A view of a breast. */
export const viewSchema = z.enum(views);

/** Height and width in pixels or cells. */
export const sizeSchema = z
  .strictObject({ height: z.int().min(1).max(16384), width: z.int().min(1).max(16384) })
  .meta({ id: "Size", description: "Height and width in pixels." });

/** A box in canvas pixels; a region's box may reach outside the canvas. */
export const boxSchema = z
  .strictObject({ top: z.int(), left: z.int(), height: z.int().min(1), width: z.int().min(1) })
  .meta({ id: "Box", description: "A box in canvas pixels, top left corner first." });

/** One number for each class. */
export const perClassSchema = z
  .strictObject({ benign: z.number().min(0).max(1), malignant: z.number().min(0).max(1) })
  .meta({ id: "PerClass", description: "One uncalibrated number from 0 to 1 for each class." });
