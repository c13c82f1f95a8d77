/**
 * @module
 * The JPEG frame header: the only kinds that a grey 8-bit tile may have.
 */
import { GlamError } from "../../glam/problem.ts";
import type { Size } from "../../glam/spec.ts";
import { checkTileSize, damaged } from "../header-checks.ts";
import { marker, type Segment } from "./segments.ts";

/** What the scans must agree with. */
export type Frame = { progressive: boolean; component: number };

/** Whether a segment is a frame header of any JPEG process (SOF0 to SOF15). */
export const isFrame = (code: number): boolean =>
  code >= marker.sof0 && code <= 0xcf && code !== marker.dht && code !== marker.jpg && code !== marker.dac;

/**
 * Checks a frame header against the expected tile.
 * @throws GlamError `unsupported-media-type` (lossless, arithmetic, hierarchical), `tile-bit-depth`, `tile-not-grey`, `tile-wrong-size`, `tile-damaged`
 */
export function readFrame(segment: Segment, expected: Size, at: string): Frame {
  const { payload } = segment;
  if (segment.marker > marker.sof2) {
    const detail =
      "The JPEG is lossless, arithmetic or hierarchical; only Huffman-coded baseline and progressive are read.";
    throw new GlamError("unsupported-media-type", detail, { at });
  }
  const components = payload[5];
  if (payload.length < 6 || payload.length !== 6 + 3 * components)
    throw damaged(at, "The JPEG frame header is damaged.");
  // The size goes first: a frame that lies about its size is the dangerous one.
  checkTileSize({ height: (payload[1] << 8) | payload[2], width: (payload[3] << 8) | payload[4] }, expected, at);
  if (components !== 1) {
    const detail = `The JPEG has ${components} colour components; a tile has one, grey.`;
    throw new GlamError("tile-not-grey", detail, { at });
  }
  if (payload[0] !== 8) {
    const detail = `The JPEG has ${payload[0]} bits a sample; JPEG tiles have 8. Send deeper pixels as 16-bit PNG.`;
    throw new GlamError("tile-bit-depth", detail, { at });
  }
  const [h, v] = [payload[7] >> 4, payload[7] & 15];
  if (h < 1 || h > 4 || v < 1 || v > 4) throw damaged(at, "The JPEG frame header is damaged.");
  return { progressive: segment.marker === marker.sof2, component: payload[6] };
}
