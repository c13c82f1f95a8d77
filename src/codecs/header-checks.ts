/**
 * @module
 * What both formats check before anything is decoded.
 */
import { GlamError } from "../glam/problem.ts";
import type { Size } from "../glam/spec.ts";

/** The tile that is read, e.g. `tile-0-1`; undefined for an image file. */
export type Place = string | undefined;

const placed = (at: Place): { at?: string } => (at === undefined ? {} : { at });

/** @throws GlamError `tile-wrong-size` */
export function checkTileSize(found: Size, expected: Size, at: Place): void {
  if (found.height === expected.height && found.width === expected.width) return;
  const detail = `The tile is ${found.height} x ${found.width} pixels (height x width); its place in the grid needs ${expected.height} x ${expected.width}.`;
  throw new GlamError("tile-wrong-size", detail, placed(at));
}

/** A truncated or inconsistent file. */
export const damaged = (at: Place, what: string, cause?: unknown): GlamError =>
  new GlamError("tile-damaged", at === undefined ? what : `${what} Encode the tile again and send it whole.`, {
    ...placed(at),
    cause,
  });

/** A valid file of an unsupported kind. */
export const unsupported = (at: Place, what: string): GlamError =>
  new GlamError("unsupported-media-type", what, placed(at));
