/**
 * @module
 * The marker segments of a JPEG stream (ITU-T T.81, annex B), read strictly: what a tolerant parser would skip is an
 * error here, so that this reader and the decoder cannot see two different images in the same bytes.
 */
import { damaged, type Place } from "../header-checks.ts";

/** Most segments. An image has about ten, and some of metadata; a file of tables alone must not keep the decoder busy. */
const maxSegments = 512;

/** One segment; `end` of a scan lies behind its entropy-coded data. Offsets into the file; `start` is the marker's 0xff. */
export type Segment = { marker: number; start: number; payload: Uint8Array; end: number };

/** Markers used here. */
export const marker = {
  sof0: 0xc0,
  sof1: 0xc1,
  sof2: 0xc2,
  dht: 0xc4,
  jpg: 0xc8,
  dac: 0xcc,
  rst0: 0xd0,
  rst7: 0xd7,
  soi: 0xd8,
  eoi: 0xd9,
  sos: 0xda,
  dqt: 0xdb,
  dnl: 0xdc,
  dri: 0xdd,
  app0: 0xe0,
  app15: 0xef,
  com: 0xfe,
} as const;

/** Where the entropy-coded data that begins at `offset` ends: at the next marker that is no restart. */
function entropyEnd(bytes: Uint8Array, offset: number): number {
  let i = bytes.indexOf(0xff, offset);
  while (i >= 0 && i + 1 < bytes.length) {
    const end = i;
    // Fill bytes, before a restart or before the marker that ends the scan.
    while (bytes[i + 1] === 0xff) i++;
    const next = bytes[i + 1];
    if (next !== 0 && (next < marker.rst0 || next > marker.rst7)) return i + 1 < bytes.length ? end : -1;
    i = bytes.indexOf(0xff, i + 2);
  }
  return -1;
}

/**
 * Yields the segments between SOI and EOI. What follows EOI is not looked at.
 * @throws GlamError `tile-damaged` when a segment reaches past the end, no marker stands where one must, or EOI is missing
 */
export function* segments(bytes: Uint8Array, at: Place): Generator<Segment> {
  let offset = 2;
  for (let count = 0; offset + 1 < bytes.length; count++) {
    if (count === maxSegments) throw damaged(at, `The JPEG has more than ${maxSegments} segments.`);
    if (bytes[offset] !== 0xff) throw damaged(at, "There is no JPEG marker where one must be.");
    // T.81 B.1.1.2: any marker may be preceded by fill bytes 0xff.
    while (bytes[offset + 1] === 0xff) offset++;
    const start = offset;
    const code = bytes[offset + 1];
    offset += 2;
    if (code === marker.eoi) return;
    if (code < 0xc0 || (code >= marker.rst0 && code <= marker.soi)) {
      throw damaged(at, "The JPEG has a marker in the wrong place.");
    }
    const length = (bytes[offset] << 8) | bytes[offset + 1];
    if (!(length >= 2) || offset + length > bytes.length) throw damaged(at, "The JPEG ends inside a segment.");
    const payload = bytes.subarray(offset + 2, offset + length);
    const end = code === marker.sos ? entropyEnd(bytes, offset + length) : offset + length;
    if (end < 0) throw damaged(at, "The JPEG ends inside a scan.");
    yield { marker: code, start, payload, end };
    offset = end;
  }
  throw damaged(at, "The JPEG has no end marker.");
}
