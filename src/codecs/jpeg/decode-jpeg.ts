/**
 * @module
 * A grey 8-bit JPEG tile, baseline or progressive, decoded by jpeg-js behind a strict reading of its segments.
 */
import { decode } from "jpeg-js";
import { concatenate } from "../../bytes/concatenate.ts";
import type { Size } from "../../glam/spec.ts";
import type { DecodedTile } from "../decoded-tile.ts";
import { damaged } from "../header-checks.ts";
import { isFrame, readFrame } from "./frame.ts";
import { createScanLedger, type ScanLedger } from "./scans.ts";
import { marker, segments } from "./segments.ts";
import { checkTables } from "./tables.ts";

/** Bytes that jpeg-js accounts for a pixel: coefficients 4, lines 1, grey 1, RGB 3. */
const bytesPerPixel = 9;

/**
 * Copies what a grey image needs and nothing else: application data and comments (which may name a patient) end here.
 * @returns the parts of a JPEG of tables, one frame and its scans, and the restart intervals it declares (in blocks)
 */
function essentials(bytes: Uint8Array, expected: Size, at: string): { parts: Uint8Array[]; intervals: number[] } {
  const parts: Uint8Array[] = [Uint8Array.of(0xff, marker.soi)];
  const intervals: number[] = [];
  let ledger: ScanLedger | undefined;
  for (const segment of segments(bytes, at)) {
    const { marker: code, payload } = segment;
    if ((code >= marker.app0 && code <= marker.app15) || code === marker.com) continue;
    const part = bytes.slice(segment.start, segment.end);
    if (isFrame(code)) {
      if (ledger) throw damaged(at, "The JPEG has more than one frame.");
      ledger = createScanLedger(readFrame(segment, expected, at), at);
      // The sampling factors of a single component mean nothing (T.81, A.2.2), but jpeg-js pads by them.
      part[11] = 0x11;
    } else if (code === marker.sos) {
      if (!ledger) throw damaged(at, "The JPEG has a scan before its frame.");
      ledger.add(payload);
    } else if (code === marker.dri) {
      if (payload.length !== 2) throw damaged(at, "The JPEG's restart interval is damaged.");
      intervals.push((payload[0] << 8) | payload[1]);
    } else if (code === marker.dqt || code === marker.dht) {
      checkTables(segment, at);
    } else {
      throw damaged(at, "The JPEG has a segment that a grey image has no use for.");
    }
    parts.push(part);
  }
  if (!ledger) throw damaged(at, "The JPEG has no frame.");
  ledger.finish();
  parts.push(Uint8Array.of(0xff, marker.eoi));
  return { parts, intervals };
}

/** Reads all segments and decodes nothing. @throws GlamError as {@link decodeTile} does */
export const inspectJpeg = (bytes: Uint8Array, expected: Size, at: string): void =>
  void essentials(bytes, expected, at);

/** @throws GlamError as {@link decodeTile} does */
export function decodeJpeg(bytes: Uint8Array, expected: Size, at: string): DecodedTile {
  const { parts, intervals } = essentials(bytes, expected, at);
  const { height, width } = expected;
  const blocks = Math.ceil(height / 8) * Math.ceil(width / 8);
  let rgb: Uint8Array;
  try {
    rgb = decode(concatenate(parts), {
      useTArray: true,
      formatAsRGBA: false,
      // jpeg-js reads on past the last block when the restart interval does not divide the number of blocks, which is
      // legal; only its tolerant mode stops there, and that is all its tolerant mode does.
      tolerantDecoding: intervals.some((interval) => interval > 0 && blocks % interval !== 0),
      maxResolutionInMP: (height * width + 1) / 1e6,
      maxMemoryUsageInMB: (blocks * 64 * bytesPerPixel) / 2 ** 20 + 1,
    }).data;
  } catch (cause) {
    throw damaged(at, "The JPEG's image data are truncated or damaged.", cause);
  }
  const pixels = new Uint8Array(height * width);
  // jpeg-js writes a grey image three times over.
  for (let i = 0; i < pixels.length; i++) pixels[i] = rgb[3 * i];
  return { height, width, bits: 8, pixels };
}
