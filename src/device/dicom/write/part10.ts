/**
 * @module
 * DICOM files (PS3.10): preamble, file meta information, data set.
 */
import { concatenate } from "../../../bytes/concatenate.ts";
import { PREAMBLE } from "../is-dicom.ts";
import { type DataSet, dataSet, encodeDataSet } from "./data-set.ts";

const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";

/** Names this implementation; made once from a random UUID. */
const IMPLEMENTATION_UID = "2.25.208301184723519871026534411980635727204";

/** @returns file bytes, explicit little endian */
export function encodePart10(elements: DataSet, sopClassUid: string, sopInstanceUid: string): Uint8Array<ArrayBuffer> {
  const meta = encodeDataSet(
    dataSet(
      [0x00020001, "OB", Uint8Array.of(0, 1)],
      [0x00020002, "UI", sopClassUid],
      [0x00020003, "UI", sopInstanceUid],
      [0x00020010, "UI", EXPLICIT_LITTLE_ENDIAN],
      [0x00020012, "UI", IMPLEMENTATION_UID],
      [0x00020013, "SH", "GLAM_EDGE"],
    ),
  );
  const length = encodeDataSet(dataSet([0x00020000, "UL", [meta.length]]));
  const letters = Uint8Array.of(0x44, 0x49, 0x43, 0x4d);
  return concatenate([new Uint8Array(PREAMBLE), letters, length, meta, encodeDataSet(elements)]);
}
