/**
 * @module
 * A tile's grey pixels to a file that the service accepts.
 */
import { encode } from "fast-png";
import { GlamError } from "../../glam/problem.ts";
import type { Size } from "../../glam/spec.ts";
import { encodeGreyJpeg } from "./grey-jpeg.ts";

/** PNG keeps every bit; JPEG is smaller and has 8 bits. */
export type TileEncoding = "png" | "jpeg";

/** File bytes and their media type. */
export type EncodedImage = { bytes: Uint8Array<ArrayBuffer>; type: "image/png" | "image/jpeg" };

/** High enough that the error stays below the noise of a film. */
const JPEG_QUALITY = 95;

/** @throws GlamError `tile-bit-depth` when 16-bit pixels are to become a JPEG */
export function encodeTile(
  { height, width, pixels }: Size & { pixels: Uint8Array | Uint16Array },
  encoding: TileEncoding,
): EncodedImage {
  if (encoding === "png") {
    const depth = pixels instanceof Uint8Array ? 8 : 16;
    const bytes = encode({ width, height, data: pixels, channels: 1, depth });
    return { bytes: new Uint8Array(bytes), type: "image/png" };
  }
  if (pixels instanceof Uint16Array) {
    throw new GlamError("tile-bit-depth", "JPEG tiles have 8 bits; send images of more bits as PNG.");
  }
  return { bytes: encodeGreyJpeg({ height, width, pixels }, JPEG_QUALITY), type: "image/jpeg" };
}
