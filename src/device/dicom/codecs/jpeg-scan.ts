/**
 * @module
 * A grey JPEG with one scan, taken apart: what the lossless and the 12-bit process need. Every segment is read strictly.
 */

import { type HuffmanCodes, readHuffmanCodes } from "../../../codecs/jpeg/huffman-codes.ts";
import { checkRestarts } from "../../../codecs/jpeg/restarts.ts";
import { marker, segments } from "../../../codecs/jpeg/segments.ts";
import { checkTables } from "../../../codecs/jpeg/tables.ts";
import { zigzag } from "../../../codecs/jpeg/zigzag.ts";
import { GlamError } from "../../../glam/problem.ts";
import type { Size } from "../../../glam/spec.ts";
import { unreadable } from "../problems.ts";
import { type HuffmanTable, huffmanTable } from "./bit-reader.ts";
import { readFrameHeader } from "./frame-header.ts";

export type JpegScan = Size & {
  /** Second byte of SOFn. */
  frame: number;
  precision: number;
  dc: HuffmanTable;
  /** Undefined in lossless streams. */
  ac: HuffmanTable | undefined;
  /** Row-major; undefined in lossless streams. */
  quantisation: Uint16Array | undefined;
  /** Samples or blocks between restarts; 0 for none. */
  restartInterval: number;
  /** Ss, Se, Ah << 4 | Al of the scan header. */
  spectral: [number, number, number];
  /** Entropy-coded data between restarts, without stuffed bytes. */
  intervals: Uint8Array[];
};

const SOF3 = 0xc3;

/** @throws GlamError `dicom-unreadable`, `dicom-not-supported` */
export function readJpegScan(bytes: Uint8Array, expected: Size): JpegScan {
  const { marker: frame, precision, height, width } = readFrameHeader(bytes, expected);
  const codes = new Map<number, HuffmanCodes>();
  const quantisations = new Map<number, Uint16Array>();
  let component = -1;
  let quantiser = -1;
  let restartInterval = 0;
  let lines = height;
  let data: Uint8Array = new Uint8Array(0);
  let scan: Pick<JpegScan, "dc" | "ac" | "spectral" | "intervals"> | undefined;
  try {
    for (const segment of segments(bytes, undefined)) {
      const { marker: code, payload } = segment;
      if (code === frame) [component, quantiser] = [payload[6], payload[8]];
      else if (code === marker.dht || code === marker.dqt) {
        checkTables(segment, undefined);
        if (code === marker.dht) readHuffmanCodes(payload, codes);
        else readQuantisation(payload, quantisations);
      } else if (code === marker.dnl) lines = (payload[0] << 8) | payload[1];
      else if (code === marker.dri) restartInterval = (payload[0] << 8) | payload[1];
      else if (code === marker.sos) {
        const [components, selected, selectors, start, end, approximation] = payload;
        const dc = codes.get(selectors >> 4);
        if (
          scan !== undefined ||
          components !== 1 ||
          selected !== component ||
          payload.length !== 6 ||
          dc === undefined
        ) {
          throw unreadable("The JPEG stream in the pixel data is damaged: it is not one grey scan.");
        }
        data = bytes.subarray(segment.start + 4 + payload.length, segment.end);
        const ac = codes.get(0x10 | (selectors & 15));
        scan = {
          dc: huffmanTable(dc),
          ac: ac && huffmanTable(ac),
          spectral: [start, end, approximation],
          intervals: splitAtRestarts(data),
        };
      }
    }
    // Lossless streams count samples, others blocks (T.81 H.1.1, A.2.2).
    const units = frame === SOF3 ? lines * width : Math.ceil(lines / 8) * Math.ceil(width / 8);
    if (scan) checkRestarts(data, units, restartInterval, undefined);
  } catch (cause) {
    if (cause instanceof GlamError && cause.code.startsWith("dicom")) throw cause;
    throw unreadable("The JPEG stream in the pixel data is cut off or damaged.", cause);
  }
  if (scan === undefined) throw unreadable("The JPEG stream in the pixel data has no scan.");
  if (lines !== expected.height) throw unreadable("The JPEG stream has another height than the DICOM header says.");
  return {
    ...scan,
    frame,
    precision,
    height: lines,
    width,
    restartInterval,
    quantisation: quantisations.get(quantiser),
  };
}

/** DQT: tables of bytes or words in zigzag order. */
function readQuantisation(payload: Uint8Array, tables: Map<number, Uint16Array>): void {
  for (let at = 0; at < payload.length; ) {
    const bytes = payload[at] >> 4 === 0 ? 1 : 2;
    const end = at + 1 + 64 * bytes;
    const table = new Uint16Array(64);
    for (let k = 0; k < 64; k++) {
      const from = at + 1 + k * bytes;
      table[zigzag[k]] = bytes === 1 ? payload[from] : (payload[from] << 8) | payload[from + 1];
    }
    tables.set(payload[at] & 15, table);
    at = end;
  }
}

/** Cuts at restart markers and drops the 0 that is stuffed after each 0xff. */
function splitAtRestarts(data: Uint8Array): Uint8Array[] {
  const clean = new Uint8Array(data.length);
  const intervals: Uint8Array[] = [];
  let [start, length] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    clean[length++] = data[i];
    if (data[i] !== 0xff) continue;
    // Fill bytes may stand before a restart (T.81 B.1.1.2).
    while (data[i + 1] === 0xff) i++;
    i++;
    if (data[i] === 0) continue;
    // A restart: the 0xff was not data.
    length--;
    intervals.push(clean.subarray(start, length));
    start = length;
  }
  intervals.push(clean.subarray(start, length));
  return intervals;
}
