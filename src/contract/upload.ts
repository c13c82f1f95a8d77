/**
 * @module
 * Uploads that come tile by tile.
 */
import * as z from "zod";
import { sizeSchema } from "./geometry.ts";
import { segmentationRequestSchema } from "./request.ts";

/** The body of `POST /v1/uploads`: the request of a segmentation in tiles. */
export const uploadRequestSchema = segmentationRequestSchema
  .extend({
    canvas: sizeSchema.describe("Size of the preprocessed image; must be the model's."),
    tile: sizeSchema.describe("Size of a full tile."),
  })
  .meta({ id: "UploadRequest" });

/** A tile that is there. */
export const receivedTileSchema = z
  .strictObject({
    row: z.int().min(0),
    col: z.int().min(0),
    bytes: z.int().min(0),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe("SHA-256 of the tile's file, in hex."),
  })
  .meta({ id: "ReceivedTile" });

/** An upload and the tiles that have arrived. */
export const uploadSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[A-Za-z0-9_-]{48}$/)
      .describe("Whoever knows it can use the upload: keep it as secret as the image."),
    expiresAt: z.iso.datetime().describe("When everything is deleted; each tile moves it, up to a hard end."),
    rows: z.int().min(1),
    columns: z.int().min(1),
    received: z.array(receivedTileSchema).describe("The tiles that are there, by row, then by column."),
    limits: z.strictObject({
      maxTileBytes: z.int().min(1).describe("Bytes of one tile."),
      maxBytes: z.int().min(1).describe("Bytes of all tiles together."),
    }),
  })
  .meta({ id: "Upload" });

/** An upload and the tiles that have arrived. */
export type Upload = z.infer<typeof uploadSchema>;
