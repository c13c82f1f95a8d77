/**
 * @module
 * The JPEG frame header (T.81, B.2.2).
 */
import type { Size } from "../../glam/spec.ts";
import { damaged, type Place, unsupported } from "../header-checks.ts";
import { marker, type Segment } from "./segments.ts";

/** One component: its name in scan headers, and its sampling factors. */
export type Component = { id: number; h: number; v: number };

/** What the scans must agree with. A height of 0 is told by a DNL segment behind the first scan. */
export type Frame = Size & { progressive: boolean; precision: number; components: Component[] };

/** Whether a segment is a frame header of any JPEG process (SOF0 to SOF15). */
export const isFrame = (code: number): boolean =>
  code >= marker.sof0 && code <= 0xcf && code !== marker.dht && code !== marker.jpg && code !== marker.dac;

/**
 * Reads the header of a frame that is coded by Huffman, sequential or progressive.
 * @throws GlamError `unsupported-media-type` (lossless, arithmetic, hierarchical), `tile-damaged`
 */
export function readFrame({ marker: code, payload }: Segment, at: Place): Frame {
  if (code > marker.sof2) {
    throw unsupported(
      at,
      "The JPEG is lossless, arithmetic or hierarchical; only Huffman-coded baseline and progressive are read.",
    );
  }
  const count = payload[5];
  if (payload.length < 6 || payload.length !== 6 + 3 * count) throw damaged(at, "The JPEG frame header is damaged.");
  const components = Array.from({ length: count }, (_, i) => {
    const [id, sampling] = payload.subarray(6 + 3 * i);
    return { id, h: sampling >> 4, v: sampling & 15 };
  });
  const sound = ({ h, v }: Component) => h >= 1 && h <= 4 && v >= 1 && v <= 4;
  if (count === 0 || !components.every(sound) || new Set(components.map(({ id }) => id)).size < count) {
    throw damaged(at, "The JPEG frame header is damaged.");
  }
  return {
    progressive: code === marker.sof2,
    precision: payload[0],
    height: (payload[1] << 8) | payload[2],
    width: (payload[3] << 8) | payload[4],
    components,
  };
}
