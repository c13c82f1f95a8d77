/**
 * @module
 * The deflated transfer syntax, with a limit on what a small file may become.
 */
import { Inflate } from "fflate";
import { concatenate } from "../../bytes/concatenate.ts";
import { notSupported, unreadable } from "./problems.ts";

/** Compressed bytes that are looked at before the limit is checked again: fflate can make 1032 bytes of one. */
const STEP = 16 * 1024;

/** @throws GlamError `dicom-unreadable` when the stream is damaged, `dicom-not-supported` beyond `limit` bytes */
export function inflateDataSet(deflated: Uint8Array, limit: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let total = 0;
  let finished = false;
  const inflate = new Inflate((part, final) => {
    parts.push(part);
    total += part.length;
    finished ||= final;
  });
  try {
    for (let start = 0; start < deflated.length && !finished; start += STEP) {
      inflate.push(deflated.subarray(start, start + STEP), start + STEP >= deflated.length);
      if (total > limit) throw notSupported(`The DICOM file inflates to more than ${limit} bytes.`);
    }
  } catch (cause) {
    if (total > limit) throw cause;
    throw unreadable("The DICOM file is cut off or damaged: its deflated data set cannot be inflated.", cause);
  }
  return concatenate(parts);
}
