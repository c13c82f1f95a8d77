/**
 * @module
 * Byte strings, one after the other.
 */

/** @example concatenate([Uint8Array.of(1), Uint8Array.of(2, 3)]); // 1, 2, 3 */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** The same for byte strings that come one by one. */
export async function collectBytes(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const collected: Uint8Array[] = [];
  for await (const part of parts) collected.push(part);
  return concatenate(collected);
}
