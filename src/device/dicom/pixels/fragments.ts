/**
 * @module
 * Encapsulated pixel data (PS3.5 A.4): the fragments of the only frame.
 */
import { concatenate } from "../../../bytes/concatenate.ts";
import { unreadable } from "../problems.ts";

const ITEM = 0xe000fffe;
const SEQUENCE_END = 0xe0ddfffe;

/** Far more fragments than real files have; each costs memory. */
const MAX_FRAGMENTS = 100_000;

/**
 * The frame's bytes, fragments joined. The offset table is not needed for one frame.
 * @param bytes the file, little endian
 * @param offset where the value of the pixel data begins
 * @throws GlamError `dicom-unreadable`
 */
export function joinFragments(bytes: Uint8Array, offset: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fragments: Uint8Array[] = [];
  let position = offset;
  for (let index = 0; index <= MAX_FRAGMENTS; index++) {
    if (position + 8 > bytes.length) throw unreadable("The DICOM file is cut off: it ends within the pixel data.");
    const item = view.getUint32(position, true);
    const length = view.getUint32(position + 4, true);
    if (item === SEQUENCE_END) {
      if (fragments.length === 0) throw unreadable("The DICOM file's pixel data are empty.");
      return fragments.length === 1 ? fragments[0] : concatenate(fragments);
    }
    if (item !== ITEM) throw unreadable("The DICOM file is damaged: its pixel data have no item where one must be.");
    const start = position + 8;
    if (start + length > bytes.length) throw unreadable("The DICOM file is cut off: it ends within the pixel data.");
    if (index > 0) fragments.push(bytes.subarray(start, start + length));
    position = start + length;
  }
  throw unreadable(`The DICOM file's pixel data have more than ${MAX_FRAGMENTS} fragments.`);
}
