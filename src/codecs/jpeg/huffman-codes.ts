/**
 * @module
 * Tables of Huffman codes as a JPEG stream has them (ITU-T T.81, B.2.4.2).
 */

/** How many codes have 1 to 16 bits, and their symbols in order. */
export type HuffmanCodes = { counts: Uint8Array; symbols: Uint8Array };

/**
 * Reads the tables of a DHT segment.
 * @param payload the segment behind its length
 * @param codes gets them, by class << 4 | number
 */
export function readHuffmanCodes(payload: Uint8Array, codes: Map<number, HuffmanCodes>): void {
  for (let at = 0; at < payload.length; ) {
    const counts = payload.subarray(at + 1, at + 17);
    const end = at + 17 + counts.reduce((sum, count) => sum + count, 0);
    codes.set(payload[at], { counts, symbols: payload.subarray(at + 17, end) });
    at = end;
  }
}
