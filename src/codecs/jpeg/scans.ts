/**
 * @module
 * Which scans a grey JPEG may have (T.81, annex G): every bit of every coefficient exactly once. That finds progressive
 * files that were cut between two scans, and bounds the work, because a scan of a few bytes can make the decoder walk the
 * whole image.
 */
import { damaged } from "../header-checks.ts";
import type { Frame } from "./frame.ts";

/** libjpeg writes 6 scans for a grey progressive file, mozjpeg up to about 10. */
const maxScans = 24;

/** Takes scan headers in file order; `finish` says whether the image is complete. */
export type ScanLedger = { add(header: Uint8Array): void; finish(): void };

/** @throws GlamError `tile-damaged` from `add` and `finish` */
export function createScanLedger(frame: Frame, at: string): ScanLedger {
  /** Lowest bit so far of each zigzag coefficient; -1 before its first scan. */
  const lowest = new Int8Array(64).fill(-1);
  let scans = 0;

  function add(header: Uint8Array): void {
    const [count, component, , first, last, approximation] = header;
    if (header.length !== 6 || count !== 1 || component !== frame.component) {
      throw damaged(at, "A JPEG scan header is damaged.");
    }
    scans++;
    if (scans > maxScans) throw damaged(at, `The JPEG has more than ${maxScans} scans.`);
    if (!frame.progressive) {
      if (scans > 1) throw damaged(at, "The baseline JPEG has more than one scan.");
      lowest.fill(0);
      return;
    }
    const [high, low] = [approximation >> 4, approximation & 15];
    const ordered = first === 0 ? last === 0 : first <= last && last < 64 && lowest[0] >= 0;
    if (!ordered || low > 13) throw damaged(at, "A JPEG scan header is damaged.");
    for (let k = first; k <= last; k++) {
      const fits = high === 0 ? lowest[k] < 0 : lowest[k] === high && low === high - 1;
      if (!fits) throw damaged(at, "The scans of the progressive JPEG do not follow each other.");
      lowest[k] = low;
    }
  }

  function finish(): void {
    if (lowest.some((bit) => bit !== 0)) throw damaged(at, "The JPEG ends before its last scan.");
  }

  return { add, finish };
}
