/**
 * @module
 * What both formats check in a tile's header before anything is decoded.
 */
import { GlamError } from "../glam/problem.ts";
import type { Size } from "../glam/spec.ts";

/** @throws GlamError `tile-wrong-size` */
export function checkTileSize(found: Size, expected: Size, at: string): void {
  if (found.height === expected.height && found.width === expected.width) return;
  const detail = `The tile is ${found.height} x ${found.width} pixels (height x width); its place in the grid needs ${expected.height} x ${expected.width}.`;
  throw new GlamError("tile-wrong-size", detail, { at });
}

/** A truncated or inconsistent file. */
export const damaged = (at: string, what: string, cause?: unknown): GlamError =>
  new GlamError("tile-damaged", `${what} Encode the tile again and send it whole.`, { at, cause });
