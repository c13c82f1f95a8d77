/**
 * @module
 * Which scans a JPEG may have (T.81, annex G): every bit of every coefficient exactly once. That finds progressive files that
 * were cut between two scans, and bounds the work, because a scan of a few bytes can make the decoder walk the whole image.
 */
import { damaged, type Place } from "../header-checks.ts";
import type { Frame } from "./frame.ts";

/** For each component: libjpeg writes 6 scans for a grey progressive file, mozjpeg up to about 10. */
const maxScans = 24;

/** Takes scan headers in file order, each with how many components it has; `finish` says whether the image is complete. */
export type ScanLedger = { add(header: Uint8Array): void; finish(): void };

/** @throws GlamError `tile-damaged` from `add` and `finish` */
export function createScanLedger(frame: Frame, at: Place): ScanLedger {
  /** Lowest bit so far of each zigzag coefficient; -1 before its first scan. */
  const lowest = new Map(frame.components.map(({ id }) => [id, new Int8Array(64).fill(-1)]));
  const most = maxScans * frame.components.length;
  let scans = 0;

  function add(header: Uint8Array): void {
    const count = header[0];
    if (count < 1 || count > 4 || header.length !== 4 + 2 * count) throw damaged(at, "A JPEG scan header is damaged.");
    const chosen = Array.from({ length: count }, (_, i) => header[1 + 2 * i]);
    scans++;
    if (scans > most) throw damaged(at, `The JPEG has more than ${most} scans.`);
    const spectral = header.subarray(1 + 2 * count);
    if (new Set(chosen).size < count) throw damaged(at, "A JPEG scan header is damaged.");
    for (const id of chosen) {
      const bits = lowest.get(id);
      if (!bits) throw damaged(at, "A JPEG scan header is damaged.");
      if (frame.progressive) addProgressive(bits, spectral, count);
      else if (bits[0] === 0) throw damaged(at, "The baseline JPEG has more than one scan of a component.");
      else bits.fill(0);
    }
  }

  function addProgressive(bits: Int8Array, [first, last, approximation]: Uint8Array, count: number): void {
    const [high, low] = [approximation >> 4, approximation & 15];
    const ordered = first === 0 ? last === 0 : first <= last && last < 64 && bits[0] >= 0 && count === 1;
    if (!ordered || low > 13) throw damaged(at, "A JPEG scan header is damaged.");
    for (let k = first; k <= last; k++) {
      const fits = high === 0 ? bits[k] < 0 : bits[k] === high && low === high - 1;
      if (!fits) throw damaged(at, "The scans of the progressive JPEG do not follow each other.");
      bits[k] = low;
    }
  }

  function finish(): void {
    const complete = [...lowest.values()].every((bits) => bits.every((bit) => bit === 0));
    if (!complete) throw damaged(at, "The JPEG ends before its last scan.");
  }

  return { add, finish };
}
