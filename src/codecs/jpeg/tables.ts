/**
 * @module
 * Lengths of JPEG tables (T.81, B.2.4): a table that reads past its own segment would be read differently by others.
 */
import { damaged, type Place } from "../header-checks.ts";
import { marker, type Segment } from "./segments.ts";

/** Bytes of the quantisation table that begins at `offset`. */
const quantisationLength = (payload: Uint8Array, offset: number): number =>
  payload[offset] >> 4 === 0 ? 65 : payload[offset] >> 4 === 1 ? 129 : 0;

/** Bytes of the Huffman table that begins at `offset`: class and id, 16 counts, one value a code. */
function huffmanLength(payload: Uint8Array, offset: number): number {
  const counts = payload.subarray(offset + 1, offset + 17);
  const codes = counts.reduce((sum, count) => sum + count, 0);
  return counts.length === 16 && payload[offset] >> 4 <= 1 && codes <= 256 ? 17 + codes : 0;
}

/**
 * Checks that a DQT or DHT segment is exactly filled by tables 0 to 3.
 * @throws GlamError `tile-damaged`
 */
export function checkTables({ marker: code, payload }: Segment, at: Place): void {
  const tableLength = code === marker.dqt ? quantisationLength : huffmanLength;
  let offset = 0;
  while (offset < payload.length) {
    const length = tableLength(payload, offset);
    if (length === 0 || (payload[offset] & 15) > 3) throw damaged(at, "A table of the JPEG is damaged.");
    offset += length;
  }
  if (offset !== payload.length) throw damaged(at, "A table of the JPEG is damaged.");
}
