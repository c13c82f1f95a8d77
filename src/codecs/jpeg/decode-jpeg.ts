/**
 * @module
 * JPEG of 8 bits, baseline or progressive, behind a strict reading of its segments: decoded by jpeg-js, and to the same pixels by
 * a faster reader where it is of the usual kind.
 */
import decode from "jpeg-js/lib/decoder.js";
import { concatenate } from "../../bytes/concatenate.ts";
import { GlamError } from "../../glam/problem.ts";
import type { Size } from "../../glam/spec.ts";
import type { DecodedTile } from "../decoded-tile.ts";
import { checkTileSize, damaged, type Place, unsupported } from "../header-checks.ts";
import { type Orientation, turned, turnedSize } from "../orientation.ts";
import { decodeBaselineGrey } from "./baseline-grey.ts";
import type { Component, Frame } from "./frame.ts";
import { type Jpeg, readJpeg } from "./read-jpeg.ts";
import { blocksOf, groupsOf, type Scan, unitsOf } from "./restarts.ts";

/** Refuses what is not a tile. The size is checked first: a false one would make the decoder allocate too much. */
function acceptTile(frame: Frame, orientation: Orientation, expected: Size, at: string): void {
  checkTileSize(turnedSize(frame, orientation), expected, at);
  if (frame.components.length !== 1) {
    const detail = `The JPEG has ${frame.components.length} colour components; a tile has one, grey.`;
    throw new GlamError("tile-not-grey", detail, { at });
  }
  if (frame.precision !== 8) {
    const detail = `The JPEG has ${frame.precision} bits a sample; JPEG tiles have 8. Send deeper pixels as 16-bit PNG.`;
    throw new GlamError("tile-bit-depth", detail, { at });
  }
}

const readTile = (bytes: Uint8Array, expected: Size, at: string): Jpeg =>
  readJpeg(bytes, at, (frame, orientation) => acceptTile(frame, orientation, expected, at));

/** Reads all segments and decodes nothing. @throws GlamError as {@link decodeTile} does */
export const inspectJpeg = (bytes: Uint8Array, expected: Size, at: string): void => void readTile(bytes, expected, at);

/** @throws GlamError as {@link decodeTile} does */
export function decodeJpeg(bytes: Uint8Array, expected: Size, at: string): DecodedTile {
  const jpeg = readTile(bytes, expected, at);
  const { height, width } = jpeg;
  return turned({ height, width, bits: 8 as const, pixels: decodeGrey(jpeg, at) }, jpeg.orientation);
}

/**
 * The pixels of a JPEG of one component, `[height, width]`, not turned.
 * @throws GlamError `tile-damaged`
 */
export function decodeGrey(jpeg: Jpeg, at: Place): Uint8Array {
  const usual = decodeBaselineGrey(jpeg);
  if (usual) return usual;
  const rgb = decodeRgb(jpeg, at);
  const pixels = new Uint8Array(jpeg.height * jpeg.width);
  // jpeg-js writes a grey image three times over.
  for (let i = 0; i < pixels.length; i++) pixels[i] = rgb[3 * i];
  return pixels;
}

/**
 * The pixels of a JPEG of one or three components, `[height, width, 3]`, not turned.
 * @throws GlamError `tile-damaged`; `unsupported-media-type` for restart intervals that the decoder reads past
 */
export function decodeRgb(jpeg: Jpeg, at: Place): Uint8Array {
  const { height, width } = jpeg;
  const overshoot = jpeg.scans.filter((scan) => overshoots(jpeg.frame, scan));
  if (overshoot.some(({ components: [component] }) => hasPaddedRows(jpeg.frame, component))) {
    const kind = "The JPEG has colour components of several sizes in scans of their own, with restart intervals";
    throw unsupported(at, `${kind}; save it as grey, or without restart intervals.`);
  }
  try {
    return decode(concatenate(jpeg.parts), {
      useTArray: true,
      formatAsRGBA: false,
      colorTransform: jpeg.colours !== "rgb",
      // Its tolerant mode stops where an overshooting scan ends, and does nothing else.
      tolerantDecoding: overshoot.length > 0,
      maxResolutionInMP: (height * width + 1) / 1e6,
      maxMemoryUsageInMB: decodingBytes(jpeg.frame) / 2 ** 20 + 1,
    }).data;
  } catch (cause) {
    throw damaged(at, "The JPEG's image data are truncated or damaged.", cause);
  }
}

/**
 * Whether jpeg-js reads on past the last block of a scan: of one component, and the restart interval does not divide the number
 * of blocks, which is legal.
 */
const overshoots = (frame: Frame, scan: Scan): boolean =>
  scan.components.length === 1 && scan.interval > 0 && unitsOf(frame, scan) % scan.interval !== 0;

/** Whether interleaved scans pad a component with rows of blocks, into which jpeg-js reads on even in its tolerant mode. */
const hasPaddedRows = (frame: Frame, component: Component): boolean =>
  frame.components.length > 1 && groupsOf(frame).rows * component.v > blocksOf(frame, component).rows;

/** Bytes that jpeg-js accounts for an image: of each component coefficients 4 and lines 1, then samples, then RGB. */
export function decodingBytes(frame: Frame): number {
  const { height, width, components } = frame;
  const one = components.length === 1;
  const { rows, columns } = one ? blocksOf(frame, components[0]) : groupsOf(frame);
  const samples = components.reduce((sum, c) => sum + 64 * rows * columns * (one ? 1 : c.h * c.v), 0);
  return samples * 5 + height * width * (components.length + 3);
}
